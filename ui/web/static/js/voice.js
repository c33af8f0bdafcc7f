// Speaking instead of typing: press, speak, see the words form, correct them, send; or hands-free, where a pause
// sends and the answer is read aloud.
import { post, Ended, Refused } from "./api.js";
import { isReading, readAloud, stopReading } from "./aloud.js";
import { byId, fill, h, icon } from "./dom.js";
import { canCapture, canRecognise, Denied, NoMicrophone, openMicrophone, openRecognition } from "./microphone.js";
import { t } from "./i18n.js";
import { announce, ended, toast } from "./notices.js";
import { on, state } from "./state.js";

const KEPT = "aisle.voice";
const TRIES = 3; // times in a row that nothing is understood before hands-free gives up
const voice = {
  phase: "idle",     // "starting", "listening", "writing"
  attempt: null,     // to open a microphone, or the one that led to `source`
  source: null,      // the open microphone
  recording: null,   // the server's name of what is being said
  sending: Promise.resolve(),
  before: "",        // what stood in the box
  drafted: false,    // what stands there now was spoken
  handsFree: false,
  misses: 0,
  heard: 0,          // pieces in a row with speech, while an answer is read
  interrupted: false,
  ...kept(),
};
let submit = () => {};
let redraw = () => {};

export function voiceBy(given) {
  ({ submit, redraw } = given);
  byId("mic").addEventListener("click", () => (voice.phase === "idle" ? listen() : finish()));
  byId("say").addEventListener("input", (event) => event.isTrusted && isReading() && hush());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    if (isReading()) hush();
    else if (voice.phase !== "idle") cancel();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && voice.phase !== "idle" && cancel());
  on("busy", () => { if (state.busy) stopReading(); drawVoice(); });
}

const offered = () => state.shop.voice ?? { listen: false, speak: false, browser: false };
const byShop = () => offered().listen && canCapture();
const byBrowser = () => offered().browser && canRecognise();
const usesBrowser = () => byBrowser() && (!byShop() || voice.by === "browser");

export const canSpeak = () => Boolean(state.shop.voice) && (offered().speak || Boolean(globalThis.speechSynthesis));

// --- listening ------------------------------------------------------------------------------------------------

async function listen() {
  if (!voice.handsFree || !isReading()) stopReading();
  voice.before = byId("say").value;
  const attempt = {};
  Object.assign(voice, { attempt, recording: null, sending: Promise.resolve(), heard: 0 });
  phase("starting");
  let source;
  try {
    source = usesBrowser() ? openRecognition(recognised, failed) : await openMicrophone(piece, level);
  } catch (error) {
    if (voice.attempt === attempt) failed(error);
    return;
  }
  if (voice.attempt !== attempt) { source.close(); return; } // it was given up meanwhile
  voice.source = source;
  phase("listening");
  announce(t("voice.listening"));
}

function finish() {
  if (voice.phase === "starting") { cancel(); return; }
  if (voice.phase !== "listening") return;
  phase("writing");
  voice.source.stop();
}

export function cancel() {
  voice.handsFree = false;
  end(voice.before);
}

function end(text) {
  voice.source?.close();
  voice.source = voice.attempt = null;
  write(text);
  phase("idle");
}

function piece(audio, last) {
  const source = voice.source;
  voice.sending = voice.sending.then(() => send(source, audio, last)).catch((error) => voice.source === source && failed(error));
}

// What belongs to a microphone that is closed by now is not sent, and its answer is not taken.
async function send(source, audio, last) {
  if (voice.source !== source) return;
  const told = await post("hear", { audio, last, recording: voice.recording, conversation: state.conversation });
  if (voice.source !== source) return;
  if (last) { final(told); return; }
  voice.recording = told.recording;
  interrupt(told.speaking);
  if (told.text && !isReading()) write(told.text);
  if (told.ended && (voice.handsFree || told.full)) {
    if (told.full) toast(t("voice.minute"));
    finish();
  }
}

function recognised(text, last) {
  if (last) final(text ? { text } : { text, problem: "silence" });
  else write(text);
}

function final({ text, problem }) {
  if (problem) { missed(problem); return; }
  voice.misses = 0;
  voice.drafted = true;
  stopReading();
  end(text);
  if (voice.handsFree) submit();
  else {
    byId("say").focus();
    announce(`${text} ${t("voice.check")}`);
  }
}

// Nothing was understood. Hands-free listens on, but not for ever.
function missed(problem) {
  voice.misses += 1;
  end(voice.before);
  if (voice.handsFree && voice.misses < TRIES && problem !== "language") { listen(); return; }
  voice.handsFree = false;
  drawVoice();
  toast(t(`voice.problem.${problem}`));
}

function failed(error) {
  voice.handsFree = false;
  end(voice.before);
  if (error instanceof Ended) ended();
  else if (error instanceof Denied) toast(t("voice.problem.denied"));
  else if (error instanceof NoMicrophone) toast(t("voice.problem.none"));
  else if (error instanceof Refused && error.status === 503) toast(t("failed.busy"));
  else toast(t("voice.problem.failed"));
}

// --- reading aloud --------------------------------------------------------------------------------------------

export async function read(turn) {
  if (isReading(turn)) { hush(); return; }
  const reading = readAloud(turn);
  drawReading(turn);
  try {
    await reading;
  } catch {
    toast(t("voice.problem.unread"));
  }
  drawReading(turn);
}

function hush() {
  stopReading();
  drawVoice();
}

function drawReading(turn) {
  redraw(turn);
  drawVoice();
}

// An answer came: read it where the question was spoken and the shopper wants that.
export async function answered(turn) {
  const wanted = voice.handsFree || (voice.drafted && voice.aloud);
  Object.assign(voice, { drafted: false, interrupted: false });
  if (wanted && canSpeak() && turn.turn) {
    const reading = read(turn);
    if (voice.handsFree && !usesBrowser()) listen(); // to be interrupted
    await reading;
  }
  if (!voice.handsFree || voice.interrupted) return;
  if (voice.phase !== "idle") end(voice.before); // it heard little but the answer
  listen();
}

// Who speaks while an answer is read wants to say something: a single piece may be a cough, or the echo.
function interrupt(speaking) {
  voice.heard = speaking && isReading() ? voice.heard + 1 : 0;
  if (voice.heard < 2) return;
  voice.interrupted = true;
  hush();
}

// --- what is seen ---------------------------------------------------------------------------------------------

function phase(name) {
  voice.phase = name;
  drawVoice();
}

function write(text) {
  const box = byId("say");
  if (box.value === text) return;
  box.value = text;
  box.dispatchEvent(new Event("input"));
}

function level(value) {
  byId("voice-bar").style.setProperty("--level", String(Math.min(1, value * 2)));
}

export function drawVoice() {
  const mic = byId("mic");
  const active = voice.phase !== "idle";
  mic.hidden = !byShop() && !byBrowser();
  mic.setAttribute("aria-label", t(active ? "voice.stop" : "voice.start"));
  mic.title = t(active ? "voice.stop" : "voice.start");
  mic.setAttribute("aria-pressed", String(active));
  mic.disabled = voice.phase === "writing" || (state.busy !== null && !active);
  fill(mic, icon("mic"));
  byId("say").readOnly = active && !isReading();
  byId("composer").classList.toggle("listening", active);
  drawBar(active);
}

function drawBar(active) {
  const bar = byId("voice-bar");
  bar.hidden = !active && !isReading() && !voice.handsFree;
  bar.setAttribute("aria-label", t("voice.bar"));
  if (bar.hidden) { fill(bar); return; }
  const now = isReading() ? "voice.reading" : !active ? "chat.looking" : voice.phase === "writing" ? "voice.writing" : "voice.listening";
  const focused = bar.contains(document.activeElement) ? document.activeElement.dataset.name : null;
  fill(bar,
    h("span", { class: "ears", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    h("span", { class: "heard" }, t(now)),
    !usesBrowser() && canSpeak() && h("button", { type: "button", class: "chip free", "data-name": "free", "aria-pressed": voice.handsFree, title: t("voice.handsfree.help"), onclick: () => { voice.handsFree = !voice.handsFree; drawVoice(); } }, t("voice.handsfree")),
    h("button", { type: "button", class: "chip", "data-name": "cancel", onclick: () => { if (isReading()) { hush(); return; } cancel(); byId("mic").focus(); } }, t(isReading() ? "voice.read.stop" : "voice.cancel")));
  if (focused) bar.querySelector(`[data-name="${focused}"]`)?.focus();
}

// What the settings offer: who listens, and whether answers to what is spoken are read aloud.
export function voiceChoices() {
  if (!state.shop.voice) return [];
  const listens = byShop() || byBrowser();
  return [
    listens && canSpeak() && { label: t("voice.settings.aloud"), now: voice.aloud ? "yes" : "no", options: ["no", "yes"].map((name) => [name, t(`voice.settings.aloud.${name}`)]), choose: (name) => keep({ aloud: name === "yes" }) },
    byShop() && byBrowser() && { label: t("voice.settings.by"), now: voice.by, options: ["shop", "browser"].map((name) => [name, t(`voice.settings.by.${name}`)]), choose: (name) => keep({ by: name }) },
  ].filter(Boolean);
}

export const voiceNote = () => byShop() && t("voice.privacy");

function kept() {
  try {
    const { aloud = false, by = "shop" } = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return { aloud: aloud === true, by: by === "browser" ? "browser" : "shop" };
  } catch {
    return { aloud: false, by: "shop" };
  }
}

function keep(change) {
  Object.assign(voice, change);
  try { localStorage.setItem(KEPT, JSON.stringify({ aloud: voice.aloud, by: voice.by })); } catch { /* for this visit, then */ }
}
