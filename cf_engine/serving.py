"""The engine as a shop uses it: string ids in, string ids out, no torch when open.

A shopper is nothing but a history, so a new one is served at once, and an event changes the next answer
without any training.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from cf_engine.base import FloatArray, IntArray, top_k
from cf_engine.build import build_cf, read_build_header
from cf_engine.ensemble import Ensemble
from cf_engine.interactions import IdMap
from cf_engine.joining.fusion import comparable, standardised
from cf_engine.log.weights import EventWeights
from cf_engine.models.copurchase import CoPurchases
from cf_engine.models.popularity import Popularity
from cf_engine.storage import ModelFileError

__all__ = ["CFEngine", "HistoryItem", "Scored", "build_cf"]

HISTORY_LIMIT: Final = 100
PUSH_AWAY: Final = 0.5
"""How hard a dislike pushes down what resembles it, against how hard a like pulls it up."""
WEIGHTS: Final = EventWeights()
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class HistoryItem:
    """One event of the shopper at hand, as the caller knows it; without a time it counts as the oldest."""

    item_id: str
    kind: str = "view"
    time: datetime | None = None
    value: float | None = None
    event_id: str | None = None


@dataclass(frozen=True)
class Scored:
    """An item and its score; higher is better, comparable within one answer only."""

    item_id: str
    score: float


@dataclass(frozen=True)
class _Known:
    """A history in numbers: what was wanted, oldest first, with where each came from; and what was not."""

    wanted: IntArray
    sources: tuple[HistoryItem, ...]
    unwanted: IntArray


class CFEngine:
    """Recommendations from one build of `cf_engine.build.build_cf`; arrays are memory-mapped, safe to share.

    Histories may hold any kind of event in any order. Items that the build does not know are ignored.
    Dislikes and ratings below three stars are never positives: they push what resembles them down.
    """

    def __init__(
        self,
        items: IdMap,
        model: Ensemble,
        popularity: Popularity,
        copurchases: CoPurchases,
        header: dict[str, Any],
    ) -> None:
        self._items = items
        self._model = model
        self._popularity = popularity
        self._copurchases = copurchases
        self._categories = {name: number for number, name in enumerate(header["categories"])}
        self._retired = np.array(header["retired"], dtype=np.int64)
        self.header = header

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Opens a build.

        Raises:
            ModelFileError: no build there, one of another version, or a damaged one; says what to do.
        """
        path = Path(folder)
        header = read_build_header(path)
        items = IdMap.from_ordered(header["items"])
        model = Ensemble.load(path / "model")
        if model.n_items != len(items):
            raise ModelFileError(
                f"{path}: the model knows {model.n_items} items, the list has {len(items)}; build again"
            )
        popularity = Popularity.load(path / "popularity")
        return cls(items, model, popularity, CoPurchases.load(path / "copurchase"), header)

    @property
    def item_ids(self) -> tuple[str, ...]:
        return self._items.ids

    @property
    def co_basis(self) -> str:
        """The kind of event that `goes_well_with` and `co_count` count, e.g. ``purchase``."""
        return self._copurchases.basis

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._items

    def recommend(
        self,
        history: Sequence[HistoryItem],
        k: int,
        *,
        exclude: Iterable[str] = (),
        candidates: Sequence[str] | None = None,
        exclude_history: bool = True,
    ) -> list[Scored]:
        """The best ``k`` items, best first; fewer when not enough are left.

        An empty history gets what is popular now. ``candidates`` restricts the answer (repeats and unknown
        ids are ignored); ``exclude_history`` leaves out all that the history names. Disliked items always
        stay out.
        """
        known = self._read(history)
        banned = [*self._items.numbers(exclude), *known.unwanted]
        if exclude_history:
            banned.extend(known.wanted)
        chosen = None if candidates is None else np.unique(self._items.numbers(candidates))
        scores = self._score(known, chosen)
        if chosen is None:
            scores[np.array(banned, dtype=np.int64)] = -np.inf
        else:
            scores[np.isin(chosen, banned)] = -np.inf
        return self._named(scores, k, chosen)

    def score(self, history: Sequence[HistoryItem], item_ids: Sequence[str]) -> FloatArray:
        """Scores in the order of ``item_ids``, shape (n,); 0 is an average item, and an unknown one."""
        numbers = [self._items.number(item_id) for item_id in item_ids]
        known = np.array([number for number in numbers if number is not None], dtype=np.int64)
        found = np.zeros(len(numbers), dtype=np.float32)
        if len(known):
            found[[number is not None for number in numbers]] = self._score(self._read(history), known)
        return found

    def similar(self, item_id: str, k: int) -> list[Scored]:
        """What shoppers of the item take too, blended with what reads alike; empty for an unknown item."""
        number = self._items.number(item_id)
        if number is None:
            return []
        wanted = np.array([number], dtype=np.int64)
        scores = self._pull(wanted)
        scores[number] = -np.inf
        return self._named(scores, k)

    def popular(self, k: int, category: str | None = None) -> list[Scored]:
        """The items with most time-decayed events, of one category if given; an unknown one has none."""
        scores = self._popularity.score(()).copy()
        if category is not None:
            number = self._categories.get(category)
            if number is None or self._popularity.category is None:
                return []
            scores[self._popularity.category != number] = -np.inf
        return self._named(scores, k)

    def why(self, history: Sequence[HistoryItem], item_id: str, k: int = 3) -> list[tuple[str, float]]:
        """The events that raised the item's score most: (event_id, or item_id without one; weight).

        Best first. Weights are shares of all that spoke for it, at most 1 in sum; events that spoke against
        it are left out.
        """
        number, known = self._items.number(item_id), self._read(history)
        if number is None or not len(known.wanted):
            return []
        parts = np.maximum(self._model.explain(known.wanted, number), 0.0)
        total = float(parts.sum())
        if total <= 0:
            return []
        best = [n for n in np.argsort(-parts, kind="stable")[:k] if parts[n] > 0]
        sources = [known.sources[n] for n in best]
        return [
            (source.event_id or source.item_id, float(parts[n] / total))
            for n, source in zip(best, sources, strict=True)
        ]

    def goes_well_with(self, item_id: str, k: int) -> list[tuple[str, int, float]]:
        """What shoppers took with the item: (item_id, shoppers who took both, lift), surest first."""
        number = self._items.number(item_id)
        if number is None:
            return []
        found = self._copurchases.goes_well_with(number, k)
        return [(self._items.ids[other], count, lift) for other, count, lift in found]

    def co_count(self, a: str, b: str) -> int:
        """How many shoppers took both items; 0 when the build does not know one of them."""
        first, second = self._items.number(a), self._items.number(b)
        return 0 if first is None or second is None else self._copurchases.count(first, second)

    def _read(self, history: Sequence[HistoryItem]) -> _Known:
        ordered = sorted(history, key=_time_of)
        wanted: list[tuple[int, HistoryItem]] = []
        unwanted: dict[int, None] = {}
        for event in ordered:
            number = self._items.number(event.item_id)
            if number is None:
                continue
            if WEIGHTS.of(event.kind, event.value) < 0:
                unwanted[number] = None
                wanted = [kept for kept in wanted if kept[0] != number]
                continue
            unwanted.pop(number, None)  # the newest opinion of an item holds
            if wanted and wanted[-1][0] == number:
                wanted.pop()
            wanted.append((number, event))
        newest = wanted[-HISTORY_LIMIT:]
        return _Known(
            np.array([number for number, _ in newest], dtype=np.int64),
            tuple(event for _, event in newest),
            np.array(list(unwanted)[-HISTORY_LIMIT:], dtype=np.int64),
        )

    def _score(self, known: _Known, items: IntArray | None = None) -> FloatArray:
        """A fresh array. Dislikes: what their likeness adds beyond an empty history, never below nothing."""
        scores = self._model.score(known.wanted, items) if len(known.wanted) else self._fresh(items)
        scores = np.array(scores, dtype=np.float32)
        if len(known.unwanted):
            alike = self._pull(known.unwanted)
            scores -= PUSH_AWAY * np.maximum(alike if items is None else alike[items], 0.0)
        return scores

    def _fresh(self, items: IntArray | None) -> FloatArray:
        scores = standardised(self._popularity.score(()))
        return scores if items is None else scores[items]

    def _pull(self, items: IntArray) -> FloatArray:
        """How much these items alone raise each score, by every member but popularity; 0 = not at all."""
        pull = np.zeros(self._model.n_items, dtype=np.float32)
        for name, weight in self._model.weights.items():
            if weight and name != Popularity.name:
                pull += np.float32(weight) * comparable(self._model.members[name].score(items))
        return pull

    def _named(self, scores: FloatArray, k: int, numbers: IntArray | None = None) -> list[Scored]:
        if numbers is None:
            scores[self._retired] = -np.inf
        else:
            scores[np.isin(numbers, self._retired)] = -np.inf
        best = top_k(scores, k)
        return [
            Scored(self._items.ids[n if numbers is None else numbers[n]], float(scores[n]))
            for n in best
            if np.isfinite(scores[n])
        ]


def _time_of(event: HistoryItem) -> datetime:
    if event.time is None:
        return LONG_AGO
    return event.time.replace(tzinfo=UTC) if event.time.tzinfo is None else event.time
