// A modal panel: a sheet from below on a phone, from the side or in the middle on a wide screen. One at a time
// of each kind; the browser keeps the focus inside, Escape closes, and the focus goes back to where it was.
import { byId, fill, h, iconButton } from "./dom.js";
import { t } from "./i18n.js";

export function panel(kind, title, ...content) {
  const opener = document.activeElement;
  byId(`panel-${kind}`)?.close();
  byId("toast").classList.remove("on"); // it would lie half under the panel
  const heading = h("h2", { id: `title-${kind}`, tabindex: "-1" }, title);
  const body = h("div", { class: "panel-body" }, content);
  const dialog = h("dialog", { id: `panel-${kind}`, class: `panel ${kind}-panel`, "aria-labelledby": `title-${kind}` },
    h("div", { class: "panel-head" }, heading, iconButton("close", t("close"), () => dialog.close(), { class: "icon-button shut" })),
    body);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    if (dialog.contains(byId("toast"))) document.body.append(byId("toast"));
    dialog.remove();
    if (opener?.isConnected) opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  heading.focus();
  return { dialog, body, fill: (...nodes) => fill(body, ...nodes), title: (text) => fill(heading, text) };
}

export const isOpen = (kind) => byId(`panel-${kind}`) !== null;

export const closeAll = () => document.querySelectorAll("dialog.panel").forEach((dialog) => dialog.close());

export function stepper(label, value, change, { least = 1, most = 99 } = {}) {
  const shown = h("output", { "aria-live": "polite" }, String(value));
  let now = value;
  const step = (by) => {
    const next = Math.max(least, Math.min(most, now + by));
    if (next === now) return;
    now = next;
    shown.textContent = String(now);
    change(now);
  };
  return h("div", { class: "stepper", role: "group", "aria-label": label },
    iconButton("minus", t("quantity.less"), () => step(-1)), shown, iconButton("plus", t("quantity.more"), () => step(1)));
}
