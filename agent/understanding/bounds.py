"""From an amount, as said, to the bounds of a field: how near is near, and which field is measured so."""

from __future__ import annotations

import re

from agent.conditions import PRICE, Prefer, Where
from agent.tools.schema import Field
from agent.understanding.language.amounts import Amount
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.units import NAMES, counts_things, dimension

EXACT = 0.025
AROUND_MONEY = 0.12
AROUND = 0.15
_ISH = re.compile(r"(\d)[\s-]*(?:ish|odd|or so|ballpark)\b", re.I)
_TWO_NUMBERS = re.compile(
    r"\b(\d+(?:\.\d+)?)(?P<money>\s?(?:[$€£]|dollars?|bucks|euros?|quid|pounds))?(?:\s*,\s*|\s+)"
    r"(?:(?:or|ma[yb]\w{0,3}|perhaps|possibly|pushing) )?(\d+(?:\.\d+)?)\b(?!\s*,?\s*(?:and|or|&|,)\s*\d)",
    re.I,
)
"""Two numbers, not the first of a list: "8, 9 and 11" are ages."""


_CAPACITY = frozenset(("capacity", "carry", "hold"))
_LOAD = frozenset(("load", "payload"))
_MOST = frozenset(("max", "maximum"))
_PACKED = frozenset(("included", "pack", "package", "piece"))
"""In the name of a field that counts, these make it how many one buys at once."""
_LOADED = frozenset(("weight", "user", "rider", "person"))


def is_capacity(own: Field) -> bool:
    """Whether the field says how much a product can take: whoever weighs 110 kg needs at least that much."""
    words = set(own.stems)
    carries = bool(words & _CAPACITY) and own.unit is not None and dimension(own.unit) == "mass"
    return carries or bool(words & _LOAD) or bool(words & _MOST and words & _LOADED)


def holding(own: Field, amount: Amount) -> tuple[Where, ...]:
    """What can take an amount, however it is said ("about 135 kilos", "up to 135")."""
    least = amount.high if amount.high is not None and amount.shape in ("max", "range") else amount.value
    return (Where(field=own.name, op=">=", value=least),)


def bounds(
    name: str, amount: Amount, around: float, *, exact: float | None = None, upper: bool = False
) -> tuple[Where, ...]:
    """``upper``: a bare amount is the most to be spent."""
    low, high = amount.low, amount.high
    match amount.shape:
        case "max":
            return (Where(field=name, op="<" if amount.strict else "<=", value=high),)  # type: ignore[arg-type]
        case "min":
            return (Where(field=name, op=">" if amount.strict else ">=", value=low),)  # type: ignore[arg-type]
        case "range":
            return (Where(field=name, op=">=", value=low), Where(field=name, op="<=", value=high))  # type: ignore[arg-type]
        case "around":
            if upper:
                return (Where(field=name, op="<=", value=round(amount.value * (1 + around), 2)),)
            edges = (round(amount.value * (1 - around), 3), round(amount.value * (1 + around), 3))
            return (Where(field=name, op=">=", value=edges[0]), Where(field=name, op="<=", value=edges[1]))
    if upper:
        return (Where(field=name, op="<=", value=amount.value),)
    if exact is None:
        return (Where(field=name, op="<=", value=amount.value),)
    return (Where(field=name, op="=", value=amount.value),)


def middle(where: tuple[Where, ...], amount: Amount) -> Prefer | None:
    """Of what is about a number, and of what has to be enough for it, what is nearest to it comes first."""
    if amount.shape == "plain" and where[-1].op == ">=" and amount.unit and dimension(amount.unit) != "mass":
        return Prefer(field=where[-1].field, aim="near", value=where[-1].value)
    if amount.shape != "around":
        return None
    edges = [w.value for w in where if isinstance(w.value, float)]
    if where[0].field == PRICE:
        return Prefer(field=PRICE, aim="near", value=amount.value)
    return (
        Prefer(field=where[0].field, aim="near", value=round(sum(edges) / 2, 3)) if len(edges) == 2 else None
    )


def is_corrected(said: tuple[Where, ...], later: tuple[Where, ...]) -> bool:
    """Whether the same phrase says another number later: "two thousand, no, one thousand pieces"."""
    exact = [w.field for w in later if w.op == "="]
    return len(said) == 1 and said[0].op == "=" and said[0].field in exact


def in_reach(own: Field, value: float) -> bool:
    """Whether a field's numbers are of the size of the one said; a share is no more than all."""
    if own.unit == "percent" and value > 100:
        return False
    return own.range is not None and own.range[0] / 2 <= value <= own.range[1] * 2


def measures_else(own: Field, unit: str) -> bool:
    """Whether a field's name is a unit of another dimension: "lumens" are no centimetres."""
    units = [NAMES[word] for word in own.label.lower().split() if len(word) > 2 and word in NAMES]
    return any(dimension(one) != dimension(unit) for one in units)


def measured_in(own: Field, unit: str) -> bool:
    if dimension(unit) == "people":
        return own.unit == "person" or bool(
            set(own.stems) & {"people", "person", "persons", "seat", "player"}
        )
    if dimension(unit) == "count" and own.unit is None:
        return counts_things(own.name) and bool(_PACKED & set(own.stems))
    if dimension(unit) == "age":
        return "age" in own.stems or own.unit == unit
    if unit == NAMES.get(own.stems[-1] if own.stems else "") and own.label.split()[-1] not in FUNCTION_WORDS:
        return True
    return own.unit is not None and dimension(own.unit) == dimension(unit)


def spread(text: str) -> str:
    """ "100, 120-ish" and "100 120" are a range; "80ish" is about 80."""
    text = _ISH.sub(r"\1 or so", text)
    match = _TWO_NUMBERS.search(text)
    if match and float(match[1]) < float(match[3]) <= 2 * float(match[1]):
        return f"{text[: match.start()]}up to {match[3]}{match['money'] or ''}{text[match.end() :]}"
    return text
