// Short messages: a toast that goes, a banner that stays while something is wrong, the end of a session.
import { byId, fill, h, icon } from "./dom.js";
import { t } from "./i18n.js";

let going = 0;

export function toast(text, action = "", act = null) {
  const element = byId("toast");
  clearTimeout(going);
  const button = action && h("button", { type: "button", onclick: () => { element.classList.remove("on"); act(); } }, action);
  // A modal dialog makes everything outside it inert: the message belongs inside, then.
  (document.querySelector("dialog[open]:last-of-type") ?? document.body).append(element);
  fill(element, h("span", {}, text), button);
  element.classList.add("on");
  going = setTimeout(() => element.classList.remove("on"), action ? 8000 : 4000);
}

export function banner(text) {
  const element = byId("banner");
  element.hidden = !text;
  if (text) fill(element, icon("alert"), h("span", {}, text));
}

export function announce(text) {
  byId("announce").textContent = text;
}

export function ended() {
  if (byId("ended")) return;
  const dialog = h("dialog", { id: "ended", class: "box", "aria-labelledby": "ended-title" },
    h("h2", { id: "ended-title" }, t("ended.title")),
    h("p", {}, t("ended.text")),
    h("button", { type: "button", class: "primary", onclick: () => location.reload() }, t("ended.again")));
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
}
