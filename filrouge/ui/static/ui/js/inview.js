// What scrolls sideways opens where one is: the current tab, and today on a timeline.
function centre(box, mark) {
  if (!mark || box.scrollWidth <= box.clientWidth) return;
  const at = mark.getBoundingClientRect();
  box.scrollLeft += at.left + at.width / 2 - box.getBoundingClientRect().left - box.clientWidth / 2;
}
for (const tabs of document.querySelectorAll(".tabs")) centre(tabs, tabs.querySelector("[aria-current]"));
for (const line of document.querySelectorAll(".region .timeline-today path")) centre(line.closest(".region"), line);
