"""Carts: what a shopper (or a guest's session) put aside to buy, in the shop's database."""

from __future__ import annotations

import sqlalchemy as sa

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
        """Add to what is there (a negative quantity takes away); the quantity after, 0 when gone."""
        place = (_carts.c.owner == owner) & (_carts.c.item_id == item_id)
        with self._engine.begin() as connection:
            have = connection.scalar(sa.select(_carts.c.quantity).where(place)) or 0
            wanted = max(0, min(have + quantity, MAX_QUANTITY))
            connection.execute(sa.delete(_carts).where(place))
            if wanted:
                connection.execute(sa.insert(_carts).values(owner=owner, item_id=item_id, quantity=wanted))
        return wanted

    def clear(self, owner: str) -> int:
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(_carts).where(_carts.c.owner == owner)).rowcount

    def forget(self, user_id: str) -> int:
        return self.clear(cart_owner(user_id, ""))
