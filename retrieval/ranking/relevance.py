"""Measures of a ranking against graded judgments: NDCG and recall, with confidence intervals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt


def ndcg(ranked: Sequence[str], gains: Mapping[str, float], k: int = 10) -> float:
    """Normalised discounted cumulative gain at ``k``, unjudged items gaining 0 (Järvelin and Kekäläinen
    2002).

    ``ranked``: item ids, best first. ``gains``: gain by item id. 0 where nothing gains.
    """
    best = sorted(gains.values(), reverse=True)
    ideal = _discounted(best[:k])
    return _discounted([gains.get(item_id, 0.0) for item_id in ranked[:k]]) / ideal if ideal > 0 else 0.0


def judged_only(ranked: Sequence[str], gains: Mapping[str, float]) -> list[str]:
    """The ranking without unjudged items: what a ranker gains that merely knows what was judged is
    lost here."""
    return [item_id for item_id in ranked if item_id in gains]


def recall(ranked: Sequence[str], relevant: Collection[str], k: int = 100) -> float:
    """Share of the relevant items among the first ``k``; 1 where nothing is relevant."""
    return len(set(ranked[:k]) & set(relevant)) / len(relevant) if relevant else 1.0


def interval(values: npt.ArrayLike, *, draws: int = 1000, level: float = 0.95) -> tuple[float, float]:
    """Bootstrap confidence interval of the mean over queries (percentile method, fixed seed)."""
    numbers = np.asarray(values, dtype=np.float64)
    generator = np.random.default_rng(0)
    means = [float(generator.choice(numbers, len(numbers)).mean()) for _ in range(draws)]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return round(float(low), 4), round(float(high), 4)


def _discounted(gains: Sequence[float]) -> float:
    return float(sum(gain / np.log2(rank + 1) for rank, gain in enumerate(gains, start=1)))
