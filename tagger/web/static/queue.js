// The queue: the most doubtful card first, a page of it at a time.

import { ask, at, make, roving } from "./dom.js";

let listed = [];
let total = 0;
let opened = 0;
let chosen = null;
let choose = () => {};
const settle = roving(at("queue"), "button");

export const onChoose = action => { choose = action; };

export async function loadQueue() {
  listed = [];
  await loadMore();
}

export async function loadMore() {
  const page = await ask(`/v1/queue?start=${listed.length}`);
  const known = new Set(listed.map(card => card.card));
  listed.push(...page.cards.filter(card => !known.has(card.card)));
  ({ total, open: opened } = page);
  show();
}

export function mark(card, { state, version }) {
  const found = listed.find(entry => entry.card === card);
  if (!found || found.state === state) return;
  opened += state === "open" ? 1 : -1;
  Object.assign(found, { state, version });
  show();
}

export function current(card) {
  chosen = card;
  for (const button of at("queue").querySelectorAll("button")) {
    const here = button.value === card;
    button.setAttribute("aria-current", String(here));
    button.tabIndex = here ? 0 : -1;
    if (here) button.scrollIntoView({ block: "nearest" });
  }
  settle();
}

// The card after or before the chosen one; `open` passes over those that are saved.
export async function neighbour(by, open = false) {
  for (;;) {
    const place = listed.findIndex(card => card.card === chosen);
    const rest = by > 0 ? listed.slice(place + 1) : listed.slice(0, Math.max(0, place)).reverse();
    const found = rest.find(card => !open || card.state === "open");
    if (found || by < 0 || listed.length >= total) return found?.card;
    await loadMore();
  }
}

function waiting({ state, doubt }) {
  if (state !== "open") return "已保存";
  if (doubt < 0) return "非案例";
  return doubt >= 1 ? "需复核" : `疑 ${doubt.toFixed(2)}`;
}

function show() {
  const focused = document.activeElement?.closest("#queue button")?.value;
  at("open").textContent = total ? `${opened} / ${total}` : "";
  at("more").hidden = listed.length >= total;
  at("queue").replaceChildren(...listed.map(card => {
    const entry = make("li");
    const button = make("button", "", { type: "button", value: card.card, class: card.state });
    button.append(make("span", card.title), make("span", waiting(card), { class: "doubt" }));
    button.addEventListener("click", () => choose(card.card));
    entry.append(button);
    return entry;
  }));
  current(chosen);
  if (focused) at("queue").querySelector(`button[value="${focused}"]`)?.focus();
}
