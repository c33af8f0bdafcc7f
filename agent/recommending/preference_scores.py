"""How well products answer the soft preferences in force: "cheap", "better battery", "more like this, less
like that".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from agent.recommending.ranking import FloatArray, standardise
from retrieval.filters import Filter, numbers_in

if TYPE_CHECKING:
    from agent.recommending.scoring import Scorer


PreferenceKind = Literal["condition", "aspect", "attribute", "price", "stars", "popular"]


@dataclass(frozen=True)
class Preference:
    """Something that only weighs.

    ``condition``: products that satisfy ``filter`` gain. ``aspect``: what buyers say about ``key``.
    ``attribute``: more (``direction`` 1) or less (-1) of the numeric attribute ``key``. ``price``: cheaper
    (-1), dearer (1); of both, with ``target``, near an amount.
    """

    kind: PreferenceKind
    key: str = ""
    direction: float = 1.0
    filter: Filter | None = None
    target: float | None = None


def preference_scores(
    preferences: Sequence[Preference], item_ids: Sequence[str], scorer: Scorer
) -> FloatArray:
    """The mean of the preferences' standardised scores, shape (n,); what is unknown of a product is 0."""
    total = np.zeros(len(item_ids))
    for preference in preferences:
        total += _standing(preference, item_ids, scorer)
    return total / max(1, len(preferences))


def _standing(preference: Preference, item_ids: Sequence[str], scorer: Scorer) -> FloatArray:
    """One preference's score of each product, standardised, higher is better."""
    shop = scorer.shop
    match preference.kind:
        case "condition" if preference.filter is not None:
            fitting = set(shop.search.matching(preference.filter))
            return standardise(np.array([float(item in fitting) for item in item_ids])) * preference.direction
        case "price" if preference.target:
            return standardise(-np.abs(np.log(scorer.prices(item_ids) / preference.target)))
        case "price":
            return standardise(np.log(scorer.prices(item_ids))) * preference.direction
        case "aspect":
            shares = np.array([scorer.aspect_share(item, preference.key) for item in item_ids])
            return standardise(shares) * preference.direction
        case "attribute" if preference.target is not None:
            return standardise(-np.abs(_numbers(preference.key, item_ids, scorer) - preference.target))
        case "attribute":
            return standardise(_numbers(preference.key, item_ids, scorer)) * preference.direction
        case "stars":
            return standardise(np.array([scorer.stars(item) for item in item_ids])) * preference.direction
        case "popular":
            values = np.array([scorer.popularity.get(item, 0.0) for item in item_ids])
            return standardise(np.log1p(values)) * preference.direction
    return np.zeros(len(item_ids))


def _numbers(name: str, item_ids: Sequence[str], scorer: Scorer) -> FloatArray:
    values = np.full(len(item_ids), np.nan)
    for at, item_id in enumerate(item_ids):
        product = scorer.shop.catalog.product(item_id)
        if product and name not in product.attributes:  # what its texts tell
            product = scorer.shop.search.completed(product)
        value = product.attributes.get(name) if product else None
        numbers = numbers_in(value) if value is not None else []
        if numbers:
            values[at] = numbers[0]
    return values
