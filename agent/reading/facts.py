"""What understanding may look up while it reads: products that were shown, and how many products satisfy a
filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from retrieval.catalog import Product
from retrieval.filters import Filter


def _no_product(item_id: str) -> Product | None:
    return None


@dataclass(frozen=True)
class Facts:
    """Look-ups into the shop; each costs well under a millisecond. Without a ``count`` nothing is counted."""

    product: Callable[[str], Product | None] = field(default=_no_product)
    count: Callable[[Filter], int] | None = None

    def some(self, condition: Filter) -> bool:
        """Whether any product satisfies the condition; True when it can't be known."""
        return self.count is None or self.count(condition) > 0
