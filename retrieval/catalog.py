"""What the shop sells and what buyers wrote: the catalogue over its tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, bindparam, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from retrieval.catalog_tables import (
    ALIASES,
    CHANGES,
    COLUMNS,
    IMPORTED,
    METADATA,
    PRODUCTS,
    REVIEWS,
    R,
    is_newer,
    product_of,
    read_row,
    row_of,
)
from retrieval.records import ImportedColumn, Product, Review, UpsertCounts

BATCH = 500  # rows per transaction: what a crash can lose is one batch, which the next import brings again
# Made once: to build and key a statement costs more than to run this one, and a turn runs it a dozen times.
_WRITTEN = select(PRODUCTS.c.data).where(PRODUCTS.c.item_id == bindparam("item"))


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
        METADATA.create_all(engine)

    def upsert_products(self, products: Iterable[Product]) -> UpsertCounts:
        """Adds and updates by ``item_id``; an older ``updated_at`` never overwrites a newer one."""
        counts = UpsertCounts()
        for batch in _batches(products):
            counts += self._upsert_batch(PRODUCTS, "item_id", {p.item_id: p for p in batch}, len(batch))
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
                        select(PRODUCTS.c.item_id, PRODUCTS.c.content_hash)
                        .where(PRODUCTS.c.item_id.in_(ids))
                        .with_for_update()
                    ).all()
                )
                for product in batch:
                    row = row_of(PRODUCTS, product)
                    mark = known.get(product.item_id, "")[:IMPORTED] + row["content_hash"][IMPORTED:]
                    connection.execute(
                        PRODUCTS.update()
                        .where(PRODUCTS.c.item_id == product.item_id)
                        .values(data=row["data"], content_hash=mark)
                    )
                self._note_changes(connection, ids)
            count += len(batch)
        return count

    def upsert_reviews(self, reviews: Iterable[Review]) -> UpsertCounts:
        """Adds and updates by ``review_id``."""
        counts = UpsertCounts()
        for batch in _batches(reviews):
            counts += self._upsert_batch(REVIEWS, "review_id", {r.review_id: r for r in batch}, len(batch))
        return counts

    def products(self) -> Iterator[Product]:
        """All products by ``item_id``; no transaction stays open between pages."""
        page = select(PRODUCTS.c.data, PRODUCTS.c.item_id).order_by(PRODUCTS.c.item_id).limit(BATCH)
        last = ""
        while rows := self._rows(page.where(PRODUCTS.c.item_id > last)):
            for row in rows:
                yield read_row(Product, row.data)
            last = rows[-1].item_id

    def sample(self, most: int) -> Iterator[Product]:
        """About so many of the products, the same ones as long as their rows are; all where there are fewer."""
        share = most / max(1, self.count())
        below = "g" if share >= 1 else f"{int(share * 16**8):08x}"
        page = select(PRODUCTS.c.data, PRODUCTS.c.item_id).order_by(PRODUCTS.c.item_id).limit(BATCH)
        page, last = page.where(PRODUCTS.c.content_hash < below), ""
        while rows := self._rows(page.where(PRODUCTS.c.item_id > last)):
            for row in rows:
                yield read_row(Product, row.data)
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
        return int(self._rows(select(func.count()).select_from(PRODUCTS))[0][0])

    def lacks_categories(self) -> bool:
        """Whether any product has none, or one that its title told."""
        lacking = or_(*(PRODUCTS.c.data.contains(said) for said in ('"category":[],', '"stated_category":')))
        return bool(self._rows(select(PRODUCTS.c.item_id).where(lacking).limit(1)))

    def unknown(self, item_ids: Iterable[str]) -> set[str]:
        """Those of at most some thousands of ids that are no product's."""
        asked = set(item_ids)
        found = self._rows(select(PRODUCTS.c.item_id).where(PRODUCTS.c.item_id.in_(asked)))
        return asked - {row.item_id for row in found}

    def remove_products(self, item_ids: Iterable[str]) -> int:
        """Removes products and returns how many; their reviews stay, in case they come back."""
        removed, iterator = 0, iter(item_ids)
        while batch := list(islice(iterator, BATCH)):
            with self._engine.begin() as connection:
                removed += connection.execute(delete(PRODUCTS).where(PRODUCTS.c.item_id.in_(batch))).rowcount
                self._note_changes(connection, batch)
        return removed

    def item_ids(self) -> Iterator[str]:
        """The ids of all products, in order."""
        page = select(PRODUCTS.c.item_id).order_by(PRODUCTS.c.item_id).limit(10 * BATCH)
        last = ""
        while rows := self._rows(page.where(PRODUCTS.c.item_id > last)):
            yield from (row.item_id for row in rows)
            last = rows[-1].item_id

    def revision(self) -> int:
        """Grows with every change or removal of a known product; a new product does not change it."""
        return int(self._rows(select(func.max(CHANGES.c.revision)))[0][0] or 0)

    def changed_since(self, revision: int) -> dict[str, Product | None]:
        """Products that were changed after ``revision`` as they are now; ``None``: removed."""
        joined = CHANGES.outerjoin(PRODUCTS, CHANGES.c.item_id == PRODUCTS.c.item_id)
        rows = self._rows(
            select(CHANGES.c.item_id, PRODUCTS.c.data)
            .select_from(joined)
            .where(CHANGES.c.revision > revision)
        )
        return {row.item_id: Product.model_validate_json(row.data) if row.data else None for row in rows}

    def record_columns(self, columns: Sequence[ImportedColumn]) -> None:
        """Replaces what is known of the columns of these files."""
        with self._engine.begin() as connection:
            for file in {column.file for column in columns}:
                connection.execute(delete(COLUMNS).where(COLUMNS.c.file == file))
            if columns:
                rows = [{"place": place, **vars(column)} for place, column in enumerate(columns)]
                connection.execute(COLUMNS.insert(), rows)

    def imported_columns(self) -> tuple[ImportedColumn, ...]:
        """What the imports made of every column of their products files."""
        return self._imported(select(COLUMNS))

    def left_out(self) -> tuple[ImportedColumn, ...]:
        """Columns of products files that the catalogue lacks: what they said is unknown, not untrue."""
        return self._imported(select(COLUMNS).where(COLUMNS.c.became == ""))

    def _imported(self, columns: Select[Any]) -> tuple[ImportedColumn, ...]:
        rows = self._rows(columns.order_by(COLUMNS.c.file, COLUMNS.c.place))
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
                connection.execute(delete(ALIASES).where(ALIASES.c.alias.in_(batch)))
                connection.execute(
                    ALIASES.insert(), [{"alias": a, "item_id": item_id} for a, item_id in batch.items()]
                )

    def aliases(self, ids: Iterable[str]) -> dict[str, str]:
        """Those of at most some thousands of ids that stand for a product of another id, with that id."""
        rows = self._rows(select(ALIASES).where(ALIASES.c.alias.in_(set(ids))))
        return {row.alias: row.item_id for row in rows}

    def reviews(self, item_id: str | None = None) -> Iterator[Review]:
        """The reviews of a product, or all of them, by product and ``review_id``."""
        item, review = REVIEWS.c.item_id, REVIEWS.c.review_id
        page = select(REVIEWS.c.data, item, review).order_by(item, review).limit(BATCH)
        if item_id is not None:
            page = page.where(item == item_id)
        last = ("", "")
        while rows := self._rows(
            page.where(or_(item > last[0], (item == last[0]) & (review > last[1]))),
        ):
            for row in rows:
                yield read_row(Review, row.data)
            last = (rows[-1].item_id, rows[-1].review_id)

    def review_count(self) -> int:
        return int(self._rows(select(func.count()).select_from(REVIEWS))[0][0])

    def reviews_by(self, user_id: str, connection: Connection) -> list[Review]:
        """What a shopper reviewed, as ``connection`` sees it. Cost: one scan of the table."""
        named = Review(review_id="-", item_id="-", user_id=user_id).model_dump_json(include={"user_id"})
        likely = REVIEWS.c.data.contains(named.strip("{}"), autoescape=True)
        rows = connection.execute(select(REVIEWS.c.data).where(likely)).all()
        reviews = [Review.model_validate_json(row.data) for row in rows]
        return [review for review in reviews if review.user_id == user_id]

    def forget_reviews(self, review_ids: Iterable[str], connection: Connection) -> int:
        """Delete reviews within the transaction of ``connection``; how many there were."""
        return sum(
            connection.execute(REVIEWS.delete().where(REVIEWS.c.review_id == review_id)).rowcount
            for review_id in review_ids
        )

    def content_hash(self) -> str:
        """Changes when, and only when, a product does. Cost: one scan of an index, about 1 s a million."""
        return self._table_hash(PRODUCTS, "item_id")

    def reviews_hash(self) -> str:
        """The same for the reviews."""
        return self._table_hash(REVIEWS, "review_id")

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
        rows = {identity: row_of(table, record) for identity, record in records.items()}
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
                row for identity, row in rows.items() if identity in known and is_newer(row, known[identity])
            ]
            if fresh or newer:
                connection.execute(self._upsert_statement(table, key), fresh + newer)
            if table is PRODUCTS:
                ids = [row["item_id"] for row in fresh]
                returned = connection.execute(select(CHANGES.c.item_id).where(CHANGES.c.item_id.in_(ids)))
                self._note_changes(connection, [*(row["item_id"] for row in newer), *returned.scalars()])
        return UpsertCounts(len(fresh), len(newer), read - len(fresh) - len(newer))

    def _note_changes(self, connection: Connection, item_ids: list[str]) -> None:
        """A product gets its row when it first changes, and a new number with every change."""
        if not item_ids:
            return
        last = connection.execute(select(func.max(CHANGES.c.revision))).scalar() or 0
        connection.execute(delete(CHANGES).where(CHANGES.c.item_id.in_(item_ids)))
        connection.execute(
            CHANGES.insert(), [{"item_id": item_id, "revision": last + 1} for item_id in item_ids]
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


def _batches(records: Iterable[R]) -> Iterator[list[R]]:
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH)):
        yield batch
