"""How well stars are foretold: each shopper's newest rating hidden, in stars, beside two means."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from cf_engine.base import IntArray, Progress, no_progress
from cf_engine.interactions import IdMap, Interactions
from cf_engine.log.event_columns import EventColumns
from cf_engine.measuring.evaluation import Estimate, Floats, bootstrap
from cf_engine.models.ratings import RatingModel

SHRINKAGE: Final = 5.0
"""An item's mean counts as if so many average ratings stood beside its own."""


def ratings_of(columns: EventColumns) -> Interactions:
    """The ratings as given, from one star up, the newest where a shopper rated an item again.

    Unlike the interactions that rankings learn from, which leave low stars out: to foretell only high ones is
    no art.
    """
    rows = np.flatnonzero(columns.of_kind("rating") & np.isfinite(columns.value))
    rows = rows[np.argsort(columns.time[rows], kind="stable")]
    pair = columns.user[rows] * max(len(columns.item_ids), 1) + columns.item[rows]
    _, newest = np.unique(pair[::-1], return_index=True)
    rows = rows[len(rows) - 1 - newest]
    return Interactions.from_columns(
        columns.user[rows],
        columns.item[rows],
        users=IdMap.from_ordered(columns.user_ids),
        items=IdMap.from_ordered(columns.item_ids),
        time=columns.time[rows],
        stars=columns.value[rows],
    )


def star_errors(
    ratings: Interactions, *, least: int = 20, seed: int = 0, progress: Progress = no_progress
) -> dict[str, Estimate]:
    """Root mean squared error in stars of ``factors`` (`RatingModel`), ``item_mean`` and ``mean``.

    Everybody's newest rating is hidden who has another one; all three learn from the rest. Empty with fewer
    than ``least`` such shoppers. Intervals: bootstrap over shoppers.
    """
    counts = np.bincount(ratings.user, minlength=ratings.n_users)
    hidden = (ratings.rank_from_end() == 0) & (counts[ratings.user] > 1)
    if hidden.sum() < least:
        return {}
    known = ratings.select(~hidden)
    progress("train stars", 0, None)
    model = RatingModel(seed=seed).fit(known, progress=progress)
    foretold = {
        "factors": _foretold(model, known, ratings.user[hidden], ratings.item[hidden]),
        "item_mean": item_means(known)[ratings.item[hidden]],
        "mean": np.full(int(hidden.sum()), float(known.stars.mean())),
    }
    actual = ratings.stars[hidden]
    return {name: _root(bootstrap((stars - actual) ** 2, seed=seed)) for name, stars in foretold.items()}


def item_means(ratings: Interactions) -> Floats:
    """Mean stars by item, shape (n_items,), drawn towards the mean of all by `SHRINKAGE`."""
    mean = float(ratings.stars.mean())
    counts = np.bincount(ratings.item, minlength=ratings.n_items)
    sums = np.bincount(ratings.item, ratings.stars, ratings.n_items)
    means: Floats = (sums + SHRINKAGE * mean) / (counts + SHRINKAGE)
    return means


def _foretold(model: RatingModel, known: Interactions, users: IntArray, items: IntArray) -> Floats:
    starts = np.searchsorted(known.user, users)
    ends = np.searchsorted(known.user, users, side="right")
    found: npt.NDArray[np.float64] = np.empty(len(users))
    for n, (start, end) in enumerate(zip(starts, ends, strict=True)):
        found[n] = model.predict(known.item[start:end], known.stars[start:end], items[n : n + 1])[0]
    return found


def _root(squared: Estimate) -> Estimate:
    mean, low, high = (float(np.sqrt(value)) for value in (squared.mean, squared.low, squared.high))
    return Estimate(mean, low, high, squared.n)
