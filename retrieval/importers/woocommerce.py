"""WooCommerce's product export: simple products, and variable ones with a row for each variation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from retrieval.importers import values
from retrieval.importers.building import option_name
from retrieval.importers.records import BadValueError, Notices

_ATTRIBUTES = {
    "weight_kg": "Weight (kg)",
    "length_cm": "Length (cm)",
    "width_cm": "Width (cm)",
    "height_cm": "Height (cm)",
}
Row = Mapping[str, Any]
Draft = dict[str, Any]


def matches(columns: Sequence[str]) -> bool:
    """Whether these are the columns of a WooCommerce product export."""
    return {"Type", "SKU", "Name", "Regular price"} <= set(columns)


def drafts(
    rows: Iterable[tuple[int, Row]], reject: Callable[[int, BadValueError], None], notices: Notices
) -> Iterator[tuple[int, Draft]]:
    """Simple products as they come, variable ones at the end. Memory: the variable ones."""
    parents: dict[str, tuple[int, Row]] = {}
    variations: list[tuple[int, Row]] = []
    hidden = 0
    for number, row in rows:
        kinds = {part.strip() for part in values.text(row.get("Type")).split(",")}
        if "variation" in kinds:
            variations.append((number, row))
        elif values.text(row.get("Published")) in ("0", "-1"):
            hidden += 1
        elif "variable" in kinds:
            parents[_identity(row)] = (number, row)
        else:
            yield number, _draft(row, [row])
    by_parent: dict[str, list[Row]] = {identity: [] for identity in parents}
    ids = {f"id:{values.text(row.get('ID'))}": identity for identity, (_, row) in parents.items()}
    for number, row in variations:
        parent = values.text(row.get("Parent"))
        parent = ids.get(parent, parent)
        if parent in by_parent:
            by_parent[parent].append(row)
        else:
            reject(
                number,
                BadValueError("Parent", parent, "the SKU (or id:…) of a variable product in this file"),
            )
    for identity, (number, row) in parents.items():
        yield number, _draft(row, by_parent[identity] or [row])
    if hidden:
        notices.add(f"{hidden} products are drafts or private and were left out")


def _identity(row: Row) -> str:
    return values.text(row.get("SKU")) or values.text(row.get("ID"))


def _draft(row: Row, variants: Sequence[Row]) -> Draft:
    options, columns = _options(row, variants)
    columns |= {name: row.get(column) for name, column in _ATTRIBUTES.items()}
    reduced = [
        v for v in variants if values.text(v.get("Sale price")) and values.text(v.get("Regular price"))
    ]
    if reduced:
        columns["regular_price"] = reduced[0].get("Regular price")
    paths = values.words(row.get("Categories"))
    return {
        "item_id": _identity(row),
        "title": row.get("Name"),
        "description": [row.get("Short description"), row.get("Description")],
        "brand": row.get("Brands"),
        "category": paths[0] if paths else "",
        "prices": [values.text(v.get("Sale price")) or v.get("Regular price") for v in variants],
        "columns": columns,
        "tags": [*values.words(row.get("Tags")), *(path.rpartition(">")[2].strip() for path in paths[1:])],
        "options": options,
        "image_url": next(iter(values.words(row.get("Images"))), None),
        "url": row.get("External URL"),
        "stock": _stock(variants),
    }


def _options(row: Row, variants: Sequence[Row]) -> tuple[dict[str, tuple[str, ...]], dict[str, Any]]:
    """Attributes with a choice are options, the others plain attributes."""
    options: dict[str, tuple[str, ...]] = {}
    columns: dict[str, Any] = {}
    place = 1
    while f"Attribute {place} name" in row:
        name = option_name(values.text(row.get(f"Attribute {place} name")))
        cells = [
            row.get(f"Attribute {place} value(s)"),
            *(v.get(f"Attribute {place} value(s)") for v in variants),
        ]
        choices = tuple(dict.fromkeys(choice for cell in cells for choice in values.words(cell)))
        if name and len(choices) > 1:
            options[name] = choices
        elif name and choices:
            columns[name] = choices[0]
        place += 1
    return options, columns


def _stock(variants: Sequence[Row]) -> int | None:
    """The sum where all variants are counted; 0 where none is in stock; else unknown."""
    if all(values.text(v.get("In stock?")) in ("0", "false") for v in variants):
        return 0
    counts = [values.number("stock", v.get("Stock")) for v in variants]
    return sum(max(0, int(c)) for c in counts if c is not None) if None not in counts else None
