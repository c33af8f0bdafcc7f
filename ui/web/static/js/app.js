// The page, put together: what is said goes to the server, what comes back is shown.
import { get, post, say as ask, Ended, Offline, Refused } from "./api.js";
import { attempt, refresh } from "./actions.js";
import { followMarks, openBy } from "./card.js";
import { chatBy, drawLog, drawOffers, followShelf, redraw } from "./chat.js";
import { byId, fill, h, icon, iconButton } from "./dom.js";
import { number, spoken, speak, t } from "./i18n.js";
import { announce, banner, ended } from "./notices.js";
import { closeAll } from "./panel.js";
import { drawShelf, openShelf, shelfBy, showTurn } from "./shelf.js";
import { changed, listed, on, state } from "./state.js";
import { answered, drawVoice, read, voiceBy } from "./voice.js";

const KEPT = "aisle.conversation";
const FRESH = 12 * 3600 * 1000; // a conversation last used longer ago is not taken up by itself
const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
const kept = { unwanted: "" };
const names = { languages: [], shoppers: [], posing: null };

// --- saying something -------------------------------------------------------------------------------------------

async function say(text, label = null) {
  text = text.trim();
  if (!text || state.busy) return;
  closeAll();
  if (document.body.classList.contains("shelf-open")) openShelf(false);
  const turn = { said: text, label, text: "", status: "", cards: [], inForce: [], offers: [], state: "waiting" };
  state.turns.push(turn);
  state.busy = new AbortController();
  const before = state.shown;
  if (before === null) state.shown = turn;
  changed("turns", "busy", ...(before === null ? ["shelf"] : []));
  try {
    await ask({ text, conversation: state.conversation }, (event) => take(turn, event), state.busy.signal);
    if (turn.state === "waiting") fail(turn, "error");
  } catch (error) {
    if (error.name === "AbortError") turn.state = "stopped";
    else if (error instanceof Ended) { turn.state = "stopped"; ended(); }
    else if (error instanceof Offline) { fail(turn, "offline"); banner(t("state.offline")); }
    else fail(turn, error instanceof Refused && (error.status === 429 || error.status === 503) ? "busy" : "error");
  }
  state.busy = null;
  if (turn.state !== "done" && state.shown === turn) state.shown = before;
  redraw(turn);
  changed("busy", "shelf");
}

function take(turn, event) {
  if (event.type === "begun") remember(event.conversation);
  else if (event.type === "status") { turn.status = event.text; redraw(turn); }
  else if (event.type === "text") { turn.text += event.text; redraw(turn); }
  else if (event.type === "reply") arrived(turn, event);
  else if (event.type === "stopped") turn.state = "stopped";
  else if (event.type === "failed") fail(turn, event.reason);
}

function arrived(turn, view) {
  Object.assign(turn, view, { state: "done", said: turn.said });
  const relaxed = turn.offers.some((offer) => offer.kind === "relaxation");
  if (turn.cards.length || turn.table || relaxed || state.shown === turn || !state.shown) showTurn(turn.cards.length || relaxed ? turn : listed() ?? turn);
  else changed("shelf");
  redraw(turn);
  announce(`${turn.text} ${turn.cards.length ? t("chat.products", { count: turn.cards.length }) : ""}`);
  changed("offers");
  banner(null);
  if (turn.why?.calls?.some((name) => name.includes("cart"))) refresh();
  answered(turn);
}

function fail(turn, reason) {
  turn.state = "failed";
  turn.reason = reason;
  announce(t(`failed.${reason}`));
}

function stop() {
  if (!state.busy) return;
  if (state.conversation) post("stop", { conversation: state.conversation }).catch(() => {}); // the stream ends anyway
  state.busy.abort();
}

function retry(turn) {
  state.turns = state.turns.filter((one) => one !== turn);
  say(turn.said, turn.label);
}

async function drop(chip) {
  if (state.busy) return;
  const turn = { said: t("chips.removed", { label: chip.label }), text: "", cards: [], inForce: [], offers: [], state: "waiting" };
  state.turns.push(turn);
  state.busy = new AbortController();
  changed("turns", "busy");
  const told = await attempt(() => post("drop", { conversation: state.conversation, condition: chip.id }));
  state.busy = null;
  if (told) arrived(turn, told);
  else { state.turns.pop(); changed("turns"); }
  changed("busy");
  byId("shelf-title").focus();
}

function moreLike(card) {
  const shown = listed()?.cards ?? [];
  const place = shown.findIndex((one) => one.id === card.id);
  const label = t("more.like.of", { title: card.title });
  if (place >= 0 && place < ORDINALS.length) say(`More like the ${ORDINALS[place]} one`, label);
  else say(`Something like ${card.title}`, label);
}

// --- conversations ----------------------------------------------------------------------------------------------

function remember(id) {
  state.conversation = id;
  try { sessionStorage.setItem(KEPT, id ?? "new"); } catch { /* without storage a reload begins anew */ }
}

function begin() {
  stop();
  remember(null);
  state.turns = [];
  state.shown = null;
  changed("turns", "shelf", "offers");
  byId("say").focus();
}

async function open(id) {
  const told = await attempt(() => get("conversation", { id }));
  if (!told) return;
  remember(id);
  state.turns = told.turns.map((turn) => ({ ...turn, state: "done" }));
  state.shown = listed();
  changed("turns", "shelf", "offers");
}

function takeUp() {
  let last = null;
  try { last = sessionStorage.getItem(KEPT); } catch { /* none is kept */ }
  if (last === "new") return null;
  const newest = state.conversations[0];
  if (state.conversations.some((one) => one.id === last)) return last;
  return newest && Date.now() - Date.parse(newest.used) < FRESH ? newest.id : null;
}

// --- the page's frame ---------------------------------------------------------------------------------------------

function drawFrame() {
  const { shop } = state;
  document.title = shop.name;
  byId("skip").textContent = t("skip");
  byId("talk-title").textContent = t("chat.title", { shop: shop.name });
  byId("say-label").textContent = t("composer.label");
  byId("say").placeholder = t("composer.placeholder");
  fill(byId("brand"), shop.logo ? h("img", { src: shop.logo, alt: "", height: 32 }) : h("span", { class: "mark", "aria-hidden": "true" }, shop.name.charAt(0)), h("span", {}, shop.name));
  drawTools();
  drawVoice();
  changed("turns", "shelf", "offers", "busy");
}

function drawTools() {
  const { features } = state.shop;
  const counted = (name, label, count, open) => h("button", { type: "button", class: `icon-button ${name}`, "aria-label": count ? `${label} (${number(count)})` : label, title: label, onclick: open },
    icon(name), count > 0 && h("span", { class: "badge", "aria-hidden": "true" }, number(count)));
  fill(byId("tools"),
    features.history && iconButton("history", t("history.title"), async () => (await drawers())?.openHistory(), { class: "icon-button history" }),
    features.compare && counted("scales", t("compare.title"), state.marks.compared.length, async () => (await drawers())?.openCompare()),
    features.saved && counted("heart", t("saved.title"), state.marks.saved.length, async () => (await drawers())?.openSaved()),
    features.cart && counted("cart", t("cart.title"), state.inCart, openCart),
    iconButton("settings", t("settings.title"), async () => (await drawers())?.openSettings({ theme, language, pose, names }), { class: "icon-button settings" }));
}

function drawSend() {
  const button = byId("send");
  const busy = state.busy !== null;
  button.setAttribute("aria-label", t(busy ? "stop" : "send"));
  button.title = t(busy ? "stop" : "send");
  button.classList.toggle("stopping", busy);
  fill(button, icon(busy ? "stop" : "send"));
}

function theme(name) {
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  try { name === "system" ? localStorage.removeItem("aisle.theme") : localStorage.setItem("aisle.theme", name); } catch { /* for this visit, then */ }
}

async function language(name) {
  document.cookie = `aisle_language=${name}; Path=/; Max-Age=31536000; SameSite=Lax`;
  const start = await attempt(() => get("start", { language: name }));
  if (!start) return;
  closeAll();
  begun(start);
}

async function pose(shopper) {
  if ((await attempt(() => post("pose", { shopper: shopper || null }))) === null) return;
  try { sessionStorage.removeItem(KEPT); } catch { /* nothing is kept */ }
  location.reload();
}

function begun(start) {
  speak(start.language, start.strings);
  state.shop = start.shop;
  state.start = { kinds: start.kinds, popular: start.popular, picks: start.picks, openers: start.openers };
  state.marks = start.marks;
  state.inCart = start.inCart;
  state.conversations = start.conversations;
  Object.assign(names, { languages: start.languages, shoppers: start.shoppers, posing: start.posing });
  kept.unwanted = state.marks.unwanted.join();
  drawFrame();
}

function compose() {
  const box = byId("say");
  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 140)}px`;
  };
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      byId("composer").requestSubmit();
    }
  });
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    if (state.busy) {
      stop();
      return;
    }
    const text = box.value;
    if (!text.trim()) return;
    box.value = "";
    grow();
    say(text);
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, dialog");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      box.focus();
    }
  });
}

on("turns", drawLog);
on("turns", drawOffers);
on("offers", drawOffers);
on("shelf", drawShelf);
on("shelf", followShelf);
on("marks", drawTools);
on("marks", followMarks);
on("marks", () => {
  // Only what is no longer wanted changes what the shelf holds; all else would lose the place on it.
  const unwanted = state.marks.unwanted.join();
  if (unwanted !== kept.unwanted) drawShelf();
  kept.unwanted = unwanted;
});
on("cart", drawTools);
on("busy", drawSend);

// What lies beside the conversation is fetched when the page stands, or when it is first asked for.
const lying = (file, wire) => {
  let fetched = null;
  const fetching = () => (fetched ??= import(file).then((found) => { wire(found); return found; }, (error) => { fetched = null; throw error; }));
  return (quietly) => (quietly ? fetching().catch(() => null) : attempt(fetching));
};
const sheets = lying("./sheet.js", (found) => found.sheetBy({ cart: openCart, more: moreLike }));
const drawers = lying("./drawers.js", (found) => found.drawersBy({ sheet: openSheet, conversation: { begin, open } }));
const openSheet = async (...given) => (await sheets())?.openSheet(...given);
const openCart = async () => (await drawers())?.openCart();
const openWhy = async (...given) => (await drawers())?.openWhy(...given);

openBy({ sheet: openSheet, cart: openCart, more: moreLike });
shelfBy({ say, drop });
chatBy({ say, retry, why: openWhy, read });
voiceBy({ submit: () => byId("composer").requestSubmit(), redraw });
compose();
begun(JSON.parse(byId("start").textContent));
const earlier = takeUp();
if (earlier) open(earlier);
addEventListener("offline", () => banner(t("state.offline")));
addEventListener("online", () => banner(null));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
document.documentElement.dataset.ready = spoken();
(window.requestIdleCallback ?? setTimeout)(() => { sheets(true); drawers(true); });
