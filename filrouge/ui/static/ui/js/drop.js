// A file may be dropped on [data-drop]; the input inside holds it, so the form works the same without this.
const zoneOf = (event) => event.target.closest?.("[data-drop]");
const language = document.documentElement.lang;

const size = (bytes) => {
  const [unit, amount] = bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(amount);
};

document.addEventListener("change", (event) => {
  const zone = zoneOf(event);
  if (event.target.type !== "file" || !zone) return;
  const files = [...event.target.files];
  zone.classList.toggle("filled", files.length > 0);
  const text = zone.querySelector("[data-drop-text]");
  text.dataset.told ??= text.textContent;
  text.textContent = files.map((file) => `${file.name}, ${size(file.size)}`).join("; ") || text.dataset.told;
});

document.addEventListener("dragover", (event) => {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  zone.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  const zone = zoneOf(event);
  if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  const zone = zoneOf(event);
  const input = zone?.querySelector('input[type="file"]');
  if (!input) return;
  event.preventDefault();
  zone.classList.remove("over");
  if (!event.dataTransfer.files.length || input.disabled) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
