"""A part of what another thing costs: "for half of it", "a third of the price"."""

from __future__ import annotations

import re

_PARTS = {"half": 1 / 2, "a third": 1 / 3, "two thirds": 2 / 3, "a quarter": 1 / 4, "three quarters": 3 / 4}
_SHARE = re.compile(
    rf"\b(?:(?P<for>for|at|under|below|about|around|only) )?(?P<part>{'|'.join(_PARTS)})(?: of)? "
    r"(?:(?P<it>that|it|this)|the (?:price|money|cost)|what (?:that|it|this)(?: one)? costs?)\b",
    re.I,
)


def share_of_price(text: str) -> float | None:
    """Which part of the price talked about may be spent at most; None where no part is told."""
    match = _SHARE.search(text)
    if match is None or (match["it"] and not match["for"]):  # "half of it is plastic"
        return None
    return _PARTS[match["part"].lower()]
