// The theme changes at once; the form tells the server to remember it. Also says which keyboard this is.
const root = document.documentElement;
if (/Mac|iPhone|iPad/.test(navigator.platform)) root.dataset.platform = "mac";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const chosen = event.submitter;
  if (!form.matches?.("[data-theme-form]") || !chosen) return;
  event.preventDefault();
  const body = new FormData(form, chosen);
  root.dataset.theme = chosen.value;
  for (const button of document.querySelectorAll('[data-theme-form] button')) {
    button.setAttribute("aria-pressed", String(button.value === chosen.value));
  }
  try {
    await fetch(form.action, { method: "POST", body, redirect: "manual" });
  } catch {
    form.submit();
  }
});

// A menu closes when one clicks beside it or leaves it with Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-print]")) return;
  event.preventDefault();
  window.print();
});
