"""A shop's event log and product texts as one set of numbers that models can be trained on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cf_engine.base import FloatArray, IntArray, Progress, no_progress
from cf_engine.events import Event
from cf_engine.interactions import IdMap, Interactions
from cf_engine.log.event_columns import EventColumns
from cf_engine.log.weights import EventWeights
from cf_engine.models.copurchase import CoPurchases, choose_basis

ItemVectors = Mapping[str, npt.NDArray[Any]] | tuple[Sequence[str], npt.NDArray[Any]]


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
    columns = EventColumns(progress)
    interactions = Interactions.from_events(
        columns.watch(events), items=items, extra_items={*ids, *categories}, weights=weights
    )
    item_map = interactions.items
    names = tuple(sorted(set(categories.values())))
    number = {name: n for n, name in enumerate(names)}
    category = np.array([number.get(categories.get(item, ""), -1) for item in item_map.ids], dtype=np.int64)
    sold = np.array([item in categories for item in item_map.ids], dtype=np.bool_)
    sold[item_map.numbers(ids)] = True
    return ShopData(
        interactions=once_per_item(interactions),
        copurchases=_copurchases(columns, item_map),
        vectors=align(ids, matrix, item_map),
        category=category,
        category_names=names,
        sold=sold if sold.any() else np.ones(len(item_map), dtype=np.bool_),
        n_events=len(columns),
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


def _copurchases(columns: EventColumns, items: IdMap) -> CoPurchases:
    basis = choose_basis(columns.kind_counts())
    # An item met only through dislikes is in no model and so has no number.
    numbers = np.array(
        [-1 if (n := items.number(name)) is None else n for name in columns.item_ids], np.int64
    )
    rows = np.flatnonzero(columns.of_kind(basis))
    rows = rows[np.argsort(columns.time[rows], kind="stable")]
    item = numbers[columns.item[rows]] if len(rows) else np.empty(0, np.int64)
    user = columns.user[rows]
    return CoPurchases.from_pairs(user[item >= 0], item[item >= 0], len(items), basis)
