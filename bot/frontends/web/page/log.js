// The messages of the chat that is open: drawn once, then changed one by one so that nothing jumps.

import { avatar, byId, el } from "/dom.js";
import { outbox, post } from "/live.js";
import { messageElement, pendingElement } from "/message.js";
import { currentChat, on, place, readUpTo, sorted, state, unread, word } from "/store.js";

const log = byId("log");
const newer = byId("newer");
const TOGETHER = 5 * 60; // seconds within which messages of one author stand together

let act = {};
let sticks = true;
let newSince = 0; // the last message that had been read when the chat was opened
let below = 0;
let loading = false;

export function startLog(actions) {
  act = actions;
  on("message", received);
  on("outbox", drawPending);
  on("online", drawPending);
  on("typing", drawTyping);
  log.addEventListener("scroll", scrolled, { passive: true });
  newer.addEventListener("click", () => { toBottom(); log.focus({ preventScroll: true }); });
  document.addEventListener("visibilitychange", markRead);
  new ResizeObserver(() => { if (sticks) toBottom(); }).observe(log);
}

/** Draw the chat that is open from nothing. */
export function drawLog() {
  const chat = currentChat();
  const read = readUpTo(state.person, chat.id);
  newSince = unread(state.person, chat) && read ? read : 0;
  log.replaceChildren(...sorted(chat).map((message) => messageElement(message, act)));
  if (!chat.messages.size) log.append(el("p", { className: "empty", textContent: word("empty") }));
  below = 0;
  drawPending();
  drawTyping();
  separate();
  const first = log.querySelector(".separator.new");
  toBottom();
  if (first && first.offsetTop < log.scrollTop) {
    log.scrollTop = first.offsetTop - 60;
    scrolled();
  }
  markRead();
}

// ── Messages that come and change ───────────────────────────────────────────────────────────────────────────────────

function received({ message, known }) {
  if (message.chat !== state.chat) return;
  const element = messageElement(message, act);
  const old = log.querySelector(`.message[data-number="${message.number}"]`)
    ?? (message.update && log.querySelector(`.pending[data-update="${CSS.escape(message.update)}"]`));
  log.querySelector(".empty")?.remove();
  // Who answers has seen what was new.
  if (message.author === state.person) newSince = 0;
  if (old) replace(old, element);
  else insert(message, element);
  separate();
  // Who presses something further up looks there: only what is at the end moves with the end.
  const atEnd = !element.nextElementSibling || element.nextElementSibling.matches(".typing");
  if ((sticks && atEnd) || (message.author === state.person && !known)) toBottom(element);
  else if (!known) {
    below += 1;
    drawPill();
  }
  markRead();
}

/** Put a message in another's place. Who was on one of its buttons stays on it; where there is no such button any more,
 *  he is on his own rating of a pad, else on the message: never on another button, which Enter would press. */
function replace(old, element) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const above = old.offsetTop + old.offsetHeight <= log.scrollTop;
  const before = log.scrollHeight;
  old.replaceWith(element);
  // What changes above the part that is seen must not push that part away.
  if (above && !sticks) log.scrollTop += log.scrollHeight - before;
  if (!focused) return;
  const buttons = [...element.querySelectorAll(".keyboard button")];
  const same = buttons.find((button) => button.dataset.data === focused.dataset.data)
    ?? buttons.find((button) => button.textContent === focused.textContent);
  const own = element.querySelector(".pad") && element.querySelector(".keyboard .chosen");
  (same ?? own ?? element).focus({ preventScroll: true });
}

function insert(message, element) {
  const next = [...log.querySelectorAll(".message:not(.pending)")].find((other) => Number(other.dataset.number) > message.number);
  (next ?? log.querySelector(".pending, .typing"))?.before(element);
  if (!element.isConnected) log.append(element);
}

function drawPending() {
  const waiting = outbox.filter(({ person, chat }) => person === state.person && chat === state.chat);
  for (const shown of log.querySelectorAll(".pending")) shown.remove();
  const drawn = waiting.filter(({ id }) => !log.querySelector(`.message[data-update="${id}"][data-author="${state.person}"]`))
    .map((item) => pendingElement(item, act));
  const typing = log.querySelector(".typing");
  if (typing) typing.before(...drawn);
  else log.append(...drawn);
  separate();
  if (drawn.length && (sticks || drawn.at(-1).classList.contains("sending"))) toBottom();
}

function drawTyping() {
  log.querySelector(".typing")?.remove();
  if (!state.typing.has(state.chat)) return;
  log.append(el("div", { className: "typing message theirs bot", aria: { label: word("typing_label") }, attrs: { role: "img" } },
    currentChat().private ? null : avatar("bot"), el("span", { className: "bubble" },
      el("span", { className: "dot" }), el("span", { className: "dot" }), el("span", { className: "dot" }))));
  if (sticks) toBottom();
}

/** Dates between days, the line above what is new, and messages of one author close together. */
function separate() {
  for (const separator of log.querySelectorAll(".separator")) separator.remove();
  let day = "", author = "", at = 0, marked = false;
  for (const message of log.querySelectorAll(".message:not(.typing)")) {
    const said = new Date(message.dataset.at * 1000);
    const number = Number(message.dataset.number);
    let apart = message.dataset.author !== author || message.dataset.at - at > TOGETHER;
    if (said.toDateString() !== day) {
      day = said.toDateString();
      message.before(el("p", { className: "separator", textContent: dayName(said) }));
      apart = true;
    }
    if (newSince && !marked && number > newSince && message.dataset.author !== state.person) {
      marked = true;
      message.before(el("p", { className: "separator new", textContent: word("newer") }));
      apart = true;
    }
    message.classList.toggle("follows", !apart);
    ({ author, at } = message.dataset);
  }
}

function dayName(date) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const days = Math.round((midnight - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return word("today");
  if (days === 1) return word("yesterday");
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString(place(), { weekday: "long", day: "numeric", month: "long", year });
}

// ── Scrolling, and what has been read ───────────────────────────────────────────────────────────────────────────────

function toBottom(element = null) {
  sticks = true;
  below = 0;
  drawPill();
  log.scrollTop = log.scrollHeight;
  // Of a message taller than the window, its beginning is what one wants to see.
  if (element && element.offsetHeight > log.clientHeight) log.scrollTop = element.offsetTop - 12;
}

function scrolled() {
  const left = log.scrollHeight - log.clientHeight - log.scrollTop;
  const last = [...log.querySelectorAll(".message")].at(-1);
  sticks = left < 80 || (last && last.offsetHeight > log.clientHeight && Math.abs(last.offsetTop - 12 - log.scrollTop) < 4);
  if (sticks) below = 0;
  drawPill();
  markRead();
  if (log.scrollTop < 300) loadOlder();
}

function drawPill() {
  newer.hidden = sticks;
  newer.textContent = below ? `${word("newer")} ↓` : "↓";
  newer.setAttribute("aria-label", word("newer"));
}

async function loadOlder() {
  const chat = currentChat();
  if (loading || !chat.more || !chat.messages.size) return;
  loading = true;
  log.classList.add("loading");
  try {
    const before = Math.min(...chat.messages.keys());
    const response = await fetch(`/api/older?person=${state.person}&chat=${chat.id}&before=${before}`);
    if (!response.ok) return;
    const { messages, more } = await response.json();
    chat.more = more;
    for (const message of messages) chat.messages.set(message.number, message);
    if (chat.id !== state.chat) return;
    const height = log.scrollHeight, top = log.scrollTop;
    log.prepend(...messages.map((message) => messageElement(message, act)));
    separate();
    log.scrollTop = top + log.scrollHeight - height;
  } catch {
    // Without a connection there is nothing older to show; the banner says so already.
  } finally {
    loading = false;
    log.classList.remove("loading");
  }
}

let told = "";

/** What is on the screen of somebody who looks has been read. */
export function markRead() {
  const chat = currentChat();
  if (!chat || document.hidden || !sticks || getComputedStyle(log).visibility === "hidden" || !log.offsetParent) return;
  const number = Math.max(0, ...chat.messages.keys());
  const what = `${state.person}:${chat.id}:${number}`;
  if (told === what || number <= readUpTo(state.person, chat.id)) return;
  told = what;
  post("/api/read", { id: crypto.randomUUID(), person: state.person, chat: chat.id, message: number }).catch(() => { told = ""; });
}
