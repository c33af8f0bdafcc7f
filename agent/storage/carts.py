"""Carts: what a shopper (or a guest's session) put aside to buy, in the shop's database.

A line is a product in one choice of its options: two sizes of one shoe are two lines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from agent.records import Frozen
from agent.storage.earlier_carts import take_over

MAX_QUANTITY = 99

_metadata = sa.MetaData()
_lines = sa.Table(
    "cart_lines",
    _metadata,
    sa.Column("owner", sa.String(220), primary_key=True),
    sa.Column("item_id", sa.String(200), primary_key=True),
    sa.Column("choice", sa.String(32), primary_key=True),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
)


class KeptLine(Frozen):
    """A product in a cart, with what was chosen of its options."""

    item_id: str
    options: dict[str, str]
    quantity: int


def cart_owner(user_id: str | None, session_id: str) -> str:
    return f"user:{user_id}" if user_id is not None else f"session:{session_id}"


class Carts:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)
        for owner, item_id, options, quantity in take_over(engine):
            self.put(owner, item_id, quantity, options)

    def lines(self, owner: str) -> tuple[KeptLine, ...]:
        """By product, then by choice."""
        query = sa.select(_lines).where(_lines.c.owner == owner)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(_lines.c.item_id, _lines.c.options)).all()
        return tuple(
            KeptLine(item_id=row.item_id, options=json.loads(row.options), quantity=row.quantity)
            for row in rows
        )

    def items(self, owner: str) -> dict[str, int]:
        """Item id to quantity, in whatever choice."""
        found: dict[str, int] = {}
        for line in self.lines(owner):
            found[line.item_id] = found.get(line.item_id, 0) + line.quantity
        return found

    def put(
        self, owner: str, item_id: str, quantity: int = 1, options: Mapping[str, str] | None = None
    ) -> int:
        """Add to what is there of a choice (a negative quantity takes away); the quantity after, 0 when gone.

        The database adds, in one statement: however many sessions of a shopper put at once, each counts.
        """
        told = json.dumps(dict(options or {}), sort_keys=True, ensure_ascii=False)
        key = {"owner": owner, "item_id": item_id, "choice": _choice(told)}
        sum_ = _lines.c.quantity + quantity
        after = sa.case((sum_ > MAX_QUANTITY, MAX_QUANTITY), (sum_ < 0, 0), else_=sum_)
        first = max(0, min(quantity, MAX_QUANTITY))
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        upsert = (
            insert(_lines)
            .values(**key, options=told, quantity=first)
            .on_conflict_do_update(index_elements=list(key), set_={"quantity": after})
            .returning(_lines.c.quantity)
        )
        place = sa.and_(*(_lines.c[name] == value for name, value in key.items()))
        with self._engine.begin() as connection:
            left = int(connection.execute(upsert).scalar_one())
            if not left:  # the upsert holds the row (SQLite: the database) until the transaction ends
                connection.execute(sa.delete(_lines).where(place))
        return left

    def forget(self, user_id: str, connection: sa.Connection) -> int:
        """Empty a shopper's cart within the transaction of ``connection``; how many lines it had."""
        mine = _lines.c.owner == cart_owner(user_id, "")
        return connection.execute(sa.delete(_lines).where(mine)).rowcount


def _choice(told: str) -> str:
    """A choice as a key of fixed length, however long its words."""
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()
