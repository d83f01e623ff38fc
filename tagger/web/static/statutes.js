// The articles of a card: taken away with a button, added by typing 网安 21.

import { ask, at, guarded, make, say } from "./dom.js";

const field = at("statute");
const list = at("suggestions");
let date = null;
let active = -1;
let asked = 0;

export function showStatutes(record) {
  date = record.facts.act_date || record.facts.decision_date || record.date;
  at("statutes").replaceChildren(...record.statutes.filter(s => s.assigned).map(item));
  close();
}

export const chosenStatutes = () => [...at("statutes").querySelectorAll("button")].map(button => button.value);

function item({ citation, edition, basis, gist }) {
  const entry = make("li");
  const button = make("button", `${citation} ×`, { type: "button", value: citation, "aria-label": `去掉${citation}` });
  const said = { cited: "原文引用", implied: "由引用推出", predicted: "模型推定" }[basis];
  button.title = [gist || said, edition && `${edition}起施行的版本`].filter(Boolean).join("，");
  button.classList.toggle("predicted", basis === "predicted");
  button.addEventListener("click", () => {
    entry.remove();
    field.focus();
  });
  entry.append(button);
  return entry;
}

function add(suggestion) {
  if (!chosenStatutes().includes(suggestion.citation)) at("statutes").append(item(suggestion));
  field.value = "";
  close();
}

async function suggest() {
  const typed = field.value.trim().slice(0, 60);
  const mine = ++asked;
  if (!typed) return close();
  const query = new URLSearchParams(date ? { q: typed, date } : { q: typed });
  const { statutes } = await ask(`/v1/statutes?${query}`);
  if (mine !== asked) return; // a later keystroke was answered already
  list.replaceChildren(...statutes.map((suggestion, place) => {
    const option = make("li", suggestion.citation, { role: "option", id: `suggestion-${place}` });
    option.append(make("small", suggestion.gist));
    option.suggestion = suggestion;
    option.addEventListener("mousedown", event => {
      event.preventDefault(); // the field keeps the focus
      add(suggestion);
    });
    return option;
  }));
  point(statutes.length ? 0 : -1);
}

function point(place) {
  active = place;
  [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === place)));
  list.hidden = !list.children.length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  if (place >= 0) field.setAttribute("aria-activedescendant", `suggestion-${place}`);
  else field.removeAttribute("aria-activedescendant");
}

function close() {
  asked++;
  list.replaceChildren();
  point(-1);
}

field.addEventListener("input", guarded(suggest));
field.addEventListener("focus", () => field.scrollIntoView({ block: "center" })); // room for what is suggested
field.addEventListener("blur", close);
field.addEventListener("keydown", guarded(async event => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const count = list.children.length;
  if (by && count) {
    event.preventDefault();
    point((active + by + count) % count);
  } else if (event.key === "Escape") {
    if (list.hidden) field.blur();
    close();
  } else if (event.key === "Backspace" && !field.value) {
    at("statutes").lastElementChild?.remove();
  } else if (event.key === "Enter" && field.value.trim()) {
    event.preventDefault(); // it picks an article; on an empty field it saves the card
    if (active < 0) await suggest();
    if (active >= 0) add(list.children[active].suggestion);
    else say(`没有找到“${field.value.trim()}”`, true);
  }
}));
