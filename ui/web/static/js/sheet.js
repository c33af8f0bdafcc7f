// A product in full: pictures, price, options, why it is shown, all facts, what buyers say, what goes with it.
import { get } from "./api.js";
import { attempt, compare, putInCart, refuse, save } from "./actions.js";
import { hueOf, moneyOf, starsOf, stockOf, tileOf } from "./card.js";
import { cardWith, isGone } from "./choice.js";
import { fill, h, icon } from "./dom.js";
import { fact, has, number, share, stars, t, titled } from "./i18n.js";
import { toast } from "./notices.js";
import { panel, stepper } from "./panel.js";
import { isMarked, on, state } from "./state.js";

let openCart = () => {};
let sayMore = () => {};

export function sheetBy({ cart, more }) {
  openCart = cart;
  sayMore = more;
}

export async function openSheet(card) {
  const view = panel("sheet", card.title, h("div", { class: "sheet ghost", "aria-busy": "true" }, h("div", { class: "gallery" }), h("div", { class: "buy" }, h("i"), h("i"), h("i"))));
  const told = await attempt(() => get("product", { id: card.id }));
  if (!view.dialog.open) return;
  if (!told) {
    view.fill(h("p", { class: "missing" }, t("sheet.missing")), h("button", { type: "button", class: "secondary", onclick: () => openSheet(card) }, t("retry")));
    return;
  }
  const whole = { ...told.card, reasons: card.reasons ?? [], drawback: card.drawback ?? null };
  view.fill(h("div", { class: "sheet" },
    gallery(told, whole), buy(told, whole), reasons(whole),
    h("div", { class: "told" }, about(told), facts(told.facts)),
    opinions(told.opinions),
    tiles(t("sheet.companions"), told.companions.map(({ card: other, shoppers }) => tileOf(other, t(`sheet.together.${basis(told.companions_basis)}`, { count: shoppers })))),
    tiles(t("sheet.similar"), told.similar.map((other) => tileOf(other)))));
}

const basis = (told) => (has(`sheet.together.${told}`) ? told : "took");

function gallery({ images }, card) {
  if (!images.length) return h("div", { class: "gallery none", "aria-hidden": "true", vars: hueOf(card) }, card.title.charAt(0));
  const large = h("img", { src: images[0], alt: t("sheet.picture", { title: card.title }), width: 640, height: 640 });
  const choose = (source) => {
    large.src = source;
    for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.source === source);
  };
  const buttons = images.map((source, at) =>
    h("button", { type: "button", "data-source": source, "aria-pressed": at === 0, "aria-label": t("sheet.picture.number", { count: at + 1 }), onclick: () => choose(source) }, h("img", { src: source, alt: "", width: 64, height: 64 })));
  const small = images.length > 1 && h("div", { class: "thumbs" }, buttons);
  return h("div", { class: "gallery" }, large, small);
}

function buy(told, card) {
  const { options } = told;
  const chosen = {};
  let quantity = 1;
  const names = Object.keys(options);
  const missing = () => names.filter((name) => options[name].length > 1 && !chosen[name]);
  for (const name of names) if (options[name].length === 1) chosen[name] = options[name][0];
  const note = h("p", { class: "need", role: "alert" });
  const add = async () => {
    if (missing().length) {
      note.textContent = t("options.missing", { names: missing().map(titled).join(", ") });
      fields.querySelector("input:not(:checked)")?.focus();
      return;
    }
    if (await putInCart(card.id, quantity, { options: chosen })) toast(t("cart.added", { title: card.title }), t("cart.show"), openCart);
  };
  const figures = h("div", { class: "figures" });
  const stock = h("div", { class: "stock-now" });
  const press = h("button", { type: "button", class: "primary", onclick: add });
  const boxes = [];
  const draw = () => {
    const now = cardWith(told, chosen);
    fill(figures, moneyOf(now), starsOf(card));
    fill(stock, stockOf(now) ?? (now.stock === null ? null : h("p", { class: "stock in" }, t("stock.in", { count: now.stock }))));
    fill(press, icon("cart"), t(now.stock === 0 ? "stock.out" : "cart.add"));
    press.disabled = now.stock === 0;
    for (const { name, value, label, gone } of boxes) {
      const out = isGone(told, chosen, name, value);
      label.classList.toggle("gone", out);
      gone.textContent = out ? ` (${t("options.sold_out")})` : "";
    }
  };
  const box = (name, value) => {
    const gone = h("span", { class: "hidden" });
    const label = h("label", { class: "option" },
      h("input", { type: "radio", name: `option-${name}`, value, checked: chosen[name] === value, onchange: () => { chosen[name] = value; note.textContent = ""; draw(); } }),
      h("span", { class: "value" }, value), gone);
    boxes.push({ name, value, label, gone });
    return label;
  };
  const fields = h("div", { class: "options" }, names.map((name) => h("fieldset", {}, h("legend", {}, titled(name)), options[name].map((value) => box(name, value)))));
  const { features } = state.shop;
  draw();
  return h("div", { class: "buy" },
    h("p", { class: "path" }, [card.brand, ...card.category].filter(Boolean).join(" · ")),
    figures,
    names.length > 0 && fields, stock, note,
    features.cart && h("div", { class: "take" },
      stepper(t("quantity"), 1, (count) => { quantity = count; }), press),
    h("div", { class: "also" },
      features.saved && toggle("heart", "saved", card, () => save(card), "save", "save.on"),
      features.compare && toggle("scales", "compared", card, () => compare(card), "compare.add", "compare.on"),
      h("button", { type: "button", class: "secondary", onclick: () => sayMore(card) }, icon("spark"), t("more.like")),
      h("button", { type: "button", class: "secondary", onclick: () => refuse(card) }, icon("close"), t("unwanted.add")),
      card.url && h("a", { class: "secondary", href: card.url, target: "_blank", rel: "noopener noreferrer" }, icon("link"), t("sheet.shop_page"))));
}

const toggles = new Set();

function toggle(name, kind, card, act, off, onText) {
  const label = h("span", {});
  const button = h("button", { type: "button", class: `secondary ${kind}`, onclick: act }, icon(name), label);
  const show = () => {
    const marked = isMarked(kind, card.id);
    button.setAttribute("aria-pressed", marked);
    label.textContent = t(marked ? onText : off);
  };
  show();
  toggles.add({ button, show });
  return button;
}

on("marks", () => {
  for (const one of toggles) if (one.button.isConnected) one.show(); else toggles.delete(one);
});

function reasons(card) {
  const told = [...card.reasons.map((reason) => ["for", reason]), ...(card.drawback ? [["against", card.drawback]] : [])];
  if (!told.length) return null;
  return h("section", { class: "reasons" }, h("h3", {}, t("sheet.why")), h("ul", {}, told.map(([side, reason]) => h("li", { class: side },
    icon(side === "for" ? "check" : "alert"),
    h("details", {}, h("summary", {}, reason.text), h("dl", {}, reason.evidence.flatMap((piece) => [h("dt", {}, source(piece)), h("dd", {}, piece.text)])))))));
}

const source = (piece) => (has(`evidence.${piece.kind}`) ? t(`evidence.${piece.kind}`, { source: piece.source }) : titled(piece.source));

function about({ description }) {
  return description && h("section", { class: "about" }, h("h3", {}, t("sheet.about")), description.split(/\n+/).filter(Boolean).map((line) => h("p", {}, line)));
}

function facts(told) {
  return told.length > 0 && h("section", { class: "all-facts" }, h("h3", {}, t("sheet.facts")), h("dl", {}, told.map(({ name, value, unit }) =>
    h("div", {}, h("dt", {}, titled(name)), h("dd", {}, fact(value, unit))))));
}

function opinions(told) {
  if (!told) return h("section", { class: "opinions" }, h("h3", {}, t("opinions.title")), h("p", { class: "aside" }, t("stars.none")));
  const most = Math.max(1, ...told.stars);
  const rated = told.stars.reduce((sum, count) => sum + count, 0);
  return h("section", { class: "opinions" }, h("h3", {}, t("opinions.title")),
    rated > 0 && h("div", { class: "spread" },
      h("p", { class: "mean" }, h("strong", {}, told.mean === null ? "–" : stars(told.mean)), h("span", {}, t("opinions.count", { count: told.reviews }))),
      h("ul", { "aria-label": t("opinions.spread") }, told.stars.map((count, at) => [at + 1, count]).reverse().map(([at, count]) =>
        h("li", {}, h("span", {}, t("opinions.stars", { count: at })), h("span", { class: "bar", "aria-hidden": "true", vars: { "--share": `${(100 * count) / most}%` } }), h("span", {}, number(count)))))),
    told.aspects.length > 0 && h("div", { class: "aspects" }, told.aspects.map(aspect)),
    told.suspicious > 0 && h("p", { class: "aside" }, t("opinions.suspicious", { count: told.suspicious })));
}

function aspect({ name, positive, negative, quotes }) {
  const of = positive + negative;
  const label = name === "overall" ? t("opinions.overall") : titled(name);
  const head = [h("span", { class: "aspect-name" }, label),
    h("span", { class: "bar two", "aria-hidden": "true", vars: { "--share": `${(100 * positive) / of}%` } }),
    h("span", { class: "aspect-count" }, t("opinions.of", { positive, count: of }), h("span", { class: "hidden" }, share(positive / of)))];
  if (!quotes.length) return h("div", { class: "aspect" }, head);
  return h("details", { class: "aspect" }, h("summary", {}, head), quotes.map((quote) =>
    h("blockquote", { class: quote.polarity }, h("p", {}, quote.text), quote.stars !== null && h("footer", {}, t("opinions.quoted", { count: quote.stars })))));
}

function tiles(title, made) {
  return made.length > 0 && h("section", { class: "others" }, h("h3", {}, title), h("div", { class: "tiles" }, made));
}
