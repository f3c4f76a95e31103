// Quoting without leaving the inbox: the dialog is sent from here.
const inbox = document.querySelector("[data-inbox]");
const form = document.querySelector("[data-quote-dialog] form");

const say = (text, kind = "success") => document.dispatchEvent(new CustomEvent("filrouge:toast", { detail: { text, kind } }));

const quoted = () => {
  const key = form.elements.words.value;
  form.closest("dialog").close();
  form.elements.insight.value = "";
  form.querySelector("[data-quote-errors]").replaceChildren();
  getSelection().removeAllRanges();
  say(inbox.dataset.quoted);
  document.getElementById("pane").dispatchEvent(new CustomEvent("filrouge:quoted", { bubbles: true, detail: { key } }));
};

const send = async () => {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Dialog": "1" } });
  if (answer.status === 204) return quoted();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const errors = page.querySelector(".form-errors");
  if (!errors) return say(inbox.dataset.failed, "error");
  form.querySelector("[data-quote-errors]").replaceChildren(errors);
};

if (inbox && form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send().catch(() => say(inbox.dataset.failed, "error"));
  });
}
