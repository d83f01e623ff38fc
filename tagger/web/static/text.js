// The notice with its evidence marked; pointing at a mark, or reaching it with the arrows, says why.

import { at, make } from "./dom.js";

const HEADINGS = Object.fromEntries([...document.querySelectorAll(".target")].map(group =>
  [group.dataset.target, group.querySelector(".heading").textContent]));

export function showText(record) {
  // Spans count in characters; a string of JavaScript counts in UTF-16 units.
  const characters = Array.from(record.text || "这张卡片没有原文：请用 tagger batch --with-text 重新生成。");
  const reasons = Array.from(characters, () => []);
  const assigned = (target, label) => record[target]?.some(entry => entry.label === label && entry.assigned);
  const mark = (spans, reason) => {
    for (const [start, end] of spans || [])
      for (let i = start; i < Math.min(end, characters.length); i++) reasons[i].push(reason);
  };
  for (const [target, items] of Object.entries(record.evidence || {}))
    for (const { label, weight, spans } of items)
      mark(spans, { target, label, weight, runnerUp: !assigned(target, label) });
  for (const { citation, spans } of record.statutes) mark(spans, { target: "statutes", label: citation });

  const same = (a, b) => a.length === b.length && a.every((reason, i) => reason === b[i]);
  const parts = [];
  for (let start = 0; start < characters.length;) {
    let end = start + 1;
    while (end < characters.length && same(reasons[start], reasons[end])) end++;
    const piece = characters.slice(start, end).join("");
    parts.push(reasons[start].length ? marked(piece, reasons[start]) : document.createTextNode(piece));
    start = end;
  }
  hide();
  at("shown").replaceChildren(...parts);
  at("shown").scrollTop = 0;
}

const WEAK = 0.1; // of all that speaks for the label

// The strongest reason gives the colour; one that speaks for the runner-up alone is only underlined.
function marked(piece, reasons) {
  const rank = reason => (reason.runnerUp ? -1 : 0) + (reason.weight ?? 1);
  const strongest = reasons.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const element = make("mark", piece, { "data-target": strongest.target, tabindex: "-1" });
  element.classList.toggle("weak", strongest.weight < WEAK);
  element.classList.toggle("against", Boolean(strongest.runnerUp));
  element.reasons = reasons;
  return element;
}

function said({ target, label, weight, runnerUp }) {
  if (weight === undefined) return `${HEADINGS[target]}：${label}，原文引用`;
  return `${HEADINGS[target]}：${label}${runnerUp ? "（次选）" : ""}，占其依据的${Math.round(weight * 100)}%`;
}

function why(element) {
  const box = at("why");
  box.replaceChildren(...element.reasons.map(reason => make("div", said(reason))));
  box.hidden = false;
  const place = element.getBoundingClientRect();
  const left = Math.min(place.left, innerWidth - box.offsetWidth - 8);
  const below = place.bottom + 6 + box.offsetHeight < innerHeight;
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${below ? place.bottom + 6 : place.top - box.offsetHeight - 6}px`;
}

function hide() {
  at("why").hidden = true;
}

const shown = at("shown");
for (const kind of ["mouseover", "focusin", "click"])
  shown.addEventListener(kind, event => (event.target.reasons ? why(event.target) : hide()));
shown.addEventListener("mouseleave", hide);
shown.addEventListener("focusout", hide);
shown.addEventListener("scroll", hide);
shown.addEventListener("keydown", event => {
  if (event.key === "Escape") return hide();
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const marks = [...shown.querySelectorAll("mark")];
  if (!by || !marks.length) return;
  event.preventDefault();
  const place = marks.indexOf(document.activeElement);
  const next = place < 0 ? (by > 0 ? 0 : marks.length - 1) : (place + by + marks.length) % marks.length;
  marks[next].focus();
});
