"""What a shopper's words for a thing mean in this shop: kinds by name, by head, by meaning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from retrieval.filters import Category, Filter, Items
from retrieval.naming.asked import ABOUT, DETERMINERS, thing_of
from retrieval.naming.labels import DIRECT
from retrieval.naming.names import Lexical, NameIndex
from retrieval.naming.spellings import CORRECTED, Spellings
from retrieval.naming.thesaurus import Phrase, Thesaurus, phrase_of, thesaurus
from retrieval.naming.units import Units
from retrieval.text.normalization import stem
from retrieval.text.spelling import english_stems

if TYPE_CHECKING:
    from retrieval.encoder import Encoder
    from retrieval.filtering.table import FilterTable

SURE, LIKELY = 0.8, 0.5
"""From here on, a kind may be filtered by, and may be preferred."""
_NEAR, _MOST_BY_MEANING = 0.4, 0.79
_NONSENSE = 0.65  # what a word that nobody knows must at least come to
_NEAREST = 8  # units of which the first may be meant
_NAMED, _DOUBTFUL, _PREFERRED = 0.3, 0.2, 0.6
_SOLD = (-6.4, 1.63, 18.8, -10.6)
"""Logistic regression of "is sold": words left over, log of the kind's products, cosine of the best three to
the words asked and to the kind's name, constant. Right for .98 of pairs of sold and not sold."""
_ALIKE = (0.7, 2.45, 1.21, -6.44)
"""Where no name matches: cosine of the nearest kind's name, of name and centre, of the best five products."""
_ANYTHING = frozenset(map(stem, ("something", "anything", "thing", "stuff")))
_NOTHING = _ANYTHING | frozenset(map(stem, ("gift", "present", "item", "product", "one")))
_SHORT = 2  # words of a query that is taken for a kind's name; names that everybody knows may be longer
_MOST_NAMES = 12
_VOTED = 0.6  # of a category's products that are of the kind: then the category stands for it
_NARROW = 0.3  # of a kind's products that go under a longer name: fewer, and the name may only describe
_ASIDE = 0.1  # of the kind's products outside of its categories that are let go
_FEW, _STRAY = 0.1, 0.1
"""A name with so small a share of the commonest one's products, and the quantile of their likeness that they miss."""
_SAMPLED = 2_000
"""Products of a kind that tell what it is like."""


@dataclass(frozen=True)
class KindMatch:
    """Kinds that a phrase may stand for, each understood by ``KindIndex.filter_of``.

    ``confidence``: 0.8 and more, filter by it; 0.5 to 0.8, prefer it. ``exact``: by name, synonym or
    misspelling, not by meaning.
    """

    names: tuple[str, ...]
    confidence: float
    exact: bool = False


class KindIndex:
    """The kinds of one built shop; immutable, safe for threads."""

    def __init__(
        self, folder: Path, table: FilterTable, vectors: npt.NDArray[np.float32], encoder: Encoder
    ) -> None:
        self._names = NameIndex(folder)
        self._units = Units(folder)
        self._table, self._vectors, self._encoder = table, vectors, encoder
        self._path_sizes = np.bincount(np.asarray(table.columns["path"]) + 1, minlength=len(table.paths) + 1)[
            1:
        ]
        self._thesaurus: Thesaurus = thesaurus()
        self._spellings = Spellings(self._names.words, self._thesaurus)
        self._resolved = lru_cache(maxsize=2_000)(self._resolve)
        self._by_names = lru_cache(maxsize=2_000)(self._named_so)
        self._sold = lru_cache(maxsize=2_000)(self._sells)
        self._queried = lru_cache(maxsize=2_000)(self._named_by)
        self._filters = lru_cache(maxsize=2_000)(self._filter)

    def resolve(self, phrase: str) -> KindMatch | None:
        """The kinds meant by a phrase; None where nothing is near. Below 1 ms by name, 5 ms by meaning."""
        return self._resolved(thing_of(phrase))

    def by_name(self, phrase: str) -> KindMatch | None:
        """The kinds that go under a phrase; None where only its meaning is near, which is not asked for. Below 1 ms."""
        return self._by_names(thing_of(phrase))

    def called(self, name: str) -> tuple[str, ...]:
        """The kinds that surely go under a name; empty where none does."""
        match = self.by_name(name)
        return match.names if match is not None and match.confidence >= SURE else ()

    def wider(self, phrase: str) -> tuple[KindMatch, str] | None:
        """The kind of the last word alone, with the words before it, where those only describe it: a "running
        tee" may be any tee that is said to be for running. None where the whole is a thing of its own
        ("washing machine"), or few more products come of it.
        """
        stems = phrase_of(thing_of(phrase))
        if len(stems) < 2 or self._thesaurus.knows(stems):
            return None
        own, head = self._lexical(stems), self._lexical(stems[-1:])
        if own is None or head is None or own.left or head.sure < SURE:
            return None
        if len(own.rows) > _NARROW * len(head.rows):
            return None
        words = thing_of(phrase).split()
        return KindMatch(self._named(head), head.sure, exact=True), " ".join(words[:-1])

    def sells(self, phrase: str) -> float:
        """How likely anything here is that thing, 0 to 1; a half for words that name none ("a gift").

        By names, heads of titles and meaning; calibrated on 320 product names against five shops. 10 ms.
        """
        return self._sold(thing_of(phrase))

    def nearest(self, phrase: str, most: int = 3) -> tuple[str, ...]:
        """The kinds that may do in place of one that is not sold, the nearest in meaning first; 5 ms."""
        return self._units.nearest(self._encoder.encode_query([phrase])[0], most)

    def is_thing(self, phrase: str) -> bool:
        """Whether the phrase ends in a word that English calls products by ("lamp", not "slaps")."""
        stems = phrase_of(thing_of(phrase))
        names = self._thesaurus.alone if len(stems) == 1 else self._thesaurus.things
        return bool(stems) and (stems[-1] in names or self._thesaurus.knows(stems))

    def filter_of(self, name: str) -> Filter | None:
        """The condition that a kind's name stands for; None for a name that no kind here has."""
        return self._filters(name)

    def named(self, query: str) -> Lexical | None:
        """The products of the kind that a short query is the name of, where it surely is and says no more."""
        return self._queried(" ".join(query.lower().split()))

    def _named_by(self, query: str) -> Lexical | None:
        stems = phrase_of(DETERMINERS.sub("", query))
        if not stems or ABOUT.search(query, 1) or (len(stems) > _SHORT and not self._thesaurus.knows(stems)):
            return None
        found = self._lexical(stems)
        return found if found is not None and found.sure >= SURE and not found.left else None

    # --- names ------------------------------------------------------------------------------------------

    def _resolve(self, phrase: str) -> KindMatch | None:
        stems = phrase_of(phrase)
        if not stems:
            return None
        found = self._lexical(stems)
        near = self._by_meaning(phrase) if found is None or found.sure < LIKELY else None
        if found is None or (near is not None and near.confidence > found.sure):
            return near
        doubtful = not found.left and self._likelihood(phrase, found) < _DOUBTFUL
        return KindMatch(
            self._named(found), min(found.sure, _PREFERRED) if doubtful else found.sure, exact=True
        )

    def _named_so(self, phrase: str) -> KindMatch | None:
        stems = phrase_of(phrase)
        found = self._lexical(stems) if stems else None
        match = self._resolved(phrase) if found is not None and found.sure >= LIKELY else None
        return match if match is not None and match.exact else None

    def _sells(self, phrase: str) -> float:
        stems = phrase_of(phrase)
        if not stems or stems[-1] in _NOTHING or stems[0] in _ANYTHING:
            return 0.5
        found = self._lexical(stems)
        if found is not None and found.sure >= _NAMED:
            return self._likelihood(phrase, found)
        return self._by_likeness(phrase)

    def _likelihood(self, phrase: str, found: Lexical) -> float:
        """That products which go under these names are what was asked for: a "chain" may be no necklace.
        Words before the name that the shop's own kinds have ("bike" of a "bike pedal") tell nothing against it.
        """
        if self._table.path_codes([phrase]):
            return 1.0  # the shop's own name for what it sells
        name = " ".join(self._names.surface(found.phrases[0]))
        said = self._encoder.encode_query([name if found.corrected else phrase, name])
        cosines = np.sort(np.asarray(self._vectors[found.rows]) @ said.T, axis=0)[-3:].mean()
        foreign = sum(word not in self._names.words for word in found.left) / max(len(found.left), 1)
        return _logistic(_SOLD, (foreign, math.log1p(len(found.rows)), float(cosines)))

    def _by_likeness(self, phrase: str) -> float:
        """The same where nothing here goes under the words: by the nearest kinds and products."""
        if not self._units:
            return 0.0
        vector = self._encoder.encode_query([phrase])[0]
        named, mixed = self._units.names(vector).max(), self._units.likeness(vector).max()
        nearest = np.sort(np.asarray(self._vectors @ vector))[-5:].mean()
        return _logistic(_ALIKE, (float(named), float(mixed), float(nearest)))

    def _lexical(self, stems: Phrase) -> Lexical | None:
        """The kind that the words name: as they stand, under another name, or spelt another way."""
        best: Lexical | None = None
        for written, spelt in self._spellings.variants(stems):
            own = self._names.longest(written)
            others = [
                (self._names.longest(other), weight) for other, weight in self._thesaurus.variants(written)
            ]
            joined = self._join(written, own, [(o, w) for o, w in others if o is not None and not o.left])
            if joined is None or joined.left:
                joined = self._described(written, [(own, 1.0), *others]) or joined
            if joined is not None and (best is None or joined.sure * spelt > best.sure):
                best = replace(joined, sure=joined.sure * spelt, corrected=spelt <= CORRECTED)
            if best is not None and best.sure >= SURE and not best.left:
                return best
        return best

    def _join(
        self, written: Phrase, own: Lexical | None, others: list[tuple[Lexical, float]]
    ) -> Lexical | None:
        """The products that go under the asked name together with those under names that mean the same."""
        named = [(own, 1.0)] if own is not None and not own.left else []
        named = self._without_strays([*named, *others])
        if not named:
            if own is not None and self._thesaurus.knows(written):  # "washing machine" is no other machine
                return replace(own, sure=min(own.sure, 0.35))
            return own
        total = np.zeros(len(self._table), dtype=np.float32)
        for found, weight in named:
            np.maximum.at(total, found.rows, found.weights * np.float32(weight))
        rows = np.flatnonzero(total).astype(np.int32)
        sure = max(found.sure * (1.0 if found is own else 0.97) for found, _ in named)
        phrases = tuple(dict.fromkeys(phrase for found, _ in named for phrase in found.phrases))
        return Lexical(phrases, rows, total[rows], (), sure)

    def _without_strays(self, named: list[tuple[Lexical, float]]) -> list[tuple[Lexical, float]]:
        """Without a name of few products that are little like those under the other names: where laptops are called
        notebooks, what has "laptop" in its title is mostly made for one.
        """
        most = max((len(found.rows) for found, _ in named), default=0)
        few = [found for found, _ in named if len(found.rows) < _FEW * most]
        if not few:
            return named
        rows = np.unique(np.concatenate([f.rows for f, _ in named if len(f.rows) >= _FEW * most]))
        whole = np.asarray(self._vectors[rows[:: 1 + len(rows) // _SAMPLED]])
        centre = whole.mean(axis=0)
        least = float(np.quantile(whole @ centre, _STRAY))
        strays = [f for f in few if float(np.median(np.asarray(self._vectors[f.rows]) @ centre)) < least]
        return [(found, weight) for found, weight in named if not any(found is stray for stray in strays)]

    def _described(self, written: Phrase, others: list[tuple[Lexical | None, float]]) -> Lexical | None:
        """What the end of the phrase names under this or another name, where no kind has the words before it:
        "grey t-shirt" is a tee.
        """
        start = next((at for at in range(len(written)) if self._thesaurus.knows(written[at:])), 0)
        before = written[:start]
        named = [(replace(o, left=()), w) for o, w in others if before and o is not None and o.left == before]
        found = self._join(written, None, named) if named else None
        return None if found is None else replace(found, left=before)

    def _named(self, found: Lexical) -> tuple[str, ...]:
        """Names that stand for these products: categories that are of the kind, else what titles call it."""
        rows = found.rows[found.weights >= DIRECT] if found.weights.max() >= DIRECT else found.rows
        codes = np.asarray(self._table.columns["path"])[rows]
        counts = np.bincount(codes[codes >= 0], minlength=len(self._table.paths))
        whole = np.flatnonzero((counts > 0) & (counts >= _VOTED * self._path_sizes[: len(counts)]))
        whole = whole[[bool(self._table.paths[code]) for code in whole]]
        names = list(self._path_names(whole)) if len(whole) <= _MOST_NAMES else []
        outside = set(rows[~np.isin(codes, whole)].tolist() if names else rows.tolist())
        let_go = _ASIDE * len(rows) if names else 0
        for phrase in found.phrases:
            own = outside.intersection(self._names.called(phrase).tolist()) if len(outside) > let_go else None
            if own:
                names.append(" ".join(self._names.surface(phrase)))
                outside -= own
        return tuple(dict.fromkeys(names)) or (" ".join(self._names.surface(found.phrases[0])),)

    def _path_names(self, codes: Sequence[int] | npt.NDArray[np.int64]) -> tuple[str, ...]:
        """Leaf names where they say just these categories, else paths."""
        chosen = set(map(int, codes))
        names: dict[str, None] = {}
        for code in chosen:
            path = self._table.paths[code]
            alone = set(self._table.path_codes([path[-1]])) <= chosen
            names[path[-1] if alone else " > ".join(path)] = None
        return tuple(sorted(names))

    # --- meaning ----------------------------------------------------------------------------------------

    def _by_meaning(self, phrase: str) -> KindMatch | None:
        if not self._units:
            return None
        score = self._units.likeness(self._encoder.encode_query([phrase])[0])
        ranked = np.argsort(-score)[:_NEAREST]
        at = next((int(at) for at in ranked if not self._only_described(phrase, int(at))), None)
        if at is None or score[at] < (_NEAR if self._is_word(phrase) else _NONSENSE):
            return None
        return KindMatch((self._units.called[at],), min(_MOST_BY_MEANING, float(score[at])))

    def _is_word(self, phrase: str) -> bool:
        """Whether the last word means anything, here or in English."""
        head = phrase_of(phrase)[-1]
        return head in self._names.words or head in self._thesaurus.things or head in english_stems()

    def _only_described(self, phrase: str, at: int) -> bool:
        """Whether a unit has only the words before the head in common with a phrase: no "wireless router" is wanted for
        "wireless in-ears".
        """
        *before, head = phrase_of(phrase)
        own = set(phrase_of(self._units.called[at]))
        if head in own or own.isdisjoint(before):
            return False
        return float(self._units.names(self._encoder.encode_query([phrase.split()[-1]])[0])[at]) < _NEAR

    def _filter(self, name: str) -> Filter | None:
        if self._table.path_codes([name]):
            return Category((name,))
        stems = phrase_of(name)
        rows = self._names.called(stems) if stems else ()
        if not len(rows):
            return None
        return Items(tuple(self._table.item_ids[row] for row in rows))


def _logistic(weights: Sequence[float], values: Sequence[float]) -> float:
    *slopes, constant = weights
    total = constant + sum(slope * value for slope, value in zip(slopes, values, strict=True))
    return 1 / (1 + math.exp(-total))
