// Reads an answer aloud, sentence by sentence, with the shop's voice or else the browser's; can be stopped at once.
import { get, sound } from "./api.js";

let context = null;
let reading = null; // { turn, stop }

export const isReading = (turn) => reading !== null && (turn === undefined || reading.turn === turn);

// Resolves when all is said or it was stopped: true where it was said to the end.
export async function readAloud(turn) {
  stopReading();
  const mine = { turn, stopped: false, stop: () => {} };
  reading = mine;
  try {
    const told = await get("spoken", { turn: turn.turn });
    if (!mine.stopped) await (told.sound ? played(told.pieces, turn, mine) : synthesised(told, mine));
    return !mine.stopped;
  } finally {
    if (reading === mine) reading = null;
  }
}

export function stopReading() {
  if (!reading) return;
  reading.stopped = true;
  reading.stop();
  reading = null;
}

// The next sentence is fetched while one is said.
async function played(pieces, turn, mine) {
  context ??= new AudioContext();
  await context.resume();
  const fetched = (piece) => piece < pieces.length ? sound("speech", { turn: turn.turn, piece }).then((data) => context.decodeAudioData(data)) : null;
  let next = fetched(0);
  for (let piece = 0; piece < pieces.length && !mine.stopped; piece++) {
    const buffer = await next;
    if (mine.stopped) return;
    next = fetched(piece + 1);
    next?.catch(() => {}); // told when it is waited for
    await new Promise((resolve) => {
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(context.destination);
      source.onended = resolve;
      mine.stop = () => source.stop();
      source.start();
    });
  }
}

// Only a voice of this device: others send the text away.
async function synthesised({ pieces, language }, mine) {
  const voice = (await voices()).find((one) => one.localService && one.lang.startsWith(language));
  if (!voice) throw new Error("no voice");
  for (const piece of pieces) {
    if (mine.stopped) return;
    await new Promise((resolve) => {
      const said = new SpeechSynthesisUtterance(piece);
      Object.assign(said, { voice, lang: voice.lang, onend: resolve, onerror: resolve });
      mine.stop = () => speechSynthesis.cancel();
      speechSynthesis.speak(said);
    });
  }
}

async function voices() {
  if (!globalThis.speechSynthesis) return [];
  const found = speechSynthesis.getVoices();
  if (found.length) return found;
  return new Promise((resolve) => {
    const give = () => resolve(speechSynthesis.getVoices());
    speechSynthesis.addEventListener("voiceschanged", give, { once: true });
    setTimeout(give, 500);
  });
}
