"""Keeping a build fresh: train on from the last, compare on the newest events, swap only when not worse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cf_engine.base import FloatArray, History, HistoryModel, Progress, no_progress
from cf_engine.build import CFSettings, drop_checkpoints, finish_build, fit_recipe, read_build_header
from cf_engine.ensemble import Ensemble
from cf_engine.events import Event
from cf_engine.interactions import IdMap, Interactions
from cf_engine.log.shop_data import ItemVectors, read_shop
from cf_engine.measuring.evaluation import ModelResult, PairedTest, evaluate, paired_test
from cf_engine.measuring.splits import Split, time_cut


@dataclass(frozen=True)
class Gate:
    """When a new build may replace the old one.

    Both are asked about the newest ``test_share`` of the events that came since the old build, which neither
    has seen. The new one must keep all but ``max_drop`` of the old one's ``metric`` and all but
    ``max_coverage_drop`` of its coverage (a model that shows everybody the same may score well and still be
    broken). Fewer than ``least_users`` shoppers decide nothing: then the old one stays.
    """

    metric: str = "ndcg@10"
    max_drop: float = 0.02
    max_coverage_drop: float = 0.5
    test_share: float = 0.3
    least_users: int = 20

    def __post_init__(self) -> None:
        if not 0 < self.test_share < 1:
            raise ValueError(f"test_share must lie between 0 and 1; got {self.test_share}")


@dataclass(frozen=True)
class RefreshResult:
    """Whether the new build passed, why, and what both scored; ``metrics`` are those of the manifest."""

    accepted: bool
    reason: str
    new_events: int
    metrics: dict[str, Any]


def refresh(
    events: Iterable[Event],
    previous: Path,
    folder: Path,
    *,
    item_vectors: ItemVectors,
    categories: Mapping[str, str],
    gate: Gate | None = None,
    settings: CFSettings | None = None,
    progress: Progress = no_progress,
) -> RefreshResult:
    """Makes a build in ``folder`` that goes on from ``previous``; writes nothing unless it passes the gate.

    Item numbers stay and new items follow; trained models start from their last weights, new items from their
    texts. The swap itself (pointing the shop at ``folder``) is the caller's.

    Raises:
        ModelFileError: ``previous`` is no build of this version.
    """
    options, rule = settings or CFSettings(), gate or Gate()
    header = read_build_header(previous)
    old = Ensemble.load(previous / "model")
    data = read_shop(
        events,
        item_vectors,
        categories,
        weights=options.weights,
        items=IdMap.from_ordered(header["items"]),
        progress=progress,
    )
    since = header["newest_event"] if header["newest_event"] is not None else -np.inf
    new_events = int((data.interactions.time > since).sum())
    split = newest_slice(data.interactions, since, rule)
    if split is None:
        few = f"{new_events} new events are too few to compare on; the old recommender stays"
        return RefreshResult(False, few, new_events, {})
    split = split.sample(options.max_test_users, options.seed)
    fit = fit_recipe(data, split.train, options, progress, start=old)
    models: dict[str, HistoryModel] = {"old": Grown(old, len(data.sold)), "new": fit.model}
    results = evaluate(models, split, ks=(10,), seed=options.seed, progress=progress)
    test = paired_test(results["new"], results["old"], rule.metric, seed=options.seed)
    reason = refusal(results["old"], results["new"], rule)
    told = _told(rule, split, results, test, accepted=reason is None)
    if reason is not None:
        drop_checkpoints(options)
        return RefreshResult(False, reason, new_events, {"refresh": told})
    metrics = finish_build(folder, fit, data, split, {"refresh": told}, progress)
    drop_checkpoints(options)
    return RefreshResult(True, _praise(test), new_events, metrics)


def newest_slice(interactions: Interactions, since: float, gate: Gate) -> Split | None:
    """The newest part of what came after ``since``; None when it has too few shoppers to compare on."""
    new = interactions.time[interactions.time > since]
    if not len(new):
        return None
    cut = max(float(np.quantile(new, 1 - gate.test_share)), float(new.min()))
    split = time_cut(interactions, cut, name="newest slice")
    return split if len(split) >= gate.least_users and len(split.train) else None


def refusal(old: ModelResult, new: ModelResult, gate: Gate) -> str | None:
    """Why the new build must not replace the old one; None when it may."""
    before, after = old.accuracy[gate.metric].mean, new.accuracy[gate.metric].mean
    if after < before * (1 - gate.max_drop):
        return (
            f"{gate.metric} fell from {before:.4f} to {after:.4f}, more than {gate.max_drop:.0%}; "
            "the old recommender stays"
        )
    shown, now_shown = old.beyond["coverage"], new.beyond["coverage"]
    if now_shown < shown * (1 - gate.max_coverage_drop):
        return (
            f"coverage fell from {shown:.1%} to {now_shown:.1%} of the items, more than "
            f"{gate.max_coverage_drop:.0%}; the old recommender stays"
        )
    return None


class Grown(HistoryModel):
    """An older model among more items than it knows; it neither recommends nor reads the others."""

    name = "grown"

    def __init__(self, model: HistoryModel, n_items: int) -> None:
        self._model = model
        self.n_items = n_items

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Grown:
        raise NotImplementedError("an old model is compared, not trained")

    def score_batch(self, histories: Sequence[History]) -> FloatArray:
        known = self._model.n_items
        read = [np.asarray(history, dtype=np.int64) for history in histories]
        scores = self._model.score_batch([history[history < known] for history in read])
        unknown = np.full((len(read), self.n_items - known), -np.inf, dtype=np.float32)
        return np.concatenate([scores, unknown], axis=1)

    def _state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        raise NotImplementedError("save the model inside")

    @classmethod
    def _restore(cls, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Grown:
        raise NotImplementedError("load the model inside")


def _told(
    gate: Gate, split: Split, results: Mapping[str, ModelResult], test: PairedTest, *, accepted: bool
) -> dict[str, Any]:
    """What the manifest keeps: thresholds, both scores, the difference with its interval."""
    return {
        "gate": asdict(gate),
        "accepted": accepted,
        "users": len(split),
        **{name: round(result.accuracy[gate.metric].mean, 5) for name, result in results.items()},
        **{f"{name}_coverage": round(result.beyond["coverage"], 4) for name, result in results.items()},
        "difference": {**asdict(test.difference), "p_value": test.p_value},
    }


def _praise(test: PairedTest) -> str:
    found = "better" if test.a_is_better else "not worse"
    difference = test.difference
    return (
        f"{found} on the newest slice: {test.metric} {difference.mean:+.4f} "
        f"[{difference.low:+.4f}, {difference.high:+.4f}], {difference.n} shoppers"
    )
