// The inbox's list: it goes on by itself as one reaches its end, and ticked rows are marked together.
const inbox = document.querySelector("[data-inbox]");
const marking = document.getElementById("marking");

const older = async (link) => {
  if (link.dataset.busy) return;
  link.dataset.busy = "yes";
  const answer = await fetch(link.href).catch(() => null);
  if (!answer?.ok) return void delete link.dataset.busy;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  inbox.querySelector(".words-list").append(...page.querySelectorAll(".words-list > li"));
  const following = page.querySelector("[data-older]");
  const place = link.closest("[data-older]");
  if (following) place.replaceWith(following);
  else place.remove();
  watch();
};

const near = new IntersectionObserver(
  (seen) => seen.forEach((entry) => entry.isIntersecting && older(entry.target)),
  { rootMargin: "600px" },
);
const watch = () => inbox.querySelectorAll("[data-older] a").forEach((link) => near.observe(link));

const ticked = () => {
  const number = inbox.querySelectorAll('input[name="words"]:checked').length;
  const told = marking.querySelector("[data-ticked]");
  marking.hidden = !number;
  told.textContent = number === 1 ? told.dataset.one : told.dataset.many.replace("{n}", number);
};

if (inbox && marking) {
  inbox.addEventListener("change", ticked);
  watch();
}
