"""Amazon sellers' files: inventory templates with parents and children, and the report of all listings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from retrieval.importers import values
from retrieval.importers.systems.common import (
    Cells,
    Context,
    Draft,
    Drafts,
    Split,
    choices,
    grouped,
    merged,
    now_and_before,
    pictures,
    reduced_from,
    total,
    variant,
)

_CHOSEN = ("color", "size", "style")


def drafts(rows: Iterable[Split], context: Context) -> Drafts:
    """A parent with its children is one product; deleted and inactive listings are left out."""
    for group in grouped(rows, _key, context):
        kept = [split for split in group if not _gone(split[1])]
        if kept:
            yield kept[0][0], _draft(kept, context)
        else:
            context.left["deleted or inactive"] += 1
    context.tell_left()


def _key(row: Cells) -> str:
    return values.text(row.get("parent_sku")) or values.text(row.get("sku"))


def _gone(row: Cells) -> bool:
    status = values.text(row.get("status")).casefold()
    return values.text(row.get("action")).casefold().startswith("delete") or status in (
        "inactive",
        "incomplete",
    )


def _draft(group: Sequence[Split], context: Context) -> Draft:
    parent = next(
        (r for _, r, _ in group if values.text(r.get("parentage")).casefold() == "parent"), group[0][1]
    )
    children = [r for _, r, _ in group if r is not parent] or [parent]
    options = choices((name, child.get(name)) for name in _CHOSEN for child in children)
    options = {name: found for name, found in options.items() if len(found) > 1}
    columns = merged([others for *_, others in group])
    for name in _CHOSEN:
        shown = parent.get(name) or children[0].get(name)
        if shown and name.capitalize() not in options:
            columns[name] = shown
    columns |= {name: parent[name] for name in ("condition", "asin") if name in parent}
    prices = [
        now_and_before(
            c.get("standard_price"), c.get("sale_price"), context.is_on(c.get("sale_from"), c.get("sale_to"))
        )
        for c in children
    ]
    regular = [
        (now, before or c.get("list_price")) for (now, before), c in zip(prices, children, strict=True)
    ]
    before = reduced_from(((now, dear) for now, dear in regular if dear), context.numerals)
    columns |= {"regular_price": before} if before else {}
    bullets = [
        v for n, v in sorted(parent.items() | children[0].items(), key=str) if re.fullmatch(r"bullet\d+", n)
    ]
    kind = parent.get("category") or children[0].get("category") or parent.get("product_type")
    return {
        "item_id": parent.get("item_id") or _key(parent),
        "title": parent.get("title") or children[0].get("title"),
        "description": [parent.get("description") or children[0].get("description"), *dict.fromkeys(bullets)],
        "brand": parent.get("brand") or parent.get("manufacturer") or children[0].get("brand"),
        "paths": [values.category(re.sub(r"_", " ", values.line(kind)))],
        "prices": [now for now, _ in prices],
        "currency": parent.get("currency") or children[0].get("currency"),
        "columns": columns,
        "tags": values.words(parent.get("keywords"), ",;"),
        "options": options,
        "variants": [
            variant(((name, c.get(name)) for name in _CHOSEN), c.get("sku"), now, c.get("stock"))
            for c, (now, _) in zip(children, prices, strict=True)
        ],
        "image_url": pictures(parent, *children),
        "url": parent.get("url"),
        "stock": total(c.get("stock") for c in children),
        "aliases": [c.get("sku") for c in children],
    }
