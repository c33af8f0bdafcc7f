"""Small shops whose right answers are known, for the tests beside this file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from cf_engine.events import Event

START = datetime(2026, 1, 1, tzinfo=UTC)
TASTES = ("tea", "bike")
PER_TASTE = 10


def items_of(taste: str) -> list[str]:
    return [f"{taste}-{n}" for n in range(PER_TASTE)]


ITEMS = [item for taste in TASTES for item in items_of(taste)]
CATEGORIES = {item: item.split("-")[0] for item in ITEMS}


def two_tastes(shoppers: int = 60, events_each: int = 7, seed: int = 0) -> list[Event]:
    """Every shopper buys from one of two tastes only, an event a day, walking along the taste's items."""
    rng = np.random.default_rng(seed)
    events = []
    for shopper in range(shoppers):
        shelf, first = items_of(TASTES[shopper % 2]), int(rng.integers(PER_TASTE))
        for step in range(events_each):
            events.append(
                Event(
                    user_id=f"u{shopper}",
                    item_id=shelf[(first + step) % PER_TASTE],
                    kind="purchase",
                    time=START + timedelta(days=int(rng.integers(200)) + step, seconds=shopper),
                )
            )
    return sorted(events, key=lambda event: event.time)


def text_vectors(items: list[str] = ITEMS, dimensions: int = 16, seed: int = 1) -> dict[str, np.ndarray]:
    """Unit vectors that lie close together within a taste."""
    rng = np.random.default_rng(seed)
    centre = {taste: rng.normal(size=dimensions) for taste in TASTES}
    found = {}
    for item in items:
        vector = centre[item.split("-")[0]] + 0.3 * rng.normal(size=dimensions)
        found[item] = (vector / np.linalg.norm(vector)).astype(np.float32)
    return found
