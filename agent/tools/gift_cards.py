"""What only goes with a gift or stands for one: greeting cards, gift cards, codes and wrapping."""

from __future__ import annotations

import re

from retrieval.filters import Filter, Items
from retrieval.search import SearchEngine

_CARDS = re.compile(
    r"\b(?:greetings?|gift|birthday|thank[- ]you|christmas|sympathy|wedding|anniversary|get well)(?: \w+)? cards?\b"
    r"|\bgift (?:vouchers?|codes?|certificates?|wrap|bags?)\b|\bwrapping paper\b",
    re.I,
)
_ITSELF = re.compile(r"\b(?:vouchers?|experiences?|tickets?|class|lessons?)\b", re.I)
"""In a title: something to do, which is a gift by itself."""


def gift_cards(search: SearchEngine) -> Filter:
    """The cards of a shop, by their category or title."""
    table = search.table
    kinds = [bool(_CARDS.search(" > ".join(path))) for path in table.paths]
    paths = table.columns["path"]
    return Items(
        tuple(
            item
            for item in search.item_ids
            if (_CARDS.search(title := search.title(item)) or kinds[int(paths[table.row_of[item]])])
            and not _ITSELF.search(title)
        )
    )
