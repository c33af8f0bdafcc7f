// Sound from the microphone, as pieces that the server takes; or words from the browser's own recognition.
export class Denied extends Error {}
export class NoMicrophone extends Error {}

const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

export const canCapture = () => Boolean(navigator.mediaDevices?.getUserMedia && globalThis.AudioWorkletNode);
export const canRecognise = () => Boolean(Recognition);

// Gives `take(base64, last)` pieces of under half a second, and `level` the loudness, 0 to 1, ten times a second.
// Its `stop` hands over the rest as the last piece; `close` drops it.
export async function openMicrophone(take, level) {
  const stream = await asked();
  const context = await heardBy(stream);
  await context.audioWorklet.addModule(new URL("../capture.js", import.meta.url));
  const source = context.createMediaStreamSource(stream);
  const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0 });
  const close = () => {
    capture.port.onmessage = null;
    source.disconnect();
    for (const track of stream.getTracks()) track.stop();
    if (context.state !== "closed") context.close();
  };
  capture.port.onmessage = ({ data }) => {
    if (data.level !== undefined) level(data.level);
    else take(encoded(data.samples), data.last);
    if (data.last) close();
  };
  source.connect(capture);
  return { stop: () => capture.port.postMessage("last"), close };
}

async function asked() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  } catch (error) {
    throw error.name === "NotAllowedError" || error.name === "SecurityError" ? new Denied() : new NoMicrophone();
  }
}

// Most browsers bring the sound to 16,000 samples a second better than we can; Firefox refuses to.
async function heardBy(stream) {
  const wanted = new AudioContext({ sampleRate: 16000 });
  try {
    wanted.createMediaStreamSource(stream).disconnect();
    return wanted;
  } catch {
    await wanted.close();
    return new AudioContext();
  }
}

function encoded(samples) {
  return btoa(String.fromCharCode(...new Uint8Array(samples.buffer)));
}

// The browser writes down what it hears: `take(text, last)`.
export function openRecognition(take, failed) {
  const recognition = new Recognition();
  Object.assign(recognition, { lang: "en-US", interimResults: true, continuous: true });
  let text = "";
  let open = true;
  recognition.onresult = (event) => {
    text = [...event.results].map((result) => result[0].transcript).join(" ").trim();
    take(text, false);
  };
  recognition.onerror = (event) => {
    if (!open || event.error === "aborted" || event.error === "no-speech") return;
    open = false;
    failed(event.error === "not-allowed" || event.error === "service-not-allowed" ? new Denied() : new NoMicrophone());
  };
  recognition.onend = () => open && take(text, true);
  recognition.start();
  return { stop: () => recognition.stop(), close: () => { open = false; recognition.abort(); } };
}
