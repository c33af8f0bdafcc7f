"""Measures that only titles write, to order by: the watts of amps where "the loudest" is asked for, the feet of
cables, the milliamp hours of chargers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.conditions import TITLE
from agent.understanding.language.amounts import find_amounts
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.units import base_size, dimension
from agent.understanding.scales import graded
from retrieval.filters import Filter

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

FEW, SHARE = 3, 0.2
"""So many products of the kind, and this share of it, have the measure in their titles."""
READ = 400
"""Titles that are read for it."""
_WORDS = {
    "screen": "length", "display": "length", "battery": "charge", "charge": "charge", "memory": "data",
    "storage": "data", "camera": "pixels", "watts": "power", "wattage": "power", "pack": "count",
}  # fmt: skip
"""What a word beside the order says that is measured."""
_TOPICS = {
    "loudness": ("power",), "power": ("power",), "brightness": ("light", "power"), "weight": ("mass",),
    "length": ("length",), "height": ("length",), "width": ("length",), "thickness": ("length",),
    "size": ("length", "volume"), "capacity": ("volume", "charge", "data"), "volume": ("volume", "power"),
    "noise": ("power",),
}  # fmt: skip
"""Dimensions that tell a topic of an order, the first that titles have."""


def measure_in_titles(desk: ShopContext, kind: Filter, phrase: str, topic: str) -> str:
    """The name under which `title_measure` knows what titles of the kind measure of a topic; empty where too few do."""
    words = phrase.lower().split()
    said = [measured for word, measured in _WORDS.items() if word in words]
    others = [w for w in words if w not in FUNCTION_WORDS and graded(w) is None]
    if others and not said:
        return ""  # "the longest warranty" is no length
    items = desk.shop.search.matching(kind)[:READ]
    for one in said[:1] or _TOPICS.get(topic, ()):
        stating = sum(measure_of(desk, item, one) is not None for item in items)
        if stating >= max(FEW, SHARE * len(items)):
            return f"{TITLE} {one}"
    return ""


def title_measure(field: str) -> str | None:
    """The dimension that a sort's field names; None where it names none."""
    return field.removeprefix(f"{TITLE} ") if field.startswith(f"{TITLE} ") else None


def measure_of(desk: ShopContext, item_id: str, measure: str) -> float | None:
    """The greatest amount of a dimension in a product's title, in its base unit; None where it has none."""
    amounts = find_amounts(desk.shop.search.title(item_id))
    values = [
        amount.value * base_size(amount.unit)
        for amount in amounts
        if amount.unit and not amount.is_money and dimension(amount.unit) == measure
    ]
    return max(values, default=None)
