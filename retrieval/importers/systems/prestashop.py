"""PrestaShop: the product grid's export, and tables in the layout of its sample import files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from retrieval.importers import values
from retrieval.importers.money import price
from retrieval.importers.records import BadValueError
from retrieval.importers.systems.common import Cells, Context, Draft, Drafts, Split, no

_MEASURES = ("width", "height", "depth", "weight")
_ROOTS = frozenset(("home", "accueil", "inicio", "start", "root", "strona główna", "startseite"))


def drafts(rows: Iterable[Split], context: Context) -> Drafts:
    """One product a row; inactive ones are left out."""
    for number, row, others in rows:
        if no(row.get("active", "1")):
            context.left["not active"] += 1
        elif values.text(row.get("visibility")).casefold() == "none":
            context.left["visible nowhere"] += 1
        else:
            yield number, _draft(row, others, context)
    context.tell_left()


def _draft(row: Cells, others: dict[str, Any], context: Context) -> Draft:
    columns = dict(others)
    columns |= {name: row[f"{name}_"] for name in _MEASURES if f"{name}_" in row}
    columns |= {
        name: row[name] for name in ("gtin", "upc", "mpn", "isbn", "condition", "reference") if name in row
    }
    columns |= dict(_features(row.get("features")))
    regular = row.get("price_incl") or row.get("price_excl") or row.get("price")
    if "price_incl" not in row and "price_excl" in row:
        context.notices.add("prices are those without tax, since the file has no others")
    now = _reduced(regular, row, context)
    columns |= {"regular_price": price(regular, context.numerals).low} if now is not regular else {}
    paths = [values.category(part) for part in re.split(r",(?=\S)|,\s", values.line(row.get("category")))]
    paths = [path for path in paths if path and not (len(path) == 1 and path[0].casefold() in _ROOTS)]
    return {
        "item_id": row.get("item_id") or row.get("id"),
        "title": row.get("title"),
        "description": [row.get("short_description"), row.get("description")],
        "brand": row.get("brand"),
        "paths": [p[1:] if len(p) > 1 and p[0].casefold() in _ROOTS else p for p in paths],
        "prices": [now],
        "currency": row.get("currency"),
        "columns": columns,
        "tags": row.get("tags"),
        "options": {},
        "image_url": list(values.words(row.get("image_url"))),
        "url": row.get("url"),
        "stock": 0 if no(row.get("available", "1")) else row.get("stock"),
        "aliases": [row.get("reference")],
    }


def _reduced(regular: Any, row: Cells, context: Context) -> Any:
    """The regular price less the discount that is on today."""
    percent = values.number("discount", row.get("discount_percent")) or 0
    less = values.number("discount", row.get("discount_amount")) or 0
    if not (percent or less) or not context.is_on(row.get("sale_from"), row.get("sale_to")):
        return regular
    try:
        full = price(regular, context.numerals).low
    except BadValueError:
        return regular
    return round(full * (1 - percent / 100) - less, 2) if full else regular


def _features(raw: Any) -> Iterable[tuple[str, str]]:
    """``Colour:Black:1,Material:Cotton:2``."""
    for part in re.split(r",(?=[^,:]+:)", values.text(raw)):
        pieces = part.split(":")
        if len(pieces) >= 2 and pieces[0].strip() and pieces[1].strip():
            yield pieces[0].strip(), pieces[1].strip()
