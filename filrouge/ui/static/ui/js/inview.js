// What scrolls sideways opens where one is: the current tab, and today on a timeline.
function centre(box, mark) {
  if (!mark || box.scrollWidth <= box.clientWidth) return;
  const at = mark.getBoundingClientRect();
  box.scrollLeft += at.left + at.width / 2 - box.getBoundingClientRect().left - box.clientWidth / 2;
}
for (const tabs of document.querySelectorAll(".tabs")) centre(tabs, tabs.querySelector("[aria-current]"));
// No period begins half hidden under the names of the lanes: the nearest one begins beside them.
function begin(box) {
  const edge = box.querySelector(".timeline-head > :first-child").getBoundingClientRect().right;
  const starts = Array.from(box.querySelectorAll(".timeline-head > div > span"), (one) => one.getBoundingClientRect().left - edge);
  if (starts.length) box.scrollLeft += starts.reduce((best, one) => (Math.abs(one) < Math.abs(best) ? one : best));
}

for (const line of document.querySelectorAll(".region .timeline-today path")) {
  const box = line.closest(".region");
  centre(box, line);
  begin(box);
}
