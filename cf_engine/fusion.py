"""Late fusion: scores of several models, made comparable per shopper, summed with weights picked on
validation.

Tuning looks only at each shopper's likely candidates (the best of every model), which hold everything that
can reach the top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cf_engine.base import (
    FloatArray,
    History,
    HistoryModel,
    IntArray,
    Progress,
    mask_histories,
    no_progress,
    top_k,
)

STEPS = (0.0, 0.4, 0.7, 0.85, 0.95, 1.05, 1.2, 1.5, 2.5)  # factors that coordinate ascent tries


def standardised(scores: FloatArray) -> FloatArray:
    """Each row minus its mean over its deviation; rows without deviation become 0. Shape kept."""
    mean = scores.mean(axis=-1, keepdims=True, dtype=np.float64)
    deviation = scores.std(axis=-1, keepdims=True, dtype=np.float64)
    scale = np.where(deviation > 1e-9, 1.0 / np.maximum(deviation, 1e-9), 0.0)
    return ((scores - mean) * scale).astype(np.float32)


@dataclass(frozen=True)
class CandidateTable:
    """What each model says of each shopper's candidates.

    Attributes:
        items: (n_users, width) item numbers, -1 where there are fewer.
        scores: (n_users, width, n_models) standardised scores, minus infinity at padding.
        position: (n_users,) place of the held-out item among ``items``, -1 when no model put it forward.
    """

    models: tuple[str, ...]
    items: IntArray
    scores: FloatArray
    position: IntArray

    def ranks(self, weights: FloatArray) -> IntArray:
        """Rank (0 = best) of the held-out item under these weights; ties count against it; a missing one is
        last.
        """
        n = len(self.items)
        fused = self.scores @ weights
        fused[self.items < 0] = -np.inf
        found = self.position >= 0
        rank = np.full(n, np.iinfo(np.int64).max, np.int64)
        target = fused[found, self.position[found]]
        rank[found] = (fused[found] >= target[:, None]).sum(axis=1) - 1
        return rank


def candidate_table(
    models: Mapping[str, HistoryModel],
    histories: Sequence[History],
    targets: npt.NDArray[np.int64],
    *,
    per_model: int = 100,
    batch: int = 512,
    progress: Progress = no_progress,
) -> CandidateTable:
    """Scores ``histories`` with every model once. Memory: users x (models x per_model) x models x 4 bytes."""
    found_items, found_scores = [], []
    for start in range(0, len(histories), batch):
        part = histories[start : start + batch]
        stack = []
        for model in models.values():
            scores = standardised(model.score_batch(part))
            mask_histories(scores, part)
            stack.append(scores)
        items = _union([top_k(scores, per_model) for scores in stack])
        found_items.append(items)
        found_scores.append(
            np.stack([np.take_along_axis(s, np.maximum(items, 0), axis=1) for s in stack], axis=-1)
        )
        progress("candidates", min(start + batch, len(histories)), len(histories))
    width = max((items.shape[1] for items in found_items), default=0)
    items = np.concatenate([_padded(part, width, -1) for part in found_items])
    scores = np.concatenate([_padded(part, width, 0.0) for part in found_scores])
    scores[~np.isfinite(scores)] = -1e6  # an item of the history
    hit = items == targets[:, None]
    position = np.where(hit.any(axis=1), hit.argmax(axis=1), -1)
    return CandidateTable(tuple(models), items, scores, position)


def _union(tops: Sequence[IntArray]) -> IntArray:
    """Distinct items of each row, sorted, padded with -1."""
    merged = np.sort(np.concatenate(tops, axis=1), axis=1)
    repeated = np.zeros(merged.shape, np.bool_)
    repeated[:, 1:] = merged[:, 1:] == merged[:, :-1]
    merged[repeated] = np.iinfo(np.int64).max
    merged.sort(axis=1)
    merged = merged[:, : int((~repeated).sum(axis=1).max(initial=0))]
    return np.where(merged == np.iinfo(np.int64).max, -1, merged)


def _padded(array: np.ndarray, width: int, value: float) -> np.ndarray:
    missing = width - array.shape[1]
    return np.pad(array, [(0, 0), (0, missing)] + [(0, 0)] * (array.ndim - 2), constant_values=value)


def ndcg(ranks: IntArray, k: int = 10) -> float:
    """Mean NDCG@k where each shopper has one right item at these ranks (0 = best)."""
    return (
        float(np.where(ranks < k, 1.0 / np.log2(np.minimum(ranks, k) + 2.0), 0.0).mean())
        if len(ranks)
        else 0.0
    )


def tune_weights(
    table: CandidateTable, *, k: int = 10, rounds: int = 4, progress: Progress = no_progress
) -> tuple[dict[str, float], float]:
    """Coordinate ascent on NDCG@k from equal weights; returns weights (largest = 1) and the NDCG@k reached.

    A weight moves only when that gains: with nothing to learn from, the weights stay equal.
    """
    weights = np.ones(len(table.models), np.float32)
    best = ndcg(table.ranks(weights), k)
    for round_ in range(rounds):
        before = best
        for m in range(len(weights)):
            for step in STEPS:
                trial = weights.copy()
                trial[m] = trial[m] * step if trial[m] > 0 else 0.3 * step
                value = ndcg(table.ranks(trial), k)
                if value > best + 1e-6 and trial.any():
                    best, weights = value, trial
        progress("weights", round_ + 1, rounds)
        if best - before < 1e-5:
            break
    weights = weights / weights.max()
    return dict(zip(table.models, (float(w) for w in weights), strict=True)), best
