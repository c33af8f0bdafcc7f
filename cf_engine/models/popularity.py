"""What everybody takes: time-decayed counts, over all products or within a category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from cf_engine.base import (
    FloatArray,
    History,
    HistoryModel,
    IntArray,
    NotFittedError,
    Progress,
    no_progress,
)
from cf_engine.interactions import Interactions


class Popularity(HistoryModel):
    """Scores are log(1 + decayed weight), the same for every shopper. Fit is O(events).

    Args:
        half_life: age, in the unit of `Interactions.time`, after which an event counts half; None counts all
            alike.
        category: category number of each item, shape (n_items,), for `CFEngine.popular`; -1 = none.
    """

    name = "popularity"

    def __init__(self, half_life: float | None = None, category: IntArray | None = None) -> None:
        self.half_life = half_life
        self.category = category
        self.counts: FloatArray | None = None

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        weight = interactions.weight.astype(np.float64)
        if self.half_life is not None and len(interactions):
            weight = weight * 0.5 ** ((interactions.time.max() - interactions.time) / self.half_life)
        self.n_items = interactions.n_items
        self.counts = np.bincount(interactions.item, weight, self.n_items).astype(np.float32)
        return self

    def score(self, history: History, items: IntArray | None = None) -> FloatArray:
        scores = np.log1p(self._fitted())
        return scores if items is None else scores[items]

    def score_batch(self, histories: Sequence[History]) -> FloatArray:
        return np.tile(self.score(()), (len(histories), 1))

    def explain(self, history: History, item: int) -> FloatArray:
        """Nothing of a history makes an item popular."""
        return np.zeros(len(history), np.float32)

    def _fitted(self) -> FloatArray:
        if self.counts is None:
            raise NotFittedError("popularity has no counts yet: call fit or load first")
        return self.counts

    def _state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        arrays: dict[str, np.ndarray] = {"counts": self._fitted()}
        if self.category is not None:
            arrays["category"] = self.category
        return {"half_life": self.half_life}, arrays

    @classmethod
    def _restore(cls, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Self:
        model = cls(settings["half_life"], arrays.get("category"))
        model.counts = arrays["counts"]
        return model
