// One polite place for short messages. Others say: document.dispatchEvent(new CustomEvent("filrouge:toast", {detail: {text, kind}})).
const place = document.getElementById("toasts");
const LINGER = 7000;

const leave = (toast, after) => {
  let timer = setTimeout(() => toast.remove(), after);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), LINGER); });
};

const show = (text, kind = "info") => {
  const toast = document.createElement("div");
  toast.className = `notice toast ${kind}`;
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "button plain icon-only", textContent: "×" });
  close.setAttribute("aria-label", place.dataset.dismissLabel);
  close.dataset.dismiss = "";
  toast.append(words, close);
  place.append(toast);
  if (kind !== "error") leave(toast, LINGER);
};

if (place) {
  for (const toast of place.querySelectorAll(".toast:not(.error)")) leave(toast, LINGER);
  document.addEventListener("filrouge:toast", (event) => show(event.detail.text, event.detail.kind));
  document.addEventListener("click", (event) => {
    const near = event.target.closest("[data-dismiss], [data-toast]");
    if (near?.dataset.toast) show(near.dataset.toast);
    else if (near) near.closest(".toast")?.remove();
  });

  // An answer that htmx does not swap still says why.
  document.addEventListener("htmx:after:request", (event) => {
    const { response, text } = event.detail.ctx ?? {};
    if (!response || response.raw?.ok || response.status < 400 || [409, 422].includes(response.status)) return;
    const page = new DOMParser().parseFromString(text ?? "", "text/html");
    show(page.querySelector("[data-error]")?.textContent.trim() || place.dataset.refused, "error");
  });
  document.addEventListener("htmx:error", () => show(place.dataset.offline, "error"));
}
