// Who you are, and the chats that you are in.

import { avatar, byId, el } from "/dom.js";
import { chatsOf, clock, gist, nameOf, place, sorted, state, unread, word } from "/store.js";

const people = byId("people");
const chats = byId("chats");

export function startSidebar(choosePerson, chooseChat) {
  people.addEventListener("change", (event) => choosePerson(event.target.value));
  chats.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) chooseChat(button.dataset.chat);
  });
  chats.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...chats.querySelectorAll("button")];
    const to = buttons[buttons.indexOf(document.activeElement) + step];
    if (!step || !to) return;
    event.preventDefault();
    to.focus();
  });
}

export function drawSidebar() {
  people.querySelector("legend").textContent = word("you_are");
  byId("chats-heading").textContent = word("chats");
  drawPeople();
  drawChats();
}

function drawPeople() {
  if (people.querySelectorAll("label").length !== state.people.size) {
    people.append(...[...state.people.values()].map(({ id, name }) => el("label", {},
      el("input", { type: "radio", name: "person", value: id }),
      avatar(id, name), el("span", { textContent: name }), el("span", { className: "badge", hidden: true }))));
  }
  for (const label of people.querySelectorAll("label")) {
    const input = label.querySelector("input");
    input.checked = input.value === state.person;
    const count = chatsOf(input.value).reduce((sum, chat) => sum + unread(input.value, chat), 0);
    badge(label.querySelector(".badge"), count);
  }
}

export function badge(element, count) {
  element.hidden = count === 0;
  element.textContent = count > 99 ? "99+" : count;
  element.setAttribute("aria-label", word("unread", { count }));
}

function drawChats() {
  const focused = chats.contains(document.activeElement) ? document.activeElement.dataset.chat : null;
  chats.replaceChildren(...chatsOf(state.person).map((chat) => {
    const last = sorted(chat).at(-1);
    const count = el("span", { className: "badge" });
    badge(count, unread(state.person, chat));
    const button = el("button", { type: "button", data: { chat: chat.id } },
      chat.private ? avatar("bot") : avatar("club", chat.name),
      el("span", { className: "title", textContent: chat.name }),
      last ? el("time", { textContent: when(last.at) }) : null,
      el("span", { className: "gist" }, gistOf(chat, last)),
      count);
    if (chat.id === state.chat) button.setAttribute("aria-current", "true");
    return el("li", {}, button);
  }));
  if (focused) chats.querySelector(`[data-chat="${focused}"]`)?.focus();
}

function gistOf(chat, last) {
  if (state.typing.has(chat.id)) return [el("em", { textContent: word("typing") })];
  if (!last) return [];
  const who = last.author === state.person ? word("you") : chat.private ? "" : nameOf(last.author);
  return [who ? `${who}: ` : "", gist(last)];
}

function when(seconds) {
  const at = new Date(seconds * 1000);
  return at.toDateString() === new Date().toDateString()
    ? clock(at)
    : at.toLocaleDateString(place(), { day: "numeric", month: "short" });
}
