"""Text to speech: the voices that can read an answer aloud."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from speech.audio import Samples, missing, wav_bytes
from speech.errors import SpeechError

DEFAULT = "default"
MAX_CHARACTERS = 4_000
"""Of one text: about four minutes."""


class Speaker(Protocol):
    """Reads texts of one language aloud."""

    rate: int
    language: str

    def read_aloud(self, text: str) -> Samples:
        """Shape (n,), mono, ``rate`` samples a second, from -1 to 1."""
        ...


def speak(text: str, *, by: Speaker) -> bytes:
    """``text`` as a WAV file; an empty one is a moment of silence.

    Raises:
        ValueError: more than `MAX_CHARACTERS`; split it by sentences.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"{len(text)} characters are too many to speak at once: at most {MAX_CHARACTERS}")
    if not re.search(r"\w", text):
        return wav_bytes(np.zeros(by.rate // 10, np.float32), by.rate)
    return wav_bytes(by.read_aloud(text), by.rate)


def open_speaker(voice: str = DEFAULT) -> Speaker:
    """``voice``: `default` (Hibari, American English), or `piper:<file>` with a voice of Piper.

    Raises:
        SpeechError: a package is not installed, or the file holds no voice.
    """
    if voice == DEFAULT:
        return Hibari()
    kind, _, file = voice.partition(":")
    if kind != "piper" or not file:
        raise SpeechError(
            "model", f"AISLE_VOICE is {voice!r}; expected `{DEFAULT}`, `none` or `piper:<file.onnx>`"
        )
    return Piper(Path(file).expanduser())


class Hibari:
    """A small voice distilled from Kokoro; a hundred times as fast as speech on one core."""

    language = "en"

    def __init__(self) -> None:
        try:
            from hibari import SAMPLE_RATE
            from hibari import Hibari as Model
        except ImportError:
            raise missing("hibari-tts") from None
        self.rate = int(SAMPLE_RATE)
        self._model = Model()

    def read_aloud(self, text: str) -> Samples:
        return np.asarray(self._model(text), np.float32).ravel()


class Piper:
    """A voice file of Piper, with its ``.onnx.json`` beside it; there are some in many languages."""

    def __init__(self, file: Path) -> None:
        try:
            from piper import PiperVoice
        except ImportError:
            raise SpeechError("missing", "a Piper voice needs piper-tts: pip install piper-tts") from None
        if not file.is_file() or not file.with_name(f"{file.name}.json").is_file():
            raise SpeechError(
                "model", f"AISLE_VOICE names {file}; there is no such file with its .json beside it"
            )
        self._voice: Any = PiperVoice.load(str(file))
        self.rate = int(self._voice.config.sample_rate)
        self.language = str(self._voice.config.espeak_voice)[:2]

    def read_aloud(self, text: str) -> Samples:
        pieces = [chunk.audio_float_array for chunk in self._voice.synthesize(text)]
        return np.concatenate(pieces).astype(np.float32) if pieces else np.zeros(0, np.float32)
