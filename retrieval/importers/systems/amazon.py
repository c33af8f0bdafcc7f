"""The public Amazon review sets (2014, 2018, 2023): JSON lines of product metadata and of reviews."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from retrieval.importers import values
from retrieval.importers.records import told_of
from retrieval.importers.systems.common import Cells, Context, Drafts, Split

_IGNORED = re.compile(
    r"(?i)^(asin|isbn|shipping|domestic|international|average customer|customer review|best)"
)


def drafts(rows: Iterable[Split], context: Context) -> Drafts:
    """One product a row; the first category path is the product's, the ends of the others are tags."""
    unreadable = 0
    for number, row, others in rows:
        paths = _paths(row)
        price = row.get("price")
        if isinstance(price, str) and not re.match(r"^\s*\D{0,4}\d", price):
            unreadable += bool(price.strip())
            price = None
        details = values.structure(row.get("details"))
        draft = {
            "item_id": row.get("item_id") or row.get("parent_asin") or row.get("asin"),
            "title": row.get("title"),
            "description": [row.get("description"), row.get("features") or []],
            "brand": row.get("brand"),
            "paths": paths or [values.category(row.get("main_category"))],
            "prices": [price],
            "currency": row.get("currency"),
            "columns": others | (_details(details) if isinstance(details, dict) else {}),
            "tags": list(dict.fromkeys(path[-1] for path in paths[1:] if path)),
            "options": {},
            "image_url": _images(row),
            "rating": row.get("rating"),
            "rating_count": row.get("rating_count"),
        }
        yield number, draft
    if unreadable:
        context.notices.add(
            told_of(unreadable, "products", "have a price that is no price (page markup); it is unknown")
        )


def _paths(row: Cells) -> list[Sequence[str]]:
    nested = values.structure(row.get("category") or [])
    if isinstance(nested, str):
        nested = [nested]
    if nested and isinstance(nested[0], (list, tuple)):
        return [path for path in nested if path]
    return [nested] if nested else []


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name.strip(" :"): value for name, value in details.items() if not _IGNORED.match(name.strip())}


def _images(row: Cells) -> Any:
    found = row.get("image_url")
    if isinstance(found, dict):
        return _largest(found)
    if isinstance(found, list):
        return [_largest(part) if isinstance(part, dict) else part for part in found]
    return found or None


def _largest(sizes: dict[str, Any]) -> Any:
    """The largest of the pictures that a listing gives by size."""
    return sizes.get("hi_res") or sizes.get("large") or sizes.get("thumb")
