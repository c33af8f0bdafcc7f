"""The end of a ranking: near-duplicates folded, and variety where it is asked for."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


def fold_duplicates(keys: Sequence[Hashable]) -> list[int]:
    """Positions of the first of each key, in order: later variants and repeated titles are folded into it."""
    seen: set[Hashable] = set()
    return [position for position, key in enumerate(keys) if key not in seen and not seen.add(key)]  # type: ignore[func-returns-value]


def maximal_marginal_relevance(
    relevance: FloatArray, vectors: FloatArray, k: int, diversity: float
) -> list[int]:
    """Positions of ``k`` candidates: each next has the best (1-d) relevance - d likeness to those before it.

    Carbonell and Goldstein, SIGIR 1998. ``relevance`` shape (n,), any scale (it is scaled to 0..1);
    ``vectors`` shape (n, d), unit rows; ``diversity`` 0 keeps the order. Cost O(k n d).
    """
    if len(relevance) == 0:
        return []
    low, high = float(relevance.min()), float(relevance.max())
    gain = (relevance - low) / max(high - low, 1e-9)
    likeness = np.zeros(len(relevance), dtype=np.float32)
    left = np.ones(len(relevance), dtype=bool)
    chosen: list[int] = []
    while len(chosen) < min(k, len(relevance)):
        value = np.where(left, (1 - diversity) * gain - diversity * likeness, -np.inf)
        best = int(np.argmax(value))
        chosen.append(best)
        left[best] = False
        likeness = np.maximum(likeness, vectors @ vectors[best])
    return chosen
