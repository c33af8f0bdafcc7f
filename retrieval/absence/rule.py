"""The rule of absence: when a product is free of a thing, when it may be. The one place that decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from retrieval.absence.lists import INGREDIENTS
from retrieval.absence.reading import Reading, read
from retrieval.absence.substances import plain, substances, words_of
from retrieval.records import Product
from retrieval.text.normalization import tokenize

_MOST_ELEMENTS, _LONGEST_ELEMENT = 80, 4


class Absence(Protocol):
    """What the rule asks of a condition, see `retrieval.filters.Absent`."""

    @property
    def thing(self) -> str: ...
    @property
    def also(self) -> tuple[str, ...]: ...
    @property
    def by(self) -> tuple[str, ...]: ...
    @property
    def within(self) -> tuple[str, ...]: ...
    @property
    def allergen(self) -> bool: ...
    @property
    def sure(self) -> bool: ...


def about(thing: str, more: tuple[str, ...] = ()) -> dict[str, Any]:
    """The arguments of ``Absent`` for a shopper's words: the substance that they name, or whose part they name.

    ``more``: what else it is made of, as search tokens, as the shop's synonyms say.
    """
    known = substances()
    own = known.named(thing)
    if own is not None:
        return {"thing": own.key, "also": more, "by": own.lists, "allergen": own.allergen}
    words = words_of(plain(thing))
    whole = [m for m in known.find(words) if m.first == 0 and m.last == len(words) - 1 and m.role == "member"]
    parents = [known[key] for key in dict.fromkeys(m.key for m in whole)]
    return {
        "thing": " ".join(thing.split()),
        "also": more,
        "by": tuple(dict.fromkeys(s for p in parents for s in p.lists if s != "allergens")),
        "within": tuple(p.key for p in parents),
        "allergen": any(p.allergen for p in parents),
    }


def keys_of(product: Product) -> frozenset[str]:
    """What a build keeps of a product: all that ``holds`` asks for."""
    return frozenset(_keys(read(product)))


def _keys(reading: Reading) -> Iterator[str]:
    for finding in reading.findings:
        yield f"{finding.said}\0{finding.key}"
    for sort, _, said in reading.lists:
        yield f"list\0{sort}"
        if sort == INGREDIENTS:
            parts = said.replace(";", ",").split(",")[:_MOST_ELEMENTS]
            for words in (tokenize(part.partition("(")[0]) for part in parts):
                if 0 < len(words) <= _LONGEST_ELEMENT:
                    yield element_key(words)
    for claim in reading.claims:
        yield f"claim\0{claim}"
    for token in reading.denied:
        yield f"denied\0{token}"


def element_key(tokens: list[str]) -> str:
    """The key of products whose list of ingredients has an element of this name."""
    return f"element\0{' '.join(tokens)}"


def holds(condition: Absence, has: Callable[[str], Any], says: Callable[[str], Any], nothing: Any) -> Any:
    """The condition as boolean algebra over keys of products: one product (numpy booleans) or all (masks).

    ``has``: products with one of `keys_of`; ``says``: those with a search token; ``nothing``: no product.
    """
    known = substances().get(condition.thing)
    tokens = tokenize(condition.thing)
    if known is not None:
        contains, free = has(f"contains\0{known.key}"), has(f"free\0{known.key}")
        traces, within = has(f"traces\0{known.key}"), nothing
    else:
        contains, free = _named(tokens, has, says, nothing), has(f"claim\0{' '.join(tokens)}")
        traces = within = nothing
        for key in condition.within:
            free, within = free | has(f"free\0{key}"), within | has(f"contains\0{key}")
            traces = traces | has(f"traces\0{key}")
    for name in condition.also:
        contains = contains | _named(name.split(), has, says, nothing)
    if not condition.sure:
        return ~(contains | traces) if condition.allergen else ~contains
    listed = nothing
    for sort in condition.by:
        listed = listed | has(f"list\0{sort}")
    return ~contains & ~traces & (free | (listed & ~within))


def _named(tokens: list[str], has: Callable[[str], Any], says: Callable[[str], Any], nothing: Any) -> Any:
    """Products that say all of the words, none only where it is denied."""
    if not tokens:
        return nothing
    found = ~nothing
    for token in tokens:
        found = found & says(token) & ~has(f"denied\0{token}")
    return found
