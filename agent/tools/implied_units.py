"""Units of numbers whose fields don't tell them, as the shop's own texts write them: a memory of 64 beside "64GB"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from agent.understanding.language.units import NAMES, dimension
from retrieval.records import Product

READ = 40
"""Products whose texts are read for a field."""
SEEN, SHARE = 5, 0.6
"""A unit stands behind the number in at least so many texts, and in this share of those with any unit there."""
_MEASURES = frozenset(
    ("length", "volume", "mass", "power", "voltage", "charge", "data", "frequency", "pixels")
)
_BEHIND = r"(?<![\d.,]){}(?:\.0+)?[\s-]?([A-Za-z]+|[\"”″])(?![A-Za-z])"


def implied_unit(name: str, products: Iterable[Product]) -> str | None:
    """The canonical unit that texts write behind the number of a field; None where they don't agree on one."""
    found = Counter(unit for product in products if (unit := _unit_behind(product, name)))
    if not found:
        return None
    unit, count = found.most_common(1)[0]
    return unit if count >= SEEN and count >= SHARE * found.total() else None


def _unit_behind(product: Product, name: str) -> str | None:
    value = product.attributes.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    for match in re.finditer(
        _BEHIND.format(re.escape(f"{value:g}")), f"{product.title}\n{product.description}"
    ):
        word = match[1].lower()
        unit = "in" if word in '"”″' else NAMES.get(word)
        if unit is not None and word != "in" and dimension(unit) in _MEASURES:
            return unit
    return None
