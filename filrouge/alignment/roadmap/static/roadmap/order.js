// The order of a team's list: by pointer, or by the arrow keys on the handle. The menu of each row does the same.
const toast = (text, kind) => document.dispatchEvent(new CustomEvent("filrouge:toast", { detail: { text, kind } }));

let dragged = null;
const rowUnder = (event) => event.target.closest?.("tr[data-place]");
const clear = () => document.querySelectorAll("tr.over").forEach((row) => row.classList.remove("over"));

document.addEventListener("dragstart", (event) => {
  dragged = rowUnder(event);
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.title);
  dragged.classList.add("dragged");
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  clear();
});

document.addEventListener("dragover", (event) => {
  const row = dragged && rowUnder(event);
  clear();
  if (!row || row === dragged || row.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  row.classList.add("over");
});

document.addEventListener("drop", (event) => {
  const row = dragged && rowUnder(event);
  if (!row || row === dragged || row.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  place(dragged, row.dataset.pk);
});

document.addEventListener("keydown", (event) => {
  const handle = event.target.closest?.(".handle");
  const step = { ArrowUp: "[data-up]", ArrowDown: "[data-down]" }[event.key];
  if (!handle || !step) return;
  event.preventDefault();
  const row = handle.closest("tr");
  const button = row.querySelector(step);
  if (button) place(row, button.value);
});

async function place(row, before) {
  const list = row.closest("[data-order]");
  const body = new FormData(list.querySelector("#moves"));
  body.set("before", before);
  let problem = list.dataset.failed;
  try {
    const answer = await fetch(row.dataset.place, { method: "POST", body, headers: { "X-Board": "1" } });
    const text = await answer.text();
    if ([409, 422].includes(answer.status)) problem = text;
    if (!answer.ok) throw new Error(problem);
    list.outerHTML = text;
    toast(list.dataset.moved.replace("{title}", row.dataset.title), "success");
    document.querySelector(`tr[data-pk="${row.dataset.pk}"] .handle`)?.focus();
  } catch {
    toast(problem, "error");
  }
}
