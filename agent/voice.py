"""The ears and the voice of a shop: what shoppers say aloud becomes text, and replies are read aloud."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from speech import (
    Audio,
    Speaker,
    SpeechError,
    Transcriber,
    Transcript,
    open_speaker,
    open_transcriber,
    transcribe,
)
from speech import speak as read_aloud

if TYPE_CHECKING:
    from agent.records import Card
    from agent.settings import Settings
    from retrieval.filtering.columns import Vocabulary

LANGUAGES = ("en",)
"""Languages that the assistant understands."""
NONE = "none"
MOST_HINTS = 60
"""Whisper takes about 220 tokens; a name is two to four."""


class Voice:
    """Opens its models when they are first needed. Safe for threads.

    ``vocabulary``: the shop's names, the likeliest words of its shoppers. Without ``transcriber`` and
    ``speaker`` those that the settings name.
    """

    def __init__(
        self,
        settings: Settings,
        vocabulary: Vocabulary,
        *,
        transcriber: Transcriber | None = None,
        speaker: Speaker | None = None,
    ) -> None:
        self._settings = settings
        self._vocabulary = vocabulary
        self._lock = threading.Lock()
        self._transcriber, self._speaker = transcriber, speaker

    def transcribe(self, audio: Audio | bytes | Path, *, shown: Iterable[Card] = ()) -> Transcript:
        """What is said in a recording of a minute at most; ``shown`` are products that it may name.

        Raises:
            SpeechError: nothing can be understood, or the models are not installed; says what to do.
        """
        return transcribe(audio, self.hints(shown), by=self.transcriber, languages=LANGUAGES)

    def speak(self, text: str) -> bytes:
        """``text`` read aloud, as a WAV file.

        Raises:
            SpeechError: the voice is not installed, or switched off.
        """
        return read_aloud(text, by=self.speaker)

    @property
    def can_listen(self) -> bool:
        """Whether speech can be written down here, as far as installed packages tell; opens nothing."""
        if self._transcriber is not None:
            return True
        return self._settings.speech_model != NONE and find_spec("faster_whisper") is not None

    @property
    def can_speak(self) -> bool:
        if self._speaker is not None:
            return True
        package = "hibari" if self._settings.voice == "default" else "piper"
        return self._settings.voice != NONE and find_spec(package) is not None

    @property
    def transcriber(self) -> Transcriber:
        with self._lock:
            if self._transcriber is None:
                model = _unless_off(self._settings.speech_model, "AISLE_SPEECH_MODEL")
                folder = self._settings.exports_folder / "speech"
                self._transcriber = open_transcriber(model, folder=folder, threads=self._settings.threads)
            return self._transcriber

    @property
    def speaker(self) -> Speaker:
        with self._lock:
            if self._speaker is None:
                self._speaker = open_speaker(_unless_off(self._settings.voice, "AISLE_VOICE"))
            return self._speaker

    def hints(self, shown: Iterable[Card] = ()) -> tuple[str, ...]:
        """Names that a shopper of this shop is likely to say: of what is shown, then kinds and brands."""
        near = [card.brand for card in shown if card.brand]
        return tuple(dict.fromkeys((*near, *self._names)))[:MOST_HINTS]

    @cached_property
    def _names(self) -> tuple[str, ...]:
        kinds = [name.lower() for name in self._vocabulary.categories]
        return tuple(_alternating(kinds, list(self._vocabulary.brands)))


def _alternating(first: Sequence[str], second: Sequence[str]) -> Iterable[str]:
    for place in range(max(len(first), len(second))):
        yield from first[place : place + 1]
        yield from second[place : place + 1]


def _unless_off(value: str, name: str) -> str:
    if value == NONE:
        raise SpeechError("missing", f"{name} is `{NONE}`, which switches it off; expected a model")
    return value
