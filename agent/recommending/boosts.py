"""Business boosts: a shop file that lifts products a little, within the shopper's constraints, and says so on
the card.

`boosts.toml` in the shop's folder::

    [[boost]]
    kind = "clearance"          # margin, clearance or sponsored
    strength = 0.2              # in standard deviations of the ranking, at most 0.5
    items = ["B07-114"]         # or brands = […], categories = […], tags = […]: any that fits
    until = 2027-01-31          # optional, last day
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agent.errors import ShopError
from retrieval.records import Product

LABELS = {"margin": "Shop's pick", "clearance": "Clearance", "sponsored": "Sponsored"}
MAX_STRENGTH = 0.5


class Boost(BaseModel):
    """One rule of the file. A boosted product carries ``label`` wherever it is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["margin", "clearance", "sponsored"]
    strength: float = Field(default=0.2, gt=0, le=MAX_STRENGTH)
    items: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    until: date | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Boost:
        if not (self.items or self.brands or self.categories or self.tags):
            raise ValueError("a boost needs `items`, `brands`, `categories` or `tags`")
        return self

    @property
    def label(self) -> str:
        return LABELS[self.kind]

    def covers(self, product: Product, today: date) -> bool:
        if self.until is not None and today > self.until:
            return False
        return (
            product.item_id in self.items
            or (product.brand is not None and _folded(product.brand) in map(_folded, self.brands))
            or not set(map(_folded, product.category)).isdisjoint(map(_folded, self.categories))
            or not set(map(_folded, product.tags)).isdisjoint(map(_folded, self.tags))
        )


class Boosts:
    """All rules of a shop; none when it has no file."""

    def __init__(self, rules: tuple[Boost, ...] = ()) -> None:
        self.rules = rules

    @classmethod
    def read(cls, path: Path) -> Boosts:
        """Read the file; no file is no boost.

        Raises:
            ShopError: naming the file and what is wrong in it.
        """
        if not path.is_file():
            return cls()
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            return cls(tuple(Boost.model_validate(rule) for rule in data.get("boost", ())))
        except (tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError, TypeError) as error:
            raise ShopError(
                f"{path} is not a valid file of boosts: {error}; see docs/agent.md, Boosts"
            ) from error

    def strongest(self, product: Product, today: date | None = None) -> Boost | None:
        """The strongest rule that covers the product; boosts do not add up."""
        if not self.rules:
            return None
        day = today or datetime.now(UTC).date()
        covering = [rule for rule in self.rules if rule.covers(product, day)]
        return max(covering, key=lambda rule: rule.strength, default=None)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
