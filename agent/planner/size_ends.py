"""The smallest or largest size that something comes in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agent.planner.turn import Planned, meant_products
from agent.tools.facts import facts_of
from agent.tools.results import Fact
from agent.wording import say

_END = re.compile(r"\b(?P<least>smallest|tiniest|littlest|shortest)\b|\b(?:largest|biggest|longest)\b", re.I)
_SIZED = re.compile(
    r"\bsizes?\b|\b(?:it|that|this|they|those|them|these|one|ones)(?: \w+)? comes? in\b|\b(?:come|comes|available) in\b"
    r"|\b(?:make|do|sell|get|have|stock) (?:it|that|this|them|those|these|one) in\b",
    re.I,
)
"""Asks for what it is sold in, not for how large it is."""
_LETTERS = ("xxxs", "xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")
_WORDS = {
    "extra small": "xs",
    "small": "s",
    "medium": "m",
    "large": "l",
    "extra large": "xl",
    "2xl": "xxl",
    "3xl": "xxxl",
}
MOST_READ = 5


def end_of_sizes(turn: Planned) -> str:
    """The end that is asked for of the sizes of what is meant; empty where none is asked for or none are stated."""
    text = turn.meant.text
    asked = _END.search(text)
    if asked is None or not _SIZED.search(text):
        return ""
    named = bool(turn.meant.thing or turn.meant.kinds) and not turn.meant.pointed.item_ids
    handles = meant_products(turn, several=named)[:MOST_READ]
    desk, shelf = turn.context.desk, turn.context.shelf
    products = desk.products(item for handle in handles if (item := shelf.item(handle)))
    sized = [
        (shelf.handle(p.item_id), fact) for p in products if (fact := _sizes(facts_of(desk, p))) is not None
    ]
    if not sized:
        return ""
    values = sorted({value for _, fact in sized for value in values_of(fact)}, key=size_rank)
    end, which = (values[0], "size.least") if asked["least"] else (values[-1], "size.most")
    shelf.back([fact.evidence for _, fact in sized])
    turn.call("show", handles=handles, aside=len(sized) == 1)
    handle, fact = sized[0]
    if len(sized) == 1:
        return say(which, handle=handle, label=fact.label, value=end, all=fact.value)
    return say(f"{which}.of", label=fact.label, value=end)


def _sizes(facts: Iterable[Fact]) -> Fact | None:
    return next((fact for fact in facts if "size" in fact.label.split() and len(values_of(fact)) > 1), None)


def values_of(fact: Fact) -> list[str]:
    """The values of a fact that has several."""
    return [value.strip() for value in fact.value.split(",") if value.strip()]


def size_rank(value: str) -> tuple[float, ...]:
    """What a size is ordered by: letters from XXS to XXXL, numbers by their product ("160 x 230")."""
    low = value.strip().lower()
    letters = _WORDS.get(low, low).replace(" ", "")
    if letters in _LETTERS:
        return (0.0, float(_LETTERS.index(letters)))
    area = 1.0
    numbers = re.findall(r"\d+(?:\.\d+)?", low)
    for number in numbers:
        area *= float(number)
    return (1.0 if numbers else 2.0, area)
