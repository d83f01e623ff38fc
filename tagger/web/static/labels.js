// The five labelled targets: what is assigned, changed by a click, by Space, or by a label's first letter.

import { make, roving } from "./dom.js";

const groups = [...document.querySelectorAll(".choices")];
const settle = new Map(groups.map(group => [group, roving(group, "input")]));
const inputs = group => [...group.querySelectorAll("input")];

export function showLabels(record) {
  for (const group of groups) {
    const ranking = new Map(record[group.dataset.target].map(entry => [entry.label, entry]));
    for (const entry of ranking.values())
      if (entry.assigned && !inputs(group).some(input => input.value === entry.label)) group.append(choice(group, entry.label));
    for (const input of inputs(group)) {
      const entry = ranking.get(input.value);
      input.checked = entry !== undefined && entry.assigned;
      input.parentElement.title = reasons(record, group.dataset.target, input.value);
      const likely = entry !== undefined && entry.probability >= 0.005 && entry.probability < 1;
      input.nextElementSibling.querySelector(".probability").textContent =
        likely ? `${Math.round(entry.probability * 100)}%` : "";
    }
    settle.get(group)();
  }
}

// What a label rests on, what stands in no single place of the text included.
function reasons(record, target, label) {
  const items = (record.evidence?.[target] || []).filter(item => item.label === label);
  return items.map(({ text, weight }) => `${text} ${Math.round(weight * 100)}%`).join("、");
}

// A label that only the model knows: a user's own, taken out of the casebook since.
function choice(group, label) {
  const whole = make("label", "", { class: "choice" });
  whole.append(make("input", "", { type: "checkbox", name: group.dataset.target, value: label }));
  const shown = make("span", label);
  shown.append(make("small", "", { class: "probability" }));
  whole.append(shown);
  return whole;
}

export function chosenLabels() {
  return Object.fromEntries(groups.map(group =>
    [group.dataset.target, inputs(group).filter(input => input.checked).map(input => input.value)]));
}

// The letter's next label becomes the only one; with Shift it is added, or taken away.
function choose(group, letter, adding) {
  const all = inputs(group);
  const fitting = all.filter(input => input.dataset.key === letter);
  if (!fitting.length) return;
  const next = fitting[(fitting.findIndex(input => input === document.activeElement) + 1) % fitting.length];
  if (adding) next.checked = !next.checked;
  else all.forEach(input => { input.checked = input === next; });
  next.focus();
}

for (const group of groups)
  group.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") event.target.blur();
    if (/^[a-z]$/i.test(event.key)) {
      event.preventDefault();
      event.stopPropagation(); // within a group a letter is a label, not a command
      choose(group, event.key.toLowerCase(), event.shiftKey);
    }
  });

export const headingOf = target => document.getElementById(`h-${target}`).textContent;

export function focusTarget(number) {
  const group = groups[number - 1];
  if (!group) return false;
  (inputs(group).find(input => input.checked) || inputs(group)[0]).focus();
  return true;
}
