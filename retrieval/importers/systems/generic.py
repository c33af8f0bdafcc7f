"""Any table of products: the columns found by name or by ``--map``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from retrieval.importers import values
from retrieval.importers.systems.common import (
    Cells,
    Context,
    Drafts,
    Split,
    choices,
    now_and_before,
    reduced_from,
    variant,
)


def drafts(rows: Iterable[Split], context: Context) -> Drafts:
    """One product a row; a reduced price is the price, the other one the attribute ``regular_price``."""
    for number, row, others in rows:
        dated = "sale_from" in row or "sale_to" in row
        on = not dated or context.is_on(row.get("sale_from"), row.get("sale_to"))
        price = row.get("price") or row.get("regular_price")
        now, before = now_and_before(price, row.get("sale_price"), on)
        before = before or row.get("regular_price")
        if before and (regular := reduced_from([(now, before)], context.numerals)):
            others["regular_price"] = regular
        draft = {
            **row,
            "item_id": _identity(number, row, context),
            "description": [row.get(name) for name in ("short_description", "description", "features")],
            "paths": _paths(row),
            "prices": [now, row.get("price_max")],
            "columns": others,
            **_choices(row),
            "stock": 0 if _is_yes(row.get("sold_out")) else row.get("stock", row.get("availability")),
            "rating_count": row.get("rating_count") or _count(row.get("reviews")),
        }
        yield number, draft


def _choices(row: Cells) -> dict[str, Any]:
    """A column "variants" holds what each choice costs, ``[{"options": {"Size": "S"}, "price": 9, "stock": 2}]``,
    or only what may be chosen, as "options" does."""
    found = values.structure(row.get("variants"))
    told = [v for v in found if isinstance(v, dict)] if isinstance(found, list) else []
    variants = [
        variant(v["options"].items(), v.get("sku"), v.get("price"), v.get("stock"))
        for v in told
        if isinstance(v.get("options"), dict)
    ]
    if not variants:
        return {"options": row.get("options", row.get("variants")), "variants": []}
    options = row.get("options") or choices(pair for v in variants for pair in v["options"].items())
    return {"options": options, "variants": variants}


def _is_yes(cell: Any) -> bool:
    return values.attribute(cell) in (True, 1.0)


def _count(reviews: Any) -> Any:
    """A column "reviews" may hold how many there are, instead of them."""
    return reviews if values.text(reviews).isdigit() else None


def _identity(number: int, row: Cells, context: Context) -> Any:
    if context.id_from == "row":
        return f"row-{number}"
    given = row.get("item_id")
    made = context.id_from == "title" or (context.id_from == "gaps" and not values.text(given))
    return context.title_id(row.get("title")) if made else given


def _paths(row: Cells) -> list[tuple[str, ...]]:
    """A path, several of them (``A > B, C > D``), or a category with its subcategory in another column."""
    paths = values.category_paths(row.get("category"))
    below = values.category(row.get("subcategory"))
    if below and paths and below[-1] not in paths[0]:
        return [(*paths[0], *below), *paths[1:]]
    return paths or ([below] if below else [])
