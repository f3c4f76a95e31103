// Words selected inside [data-words-id] become a quote: offsets count code points of the text as it is stored.
// [data-quote-all] takes the whole text where nothing is selected, unless it is too long to be a quote.
const LONGEST = 1000;
const form = document.querySelector("[data-quote-dialog] form");
const dialog = form?.closest("dialog");
const button = document.querySelector("[data-quote-button]");

const points = (text) => [...text].length;

const picked = () => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const owner = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-words-id]");
  const words = owner(range.startContainer);
  if (!words || words !== owner(range.endContainer)) return null;
  const before = document.createRange();
  before.setStart(words, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const text = range.toString();
  const lead = text.length - text.trimStart().length;
  const start = points(before.toString()) + points(text.slice(0, lead));
  const kept = text.trim();
  return kept && { words, range, text: kept, start, end: start + points(kept) };
};

const place = () => {
  const found = picked();
  if (!button) return;
  button.hidden = !found;
};

const quote = (event) => {
  const found = picked();
  if (!found || !form) return;
  event.preventDefault();
  const values = { words: found.words.dataset.wordsId, version: found.words.dataset.wordsVersion, start: found.start, end: found.end };
  for (const [name, value] of Object.entries(values)) if (form.elements[name]) form.elements[name].value = value ?? "";
  form.querySelector("[data-quote-text]").textContent = found.text;
  dialog.showModal();
  form.querySelector("textarea, select, input:not([type=hidden]), .button.main")?.focus();
};

const quoteAll = (asked) => {
  const words = (asked.closest("[data-pane]") ?? document).querySelector("[data-words-id]");
  if (picked()?.words !== words) {
    if (points(words.textContent) > LONGEST) {
      return document.dispatchEvent(new CustomEvent("filrouge:toast", { detail: { text: asked.dataset.tooLong, kind: "info" } }));
    }
    getSelection().selectAllChildren(words);
  }
  button.click();
};

if (form) {
  document.addEventListener("pointerdown", (event) => event.target.closest("[data-quote-all]") && event.preventDefault());
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-quote-all]");
    if (asked) quoteAll(asked);
  });
  document.addEventListener("selectionchange", place);
  button?.addEventListener("pointerdown", (event) => event.preventDefault());
  button?.addEventListener("click", quote);
}
