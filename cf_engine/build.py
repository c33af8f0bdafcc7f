"""From a shop's event log to a folder that serves: read, hold out, train, measure, refit, save."""

from __future__ import annotations

import json
import os
import time
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cf_engine.base import FloatArray, HistoryModel, IntArray, Progress, no_progress
from cf_engine.copurchase import CoPurchases, choose_basis
from cf_engine.ensemble import Ensemble, EnsembleFit, fit_ensemble
from cf_engine.evaluation import ModelResult, evaluate, paired_test
from cf_engine.events import Event
from cf_engine.interactions import IdMap, Interactions
from cf_engine.popularity import Popularity
from cf_engine.splits import Split, cut_at_share, leave_one_out, time_cut
from cf_engine.storage import ModelFileError
from cf_engine.weights import EventWeights

VERSION: Final = 1
HEADER: Final = "cf.json"
BASELINES: Final = ("popularity", "item_item")
HALF_LIVES: Final = (0.02, 0.06, 0.2, 0.6)
"""Half-lives of popularity to choose from, as shares of the log's timespan."""

UNTUNED: Final = {"content": 1.0, "item_item": 0.5, "popularity": 0.1}
"""Weights where events are too few to pick any: texts know most then, and popularity next to nothing."""

ItemVectors = Mapping[str, npt.NDArray[Any]] | tuple[Sequence[str], npt.NDArray[Any]]


@dataclass(frozen=True)
class CFSettings:
    """What a build may be told; the defaults suit any shop.

    ``test_share`` of the newest events measure the build, which is then trained again on everything;
    below ``least_test_users`` shoppers the newest event of each is held out instead, and below that nothing.
    """

    weights: EventWeights = field(default_factory=EventWeights)
    test_share: float = 0.1
    least_test_users: int = 20
    max_test_users: int = 10_000
    seed: int = 0


@dataclass(frozen=True)
class ShopData:
    """The log as a build wants it: one row a shopper and item, what was taken together, and the items' facts.

    ``sold`` marks the items that the shop (still) has; others may stand in histories but are not recommended.
    """

    interactions: Interactions
    copurchases: CoPurchases
    vectors: FloatArray | None  # (n_items, d), rows of zeros for items without text
    category: IntArray  # (n_items,) -1 = none
    category_names: tuple[str, ...]
    sold: npt.NDArray[np.bool_]  # (n_items,)
    n_events: int


def build_cf(
    events: Iterable[Event],
    folder: Path,
    *,
    item_vectors: ItemVectors,
    categories: Mapping[str, str],
    previous: Path | None = None,
    settings: CFSettings | None = None,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Trains on the log, measures on its newest part, refits on everything and saves into ``folder``.

    Works from no events at all (texts serve then). Items of ``item_vectors`` without events
    are recommended through their texts. Returns the metrics for the manifest: what the build scores on events
    it had not seen, beside popularity and item-item alone, with numbers of shoppers and intervals.

    Raises:
        ValueError: neither products nor events.
    """
    options = settings or CFSettings()
    started = time.perf_counter()
    data = read_shop(events, item_vectors, categories, weights=options.weights, progress=progress)
    if not len(data.sold):
        raise ValueError("nothing to learn from: no products and no events; import some, then build")
    split = newest_part(data.interactions, options)
    metrics: dict[str, Any] = {
        "users": data.interactions.n_users,
        "items": len(data.sold),
        "events": data.n_events,
    }
    if split is None:
        fit = fit_recipe(data, data.interactions, options, progress)
    else:
        fit = fit_recipe(data, split.train, options, progress)
        metrics["held_out"] = measure_build(fit.model, split, data, progress)
        progress("train on everything", 0, None)
        fit.model.fit(data.interactions, progress=progress)
    popularity = fit_popularity(data, split)
    metrics["weights"] = fit.model.weights
    metrics["seconds"] = round(time.perf_counter() - started, 1)
    save_build(folder, fit.model, popularity, data, metrics)
    progress("save", 1, 1)
    return metrics


def read_shop(
    events: Iterable[Event],
    item_vectors: ItemVectors,
    categories: Mapping[str, str],
    *,
    weights: EventWeights | None = None,
    items: IdMap | None = None,
    progress: Progress = no_progress,
) -> ShopData:
    """Reads the log once, in any order. ``items`` keeps the numbers of an earlier build, new ones follow."""
    ids, matrix = as_matrix(item_vectors)
    takings = _Takings(progress)
    interactions = Interactions.from_events(
        takings.watch(events), items=items, extra_items={*ids, *categories}, weights=weights
    )
    item_map = interactions.items
    names = tuple(sorted(set(categories.values())))
    number = {name: n for n, name in enumerate(names)}
    category = np.array([number.get(categories.get(item, ""), -1) for item in item_map.ids], dtype=np.int64)
    sold = np.array([item in categories for item in item_map.ids], dtype=np.bool_)
    sold[item_map.numbers(ids)] = True
    return ShopData(
        interactions=once_per_item(interactions),
        copurchases=takings.copurchases(item_map),
        vectors=align(ids, matrix, item_map),
        category=category,
        category_names=names,
        sold=sold if sold.any() else np.ones(len(item_map), dtype=np.bool_),
        n_events=takings.count,
    )


def once_per_item(interactions: Interactions) -> Interactions:
    """One row a shopper and item: the time of the first event, the weight of the strongest.

    A view, a cart and a purchase of one item are one wish; and what a shopper has is not what to recommend
    next, so models should learn from the order of first meetings.
    """
    if not len(interactions):
        return interactions
    pair = interactions.user * max(interactions.n_items, 1) + interactions.item
    _, first, group = np.unique(pair, return_index=True, return_inverse=True)
    strongest = np.zeros(len(first), dtype=np.float32)
    np.maximum.at(strongest, group, interactions.weight)
    stars = np.full(len(first), np.nan, dtype=np.float32)
    rated = ~np.isnan(interactions.stars)
    stars[group[rated]] = interactions.stars[rated]
    return Interactions.from_columns(
        interactions.user[first],
        interactions.item[first],
        users=interactions.users,
        items=interactions.items,
        time=interactions.time[first],
        weight=strongest,
        stars=stars,
    )


def newest_part(interactions: Interactions, settings: CFSettings) -> Split | None:
    """The part to measure on: the newest slice of time, else each shopper's newest item, else nothing."""
    if len(interactions) < 2:
        return None
    cut = time_cut(interactions, cut_at_share(interactions, 1 - settings.test_share), name="newest slice")
    for split in (cut, leave_one_out(interactions)):
        if len(split) >= settings.least_test_users and len(split.train):
            return _sample(split, settings.max_test_users, settings.seed)
    return None


def fit_recipe(
    data: ShopData, interactions: Interactions, settings: CFSettings, progress: Progress = no_progress
) -> EnsembleFit:
    """The ensemble with weights picked on ``interactions`` alone, or `UNTUNED` where there are too few."""
    fit = fit_ensemble(
        interactions, item_vectors=data.vectors, category=data.category, seed=settings.seed, progress=progress
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


def as_matrix(item_vectors: ItemVectors) -> tuple[Sequence[str], npt.NDArray[Any]]:
    """Ids and their vectors, (n, d). Raises ``ValueError`` when their numbers differ."""
    if isinstance(item_vectors, tuple):
        ids, matrix = item_vectors
    else:
        ids = list(item_vectors)
        matrix = np.stack([item_vectors[item] for item in ids]) if ids else np.zeros((0, 0), np.float32)
    if len(ids) != len(matrix):
        raise ValueError(f"one vector an item: got {len(ids)} ids and {len(matrix)} vectors")
    return ids, matrix


def align(ids: Sequence[str], matrix: npt.NDArray[Any], items: IdMap) -> FloatArray | None:
    """Vectors in the order of ``items``, zeros where there is none; None when there are none at all."""
    if not len(ids) or not matrix.shape[1]:
        return None
    aligned = np.zeros((len(items), matrix.shape[1]), dtype=np.float32)
    aligned[items.numbers(ids)] = matrix
    return aligned


class _Takings:
    """Watches events go by and remembers, in 17 bytes each, who took what when."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._users: dict[str, int] = {}
        self._items: dict[str, int] = {}
        self._kinds: dict[str, int] = {}
        self._user, self._item, self._kind, self._time = array("i"), array("i"), array("b"), array("d")

    @property
    def count(self) -> int:
        return len(self._user)

    def watch(self, events: Iterable[Event]) -> Iterator[Event]:
        for event in events:
            self._user.append(self._users.setdefault(event.user_id, len(self._users)))
            self._item.append(self._items.setdefault(event.item_id, len(self._items)))
            self._kind.append(self._kinds.setdefault(event.kind, len(self._kinds)))
            self._time.append(event.time.timestamp())
            if self.count % 50_000 == 0:
                self._progress("read events", self.count, None)
            yield event

    def copurchases(self, items: IdMap) -> CoPurchases:
        kinds = np.array(self._kind, dtype=np.int64)
        per_kind = Counter({name: int((kinds == code).sum()) for name, code in self._kinds.items()})
        basis = choose_basis(per_kind)
        # An item met only through dislikes is in no model and so has no number.
        numbers = np.array(
            [-1 if (n := items.number(name)) is None else n for name in self._items], dtype=np.int64
        )
        rows = np.flatnonzero(kinds == self._kinds.get(basis, -1))
        rows = rows[np.argsort(np.array(self._time)[rows], kind="stable")]
        item = numbers[np.array(self._item, dtype=np.int64)[rows]] if len(rows) else np.empty(0, np.int64)
        user = np.array(self._user, dtype=np.int64)[rows]
        return CoPurchases.from_pairs(user[item >= 0], item[item >= 0], len(items), basis)


def _sample(split: Split, most: int, seed: int) -> Split:
    if len(split) <= most:
        return split
    return split.select(np.sort(np.random.default_rng(seed).choice(len(split), most, replace=False)))


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
