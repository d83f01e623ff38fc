// The workbench's page: paste or drop, look, correct, save, go on.

import { ask, at, guarded, make, Refused, say } from "./dom.js";
import { chosenLabels, focusTarget, headingOf, showLabels } from "./labels.js";
import { showModels } from "./models.js";
import { current as markCurrent, loadMore, loadQueue, mark, neighbour, onChoose } from "./queue.js";
import { chosenStatutes, showStatutes } from "./statutes.js";
import { showText } from "./text.js";

const LONGEST = 100000; // characters, as the server has it
const LARGEST = 2500000; // bytes of a file
const MOST_FILES = 20;

let shown = null; // {card, title, version, state, facts, record}
const saved = []; // cards saved here, the last one last

// One card

function show(card) {
  shown = card;
  const { record } = card;
  at("empty").hidden = true;
  at("card").hidden = false;
  at("title").textContent = card.title;
  at("state").textContent = card.state === "saved" ? "已保存" : "";
  at("review").replaceChildren(...record.review.reasons.map(reason => make("li", reason)));
  at("checks").replaceChildren(...record.checks.map(check => make("li", check.message)));
  at("facts").replaceChildren(...card.facts.flatMap(([name, value]) => [make("dt", name), make("dd", value)]));
  at("precedents").replaceChildren(...(record.precedents || []).map(precedent));
  at("precedents-heading").hidden = !record.precedents?.length;
  showText(record);
  showLabels(record);
  showStatutes(record);
  markCurrent(card.card);
}

function precedent({ id, title, similarity, statutes, outcome }) {
  const entry = make("li", `${title || id}（${Math.round(similarity * 100)}%）`);
  entry.append(make("small", [statutes.join("、"), outcome].filter(Boolean).join("；")));
  return entry;
}

// Cards open in the order in which they were asked for.
let last = Promise.resolve();
const inTurn = action => (...given) => (last = last.then(() => guarded(action)(...given)));

const open = async card => show(await ask(`/v1/queue/${card}`));
const openInTurn = inTurn(open);
const step = inTurn(async by => {
  const next = await neighbour(by);
  if (next) await open(next);
});

// Saving and taking back; where somebody else was quicker, what they saved is shown

// A key that is pressed again meanwhile would decide a card that nobody has seen: it is passed over.
let deciding = false;
function decide(action) {
  const decided = inTurn(async () => {
    try {
      await action();
    } catch (error) {
      if (error instanceof Refused && error.status === 409) {
        await open(shown.card);
        mark(shown.card, shown);
      }
      throw error;
    } finally {
      deciding = false;
    }
  });
  return () => {
    if (deciding) return;
    deciding = true;
    decided();
  };
}

const save = decide(async () => {
  if (shown === null) return;
  const labels = chosenLabels();
  const missing = ["industry", "subject", "nature"].find(target => !labels[target].length);
  if (missing) throw new Error(`请先选${headingOf(missing)}`);
  const { card, version, title } = shown;
  const now = await ask(`/v1/queue/${card}`, "PUT", { version, fields: { ...labels, statutes: chosenStatutes() } });
  saved.push(card);
  mark(card, now);
  say(`已保存：${title}`);
  await open(await neighbour(1, true) ?? card);
});

const undo = decide(async () => {
  const card = saved.pop() ?? (shown?.state === "saved" ? shown.card : undefined);
  if (card === undefined) return say("没有可撤销的保存");
  if (shown?.card !== card) await open(card);
  show(await ask(`/v1/queue/${card}?version=${shown.version}`, "DELETE"));
  mark(card, shown);
  say(`已撤销：${shown.title}`);
});

// Pasting, choosing and dropping

async function tag(request) {
  say("正在标注……");
  const { results } = await ask("/v1/tag", "POST", { ...request, queue: true });
  return results;
}

async function tagged(results) {
  await loadQueue();
  const first = results.find(record => record.card);
  const failed = results.filter(record => record.error);
  if (first) await open(first.card);
  if (failed.length) say(`${failed.length}份没有读出：${failed[0].error.message}`, true);
  else if (results.every(record => record.notice === false)) say("这看来不是网络安全行政执法案例", true);
  else say(results.length === 1 ? "已标注" : `${results.length}张卡片`);
  if (first) at("title").focus();
}

at("paste").addEventListener("submit", guarded(async event => {
  event.preventDefault();
  const text = at("text").value;
  if (!text.trim()) return say("请先粘贴通报", true);
  if (text.length > LONGEST) throw new Error(`文本有${text.length}字，这里最多${LONGEST}字：请存成文件，用 tagger batch`);
  await tagged(await tag({ text, date: at("date").value || null }));
}));
at("text").addEventListener("keydown", event => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) at("paste").requestSubmit();
});

const takeFiles = guarded(async files => {
  if (files.length > MOST_FILES) throw new Error(`一次最多${MOST_FILES}个文件：更多请用 tagger batch`);
  const results = [];
  for (const file of files) {
    if (file.type.startsWith("image/")) throw new Error(`${file.name} 是图片，读不出文字：请粘贴其中的文字`);
    if (file.size > LARGEST) throw new Error(`${file.name} 太大：请用 tagger batch`);
    results.push(...await tag({ name: file.name, content: await base64(file), date: at("date").value || null }));
  }
  if (results.length) await tagged(results);
});

const base64 = file => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
  reader.onerror = () => failed(new Error(`${file.name} 读不了`));
  reader.readAsDataURL(file);
});

at("file").addEventListener("change", async () => {
  await takeFiles([...at("file").files]);
  at("file").value = "";
});
for (const kind of ["dragover", "dragleave", "drop"])
  document.addEventListener(kind, event => {
    event.preventDefault();
    document.body.classList.toggle("dropping", kind === "dragover");
  });
document.addEventListener("drop", event => {
  const files = [...event.dataTransfer.files];
  const text = event.dataTransfer.getData("text/plain");
  if (files.length) takeFiles(files);
  else if (text) {
    at("text").value = text;
    at("paste").requestSubmit();
  }
});

// Keys and buttons

const ONCE = "au"; // held down, these would decide one card after another
const KEYS = { a: save, u: undo, j: () => step(1), k: () => step(-1), n: () => at("text").focus() };

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.matches("textarea, input:not([type=checkbox])")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (KEYS[event.key]) {
    if (!event.repeat || !ONCE.includes(event.key)) KEYS[event.key]();
  } else if (/^[1-6]$/.test(event.key) && shown !== null) {
    if (!focusTarget(Number(event.key))) at("statute").focus();
  } else return;
  event.preventDefault();
});

at("labels").addEventListener("submit", event => {
  event.preventDefault();
  save();
});
at("undo").addEventListener("click", undo);
at("more").addEventListener("click", guarded(loadMore));
onChoose(async card => {
  await openInTurn(card);
  if (matchMedia("(max-width: 46rem)").matches) at("card").scrollIntoView(); // it is far below there
});

guarded(async () => {
  await loadQueue();
  const first = await neighbour(1);
  if (first) await open(first);
})();
showModels();
