"""The ears and the voice of a shop: what shoppers say aloud becomes text, and replies are read aloud."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from agent.understanding.language.comparatives import COMPARATIVES
from agent.understanding.language.english import english_ranks
from agent.understanding.language.text import stems
from agent.understanding.language.units import NAMES, name_and_unit
from speech import (
    Audio,
    Speaker,
    SpeechError,
    Transcriber,
    Transcript,
    WordModel,
    open_speaker,
    open_transcriber,
    transcribe,
)
from speech import speak as read_aloud

if TYPE_CHECKING:
    from agent.records import Card
    from agent.settings import Settings
    from retrieval.catalog import Catalog
    from retrieval.filtering.columns import Vocabulary

LANGUAGES = ("en",)
"""Languages that the assistant understands."""
NONE = "none"
MOST_HINTS = 68
"""Whisper takes about 220 tokens; a name is two to four."""
MOST_BRANDS = 8
"""Places kept for brands. People ask for a kind far more often, and Whisper hears a brand that it was told of in
any unclear word."""
_OPEN_END = re.compile(
    r",\s+((?:or|and)\s+(?:more|less|up|over|under|above|below|so|cheaper)\b)", re.IGNORECASE
)
"""Whisper writes a pause before the end of "50 cm or more" as a comma, which would part it from its amount."""
_COMPARED = "|".join(word for word in COMPARATIVES if word.endswith("er"))
_OR_MORE = re.compile(
    rf"(\d[\d.,]*(?:\s?[^\W\d]+)?),? for (more|less|over|under|up|above|below|{_COMPARED})(?=\s*(?:[.,;!?]|$))",
    re.IGNORECASE,
)
""" "300 lumens or brighter" sounds like "for brighter", which says nothing after an amount."""
_UNIT = re.compile(r"(?<=\d )[a-z]{3,5}\b", re.IGNORECASE)
MOST_PRODUCTS, MOST_REVIEWS = 2_000, 5_000
"""Whose texts tell which words usually follow each other in this shop."""
MOST_LETTERS = 400
"""Of one description."""


class Voice:
    """Opens its models when they are first needed. Safe for threads.

    ``vocabulary``: the shop's names, the likeliest words of its shoppers; ``texts``: what the shop and its
    buyers write, read once. Without ``transcriber`` and ``speaker`` those that the settings name.
    """

    def __init__(
        self,
        settings: Settings,
        vocabulary: Vocabulary,
        *,
        texts: Callable[[], Iterable[str]] = tuple,
        transcriber: Transcriber | None = None,
        speaker: Speaker | None = None,
    ) -> None:
        self._settings = settings
        self._vocabulary, self._texts = vocabulary, texts
        self._lock = threading.Lock()
        self._transcriber, self._speaker = transcriber, speaker

    def transcribe(self, audio: Audio | bytes | Path, *, shown: Iterable[Card] = ()) -> Transcript:
        """What is said in a recording of a minute at most; ``shown`` are products that it may name.

        Raises:
            SpeechError: nothing can be understood, or the models are not installed; says what to do.
        """
        by, hints = self.transcriber, self.hints(shown)
        heard = transcribe(audio, hints, by=by, languages=LANGUAGES, usual=self._usual)
        text = _OR_MORE.sub(r"\1 or \2", _OPEN_END.sub(r" \1", heard.text))
        return replace(heard, text=_UNIT.sub(lambda found: self._unit(found[0]), text))

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
        """Names that a shopper of this shop is likely to say: brands of what is shown, then kinds, then
        brands."""
        near = [card.brand for card in shown if card.brand]
        kinds = self._kinds[: MOST_HINTS - MOST_BRANDS]
        return tuple(dict.fromkeys((*near, *kinds, *self._vocabulary.brands)))[:MOST_HINTS]

    def _unit(self, heard: str) -> str:
        """What stands after a number: where it is no word, the shop's unit that it sounds like ("192 khc")."""
        word = heard.lower()
        if word in self._units or word in NAMES or word in english_ranks() or self._usual.knows(word):
            return heard
        close = ((OSA.distance(word, unit), unit) for unit in self._units if unit[0] == word[0])
        distance, unit = min(close, default=(len(word), heard))
        return unit if distance <= (1 if len(word) < 4 else 2) and len(unit) > 2 else heard

    @cached_property
    def _units(self) -> frozenset[str]:
        """The units that the shop's attributes are measured in, in small letters."""
        found = (name_and_unit(name)[1].lower() for name in self._vocabulary.attributes)
        return frozenset(unit for unit in found if unit)

    @cached_property
    def _usual(self) -> WordModel:
        names = self._vocabulary
        values = (value for by_value in names.attributes.values() for value in by_value)
        return WordModel([*names.categories, *names.brands, *values, *names.tags, *self._texts()])

    @cached_property
    def _kinds(self) -> tuple[str, ...]:
        """Kinds in small letters, without those whose words are all in another: "lamps" beside "desk lamp"."""
        found: dict[str, frozenset[str]] = {
            name.lower(): frozenset(stems(name)) for name in self._vocabulary.categories
        }
        kept: dict[frozenset[str], str] = {}
        for name, words in found.items():
            if not any(words < other for other in found.values()):
                kept.setdefault(words, name)
        return tuple(kept.values())


def texts_of(catalog: Catalog) -> Iterator[str]:
    """What a shop and its buyers write: titles and descriptions of products from all over it, and reviews."""
    ids = list(catalog.item_ids())
    for item_id in ids[:: max(1, len(ids) // MOST_PRODUCTS)]:
        if product := catalog.product(item_id):
            yield product.title
            yield product.description[:MOST_LETTERS]
    for review in islice(catalog.reviews(), MOST_REVIEWS):
        yield review.text


def _unless_off(value: str, name: str) -> str:
    if value == NONE:
        raise SpeechError("missing", f"{name} is `{NONE}`, which switches it off; expected a model")
    return value
