// Every htmx request carries the CSRF token, so that buttons need no form.
document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('[name="csrfmiddlewaretoken"]')?.value;
  const request = event.detail.ctx?.request;
  if (token && request && request.method?.toUpperCase() !== "GET") request.headers["X-CSRFToken"] = token;
});

// A page that answered with errors starts at their summary.
const focusSummary = (root) => root.querySelector?.("[data-focus]")?.focus();
focusSummary(document);
document.addEventListener("htmx:after:swap", (event) => focusSummary(event.target));

// What is refused is not shown, so the tab keeps the name of the page that stays.
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => { if (ctx.swap === "none") ctx.title = ""; });

document.addEventListener("submit", (event) => {
  const question = event.target.dataset?.confirm;
  if (!question || window.confirm(question)) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // htmx sends a form whatever was prevented
}, true);
