"""What the shop knows of the shopper it talks to: their own events, as far as they consented, and what
follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from agent.storage.consents import DEFAULTS, Consents, Purpose

if TYPE_CHECKING:
    from agent.shop import Shop
    from cf_engine.serving import HistoryItem

HISTORY = 100
"""Events of a shopper that a turn reads."""
TELLING = 16
"""Of these at most, the newest, are reasons made: each costs a share of a millisecond a card."""
WEIGHT = {"view": 0.3, "click": 0.4, "like": 1.0, "cart": 1.2, "purchase": 1.5}


@dataclass(frozen=True)
class Shopper:
    """One shopper as a turn sees them. ``history`` is oldest first, and empty for a stranger."""

    user_id: str | None = None
    history: tuple[HistoryItem, ...] = ()
    consents: Mapping[Purpose, bool] | None = None

    def allows(self, purpose: Purpose) -> bool:
        return (self.consents or DEFAULTS)[purpose]

    def without_history(self) -> Shopper:
        """The same person shopping for somebody else."""
        return Shopper(self.user_id, (), self.consents)

    @cached_property
    def weights(self) -> dict[str, float]:
        """Item id to how much it says for their taste; what they disliked is left out."""
        weights: dict[str, float] = {}
        for age, item in enumerate(reversed(self.history)):
            if item.item_id in weights:
                continue
            kind = WEIGHT.get(item.kind, 0.0)
            if item.kind == "rating" and item.value is not None:
                kind = max(0.0, (item.value - 2.5) / 2.5 * 1.5)
            weights[item.item_id] = kind * 0.97**age
        return {item_id: weight for item_id, weight in weights.items() if weight > 0}

    @cached_property
    def telling(self) -> tuple[HistoryItem, ...]:
        """The newest events worth naming as a reason, oldest first: what was taken, else looked at."""
        taken = [item for item in self.history if item.kind not in ("view", "click")]
        return tuple((taken or list(self.history))[-TELLING:])

    @cached_property
    def disliked(self) -> frozenset[str]:
        """What their last word was a dislike, or two stars and less."""
        last = {item.item_id: item for item in self.history}
        return frozenset(
            item_id
            for item_id, item in last.items()
            if item.kind == "dislike"
            or (item.kind == "rating" and item.value is not None and item.value <= 2)
        )

    @cached_property
    def owned(self) -> frozenset[str]:
        """What they bought or rated: not recommended to them again."""
        return frozenset(item.item_id for item in self.history if item.kind in ("purchase", "rating"))

    def taste(self, shop: Shop) -> npt.NDArray[np.float32] | None:
        """The weighted mean of the vectors of what they took, unit length, shape (d,)."""
        parts = []
        for item_id, weight in list(self.weights.items())[:30]:
            vector = vector_of(shop, item_id)
            if vector is not None:
                parts.append(weight * vector)
        if not parts:
            return None
        mean = np.sum(parts, axis=0)
        return (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)

    def usual_price(self, shop: Shop) -> float | None:
        """The median price of what they took; None when fewer than three prices are known."""
        rows = shop.search.table.row_of
        prices = [float(shop.search.table.price[rows[i]]) for i in self.weights if i in rows]
        known = [price for price in prices if np.isfinite(price)]
        return float(np.median(known)) if len(known) >= 3 else None


def vector_of(shop: Shop, item_id: str) -> npt.NDArray[np.float32] | None:
    """A product's vector, or None when the build does not know the product."""
    return shop.search.vector(item_id) if item_id in shop.search.table.row_of else None


class Profiles:
    """Loads shoppers."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.consents = Consents(shop.engine)

    def load(self, user_id: str | None) -> Shopper:
        """A shopper with their newest events, where they let the shop use them; one or two database reads."""
        if user_id is None:
            return Shopper()
        consents = self.consents.given(user_id)
        if not consents["personalise"]:
            return Shopper(user_id, (), consents)
        from cf_engine.serving import HistoryItem

        history = tuple(
            HistoryItem(
                item_id=event.item_id,
                kind=event.kind,
                time=event.time,
                value=event.value,
                event_id=event.event_id,
            )
            for event in self._shop.events.history(user_id, limit=HISTORY)
        )
        return Shopper(user_id, history, consents)
