// What the page knows: people, chats with their messages, who has read what. Views read it and listen for changes.

export const state = {
  seq: 0, bot: "Marquee", person: "ada", chat: "ada",
  people: new Map(), chats: new Map(), reads: new Map(), languages: new Map(), typing: new Set(),
  online: true,
};

const listeners = new Map();

/** Call `listener` when something of that name is announced. */
export function on(name, listener) {
  listeners.set(name, [...(listeners.get(name) ?? []), listener]);
}

export function announce(name, detail) {
  for (const listener of listeners.get(name) ?? []) listener(detail);
}

/** Take a whole snapshot, at the start or after being away for long. */
export function fill(snapshot) {
  state.seq = snapshot.seq;
  state.bot = snapshot.bot;
  state.people = new Map(snapshot.people.map((person) => [person.id, person]));
  state.chats = new Map(snapshot.chats.map((chat) => [
    chat.id, { ...chat, messages: new Map(chat.messages.map((message) => [message.number, message])) },
  ]));
  state.reads = new Map(snapshot.reads.map(([person, chat, number]) => [`${person}:${chat}`, number]));
  state.languages = new Map(snapshot.words.map((words) => [words.language, words]));
}

const words = () => state.languages.get(state.people.get(state.person)?.language) ?? state.languages.get("en");

/** What the page says itself, in the language of whoever is selected. */
export function word(key, values = {}) {
  let text = words()?.labels[key] ?? "";
  for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, () => value);
  return text;
}

export const commands = () => words()?.commands ?? [];
export const language = () => words()?.language ?? "en";

/** For dates and times: the language of the page, as it is written where the browser is. */
export const place = () => (navigator.language.startsWith(language()) ? navigator.language : language());
export const clock = (date) => date.toLocaleTimeString(place(), { hour: "numeric", minute: "2-digit" });

export const currentChat = () => state.chats.get(state.chat);
export const chatsOf = (person) => [...state.chats.values()].filter((chat) => chat.members.includes(person));
export const sorted = (chat) => [...chat.messages.values()].sort((a, b) => a.number - b.number);
export const readUpTo = (person, chat) => state.reads.get(`${person}:${chat}`) ?? 0;

export function nameOf(author) {
  return author === "bot" ? state.bot : state.people.get(author)?.name ?? author;
}

/** How many messages of others in a chat the person has not read. */
export function unread(person, chat) {
  const read = readUpTo(person, chat.id);
  let count = 0;
  for (const message of chat.messages.values()) if (message.number > read && message.author !== person) count += 1;
  return count;
}

/** Something happened, as the server tells it. */
export function apply(event) {
  switch (event.kind) {
    case "message": {
      const { message } = event;
      const chat = state.chats.get(message.chat);
      if (!chat) return;
      const known = chat.messages.has(message.number);
      const oldest = Math.min(...chat.messages.keys());
      // A change of a message further back than what is loaded comes with the older ones.
      if (!known && chat.more && message.number < oldest) return;
      chat.messages.set(message.number, message);
      if (chat.private && message.language) speak(chat.members[0], message.language);
      announce("message", { message, known });
      break;
    }
    case "answered": announce("answered", event); break;
    case "read":
      state.reads.set(`${event.person}:${event.chat}`, Math.max(event.number, readUpTo(event.person, event.chat)));
      break;
    case "typing":
      state.typing = new Set(event.chats);
      announce("typing");
      break;
  }
  announce("changed");
}

function speak(personId, languageCode) {
  const person = state.people.get(personId);
  if (!person || person.language === languageCode) return;
  person.language = languageCode;
  if (personId === state.person) announce("language");
}

/** What a message says, in one line, for the list of chats. */
export function gist(message) {
  if (message.text !== undefined) return message.text;
  const join = (spans) => spans.map((span) => span.words).join("");
  for (const part of message.parts ?? []) {
    switch (part.type) {
      case "notice": if (part.lines.length) return join(part.lines[0]); break;
      case "card": return part.change ? join(part.change) : part.name;
      case "list": case "pad": return join(part.heading);
      case "guide": return join(part.intro);
    }
  }
  return "";
}
