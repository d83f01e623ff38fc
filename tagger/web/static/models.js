// Training a candidate, its figures beside those of the model in use, and which model answers.

import { ask, at, guarded, make, say } from "./dom.js";

const pause = () => new Promise(done => setTimeout(done, 1000));

export const showModels = guarded(async () => {
  let found = await ask("/v1/models");
  show(found);
  while (found.training.state === "running") {
    await pause();
    found = await ask("/v1/models");
    show(found);
    if (found.training.state === "done") say("训练完成");
    if (found.training.state === "failed") say(`训练失败：${found.training.error}`, true);
  }
});

at("train").addEventListener("click", guarded(async () => {
  await ask("/v1/models", "POST", {});
  say("正在训练并比较，可能要几分钟；其间可以继续工作");
  await showModels();
}));

function show({ models, training }) {
  at("train").disabled = training.state === "running";
  at("train").textContent = training.state === "running" ? "正在训练……" : "用已保存的案例重新训练";
  at("models").replaceChildren(...models.map(model => {
    const line = make("li", `${model.name} `);
    if (model.damage) line.append(make("span", "已损坏", { class: "review" }));
    else if (model.in_use) line.append(make("strong", "现用"));
    else line.append(use(model.name));
    return line;
  }));
  at("comparison").replaceChildren(...(training.comparison ? comparison(training.comparison) : []));
}

function use(name) {
  const button = make("button", "启用", { type: "button", "aria-label": `启用 ${name}`, "data-use": name });
  button.addEventListener("click", guarded(async () => {
    await ask(`/v1/models/${encodeURIComponent(name)}/use`, "POST", {});
    say(`现在由 ${name} 标注`);
    await showModels();
  }));
  return button;
}

function comparison({ candidate, cases, no_worse: noWorse, rows }) {
  const verdict = noWorse === null ? "" : noWorse ? "，不差于现用模型" : "，有一项更差";
  const parts = [make("p", `${candidate}：用 ${cases} 个案例训练${verdict}`)];
  if (rows.length) {
    const table = make("table");
    const head = make("tr");
    for (const name of ["项目", "现用", "新模型", "差（95%区间）"]) head.append(make("th", name, { scope: "col" }));
    table.append(head);
    for (const row of rows) {
      const line = make("tr");
      line.append(make("th", row.name, { scope: "row" }));
      for (const value of [row.current, row.candidate, row.difference]) line.append(make("td", value));
      table.append(line);
    }
    parts.push(table);
  }
  return parts;
}
