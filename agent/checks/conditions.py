"""Conditions that the shopper has said outright: they hold in every `find` and for all that is shown."""

from __future__ import annotations

from collections.abc import Iterable

from agent.conditions import BRAND, PRICE, STARS, Where


def outright(where: Iterable[Where]) -> tuple[Where, ...]:
    """Those that exact parsers read: bounds and sizes, brands by name, and what is ruled out.

    The rest is a reading of words, in which a language model may know better.
    """
    return tuple(
        one for one in where if one.is_negative or one.field in (PRICE, STARS, BRAND) or _is_exact(one)
    )


def _is_exact(where: Where) -> bool:
    """Whether its value is a number, or a text with one ("44", "27.5 inch")."""
    if isinstance(where.value, bool):
        return False
    values = where.value if isinstance(where.value, tuple) else (where.value,)
    return all(isinstance(value, float | int) or any(c.isdigit() for c in value) for value in values)
