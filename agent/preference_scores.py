"""How well products answer the soft preferences in force: "cheap", "better battery", "more like this, less
like that".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from agent.meaning import Preference
from agent.profiles import vector_of
from agent.ranking import FloatArray, standardise
from retrieval.filters import numbers_in

if TYPE_CHECKING:
    from agent.scoring import Scorer


def preference_scores(
    preferences: Sequence[Preference], item_ids: Sequence[str], scorer: Scorer
) -> FloatArray:
    """The weighted mean of the preferences' standardised scores, shape (n,); what is unknown of a product is
    0.
    """
    total = np.zeros(len(item_ids))
    weight = sum(preference.weight for preference in preferences) or 1.0
    for preference in preferences:
        total += preference.weight * _standing(preference, item_ids, scorer)
    return total / weight


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
        case "attribute":
            return standardise(_numbers(preference.key, item_ids, scorer)) * preference.direction
        case "stars":
            return standardise(np.array([scorer.stars(item) for item in item_ids])) * preference.direction
        case "popular":
            values = np.array([scorer.popularity.get(item, 0.0) for item in item_ids])
            return standardise(np.log1p(values)) * preference.direction
        case "similar" if preference.item_id:
            return standardise(_likeness(preference.item_id, item_ids, scorer)) * preference.direction
    return np.zeros(len(item_ids))


def _numbers(name: str, item_ids: Sequence[str], scorer: Scorer) -> FloatArray:
    values = np.full(len(item_ids), np.nan)
    for at, item_id in enumerate(item_ids):
        product = scorer.shop.catalog.product(item_id)
        value = product.attributes.get(name) if product else None
        numbers = numbers_in(value) if value is not None else []
        if numbers:
            values[at] = numbers[0]
    return values


def _likeness(item_id: str, item_ids: Sequence[str], scorer: Scorer) -> FloatArray:
    vector = vector_of(scorer.shop, item_id)
    if vector is None:
        return np.full(len(item_ids), np.nan)
    others = [vector_of(scorer.shop, other) for other in item_ids]
    return np.array([np.nan if other is None else float(other @ vector) for other in others])
