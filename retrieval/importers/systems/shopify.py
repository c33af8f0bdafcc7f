"""Shopify's product export: one row per variant and per picture, the product's fields on its first row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import capwords
from typing import Any

from retrieval.importers import values
from retrieval.importers.headers import table
from retrieval.importers.records import BadValueError
from retrieval.importers.systems.common import (
    Cells,
    Context,
    Draft,
    Drafts,
    Split,
    choices,
    grouped,
    merged,
    no,
    reduced_from,
    variant,
)


def drafts(rows: Iterable[Split], context: Context) -> Drafts:
    """Folds the rows of one handle into a product, wherever they stand."""
    tracks = any(
        (entry := table("shopify").field(name)) and entry[0] == "tracker" for name in context.columns
    )
    for group in grouped(rows, lambda row: values.text(row.get("item_id")), context):
        first = _first([row for _, row, _ in group])
        if not first.get("item_id"):
            for number, _, _ in group:
                context.reject(
                    number, BadValueError("Handle", "", "the handle of the product that the row is of")
                )
        elif values.text(first.get("status")).casefold() in ("draft", "archived"):
            context.left["drafts or archived"] += 1
        elif no(first.get("published", "true")):
            context.left["unpublished (hidden)"] += 1
        else:
            yield group[0][0], fold([row for _, row, _ in group], [others for _, _, others in group], tracks)
    context.tell_left()


def fold(rows: Sequence[Cells], others: Sequence[Cells], tracks: bool) -> Draft:
    """One product of its variants' rows: options, the prices of all, the stock of all.

    ``tracks``: the file says which variants are counted.
    """
    first = _first(rows)
    variants = [row for row in rows if values.text(row.get("price"))]
    columns = merged(others)
    columns |= {name: first[name] for name in ("gender", "age_group", "condition") if name in first}
    before = reduced_from((row.get("price"), row.get("compare_at")) for row in variants)
    grams = [g for row in variants if (g := values.number("grams", row.get("grams")))]
    columns |= {"regular_price": before} if before else {}
    columns |= {"weight_kg": round(min(grams) / 1000, 3)} if grams else {}
    return {
        "item_id": first.get("item_id"),
        "title": first.get("title"),
        "description": first.get("description"),
        "brand": first.get("brand"),
        "paths": [_category(first)],
        "prices": [row.get("price") for row in variants],
        "currency": first.get("currency"),
        "columns": columns,
        "tags": first.get("tags"),
        "options": _options(rows),
        "variants": _variants(rows, variants, tracks),
        "image_url": _pictures(rows),
        "url": first.get("url"),
        "stock": _stock(variants, tracks),
        "aliases": [row.get("sku") for row in variants],
    }


def _first(rows: Sequence[Cells]) -> Cells:
    """The row with the product's own fields: the one with a title, wherever it stands."""
    return next((row for row in rows if row.get("title")), rows[0])


def _pictures(rows: Sequence[Cells]) -> list[str]:
    """Addresses by their position, where rows state it."""
    given = [row for row in rows if values.text(row.get("image_url"))]
    places = [
        int(text) if (text := values.text(row.get("image_position"))).isdigit() else 99 for row in given
    ]
    return [
        values.text(row["image_url"])
        for _, row in sorted(zip(places, given, strict=True), key=lambda p: p[0])
    ]


def _category(first: Cells) -> list[str]:
    path: list[str] = []
    for column in ("category", "google_category"):
        path = path or [capwords(p) if p.islower() else p for p in values.category(first.get(column))]
    kind = values.line(first.get("type"))
    return path + ([kind] if kind and (not path or path[-1].casefold() != kind.casefold()) else [])


def _names(rows: Sequence[Cells]) -> list[tuple[int, str]]:
    """The places of options with their names."""
    named = (
        (place, next((values.text(n) for row in rows if (n := row.get(f"option{place}_name"))), ""))
        for place in (1, 2, 3)
    )
    return [(place, name) for place, name in named if name]


def _chosen(row: Cells, names: Sequence[tuple[int, str]]) -> list[tuple[str, Any]]:
    given = [(name, row.get(f"option{place}_value")) for place, name in names]
    return [(name, choice) for name, choice in given if choice != "Default Title"]


def _options(rows: Sequence[Cells]) -> dict[str, list[str]]:
    names = _names(rows)
    return choices(pair for one in names for row in rows for pair in _chosen(row, [one]))


def _variants(rows: Sequence[Cells], variants: Sequence[Cells], tracks: bool) -> list[Draft]:
    names = _names(rows)
    return [
        variant(_chosen(row, names), row.get("sku"), row.get("price"), _counted(row, tracks))
        for row in variants
    ]


def _stock(variants: Sequence[Cells], tracks: bool) -> int | None:
    """What all variants hold together; unknown where one is not counted, or sells without stock."""
    counts = [_counted(row, tracks) for row in variants]
    return None if None in counts or not counts else sum(count or 0 for count in counts)


def _counted(row: Cells, tracks: bool) -> int | None:
    """What one variant holds; None where it is not counted, or sells without stock."""
    sells_on = values.text(row.get("policy")).casefold() in ("continue", "true")
    if "stock" not in row or (tracks and "tracker" not in row) or sells_on:
        return None
    return max(0, int(values.number("stock", row["stock"]) or 0))
