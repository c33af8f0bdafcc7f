"""Wishes that weigh and orders that rule, turned into what ranking reads."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agent.conditions import PRICE, STARS, Prefer, Sort, Where
from agent.explanations.percentile_reason import NumericWish
from agent.recommending.preference_scores import Preference
from agent.tools.compile import Compiler
from agent.tools.schema import Field
from agent.tools.title_measures import measure_of, title_measure
from agent.understanding.language.sizes import extreme, magnitude
from agent.understanding.language.units import convert
from retrieval.filters import numbers_in
from retrieval.importers.measures import measure
from retrieval.records import AttributeValue, Product

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

_SIGN = {"low": -1.0, "high": 1.0}
FEW_REVIEWS = 3
"""Products with fewer reviews come after the others where the best rated is asked for."""
POPULARITY = ("popularity", "popular", "bestselling", "sales")


def preferences_of(desk: ShopContext, prefer: Sequence[Prefer]) -> tuple[Preference, ...]:
    """What each wish weighs by; one that the shop has nothing for weighs nothing."""
    found = (_preference(desk, wish) for wish in prefer)
    return tuple(one for one in found if one is not None)


def _preference(desk: ShopContext, wish: Prefer) -> Preference | None:
    field = desk.schema.field(wish.field)
    if wish.aim == "has":
        where = Where(field=wish.field, op="has", value=True if wish.value is None else wish.value)
        (compiled,) = Compiler(desk.shop.search, desk.schema).compile([where])
        if compiled.filter is None:
            return None
        return Preference(kind="condition", key=f"{wish.field}:{wish.value}", filter=compiled.filter)
    if field == PRICE:
        target = float(wish.value) if wish.aim == "near" and isinstance(wish.value, float | int) else None
        return Preference(kind="price", direction=_SIGN.get(wish.aim, 1.0), target=target)
    if field == STARS:
        return Preference(kind="stars", direction=_SIGN.get(wish.aim, 1.0))
    if isinstance(field, Field) and field.type == "number" and wish.aim == "near":
        target = float(wish.value) if isinstance(wish.value, float | int) else None
        return Preference(kind="attribute", key=field.name, target=target)
    if isinstance(field, Field) and field.type == "number" and wish.aim in _SIGN:
        return Preference(kind="attribute", key=field.name, direction=_SIGN[wish.aim])
    if wish.field.lower() in POPULARITY:
        return Preference(kind="popular", direction=_SIGN.get(wish.aim, 1.0))
    return Preference(kind="aspect", key=wish.field, direction=_SIGN.get(wish.aim, 1.0))


def numbers_of(desk: ShopContext, prefer: Sequence[Prefer], sort: Sort | None) -> tuple[NumericWish, ...]:
    """The numbers whose standing among their kind is a reason ("the lightest of 13")."""
    wishes = [(w.field, _SIGN[w.aim]) for w in prefer if w.aim in _SIGN]
    if sort is not None:
        wishes.append((sort.field, -1.0 if sort.order == "asc" else 1.0))
    fields = ((desk.schema.field(name), direction) for name, direction in wishes)
    return tuple(
        NumericWish(field.name, direction, field.label)
        for field, direction in fields
        if isinstance(field, Field) and field.type == "number"
    )


def sort_key(desk: ShopContext, sort: Sort) -> Callable[[str], float | None]:
    """The number by which products are put in order; None where a product does not state it."""
    scorer, field = desk.scorer, desk.schema.field(sort.field)
    if field == PRICE:
        return lambda item_id: _price(desk, item_id)
    if field == STARS:
        return lambda item_id: None if (stars := scorer.stars(item_id)) != stars else stars
    if sort.field.lower() in POPULARITY:
        return lambda item_id: scorer.popularity.get(item_id, 0.0)
    if (measure := title_measure(sort.field)) is not None:
        return lambda item_id: measure_of(desk, item_id, measure)
    if fields := desk.schema.called(sort.field):
        return lambda item_id: _number(desk, item_id, fields, sort)
    return lambda item_id: None if (share := scorer.aspect_share(item_id, sort.field)) != share else share


def order_key(desk: ShopContext, sort: Sort) -> Callable[[str], float | None]:
    """The same, for an order that is shown: stars as the cards say them, those of very few buyers last."""
    if desk.schema.field(sort.field) != STARS:
        return sort_key(desk, sort)
    lower = 10.0 if sort.order == "desc" else -10.0

    def key(item_id: str) -> float | None:
        signals = desk.shop.reviews.signals(item_id)
        mean, count = signals.stars_mean, signals.review_count
        if mean is None:  # what the shop states counts where no review does
            mean, count = desk.stars_of(item_id) or (None, 0)
        if mean is None:
            return None
        shown = round(mean, 1) + desk.scorer.stars(item_id) / 1000
        return shown if count >= FEW_REVIEWS else shown - lower

    return key


def _price(desk: ShopContext, item_id: str) -> float | None:
    """As it is now, from the table: an order of the whole shop asks for every product's."""
    table = desk.shop.search.table
    row = table.row_of.get(item_id)
    price = float("nan") if row is None else float(table.price[row])
    return None if math.isnan(price) else price


def of_its_sizes(product: Product, field: Field, sort: Sort) -> str | None:
    """Of the sizes that a product comes in, the one that an order is asked by; None where it comes in one."""
    values = product.options.get(field.name, ())
    return extreme(values, largest=sort.order == "desc") if len(values) > 1 else None


def _number(desk: ShopContext, item_id: str, fields: Sequence[Field], sort: Sort) -> float | None:
    """What the product states in the first of these fields that it has, in the unit of the first of all."""
    product = desk.shop.catalog.product(item_id)
    if product is None:
        return None
    for field in fields:
        if (size := of_its_sizes(product, field, sort)) is not None:
            return magnitude(size)
        value = product.attributes.get(field.name, product.options.get(field.name))
        if value is not None and (stated := _stated(value, field)) is not None:
            number, unit = stated
            converted = convert(number, unit, fields[0].unit or "")
            return number if converted is None else converted
    return None


def _stated(value: AttributeValue, field: Field) -> tuple[float, str] | None:
    """The number that a value states and its unit: the one that it is written with ("950 g"), else the field's."""
    measured = measure(value) if isinstance(value, str) else None
    numbers = [] if measured is not None else numbers_in(value)
    return measured or ((numbers[0], field.unit or "") if numbers else None)
