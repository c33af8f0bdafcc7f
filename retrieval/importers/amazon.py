"""The public Amazon review sets (2014, 2018, 2023): JSON lines of product metadata and of reviews."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from retrieval.importers import values
from retrieval.importers.records import BadValueError, Notices

Row = Mapping[str, Any]
Draft = dict[str, Any]

_IGNORED = re.compile(
    r"(?i)^(asin|isbn|shipping|domestic|international|average customer|customer review|best)"
)


def matches(columns: Sequence[str]) -> bool:
    """Whether these are the fields of Amazon product metadata."""
    names = set(columns)
    return (
        bool({"asin", "parent_asin"} & names)
        and "title" in names
        and bool(
            {"imUrl", "salesRank", "also_buy", "main_cat", "main_category", "related", "imageURL"} & names
        )
    )


def drafts(
    rows: Iterable[tuple[int, Row]], reject: Callable[[int, BadValueError], None], notices: Notices
) -> Iterator[tuple[int, Draft]]:
    """One product a row; the first category path is the product's, the ends of the others are tags."""
    unreadable = 0
    for number, row in rows:
        paths = _paths(row)
        price = row.get("price")
        if isinstance(price, str) and not re.match(r"^\s*\D{0,4}\d", price):
            unreadable += bool(price.strip())
            price = None
        details = values.structure(row.get("details"))
        features = row.get("feature") or row.get("features") or row.get("about") or []
        yield (
            number,
            {
                "item_id": row.get("parent_asin") or row.get("asin"),
                "title": row.get("title"),
                "description": [row.get("description"), features],
                "brand": row.get("brand") or row.get("store"),
                "category": paths[0] if paths else row.get("main_cat") or row.get("main_category"),
                "prices": [price],
                "attributes": _details(details) if isinstance(details, dict) else {},
                "tags": list(dict.fromkeys(path[-1] for path in paths[1:] if path)),
                "image_url": _image(row),
            },
        )
    if unreadable:
        notices.add(f"{unreadable} products have a price that is no price (page markup); it is unknown")


def _paths(row: Row) -> list[Sequence[str]]:
    nested = values.structure(row.get("categories") or row.get("category") or [])
    if isinstance(nested, str):
        nested = [nested]
    if nested and isinstance(nested[0], (list, tuple)):
        return [path for path in nested if path]
    return [nested] if nested else []


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name.strip(" :"): value for name, value in details.items() if not _IGNORED.match(name.strip())}


def _image(row: Row) -> Any:
    for name in ("imageURLHighRes", "imUrl", "imageURL", "image", "images"):
        found = row.get(name)
        if isinstance(found, list):
            found = found[0] if found else None
        if isinstance(found, dict):
            found = found.get("hi_res") or found.get("large") or found.get("thumb")
        if found:
            return found
    return None
