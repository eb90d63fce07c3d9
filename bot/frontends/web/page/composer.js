// The message field: grows, sends by Enter, suggests commands after "/", recalls what was said by the Up arrow.

import { byId, el } from "/dom.js";
import { outbox, say } from "/live.js";
import { commands, currentChat, sorted, state, word } from "/store.js";

const text = byId("text");
const list = byId("suggestions");
let chosen = 0;
let recalled = 0;
let draft = "";
const drafts = new Map();

export function startComposer() {
  byId("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  byId("slash").addEventListener("click", () => { write(list.hidden ? "/" : ""); });
  text.addEventListener("input", () => { recalled = 0; fit(); suggest(); });
  text.addEventListener("keydown", key);
  text.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== text) hide(); }, 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
}

/** The draft of this person in this chat, and the labels. */
export function drawComposer() {
  labelComposer();
  hide();
  recalled = 0;
  put(drafts.get(`${state.person}:${state.chat}`) ?? "");
}

export function labelComposer() {
  const chat = currentChat();
  text.placeholder = chat.private ? word("write") : word("write_to", { name: chat.name });
  text.setAttribute("aria-label", word("write_to", { name: chat.name }));
  byId("send").setAttribute("aria-label", word("send"));
  byId("slash").setAttribute("aria-label", word("commands"));
  list.setAttribute("aria-label", word("commands"));
}

export function write(words) {
  put(words);
  text.focus();
  suggest();
}

export function keepDraft() {
  drafts.set(`${state.person}:${state.chat}`, text.value);
}

function put(words) {
  text.value = words;
  text.setSelectionRange(words.length, words.length);
  fit();
}

function fit() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
  byId("send").classList.toggle("ready", text.value.trim() !== "");
}

function send() {
  const words = text.value.trim();
  if (!words) return text.focus();
  put("");
  hide();
  recalled = 0;
  drafts.delete(`${state.person}:${state.chat}`);
  say(words);
  text.focus();
}

function key(event) {
  if (event.isComposing) return;
  if (!list.hidden && suggesting(event)) return event.preventDefault();
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  } else if (event.key === "ArrowUp" && (text.value === "" || recalled)) {
    recall(event, 1);
  } else if (event.key === "ArrowDown" && recalled) {
    recall(event, -1);
  }
}

/** Further back, or forward again, through what this person has said in this chat. */
function recall(event, step) {
  const kept = sorted(currentChat()).filter(({ author }) => author === state.person);
  const coming = outbox.filter(({ person, chat }) => person === state.person && chat === state.chat);
  const said = [...kept, ...coming].map((message) => message.text);
  const to = recalled + step;
  if (to > said.length) return;
  event.preventDefault();
  if (recalled === 0) draft = text.value;
  recalled = to;
  put(to === 0 ? draft : said.at(-to));
}

// ── Suggestions ─────────────────────────────────────────────────────────────────────────────────────────────────────

function suggest() {
  const typed = text.value.toLowerCase();
  const found = /^\/\w*$/.test(typed) ? commands().filter(({ word: command }) => command.startsWith(typed)) : [];
  // What is typed in full comes first: "/fav" before "/favorites".
  found.sort((a, b) => (b.word === typed) - (a.word === typed));
  if (!found.length) return hide();
  list.replaceChildren(...found.map((command, index) => el("li", {
    id: `suggestion-${index}`, attrs: { role: "option" }, on: { click: () => take(command) },
  }, el("strong", { textContent: command.word }), command.arguments ? el("code", { textContent: command.arguments }) : null,
  el("span", { textContent: command.summary }))));
  list.commands = found;
  list.hidden = false;
  text.setAttribute("aria-expanded", "true");
  choose(0);
}

function choose(index) {
  chosen = (index + list.children.length) % list.children.length;
  [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
  list.children[chosen].scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", `suggestion-${chosen}`);
}

function hide() {
  list.hidden = true;
  text.setAttribute("aria-expanded", "false");
  text.removeAttribute("aria-activedescendant");
}

function suggesting(event) {
  switch (event.key) {
    case "ArrowDown": choose(chosen + 1); return true;
    case "ArrowUp": choose(chosen - 1); return true;
    case "Escape": hide(); event.stopPropagation(); return true;
    case "Tab": if (event.shiftKey) return false; // falls through
    case "Enter": if (event.shiftKey) return false; take(list.commands[chosen]); return true;
    default: return false;
  }
}

/** A command that needs nothing more is said; the others are put into the field to be gone on with. */
function take(command) {
  hide();
  if (command.arguments && !command.arguments.startsWith("[")) return write(`${command.word} `);
  put(command.word);
  send();
}
