// The page's elements and the server. Every text enters the document as text, never as HTML.

export const at = id => document.getElementById(id);

export function make(tag, text = "", attributes = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export function say(message, wrong = false) {
  at("status").textContent = message;
  at("status").classList.toggle("wrong", wrong);
}

const SAID = {
  401: "请用终端里打印的地址重新打开本页",
  409: "这张卡片刚在别处保存过，现在显示的是那里的内容",
  413: "文本太长：请存成文件，用 tagger batch",
  429: "请求太多，请稍候再试",
};

export class Refused extends Error {
  constructor(status, message) {
    super(SAID[status] ? `${SAID[status]}（${message}）` : message);
    this.status = status;
  }
}

// The server's answer to a request; throws Refused where it says no.
export async function ask(path, method = "GET", body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer, found;
  try {
    answer = await fetch(path, options);
    found = await answer.json();
  } catch {
    throw new Error("服务没有回应：它还在运行吗？");
  }
  if (!answer.ok) throw new Refused(answer.status, found.error);
  return found;
}

// The action, with whatever goes wrong said to the person.
export const guarded = action => async (...given) => {
  try {
    return await action(...given);
  } catch (error) {
    say(error.message, true);
  }
};

// One stop for the Tab key among several elements; the arrows move between them.
export function roving(container, selector) {
  const all = () => [...container.querySelectorAll(selector)];
  const settle = chosen => all().forEach(item => { item.tabIndex = item === chosen ? 0 : -1; });
  container.addEventListener("keydown", event => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const items = all();
    const place = items.indexOf(event.target);
    if (!by || place < 0) return;
    event.preventDefault();
    items[(place + by + items.length) % items.length].focus();
  });
  container.addEventListener("focusin", event => all().includes(event.target) && settle(event.target));
  return () => settle(all().find(item => item.tabIndex === 0) || all()[0]);
}
