"""Whether one product is without a thing, with the passage that shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from retrieval.absence.reading import Finding, read
from retrieval.absence.substances import plain, words_of
from retrieval.filters import Absent
from retrieval.records import Product
from retrieval.text.normalization import tokenize

Status = Literal["free", "contains", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """The status with the passage that proves it; ``by_list``: proved by the silence of a complete list."""

    status: Status
    field: str = ""
    passage: str = ""
    """The whole text of the field; ``start`` and ``end`` are what in it is meant."""
    start: int = 0
    end: int = 0
    by_list: bool = False
    traces: bool = False
    """Whether it may be in it in traces."""


def verdict(product: Product, condition: Absent) -> Verdict:
    """The same for one product, with the passage that shows it."""
    reading = read(product)
    free = replace(condition, sure=True).matches(product)
    possible = replace(condition, sure=False).matches(product)
    keys = (condition.thing, *condition.within)
    found = {said: f for key in reversed(keys) for said, f in reading.of(key).items()}
    if free:
        if "free" in found:
            return _shown("free", found["free"])
        for sort, field, said in reading.lists:
            if sort in condition.by:
                return Verdict("free", field, said, 0, len(said), by_list=True)
        return _in_general(product, condition, "free")
    if "contains" in found and not possible:
        return _shown("contains", found["contains"])
    if "traces" in found:
        return Verdict("unknown", *_place(found["traces"]), traces=True)
    return Verdict("unknown") if possible else _in_general(product, condition, "contains")


def _place(finding: Finding) -> tuple[str, str, int, int]:
    return finding.field, finding.text, finding.start, finding.end


def _shown(status: Status, finding: Finding) -> Verdict:
    return Verdict(status, *_place(finding))


def _in_general(product: Product, condition: Absent, status: Status) -> Verdict:
    """The text of a product that speaks of a thing of no known substance."""
    texts = {"title": product.title, "description": product.description, **product.texts}
    for name in (condition.thing, *condition.also):
        tokens = tokenize(name)
        for field, text in texts.items():
            first = words_of(plain(name))[:1]
            place = plain(text).find(first[0].text) if first and tokens else -1
            if place >= 0:
                return Verdict(status, field, text, place, place + len(name))
    return Verdict(status)
