"""What only goes with a gift: greeting cards and wrapping."""

from __future__ import annotations

import re

from retrieval.filters import Filter, Items
from retrieval.search import SearchEngine

_CARDS = re.compile(
    r"\b(?:greetings?|birthday|thank[- ]you|christmas|sympathy|wedding|anniversary|get well)(?: (?!gift)\w+)? cards?\b"
    r"|\bgift (?:wrap|bags?)\b|\bwrapping paper\b",
    re.I,
)


def greeting_cards(search: SearchEngine) -> Filter:
    """The cards and wrapping of a shop, by their category or title."""
    table = search.table
    kinds = [bool(_CARDS.search(" > ".join(path))) for path in table.paths]
    paths = table.columns["path"]
    return Items(
        tuple(
            item
            for item in search.item_ids
            if _CARDS.search(search.title(item)) or kinds[int(paths[table.row_of[item]])]
        )
    )
