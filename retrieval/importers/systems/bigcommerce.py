"""BigCommerce's product export, today's and the older one: a product's row, then its variants'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from retrieval.importers import values
from retrieval.importers.headers import table
from retrieval.importers.money import Numerals, price
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

_NAMED = re.compile(
    r"Name=(?P<name>[^|\n]+)\|Value=(?P<value>.*?)(?=Type=|\n|;\s*\"?(?:Type|Name)=|;?$)", re.DOTALL
)
_SHORT = re.compile(r"(?:\[\w+\])?(?P<name>[^=,;\[\]]+)=(?P<value>[^,;\n]+)")
_VARIANTS = frozenset(("variant", "sku"))
_RULES = frozenset(("rule",))
_RULE = re.compile(r"\[(?P<way>ADD|REMOVE|SUBTRACT|FIXED)\]\s*(?P<amount>.+)", re.IGNORECASE)
_MEASURES = ("weight", "width", "height", "depth")


def drafts(rows: Iterable[Split], context: Context) -> Drafts:
    """A product row begins a product; the variant and picture rows below it belong to it."""
    for group in _products(rows):
        number, row, _ = group[0]
        if no(row.get("visible", "true")):
            context.left["not visible"] += 1
        else:
            yield number, _draft(group, context)
    context.tell_left()


def _products(rows: Iterable[Split]) -> Iterator[list[Split]]:
    group: list[Split] = []
    for split in rows:
        if values.text(split[1].get("row_kind")).casefold() == "product" and group:
            yield group
            group = []
        group.append(split)
    if group:
        yield group


def _draft(group: Sequence[Split], context: Context) -> Draft:
    row = group[0][1]
    variants = _of_kind(group[1:], _VARIANTS)
    pictures = (values.text(r.get("image_url")) for _, r, _ in group)
    columns = merged([others for _, r, others in group if r is row or r in variants])
    columns |= dict(_pairs(row.get("custom_fields")))
    columns |= {name: row[f"{name}_"] for name in _MEASURES if f"{name}_" in row}
    columns |= {name: row[name] for name in ("condition", "warranty", "gtin", "mpn") if name in row}
    rules = {values.text(r.get("sku")): r["price"] for r in _of_kind(group, _RULES) if r.get("price")}
    prices = [_price(_priced(v, row, rules, context.numerals)) for v in variants or [row]]
    before = reduced_from(((now, regular) for now, regular in prices if regular), context.numerals)
    columns |= {"regular_price": before} if before else {}
    given = re.split(r"[;\n]", values.text(row.get("category")))
    paths = [tuple(level for level in re.split(r"\s*[/>]\s*", part.strip()) if level) for part in given]
    tracked = not _tells_tracking(context) or values.text(row.get("tracking")).casefold() not in ("none", "")
    if no(row.get("purchasable", "true")):
        stock: int | None = 0
    else:
        stock = total(v.get("stock") for v in variants or [row]) if tracked else None
    return {
        "item_id": row.get("item_id") or row.get("sku") or row.get("id"),
        "title": row.get("title"),
        "description": row.get("description"),
        "brand": row.get("brand"),
        "paths": [path for path in paths if path],
        "prices": [now for now, _ in prices],
        "currency": row.get("currency"),
        "columns": columns,
        "tags": row.get("tags"),
        "options": choices(pair for v in variants for pair in _choices(v)),
        "variants": [
            variant(_choices(v), v.get("sku"), now, None if stock is None else stock and v.get("stock"))
            for v, (now, _) in zip(variants, prices, strict=False)
        ],
        "image_url": [link for link in pictures if link],
        "url": row.get("url"),
        "stock": stock,
        "aliases": [v.get("sku") for v in variants],
    }


def _tells_tracking(context: Context) -> bool:
    """Whether the file says whose stock is counted; without, what is stated counts."""
    entries = map(table("bigcommerce").field, context.columns)
    return any(entry is not None and entry[0] == "tracking" for entry in entries)


def _of_kind(group: Sequence[Split], kinds: Set[str]) -> list[dict[str, Any]]:
    return [row for _, row, _ in group if values.text(row.get("row_kind")).casefold() in kinds]


def _priced(variant: Cells, product: Cells, rules: Mapping[str, Any], numerals: Numerals) -> Cells:
    """A variant with its price: its own, the one that a rule for it gives, or the product's.

    A rule may change the product's price (``[ADD]10.00``, ``[REMOVE]5``) or take its place (``[FIXED]12.00``).
    """
    said = variant.get("price") or rules.get(values.text(variant.get("sku")))
    if not said:
        return {**product, **variant}
    rule = _RULE.fullmatch(values.text(said))
    if rule is None:
        return {**variant, "price": said}
    change, base = (
        price(cell, numerals).low or 0.0 for cell in (rule["amount"], product.get("price") or "0")
    )
    fixed = {"fixed": change, "add": base + change}
    return {**variant, "price": round(fixed.get(rule["way"].casefold(), base - change), 4)}


def _price(row: Cells) -> tuple[Any, Any]:
    """The sale price, where there is one, is the price; else a higher retail price is the regular one."""
    sale = row.get("sale_price")
    if values.text(sale) and values.number("price", sale):
        return now_and_before(row.get("price"), sale, True)
    return row.get("price"), row.get("retail_price")


def _choices(variant: Cells) -> Iterator[tuple[str, str]]:
    """``Type=Dropdown|Name=Size|Value=S`` today; ``[RT]Size=S,[CS]Color=Red:#f00`` in the name before."""
    text = values.text(variant.get("choices")) or values.text(variant.get("title"))
    yield from _pairs(text)


def _pairs(raw: Any) -> Iterator[tuple[str, str]]:
    text = values.text(raw)
    for match in (_NAMED if "|Value=" in text else _SHORT).finditer(text):
        value = match["value"].strip().strip('"')
        yield match["name"].strip().strip('"'), re.sub(r":#?[\w./-]+$", "", value) if "[" in text else value
