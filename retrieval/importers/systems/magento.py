"""Magento's (Adobe Commerce's) product export: configurable products and their simple ones, a row each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from retrieval.importers import values
from retrieval.importers.systems.common import (
    Cells,
    Context,
    Draft,
    Drafts,
    Split,
    choices,
    merged,
    no,
    now_and_before,
    reduced_from,
    total,
    variant,
)

_ROOTS = frozenset(("default category", "root catalog"))
_NAMED = re.compile(r",(?=[A-Za-z][\w]*=)")
_BOOKKEEPING = frozenset(("has_options", "required_options", "tax_class_name", "gift_message_available"))


def drafts(rows: Iterable[Split], context: Context) -> Drafts:
    """Products that stand alone as they come, configurable ones last. Memory: those and their variants."""
    parents: list[Split] = []
    hidden: dict[str, Split] = {}
    translations: Counter[str] = Counter()
    for split in rows:
        number, row, others = split
        if view := values.text(row.get("store_view")):
            translations[view] += 1
        elif values.text(row.get("online")) in ("2", "0") or no(row.get("online", "1")):
            context.left["disabled"] += 1
        elif values.text(row.get("product_type")) == "configurable":
            parents.append(split)
        elif "not visible" in values.text(row.get("visibility")).casefold():
            hidden[values.text(row.get("sku"))] = split
        else:
            yield number, _draft(row, [row], [others], {}, context)
    for number, row, others in parents:
        variations = _variations(row)
        children = [hidden[sku] for sku in variations if sku in hidden]
        cells = [child for _, child, _ in children]
        chosen = {sku: variations[sku] for sku in variations if sku in hidden} or variations
        yield number, _draft(row, cells or [row], [others], _options(row, chosen), context, own=True)
    used = {sku for _, row, _ in parents for sku in _variations(row)}
    context.left["not visible individually, and variants of no product that is"] += len(hidden.keys() - used)
    context.left += Counter()  # those above 0 only
    context.tell_left()
    if translations:
        told = ", ".join(f"{count} for {view}" for view, count in translations.items())
        context.notices.add(f"rows that translate products for a store view were left out: {told}")


def _draft(
    row: Cells,
    variants: Sequence[Cells],
    others: Sequence[Cells],
    options: dict[str, list[str]],
    context: Context,
    own: bool = False,
) -> Draft:
    columns = _shared(row, variants, options) if own else _named(row.get("attributes"))
    columns = merged(others) | columns
    for name, field in (("weight", "weight_"), ("country_of_manufacture", "country_of_manufacture")):
        if field in row or field in variants[0]:
            columns[name] = row.get(field) or variants[0].get(field)
    if (family := values.line(row.get("attribute_set_code"))) and family.casefold() != "default":
        columns["attribute_set"] = family
    prices = [
        now_and_before(
            v.get("price"), v.get("sale_price"), context.is_on(v.get("sale_from"), v.get("sale_to"))
        )
        for v in variants
    ]
    before = reduced_from(((now, regular) for now, regular in prices if regular), context.numerals)
    columns |= {"regular_price": before} if before else {}
    options = options | _custom(row.get("custom_options"))
    brand = row.get("brand") or columns.pop("brand", None) or columns.pop("manufacturer", None)
    paths = _paths(row.get("category"))
    return {
        "item_id": row.get("item_id") or row.get("sku"),
        "title": row.get("title"),
        "description": [row.get("short_description"), row.get("description")],
        "brand": brand,
        "paths": paths,
        "prices": [now for now, _ in prices],
        "currency": row.get("currency"),
        "columns": columns,
        "tags": row.get("tags"),
        "options": options,
        "variants": [
            variant(_chosen(row, v), v.get("sku"), now, _counted(v))
            for v, (now, _) in zip(variants, prices, strict=True)
        ],
        "image_url": [row.get("image_url"), *values.words(row.get("more_images"))],
        "url": row.get("url"),
        "stock": _stock(variants),
        "aliases": [v.get("sku") for v in variants],
    }


def _shared(row: Cells, variants: Sequence[Cells], options: dict[str, list[str]]) -> dict[str, Any]:
    """The configurable product's attributes, and those of its variants that are no option."""
    chosen = {name.casefold() for name in options}
    theirs = merged([_named(v.get("attributes")) for v in variants]) if variants else {}
    codes = {code for variation in _variations(row).values() for code in variation}
    known = {n: v for n, v in theirs.items() if n not in codes and n.casefold() not in chosen}
    return known | _named(row.get("attributes"))


def _named(cell: Any) -> dict[str, Any]:
    """``color=Red,material=Nylon, recycled,climate=Cool|Wet``; a value may hold commas and equals signs."""
    found: dict[str, Any] = {}
    for part in _NAMED.split(values.text(cell)):
        name, sign, value = part.partition("=")
        value = value.strip().strip('"')
        if sign and value and name not in _BOOKKEEPING:
            found[name.strip().strip('"')] = value
    return found


def _variations(row: Cells) -> dict[str, dict[str, str]]:
    """``sku=A,color=Red,size=S|sku=B,…`` by SKU."""
    found = {}
    for part in values.text(row.get("variations")).split("|"):
        named = _named(part)
        if sku := named.pop("sku", None):
            found[str(sku)] = named
    return found


def _options(row: Cells, variations: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    labels = _named(row.get("variation_labels"))
    return choices(
        (labels.get(code, code), choice) for named in variations.values() for code, choice in named.items()
    )


def _custom(cell: Any) -> dict[str, list[str]]:
    """``name=Size,type=drop_down,option_title=S|name=Size,…``: what the shopper may choose."""
    parts = [_named(part) for part in values.text(cell).split("|")]
    return choices(
        (part["name"], part["option_title"]) for part in parts if {"name", "option_title"} <= part.keys()
    )


def _paths(cell: Any) -> list[tuple[str, ...]]:
    """``Default Category/Men,Default Category/Men/Tops``: longest first, no root, no part of another."""
    paths: list[tuple[str, ...]] = []
    for part in re.split(r",(?=[^,/]+/|Default Category)", values.line(cell)):
        path = tuple(level.strip() for level in re.split(r"(?<!\\)/", part) if level.strip())
        path = path[1:] if path and path[0].casefold() in _ROOTS else path
        if path:
            paths.append(path)
    kept = [p for p in dict.fromkeys(paths) if not any(q != p and q[: len(p)] == p for q in paths)]
    return sorted(kept, key=len, reverse=True)


def _chosen(row: Cells, chosen: Cells) -> Iterator[tuple[str, str]]:
    """What a simple product has of the options by which its configurable product is chosen."""
    labels = _named(row.get("variation_labels"))
    for code, choice in _variations(row).get(values.text(chosen.get("sku")), {}).items():
        yield labels.get(code, code), choice


def _stock(variants: Sequence[Cells]) -> int | None:
    if all(no(v.get("in_stock", "1")) for v in variants):
        return 0
    return None if any(map(_is_uncounted, variants)) else total(map(_counted, variants))


def _counted(row: Cells) -> Any:
    """What one simple product holds; None where it is not counted."""
    if no(row.get("in_stock", "1")):
        return 0
    return None if _is_uncounted(row) else row.get("stock")


def _is_uncounted(row: Cells) -> bool:
    return values.text(row.get("manage_stock")) == "0" and values.text(row.get("stock")) in ("", "0")
