// Cards of the board by pointer. The menu of each card does the same by keyboard and on touch screens.
const toast = (text, kind) => document.dispatchEvent(new CustomEvent("filrouge:toast", { detail: { text, kind } }));

let dragged = null;
const columnOf = (event) => event.target.closest?.("[data-horizon], [data-shipped]");
const clear = () => document.querySelectorAll(".column.over").forEach((column) => column.classList.remove("over"));

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-card]");
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
  const column = dragged && columnOf(event);
  clear();
  if (!column || column.contains(dragged)) return;
  event.preventDefault();
  column.classList.add("over");
});

document.addEventListener("drop", (event) => {
  const column = dragged && columnOf(event);
  if (!column || column.contains(dragged)) return;
  event.preventDefault();
  if (column.hasAttribute("data-shipped")) dragged.querySelector("[data-ship]")?.click();
  else move(dragged, column.dataset.horizon);
});

async function move(card, horizon) {
  const board = card.closest("[data-board]");
  const body = new FormData(board.querySelector("#moves"));
  body.set("horizon", horizon);
  let problem = board.dataset.failed;
  try {
    const answer = await fetch(card.dataset.move, { method: "POST", body, headers: { "X-Board": "1" } });
    const text = await answer.text();
    if ([409, 422].includes(answer.status)) problem = text;
    if (!answer.ok) throw new Error(problem);
    board.outerHTML = text;
    toast(board.dataset.moved.replace("{title}", card.dataset.title), "success");
  } catch {
    toast(problem, "error");
  }
}
