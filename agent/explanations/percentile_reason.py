"""The reason "the quietest of 13": a number that the shopper wished more or less of, and where it stands.

The comparison is with the other products of the same category, by the shop's own numbers, so that anybody can
count it again; evidence is the field and the count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from agent.explanations.constraint_reasons import Ground
from agent.explanations.evidence import field_evidence, signal_evidence, spoken_name, value_text
from agent.money import price as format_price
from agent.records import Reason
from agent.understanding.language.comparatives import superlative
from agent.understanding.language.graded import comparative_of
from agent.understanding.language.units import NAMES, shown_unit, unit_in_name
from agent.wording import say
from retrieval.filters import numbers_in
from retrieval.records import Product

FEWEST = 4
"""A place among fewer others tells nothing."""
PRICE = "price"
PLAIN = 0.17
"""What a reason that answers no wish tells."""
TELLING = 0.5
"""It must beat at least this share of the others."""


@dataclass(frozen=True)
class NumericWish:
    """More (1) or less (-1) of a numeric attribute, in the shopper's word for it ("quiet")."""

    attribute: str
    direction: float
    word: str


class Standings:
    """Numbers of a build by attribute and innermost category, each list read once. Safe for threads."""

    def __init__(self, members: Callable[[str], list[Product]]) -> None:
        """``members``: the products whose innermost category has a name, on whatever path: a claim names no
        more than that."""
        self._members = members
        self._numbers = lru_cache(maxsize=1000)(self._read)

    def ground(self, wish: NumericWish, product: Product) -> Ground | None:
        """How the product's number stands; None where it has none, stands low or too few have one."""
        own = _number(product, wish.attribute)
        if own is None or not product.category:
            return None
        numbers = list(self._numbers(wish.attribute, product.category[-1]))
        if own in numbers:
            numbers.remove(own)
        beaten = sum(number < own if wish.direction > 0 else number > own for number in numbers)
        if len(numbers) < FEWEST or beaten < TELLING * len(numbers):
            return None
        return _ground(wish, product, beaten, len(numbers))

    def price_ground(self, product: Product) -> Ground | None:
        """How many of its category cost more; None unless it is at least half of them."""
        if product.price is None or not product.category:
            return None
        prices = list(self._numbers(PRICE, product.category[-1]))
        beaten = sum(price > product.price for price in prices)
        others = len(prices) - 1
        if others < FEWEST or beaten < TELLING * others:
            return None
        text = say(
            "reason.cheaper_all" if beaten == others else "reason.cheaper",
            beaten=beaten,
            others=others,
            kind=product.category[-1],
        )
        price = field_evidence(product, PRICE, format_price(product.price, product.currency), product.price)
        count = signal_evidence(product.item_id, f"price in {product.category[-1]}", text, beaten)
        reason = Reason(text=text, kind="match", evidence_ids=(price.evidence_id, count.evidence_id))
        return Ground(reason, (price, count), PLAIN)

    def _read(self, attribute: str, kind: str) -> tuple[float, ...]:
        numbers = (_number(product, attribute) for product in self._members(kind))
        return tuple(number for number in numbers if number is not None)


def _ground(wish: NumericWish, product: Product, beaten: int, others: int) -> Ground:
    name, unit = unit_in_name(spoken_name(wish.attribute))
    value = value_text(product.attributes[wish.attribute])
    counts = name.lower() in NAMES  # "lumens" is a unit by itself
    measured = f"{value} {shown_unit(unit) if unit else name}" if unit or counts else f"{name} {value}"
    comparative = comparative_of(wish.word, wish.direction, wish.attribute)
    kind = product.category[-1]
    if beaten == others:
        best = superlative(comparative)
        text = say("reason.best_of", measured=measured, best=best, others=others + 1, kind=kind)
    else:
        text = say(
            "reason.better", measured=measured, better=comparative, beaten=beaten, others=others, kind=kind
        )
    field = field_evidence(product, wish.attribute, value)
    count = signal_evidence(product.item_id, f"{wish.attribute} in {kind}", text, beaten)
    reason = Reason(text=text, kind="match", evidence_ids=(field.evidence_id, count.evidence_id))
    return Ground(reason, (field, count), 0.6 + 0.35 * beaten / others)


def _number(product: Product, attribute: str) -> float | None:
    if attribute == PRICE:
        return product.price
    value = product.attributes.get(attribute)
    numbers = numbers_in(value) if value is not None else []
    return numbers[0] if numbers else None
