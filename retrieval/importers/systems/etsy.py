"""Etsy's listings download: no ids but SKUs that most listings lack, options in their own columns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrieval.importers import values
from retrieval.importers.systems.common import Context, Drafts, Split, option_name, pictures


def drafts(rows: Iterable[Split], context: Context) -> Drafts:
    """One listing a row; without a listing's number or one SKU, its title makes the id."""
    for number, row, others in rows:
        skus = values.words(row.get("sku"))
        identity = row.get("item_id") or row.get("id") or (skus[0] if len(skus) == 1 else "")
        options = {}
        for place in (1, 2, 3):
            name = values.line(row.get(f"variation{place}_name") or row.get(f"variation{place}_type"))
            found = values.words(row.get(f"variation{place}_values"))
            if name and found:
                options[option_name(name)] = list(found)
        columns = dict(others)
        if materials := values.words(row.get("materials")):
            columns["materials"] = _spaced(materials)
        draft = {
            "item_id": identity or context.title_id(row.get("title")),
            "title": row.get("title"),
            "description": row.get("description"),
            "brand": row.get("brand"),
            "paths": [values.category(row.get("section"))] if "section" in row else [],
            "prices": [row.get("price")],
            "currency": row.get("currency"),
            "columns": columns,
            "tags": _spaced(values.words(row.get("tags"))),
            "options": options,
            "image_url": pictures(row),
            "url": row.get("url"),
            "stock": row.get("quantity"),
            "aliases": skus,
        }
        yield number, draft


def _spaced(found: Iterable[str]) -> list[str]:
    return [re.sub(r"_+", " ", part).strip() for part in found]
