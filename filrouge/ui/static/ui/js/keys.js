// Single keys, off while typing or with data-shortcuts="off". data-key="e" is pressed by E, data-go="i" by G then I;
// j and k walk the rows of [data-keys-list] or any [data-key-row], x ticks, Enter opens.
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const off = () => document.documentElement.dataset.shortcuts === "off";
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const scope = () => document.querySelector("dialog[open]") ?? document;
const shown = (selector) => [...scope().querySelectorAll(selector)].filter(visible);
let going = 0;

const walk = (step) => {
  const rows = shown("[data-key-row]");
  const at = rows.findIndex((row) => row.contains(document.activeElement) || row.hasAttribute("aria-current"));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (!next) return;
  for (const row of rows) row.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  next.scrollIntoView({ block: "nearest" });
  (next.querySelector("[data-row-link]") ?? next.querySelector("a, button, input"))?.focus({ preventScroll: true });
  next.dispatchEvent(new CustomEvent("filrouge:row", { bubbles: true }));
};

const tick = () => document.querySelector('[data-key-row][aria-current] input[type="checkbox"]')?.click();

const name = (element) => {
  const told = element.cloneNode(true);
  for (const extra of told.querySelectorAll("kbd, .side-count")) extra.remove();
  return element.getAttribute("aria-label") ?? told.textContent.trim();
};

const cap = (key) => Object.assign(document.createElement("kbd"), { textContent: key.toUpperCase() });

const help = () => {
  const dialog = document.getElementById("keys-help");
  if (!dialog || dialog.open) return;
  const body = dialog.querySelector("[data-keys-page]");
  const pressed = (element) => [`${element.dataset.go ? "g" : ""}${element.dataset.go ?? element.dataset.key}`, element];
  const each = new Map([...document.querySelectorAll("[data-go], [data-key]")].map(pressed));
  body.replaceChildren(...[...each.values()].map((element) => {
    const row = body.ownerDocument.createElement("tr");
    const head = Object.assign(document.createElement("th"), { scope: "row" });
    head.append(...(element.dataset.go ? [cap("g"), " "] : []), cap(element.dataset.go ?? element.dataset.key));
    row.append(head, Object.assign(document.createElement("td"), { textContent: name(element) }));
    return row;
  }));
  dialog.showModal();
};

const press = (element, event) => {
  if (!element) return;
  event.preventDefault();
  element.click();
};

// In a text of several lines, Ctrl or Cmd with Enter sends its form, as Enter does in a single line.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches?.("textarea")) return;
  press(event.target.form?.querySelector("button:not([type=button], [disabled])"), event);
});

document.addEventListener("keydown", (event) => {
  if (off() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const key = event.key.toLowerCase();
  const wasGoing = Date.now() - going < 1200;
  going = 0;
  if (wasGoing) return press(document.querySelector(`[data-go="${CSS.escape(key)}"]`), event);
  if (key === "?") return help();
  if (document.querySelector("dialog[open]")) return;
  if (key === "g") going = Date.now();
  else if (key === "j") walk(1);
  else if (key === "k") walk(-1);
  else if (key === "x") tick();
  else if (key.length === 1) press(shown(`[data-key="${CSS.escape(key)}"]:not([disabled])`)[0], event);
});
