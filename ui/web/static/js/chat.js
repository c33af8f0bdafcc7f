// The conversation in words: what was said, answered as it is written, and a way back to each answer's products.
import { isReading } from "./aloud.js";
import { hueOf } from "./card.js";
import { post } from "./api.js";
import { attempt } from "./actions.js";
import { byId, fill, h, icon, iconButton } from "./dom.js";
import { spoken, t } from "./i18n.js";
import { state } from "./state.js";
import { pointAt, showTurn } from "./shelf.js";
import { canSpeak } from "./voice.js";
import { formatted } from "./words.js";

let say = () => {};
let retry = () => {};
let why = () => {};
let read = () => {};
const drawn = new WeakMap();
const FOR_ME = { key: "for_me", kind: "", price: null, say: "Recommend me something" };

export function chatBy(given) {
  ({ say, retry, why, read } = given);
}

export function drawLog() {
  const log = byId("log");
  if (!state.turns.length) {
    fill(log, greeting());
    return;
  }
  fill(log, state.turns.map((turn) => drawn.get(turn) ?? draw(turn)));
  toEnd();
}

// Only the turn that changes is drawn anew: the rest of a long conversation stands.
export function redraw(turn) {
  const old = drawn.get(turn);
  const fresh = draw(turn);
  if (old?.isConnected) old.replaceWith(fresh);
  else drawLog();
  toEnd();
}

// To the end, but never past the beginning of the last turn: a long answer is read from its top.
export function toEnd() {
  const log = byId("log");
  const last = log.lastElementChild;
  if (last) log.scrollTop = Math.min(log.scrollHeight, last.offsetTop - log.offsetTop - 14);
}

function draw(turn) {
  const group = h("div", { class: `turn ${turn.state}` },
    turn.said && h("div", { class: "msg mine" }, h("span", { class: "hidden" }, t("chat.you")), h("p", {}, turn.label ?? turn.said)),
    answer(turn));
  drawn.set(turn, group);
  return group;
}

function answer(turn) {
  const speaker = h("span", { class: "hidden" }, t("chat.shop", { shop: state.shop.name }));
  if (turn.state === "failed") {
    return h("div", { class: "msg theirs failed" }, speaker, h("p", {}, icon("alert"), t(`failed.${turn.reason}`)),
      h("button", { type: "button", class: "secondary", onclick: () => retry(turn) }, t("retry")));
  }
  const words = turn.text ? formatted(turn.text, turn.cards ?? [], (card) => point(turn, card)) : [];
  const waiting = turn.state === "waiting";
  return h("div", { class: "msg theirs", "aria-busy": waiting },
    speaker, words,
    waiting && h("p", { class: "status" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", {}, turn.text ? "" : turn.status || t("chat.looking"))),
    turn.state === "stopped" && h("p", { class: "aside" }, t("stopped"), " ", h("button", { type: "button", class: "link", onclick: () => retry(turn) }, t("retry"))),
    turn.state === "done" && below(turn));
}

function point(turn, card) {
  if (state.shown !== turn) showTurn(turn);
  pointAt(card);
}

function below(turn) {
  const cards = turn.cards ?? [];
  const shown = state.shown === turn;
  return h("div", { class: "below" },
    cards.length > 0 && h("button", { type: "button", class: "goods-of", "aria-pressed": shown, onclick: () => showTurn(turn) },
      h("span", { class: "faces", "aria-hidden": "true" }, cards.slice(0, 3).map((card) => card.image ? h("img", { src: card.image, alt: "", width: 28, height: 28, loading: "lazy" }) : h("i", { vars: hueOf(card) }))),
      h("span", {}, t("chat.products", { count: cards.length }))),
    h("span", { class: "judge" },
      state.shop.features.ratings && [["up", "rate.up"], ["down", "rate.down"]].map(([value, key]) =>
        iconButton(value, t(key), () => rate(turn, value), { "aria-pressed": turn.rating === value })),
      canSpeak() && turn.turn && iconButton("speaker", t(isReading(turn) ? "voice.read.stop" : "voice.read"), () => read(turn), { "aria-pressed": isReading(turn) }),
      (turn.why?.calls?.length > 0 || cards.length > 0) && h("button", { type: "button", class: "link", onclick: () => why(turn) }, t(cards.length ? "why.open" : "why.open.answer"))));
}

async function rate(turn, value) {
  const wanted = turn.rating === value ? null : value;
  if ((await attempt(() => post("rate", { turn: turn.turn, value: wanted }))) === null) return;
  turn.rating = wanted ?? "";
  redraw(turn);
}

// Which answer's products are on the shelf shows at its message.
export function followShelf() {
  for (const turn of state.turns) {
    drawn.get(turn)?.querySelector(".goods-of")?.setAttribute("aria-pressed", state.shown === turn);
  }
}

function greeting() {
  return h("div", { class: "hello" },
    h("p", { class: "hello-text" }, state.shop.greeting || t("start.greeting")),
    state.shop.generated && h("p", { class: "aside" }, t("start.generated")));
}

export function drawOffers() {
  const last = state.turns.at(-1);
  const first = !last;
  const offers = first
    ? firstOffers()
    : last.state === "done" ? last.offers ?? [] : [];
  byId("offers").classList.toggle("first", first);
  fill(byId("offers"), offers.length > 0 && h("ul", { class: "chips", "aria-label": t("offers.label") }, offers.map((offer) => h("li", {},
    h("button", { type: "button", class: `chip offer ${offer.kind ?? "opener"}`, onclick: () => say(offer.say, offer.label) },
      h("span", {}, offer.label), typeof offer.count === "number" && h("span", { class: "excludes" }, String(offer.count)))))));
}

// Sentences to begin with; a shop for which none could be made is opened by its departments or best sellers.
function firstOffers() {
  const { picks, openers, kinds, popular } = state.start;
  const sentences = [...(picks.length ? [FOR_ME] : []), ...openers];
  if (sentences.length) {
    return sentences.map((opener) => ({ label: t(`opener.${opener.key}`, { kind: opener.kind, price: opener.price === null ? "" : moneyText(opener) }), say: opener.say }));
  }
  const departments = kinds.map((kind) => ({ label: kind.name, say: kind.name, count: kind.count }));
  return (departments.length ? departments : popular.map((card) => ({ label: card.title, say: card.title }))).slice(0, 6);
}

const moneyText = (opener) => new Intl.NumberFormat(spoken(), { style: "currency", currency: opener.currency, maximumFractionDigits: 0 }).format(opener.price);

