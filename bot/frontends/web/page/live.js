// The connection: events as they happen, sending, and what to do while there is none.

import { announce, apply, fill, on, state } from "/store.js";

let source = null;
let delay = 500;
let timer = 0;

// ── Hearing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Fetch all that is to be shown, and follow what happens after. */
export async function start() {
  try {
    const response = await fetch("/api/snapshot");
    if (response.status === 401) return announce("locked");
    fill(await response.json());
  } catch {
    return lost();
  }
  announce("filled");
  connect();
}

function connect() {
  clearTimeout(timer);
  source?.close();
  source = new EventSource(`/api/events?after=${state.seq}`);
  source.onopen = () => {
    delay = 500;
    setOnline(true);
    flush();
  };
  source.onmessage = ({ data, lastEventId }) => {
    const event = JSON.parse(data);
    if (event.kind === "reload") return start();
    if (lastEventId) state.seq = Number(lastEventId);
    apply(event);
  };
  source.onerror = lost;
}

function lost() {
  source?.close();
  source = null;
  setOnline(false);
  clearTimeout(timer);
  timer = setTimeout(again, delay);
  delay = Math.min(delay * 1.7, 5000);
}

/** Ask by an ordinary request first: an event stream doesn't say why it was refused. */
async function again() {
  clearTimeout(timer);
  try {
    const response = await fetch("/icon.svg", { cache: "no-store" });
    if (response.status === 401) return announce("locked");
    if (!response.ok) return lost();
  } catch {
    return lost();
  }
  if (state.chats.size) connect();
  else start();
}

function setOnline(online) {
  if (state.online === online) return;
  state.online = online;
  announce("online");
}

/** Browsers allow six connections to one place: a tab that nobody sees lends its own, and catches up when seen. */
let resting = 0;
document.addEventListener("visibilitychange", () => {
  clearTimeout(resting);
  if (!document.hidden) {
    if (!source && state.chats.size) again();
  } else {
    resting = setTimeout(() => { source?.close(); source = null; clearTimeout(timer); }, 3000);
  }
});
addEventListener("online", () => { if (!source) again(); });

// ── Sending ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Refused by the server, with its sentence. Anything else that `post` throws is the connection's fault. */
export class Refused extends Error {}

export async function post(path, body) {
  const response = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (response.ok) return response.json();
  if (response.status === 401) announce("locked");
  const { sentence } = await response.json().catch(() => ({ sentence: "" }));
  if (response.status >= 500) throw new Error(sentence);
  throw new Refused(sentence);
}

const KEY = "marquee outbox";
/** What was typed and is not on the server yet, oldest first: { id, person, chat, text, state, sentence }. */
export const outbox = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
let flushing = false;

function changed() {
  sessionStorage.setItem(KEY, JSON.stringify(outbox));
  announce("outbox");
}

/** Say something: it is shown at once, and sent now or when there is a connection. Its id makes a repeat harmless. */
export function say(text, person = state.person, chat = state.chat) {
  const id = crypto.randomUUID();
  outbox.push({ id, person, chat, text, at: Date.now() / 1000, state: "sending" });
  announce("said", id);
  changed();
  flush();
}

export function resend(item) {
  item.state = "sending";
  changed();
  flush();
}

export function discard(id) {
  const at = outbox.findIndex((item) => item.id === id);
  if (at < 0) return;
  outbox.splice(at, 1);
  changed();
}

async function flush() {
  if (flushing) return;
  flushing = true;
  try {
    let item;
    while ((item = outbox.find(({ state: how }) => how === "sending" || how === "waiting"))) {
      const { id, person, chat, text } = item;
      await post("/api/say", { id, person, chat, text });
      item.state = "sent";
      changed();
    }
  } catch (error) {
    failed(error);
  } finally {
    flushing = false;
  }
}

function failed(error) {
  const item = outbox.find(({ state: how }) => how === "sending" || how === "waiting");
  if (error instanceof Refused) {
    Object.assign(item, { state: "refused", sentence: error.message });
    setTimeout(flush, 0);
  } else {
    item.state = "waiting";
    setTimeout(flush, 2000);
  }
  changed();
}

// The server tells what it has kept: then it is in the chat, and no longer waiting to be.
on("message", ({ message }) => discard(message.update));
on("filled", () => {
  for (const chat of state.chats.values()) for (const message of chat.messages.values()) discard(message.update);
});
