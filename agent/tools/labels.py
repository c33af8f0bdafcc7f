"""What conditions and wishes are called, as chips and sentences say them."""

from __future__ import annotations

from agent.conditions import (
    ANYWHERE,
    BRAND,
    CHILDREN,
    KIND,
    PRICE,
    REGULAR_PRICE,
    STARS,
    STOCK,
    TITLE,
    Prefer,
    Where,
)
from agent.money import price as price_text
from agent.tools.schema import Field, Schema
from agent.wording import say
from retrieval.text.normalization import fold

_BOUNDS = {"<": "under", "<=": "at_most", ">": "over", ">=": "at_least"}
_DEGREES = frozenset(("°C", "°F"))


def label(where: Where, schema: Schema) -> str:
    """A condition as a chip shows it: ``at most $50``, ``not Nike``, ``waterproof``, ``weight
    under 900 g``.
    """
    field = schema.field(where.field)
    texts = where.texts
    said = f" {say('or')} ".join(texts)
    number = number_of(where.value)
    if field == PRICE and number is not None:
        return _bounded(where.op, price_text(number, schema.currency).removesuffix(".00"))
    if field == STARS and number is not None:
        if where.op == ">=":
            return say("chip.stars_up", stars=f"{number:g}")
        return say("chip.stars", bound=_bounded(where.op, f"{number:g}"))
    if field == STOCK:
        return say("chip.in_stock")
    if field == CHILDREN:
        made = say("chip.for_children")
        return say("chip.not", what=made) if where.is_negative else made
    if field in (BRAND, KIND):
        return say("chip.not", what=said) if where.is_negative else said
    if field in (ANYWHERE, TITLE) or field is None:
        return say("chip.without", what=said) if where.is_negative else said
    assert isinstance(field, Field)
    if field.type == "flag":
        denied = where.is_negative or fold(said) == "no"
        return say("chip.not", what=field.label) if denied else field.label
    if field.type == "number" and number is not None:
        unit = where.unit or field.shown_unit
        return " ".join(part for part in (field.label, _bounded(where.op, f"{number:g}"), unit) if part)
    if where.value is True:
        return say("chip.reduced") if field.name == REGULAR_PRICE else field.label
    return (
        say("chip.not", what=said)
        if where.is_negative
        else f"{field.label} {said}"
        if len(said) <= 3
        else said
    )


def wish_label(wish: Prefer, schema: Schema) -> str:
    """A wish as a chip shows it: ``ideally waterproof``, ``ideally low weight (g)``, ``ideally around $50``."""
    field = schema.field(wish.field)
    if wish.aim in ("low", "high"):
        return say(f"chip.{wish.aim}", field=measured(field) if isinstance(field, Field) else wish.field)
    said = label(Where(field=wish.field, op="=", value=True if wish.value is None else wish.value), schema)
    return say("chip.ideally_around" if wish.aim == "near" else "chip.ideally", what=said)


def measured(field: Field) -> str:
    """What a number measures, where its name alone may not tell: ``comfort temperature``, ``weight (g)``."""
    unit = field.shown_unit
    if unit in _DEGREES:
        return field.label if "temp" in field.label else say("measured.temperature", name=field.label)
    return f"{field.label} ({unit})" if unit else field.label


def value_label(where: Where, schema: Schema) -> str:
    """The value of a condition on a number, by itself: ``$50.50``, ``391 g``, ``4.6 stars``."""
    field, value = schema.field(where.field), float(where.value)  # type: ignore[arg-type]
    if field == PRICE:
        return price_text(value, schema.currency).removesuffix(".00")
    if field == STARS:
        return say("stars", stars=round(value, 1))
    unit = where.unit or (field.shown_unit if isinstance(field, Field) else "")
    return f"{round(value, 2):g} {unit}".strip()


def _bounded(op: str, amount: str) -> str:
    """``<, $50`` -> ``under $50``."""
    return say(f"chip.{_BOUNDS[op]}", amount=amount) if op in _BOUNDS else amount


def number_of(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
