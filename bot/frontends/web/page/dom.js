// Making elements. Text goes in as text alone: nothing on this page is ever parsed as markup.

export const byId = (id) => document.getElementById(id);

/** An element: properties, `on` (listeners), `aria`/`data` (attributes), then children (elements, strings, null). */
export function el(tag, { on = {}, aria = {}, data = {}, attrs = {}, ...properties } = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  for (const [name, value] of Object.entries(aria)) element.setAttribute(`aria-${name}`, value);
  for (const [name, value] of Object.entries(attrs)) element.setAttribute(name, value);
  Object.assign(element.dataset, data);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** A round sign for a person, the group or the bot. */
export function avatar(id, name) {
  if (id === "bot") return el("img", { className: "avatar", src: "/icon.svg", alt: "" });
  return el("span", { className: `avatar of-${id}`, aria: { hidden: "true" }, textContent: name.slice(0, 1) });
}

/** Up, down, left, right, Home and End move between the elements of a group that has one Tab stop. */
export function roving(container, selector) {
  const all = () => [...container.querySelectorAll(selector)];
  all().forEach((item, index) => { item.tabIndex = index === 0 ? 0 : -1; });
  container.addEventListener("focusin", (event) => {
    if (event.target.matches(selector)) for (const item of all()) item.tabIndex = item === event.target ? 0 : -1;
  });
  container.addEventListener("keydown", (event) => {
    const to = target(all(), event);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
}

function target(items, event) {
  const from = document.activeElement;
  const at = items.indexOf(from);
  if (at < 0) return null;
  switch (event.key) {
    case "ArrowRight": return items[at + 1] ?? null;
    case "ArrowLeft": return items[at - 1] ?? null;
    case "Home": return items[0];
    case "End": return items.at(-1);
    case "ArrowDown": return nearest(items, from, 1);
    case "ArrowUp": return nearest(items, from, -1);
    default: return null;
  }
}

/** The item of the next row (by what is seen) that is nearest to `from`. */
function nearest(items, from, direction) {
  const middle = (box) => box.left + box.width / 2;
  const here = from.getBoundingClientRect();
  const boxes = items.map((item) => [item, item.getBoundingClientRect()]);
  const beyond = boxes.filter(([, box]) => (box.top - here.top) * direction > here.height / 2);
  const row = Math.min(...beyond.map(([, box]) => Math.abs(box.top - here.top)));
  const inRow = beyond.filter(([, box]) => Math.abs(Math.abs(box.top - here.top) - row) < 4);
  inRow.sort(([, a], [, b]) => Math.abs(middle(a) - middle(here)) - Math.abs(middle(b) - middle(here)));
  return inRow[0]?.[0] ?? null;
}
