"""Joining rankings: pure functions over score arrays of the same candidates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


def scaled(scores: FloatArray) -> FloatArray:
    """Scores divided by the best one, shape kept: 1 is the best, 0 and below are nothing."""
    best = float(scores.max(initial=0.0))
    return np.asarray(scores / best if best > 0 else np.zeros_like(scores), dtype=np.float32)


def weighted_fusion(scores: Sequence[FloatArray], weights: Sequence[float]) -> FloatArray:
    """Weighted sum of several sources' scores of the same candidates, each scaled by its best; shape (n,)."""
    total = np.zeros(len(scores[0]), dtype=np.float32)
    for source, weight in zip(scores, weights, strict=True):
        total += np.float32(weight) * scaled(source)
    return total
