"""The words around an amount, and a measure as titles and values write it."""

from __future__ import annotations

import re

from agent.understanding.language.amounts import Amount
from agent.understanding.language.condition_cues import SPENDING
from agent.understanding.language.units import dimension
from retrieval.filters import numbers_in

_APART = re.compile(r",| and | with | but |;")
_SIZED = re.compile(r"(?:[A-Za-z]{1,4}\.? )?\d+(?:[.,]\d+)?(?: ?[A-Za-z°%\"”]{1,6}\.?)?")


def written(amount: Amount) -> tuple[str, ...]:
    """A measure in the ways that titles write it."""
    number, unit = f"{amount.value:g}", amount.unit or ""
    if dimension(unit) == "count":
        return (*(f"{number} {word}" for word in ("pc", "pack", "pk", "pcs", "pieces")), f"set of {number}")
    return (f"{number} {'inch' if unit == 'in' else unit}",)


def is_number(value: str, number: float) -> bool:
    """Whether a value is a number with a unit or a land's sizes ("47 cm", "EU 42"), and no name ("4R25")."""
    return _SIZED.fullmatch(value.strip()) is not None and numbers_in(value) == [number]


def beside(before: str) -> str:
    """The words in front of an amount that can name it: those of its own part of the sentence, and none of another
    amount ("16 GB of memory under 800").
    """
    rest = _APART.split(before)[-1]
    return "" if any(c.isdigit() for c in rest) else rest


def next_to(amount: Amount, text: str) -> tuple[str, str, str]:
    """The words right behind an amount, in it and in front of it, up to another number or part of the sentence."""
    behind = re.split(r"\d", _APART.split(text[amount.end :])[0])[0]
    inside = re.sub(r"\d[\d.,]*", " ", text[amount.start : amount.end])
    return behind, inside, re.split(r"\d", _APART.split(text[: amount.start])[-1])[-1]


def unspent(amount: Amount, text: str) -> str:
    """The text around an amount without words of spending."""
    return SPENDING.sub(" ", f"{text[: amount.start]} {text[amount.end :]}")
