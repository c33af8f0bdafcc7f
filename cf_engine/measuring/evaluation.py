"""Which model is better, for whom, and how sure is that: models over splits, intervals, paired tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cf_engine.base import FloatArray, HistoryModel, IntArray, Progress, no_progress
from cf_engine.measuring import metrics
from cf_engine.measuring.splits import Split

Floats = npt.NDArray[np.float64]
ACTIVITY_EDGES: Final = ((0, "0"), (1, "1"), (2, "2-4"), (5, "5-9"), (10, "10-19"), (20, "20+"))
POPULARITY_GROUPS: Final = ("head", "middle", "tail")


@dataclass(frozen=True)
class Estimate:
    """A mean over shoppers with its bootstrap interval."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class ModelResult:
    """One model over one split. ``per_user`` holds one value a shopper by metric; the rest sums it up."""

    name: str
    accuracy: dict[str, Estimate]
    beyond: dict[str, float]
    by_activity: dict[str, Estimate]
    by_popularity: dict[str, Estimate]
    lift_by_activity: dict[str, float]
    per_user: dict[str, Floats]
    lists: IntArray

    def summary(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        return {
            **{name: estimate.mean for name, estimate in self.accuracy.items()},
            **self.beyond,
            "intervals": {name: [e.low, e.high] for name, e in self.accuracy.items()},
            "by_activity": {name: asdict(e) for name, e in self.by_activity.items()},
            "by_popularity": {name: asdict(e) for name, e in self.by_popularity.items()},
            "popularity_lift_by_activity": self.lift_by_activity,
        }


@dataclass(frozen=True)
class PairedTest:
    """``a`` against ``b`` on the same shoppers: mean difference, bootstrap interval, two-sided p."""

    a: str
    b: str
    metric: str
    difference: Estimate
    p_value: float

    @property
    def a_is_better(self) -> bool:
        return self.difference.low > 0


def evaluate(
    models: Mapping[str, HistoryModel],
    split: Split,
    *,
    ks: Sequence[int] = (5, 10, 20),
    main_k: int = 10,
    vectors: FloatArray | None = None,
    seed: int = 0,
    progress: Progress = no_progress,
) -> dict[str, ModelResult]:
    """Asks every fitted model for every shopper of the split, all items ranked, the history left out.

    ``vectors`` (n_items, d) measure the diversity of lists. Strata use NDCG at ``main_k``: by the length of
    the history, and by the popularity group of the target in training. O(shoppers * items) a model.
    """
    popularity = np.bincount(split.train.item, minlength=split.train.n_items)
    results = {}
    for done, (name, model) in enumerate(models.items()):
        progress("evaluate", done, len(models))
        lists = model.recommend_batch(split.histories, max(*ks, main_k))
        results[name] = measure(
            name, lists, split, popularity, ks=ks, main_k=main_k, vectors=vectors, seed=seed
        )
    progress("evaluate", len(models), len(models))
    return results


def measure(
    name: str,
    lists: IntArray,
    split: Split,
    popularity: IntArray,
    *,
    ks: Sequence[int] = (5, 10, 20),
    main_k: int = 10,
    vectors: FloatArray | None = None,
    seed: int = 0,
) -> ModelResult:
    """Everything `evaluate` reports, from lists (n_users, depth) made by any model or library."""
    n_items, n_relevant = split.train.n_items, split.n_relevant
    hits = metrics.hits_of(lists, split.targets, n_items)
    per_user = {}
    for k in sorted({*ks, main_k}):
        per_user[f"recall@{k}"] = metrics.recall(hits, n_relevant, k)
        per_user[f"ndcg@{k}"] = metrics.ndcg(hits, n_relevant, k)
        per_user[f"map@{k}"] = metrics.average_precision(hits, n_relevant, k)
        per_user[f"mrr@{k}"] = metrics.reciprocal_rank(hits, k)
        per_user[f"hit_rate@{k}"] = metrics.hit_rate(hits, k)
        per_user[f"precision@{k}"] = metrics.precision(hits, k)
    shown = lists[:, :main_k]
    main = per_user[f"ndcg@{main_k}"]
    activity = activity_strata(split.histories)
    lift = metrics.popularity_lift(shown, split.histories, popularity)
    return ModelResult(
        name=name,
        accuracy={metric: bootstrap(values, seed=seed) for metric, values in per_user.items()},
        beyond=beyond_accuracy(shown, n_items, popularity, vectors),
        by_activity={label: bootstrap(main[rows], seed=seed) for label, rows in activity.items()},
        by_popularity={
            label: bootstrap(main[rows], seed=seed)
            for label, rows in target_strata(split, popularity).items()
        },
        lift_by_activity={
            label: float(np.nanmean(lift[rows]))
            for label, rows in activity.items()
            if not np.isnan(lift[rows]).all()
        },
        per_user=per_user,
        lists=lists,
    )


def beyond_accuracy(
    shown: IntArray, n_items: int, popularity: IntArray, vectors: FloatArray | None
) -> dict[str, float]:
    """Coverage, novelty, exposure (its Gini, and by popularity group); diversity where there are vectors."""
    counts = metrics.exposure(shown, n_items)
    groups = metrics.popularity_groups(popularity, len(POPULARITY_GROUPS))
    by_group = np.bincount(groups, weights=counts, minlength=len(POPULARITY_GROUPS)) / max(counts.sum(), 1)
    found = {
        "coverage": metrics.coverage(shown, n_items),
        "novelty": _mean(metrics.novelty(shown, popularity)),
        "gini": metrics.gini(counts),
        **{f"exposure_{label}": float(by_group[n]) for n, label in enumerate(POPULARITY_GROUPS)},
    }
    if vectors is not None:
        found["diversity"] = _mean(metrics.diversity(shown, vectors))
    return found


def activity_strata(histories: Sequence[npt.ArrayLike]) -> dict[str, IntArray]:
    """Positions of the shoppers by the number of events they were known by; empty strata are left out."""
    lengths = np.array([np.size(history) for history in histories], dtype=np.int64)
    edges = [edge for edge, _ in ACTIVITY_EDGES]
    stratum = np.searchsorted(edges, lengths, side="right") - 1
    found = {label: np.flatnonzero(stratum == n) for n, (_, label) in enumerate(ACTIVITY_EDGES)}
    return {label: rows for label, rows in found.items() if len(rows)}


def target_strata(split: Split, popularity: IntArray) -> dict[str, IntArray]:
    """Positions of the shoppers by the popularity group of their first target; empty strata are left out."""
    groups = metrics.popularity_groups(popularity, len(POPULARITY_GROUPS))
    first = np.array([items[0] for items in split.targets], dtype=np.int64)
    found = {label: np.flatnonzero(groups[first] == n) for n, label in enumerate(POPULARITY_GROUPS)}
    return {label: rows for label, rows in found.items() if len(rows)}


def bootstrap(values: Floats, *, samples: int = 1000, level: float = 0.95, seed: int = 0) -> Estimate:
    """Mean and percentile interval over shoppers drawn with replacement (Efron 1979). O(samples * n)."""
    n = len(values)
    if n == 0:
        return Estimate(0.0, 0.0, 0.0, 0)
    means = _resampled_means(values, samples, seed)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(values.mean()), float(low), float(high), n)


def paired_test(a: ModelResult, b: ModelResult, metric: str = "ndcg@10", *, seed: int = 0) -> PairedTest:
    """Is ``a`` better than ``b``? Bootstrap of the differences, and a sign-flip permutation p-value.

    Raises:
        ValueError: the two were asked for different shoppers.
    """
    if len(a.per_user[metric]) != len(b.per_user[metric]):
        raise ValueError(
            f"{a.name} and {b.name} were asked for different shoppers; evaluate both on one split"
        )
    difference = a.per_user[metric] - b.per_user[metric]
    return PairedTest(
        a.name, b.name, metric, bootstrap(difference, seed=seed), sign_flip_p(difference, seed=seed)
    )


def sign_flip_p(difference: Floats, *, samples: int = 2000, seed: int = 0) -> float:
    """Two-sided p that a mean difference this large comes from shuffling who is a and who is b.

    Shoppers without a difference don't matter, so only the others are flipped. At least 1 / (samples + 1).
    """
    changed = difference[difference != 0]
    if len(changed) == 0:
        return 1.0
    rng = np.random.default_rng(seed)
    observed = abs(changed.sum())
    extreme = 0
    for start in range(0, samples, 100):
        signs = rng.integers(0, 2, size=(min(100, samples - start), len(changed)), dtype=np.int8) * 2 - 1
        extreme += int((np.abs(signs @ changed) >= observed - 1e-12).sum())
    return (extreme + 1) / (samples + 1)


def _resampled_means(values: Floats, samples: int, seed: int) -> Floats:
    """Means of bootstrap samples. Equal values are drawn together: most shoppers score exactly 0 or 1."""
    rng = np.random.default_rng(seed)
    distinct, counts = np.unique(values, return_counts=True)
    drawn = rng.multinomial(len(values), counts / len(values), size=samples)
    return np.asarray(drawn @ distinct / len(values))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0
