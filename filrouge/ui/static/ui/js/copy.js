// Whatever has data-copy="Copy" gets that button; without a clipboard the text is selected instead.
const select = (node) => {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
};

for (const node of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button small", textContent: node.dataset.copy });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(node.textContent.trim());
      button.textContent = node.dataset.copied;
    } catch {
      select(node);
    }
  });
  node.after(button);
}
