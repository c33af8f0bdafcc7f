"""What words of a shopper can mean in this shop: its values, flags, brands and tags, found in a phrase."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from agent.conditions import BRAND, Where
from agent.tools.schema import Field, Schema
from agent.understanding.language.english import english_ranks
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.sizes import SPELLINGS
from agent.understanding.language.text import Token, stems, tokenize
from agent.understanding.language.written import as_typed
from retrieval.filters import Attribute, Brand, Filter
from retrieval.text.word_set import word_set

if TYPE_CHECKING:
    from retrieval.encoder import Encoder
    from retrieval.filtering.table import FilterTable

MOST_VALUES = 400
_ARTICLES = frozenset(("the", "a", "an", "my", "your", "his", "her", "their", "one's"))
_PREPOSITIONS = {"inside": "in", "into": "in", "onto": "on"}
CLOSE = 86.0
SHORTEST = 5
"""A shorter word is no misspelling of another."""
ALIKE, APART = 0.32, 0.12
"""Among the few values of one kind, a phrase means a value when their cosine is this high and this far above
the next value's."""
KINDS = 256
"""Of so many kinds the values are kept counted."""
_EMPTY = word_set(
    "yes no true false none other others all any new default standard one various n/a na - title"
)


@dataclass(frozen=True)
class Meaning:
    """One condition that a phrase can stand for."""

    where: Where
    count: int
    """Products that have it."""
    phrase: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A stretch ``text[start:end]`` of a phrase with what it can mean here, the commonest first."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]
    corrected: bool = False


class Lexicon:
    """All phrases of a shop's schema. Made once when the shop is opened, from the build's vocabulary."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._made: dict[int, np.ndarray] = {}
        self._phrases: dict[tuple[str, ...], list[Meaning]] = defaultdict(list)
        for field in schema.fields.values():
            self._add_field(field)
        for brand, count in schema.brands.items():
            self._add(brand, Where(field=BRAND, op="=", value=brand), count)
        for name, brand in _short_brands(schema.brands).items():
            if tuple(stems(name)) not in self._phrases:
                self._add(name, Where(field=BRAND, op="=", value=brand), schema.brands[brand])
        self._longest: dict[str, int] = {}
        for key in self._phrases:
            self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))
        self.of_fields = lru_cache(maxsize=KINDS)(self._of_fields)

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems that the shop's phrases are made of."""
        return frozenset(stem for phrase in self._phrases for stem in phrase)

    def find(self, text: str) -> tuple[Match, ...]:
        """Longest phrases first, left to right; an unknown word may be a misspelling of a single
        known one.
        """
        tokens = [token for token in tokenize(text) if token.is_word or token.text[0].isdigit()]
        found: list[Match] = []
        at = 0
        while at < len(tokens):
            for size in range(min(self._longest.get(tokens[at].stem, 0), len(tokens) - at), 0, -1):
                key = tuple(token.stem for token in tokens[at : at + size])
                if _is_cut(text, tokens[at].start, tokens[at + size - 1].end):
                    continue
                if key in self._phrases and not (size == 1 and tokens[at].text in FUNCTION_WORDS):
                    match = Match(tokens[at].start, tokens[at + size - 1].end, self._sorted(key))
                    found.append(match)
                    at += size
                    break
            else:
                if (spread := self._spread(tokens, at)) is not None:
                    found.append(spread[0])
                    at += spread[1]
                    continue
                if (near := self._misspelt(tokens[at].text, tokens[at].stem)) is not None:
                    found.append(
                        Match(tokens[at].start, tokens[at].end, self._sorted((near,)), corrected=True)
                    )
                at += 1
        return tuple(found)

    def _spread(self, tokens: Sequence[Token], at: int) -> tuple[Match, int] | None:
        """A value that opens with a preposition, said with an article: "in the ear" is "in-ear"; with its tokens."""
        if at + 2 >= len(tokens) or tokens[at + 1].text not in _ARTICLES:
            return None
        key = (_PREPOSITIONS.get(tokens[at].text, tokens[at].stem), tokens[at + 2].stem)
        if key not in self._phrases or key[0] not in FUNCTION_WORDS:
            return None
        return Match(tokens[at].start, tokens[at + 2].end, self._sorted(key)), 3

    def exactly(self, phrase: str) -> tuple[Meaning, ...]:
        """What the phrase means as a whole."""
        key = stems(phrase)
        return self._sorted(key) if key in self._phrases else ()

    def nearest(
        self, phrase: str, encoder: Encoder, among: Sequence[Meaning]
    ) -> tuple[Meaning, float] | None:
        """Which of some meanings is nearest to a phrase, with its cosine; None where none is near enough, or
        another is about as near.
        """
        rows = {self._row[m.where]: m for m in among if m.where in self._row}
        if not rows:
            return None
        order = list(rows)
        scores = self._vectors(encoder, order) @ encoder.encode_query([phrase])[0]
        best = int(np.argmax(scores))
        rest = max((float(s) for at, s in enumerate(scores) if at != best), default=0.0)
        if scores[best] < ALIKE or scores[best] - rest < APART:
            return None
        return rows[order[best]], float(scores[best])

    def _of_fields(self, table: FilterTable, kind: Filter, names: frozenset[str]) -> tuple[Meaning, ...]:
        """The meanings on these fields that products of a kind state, with how many do, the commonest first."""
        mask = table.mask(kind)
        own = [meaning for meaning in self._meanings if meaning.where.field in names]
        counted = [replace(meaning, count=table.count(stated_by(meaning.where), mask)) for meaning in own]
        return tuple(sorted((m for m in counted if m.count), key=lambda m: -m.count))

    @cached_property
    def _meanings(self) -> list[Meaning]:
        """Flags and values of text fields, each once."""
        once = {
            meaning.where: meaning
            for meanings in self._phrases.values()
            for meaning in meanings
            if meaning.where.field != BRAND and not all(s.isdigit() for s in meaning.phrase)
        }
        return list(once.values())

    @cached_property
    def _row(self) -> dict[Where, int]:
        return {meaning.where: at for at, meaning in enumerate(self._meanings)}

    def _vectors(self, encoder: Encoder, rows: Sequence[int]) -> np.ndarray:
        """Vectors of some meanings, shape (len(rows), d); each is made once."""
        missing = [at for at in rows if at not in self._made]
        if missing:
            made = encoder.encode_document([self._spoken(self._meanings[at]) for at in missing])
            self._made.update(zip(missing, made, strict=True))
        return np.array([self._made[at] for at in rows])

    def _spoken(self, meaning: Meaning) -> str:
        field = self._schema.field(meaning.where.field)
        assert isinstance(field, Field)
        return field.label if field.type == "flag" else f"{meaning.where.value} {field.label}"

    def _add_field(self, field: Field) -> None:
        if field.type == "number":
            return
        if field.type == "flag":
            yes = sum(count for value, count in field.values.items() if value.lower() in ("yes", "true"))
            if yes:
                self._add(field.label, Where(field=field.name, op="=", value=True), yes)
            return
        values = field.values
        if len(values) > 60 and sum(values.values()) < 1.5 * len(values):
            return  # an identifier or free text
        for value, count in list(values.items())[:MOST_VALUES]:
            if value.lower() in _EMPTY or len(value) > 40:
                continue
            where = Where(field=field.name, op="=", value=value)
            for spelling in _spellings(value):
                self._add(spelling, where, count)
            for part in _parts(value):
                self._add(part, where.model_copy(update={"value": part}), count)

    def _add(self, text: str, where: Where, count: int) -> None:
        key = stems(text)
        if key and len(key) <= 6 and all(m.where != where for m in self._phrases[key]):
            self._phrases[key].append(Meaning(where, count, key))

    def _sorted(self, key: tuple[str, ...]) -> tuple[Meaning, ...]:
        return tuple(sorted(self._phrases[key], key=lambda m: -m.count))

    @cached_property
    def _single(self) -> list[str]:
        return [
            key[0]
            for key in self._phrases
            if len(key) == 1 and len(key[0]) >= SHORTEST - 1 and key[0].isalpha()
        ]

    def _misspelt(self, word: str, stem: str) -> str | None:
        if not word.isalpha() or word in english_ranks() or stem in english_ranks():
            return None
        if len(word) < SHORTEST - 1:
            return None
        # "blak", "culry": one letter left out, wrong or in another's place
        near = [known for known in self._single if OSA.distance(stem, known, score_cutoff=1) <= 1]
        if not near and len(word) >= SHORTEST:
            near = [
                known
                for known, _, _ in process.extract(
                    stem, self._single, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=1
                )
            ]
        return next((known for known in near if known[0] == stem[0]), None)


def stated_by(where: Where) -> Filter:
    """Products whose own field says it, without those that only say so in words."""
    if where.field == BRAND:
        return Brand((str(where.value),))
    return Attribute(where.field, ("yes" if where.value is True else str(where.value),))


def _is_cut(text: str, start: int, end: int) -> bool:
    """Whether a number is parted from letters that belong to it: there is no 4 in "4k", and no 940 in "940c"."""
    ends_in_digit = text[end - 1].isdigit() and text[end : end + 1].isalpha()
    starts_with_digit = text[start].isdigit() and text[start - 1 : start].isalpha()
    return ends_in_digit or starts_with_digit or (text[start].isalpha() and text[start - 1 : start].isdigit())


def _spellings(value: str) -> tuple[str, ...]:
    """All that a clothing size is called: ``Medium`` and ``M``; any other value is called as it is written, and with
    its numbers in figures, as utterances are read ("three-season").
    """
    return SPELLINGS.get(value.lower()) or tuple(dict.fromkeys((value, as_typed(value))))


def _parts(value: str) -> list[str]:
    """ "Black / White" is black, too; "stainless steel" is not "steel" alone by this."""
    pieces = [
        piece.strip() for mark in ("/", ",", "&", " and ") for piece in value.split(mark) if mark in value
    ]
    return [piece for piece in pieces if 2 < len(piece) < 25]


def _short_brands(brands: Mapping[str, int]) -> dict[str, str]:
    """The first words that name one brand alone and mean nothing else: "Sylvanian" of "Sylvanian Families"."""
    led: dict[str, list[str]] = defaultdict(list)
    for brand in brands:
        led[brand.split()[0].lower() if brand.split() else ""].append(brand)
    return {
        first: own[0]
        for first, own in led.items()
        if len(own) == 1 and " " in own[0] and len(first) >= SHORTEST and first not in english_ranks()
    }
