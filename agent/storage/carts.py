"""Carts: what a shopper (or a guest's session) put aside to buy, in the shop's database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

MAX_QUANTITY = 99

_metadata = sa.MetaData()
_carts = sa.Table(
    "carts",
    _metadata,
    sa.Column("owner", sa.String(220), primary_key=True),
    sa.Column("item_id", sa.String(200), primary_key=True),
    sa.Column("quantity", sa.Integer, nullable=False),
)


def cart_owner(user_id: str | None, session_id: str) -> str:
    return f"user:{user_id}" if user_id is not None else f"session:{session_id}"


class Carts:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def items(self, owner: str) -> dict[str, int]:
        """Item id to quantity."""
        query = sa.select(_carts.c.item_id, _carts.c.quantity).where(_carts.c.owner == owner)
        with self._engine.connect() as connection:
            return {row.item_id: row.quantity for row in connection.execute(query)}

    def put(self, owner: str, item_id: str, quantity: int = 1) -> int:
        """Add to what is there (a negative quantity takes away); the quantity after, 0 when gone.

        The database adds, in one statement: however many sessions of a shopper put at once, each counts.
        """
        sum_ = _carts.c.quantity + quantity
        after = sa.case((sum_ > MAX_QUANTITY, MAX_QUANTITY), (sum_ < 0, 0), else_=sum_)
        first = max(0, min(quantity, MAX_QUANTITY))
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        upsert = (
            insert(_carts)
            .values(owner=owner, item_id=item_id, quantity=first)
            .on_conflict_do_update(index_elements=["owner", "item_id"], set_={"quantity": after})
            .returning(_carts.c.quantity)
        )
        place = (_carts.c.owner == owner) & (_carts.c.item_id == item_id)
        with self._engine.begin() as connection:
            left = int(connection.execute(upsert).scalar_one())
            if not left:  # the upsert holds the row (SQLite: the database) until the transaction ends
                connection.execute(sa.delete(_carts).where(place))
        return left

    def forget(self, user_id: str, connection: sa.Connection) -> int:
        """Empty a shopper's cart within the transaction of ``connection``; how many products lay in it."""
        mine = _carts.c.owner == cart_owner(user_id, "")
        return connection.execute(sa.delete(_carts).where(mine)).rowcount
