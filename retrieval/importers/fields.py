"""Columns to fields: by name, by ``--map``, and what to say when one is missing."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.importers.headers import Binding, HeaderTable, key, table
from retrieval.importers.records import ImportFileError, Kind
from retrieval.importers.values import text

Mapped = Sequence[tuple[str, str]]
"""What ``--map`` says: (column, target); a column may stand in several."""
FIELDS: dict[Kind, tuple[str, ...]] = {
    "products": (
        "item_id", "title", "description", "brand", "category", "subcategory", "price", "regular_price",
        "price_max",
        "sale_price", "sale_from", "sale_to", "currency", "attributes", "options", "variants", "tags", "image_url", "url",
        "stock", "updated_at", "reviews", "rating", "rating_count",
    ),
    "reviews": (
        "review_id", "item_id", "user_id", "stars", "title", "text", "time", "helpful", "verified",
    ),
    "events": ("event_id", "user_id", "item_id", "kind", "value", "time", "session_id"),
}  # fmt: skip
_FIELD_NAMES = frozenset(field for known in FIELDS.values() for field in known)
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "products": ("item_id", "title"),
    "reviews": ("item_id",),
    "events": ("user_id", "item_id"),
}
_CODES = re.compile(
    r"^(ean\d*|gtin\d*|upc|isbn\d*|barcode|mpn|sku|ref|reference|asin\d*|partnumber|modelnumber|hscode|variantsku|variantbarcode)$"
)
_NEAR = 60  # percent of likeness from which a name is worth suggesting
_FILLED = 0.9  # of the first rows, before a column is worth suggesting
_NAMED = ("attributes.", "texts.")


@dataclass(frozen=True)
class Columns:
    """The columns of a reviews or events file: field -> column."""

    fields: Mapping[str, str]

    def pick(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row by field."""
        return {field: row.get(column) for field, column in self.fields.items()}


def find_columns(
    kind: Kind,
    file: str,
    columns: Sequence[str],
    mapping: Mapped,
    sample: Sequence[Mapping[str, Any]] = (),
) -> Columns:
    """Binds the columns of reviews or events to fields: what ``mapping`` says, then by name.

    Raises:
        ImportFileError: a required field has no column; the message names those found and the nearest.
    """
    binding = table(kind).bind(columns, mapped_columns(kind, columns, mapping))
    _check_required(kind, file, columns, binding, REQUIRED[kind], sample)
    return Columns({field: column for column, fields in binding.fields.items() for field in fields})


def bind_products(
    system: HeaderTable,
    file: str,
    columns: Sequence[str],
    mapping: Mapped,
    *,
    id_from: str,
    sample: Sequence[Mapping[str, Any]] = (),
) -> tuple[Binding, str]:
    """Binds the columns of a products file as a system names them; also a note for the owner, or ``""``.

    Raises:
        ImportFileError: a required field has no column; the message names those found and the nearest.
    """
    binding = system.bind(columns, mapped_columns("products", columns, mapping))
    if system.name != "products":
        return binding, ""
    binding, note = _titled(file, binding)
    needed = ("title",) if id_from else REQUIRED["products"]
    _check_required("products", file, columns, binding, needed, sample)
    return binding, note


def mapped_columns(kind: Kind, columns: Sequence[str], mapping: Mapped) -> list[tuple[str, str]]:
    """Those of ``--map`` that are about this kind of file and a column it has."""
    known = {key(column): column for column in columns}
    exact = set(columns)
    found = []
    for column, target in mapping:
        scope, field = _scoped(target)
        field = _of_code(field) if kind == "products" else field
        name = column if column in exact else known.get(key(column))
        if (
            scope in ("", kind)
            and name
            and (field in FIELDS[kind] or field == "-" or field.startswith(_NAMED))
        ):
            found.append((name, field))
    return found


def check_mapping(mapping: Mapped, columns: Sequence[str]) -> None:
    """Refuses a ``--map`` that names no column of the files, or no field.

    Raises:
        ImportFileError: with what there is to choose from.
    """
    names = {key(column) for column in columns}
    fields = sorted({field for known in FIELDS.values() for field in known} - {"reviews"})
    for column, target in mapping:
        field = _of_code(_scoped(target)[1])
        if field not in fields and field not in ("-", "reviews") and not field.startswith(_NAMED):
            near = [*_called(field), *nearest(field, fields, 1, least=_NEAR)]
            meant = f"did you mean {near[0]}? " if near else ""
            raise ImportFileError(
                f"--map {column}={target}: no such field; {meant}All: {', '.join(fields)}, "
                "attributes.NAME, texts.NAME, or - to leave the column out"
            )
        if key(column) not in names:
            raise ImportFileError(
                f"--map {column}={target}: no file has a column {column!r}. "
                f"Columns: {', '.join(columns[:200])}"
            )


def is_code(name: str) -> bool:
    """Whether a name is that of what numbers a product in the world, which is kept as it stands: EAN, SKU, MPN."""
    return bool(_CODES.match(key(name)))


def _of_code(field: str) -> str:
    """``gtin``, ``ean``, ``mpn`` and the like are attributes."""
    return f"attributes.{field}" if field not in _FIELD_NAMES and is_code(field) else field


def _called(name: str) -> list[str]:
    """The fields whose columns go by a name: ``id`` is ``item_id`` of products."""
    entries = ((kind, table(kind).field(name)) for kind in FIELDS)
    return [entry[0] for kind, entry in entries if entry and entry[0] in FIELDS[kind]]


def nearest(name: str, candidates: Sequence[str], count: int = 3, *, least: float = 0) -> list[str]:
    """The candidates most like a name, best first; those under ``least`` percent of likeness stay out."""
    from rapidfuzz import fuzz, process

    found = process.extract(
        name, candidates, scorer=fuzz.WRatio, processor=key, limit=count, score_cutoff=least
    )
    return [match for match, _, _ in found]


def _scoped(target: str) -> tuple[str, str]:
    """``reviews.text`` is the field ``text`` of reviews alone."""
    scope, _, field = target.partition(".")
    return (scope, field) if scope in FIELDS and field else ("", target)


def _titled(file: str, binding: Binding) -> tuple[Binding, str]:
    """A file without titles, but with descriptions, has its titles there."""
    column = next((c for c, fields in binding.fields.items() if fields == ("description",)), None)
    if "title" in binding.found or column is None:
        return binding, ""
    fields = {**binding.fields, column: ("title",)}
    note = (
        f"{file}: no column for the title, so {column!r} is read as the title "
        f"(the same as --map {quoted(column)}=title)"
    )
    return Binding(fields, binding.left_out, binding.named), note


def _check_required(
    kind: Kind,
    file: str,
    columns: Sequence[str],
    binding: Binding,
    needed: Sequence[str],
    sample: Sequence[Mapping[str, Any]],
) -> None:
    missing = [field for field in needed if field not in binding.found]
    if missing:
        able = [name for name in columns if _may_be(kind, missing[0], [row.get(name) for row in sample])]
        raise ImportFileError(_missing(kind, file, missing[0], columns, able))


def _may_be(kind: Kind, field: str, cells: Sequence[Any]) -> bool:
    """Whether the first cells of a column may be a needed field: ids and names, filled, ids each its own."""
    filled = [found for cell in cells if (found := text(cell))]
    if len(filled) < _FILLED * len(cells) or any(len(cell) > 200 for cell in filled):
        return False
    if field == "title":
        return any(re.search(r"[^\W\d_]", cell) for cell in filled)
    return not (kind == "products" and len(set(filled)) < _FILLED * len(filled))


def _missing(kind: Kind, file: str, field: str, columns: Sequence[str], able: Sequence[str]) -> str:
    """``able``: the columns whose cells may be the field."""
    found = ", ".join(columns[:40]) + (", …" if len(columns) > 40 else "")
    near = nearest(field.replace("_", " "), able, least=_NEAR)
    told = f"{file}: no column for {field!r} of {kind}. Found: {found}. "
    example = quoted(near[0]) if near else "COLUMN"
    told += f"Nearest: {', '.join(near)}. " if near else ""
    told += f"Say which one it is, e.g. --map {example}={field}"
    if kind == "products" and field == "item_id":
        told += ", or make the ids with --id-from title (or --id-from row)"
    return told


def quoted(text: str) -> str:
    """A column's name, or what ``--map`` says of it, as a shell takes it."""
    if re.search(r'["$`\\!]', text):
        return shlex.quote(text)
    return text if re.fullmatch(r"[\w=.,/-]+", text) else f'"{text}"'
