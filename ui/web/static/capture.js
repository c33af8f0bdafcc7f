// Runs beside the page, in the thread that has the sound: brings it to 16,000 samples a second, of 16 bits, and
// hands them on in pieces.
const RATE = 16000;
const PIECE = 6400;
const LEVEL = 1600;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    Object.assign(this, { piece: new Int16Array(PIECE), count: 0, phase: 0, sum: 0, of: 0, loudest: 0, since: 0 });
    this.port.onmessage = () => {
      this.hand(true);
    };
  }

  process([input]) {
    for (const value of input?.[0] ?? []) this.add(value);
    return true;
  }

  // The mean of the samples between two of ours keeps what we cannot hold from sounding as something else.
  add(value) {
    this.sum += value;
    this.of += 1;
    this.phase += RATE / sampleRate;
    while (this.phase >= 1) {
      this.phase -= 1;
      this.put(this.of ? this.sum / this.of : value);
      this.sum = this.of = 0;
    }
  }

  put(value) {
    const bounded = Math.max(-1, Math.min(1, value));
    this.piece[this.count++] = bounded * 32767;
    this.loudest = Math.max(this.loudest, Math.abs(bounded));
    if (++this.since === LEVEL) {
      this.port.postMessage({ level: this.loudest });
      this.since = this.loudest = 0;
    }
    if (this.count === PIECE) this.hand(false);
  }

  hand(last) {
    const samples = this.piece.slice(0, this.count);
    this.count = 0;
    this.port.postMessage({ samples, last }, [samples.buffer]);
  }
}

registerProcessor("capture", Capture);
