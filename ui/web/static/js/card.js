// A product as a card: everything that decides at a glance, and one way into all the rest.
import { compare, putInCart, refuse, save } from "./actions.js";
import { h, icon, iconButton } from "./dom.js";
import { money, number, price, share, stars, t } from "./i18n.js";
import { isMarked, state } from "./state.js";
import { toast } from "./notices.js";

let doors = {};
// How a card opens the sheet, the cart, and says something; given by the page once.
export function openBy(given) {
  doors = given;
}

export function picture(card, eager = false) {
  if (!card.image) return h("div", { class: "picture none", "aria-hidden": "true", vars: hueOf(card) }, card.title.charAt(0));
  const image = h("img", { src: card.image, alt: "", width: 320, height: 320, loading: eager ? "eager" : "lazy", decoding: "async" });
  image.addEventListener("error", () => image.parentElement.replaceWith(picture({ ...card, image: null })));
  return h("div", { class: "picture" }, image);
}

// A product without a picture has the colour of its kind, so that a shelf of them is not one grey.
export function hueOf({ category, title }) {
  const name = category?.at(-1) ?? title;
  return { "--hue": String([...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7)) };
}

export function moneyOf(card) {
  const reduced = card.regularPrice && card.price !== null;
  return h("p", { class: "money" },
    h("span", { class: card.price === null ? "price none" : "price" }, price(card)),
    reduced && h("s", { "aria-label": t("price.regular", { price: money(card.regularPrice, card.currency) }) }, money(card.regularPrice, card.currency)),
    reduced && h("span", { class: "reduced" }, `−${share(1 - card.price / card.regularPrice)}`));
}

export function starsOf(card) {
  if (card.stars === null) return h("p", { class: "stars none" }, t("stars.none"));
  const spoken = card.reviews
    ? t("stars.spoken", { stars: stars(card.stars), count: card.reviews })
    : t("stars.spoken_only", { stars: stars(card.stars) });
  return h("p", { class: "stars" },
    h("span", { "aria-hidden": "true" }, icon("star"), stars(card.stars)),
    card.reviews > 0 && h("span", { class: "count", "aria-hidden": "true" }, `(${number(card.reviews)})`),
    h("span", { class: "hidden" }, spoken));
}

export function stockOf(card) {
  if (card.stock === 0) return h("p", { class: "stock out" }, t("stock.out"));
  if (card.stock !== null && card.stock <= 5) return h("p", { class: "stock low" }, t("stock.low", { count: card.stock }));
  return null;
}

export function saveButton(card) {
  const on = isMarked("saved", card.id);
  return iconButton("heart", t("save.of", { title: card.title }), () => save(card), { class: "icon-button save", "aria-pressed": on });
}

export async function addToCart(card) {
  if (card.hasOptions) {
    doors.sheet(card);
    return;
  }
  if (await putInCart(card.id, 1)) toast(t("cart.added", { title: card.title }), t("cart.show"), doors.cart);
}

export function cardOf(card, { rank = 0, eager = false } = {}) {
  const reason = card.reasons?.[0];
  const named = `card-${card.id}-${rank}`;
  return h("article", { class: "card", "data-id": card.id, "aria-labelledby": named },
    picture(card, eager),
    rank > 0 && h("span", { class: "rank", "aria-hidden": "true" }, number(rank)),
    state.shop.features.saved && saveButton(card),
    h("div", { class: "facts" },
      card.label && h("p", { class: "label" }, card.label),
      h("h3", { id: named }, h("button", { type: "button", class: "open", onclick: () => doors.sheet(card) }, card.title)),
      h("div", { class: "figures" }, moneyOf(card), starsOf(card)),
      reason && h("p", { class: "why" }, icon(reason.kind === "buyers" ? "chat" : "check"), h("span", {}, reason.text)),
      card.drawback ? h("p", { class: "but" }, icon("alert"), h("span", {}, card.drawback.text)) : stockOf(card)),
    h("div", { class: "acts" },
      state.shop.features.cart && h("button", { type: "button", class: "add", disabled: card.stock === 0, "aria-label": card.stock === 0 ? null : t(card.hasOptions ? "options.choose.of" : "cart.add.of", { title: card.title }), onclick: () => addToCart(card) },
        icon("cart"), h("span", {}, card.stock === 0 ? t("stock.out") : t(card.hasOptions ? "options.choose" : "cart.add.short"))),
      iconButton("more", t("more.of", { title: card.title }), (event) => menu(card, event.currentTarget), { class: "icon-button dots", "aria-haspopup": "true" })));
}

// A small card for a row of suggestions.
export function tileOf(card, note = "") {
  return h("button", { type: "button", class: "tile", onclick: () => doors.sheet(card) },
    picture(card), h("span", { class: "tile-title" }, card.title),
    h("span", { class: "tile-price" }, price(card)), note && h("span", { class: "tile-note" }, note));
}

function menu(card, anchor) {
  const close = () => box.hidePopover();
  const item = (name, text, act) => h("button", { type: "button", onclick: () => { close(); act(); } }, icon(name), h("span", {}, text));
  const compared = isMarked("compared", card.id);
  const box = h("div", { popover: "auto", class: "menu" },
    state.shop.features.compare && item("scales", t(compared ? "compare.remove" : "compare.add"), () => compare(card)),
    item("spark", t("more.like"), () => doors.more(card)),
    item("close", t("unwanted.add"), () => refuse(card)));
  document.body.append(box);
  box.addEventListener("toggle", (event) => {
    if (event.newState === "closed") {
      box.remove();
      if (document.activeElement === document.body) anchor.focus();
    }
  });
  box.showPopover();
  const at = anchor.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8))}px`;
  box.style.top = `${at.bottom + size.height + 8 > innerHeight ? Math.max(8, at.top - size.height - 4) : at.bottom + 4}px`;
  box.querySelector("button").focus();
}

// Hearts follow what is saved, wherever they stand.
export function followMarks() {
  for (const card of document.querySelectorAll(".card")) {
    card.querySelector(".save")?.setAttribute("aria-pressed", isMarked("saved", card.dataset.id));
  }
}

export const skeletons = (count) => Array.from({ length: count }, () =>
  h("div", { class: "card ghost", "aria-hidden": "true" }, h("div", { class: "picture" }), h("div", { class: "facts" }, h("i"), h("i"), h("i"))));

