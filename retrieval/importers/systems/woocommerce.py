"""WooCommerce's product export: simple products, and variable ones with a row for each variation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from retrieval.importers import values
from retrieval.importers.records import BadValueError
from retrieval.importers.systems.common import (
    Cells,
    Context,
    Draft,
    Drafts,
    Split,
    merged,
    no,
    now_and_before,
    option_name,
    reduced_from,
    variant,
)

_COMMA = re.compile(r"(?<!\\),")
_MEASURES = ("weight", "length", "width", "height")
_UNITS = {"weight": "kg", "length": "cm", "width": "cm", "height": "cm"}


def drafts(rows: Iterable[Split], context: Context) -> Drafts:
    """Simple products as they come, variable ones at the end. Memory: the variable ones."""
    parents: dict[str, Split] = {}
    variations: list[Split] = []
    for split in rows:
        number, row, others = split
        kinds = {part.strip() for part in values.text(row.get("type")).casefold().split(",")}
        if "variation" in kinds:
            if not no(row.get("published", "1")):
                variations.append(split)
        elif no(row.get("published", "1")):
            context.left["drafts or private"] += 1
        elif values.text(row.get("catalog_visibility")).casefold() == "hidden":
            context.left["hidden in the catalogue"] += 1
        elif "variable" in kinds:
            parents[_identity(row)] = split
        else:
            yield number, _draft(row, [row], [others], context)
    children = _by_parent(parents, variations, context)
    for identity, (number, row, others) in parents.items():
        own = children[identity]
        yield number, _draft(row, [v for _, v, _ in own] or [row], [others, *(o for *_, o in own)], context)
    context.tell_left()


def _by_parent(
    parents: dict[str, Split], variations: list[Split], context: Context
) -> dict[str, list[Split]]:
    found: dict[str, list[Split]] = {identity: [] for identity in parents}
    ids = {f"id:{values.text(row.get('id'))}": identity for identity, (_, row, _) in parents.items()}
    for split in variations:
        parent = values.text(split[1].get("parent"))
        parent = ids.get(parent, parent)
        if parent in found:
            found[parent].append(split)
        else:
            expected = "the SKU (or id:…) of a variable product in this file that is published"
            context.reject(split[0], BadValueError("Parent", parent, expected))
    return found


def _identity(row: Cells) -> str:
    return values.text(row.get("item_id")) or values.text(row.get("sku")) or values.text(row.get("id"))


def _draft(row: Cells, variants: Sequence[Cells], others: Sequence[Cells], context: Context) -> Draft:
    options, columns = _attributes(row, variants)
    columns = {re.sub(r"^Meta: ?", "", name): cell for name, cell in merged(others).items()} | columns
    columns |= _measures(row, variants)
    prices = [
        now_and_before(
            v.get("regular_price"), v.get("sale_price"), context.is_on(v.get("sale_from"), v.get("sale_to"))
        )
        for v in variants
    ]
    before = reduced_from(((now, regular) for now, regular in prices if regular), context.numerals)
    columns |= {"regular_price": before} if before else {}
    columns |= {"gtin": row["gtin"]} if "gtin" in row else {}
    paths = [values.category(path) for path in _listed(row.get("category"))]
    return {
        "item_id": _identity(row),
        "title": row.get("title"),
        "description": [row.get("short_description"), row.get("description")],
        "brand": row.get("brand"),
        "paths": paths,
        "prices": [now for now, _ in prices],
        "currency": row.get("currency"),
        "columns": columns,
        "tags": [*_listed(row.get("tags")), *(path[-1] for path in paths[1:] if path)],
        "options": options,
        "variants": [
            variant(_chosen(row, v), v.get("sku"), now, _counted(v))
            for v, (now, _) in zip(variants, prices, strict=True)
        ],
        "image_url": list(values.words(row.get("image_url"))),
        "url": row.get("url"),
        "stock": _stock(variants),
        "aliases": [v.get("sku") for v in variants],
    }


def _listed(cell: Any) -> list[str]:
    """Parts between commas; ``\\,`` is a comma within one."""
    return [part.replace("\\,", ",").strip() for part in _COMMA.split(values.line(cell)) if part.strip()]


def _attributes(row: Cells, variants: Sequence[Cells]) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """Attributes that variations choose among are options, the others plain attributes."""
    options: dict[str, list[str]] = {}
    columns: dict[str, Any] = {}
    for name_field in sorted(
        (f for f in row if re.fullmatch(r"attribute\d+_name", f)), key=lambda f: int(f[9:-5])
    ):
        name = option_name(values.text(row[name_field]))
        values_field = name_field.replace("_name", "_values")
        cells = [row.get(values_field), *(v.get(values_field) for v in variants)]
        found = list(dict.fromkeys(choice for cell in cells for choice in _listed(cell)))
        if name and len(found) > 1:
            options[name] = found
        elif name and found:
            columns[name] = found[0]
    return options, columns


def _measures(row: Cells, variants: Sequence[Cells]) -> dict[str, Any]:
    found = {}
    for name in row.keys() | variants[0].keys():
        side, _, unit = name.partition("_")
        if side in _MEASURES:
            found[f"{side}_{unit or _UNITS[side]}"] = row.get(name) or variants[0].get(name)
    return found


def _chosen(row: Cells, chosen: Cells) -> Iterator[tuple[str, Any]]:
    """What a variation has of the options that its product names."""
    for name_field in row:
        if re.fullmatch(r"attribute\d+_name", name_field):
            yield values.text(row[name_field]), chosen.get(name_field.replace("_name", "_values"))


def _stock(variants: Sequence[Cells]) -> int | None:
    """The sum where all variants are counted; 0 where none is in stock; else unknown."""
    if all(map(_is_out, variants)):
        return 0
    amounts = [values.number("stock", v.get("stock")) for v in variants]
    return sum(max(0, int(c)) for c in amounts if c is not None) if None not in amounts else None


def _counted(row: Cells) -> int | None:
    """What one variation holds; None where it is not counted."""
    if _is_out(row):
        return 0
    count = values.number("stock", row.get("stock"))
    return None if count is None else max(0, int(count))


def _is_out(row: Cells) -> bool:
    return values.text(row.get("in_stock")).casefold() in ("0", "false", "outofstock")
