// The shelf: the products of the turn in view, with what is in force; before that, what the shop has.
import { cardOf, picture, skeletons } from "./card.js";
import { byId, fill, h, icon } from "./dom.js";
import { number, t } from "./i18n.js";
import { changed, isMarked, listed, state } from "./state.js";

const ORDERS = {
  best: null,
  cheap: (a, b) => (a.price ?? Infinity) - (b.price ?? Infinity),
  dear: (a, b) => (b.price ?? -Infinity) - (a.price ?? -Infinity),
  stars: (a, b) => (b.stars ?? 0) - (a.stars ?? 0),
};
let order = "best";
let say = () => {};
let drop = () => {};

export function shelfBy(given) {
  ({ say, drop } = given);
}

export function showTurn(turn) {
  state.shown = turn;
  order = "best";
  changed("shelf");
}

export function drawShelf() {
  const turn = state.shown;
  byId("shelf").setAttribute("aria-busy", String(turn?.state === "waiting"));
  if (!turn) drawStart();
  else drawTurn(turn);
  byId("shelf").classList.toggle("empty", Boolean(turn && turn.state === "done" && !cardsOf(turn).length));
}

const cardsOf = (turn) => (turn.cards ?? []).filter((card) => !isMarked("unwanted", card.id));

function drawTurn(turn) {
  const waiting = turn.state === "waiting";
  const cards = cardsOf(turn);
  fill(byId("shelf-title"), h("span", { class: "said" }, headingOf(cards)), !waiting && cards.length > 0 && h("span", { class: "number" }, t("shelf.count", { count: cards.length })));
  drawTools(cards);
  drawInForce(turn);
  if (waiting) fill(byId("goods"), h("div", { class: "grid" }, skeletons(4)));
  else if (!cards.length) fill(byId("goods"), nothing(turn));
  else fill(byId("goods"), turn.table && table(turn.table), grid(turn, cards), more(turn));
}

// What the products are; the message itself stands in the chat.
function headingOf(cards) {
  const kinds = new Set(cards.map((card) => card.category.at(-1)));
  const [kind] = kinds;
  return kinds.size === 1 && kind ? kind : t("shelf.products");
}

function grid(turn, cards) {
  const ranks = new Map(turn.cards.map((card, at) => [card.id, at + 1]));
  const sorted = ORDERS[order] ? cards.toSorted(ORDERS[order]) : cards;
  return h("div", { class: "grid", role: "list", "aria-label": t("shelf.products") },
    sorted.map((card, at) => h("div", { role: "listitem" }, cardOf(card, { rank: ranks.get(card.id), eager: at < 6 }))));
}

function drawTools(cards) {
  const sort = cards.length > 2 && h("label", { class: "sort" }, h("span", { class: "hidden" }, t("sort.label")),
    h("select", { value: order, onchange: (event) => { order = event.target.value; changed("shelf"); } },
      Object.keys(ORDERS).map((name) => h("option", { value: name, selected: name === order }, t(`sort.${name}`)))));
  const open = document.body.classList.contains("shelf-open");
  const wide = h("button", { type: "button", class: "wide-open", "aria-expanded": open, onclick: () => openShelf(!open) },
    icon(open ? "chat" : "grid"), h("span", {}, t(open ? "shelf.close" : "shelf.open")));
  fill(byId("shelf-tools"), sort, wide);
}

export function openShelf(open) {
  document.body.classList.toggle("shelf-open", open);
  changed("shelf");
  if (open) byId("shelf").scrollTop = 0;
  byId("shelf-tools").querySelector(".wide-open").focus();
}

function drawInForce(turn) {
  const last = turn === state.turns.findLast((one) => one.state === "done");
  const chips = (turn.inForce ?? []).map((chip) => inForce(chip, last));
  fill(byId("in-force"), chips.length > 0 && h("ul", { class: "chips", "aria-label": t("chips.in_force") }, chips.map((chip) => h("li", {}, chip))));
}

function inForce(chip, removable) {
  const excludes = chip.excludes > 0 && h("span", { class: "excludes", "aria-hidden": "true" }, `−${number(chip.excludes)}`);
  if (!removable || !chip.id) return h("span", { class: `chip ${chip.kind} past` }, chip.label);
  const label = [t("chips.remove", { label: chip.label }), chip.excludes > 0 && t("chips.excludes", { count: chip.excludes })].filter(Boolean).join(" ");
  return h("button", { type: "button", class: `chip ${chip.kind}`, "aria-label": label, title: label, onclick: () => drop(chip) },
    h("span", {}, chip.label), excludes, icon("close"));
}

function nothing(turn) {
  const ways = (turn.offers ?? []).filter((offer) => offer.kind === "relaxation");
  const before = listed();
  return h("div", { class: "nothing" }, icon("spark"),
    h("h3", {}, t(ways.length ? "nothing.title" : "nothing.spoken")),
    h("p", {}, t(ways.length ? "nothing.nearest" : "nothing.text")),
    ways.length > 0 && h("div", { class: "chips" }, ways.map((offer) => h("button", { type: "button", class: "chip relaxation", onclick: () => say(offer.say) },
      offer.label, offer.count !== null && h("span", { class: "excludes" }, `+${number(offer.count)}`)))),
    before && before !== turn && h("button", { type: "button", class: "secondary", onclick: () => showTurn(before) }, t("nothing.back")),
    !before && h("button", { type: "button", class: "secondary", onclick: () => showTurn(null) }, t("nothing.start")));
}

function more(turn) {
  if (turn !== listed() || turn.cards.length < 4 || turn.table) return null;
  return h("button", { type: "button", class: "secondary show-more", onclick: () => say("show more", t("shelf.more")) }, icon("plus"), t("shelf.more"));
}

function table(told) {
  return h("div", { class: "table", tabindex: 0, role: "group", "aria-label": t("compare.title") }, h("table", {},
    h("thead", {}, h("tr", {}, h("td", {}), told.columns.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, told.rows.map(([name, ...cells]) => h("tr", {}, h("th", { scope: "row" }, name), cells.map((cell) => h("td", {}, cell)))))));
}

function drawStart() {
  const { kinds, popular, picks } = state.start;
  fill(byId("shelf-title"), h("span", { class: "said" }, state.shop.tagline || t("start.title")));
  drawTools([]);
  fill(byId("in-force"), h("ul", { class: "kinds", "aria-label": t("start.kinds") }, kinds.map((kind) => h("li", {},
    h("button", { type: "button", class: "kind", onclick: () => say(kind.name) }, picture({ ...kind, title: kind.name }, true),
      h("span", { class: "kind-name" }, kind.name), h("span", { class: "kind-count" }, t("start.count", { count: kind.count })))))));
  const rows = [["start.picks", picks], ["start.popular", popular]].filter(([, cards]) => cards.length);
  fill(byId("goods"), rows.map(([title, cards], at) => h("section", { class: "row" }, h("h3", {}, t(title)),
    h("div", { class: "grid", role: "list", "aria-label": t(title) }, cards.filter((card) => !isMarked("unwanted", card.id)).map((card, n) =>
      h("div", { role: "listitem" }, cardOf(card, { eager: at === 0 && n < 4 })))))));
}

// Brings a card into view and lets it stand out for a moment.
export function pointAt(card) {
  const found = byId("goods").querySelector(`.card[data-id="${CSS.escape(card.id)}"]`);
  if (!found) return false;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  found.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest", inline: "center" });
  found.classList.remove("pointed");
  requestAnimationFrame(() => found.classList.add("pointed"));
  found.querySelector(".open").focus({ preventScroll: true });
  return true;
}
