"""How good a ranking is: accuracy for each shopper, and what the shop as a whole gets to show.

Everything is vectorised over shoppers. Accuracy works on ``hits``, bool of shape (n_users, depth): whether
the item at each place of a shopper's list was one of that shopper's ``n_relevant`` held-out items. It returns
one number a shopper, so that means, intervals and paired tests come from the same array.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
NO_ITEM = -1
"""Fills the end of a list that is shorter than the others."""


def hits_of(lists: IntArray, relevant: Sequence[npt.ArrayLike], n_items: int) -> BoolArray:
    """Which places of ``lists`` (n_users, depth) hold an item of the shopper's ``relevant`` set."""
    users = np.arange(len(lists), dtype=np.int64)
    sizes = [np.size(items) for items in relevant]
    flat = np.concatenate([np.ravel(items) for items in relevant]) if relevant else np.empty(0)
    wanted = np.repeat(users, sizes) * n_items + flat.astype(np.int64)
    keys = users[:, None] * n_items + lists
    return np.isin(keys, wanted) & (lists != NO_ITEM)


def recall(hits: BoolArray, n_relevant: npt.ArrayLike, k: int) -> Floats:
    """Share of the relevant items within the first ``k``; 0 for a shopper without any."""
    return _ratio(hits[:, :k].sum(axis=1), n_relevant)


def precision(hits: BoolArray, k: int) -> Floats:
    """Share of the first ``k`` places that are relevant; empty places count as misses."""
    return _ratio(hits[:, :k].sum(axis=1), np.full(len(hits), k))


def hit_rate(hits: BoolArray, k: int) -> Floats:
    """1 where any of the first ``k`` is relevant."""
    return np.asarray(hits[:, :k].any(axis=1), dtype=np.float64)


def ndcg(hits: BoolArray, n_relevant: npt.ArrayLike, k: int) -> Floats:
    """Discounted gain over that of the ideal order, with binary relevance (Järvelin & Kekäläinen 2002)."""
    discounts = 1.0 / np.log2(np.arange(2, k + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(np.asarray(n_relevant), k)]
    found = hits[:, :k]
    return _ratio(found @ discounts[: found.shape[1]], ideal)


def average_precision(hits: BoolArray, n_relevant: npt.ArrayLike, k: int) -> Floats:
    """Mean precision at each hit within ``k``, over min(n_relevant, k); its mean over shoppers is MAP."""
    found = hits[:, :k]
    at_hit = np.cumsum(found, axis=1) / np.arange(1, found.shape[1] + 1)
    return _ratio((at_hit * found).sum(axis=1), np.minimum(np.asarray(n_relevant), k))


def reciprocal_rank(hits: BoolArray, k: int) -> Floats:
    """1 / place of the first hit within ``k``, 0 without one; its mean over shoppers is MRR."""
    found = hits[:, :k]
    return np.where(found.any(axis=1), 1.0 / (found.argmax(axis=1) + 1), 0.0)


def exposure(lists: IntArray, n_items: int) -> IntArray:
    """How many lists show each item, shape (n_items,)."""
    shown = lists[lists != NO_ITEM]
    return np.bincount(shown, minlength=n_items).astype(np.int64)


def coverage(lists: IntArray, n_items: int) -> float:
    """Share of the catalogue that anybody is shown."""
    return float(np.count_nonzero(exposure(lists, n_items)) / n_items) if n_items else 0.0


def gini(counts: npt.ArrayLike) -> float:
    """Inequality of exposure: 0 when every item is shown alike, towards 1 when one item takes all."""
    ordered = np.sort(np.asarray(counts, dtype=np.float64))
    total, n = ordered.sum(), len(ordered)
    if total <= 0:
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total))


def novelty(lists: IntArray, popularity: npt.ArrayLike) -> Floats:
    """Mean surprise of a list in bits, -log2 of each item's share of all events (Vargas & Castells 2011).

    ``popularity`` counts events per item; an unseen item counts as half an event, so it stays finite.
    """
    counts = np.maximum(np.asarray(popularity, dtype=np.float64), 0.5)
    surprise = -np.log2(counts / max(counts.sum(), 1.0))
    return _mean_over_list(surprise, lists)


def diversity(lists: IntArray, vectors: npt.ArrayLike) -> Floats:
    """Mean cosine distance between the items of a list, 0 (all alike) to 2; 0 for lists of fewer than two.

    Uses |sum of unit vectors|^2 = n + 2 * (sum of pairwise cosines): linear in the list's length.
    """
    unit = np.asarray(vectors, dtype=np.float64)
    length = np.linalg.norm(unit, axis=1, keepdims=True)
    unit = unit / np.where(length > 0, length, 1.0)
    shown = (lists != NO_ITEM)[:, :, None]
    stacked = unit[np.where(lists == NO_ITEM, 0, lists)] * shown
    n = shown.sum(axis=(1, 2))
    own = (stacked**2).sum(axis=(1, 2))
    pairs = (np.linalg.norm(stacked.sum(axis=1), axis=1) ** 2 - own) / 2
    count = n * (n - 1) / 2
    return np.where(count > 0, 1 - pairs / np.maximum(count, 1), 0.0)


def mean_popularity(lists: IntArray, popularity: npt.ArrayLike) -> Floats:
    """Mean number of shoppers who have the items of each list (average recommendation popularity)."""
    return _mean_over_list(np.asarray(popularity, dtype=np.float64), lists)


def popularity_lift(lists: IntArray, histories: Sequence[npt.ArrayLike], popularity: npt.ArrayLike) -> Floats:
    """By how much a list is more popular than what the shopper chose: 0 = calibrated, 1 = twice as popular.

    Means of it by group of shoppers show whom popularity bias hits (Abdollahpouri et al. 2019). NaN for
    shoppers without a history or with a history of items nobody has.
    """
    counts = np.asarray(popularity, dtype=np.float64)
    chosen = np.array(
        [counts[np.asarray(h, dtype=np.int64)].mean() if np.size(h) else np.nan for h in histories]
    )
    chosen[chosen == 0] = np.nan
    return mean_popularity(lists, counts) / chosen - 1


def popularity_groups(popularity: npt.ArrayLike, n_groups: int = 3) -> IntArray:
    """Groups items so that each holds a like share of all events: 0 = head (few items), last = tail.

    Items without events belong to the tail.
    """
    counts = np.asarray(popularity, dtype=np.float64)
    order = np.argsort(-counts, kind="stable")
    before = np.cumsum(counts[order]) - counts[order]
    share = before / max(counts.sum(), 1.0)
    groups = np.empty(len(counts), dtype=np.int64)
    groups[order] = np.minimum((share * n_groups).astype(np.int64), n_groups - 1)
    groups[counts <= 0] = n_groups - 1
    return groups


def _ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> Floats:
    below: Floats = np.asarray(whole, dtype=np.float64)
    above: Floats = np.asarray(part, dtype=np.float64)
    return np.divide(above, np.where(below > 0, below, 1.0))


def _mean_over_list(values: Floats, lists: IntArray) -> Floats:
    shown = lists != NO_ITEM
    total = np.where(shown, values[np.where(shown, lists, 0)], 0.0).sum(axis=1)
    return total / np.maximum(shown.sum(axis=1), 1)
