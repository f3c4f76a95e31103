// Cards of the board by pointer. The menu of each card does the same by keyboard and on touch screens.
const toast = (text, kind) => document.dispatchEvent(new CustomEvent("filrouge:toast", { detail: { text, kind } }));

let dragged = null;
const acting = (card, act) => card.querySelector(`[data-does="${act}"]`);
const columnOf = (event) => {
  const column = event.target.closest?.("[data-horizon], [data-act]");
  return column && (column.dataset.horizon || acting(dragged, column.dataset.act)) ? column : null;
};
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
  const { act } = column.dataset;
  if (act) acting(dragged, act).click();
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
    window.htmx?.process(document.querySelector("[data-board]"));
    toast(board.dataset.moved.replace("{title}", card.dataset.title), "success");
  } catch {
    toast(problem, "error");
  }
}

// The question that a move leaves waits in a corner: answered, put off by its button or Escape, it goes.
const gone = (sheet) => {
  const focused = sheet.contains(document.activeElement);
  const board = sheet.closest("[data-board]");
  sheet.remove();
  history.replaceState(null, "", location.href.replace(/([?&])asks=\d+&?/, "$1").replace(/[?&]$/, ""));
  if (focused) board.querySelector(".card-menu > summary")?.focus();
};

document.addEventListener("click", (event) => {
  const later = event.target.closest?.("[data-later]");
  if (!later || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  gone(later.closest("[data-sheet]"));
});

document.addEventListener("keydown", (event) => {
  const sheet = event.target.closest?.("[data-sheet]");
  if (sheet && event.key === "Escape") gone(sheet);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const sheet = form.closest("[data-sheet]");
  if (!sheet) return;
  event.preventDefault();
  let problem = sheet.closest("[data-board]").dataset.failed;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Board": "1" } });
    if ([409, 422].includes(answer.status)) problem = await answer.text();
    if (!answer.ok) throw new Error(problem);
    toast(form.dataset.answered, "success");
    gone(sheet);
  } catch {
    toast(problem, "error");
  }
});
