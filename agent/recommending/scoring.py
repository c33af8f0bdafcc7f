"""Where the rooms meet: the signals of this turn's candidates, read from search, recommender, reviews and
shop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from agent.recommending.boosts import Boosts
from agent.recommending.profiles import Shopper, vector_of
from agent.recommending.ranking import FloatArray, RankingWeights, Signals

if TYPE_CHECKING:
    from agent.shop import Shop

NAN = float("nan")


class Scorer:
    """Gathers `Signals`; holds what does not change while a build is open. Safe for threads."""

    def __init__(
        self, shop: Shop, weights: RankingWeights | None = None, boosts: Boosts | None = None
    ) -> None:
        self.shop = shop
        self.weights = weights or RankingWeights()
        self.boosts = boosts or Boosts.read(shop.folder / "boosts.toml")
        self._reviews = lru_cache(maxsize=20_000)(self._review_numbers)
        self._boost = lru_cache(maxsize=20_000)(self._boost_of)

    def signals(
        self,
        item_ids: Sequence[str],
        *,
        search: Mapping[str, float] | None = None,
        critique: Mapping[str, float] | None = None,
        shopper: Shopper | None = None,
        price: float | None = None,
        aspects: Sequence[str] = (),
    ) -> Signals:
        """The raw signals of some products.

        ``search`` and ``critique``: scores by item id, what they lack counts as the lowest of them.
        ``price``: the price the shopper named. ``aspects``: what buyers' opinion should weigh most on.
        """
        values: dict[str, FloatArray] = {}
        if search:
            values["search"] = _or_lowest(item_ids, search)
        if critique:
            values["critique"] = _or_lowest(item_ids, critique)
        if shopper is not None and shopper.history:
            values["cf"] = np.asarray(self.shop.cf.score(shopper.history, list(item_ids)), dtype=np.float64)
            values["content"] = self._content(item_ids, shopper)
        values["reviews"] = np.array([self._review_score(item_id, aspects) for item_id in item_ids])
        target = price or (
            shopper.usual_price(self.shop) if shopper is not None and shopper.history else None
        )
        if target:
            values["price_fit"] = -np.abs(np.log(self.prices(item_ids) / target))
        values["popularity"] = np.log1p(np.array([self.popularity.get(item_id, 0.0) for item_id in item_ids]))
        if self.boosts.rules:
            values["boost"] = np.array([self._boost(item_id) for item_id in item_ids])
        return Signals(tuple(item_ids), values)

    def prices(self, item_ids: Sequence[str]) -> FloatArray:
        """Lowest prices as at the build, NaN where unknown, shape (n,)."""
        table = self.shop.search.table
        return np.array(
            [table.price[row] if (row := table.row_of.get(i)) is not None else NAN for i in item_ids],
            dtype=np.float64,
        )

    def stars(self, item_id: str) -> float:
        """Mean stars shrunk to the shop's mean; NaN without reviews."""
        return self._reviews(item_id)[0]

    def aspect_share(self, item_id: str, aspect: str) -> float:
        """The low end of the share of buyers happy with an aspect; NaN where none speaks of it."""
        return self._reviews(item_id)[1].get(aspect, NAN)

    @cached_property
    def popularity(self) -> dict[str, float]:
        """What each product was taken, weighted; read once a build."""
        return {scored.item_id: max(float(scored.score), 0.0) for scored in self.shop.cf.popular(1_000_000)}

    def place_in_category(self, item_id: str) -> tuple[int, str] | None:
        """Rank by popularity within the product's innermost category, and its name; None where nothing is
        known.
        """
        table = self.shop.search.table
        row = table.row_of.get(item_id)
        if row is None or not self.popularity.get(item_id):
            return None
        path = table.paths[int(table.columns["path"][row])]
        ranks = self._category_ranks
        return (ranks[item_id], path[-1]) if path and item_id in ranks else None

    @cached_property
    def _category_ranks(self) -> dict[str, int]:
        """Rank among those whose innermost category has the same name, where they are at least eight."""
        table = self.shop.search.table
        members: dict[str, list[str]] = {}
        for item_id, code in zip(table.item_ids, table.columns["path"].tolist(), strict=True):
            for kind in table.paths[int(code)][-1:]:
                members.setdefault(kind, []).append(item_id)
        ranks: dict[str, int] = {}
        for item_ids in members.values():
            if len(item_ids) >= 8:
                order = sorted(item_ids, key=lambda item_id: -self.popularity.get(item_id, 0.0))
                ranks.update({item_id: rank for rank, item_id in enumerate(order[:3], start=1)})
        return ranks

    def _content(self, item_ids: Sequence[str], shopper: Shopper) -> FloatArray:
        taste = shopper.taste(self.shop)
        if taste is None:
            return np.full(len(item_ids), np.nan)
        return np.array([_cosine(taste, vector_of(self.shop, item_id)) for item_id in item_ids])

    def _review_score(self, item_id: str, aspects: Sequence[str]) -> float:
        stars, shares = self._reviews(item_id)
        asked = [shares[aspect] for aspect in aspects if aspect in shares]
        if not asked:
            return stars
        opinion = 1.0 + 4.0 * float(np.mean(asked))
        return opinion if np.isnan(stars) else 0.3 * stars + 0.7 * opinion

    def _review_numbers(self, item_id: str) -> tuple[float, dict[str, float]]:
        signals = self.shop.reviews.signals(item_id)
        if signals is None or not signals.review_count or signals.stars_adjusted is None:
            return self._stated_stars(item_id), {}
        # The low end of the interval: praise from two buyers weighs less than the same share from forty.
        return float(signals.stars_adjusted), {aspect.name: float(aspect.low) for aspect in signals.aspects}

    def _stated_stars(self, item_id: str) -> float:
        """Mean stars that the shop states, shrunk to the middle of what shops state; NaN where it states none."""
        table = self.shop.search.table
        row = table.row_of.get(item_id)
        count = 0 if row is None else int(table.columns["rating_count"][row])
        mean = float(table.columns["stars"][row]) if count else NAN
        return (count * mean + _PRIOR_COUNT * _PRIOR_STARS) / (count + _PRIOR_COUNT)

    def _boost_of(self, item_id: str) -> float:
        product = self.shop.catalog.product(item_id)
        rule = self.boosts.strongest(product) if product else None
        return rule.strength if rule else 0.0


_PRIOR_STARS, _PRIOR_COUNT = 4.0, 5


def _or_lowest(item_ids: Sequence[str], scores: Mapping[str, float]) -> FloatArray:
    lowest = min(scores.values())
    return np.array([scores.get(item_id, lowest) for item_id in item_ids], dtype=np.float64)


def _cosine(taste: npt.NDArray[np.float32], vector: npt.NDArray[np.float32] | None) -> float:
    return NAN if vector is None else float(taste @ vector)
