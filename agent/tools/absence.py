"""What it takes for a product to be without something, as a condition of `find`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.absence.rule import about
from retrieval.absence.substances import substances
from retrieval.filters import Absent
from retrieval.text.normalization import tokenize

if TYPE_CHECKING:
    from retrieval.search import SearchEngine


def absence(search: SearchEngine, thing: str, *, sure: bool = False) -> Absent:
    """The condition that products are without a thing; what it is made of is extended by the shop's synonyms."""
    own = substances().named(thing)
    names = own.labels if own is not None else (thing,)
    expansions = search.synonyms.expansions
    more = {
        " ".join(t) for name in names for t in expansions.get(tuple(tokenize(name.removeprefix("="))), ())
    }
    known = {" ".join(tokenize(name)) for name in names}
    given = about(thing, tuple(sorted(more - known)))
    if not given["by"] and own is None and search.table.lists_name(thing):
        given["by"] = ("ingredients",)  # a name that stands on such lists here
    return Absent(**given, sure=sure)
