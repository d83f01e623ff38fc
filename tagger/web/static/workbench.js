// The workbench's page: every text from a notice enters the document as text, never as HTML.
"use strict";

const at = id => document.getElementById(id);
const make = (tag, text = "", attributes = {}) => {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

let current = null; // {card, version, record}
let listed = [];
let total = 0;

function say(message, wrong = false) {
  at("status").textContent = message;
  at("status").classList.toggle("wrong", wrong);
}

async function ask(path, method = "GET", body) {
  const options = { method, headers: {} };
  if (method !== "GET") options.headers["content-type"] = "application/json";
  if (body !== undefined) options.body = JSON.stringify(body);
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("服务没有回应：它还在运行吗？");
  }
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error);
  return found;
}

const guarded = action => async (...given) => {
  try {
    await action(...given);
  } catch (error) {
    say(error.message, true);
  }
};

// The queue

const showQueue = async (more = false) => {
  const page = await ask(`/v1/queue?start=${more ? listed.length : 0}`);
  listed = more ? listed.concat(page.cards) : page.cards;
  total = page.total;
  at("open").textContent = total ? `${page.open} / ${total}` : "";
  at("more").hidden = listed.length >= total;
  at("queue").replaceChildren(...listed.map(card => {
    const item = make("li");
    const button = make("button", "", { type: "button" });
    button.append(make("span", card.title, card.state === "open" ? {} : { class: "saved" }));
    button.append(make("span", card.state === "open" ? `疑 ${card.doubt.toFixed(2)}` : "已保存", { class: "doubt" }));
    button.setAttribute("aria-current", String(current !== null && current.card === card.card));
    button.addEventListener("click", guarded(() => open(card.card)));
    item.append(button);
    return item;
  }));
};

const open = async id => {
  current = await ask(`/v1/queue/${id}`);
  showCard();
  for (const [place, card] of listed.entries())
    at("queue").children[place].firstChild.setAttribute("aria-current", String(card.card === id));
};

const step = guarded(async by => {
  const place = listed.findIndex(card => current !== null && card.card === current.card);
  const next = listed[place < 0 ? 0 : place + by];
  if (next) await open(next.card);
});

// The card

function showCard() {
  const { record } = current;
  at("empty").hidden = true;
  at("card").hidden = false;
  at("title").textContent = record.title || record.source;
  at("review").textContent = record.review.reasons.join("；");
  showText(record);
  for (const target of document.querySelectorAll(".target[data-target]")) {
    const ranking = new Map((record[target.dataset.target] || []).map(entry => [entry.label, entry]));
    for (const input of target.querySelectorAll("input[type=checkbox]")) {
      const entry = ranking.get(input.value);
      input.checked = entry !== undefined && entry.assigned;
      input.parentElement.title = entry ? `${Math.round(entry.probability * 100)}%` : "";
    }
  }
  showStatutes(record.statutes.filter(s => s.assigned).map(s => s.citation));
  at("checks").replaceChildren(...(record.checks || []).map(check => make("li", check.message)));
}

function showText(record) {
  const text = record.text || "";
  // Spans count in characters; a string of JavaScript counts in UTF-16 units.
  const characters = Array.from(text);
  const owner = new Array(characters.length);
  const paint = (target, label, spans) => spans.forEach(([start, end]) => {
    for (let i = start; i < end; i++) owner[i] ??= { target, label };
  });
  for (const [target, items] of Object.entries(record.evidence || {}))
    for (const item of items)
      paint(target, `${item.label} ${Math.round(item.weight * 100)}%`, item.spans);
  for (const statute of record.statutes || []) paint("statutes", statute.citation, statute.spans || []);
  const parts = [];
  for (let start = 0; start < characters.length;) {
    let end = start + 1;
    while (end < characters.length && owner[end] === owner[start]) end++;
    const piece = characters.slice(start, end).join("");
    parts.push(owner[start]
      ? make("mark", piece, { "data-target": owner[start].target, title: owner[start].label })
      : document.createTextNode(piece));
    start = end;
  }
  at("shown").replaceChildren(...parts);
}

function showStatutes(citations) {
  at("statutes").replaceChildren(...citations.map(citation => {
    const item = make("li");
    const button = make("button", `${citation} ×`, { type: "button", "aria-label": `去掉${citation}` });
    button.dataset.citation = citation;
    button.addEventListener("click", () => item.remove());
    item.append(button);
    return item;
  }));
}

const statutes = () => [...at("statutes").querySelectorAll("button")].map(button => button.dataset.citation);

function fields() {
  const found = { statutes: statutes() };
  for (const group of document.querySelectorAll(".choices")) {
    const inputs = [...group.querySelectorAll("input")];
    found[inputs[0].name] = inputs.filter(input => input.checked).map(input => input.value);
  }
  return found;
}

const save = guarded(async () => {
  if (current === null) return;
  const { card, version } = current;
  const saved = await ask("/v1/cases", "POST", { card, version, fields: fields() });
  say("已保存");
  current.version = saved.version;
  const place = listed.findIndex(entry => entry.card === card);
  const next = listed.slice(place + 1).find(entry => entry.state === "open");
  await showQueue();
  if (next) await open(next.card);
});

const undo = guarded(async () => {
  const { card } = await ask("/v1/cases/last", "DELETE");
  say("已撤销上次保存");
  await showQueue();
  if (card) await open(card);
});

// Typing a statute

let suggested = [];
at("statute").addEventListener("input", guarded(async () => {
  const typed = at("statute").value.trim();
  if (!typed) return;
  const exact = suggested.find(s => s.citation === typed);
  if (exact) return add(exact.citation);
  suggested = (await ask(`/v1/statutes?q=${encodeURIComponent(typed.slice(0, 60))}`)).statutes;
  at("suggestions").replaceChildren(...suggested.map(s => make("option", s.gist, { value: s.citation })));
}));
at("statute").addEventListener("keydown", event => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const typed = at("statute").value.trim();
  guarded(async () => {
    const found = (await ask(`/v1/statutes?q=${encodeURIComponent(typed.slice(0, 60))}`)).statutes;
    if (found.length) add(found[0].citation);
    else say(`没有找到“${typed}”`, true);
  })();
});
function add(citation) {
  if (!statutes().includes(citation)) showStatutes([...statutes(), citation]);
  at("statute").value = "";
  at("suggestions").replaceChildren();
}

// Pasting and dropping

at("paste").addEventListener("submit", guarded(async event => {
  event.preventDefault();
  const body = { text: at("text").value, queue: true };
  if (at("date").value) body.date = at("date").value;
  say("正在标注……");
  const { results } = await ask("/v1/tag", "POST", body);
  const card = results.find(record => record.card);
  await showQueue();
  if (card) await open(card.card);
  const other = results.filter(record => !record.notice).length;
  say(other ? "这段文字看来不是网络安全行政执法案例" : `${results.length}张卡片`);
}));
at("text").addEventListener("keydown", event => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) at("paste").requestSubmit();
});
for (const kind of ["dragover", "dragleave", "drop"])
  document.addEventListener(kind, event => {
    event.preventDefault();
    document.body.classList.toggle("dropping", kind === "dragover");
  });
document.addEventListener("drop", guarded(async event => {
  const file = event.dataTransfer.files[0];
  if (!file) return;
  if (file.size > 1000000) throw new Error("文件超过1 MB，请用 tagger batch");
  if (file.type && !file.type.startsWith("text/")) throw new Error("只能放文本文件；其他格式请用 tagger batch");
  at("text").value = await file.text();
  at("paste").requestSubmit();
}));

// The model

at("train").addEventListener("click", guarded(async () => {
  at("train").disabled = true;
  say("正在训练并比较，可能要一两分钟……");
  try {
    const found = await ask("/v1/models", "POST", {});
    showComparison(found);
    say(found.better ? "新模型不差于现用模型" : "新模型在某项上更差，未自动启用");
  } finally {
    at("train").disabled = false;
  }
}));

function showComparison(found) {
  const table = make("table");
  const head = make("tr");
  for (const name of ["项目", "现用", "新模型", "差的95%区间"]) head.append(make("th", name, { scope: "col" }));
  table.append(head);
  for (const row of found.rows) {
    const line = make("tr");
    line.append(make("th", row.name, { scope: "row" }));
    for (const value of [row.current, row.candidate, row.interval]) line.append(make("td", value));
    table.append(line);
  }
  const use = make("button", `启用 ${found.candidate}`, { type: "button", id: "use" });
  use.addEventListener("click", guarded(async () => {
    await ask(`/v1/models/${encodeURIComponent(found.candidate)}/use`, "POST", {});
    say(`现在使用 ${found.candidate}`);
  }));
  at("comparison").replaceChildren(table, use);
}

// Keys

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("textarea, input:not([type=checkbox])");
  if (typing) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const group = event.target.closest(".choices");
  if (group && /^[a-z]$/.test(event.key) && choose(group, event.key)) return event.preventDefault();
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "a") save();
  else if (event.key === "u") undo();
  else if (/^[1-6]$/.test(event.key) && current !== null) {
    const row = document.querySelectorAll(".target")[Number(event.key) - 1];
    row.querySelector(".choices, #statute").focus();
    event.preventDefault();
  }
});

// A letter moves to the next label that begins with it; a click adds one to what is chosen.
function choose(group, letter) {
  const inputs = [...group.querySelectorAll("input")];
  const fitting = inputs.filter(input => input.dataset.key === letter);
  if (!fitting.length) return false;
  const chosen = fitting.findIndex(input => input.checked);
  inputs.forEach(input => { input.checked = false; });
  fitting[(chosen + 1) % fitting.length].checked = true;
  return true;
}

at("labels").addEventListener("submit", event => { event.preventDefault(); save(); });
at("undo").addEventListener("click", () => undo());
at("more").addEventListener("click", guarded(() => showQueue(true)));
guarded(async () => {
  await showQueue();
  if (listed.length) await open(listed[0].card);
})();
