"""From a shop's event log to a folder that serves: read, hold out, train, measure, refit, save."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from cf_engine.base import HistoryModel, Progress, no_progress
from cf_engine.ensemble import Ensemble
from cf_engine.events import Event
from cf_engine.interactions import Interactions
from cf_engine.joining.ensemble_fit import EnsembleFit, fit_ensemble
from cf_engine.joining.recipe import Effort
from cf_engine.log.shop_data import ItemVectors, ShopData, read_shop
from cf_engine.log.weights import EventWeights
from cf_engine.measuring.evaluation import ModelResult, evaluate, paired_test
from cf_engine.measuring.splits import Split, cut_at_share, leave_one_out, time_cut
from cf_engine.models.popularity import Popularity
from cf_engine.storage import ModelFileError

VERSION: Final = 1
HEADER: Final = "cf.json"
BASELINES: Final = ("popularity", "item_item")
HALF_LIVES: Final = (0.02, 0.06, 0.2, 0.6)
"""Half-lives of popularity to choose from, as shares of the log's timespan."""

UNTUNED: Final = {"content": 1.0, "item_item": 0.5, "popularity": 0.1}
"""Weights where events are too few to pick any: texts know most then, and popularity next to nothing."""


@dataclass(frozen=True)
class CFSettings:
    """What a build may be told; the defaults suit any shop.

    ``test_share`` of the newest events measure the build, which is then trained again on everything;
    below ``least_test_users`` shoppers the newest event of each is held out instead, and below that nothing.
    Of what is left, ``validation_share`` picks settings and weights, likewise from ``least_validation_users``
    on. ``effort`` "quick" trains closed forms alone (no PyTorch), "standard" matrix factorisation besides,
    "full" the transformer besides, and searches settings. ``tuned`` are settings by model, as
    `tuning.read_tuned` gives them; these are not searched again. In the folder ``checkpoints`` the next run
    on the same data finds a training that was stopped; the folder is removed when a build is done.
    """

    weights: EventWeights = field(default_factory=EventWeights)
    test_share: float = 0.1
    least_test_users: int = 20
    validation_share: float = 0.15
    least_validation_users: int = 100
    max_test_users: int = 10_000
    effort: Effort = "standard"
    tuned: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    checkpoints: Path | None = None
    seed: int = 0


def build_cf(
    events: Iterable[Event],
    folder: Path,
    *,
    item_vectors: ItemVectors,
    categories: Mapping[str, str],
    settings: CFSettings | None = None,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Trains on the log, measures on its newest part, refits on everything and saves into ``folder``.

    Works from no events at all (texts serve then). Items of ``item_vectors`` without events are recommended
    through their texts. Returns the metrics for the manifest: what the build scores on events it had not
    seen, beside popularity and item-item alone, with numbers of shoppers and intervals.

    A build starts from nothing: a model that went on from the last one would have seen the events it is
    measured on (`update.refresh` goes on, and measures on later ones).

    Raises:
        ValueError: neither products nor events.
    """
    options = settings or CFSettings()
    data = read_shop(events, item_vectors, categories, weights=options.weights, progress=progress)
    if not len(data.sold):
        raise ValueError("nothing to learn from: no products and no events; import some, then build")
    split = newest_part(data.interactions, options)
    fit = fit_recipe(data, data.interactions if split is None else split.train, options, progress)
    metrics = finish_build(folder, fit, data, split, {}, progress)
    drop_checkpoints(options)
    return metrics


def drop_checkpoints(settings: CFSettings) -> None:
    """For when what was trained is saved, or refused."""
    if settings.checkpoints is not None:
        shutil.rmtree(settings.checkpoints, ignore_errors=True)


def finish_build(
    folder: Path,
    fit: EnsembleFit,
    data: ShopData,
    split: Split | None,
    told: Mapping[str, Any],
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Measures the recipe on what it has not seen, trains it on everything, saves; returns the metrics.

    ``told`` joins the metrics. Without a ``split`` the recipe was fitted on everything and is not measured.
    """
    metrics: dict[str, Any] = {
        "users": data.interactions.n_users,
        "items": len(data.sold),
        "events": data.n_events,
        **told,
    }
    if split is not None:
        metrics["held_out"] = measure_build(fit.model, split, data, progress)
        progress("train on everything", 0, None)
        fit.model.fit(data.interactions, progress=progress)
    metrics["weights"] = fit.model.weights
    save_build(folder, fit.model, fit_popularity(data, split), data, metrics)
    progress("save", 1, 1)
    return metrics


def newest_part(interactions: Interactions, settings: CFSettings) -> Split | None:
    """The part to measure on: the newest slice of time, else each shopper's newest item, else nothing."""
    if len(interactions) < 2:
        return None
    cut = time_cut(interactions, cut_at_share(interactions, 1 - settings.test_share), name="newest slice")
    for split in (cut, leave_one_out(interactions)):
        if len(split) >= settings.least_test_users and len(split.train):
            return split.sample(settings.max_test_users, settings.seed)
    return None


def fit_recipe(
    data: ShopData,
    interactions: Interactions,
    settings: CFSettings,
    progress: Progress = no_progress,
    *,
    by_time: bool = True,
    start: Ensemble | None = None,
) -> EnsembleFit:
    """The ensemble with weights picked on ``interactions`` alone, or `UNTUNED` where there are too few.

    They are picked on the newest slice of time where it holds enough (and ``by_time``), else on each
    shopper's newest item. Trained models go on from ``start``, which must not have seen what they will be
    measured on.
    """
    newest = time_cut(interactions, cut_at_share(interactions, 1 - settings.validation_share))
    enough = by_time and len(newest) >= settings.least_validation_users
    fit = fit_ensemble(
        interactions,
        item_vectors=data.vectors,
        category=data.category,
        seed=settings.seed,
        held_out=newest if enough else None,
        effort=settings.effort,
        settings=settings.tuned,
        start=start,
        checkpoint=settings.checkpoints,
        progress=progress,
    )
    if not fit.validation:
        fit.model.weights = {name: UNTUNED.get(name, 0.5) for name in fit.model.members}
    return fit


def measure_build(
    model: Ensemble, split: Split, data: ShopData, progress: Progress = no_progress
) -> dict[str, Any]:
    """The ensemble beside its members popularity and item-item alone on what was held out."""
    models: dict[str, HistoryModel] = {"ensemble": model}
    models |= {name: model.members[name] for name in BASELINES if name in model.members}
    results = evaluate(models, split, ks=(10,), vectors=data.vectors, progress=progress)
    return {
        "split": split.name,
        "users": len(split),
        "models": {name: _brief(result) for name, result in results.items()},
        "against": {
            name: _against(results["ensemble"], results[name]) for name in models if name != "ensemble"
        },
    }


def fit_popularity(data: ShopData, split: Split | None) -> Popularity:
    """What is popular now, by category, with the half-life that foretells the newest events best."""
    times = data.interactions.time
    span = float(times.max() - times.min()) if len(times) else 0.0
    half_lives: list[float | None] = [None]
    if split is not None and span > 0:
        half_lives += [share * span for share in HALF_LIVES]
    scored = []
    for half_life in half_lives:
        model = Popularity(half_life, data.category)
        if split is not None:
            result = evaluate({"popularity": model.fit(split.train)}, split, ks=(10,))["popularity"]
            scored.append((result.accuracy["ndcg@10"].mean, half_life))
    best = max(scored, key=lambda pair: pair[0])[1] if scored else None
    return Popularity(best, data.category).fit(data.interactions)


def save_build(
    folder: Path, model: Ensemble, popularity: Popularity, data: ShopData, metrics: Mapping[str, Any]
) -> None:
    """Writes a build; the header comes last, so a folder cut off in the middle is no build."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save(folder / "model")
    popularity.save(folder / "popularity")
    data.copurchases.save(folder / "copurchase")
    times = data.interactions.time
    header = {
        "version": VERSION,
        "items": data.interactions.items.ids,
        "retired": np.flatnonzero(~data.sold).tolist(),
        "categories": data.category_names,
        "newest_event": float(times.max()) if len(times) else None,
        "metrics": dict(metrics),
    }
    temporary = folder / f".{HEADER}.tmp"
    temporary.write_text(json.dumps(header), encoding="utf-8")
    os.replace(temporary, folder / HEADER)


def read_build_header(folder: Path) -> dict[str, Any]:
    """The `cf.json` of a build. Raises ``ModelFileError`` when missing, unreadable or of another version."""
    path = folder / HEADER
    try:
        header = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelFileError(
            f"{folder}: no {HEADER}: not a build, or one that was cut off; build again"
        ) from None
    except ValueError as error:
        raise ModelFileError(f"{path}: not readable as JSON ({error}); build again") from None
    if not isinstance(header, dict) or header.get("version") != VERSION:
        found = header.get("version") if isinstance(header, dict) else type(header).__name__
        raise ModelFileError(f"{path}: found version {found!r}, expected {VERSION}; build again")
    return header


def _brief(result: ModelResult) -> dict[str, Any]:
    return {
        **{
            name: {"mean": round(e.mean, 5), "low": round(e.low, 5), "high": round(e.high, 5)}
            for name, e in result.accuracy.items()
            if name in ("ndcg@10", "recall@10", "hit_rate@10")
        },
        "coverage": round(result.beyond["coverage"], 4),
    }


def _against(ours: ModelResult, other: ModelResult) -> dict[str, Any]:
    test = paired_test(ours, other)
    return {"metric": test.metric, **asdict(test.difference), "p_value": test.p_value}
