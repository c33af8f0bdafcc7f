// What stands beside the conversation: cart, saved products, comparison, past conversations, how an answer came
// about, and the page's own settings. All of it is kept on the server, by the shopper.
import { get, post } from "./api.js";
import { attempt, putInCart, refresh, save, setMark } from "./actions.js";
import { addToCart, moneyOf, picture, starsOf } from "./card.js";
import { h, icon, iconButton } from "./dom.js";
import { fact, has, money, spoken, t, titled, when } from "./i18n.js";
import { isOpen, panel, stepper } from "./panel.js";
import { changed, isMarked, on, state } from "./state.js";
import { voiceChoices, voiceNote } from "./voice.js";

let sheet = () => {};
let conversation = {};

export function drawersBy(given) {
  ({ sheet, conversation } = given);
}

const empty = (name, text) => h("div", { class: "nothing" }, icon(name), h("p", {}, text));
const ghosts = () => Array.from({ length: 3 }, () => h("div", { class: "line ghost", "aria-hidden": "true" }, h("div", { class: "picture" }), h("div", {}, h("i"), h("i"))));

// --- cart ---------------------------------------------------------------------------------------------------

let redrawCart = () => {};

export async function openCart() {
  const view = panel("cart", t("cart.title"), ghosts());
  redrawCart = async (cart) => {
    const now = cart ?? (await attempt(() => get("cart")));
    if (now && view.dialog.open) view.fill(cartBody(now));
  };
  await redrawCart(null);
}

on("cart", () => isOpen("cart") && redrawCart(null));

function cartBody(cart) {
  if (!cart.lines.length) return empty("cart", t("cart.empty"));
  const totals = Object.entries(cart.totals).map(([currency, total]) => money(total, currency)).join(" + ");
  return [
    h("ul", { class: "lines" }, cart.lines.map(cartLine)),
    h("div", { class: "sum" },
      h("p", {}, h("span", {}, t("cart.total", { count: cart.count })), h("strong", {}, totals || t("price.none"))),
      cart.unpriced > 0 && h("p", { class: "aside" }, t("cart.unpriced", { count: cart.unpriced })),
      cart.checkout
        ? h("a", { class: "primary", href: cart.checkout, target: "_blank", rel: "noopener" }, t("cart.check_out"))
        : h("p", { class: "aside" }, t("cart.no_check_out"))),
  ];
}

function cartLine({ card, quantity, options, price, stock, toChoose }) {
  const set = (count) => putInCart(card.id, count, { add: false, options });
  const chosen = Object.entries(options).map(([name, value]) => `${titled(name)}: ${value}`).join(", ");
  return h("li", { class: "line", "data-id": card.id }, picture(card), h("div", { class: "line-text" },
    h("button", { type: "button", class: "link-title", onclick: () => sheet(card) }, card.title),
    chosen && h("p", { class: "aside" }, chosen),
    toChoose.length > 0 && h("p", { class: "need" }, t("cart.to_choose", { names: toChoose.map(titled).join(", ") })),
    stock === 0 && h("p", { class: "stock out" }, t("stock.out")),
    h("div", { class: "line-foot" }, stepper(t("quantity.of", { title: card.title }), quantity, set),
      h("strong", {}, price === null ? t("price.none") : money(price * quantity, card.currency)),
      iconButton("trash", t("cart.remove", { title: card.title }), () => set(0)))));
}

// --- saved --------------------------------------------------------------------------------------------------

export async function openSaved() {
  const view = panel("saved", t("saved.title"), ghosts());
  const told = await attempt(() => get("saved"));
  if (!told || !view.dialog.open) return;
  const draw = () => {
    const kept = told.cards.filter((card) => isMarked("saved", card.id));
    view.fill(kept.length ? [h("p", { class: "aside" }, t("saved.note")), h("ul", { class: "lines" }, kept.map((card) => savedLine(card, draw)))] : empty("heart", t("saved.empty")));
  };
  draw();
}

function savedLine(card, draw) {
  return h("li", { class: "line" }, picture(card), h("div", { class: "line-text" },
    h("button", { type: "button", class: "link-title", onclick: () => sheet(card) }, card.title),
    h("div", { class: "figures" }, moneyOf(card), starsOf(card)),
    h("div", { class: "line-foot" },
      state.shop.features.cart && h("button", { type: "button", class: "secondary", disabled: card.stock === 0, onclick: () => addToCart(card) }, icon("cart"), t(card.hasOptions ? "options.choose" : "cart.add")),
      iconButton("trash", t("saved.remove", { title: card.title }), async () => { await save(card); draw(); }))));
}

// --- comparison ---------------------------------------------------------------------------------------------

export async function openCompare() {
  const view = panel("compare", t("compare.title"), ghosts());
  const draw = async () => {
    const items = state.marks.compared.slice(0, 4).reverse(); // as they were added
    if (!items.length) {
      view.fill(empty("scales", t("compare.empty")));
      return;
    }
    const told = await attempt(() => post("compare", { items }));
    if (told && view.dialog.open) view.fill(compared(told, draw));
  };
  await draw();
}

function compared({ cards, rows }, draw) {
  const remove = async (card) => { await setMark("compared", card.id, false); draw(); };
  return h("div", { class: "table", tabindex: 0, role: "group", "aria-label": t("compare.title") }, h("table", {},
    h("thead", {}, h("tr", {}, h("td", {}), cards.map((card) => h("th", { scope: "col" }, picture(card),
      h("div", { class: "drop" }, h("button", { type: "button", class: "link-title", onclick: () => sheet(card) }, card.title),
        iconButton("trash", t("compare.remove.of", { title: card.title }), () => remove(card))))))),
    h("tbody", {},
      h("tr", {}, h("th", { scope: "row" }, t("price")), cards.map((card) => h("td", {}, moneyOf(card)))),
      h("tr", {}, h("th", { scope: "row" }, t("stars")), cards.map((card) => h("td", {}, starsOf(card)))),
      rows.map((row) => h("tr", { class: row.differs ? "differs" : "same" }, h("th", { scope: "row" }, titled(row.name)),
        row.cells.map((cell) => h("td", { class: cell === null ? "unknown" : null }, fact(cell, row.unit))))))),
    cards.length < 2 && h("p", { class: "aside" }, t("compare.one")));
}

// --- past conversations ---------------------------------------------------------------------------------------

export async function openHistory() {
  const view = panel("history", t("history.title"), ghosts());
  await refresh();
  const draw = () => view.fill(
    h("button", { type: "button", class: "primary", onclick: () => { view.dialog.close(); conversation.begin(); } }, icon("plus"), t("history.new")),
    state.conversations.length
      ? h("ul", { class: "past" }, state.conversations.map((one) => past(one, view, draw)))
      : empty("history", t("history.empty")));
  if (view.dialog.open) draw();
}

function past({ id, title, used }, view, draw) {
  const here = id === state.conversation;
  const remove = async () => {
    const told = await attempt(() => post("delete", { conversation: id }));
    if (!told) return;
    state.conversations = told.conversations;
    if (here) conversation.begin();
    changed("conversations");
    draw();
  };
  return h("li", { class: here ? "here" : null },
    h("button", { type: "button", class: "past-open", "aria-current": here ? "true" : null, onclick: () => { view.dialog.close(); conversation.open(id); } },
      h("span", {}, title), h("span", { class: "aside" }, when(used))),
    state.shop.features.export && h("a", { class: "icon-button", href: `/api/export?id=${id}`, download: "", "aria-label": t("history.export", { title }), title: t("history.export", { title }) }, icon("download")),
    iconButton("trash", t("history.delete", { title }), remove));
}

// --- how an answer came about -----------------------------------------------------------------------------------

export function openWhy(turn) {
  const understood = (turn.inForce ?? []).map((chip) => chip.label);
  const calls = (turn.why.calls ?? []).map((name) => (has(`tool.${name}`) ? t(`tool.${name}`) : titled(name.replaceAll("_", " "))));
  panel("why", t("why.title"),
    h("section", {}, h("h3", {}, t("why.understood")), understood.length ? h("ul", { class: "chips" }, understood.map((label) => h("li", {}, h("span", { class: "chip past" }, label)))) : h("p", {}, t("why.no_conditions"))),
    calls.length > 0 && h("section", {}, h("h3", {}, t("why.done")), h("ol", {}, calls.map((name) => h("li", {}, name)))),
    turn.notices?.length > 0 && h("section", {}, h("h3", {}, t("why.noted")), turn.notices.map((notice) => h("p", {}, notice))),
    turn.cards.length > 0 && h("section", {}, h("h3", {}, t("why.products")), h("ol", { class: "why-cards" }, turn.cards.map((card) => h("li", {},
      h("button", { type: "button", class: "link-title", onclick: () => sheet(card) }, card.title),
      h("ul", {}, card.reasons.map((reason) => h("li", {}, reason.text)), card.drawback && h("li", { class: "against" }, card.drawback.text)),
      signals(turn.why.signals?.[card.id]))))),
    h("p", { class: "aside" }, t("why.made", { model: turn.why.model === "planner" ? t("why.planner") : turn.why.model, count: Math.round(turn.why.ms ?? 0) })));
}

function signals(scores) {
  if (!scores) return null;
  const told = Object.entries(scores).filter(([name, score]) => score > 0 && has(`signal.${name}`)).sort((a, b) => b[1] - a[1]).slice(0, 3);
  return told.length > 0 && h("p", { class: "aside" }, t("why.signals", { names: told.map(([name]) => t(`signal.${name}`)).join(", ") }));
}

// --- settings ---------------------------------------------------------------------------------------------------

export function openSettings({ theme, language, pose, names }) {
  const choice = (label, now, options, choose) => h("label", { class: "setting" }, h("span", {}, label),
    h("select", { onchange: (event) => choose(event.target.value) }, options.map(([value, text]) => h("option", { value, selected: value === now }, text))));
  panel("settings", t("settings.title"),
    choice(t("settings.language"), spoken(), names.languages.map((name) => [name, new Intl.DisplayNames([name], { type: "language" }).of(name)]), language),
    choice(t("settings.theme"), document.documentElement.dataset.theme ?? "system", ["system", "light", "dark"].map((name) => [name, t(`theme.${name}`)]), theme),
    names.shoppers.length > 0 && choice(t("settings.shopper"), names.posing ?? "", [["", t("settings.guest")], ...names.shoppers.map((name) => [name, name])], pose),
    voiceChoices().map((one) => choice(one.label, one.now, one.options, one.choose)),
    h("p", { class: "aside" }, t("settings.privacy")),
    voiceNote() && h("p", { class: "aside" }, voiceNote()));
}

