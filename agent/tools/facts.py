"""What the shop says of a product: its fields, as they are said."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from agent.checks.input_guard import without_instructions
from agent.explanations.evidence import (
    counted,
    field_evidence,
    shorten,
    signal_evidence,
    stock_text,
    value_text,
)
from agent.money import price_range
from agent.tools.results import Fact
from agent.understanding.language.units import name_and_unit
from agent.wording import say
from retrieval.filters import numbers_in
from retrieval.records import Product

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

LONGEST_VALUE = 160
COMMON = ("title", "price", "brand", "stock", "stars", "category")
"""What every product may have beside the shop's own fields."""


def facts_of(desk: ShopContext, product: Product) -> tuple[Fact, ...]:
    """Every field that may be told, the shop's own first, then price, brand, stock, stars and category."""
    facts = [fact for name, value in _fields(product) if (fact := _fact(desk, product, name, value))]
    facts.append(
        _common(
            product, "price", price_range(product.price, product.price_max, product.currency), product.price
        )
    )
    facts.append(_common(product, "title", product.title))
    if product.brand:
        facts.append(_common(product, "brand", product.brand))
    if product.stock is not None:
        facts.append(_common(product, "stock", stock_text(product.stock), float(product.stock)))
    signals = desk.shop.reviews.signals(product.item_id)
    if signals.review_count:
        said = counted(signals.review_count, "review")
        if signals.stars_mean is not None:
            said = say("fact.stars_value", stars=round(signals.stars_mean, 1), reviews=said)
        evidence = signal_evidence(product.item_id, "stars", said, signals.stars_mean)
        facts.append(
            Fact(name="stars", label="stars", value=said, evidence=evidence, number=signals.stars_mean)
        )
    elif product.rating is not None:
        many = product.rating_count
        said = say(
            "fact.rating" if many is None else "fact.rating_of",
            stars=f"{product.rating:g}",
            ratings="" if many is None else counted(many, "rating"),
        )
        evidence = field_evidence(product, "rating", f"stars: {said}", product.rating)
        facts.append(Fact(name="stars", label="stars", value=said, evidence=evidence, number=product.rating))
    if product.category:
        facts.append(_category(product))
    return tuple(facts)


def regular_price(product: Product) -> float | None:
    """The price before a reduction, where the shop gives one above the present price."""
    before = product.attributes.get("regular_price")
    if isinstance(before, bool) or not isinstance(before, int | float) or product.price is None:
        return None
    return float(before) if before > product.price else None


def overview(facts: Iterable[Fact], limit: int = 6) -> tuple[Fact, ...]:
    """The fields worth telling unasked."""
    return tuple(fact for fact in facts if fact.name not in COMMON and not fact.is_code)[:limit]


def _fields(product: Product) -> list[tuple[str, object]]:
    return [
        (name, value)
        for name, value in (*product.attributes.items(), *product.options.items())
        if value != ()
    ]


def _fact(desk: ShopContext, product: Product, name: str, value: object) -> Fact | None:
    """None for a value that instructs whoever reads it."""
    text = shorten(value_text(value), LONGEST_VALUE)  # type: ignore[arg-type]
    if not text or _instructs(f"{name} {text}"):
        return None
    label, unit = name_and_unit(name)
    if not unit and (field := desk.schema.fields.get(name)):
        unit = field.shown_unit
    flag = value if isinstance(value, bool) else None
    numbers = [] if flag is not None or isinstance(value, tuple) else numbers_in(value)  # type: ignore[arg-type]
    said = f"{text} {unit}".strip() if isinstance(value, float | int) and flag is None else text
    number = numbers[0] if numbers else None
    passage = product.read.get(name, "")
    if passage and _instructs(passage):
        return None
    evidence = field_evidence(product, name, passage or f"{label}: {said}", number)
    return Fact(
        name=name,
        label=label.lower(),
        value=said,
        evidence=evidence,
        number=number,
        flag=flag,
        chosen=name in product.options,
        passage=passage,
    )


@lru_cache(maxsize=50_000)
def _instructs(text: str) -> bool:
    """Whether a text of the catalogue addresses whoever reads it; most are told many times."""
    return without_instructions(text) != text.strip()


def _category(product: Product) -> Fact:
    """The innermost category; told by the title where the shop has none that says what the product is."""
    fact = _common(product, "category", product.category[-1])
    if not product.category_is_read:
        return fact
    evidence = field_evidence(product, "title", product.title)
    return fact.model_copy(update={"passage": product.title, "evidence": evidence})


def _common(product: Product, name: str, said: str, number: float | None = None) -> Fact:
    evidence = field_evidence(product, name, f"{name}: {said}", number)
    return Fact(name=name, label=name, value=said, evidence=evidence, number=number)
