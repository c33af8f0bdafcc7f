"""Carts as an earlier version kept them: one line a product, with its options in a table of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator

import sqlalchemy as sa

_TABLES = ("carts", "cart_options")


def take_over(engine: sa.Engine) -> Iterator[tuple[str, str, dict[str, str], int]]:
    """Owner, product, options and quantity of each line that is still kept so; its tables go."""
    there = sa.inspect(engine)
    if not there.has_table("carts"):
        return
    metadata = sa.MetaData()
    metadata.reflect(engine, only=[name for name in _TABLES if there.has_table(name)])
    with engine.begin() as connection:
        rows = connection.execute(sa.select(metadata.tables["carts"])).all()
        chosen: dict[tuple[str, str], dict[str, str]] = {}
        if (options := metadata.tables.get("cart_options")) is not None:
            for row in connection.execute(sa.select(options)):
                chosen[f"user:{row.owner}", row.item_id] = json.loads(row.options)
        metadata.drop_all(connection)
    for row in rows:
        yield row.owner, row.item_id, chosen.get((row.owner, row.item_id), {}), row.quantity
