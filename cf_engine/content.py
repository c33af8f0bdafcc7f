"""Recommends by the products' own text vectors: the only family that knows an item nobody has met yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from cf_engine.base import FloatArray, History, HistoryModel, IntArray, NotFittedError, Progress, no_progress
from cf_engine.interactions import Interactions
from cf_engine.linear import history_matrix


class Content(HistoryModel):
    """score = sum over the history of decay^age * max(cosine, 0)^power; an item without a vector scores 0.

    A power well above 1 makes it nearest-neighbour voting: many faint likenesses don't outweigh a close one.
    Scoring is one product of (history x d) with (n_items x d).

    Args:
        vectors: (n_items, d) float, any length of rows; rows of zeros = no text.
    """

    name = "content"

    def __init__(
        self, vectors: npt.NDArray[np.floating[Any]], decay: float = 0.8, power: float = 4.0
    ) -> None:
        self.vectors = normalised(vectors)
        self.decay = decay
        self.power = power

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        """Learns nothing from events; checks that there is one vector an item."""
        if len(self.vectors) != interactions.n_items:
            raise ValueError(
                f"content needs one vector an item: got {len(self.vectors)} for {interactions.n_items} items"
            )
        self.n_items = interactions.n_items
        return self

    def score(self, history: History, items: IntArray | None = None) -> FloatArray:
        if not self.n_items:
            raise NotFittedError("content was not fitted: call fit or load first")
        scores = np.zeros(self.n_items if items is None else len(items), np.float32)
        if len(history):
            weights = self.decay ** np.arange(len(history) - 1, -1, -1, dtype=np.float32)
            targets = self.vectors if items is None else self.vectors[items]
            scores = (weights @ self._likeness(np.asarray(history, np.int64), targets)).astype(np.float32)
        return scores

    def score_batch(self, histories: Sequence[History]) -> FloatArray:
        weights = history_matrix(histories, self.n_items, self.decay)
        used = np.unique(weights.indices)
        result = np.zeros((len(histories), self.n_items), np.float32)
        for start in range(0, len(used), 1024):  # bounds the memory of the item x item block
            part = used[start : start + 1024]
            result += weights[:, part] @ self._likeness(part, self.vectors)
        return result

    def explain(self, history: History, item: int) -> FloatArray:
        """Exact: the parts sum to the score."""
        weights = self.decay ** np.arange(len(history) - 1, -1, -1, dtype=np.float32)
        return weights * self._likeness(np.asarray(history, np.int64), self.vectors[[item]])[:, 0]

    def _likeness(self, sources: IntArray, targets: FloatArray) -> FloatArray:
        cosine = np.maximum(self.vectors[sources] @ targets.T, 0.0)
        return cosine**self.power

    def _state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {"decay": self.decay, "power": self.power}, {"vectors": self.vectors}

    @classmethod
    def _restore(cls, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Self:
        model = cls.__new__(cls)
        model.vectors, model.decay, model.power = arrays["vectors"], settings["decay"], settings["power"]
        return model


def normalised(vectors: npt.NDArray[np.floating[Any]]) -> FloatArray:
    """Rows of length 1, or of zeros where they were. ValueError on NaN or infinity."""
    vectors = np.ascontiguousarray(vectors, np.float32)
    if vectors.ndim != 2 or not np.isfinite(vectors).all():
        raise ValueError(f"item vectors must be a finite matrix (n_items, d): got shape {vectors.shape}")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
