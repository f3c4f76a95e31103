// The inbox: the row that j and k walk to is read in the pane beside; on a narrow screen a row opens its own page.
const inbox = document.querySelector("[data-inbox]");
const pane = document.getElementById("pane");
const wide = matchMedia("(min-width: 60.01rem)");
const RESTING = 1500;
const held = new Map();
let shown = 0, waiting = 0, resting = 0;

const rowOf = (key) => inbox.querySelector(`[data-words="${key}"]`);

const addressOf = (row) => {
  const link = new URL(row.querySelector("[data-row-link]").href);
  return `${link.pathname}pane/${link.search}`;
};

const fetched = (row) => {
  const key = row.dataset.words;
  if (!held.has(key)) {
    const text = fetch(addressOf(row)).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer)));
    held.set(key, text);
    text.catch(() => held.delete(key));
  }
  return held.get(key);
};

const mark = async (key, as) => {
  const token = document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ?? "";
  const body = new URLSearchParams({ words: key, as, csrfmiddlewaretoken: token });
  const answer = await fetch("/words/read/", { method: "POST", body, headers: { "X-Quiet": "1" } }).catch(() => null);
  if (!answer?.ok) return;
  held.delete(String(key));
  rowOf(key)?.classList.toggle("unread", as === "unread");
  const button = pane.querySelector(`[data-pane="${key}"] [data-toggle-read]`);
  if (!button) return;
  button.dataset.read = as === "unread" ? "no" : "yes";
  button.querySelector("span").textContent = as === "unread" ? button.dataset.asRead : button.dataset.asUnread;
};

const show = async (row) => {
  const key = row.dataset.words;
  shown = key;
  clearTimeout(resting);
  try {
    const html = await fetched(row);
    if (shown !== key) return;
    pane.innerHTML = html;
    pane.scrollTop = 0;
    if (row.classList.contains("unread") && pane.querySelector("[data-toggle-read]")) resting = setTimeout(mark, RESTING, key, "read");
    if (row.nextElementSibling?.dataset.words) fetched(row.nextElementSibling).catch(() => {});
  } catch {
    if (shown === key) pane.textContent = pane.dataset.failed;
  }
};

const choose = (row) => {
  for (const other of inbox.querySelectorAll("[data-key-row][aria-current]")) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  show(row);
};

if (inbox && pane) {
  inbox.addEventListener("filrouge:row", (event) => {
    clearTimeout(waiting);
    if (wide.matches) waiting = setTimeout(choose, 60, event.target);
  });
  inbox.addEventListener("click", (event) => {
    const row = event.target.closest("[data-key-row]");
    const byPointer = event.detail > 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (row && wide.matches && byPointer && !event.target.closest("input")) {
      event.preventDefault();
      row.querySelector("[data-row-link]").focus({ preventScroll: true });
      choose(row);
    }
    const toggle = event.target.closest("[data-toggle-read]");
    if (toggle) mark(toggle.closest("[data-pane]").dataset.pane, toggle.dataset.read === "yes" ? "unread" : "read");
  });
  inbox.addEventListener("filrouge:quoted", (event) => {
    held.delete(event.detail.key);
    if (rowOf(event.detail.key)) show(rowOf(event.detail.key));
  });
  const first = inbox.querySelector("[data-key-row]");
  if (first && wide.matches) choose(first);
}
