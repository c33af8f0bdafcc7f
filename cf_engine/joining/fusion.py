"""Late fusion: scores of several models made comparable per shopper, summed with weights learned on
validation.

Learning looks only at each shopper's likely candidates (the best of every model), which hold everything that
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
from cf_engine.joining.stacker import candidate_features

STEPS = (0.0, 0.4, 0.7, 0.85, 1.2, 1.5, 2.5)  # factors that coordinate ascent tries


def standardised(scores: FloatArray) -> FloatArray:
    """Each row minus its mean over its deviation; rows without deviation become 0. Shape kept."""
    mean = scores.mean(axis=-1, keepdims=True)
    deviation = scores.std(axis=-1, keepdims=True)
    known = deviation > 1e-6 * np.maximum(np.abs(mean), 1e-12)
    scale = np.where(known, 1.0 / np.maximum(deviation, 1e-30), 0.0)
    return ((scores - mean) * scale).astype(np.float32)


def comparable(scores: FloatArray) -> FloatArray:
    """sign(z) |z|^0.7 of the standardised scores.

    The best items of a sparse model stand 50 deviations above its mean, those of a dense one 4: without the
        power
    the sparse model alone would decide wherever it knows anything.
    """
    z = standardised(scores)
    return np.copysign(np.abs(z) ** np.float32(0.7), z)


@dataclass(frozen=True)
class CandidateTable:
    """What each model says of each shopper's candidates.

    Attributes:
        items: (n_users, width) item numbers, -1 where there are fewer.
        scores: (n_users, width, n_models) comparable scores; -100 at padding.
        position: (n_users,) place of the held-out item among ``items``, -1 when no model put it forward.
        lengths: (n_users,) lengths of the histories.
    """

    models: tuple[str, ...]
    items: IntArray
    scores: FloatArray
    position: IntArray
    lengths: IntArray

    def ranks(self, weights: FloatArray) -> IntArray:
        """Rank (0 = best) of the held-out item; ties count against it; a missing one is last."""
        return ranks_of(self.scores @ weights, self.position)

    def rows(self, keep: npt.NDArray[np.bool_]) -> CandidateTable:
        """Fewer shoppers."""
        parts = (self.items[keep], self.scores[keep], self.position[keep], self.lengths[keep])
        return CandidateTable(self.models, *parts)

    def features(self, weights: FloatArray) -> FloatArray:
        """What `stacker.candidate_features` makes of these candidates."""
        return candidate_features(self.scores, self.scores @ weights, self.lengths)

    def best(self, weights: FloatArray, size: int) -> CandidateTable:
        """The ``size`` best candidates of each shopper under these weights, best first."""
        chosen = top_k(self.scores @ weights, size)
        found = chosen == self.position[:, None]
        return CandidateTable(
            self.models,
            np.take_along_axis(self.items, chosen, axis=1),
            np.take_along_axis(self.scores, chosen[..., None], axis=1),
            np.where(found.any(axis=1) & (self.position >= 0), found.argmax(axis=1), -1),
            self.lengths,
        )


def ranks_of(scores: FloatArray, position: IntArray) -> IntArray:
    """Rank of the candidate at ``position`` in each row of (n, width); the largest int where it is -1."""
    found = position >= 0
    ranks = np.full(len(scores), np.iinfo(np.int64).max, np.int64)
    right = scores[found, position[found]]
    ranks[found] = (scores[found] >= right[:, None]).sum(axis=1) - 1
    return ranks


def candidate_table(
    models: Mapping[str, HistoryModel],
    histories: Sequence[History],
    targets: IntArray,
    *,
    per_model: int = 60,
    batch: int = 256,
    progress: Progress = no_progress,
) -> CandidateTable:
    """Scores ``histories`` with every model once. Memory: users x (models x per_model) x models x 4 bytes."""
    width = len(models) * per_model
    items = np.full((len(histories), width), -1, np.int64)
    table = np.full((len(histories), width, len(models)), -100.0, np.float32)
    for start in range(0, len(histories), batch):
        part = histories[start : start + batch]
        stack = [comparable(model.score_batch(part)) for model in models.values()]
        for scores in stack:
            mask_histories(scores, part)
        found = _union([top_k(scores, per_model) for scores in stack])
        rows, columns = slice(start, start + len(part)), slice(0, found.shape[1])
        items[rows, columns] = found
        for m, scores in enumerate(stack):
            values = np.take_along_axis(scores, np.maximum(found, 0), axis=1)
            table[rows, columns, m] = np.where((found >= 0) & np.isfinite(values), values, -100.0)
        progress("candidates", min(start + batch, len(histories)), len(histories))
    hit = items == targets[:, None]
    position = np.where(hit.any(axis=1), hit.argmax(axis=1), -1)
    return CandidateTable(
        tuple(models), items, table, position, np.array([len(h) for h in histories], np.int64)
    )


def _union(tops: Sequence[IntArray]) -> IntArray:
    """Distinct items of each row, sorted, padded with -1."""
    merged = np.sort(np.concatenate(tops, axis=1), axis=1)
    repeated = np.zeros(merged.shape, np.bool_)
    repeated[:, 1:] = merged[:, 1:] == merged[:, :-1]
    merged[repeated] = np.iinfo(np.int64).max
    merged.sort(axis=1)
    merged = merged[:, : int((~repeated).sum(axis=1).max(initial=0))]
    return np.where(merged == np.iinfo(np.int64).max, -1, merged)


def ndcg(ranks: IntArray, k: int = 10) -> float:
    """Mean NDCG@k where each shopper has one right item at these ranks (0 = best)."""
    if not len(ranks):
        return 0.0
    return float(np.where(ranks < k, 1.0 / np.log2(np.minimum(ranks, k) + 2.0), 0.0).mean())


def learn_weights(
    table: CandidateTable, *, k: int = 10, most: int = 5000, rounds: int = 4
) -> dict[str, float]:
    """Coordinate ascent on NDCG@k from equal weights, none below 0, the largest 1.

    Every step multiplies a weight, so there is no grid whose edge could be hit, and a weight moves only when
    that gains.
    """
    found = np.flatnonzero(table.position >= 0)[:most]
    scores, position = table.scores[found], table.position[found]
    weights = np.ones(len(table.models), np.float32)
    best = ndcg(ranks_of(scores @ weights, position), k)
    for _ in range(rounds):
        before = best
        for m in range(len(weights)):
            for step in STEPS:
                trial = weights.copy()
                trial[m] = trial[m] * step if trial[m] > 0 else 0.3 * step
                reached = ndcg(ranks_of(scores @ trial, position), k)
                if reached > best + 1e-6 and trial.any():
                    best, weights = reached, trial
        if best - before < 1e-4:
            break
    return dict(zip(table.models, (float(w) for w in weights / weights.max()), strict=True))
