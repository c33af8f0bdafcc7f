"""Rankings joined by ranks alone, which our own fusion is measured against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def reciprocal_rank_fusion(rankings: Sequence[Sequence[int]], size: int, constant: int = 60) -> np.ndarray:
    """Sum of 1 / (constant + rank) over rankings of candidates 0..size-1, best first, ranks from 1; shape
    (size,).

    Cormack, Clarke and Büttcher, SIGIR 2009. Weighs every source alike.
    """
    total = np.zeros(size, dtype=np.float32)
    for ranking in rankings:
        total[np.asarray(ranking, dtype=np.int64)] += 1.0 / (constant + 1 + np.arange(len(ranking)))
    return total
