"""Sizes as an order: clothing sizes by their letters, "160 x 230" by its area, a measure in its unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.understanding.language.units import base_size, measured

LETTERS = (
    ("XXS", "Extra Extra Small", "2XS"),
    ("XS", "Extra Small", "X-Small"),
    ("S", "Small"),
    ("M", "Medium"),
    ("L", "Large"),
    ("XL", "Extra Large", "X-Large"),
    ("XXL", "Extra Extra Large", "XX-Large", "2XL"),
    ("XXXL", "Extra Extra Extra Large", "XXX-Large", "3XL"),
)
"""Clothing sizes under all their names, the smallest first."""
SPELLINGS = {name.lower(): names for names in LETTERS for name in names}
_RANK = {name.lower(): float(rank) for rank, names in enumerate(LETTERS) for name in names}
_AREA = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:cm|mm|m)?\s*[x×]\s*(\d+(?:\.\d+)?)", re.I)
_NUMBER = re.compile(r"\s*(?:[A-Za-z]{1,4}\.? ?)?(\d+(?:[.,]\d+)?)")


def magnitude(size: str) -> float | None:
    """How large a size is beside others of its field; None for what is no size."""
    if (rank := _RANK.get(size.strip().lower())) is not None:
        return rank
    if (area := _AREA.match(size)) is not None:
        return float(area[1]) * float(area[2])
    if (found := measured(size)) is not None:
        return found[0] * base_size(found[1])
    number = _NUMBER.match(size)
    return float(number[1].replace(",", ".")) if number else None


def extreme(sizes: Sequence[str], *, largest: bool) -> str | None:
    """The largest or the smallest of some sizes; None where none of them is one."""
    known = [(rank, size) for size in sizes if (rank := magnitude(size)) is not None]
    if not known:
        return None
    return max(known)[1] if largest else min(known)[1]
