// Ctrl or Cmd K: a combobox over what the server finds for these words on this page.
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector('[role="listbox"]');
const status = dialog?.querySelector("[data-palette-status]");
let items = [], chosen = -1, timer = 0, request;

const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

const choose = (index) => {
  const options = list.querySelectorAll('[role="option"]');
  chosen = options.length ? (index + options.length) % options.length : -1;
  options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
  if (chosen < 0) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", `palette-${chosen}`);
  options[chosen].scrollIntoView({ block: "nearest" });
};

const draw = () => {
  const groups = Map.groupBy(items, (item) => item.group ?? "");
  let number = 0;
  items = [...groups.values()].flat();
  list.replaceChildren(...[...groups].map(([label, members], at) => make("div", { role: "group", "aria-labelledby": `palette-group-${at}` },
    make("div", { id: `palette-group-${at}`, role: "presentation" }, label),
    ...members.map((item) => make("div", { role: "option", id: `palette-${number}`, "data-at": number++, "aria-selected": "false" }, make("p", {}, item.label), make("span", {}, item.hint ?? ""))))));
  input.setAttribute("aria-expanded", String(items.length > 0));
  status.textContent = items.length ? "" : dialog.dataset.none;
  choose(0);
};

const ask = async () => {
  request?.abort();
  request = new AbortController();
  const query = new URLSearchParams({ q: input.value, at: location.pathname });
  try {
    const response = await fetch(`${dialog.dataset.url}?${query}`, { signal: request.signal });
    ({ items } = await response.json());
    draw();
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = dialog.dataset.failed;
  }
};

const act = (item) => {
  if (!item) return;
  dialog.close();
  if (item.method === "dialog") return document.dispatchEvent(new CustomEvent("filrouge:dialog", { detail: { url: item.url } }));
  if (item.method !== "post") return location.assign(item.url);
  const value = document.querySelector('[name="csrfmiddlewaretoken"]').value;
  const form = make("form", { method: "post", action: item.url, hidden: "" }, make("input", { name: "csrfmiddlewaretoken", value }));
  document.body.append(form);
  form.submit();
};

const open = (event) => {
  event.preventDefault();
  if (!dialog.open) dialog.showModal();
  input.select();
  ask();
};

if (dialog) {
  document.addEventListener("keydown", (event) => { if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") open(event); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette-open]")) open(event); });
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(chosen + step);
    else if (event.key === "Enter" && !event.isComposing) act(items[chosen]);
    if (step || event.key === "Enter") event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => act(items[event.target.closest('[role="option"]')?.dataset.at]));
}
