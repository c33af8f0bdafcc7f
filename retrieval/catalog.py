"""What the shop sells and what buyers wrote: the tables of its records, and the catalogue over them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from retrieval.records import ImportedColumn, Product, Record, Review, UpsertCounts

_IMPORTED = (
    24  # characters of a product's hash that are of what was imported; the rest tell what was completed
)
BATCH = 500  # rows per transaction: what a crash can lose is one batch, which the next import brings again


_metadata = MetaData()
_products = Table(
    "products",
    _metadata,
    Column("item_id", String(200), primary_key=True),
    Column("content_hash", String(32), nullable=False),
    Column("updated_at", Float),  # seconds since 1970 UTC: compared in SQL, the same in every dialect
    Column("data", Text, nullable=False),
    Index("products_hash", "item_id", "content_hash"),
)
_reviews = Table(
    "reviews",
    _metadata,
    Column("review_id", String(200), primary_key=True),
    Column("item_id", String(200), nullable=False),
    Column("content_hash", String(32), nullable=False),
    Column("data", Text, nullable=False),
    Index("reviews_by_item", "item_id", "review_id", "content_hash"),
)
# What a build may not know of: products that were changed or removed, with a number that only grows.
_changes = Table(
    "product_changes",
    _metadata,
    Column("item_id", String(200), primary_key=True),
    Column("revision", Integer, nullable=False, index=True),
)
_columns = Table(
    "import_columns",
    _metadata,
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
_aliases = Table(
    "product_aliases",
    _metadata,
    Column("alias", String(200), primary_key=True),
    Column("item_id", String(200), nullable=False),
)

# Made once: to build and key a statement costs more than to run this one, and a turn runs it a dozen times.
_WRITTEN = select(_products.c.data).where(_products.c.item_id == bindparam("item"))

R = TypeVar("R", bound=Record)


class DamagedRowError(RuntimeError):
    """A row of the database holds what was never written there."""


class ProductSnapshot:
    """The products of one moment in a file, one JSON object a line; iterates as often as asked."""

    def __init__(self, path: Path, count: int) -> None:
        self._path, self._count = path, count

    def __iter__(self) -> Iterator[Product]:
        with self._path.open(encoding="utf-8", newline="\n") as file:
            yield from map(Product.model_validate_json, file)

    def __len__(self) -> int:
        return self._count


class Catalog:
    """Products and reviews over a SQLAlchemy engine (SQLite or PostgreSQL); makes its tables.

    Writes are batches of ``BATCH`` rows, each one transaction: when the process dies, every batch
    that was counted stays, and the same import run again completes the rest.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def upsert_products(self, products: Iterable[Product]) -> UpsertCounts:
        """Adds and updates by ``item_id``; an older ``updated_at`` never overwrites a newer one."""
        counts = UpsertCounts()
        for batch in _batches(products):
            counts += self._upsert_batch(_products, "item_id", {p.item_id: p for p in batch}, len(batch))
        return counts

    def complete_products(self, products: Iterable[Product]) -> int:
        """Writes what was made out about products that are there; how many. An import of what was imported before
        leaves it, and one of something else puts that in its place.
        """
        count = 0
        for batch in _batches(products):
            with self._engine.begin() as connection:
                ids = [product.item_id for product in batch]
                known = dict(
                    connection.execute(
                        select(_products.c.item_id, _products.c.content_hash)
                        .where(_products.c.item_id.in_(ids))
                        .with_for_update()
                    ).all()
                )
                for product in batch:
                    row = _row(_products, product)
                    mark = known.get(product.item_id, "")[:_IMPORTED] + row["content_hash"][_IMPORTED:]
                    connection.execute(
                        _products.update()
                        .where(_products.c.item_id == product.item_id)
                        .values(data=row["data"], content_hash=mark)
                    )
                self._note_changes(connection, ids)
            count += len(batch)
        return count

    def upsert_reviews(self, reviews: Iterable[Review]) -> UpsertCounts:
        """Adds and updates by ``review_id``."""
        counts = UpsertCounts()
        for batch in _batches(reviews):
            counts += self._upsert_batch(_reviews, "review_id", {r.review_id: r for r in batch}, len(batch))
        return counts

    def products(self) -> Iterator[Product]:
        """All products by ``item_id``; no transaction stays open between pages."""
        page = select(_products.c.data, _products.c.item_id).order_by(_products.c.item_id).limit(BATCH)
        last = ""
        while rows := self._rows(page.where(_products.c.item_id > last)):
            for row in rows:
                yield _read(Product, row.data)
            last = rows[-1].item_id

    def sample(self, most: int) -> Iterator[Product]:
        """About so many of the products, the same ones as long as their rows are; all where there are fewer."""
        share = most / max(1, self.count())
        below = "g" if share >= 1 else f"{int(share * 16**8):08x}"
        page = select(_products.c.data, _products.c.item_id).order_by(_products.c.item_id).limit(BATCH)
        page, last = page.where(_products.c.content_hash < below), ""
        while rows := self._rows(page.where(_products.c.item_id > last)):
            for row in rows:
                yield _read(Product, row.data)
            last = rows[-1].item_id

    def snapshot(self, path: Path) -> ProductSnapshot:
        """All products as they are now, written to ``path``: passes over it agree with each other, whatever
        is imported meanwhile, and no pass holds more than one product in memory.
        """
        with path.open("w", encoding="utf-8") as file:
            count = sum(1 for product in self.products() if file.write(product.model_dump_json() + "\n"))
        return ProductSnapshot(path, count)

    def product(self, item_id: str) -> Product | None:
        data = self.written(item_id)
        return None if data is None else product_of(data)

    def written(self, item_id: str) -> str | None:
        """The product as it is kept, which :func:`product_of` reads."""
        with self._engine.connect() as connection:
            data: str | None = connection.execute(_WRITTEN, {"item": item_id}).scalar()
            return data

    def count(self) -> int:
        return int(self._rows(select(func.count()).select_from(_products))[0][0])

    def lacks_categories(self) -> bool:
        """Whether any product has none, or one that its title told."""
        lacking = or_(*(_products.c.data.contains(said) for said in ('"category":[],', '"stated_category":')))
        return bool(self._rows(select(_products.c.item_id).where(lacking).limit(1)))

    def unknown(self, item_ids: Iterable[str]) -> set[str]:
        """Those of at most some thousands of ids that are no product's."""
        asked = set(item_ids)
        found = self._rows(select(_products.c.item_id).where(_products.c.item_id.in_(asked)))
        return asked - {row.item_id for row in found}

    def remove_products(self, item_ids: Iterable[str]) -> int:
        """Removes products and returns how many; their reviews stay, in case they come back."""
        removed, iterator = 0, iter(item_ids)
        while batch := list(islice(iterator, BATCH)):
            with self._engine.begin() as connection:
                removed += connection.execute(
                    delete(_products).where(_products.c.item_id.in_(batch))
                ).rowcount
                self._note_changes(connection, batch)
        return removed

    def item_ids(self) -> Iterator[str]:
        """The ids of all products, in order."""
        page = select(_products.c.item_id).order_by(_products.c.item_id).limit(10 * BATCH)
        last = ""
        while rows := self._rows(page.where(_products.c.item_id > last)):
            yield from (row.item_id for row in rows)
            last = rows[-1].item_id

    def revision(self) -> int:
        """Grows with every change or removal of a known product; a new product does not change it."""
        return int(self._rows(select(func.max(_changes.c.revision)))[0][0] or 0)

    def changed_since(self, revision: int) -> dict[str, Product | None]:
        """Products that were changed after ``revision`` as they are now; ``None``: removed."""
        joined = _changes.outerjoin(_products, _changes.c.item_id == _products.c.item_id)
        rows = self._rows(
            select(_changes.c.item_id, _products.c.data)
            .select_from(joined)
            .where(_changes.c.revision > revision)
        )
        return {row.item_id: Product.model_validate_json(row.data) if row.data else None for row in rows}

    def record_columns(self, columns: Sequence[ImportedColumn]) -> None:
        """Replaces what is known of the columns of these files."""
        with self._engine.begin() as connection:
            for file in {column.file for column in columns}:
                connection.execute(delete(_columns).where(_columns.c.file == file))
            if columns:
                rows = [{"place": place, **vars(column)} for place, column in enumerate(columns)]
                connection.execute(_columns.insert(), rows)

    def imported_columns(self) -> tuple[ImportedColumn, ...]:
        """What the imports made of every column of their products files."""
        return self._imported(select(_columns))

    def left_out(self) -> tuple[ImportedColumn, ...]:
        """Columns of products files that the catalogue lacks: what they said is unknown, not untrue."""
        return self._imported(select(_columns).where(_columns.c.became == ""))

    def _imported(self, columns: Select[Any]) -> tuple[ImportedColumn, ...]:
        rows = self._rows(columns.order_by(_columns.c.file, _columns.c.place))
        return tuple(
            ImportedColumn(**{name: value for name, value in row._mapping.items() if name != "place"})
            for row in rows
        )

    def add_aliases(self, aliases: Mapping[str, str]) -> None:
        """Other ids by which reviews and events may name products: alias -> ``item_id``."""
        given = list(aliases.items())
        for start in range(0, len(given), BATCH):
            batch = dict(given[start : start + BATCH])
            with self._engine.begin() as connection:
                connection.execute(delete(_aliases).where(_aliases.c.alias.in_(batch)))
                connection.execute(
                    _aliases.insert(), [{"alias": a, "item_id": item_id} for a, item_id in batch.items()]
                )

    def aliases(self, ids: Iterable[str]) -> dict[str, str]:
        """Those of at most some thousands of ids that stand for a product of another id, with that id."""
        rows = self._rows(select(_aliases).where(_aliases.c.alias.in_(set(ids))))
        return {row.alias: row.item_id for row in rows}

    def reviews(self, item_id: str | None = None) -> Iterator[Review]:
        """The reviews of a product, or all of them, by product and ``review_id``."""
        item, review = _reviews.c.item_id, _reviews.c.review_id
        page = select(_reviews.c.data, item, review).order_by(item, review).limit(BATCH)
        if item_id is not None:
            page = page.where(item == item_id)
        last = ("", "")
        while rows := self._rows(
            page.where(or_(item > last[0], (item == last[0]) & (review > last[1]))),
        ):
            for row in rows:
                yield _read(Review, row.data)
            last = (rows[-1].item_id, rows[-1].review_id)

    def review_count(self) -> int:
        return int(self._rows(select(func.count()).select_from(_reviews))[0][0])

    def reviews_by(self, user_id: str, connection: Connection) -> list[Review]:
        """What a shopper reviewed, as ``connection`` sees it. Cost: one scan of the table."""
        named = Review(review_id="-", item_id="-", user_id=user_id).model_dump_json(include={"user_id"})
        likely = _reviews.c.data.contains(named.strip("{}"), autoescape=True)
        rows = connection.execute(select(_reviews.c.data).where(likely)).all()
        reviews = [Review.model_validate_json(row.data) for row in rows]
        return [review for review in reviews if review.user_id == user_id]

    def forget_reviews(self, review_ids: Iterable[str], connection: Connection) -> int:
        """Delete reviews within the transaction of ``connection``; how many there were."""
        return sum(
            connection.execute(_reviews.delete().where(_reviews.c.review_id == review_id)).rowcount
            for review_id in review_ids
        )

    def content_hash(self) -> str:
        """Changes when, and only when, a product does. Cost: one scan of an index, about 1 s a million."""
        return self._table_hash(_products, "item_id")

    def reviews_hash(self) -> str:
        """The same for the reviews."""
        return self._table_hash(_reviews, "review_id")

    def _rows(self, statement: Any) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(statement).all())

    def _table_hash(self, table: Table, key: str) -> str:
        digest = hashlib.blake2b(digest_size=16)
        keys = [table.c.item_id] if key == "item_id" else [table.c.item_id, table.c[key]]
        with self._engine.connect() as connection:
            for row in connection.execute(select(*keys, table.c.content_hash).order_by(*keys)):
                digest.update("\x1f".join(row).encode() + b"\x1e")
        return digest.hexdigest()

    def _upsert_batch(self, table: Table, key: str, records: dict[str, R], read: int) -> UpsertCounts:
        rows = {identity: _row(table, record) for identity, record in records.items()}
        with self._engine.begin() as connection:
            known = {
                row[0]: row
                for row in connection.execute(
                    select(table.c[key], *[c for c in table.c if c.name in ("content_hash", "updated_at")])
                    .where(table.c[key].in_(rows))
                    .with_for_update()
                )
            }
            fresh = [row for identity, row in rows.items() if identity not in known]
            newer = [
                row for identity, row in rows.items() if identity in known and _newer(row, known[identity])
            ]
            if fresh or newer:
                connection.execute(self._upsert_statement(table, key), fresh + newer)
            if table is _products:
                ids = [row["item_id"] for row in fresh]
                returned = connection.execute(select(_changes.c.item_id).where(_changes.c.item_id.in_(ids)))
                self._note_changes(connection, [*(row["item_id"] for row in newer), *returned.scalars()])
        return UpsertCounts(len(fresh), len(newer), read - len(fresh) - len(newer))

    def _note_changes(self, connection: Connection, item_ids: list[str]) -> None:
        """A product gets its row when it first changes, and a new number with every change."""
        if not item_ids:
            return
        last = connection.execute(select(func.max(_changes.c.revision))).scalar() or 0
        connection.execute(delete(_changes).where(_changes.c.item_id.in_(item_ids)))
        connection.execute(
            _changes.insert(), [{"item_id": item_id, "revision": last + 1} for item_id in item_ids]
        )

    def _upsert_statement(self, table: Table, key: str) -> Any:
        dialect: Any = {"sqlite": sqlite, "postgresql": postgresql}[self._engine.dialect.name]
        insert = dialect.insert(table)
        values = {c.name: insert.excluded[c.name] for c in table.c if c.name != key}
        if "updated_at" not in table.c:
            return insert.on_conflict_do_update(index_elements=[key], set_=values)
        held, given = table.c.updated_at, insert.excluded.updated_at
        return insert.on_conflict_do_update(  # the condition again, in SQL: two imports may run at once
            index_elements=[key], set_=values, where=or_(held.is_(None), given.is_(None), given >= held)
        )


def _row(table: Table, record: Record) -> dict[str, Any]:
    data = record.model_dump_json()
    row: dict[str, Any] = {
        name: getattr(record, name) for name in ("review_id", "item_id") if name in table.c
    }
    row["content_hash"] = hashlib.blake2b(data.encode(), digest_size=16).hexdigest()
    row["data"] = data
    if isinstance(record, Product):
        row["updated_at"] = record.updated_at.timestamp() if record.updated_at else None
    return row


@lru_cache(maxsize=4_096)
def product_of(data: str) -> Product:
    """The product kept as ``data``; a turn reads each of a few again and again."""
    return _read(Product, data)


def _read(kind: type[R], data: str) -> R:
    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        raise DamagedRowError(
            f"the database is damaged: it holds no {kind.__name__.lower()} where one was written "
            f"({data[:60]!r}): put a backup in its place, or move it away and import again"
        ) from error


def _newer(row: dict[str, Any], known: Any) -> bool:
    """Whether a row changes what is known: other content, and not an older version of it."""
    if row["content_hash"][:_IMPORTED] == known.content_hash[:_IMPORTED]:
        return False
    given = row.get("updated_at")
    held = getattr(known, "updated_at", None)
    return given is None or held is None or given >= held


def _batches(records: Iterable[R]) -> Iterator[list[R]]:
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH)):
        yield batch
