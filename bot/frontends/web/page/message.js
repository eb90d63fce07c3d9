// One message as elements: whose it is, its parts, its buttons.

import { avatar, el, roving } from "/dom.js";
import { discard, resend } from "/live.js";
import { clock, currentChat, nameOf, state, word } from "/store.js";

/** `act`: what a message can do: press(message, button, element), say(text), write(text). */
export function messageElement(message, act) {
  const mine = message.author === state.person;
  const bot = message.author === "bot";
  const chat = currentChat();
  const element = el("article", {
    className: `message ${mine ? "mine" : "theirs"}${bot ? " bot" : ""}`, tabIndex: -1,
    data: { number: message.number ?? "", author: message.author, at: message.at, update: message.update },
  });
  if (message.language) element.lang = message.language;
  const named = !chat.private && !mine;
  if (named) element.append(avatar(message.author, nameOf(message.author)));
  const bubble = el("div", { className: "bubble" });
  const name = el("p", { className: `name of-${message.author}`, textContent: mine ? word("you") : nameOf(message.author) });
  // Who speaks is seen by the side and the colour; those who listen are told.
  if (!named) name.classList.add("unseen");
  bubble.append(name, ...body(message, act), time(message));
  element.append(bubble);
  if (message.keyboard?.length) element.append(keyboard(message, act));
  return element;
}

function body(message, act) {
  if (message.text !== undefined) return [el("p", { className: "said", textContent: message.text })];
  return (message.parts ?? []).map((part) => partElement(part, message, act));
}

function time(message) {
  const at = new Date(message.at * 1000);
  return el("time", { className: "time", dateTime: at.toISOString(), textContent: clock(at) });
}

// ── Parts ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function partElement(part, message, act) {
  switch (part.type) {
    case "notice": return el("div", { className: "notice" }, part.picture ? picture(part.picture) : null,
      part.lines.map((line) => el("p", {}, spans(line, act))));
    case "card": return card(part, act);
    case "list": return list(part, message, act);
    case "pad": return el("div", { className: "pad" }, poster(part, part.alt, "small"),
      el("div", {}, el("p", { className: "heading" }, spans(part.heading, act)), el("p", { className: "hint" }, spans(part.hint, act))));
    case "guide": return guide(part, act);
    case "tally": return tally(part);
    default: return el("p", { textContent: "…" });
  }
}

/** Runs of text: names are strong, and what can be typed can be tapped. */
function spans(runs, act) {
  return runs.map(({ words, strong, code }) => {
    if (strong) return el("strong", { textContent: words });
    if (code) return tappable(words, act);
    return document.createTextNode(words);
  });
}

/** Tapping says it; where something is to be filled in ("/rate ID VALUE"), it is put into the message field instead. */
function tappable(text, act) {
  if (!text.startsWith("/")) return el("code", { textContent: text });
  const blanks = / (?:[A-Z]{2,}|\[)/.test(text);
  const [command, ...rest] = text.split(" ");
  return el("button", {
    type: "button", className: "code", aria: { label: blanks ? text : word("try", { name: text }) },
    on: { click: () => (blanks ? act.write(`${command} `) : act.say(text)) },
  }, command, rest.length ? el("span", { className: blanks ? "arguments" : "", textContent: ` ${rest.join(" ")}` }) : null);
}

function picture(src) {
  const image = el("img", { className: "picture", width: 80, height: 80, loading: "lazy", alt: "" });
  image.addEventListener("error", () => image.remove());
  image.src = src;
  return image;
}

/** The poster; the drawn one where it does not come. */
function poster({ poster: src, drawn }, alt, className) {
  const image = el("img", { className: `poster ${className}`, width: 300, height: 450, loading: "lazy", decoding: "async", alt });
  image.addEventListener("error", () => {
    if (image.src.endsWith(drawn ?? src)) image.classList.add("missing");
    else image.src = drawn;
  });
  image.src = src;
  return image;
}

function card(part, act) {
  const facts = el("div", { className: "facts" },
    el("h3", { textContent: part.name }),
    part.original ? el("p", { className: "original", textContent: part.original }) : null,
    el("p", { className: "line", textContent: part.facts.join(" · ") }),
    part.genres.length ? el("p", { className: "genres" }, part.genres.map((genre) => el("span", { textContent: genre }))) : null,
    part.score ? el("p", { className: "score" }, spans(part.score, act)) : null,
    part.people.map(({ role, names }) => el("p", { className: "people" }, el("span", { textContent: `${role} ` }), names)),
  );
  const standing = part.state?.length
    ? el("p", { className: "state" }, part.state.map(({ what, words }) => el("span", { className: what, textContent: words })))
    : null;
  if (standing) facts.append(standing);
  return el("div", { className: "card" },
    el("div", { className: "top" }, poster(part, part.alt, "large"), facts),
    part.overview ? el("p", { className: "overview", textContent: part.overview }) : null,
    part.more?.map(({ what, line }) => el("p", { className: `after ${what}` }, spans(line, act))),
    part.change ? el("p", { className: "change" }, spans(part.change, act)) : null,
  );
}

function list(part, message, act) {
  const rows = part.entries.map((entry) => {
    const row = el("li", { className: `entry${entry.marked ? " marked" : ""}${entry.choosing ? " choosing" : ""}`, value: entry.number },
      el("span", { className: "number", textContent: entry.number, aria: { hidden: "true" } }),
      poster(entry, "", "thumb"),
      el("span", { className: "what" },
        el("span", { className: "title", textContent: entry.name }),
        el("span", { className: "line", textContent: [entry.year, entry.kind, entry.choosing && entry.note].filter(Boolean).join(" · ") }),
        entry.note && !entry.choosing ? el("span", { className: "note", textContent: entry.note }) : null),
      entry.rating ? el("span", { className: "rating", textContent: `★ ${entry.rating}`, aria: { label: word("rated_by_you", { name: entry.rating }) } }) : null,
    );
    // For the hand only: the numbered button below is the same for keyboards and readers.
    row.addEventListener("click", () => {
      const at = message.keyboard.flat().findIndex(({ label, data }) => is(entry, label, data));
      const button = message.keyboard.flat()[at];
      const shown = row.closest(".message").querySelectorAll(".keyboard button")[at];
      if (button && shown) act.press(message, button, shown);
    });
    return row;
  });
  return el("div", { className: "list" },
    el("p", { className: "heading" }, spans(part.heading, act),
      part.range ? el("span", { className: "range", textContent: part.range }) : null),
    rows.length ? el("ol", {}, rows) : null);
}

/** A count as bars; the winner's stand out. */
function tally(part) {
  return el("div", { className: "tally" }, part.rounds.map(({ heading, bars }) => el("section", {}, el("h3", { textContent: heading }),
    el("ul", {}, bars.map((bar) => {
      const filled = el("span", { className: "filled" });
      filled.style.width = `${Math.round(bar.share * 100)}%`;
      return el("li", { className: [bar.wins && "wins", bar.drops && "drops"].filter(Boolean).join(" ") },
        el("span", { className: "label", textContent: bar.label }),
        el("span", { className: "track", aria: { hidden: "true" } }, filled),
        el("span", { className: "total", textContent: bar.total }));
    })))));
}

function guide(part, act) {
  return el("div", { className: "guide" }, el("p", {}, spans(part.intro, act)),
    part.groups.map(({ heading, commands }) => el("section", {}, el("h3", { textContent: heading }),
      el("dl", {}, commands.map(({ usage, summary, example }) => el("div", {},
        el("dt", {}, tappable(usage, act)),
        el("dd", {}, summary, example ? [" ", tappable(example, act)] : null)))))));
}

// ── Buttons ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whether a button is the entry's own: it opens the title, or marks it where some are to be chosen. */
function is(entry, label, data) {
  return entry.choosing ? label.replace(/^✓ /, "").split(". ")[0] === String(entry.number) : label === String(entry.number) && data === entry.data;
}

function keyboard(message, act) {
  const entries = new Map((message.parts ?? []).flatMap((part) => part.entries ?? []).map((entry) => [String(entry.number), entry]));
  const entryOf = ({ label, data }) => {
    const entry = entries.get(label.replace(/^✓ /, ""));
    return entry && is(entry, label, data) ? entry : null;
  };
  // Numbers stand in columns, also in a last row that isn't full.
  const columns = (row) => (entries.size > 5 && row.every(entryOf) ? "row five" : "row");
  const rows = message.keyboard.map((row) => el("div", { className: columns(row) }, row.map((button) => {
    if (button.url) return leadsAway(button);
    const shown = el("button", { type: "button", textContent: unbroken(button.label), data: { data: button.data } });
    const entry = entryOf(button);
    if (entry) shown.setAttribute("aria-label", `${entry.number}: ${entry.name} ${entry.year}`);
    if (entry?.choosing) shown.setAttribute("aria-pressed", String(entry.marked));
    if (button.label.startsWith("✓")) shown.classList.add("chosen");
    shown.addEventListener("click", () => act.press(message, button, shown));
    return shown;
  })));
  const element = el("div", { className: "keyboard", aria: { label: word("buttons") }, attrs: { role: "group" } }, rows);
  roving(element, "button, a");
  return element;
}

/** A button that opens a page somewhere else. */
function leadsAway({ label, url }) {
  return el("a", { className: "button", href: url, target: "_blank", rel: "noopener", textContent: unbroken(label) });
}

/** A label whose sign ("+ Watchlist", "Page 2 ›") stays on a line with the word beside it. */
function unbroken(label) {
  return label.replace(/^(\S) /, "$1\u00a0").replace(/ (\S)$/, "\u00a0$1");
}

// ── What is not on the server yet ───────────────────────────────────────────────────────────────────────────────────

/** A bubble for something typed that is on its way. */
export function pendingElement(item, act) {
  const element = messageElement({ author: item.person, at: item.at, text: item.text, update: item.id }, act);
  const waiting = item.state === "waiting" || !state.online;
  const key = item.state === "refused" ? "refused" : waiting ? "waiting" : "sending";
  element.classList.add("pending", key);
  const words = item.state === "refused" && item.sentence ? item.sentence : word(key);
  const status = el("p", { className: "status" }, words);
  if (item.state === "refused") {
    status.append(
      el("button", { type: "button", className: "plain", textContent: word("again"), on: { click: () => resend(item) } }),
      el("button", { type: "button", className: "plain", textContent: word("discard"), on: { click: () => discard(item.id) } }));
  }
  element.querySelector(".bubble").append(status);
  return element;
}
