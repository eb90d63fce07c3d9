// Starts the page, and joins its parts: who is selected, which chat is open, what a press does.

import { avatar, byId, el } from "/dom.js";
import { Refused, post, say, start } from "/live.js";
import { drawLog, markRead, startLog } from "/log.js";
import { drawComposer, keepDraft, labelComposer, startComposer, write } from "/composer.js";
import { badge, drawSidebar, startSidebar } from "/sidebar.js";
import { chatsOf, currentChat, language, nameOf, on, state, unread, word } from "/store.js";

const presses = new Map(); // by update: the button that waits
const sent = new Set(); // updates of this tab, whose short words are shown here

// ── Where we are ────────────────────────────────────────────────────────────────────────────────────────────────────

function go(person, chat, { open = true, focus = true } = {}) {
  keepDraft();
  byId("toasts").replaceChildren();
  Object.assign(state, { person, chat });
  history.replaceState(null, "", `#${person}/${chat}`);
  if (open) document.body.dataset.view = "chat";
  drawAll();
  if (focus && matchMedia("(hover: hover)").matches) byId("text").focus();
}

function choosePerson(person) {
  const chat = currentChat().private ? person : state.chat;
  go(person, chat, { open: false, focus: false });
}

function drawAll() {
  drawLabels();
  drawComposer();
  drawLog();
}

/** What the page itself says, in the language of whoever is selected. */
function drawLabels() {
  document.documentElement.lang = language();
  byId("skip").textContent = word("skip");
  byId("back").setAttribute("aria-label", word("back"));
  byId("log").setAttribute("aria-label", word("log"));
  byId("banner").textContent = word("reconnecting");
  document.querySelector("#alert button").textContent = word("close");
  drawHead();
  drawSidebar();
}

function drawHead() {
  const chat = currentChat();
  byId("avatar").replaceChildren(chat.private ? avatar("bot") : avatar("club", chat.name));
  byId("name").textContent = chat.name;
  const names = [...chat.members.map(nameOf), state.bot].join(", ");
  byId("about").textContent = state.typing.has(chat.id) ? word("typing") : chat.private ? word("bot") : names;
  const elsewhere = chatsOf(state.person).filter(({ id }) => id !== chat.id).reduce((sum, other) => sum + unread(state.person, other), 0);
  badge(byId("back").querySelector(".badge"), elsewhere);
  const all = chatsOf(state.person).reduce((sum, other) => sum + unread(state.person, other), 0);
  document.title = all ? `(${all}) Marquee` : "Marquee";
}

// ── Pressing ────────────────────────────────────────────────────────────────────────────────────────────────────────

async function press(message, button, element) {
  if (element.getAttribute("aria-busy") === "true") return;
  const { person, chat } = state;
  const id = crypto.randomUUID();
  byId("toasts").replaceChildren();
  presses.set(id, element);
  sent.add(id);
  busy(element, true);
  try {
    await post("/api/press", { id, person, chat, message: message.number, data: button.data });
    // Its answer comes in the private chat: go there and see it.
    if (button.private && state.person === person) go(person, person);
  } catch (error) {
    presses.delete(id);
    busy(element, false);
    toast(error instanceof Refused && error.message ? error.message : word("not_now"));
  }
}

function busy(element, on) {
  element.setAttribute("aria-busy", String(on));
  element.classList.toggle("busy", on);
}

on("answered", ({ update, toast: words, alert, chat, person }) => {
  const element = presses.get(update);
  if (element) busy(element, false);
  presses.delete(update);
  const ours = sent.delete(update);
  if (!ours || !words) return;
  if (alert) warn(words);
  else toast(words, chat && chat !== state.chat && person === state.person ? () => go(person, chat) : null);
});

const actions = {
  press,
  say: (text) => speak(text),
  write,
};

function speak(text) {
  say(text);
  byId("text").focus({ preventScroll: true });
}

on("said", (id) => { sent.add(id); byId("toasts").replaceChildren(); });

// ── Short words ─────────────────────────────────────────────────────────────────────────────────────────────────────

function toast(words, open = null) {
  const shown = el("div", { className: "toast" }, el("span", { textContent: words }));
  if (open) shown.append(el("button", { type: "button", textContent: word("open"), on: { click: () => { shown.remove(); open(); } } }));
  byId("toasts").replaceChildren(shown);
  setTimeout(() => shown.remove(), open ? 8000 : 4000);
}

function warn(words) {
  const dialog = byId("alert");
  const back = document.activeElement;
  dialog.querySelector("p").textContent = words;
  dialog.addEventListener("close", () => back?.isConnected && back.focus(), { once: true });
  if (!dialog.open) dialog.showModal();
}

function locked() {
  document.body.replaceChildren(el("main", { className: "locked" }, el("img", { src: "/icon.svg", alt: "", width: 64, height: 64 }),
    el("p", { textContent: word("locked_out") || "Open the address that Marquee printed when it started." })));
}

// ── Starting ────────────────────────────────────────────────────────────────────────────────────────────────────────

function wanted() {
  const [person, chat] = location.hash.slice(1).split("/");
  const known = state.chats.get(chat)?.members.includes(person);
  return known ? [person, chat] : [state.person, state.chat];
}

startLog(actions);
startComposer();
startSidebar(choosePerson, (chat) => go(state.person, chat));
byId("back").addEventListener("click", () => {
  document.body.dataset.view = "chats";
  byId("chats").querySelector("[aria-current]")?.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || byId("alert").open) return;
  if (document.body.dataset.view === "chats") document.body.dataset.view = "chat";
  byId("text").focus();
});
byId("skip").addEventListener("click", (event) => { event.preventDefault(); byId("text").focus(); });
on("filled", () => go(...wanted(), { open: false }));
on("changed", () => { drawHead(); drawSidebar(); markRead(); });
on("language", () => { drawLabels(); labelComposer(); });
on("online", () => { byId("banner").hidden = state.online; });
on("locked", locked);
start();
