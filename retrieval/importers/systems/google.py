"""Google Merchant feeds (TSV, RSS, Atom): an entry for each variant, put together by ``item_group_id``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

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

_CHOSEN = ("color", "size", "material", "pattern")
_TRAITS = (*_CHOSEN, "gender", "age_group", "condition")


def drafts(rows: Iterable[Split], context: Context) -> Drafts:
    """Entries of a group are one product; what they differ in is an option."""
    for group in grouped(rows, _key, context):
        variants = [row for _, row, _ in group]
        yield group[0][0], _draft(variants, [others for *_, others in group], context)
    context.tell_left()


def _key(row: Cells) -> str:
    return values.text(row.get("item_group_id")) or values.text(row.get("item_id"))


def _draft(variants: Sequence[Cells], others: Sequence[Cells], context: Context) -> Draft:
    first = variants[0]
    options = choices((name, v.get(name)) for name in _CHOSEN for v in variants)
    options = {name: found for name, found in options.items() if len(found) > 1}
    columns = merged(others)
    columns |= {name: first[name] for name in _TRAITS if name in first and name.capitalize() not in options}
    columns |= _details(first.get("details"))
    prices = [
        now_and_before(v.get("price"), v.get("sale_price"), context.is_on(*_dates(v.get("sale_dates"))))
        for v in variants
    ]
    before = reduced_from(((now, regular) for now, regular in prices if regular), context.numerals)
    columns |= {"regular_price": before} if before else {}
    states = {_state(v) for v in variants} - {""}
    if len(states) == 1 and states <= {"preorder", "backorder"}:
        columns["availability"] = states.pop()
    return {
        "item_id": _key(first),
        "title": _title([values.line(v.get("title")) for v in variants]),
        "description": [first.get("description"), values.text(first.get("highlights"))],
        "brand": first.get("brand"),
        "paths": _paths(first),
        "prices": [now for now, _ in prices],
        "currency": first.get("currency"),
        "columns": columns,
        "tags": first.get("tags"),
        "options": options,
        "variants": [
            variant(((name, v.get(name)) for name in _CHOSEN), v.get("item_id"), now, _counted(v))
            for v, (now, _) in zip(variants, prices, strict=True)
        ],
        "image_url": pictures(*variants),
        "url": first.get("url"),
        "stock": 0 if states == {"outofstock"} else total(v.get("stock") for v in variants),
        "aliases": [v.get("item_id") for v in variants],
    }


def _state(row: Cells) -> str:
    return re.sub(r"https?://schema\.org/|[\s_-]+", "", values.text(row.get("availability")).casefold())


def _counted(row: Cells) -> Any:
    """What one entry holds: its number, 0 where it says so in words."""
    return 0 if _state(row) == "outofstock" else row.get("stock")


def _title(titles: list[str]) -> str:
    """What the titles of a group share from the start: ``Shirt`` of ``Shirt - Red`` and ``Shirt - Blue``."""
    least, most = min(titles), max(titles)
    if least == most:
        return least
    same = next(
        (at for at, pair in enumerate(zip(least, most, strict=False)) if len(set(pair)) > 1), len(least)
    )
    shared = least[:same]
    if not all(title[len(shared) :][:1] in ("", " ") for title in titles):
        shared = shared.rpartition(" ")[0]
    shared = re.sub(r"[\s\-–—,/|:(]+$", "", shared)
    return shared if len(shared) >= 3 else titles[0]


def _paths(row: Cells) -> list[tuple[str, ...]]:
    given = row.get("category")
    paths = [values.category(cell) for cell in (given if isinstance(given, list) else [given])]
    google = values.category(row.get("google_category"))
    return [path for path in paths if path] or ([google] if google and not google[0].isdigit() else [])


def _details(raw: Any) -> dict[str, Any]:
    """``Section:Name:Value`` in a feed of lines, or elements with those names in XML."""
    found: dict[str, Any] = {}
    for detail in (
        raw
        if isinstance(raw, list)
        else re.split(r",(?=[^,:]*:[^,:]+:)", raw)
        if isinstance(raw, str)
        else [raw]
    ):
        if isinstance(detail, dict):
            found[str(detail.get("attribute_name", ""))] = detail.get("attribute_value")
        elif isinstance(detail, str) and detail.count(":") >= 2:
            _, name, value = detail.split(":", 2)
            found[name.strip()] = value.strip()
    return {name: value for name, value in found.items() if name and value}


def _dates(raw: Any) -> tuple[Any, Any]:
    start, _, end = values.text(raw).partition("/")
    return re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", start.strip()), re.sub(
        r"([+-]\d\d)(\d\d)$", r"\1:\2", end.strip()
    )
