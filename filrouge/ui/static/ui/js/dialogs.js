// Native dialogs. data-dialog="id" opens one of the page; a link with data-dialog-url opens its page in a dialog,
// and its form is sent from there: refused (422), it comes back with its errors; accepted, the page moves on.
const remote = document.getElementById("remote");
const HEADERS = { "X-Dialog": "1" };
let opener = null;

const toast = (text) => document.dispatchEvent(new CustomEvent("filrouge:toast", { detail: { text, kind: "error" } }));

const close = (dialog) => {
  dialog.close();
  opener?.focus?.();
  opener = null;
};

const fill = async (response) => {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = page.getElementById("main") ?? page.body;
  const button = document.querySelector("#keys-help [data-close]").cloneNode(true);
  button.classList.add("dialog-close");
  remote.replaceChildren(button, ...main.childNodes);
  remote.setAttribute("aria-label", remote.querySelector("h1, h2")?.textContent ?? remote.dataset.label);
  for (const form of remote.querySelectorAll("form:not([action])")) form.action = response.url;
  window.htmx?.process(remote);
  if (!remote.open) remote.showModal();
  const first = remote.querySelector("[data-focus], [autofocus]") ?? remote.querySelector("input:not([type=hidden]), textarea, select");
  first?.focus();
};

const load = async (url) => {
  try {
    const response = await fetch(url, { headers: HEADERS });
    if (response.status === 200) await fill(response);
    else location.assign(response.headers.get("X-Location") ?? url);
  } catch {
    toast(remote.dataset.failed);
  }
};

const send = async (form, submitter) => {
  form.setAttribute("aria-busy", "true");
  const body = new FormData(form, submitter);
  try {
    const response = await fetch(form.action || location.href, { method: "POST", body, headers: HEADERS });
    const next = response.headers.get("X-Location");
    if (next) location.assign(next);
    else if (response.ok || response.status < 500) await fill(response);
    else toast(remote.dataset.failed);
  } catch {
    toast(remote.dataset.failed);
  } finally {
    form.removeAttribute("aria-busy");
  }
};

document.addEventListener("click", (event) => {
  const near = event.target.closest("[data-dialog], [data-dialog-url], [data-close]");
  if (event.target.matches("dialog[open]:not(.keep)")) return close(event.target);
  if (!near || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (near.matches("[data-close]")) return near.closest("dialog") && close(near.closest("dialog"));
  event.preventDefault();
  opener = near;
  if (near.dataset.dialog) document.getElementById(near.dataset.dialog)?.showModal();
  else load(near.dataset.dialogUrl || near.href);
});
document.addEventListener("filrouge:dialog", (event) => load(event.detail.url));
remote?.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post" || event.target.matches("[hx-post]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
