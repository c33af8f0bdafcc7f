"""Shopify's product export: one row per variant and per picture, the product's fields on its first row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from string import capwords
from typing import Any

from retrieval.importers import values
from retrieval.importers.building import option_name
from retrieval.importers.money import price
from retrieval.importers.records import BadValueError, Notices

_ATTRIBUTES = {
    "gender": "Google Shopping / Gender",
    "age_group": "Google Shopping / Age Group",
    "condition": "Google Shopping / Condition",
}
Row = Mapping[str, Any]
Draft = dict[str, Any]


def matches(columns: Sequence[str]) -> bool:
    """Whether these are the columns of a Shopify product export."""
    return {"Handle", "Title", "Variant Price"} <= set(columns) or {"Handle", "Option1 Name"} <= set(columns)


def drafts(
    rows: Iterable[tuple[int, Row]], reject: Callable[[int, BadValueError], None], notices: Notices
) -> Iterator[tuple[int, Draft]]:
    """Folds the rows of one handle, which stand together, into a product. Memory: a product, all handles."""
    done: set[str] = set()
    inactive = 0
    for handle, group in groupby(rows, key=lambda numbered: values.text(numbered[1].get("Handle"))):
        numbered = list(group)
        first = numbered[0][1]
        if handle in done and not values.text(first.get("Title")):
            for number, _ in numbered:
                reject(
                    number,
                    BadValueError("Handle", handle, "all rows of one product together; sort by Handle"),
                )
            continue
        done.add(handle)
        if values.text(first.get("Status")).casefold() in ("draft", "archived"):
            inactive += 1
            continue
        yield numbered[0][0], fold([row for _, row in numbered])
    if inactive:
        notices.add(f"{inactive} products are drafts or archived and were left out")


def fold(rows: Sequence[Row]) -> Draft:
    """One product of its variants' rows: options, the prices of all, the stock of all."""
    first = rows[0]
    variants = [row for row in rows if values.text(row.get("Variant Price"))]
    options = _options(rows)
    columns = {name: first.get(column) for name, column in _ATTRIBUTES.items()}
    columns |= {c: v for c, v in first.items() if "(product.metafields" in c and values.text(v)}
    columns["regular_price"] = _regular_price(variants)
    grams = [g for row in variants if (g := values.number("grams", row.get("Variant Grams")))]
    columns["weight_kg"] = round(min(grams) / 1000, 3) if grams else None
    return {
        "item_id": first.get("Handle"),
        "title": first.get("Title"),
        "description": first.get("Body (HTML)"),
        "brand": first.get("Vendor"),
        "category": _category(first),
        "prices": [row.get("Variant Price") for row in variants],
        "columns": columns,
        "tags": first.get("Tags"),
        "options": options,
        "image_url": next((link for row in rows if (link := values.text(row.get("Image Src")))), None),
        "stock": _stock(variants),
    }


def _category(first: Row) -> list[str]:
    path: list[str] = []
    for column in ("Product Category", "Google Shopping / Google Product Category"):
        path = path or [capwords(p) if p.islower() else p for p in values.category(first.get(column))]
    kind = values.line(first.get("Type"))
    return path + ([kind] if kind and (not path or path[-1].casefold() != kind.casefold()) else [])


def _options(rows: Sequence[Row]) -> dict[str, list[str]]:
    options: dict[str, list[str]] = {}
    for place in (1, 2, 3):
        name = option_name(values.text(rows[0].get(f"Option{place} Name")))
        chosen = dict.fromkeys(values.line(row.get(f"Option{place} Value")) for row in rows)
        choices = [choice for choice in chosen if choice and choice != "Default Title"]
        if choices and name:
            options[name] = choices
    return options


def _stock(variants: Sequence[Row]) -> int | None:
    """What all variants hold together; unknown where one is not counted, or sells without stock."""
    total = 0
    for row in variants:
        amount = values.text(row.get("Variant Inventory Qty"))
        sells_on = values.text(row.get("Variant Inventory Policy")) == "continue"
        if not amount or not values.text(row.get("Variant Inventory Tracker", "shopify")) or sells_on:
            return None
        total += max(0, int(values.number("stock", amount) or 0))
    return total if variants else None


def _regular_price(variants: Sequence[Row]) -> float | None:
    """The price before a reduction, where the cheapest variant is reduced."""
    reduced = []
    for row in variants:
        try:
            now = price(row.get("Variant Price")).low
            before = price(row.get("Variant Compare At Price")).low
        except BadValueError:
            continue
        if now and before and before > now:
            reduced.append((now, before))
    return min(reduced)[1] if reduced else None
