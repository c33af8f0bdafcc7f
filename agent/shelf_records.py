"""What a page shows beside the turns, as plain data: the start, a product in full, cart, comparison."""

from __future__ import annotations

from typing import Any

from agent.records import Card, Frozen
from retrieval.variants import Variant

Value = str | float | bool | tuple[str, ...]


class Kind(Frozen):
    """A department of the shop."""

    name: str
    count: int
    image_url: str | None = None


class Opener(Frozen):
    """Something to begin with. ``key`` names the sentence in the page's language, ``say`` is what is sent."""

    key: str
    say: str
    kind: str = ""
    price: float | None = None
    currency: str = "USD"


class Start(Frozen):
    """What a shopper sees before anything is said."""

    kinds: tuple[Kind, ...]
    popular: tuple[Card, ...]
    openers: tuple[Opener, ...]


class Fact(Frozen):
    """One thing the shop says about a product."""

    name: str
    value: Value
    unit: str = ""


class Aspect(Frozen):
    name: str
    positive: int
    negative: int
    quotes: tuple[dict[str, Any], ...] = ()


class Opinions(Frozen):
    """What buyers say. ``stars`` counts the reviews of one to five stars."""

    reviews: int
    mean: float | None
    stars: tuple[int, ...]
    aspects: tuple[Aspect, ...]
    suspicious: int = 0


class Companion(Frozen):
    card: Card
    shoppers: int


class Sheet(Frozen):
    """A product in full."""

    card: Card
    regular_price: float | None
    images: tuple[str, ...]
    description: str
    facts: tuple[Fact, ...]
    options: dict[str, tuple[str, ...]]
    variants: tuple[Variant, ...]
    opinions: Opinions | None
    similar: tuple[Card, ...]
    companions: tuple[Companion, ...]
    companions_basis: str


class CartLine(Frozen):
    """A product in one choice of its options, with the price and stock of that choice."""

    card: Card
    quantity: int
    options: dict[str, str]
    price: float | None
    stock: int | None
    to_choose: tuple[str, ...]
    """Names of options that are still open."""


class Cart(Frozen):
    """``totals``: by currency, of the lines that have a price."""

    lines: tuple[CartLine, ...]
    totals: dict[str, float]
    count: int
    unpriced: int
    checkout: str | None


class Comparison(Frozen):
    """Products side by side: a row a fact, a cell a product; ``differs`` where not all cells are the same."""

    cards: tuple[Card, ...]
    rows: tuple[ComparedRow, ...]


class ComparedRow(Frozen):
    name: str
    unit: str
    cells: tuple[Value | None, ...]
    differs: bool
