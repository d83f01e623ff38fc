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

const VERDICTS = { worse: "更差", better: "更好", "": "" };

function comparison({ candidate, current, cases, own, no_worse: noWorse, rows, notes }) {
  const verdict = !rows.length ? "没有可比的数据" : noWorse ? "没有一项明显更差，可以启用" : "有一项明显更差";
  const parts = [make("p", `${candidate}：学了${cases}个案例，其中${own}个是您的；与 ${current} 相比，${verdict}。`)];
  parts.push(...notes.map(note => make("p", note, { class: "note" })));
  if (!rows.length) return parts;
  const table = make("table");
  const head = make("tr");
  for (const name of ["", "项目", "份数", "现用", "新模型", "差（95%区间）"]) head.append(make("th", name, { scope: "col" }));
  table.append(head);
  for (const row of rows) {
    const line = make("tr", "", row.verdict ? { class: row.verdict } : {});
    line.append(make("td", row.measured), make("th", row.name, { scope: "row" }));
    for (const value of [row.notices, row.current, row.candidate, `${row.difference} ${VERDICTS[row.verdict]}`])
      line.append(make("td", value));
    table.append(line);
  }
  const wide = make("div", "", { class: "scroll" });
  wide.append(table);
  return [...parts, wide];
}
