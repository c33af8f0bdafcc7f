"""The contract that every recommender keeps, and what all of them share. Ids are integers here; strings live
outside.

A model never knows users: it scores items for a *history*, the item numbers a shopper met, oldest first. So a
new shopper is served at once, an event changes the next answer without training, and forgetting a shopper
leaves nothing here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from cf_engine.storage import load_model, save_model

if TYPE_CHECKING:
    from cf_engine.interactions import Interactions

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
History = Sequence[int] | IntArray
Progress = Callable[[str, int, int | None], None]


def no_progress(stage: str, done: int, total: int | None) -> None:
    """The default `Progress`: says nothing."""


class NotFittedError(RuntimeError):
    """A model was asked before `fit` or `load`."""


class HistoryModel(ABC):
    """What a model gets for free once it can `score_batch`, and say what it is made of (`_state`,
    `_restore`).
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    n_items: int = 0

    @abstractmethod
    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self: ...

    @abstractmethod
    def score_batch(self, histories: Sequence[History]) -> FloatArray: ...

    @abstractmethod
    def _state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Settings (JSON) and arrays that `_restore` needs to make the same model."""

    @classmethod
    @abstractmethod
    def _restore(cls, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Self: ...

    def score(self, history: History, items: IntArray | None = None) -> FloatArray:
        scores = self.score_batch([history])[0]
        return scores if items is None else scores[items]

    def recommend(
        self, history: History, k: int, exclude: History = (), candidates: IntArray | None = None
    ) -> tuple[IntArray, FloatArray]:
        scores = self.score(history, candidates)
        if candidates is not None:
            allowed = ~np.isin(candidates, np.asarray(exclude, np.int64))
            best = top_k(np.where(allowed, scores, -np.inf), min(k, int(allowed.sum())))
            return np.asarray(candidates, np.int64)[best], scores[best]
        if len(exclude):
            scores = scores.copy()
            scores[np.asarray(exclude, np.int64)] = -np.inf
        best = top_k(scores, k)
        best = best[np.isfinite(scores[best])]
        return best, scores[best]

    def recommend_batch(self, histories: Sequence[History], k: int, *, batch: int = 256) -> IntArray:
        """The best ``k`` items that each history lacks, shape (n, k), best first; -1 where too few are left.

        ``batch``: shoppers at once; so many rows of scores still fit the processor's cache.
        """
        found = np.full((len(histories), k), -1, np.int64)
        for start in range(0, len(histories), batch):
            part = histories[start : start + batch]
            scores = self.score_batch(part)
            mask_histories(scores, part)
            best = top_k(scores, min(k, scores.shape[1]))
            best[~np.isfinite(np.take_along_axis(scores, best, axis=1))] = -1
            found[start : start + len(part), : best.shape[1]] = best
        return found

    def explain(self, history: History, item: int) -> FloatArray:
        """By ablation: the fall of the score when one position is left out. One batch of len(history) + 1
        scores.
        """
        without = [[*history[:i], *history[i + 1 :]] for i in range(len(history))]
        scores = self.score_batch([history, *without])[:, item]
        return (scores[0] - scores[1:]).astype(np.float32)

    def save(self, folder: Path) -> None:
        if not self.n_items:
            raise NotFittedError(f"the model {self.name!r} has nothing to save: call fit first")
        settings, arrays = self._state()
        save_model(folder, self.name, self.version, {"n_items": self.n_items, **settings}, arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Opens what `save` wrote; arrays are memory-mapped. ModelFileError on another kind, version or
        shape.
        """
        settings, arrays = load_model(folder, cls.name, cls.version)
        n_items = settings.pop("n_items")
        model = cls._restore(settings, arrays)
        model.n_items = n_items
        return model


def top_k(scores: npt.NDArray[np.floating[Any]], k: int) -> IntArray:
    """Positions of the ``k`` largest along the last axis, largest first. O(n + k log k) a row."""
    n = scores.shape[-1]
    k = min(k, n)
    if k <= 0:
        return np.empty((*scores.shape[:-1], 0), np.int64)
    part = np.argpartition(scores, n - k, axis=-1)[..., n - k :]
    order = np.argsort(-np.take_along_axis(scores, part, axis=-1), axis=-1, kind="stable")
    return np.take_along_axis(part, order, axis=-1)


def mask_histories(scores: FloatArray, histories: Sequence[History]) -> None:
    """Sets, in place, the scores of each row's own history to minus infinity."""
    lengths = [len(history) for history in histories]
    rows = np.repeat(np.arange(len(histories)), lengths)
    columns = np.fromiter((item for history in histories for item in history), np.int64, sum(lengths))
    scores[rows, columns] = -np.inf
