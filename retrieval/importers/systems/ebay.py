"""eBay's listing templates and reports: an item's row, and below it the rows of its variations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from retrieval.importers import values
from retrieval.importers.systems.common import (
    Cells,
    Context,
    Draft,
    Drafts,
    Split,
    choices,
    merged,
    total,
    variant,
)

_CONDITIONS = {"1000": "new", "1500": "new other", "2750": "like new", "3000": "used", "7000": "for parts"}


def drafts(rows: Iterable[Split], context: Context) -> Drafts:
    """An item's rows together; ended and deleted items are left out."""
    for group in _items(rows):
        number, row, _ = group[0]
        if values.text(row.get("action")).casefold() in ("delete", "end", "löschen", "beenden"):
            context.left["ended or deleted"] += 1
        else:
            yield number, _draft(group, context)
    context.tell_left()


def _items(rows: Iterable[Split]) -> Iterator[list[Split]]:
    """A variation's row says so, or repeats the number of the item above it."""
    group: list[Split] = []
    for split in rows:
        row = split[1]
        same = (
            group
            and values.text(row.get("item_number"))
            and row.get("item_number") == group[0][1].get("item_number")
        )
        if group and not same and not values.text(row.get("relationship")):
            yield group
            group = []
        group.append(split)
    if group:
        yield group


def _draft(group: Sequence[Split], context: Context) -> Draft:
    row = group[0][1]
    variants = [r for _, r, _ in group[1:] if r.get("price") or r.get("relationship_details")] or [row]
    if (
        row not in variants
        and row.get("price")
        and len(list(_details(row))) == len({n for n, _ in _details(row)})
    ):
        variants.insert(
            0, row
        )  # in a report the first row is a variation, too; in a template it lists all choices
    given = [pair for _, r, _ in group for pair in _details(r)]
    columns = {re.sub(r"^[CP]:", "", name): cell for name, cell in merged([o for *_, o in group]).items()}
    condition = values.text(row.get("condition_id")).partition("-")[0]
    if shown := row.get("condition") or _CONDITIONS.get(condition) or condition:
        columns["condition"] = shown
    columns |= {"gtin": row["gtin"]} if "gtin" in row else {}
    identity = row.get("item_id") or row.get("sku") or row.get("item_number")
    return {
        "item_id": identity or context.title_id(row.get("title")),
        "title": row.get("title"),
        "description": row.get("description"),
        "brand": row.get("brand"),
        "paths": [values.category(row.get("category"))],
        "prices": [v.get("price") for v in variants],
        "currency": row.get("currency") or _currency(context.columns),
        "columns": columns,
        "tags": (),
        "options": choices(given),
        "variants": [
            variant(_details(v), v.get("sku"), v.get("price"), v.get("available"))
            for v in variants
            if len(list(_details(v))) == len({name for name, _ in _details(v)})
        ],
        "image_url": row.get("image_url"),
        "url": row.get("url"),
        "stock": total(v.get("available") for v in variants),
        "aliases": [v.get("sku") for v in variants],
    }


def _details(row: Cells) -> Iterator[tuple[str, str]]:
    """``Color=Red|Size=S;M``, and ``[Color=Red,Size=S]`` in reports."""
    text = values.text(row.get("relationship_details")).strip("[]")
    for part in re.split(r"\||,(?=[^,=|]+=)", text):
        name, sign, found = part.partition("=")
        if sign:
            yield from ((name.strip(), choice) for choice in found.split(";"))


def _currency(columns: Sequence[str]) -> str | None:
    """A template names it in its first header: ``*Action(SiteID=US|Country=US|Currency=USD)``."""
    found = (re.search(r"Currency=([A-Z]{3})", column) for column in columns)
    return next((match[1] for match in found if match), None)
