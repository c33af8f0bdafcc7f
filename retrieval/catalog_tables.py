"""The tables of the catalogue: what they hold, a record as a row and a row as a record."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text

from retrieval.records import Product, Record

IMPORTED = 24
"""Characters of a product's hash that are of what was imported; the rest tell what was completed."""
R = TypeVar("R", bound=Record)

METADATA = MetaData()
PRODUCTS = Table(
    "products",
    METADATA,
    Column("item_id", String(200), primary_key=True),
    Column("content_hash", String(32), nullable=False),
    Column("updated_at", Float),  # seconds since 1970 UTC: compared in SQL, the same in every dialect
    Column("data", Text, nullable=False),
    Index("products_hash", "item_id", "content_hash"),
)
REVIEWS = Table(
    "reviews",
    METADATA,
    Column("review_id", String(200), primary_key=True),
    Column("item_id", String(200), nullable=False),
    Column("content_hash", String(32), nullable=False),
    Column("data", Text, nullable=False),
    Index("reviews_by_item", "item_id", "review_id", "content_hash"),
)
# What a build may not know of: products that were changed or removed, with a number that only grows.
CHANGES = Table(
    "product_changes",
    METADATA,
    Column("item_id", String(200), primary_key=True),
    Column("revision", Integer, nullable=False, index=True),
)
COLUMNS = Table(
    "import_columns",
    METADATA,
    Column("file", String(300), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("column", Text, nullable=False),
    Column("became", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("option", Text, nullable=False),
    Column("filled", Float, nullable=False),
    Column("example", Text, nullable=False),
)
# Ids by which reviews and events may name a product: its variants' SKUs.
ALIASES = Table(
    "product_aliases",
    METADATA,
    Column("alias", String(200), primary_key=True),
    Column("item_id", String(200), nullable=False),
)


class DamagedRowError(RuntimeError):
    """A row of the database holds what was never written there."""


def row_of(table: Table, record: Record) -> dict[str, Any]:
    """The record as its table keeps it: whole as JSON, with a hash of it and what is asked for in SQL."""
    data = record.model_dump_json()
    row: dict[str, Any] = {
        name: getattr(record, name) for name in ("review_id", "item_id") if name in table.c
    }
    row["content_hash"] = hashlib.blake2b(data.encode(), digest_size=16).hexdigest()
    row["data"] = data
    if isinstance(record, Product):
        row["updated_at"] = record.updated_at.timestamp() if record.updated_at else None
    return row


def read_row(kind: type[R], data: str) -> R:
    """The record kept as ``data``.

    Raises:
        DamagedRowError: it is none.
    """
    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        raise DamagedRowError(
            f"the database is damaged: it holds no {kind.__name__.lower()} where one was written "
            f"({data[:60]!r}): put a backup in its place, or move it away and import again"
        ) from error


@lru_cache(maxsize=4_096)
def product_of(data: str) -> Product:
    """The product kept as ``data``; a turn reads each of a few again and again."""
    return read_row(Product, data)


def is_newer(row: dict[str, Any], known: Any) -> bool:
    """Whether a row changes what is known: other content, and not an older version of it."""
    if row["content_hash"][:IMPORTED] == known.content_hash[:IMPORTED]:
        return False
    given = row.get("updated_at")
    held = getattr(known, "updated_at", None)
    return given is None or held is None or given >= held
