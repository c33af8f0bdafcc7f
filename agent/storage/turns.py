"""The turn records of a shop, and who was shown what: compressed rows in the shop's database."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterator
from contextlib import nullcontext
from datetime import datetime

import sqlalchemy as sa

from agent.records import TurnRecord

KEPT_CANDIDATES = 30

_metadata = sa.MetaData()
_turns = sa.Table(
    "turns",
    _metadata,
    sa.Column("turn_id", sa.String(64), primary_key=True),
    sa.Column("session_id", sa.String(200), nullable=False),
    sa.Column("user_id", sa.String(200)),
    sa.Column("time", sa.String(32), nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index("turns_by_session", "session_id", "time"),
    sa.Index("turns_by_user", "user_id"),
)
_exposures = sa.Table(
    "exposures",
    _metadata,
    sa.Column("turn_id", sa.String(64), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("item_id", sa.String(200), nullable=False),
    sa.Column("user_id", sa.String(200), nullable=False),
    sa.Column("time", sa.String(32), nullable=False),
    sa.Index("exposures_by_user", "user_id"),
)


class TurnStore:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def save(self, record: TurnRecord, *, exposure: bool, connection: sa.Connection | None = None) -> None:
        """Keep a turn, of its candidates the best thirty; with ``exposure`` also who was shown what.

        ``connection``: of the transaction that also keeps the session's state, so that a turn costs the disk
        one commit, and a crash leaves both or neither.
        """
        kept = record.model_copy(update={"considered": record.considered[:KEPT_CANDIDATES]})
        data = zlib.compress(kept.model_dump_json(exclude_defaults=True).encode(), 1)
        time, user_id = record.time.isoformat(), record.user_id
        turn = {"turn_id": record.turn_id, "session_id": record.session_id, "user_id": user_id, "time": time}
        shown = [
            {
                "turn_id": record.turn_id,
                "position": at,
                "item_id": card.item_id,
                "user_id": user_id,
                "time": time,
            }
            for at, card in enumerate(record.shown, start=1)
        ]
        with nullcontext(connection) if connection is not None else self._engine.begin() as within:
            within.execute(sa.insert(_turns).values(**turn, data=data))
            if exposure and user_id is not None and shown:
                within.execute(sa.insert(_exposures), shown)

    def turns(self, session_id: str) -> Iterator[TurnRecord]:
        """The turns of a session, oldest first."""
        query = sa.select(_turns.c.data).where(_turns.c.session_id == session_id).order_by(_turns.c.time)
        with self._engine.connect() as connection:
            for (data,) in connection.execute(query).all():
                yield TurnRecord.model_validate_json(zlib.decompress(data))

    def all_turns(self) -> Iterator[TurnRecord]:
        """Every turn, oldest first, read as they come."""
        query = sa.select(_turns.c.data).order_by(_turns.c.time)
        with self._engine.connect().execution_options(yield_per=200) as connection:
            for (data,) in connection.execute(query):
                yield TurnRecord.model_validate_json(zlib.decompress(data))

    def last(self, session_id: str) -> TurnRecord | None:
        """The newest turn of a session."""
        query = sa.select(_turns.c.data).where(_turns.c.session_id == session_id)
        with self._engine.connect() as connection:
            row = connection.execute(query.order_by(_turns.c.time.desc()).limit(1)).first()
        return TurnRecord.model_validate_json(zlib.decompress(row.data)) if row else None

    def turn(self, turn_id: str, user_id: str) -> TurnRecord | None:
        """A turn of this shopper; None where there is none, or where it is somebody else's."""
        query = sa.select(_turns.c.data).where(_turns.c.turn_id == turn_id, _turns.c.user_id == user_id)
        with self._engine.connect() as connection:
            data = connection.scalar(query)
        return TurnRecord.model_validate_json(zlib.decompress(data)) if data else None

    def is_of(self, turn_id: str, user_id: str) -> bool:
        """Whether this turn is kept, and is this shopper's."""
        query = sa.select(_turns.c.user_id).where(_turns.c.turn_id == turn_id)
        with self._engine.connect() as connection:
            return connection.scalar(query) == user_id

    def exposures(self, user_id: str) -> list[tuple[str, str, int]]:
        """What a shopper was shown: (turn id, item id, position)."""
        table = _exposures.c
        query = sa.select(table.turn_id, table.item_id, table.position).where(table.user_id == user_id)
        with self._engine.connect() as connection:
            return [(row.turn_id, row.item_id, row.position) for row in connection.execute(query)]

    def prune(self, before: datetime, connection: sa.Connection) -> int:
        """Delete turns and exposures older than a time; the number of turns deleted."""
        limit = before.isoformat()
        connection.execute(sa.delete(_exposures).where(_exposures.c.time < limit))
        return connection.execute(sa.delete(_turns).where(_turns.c.time < limit)).rowcount

    def spoke(self, user_id: str, connection: sa.Connection) -> bool:
        """Whether a turn of this shopper is kept."""
        query = sa.select(_turns.c.turn_id).where(_turns.c.user_id == user_id).limit(1)
        return connection.execute(query).first() is not None

    def forget(self, user_id: str, connection: sa.Connection) -> int:
        """Delete a shopper's turns within the transaction of ``connection``; how many there were."""
        return connection.execute(sa.delete(_turns).where(_turns.c.user_id == user_id)).rowcount

    def forget_exposures(self, user_id: str, connection: sa.Connection) -> int:
        """The same for what the shopper was shown."""
        return connection.execute(sa.delete(_exposures).where(_exposures.c.user_id == user_id)).rowcount

    def forget_quotes(self, review_ids: Collection[str], connection: sa.Connection) -> int:
        """Delete the turns of anybody that quote one of these reviews; how many there were.

        A record is deleted whole: a quote also stands, shortened and joined, in its reply and reasons. Reads
        every turn, about 0.1 ms each.
        """
        if not review_ids:
            return 0
        marks = [json.dumps(f"review:{review_id}", ensure_ascii=False).encode() for review_id in review_ids]
        quoting = [
            turn_id
            for turn_id, data in connection.execute(sa.select(_turns.c.turn_id, _turns.c.data))
            if _holds(zlib.decompress(data), marks)
        ]
        for turn_id in quoting:
            connection.execute(sa.delete(_turns).where(_turns.c.turn_id == turn_id))
        return len(quoting)

    def forget_session(self, session_id: str, connection: sa.Connection) -> int:
        """Delete the turns of a conversation, and what they showed, within the transaction of ``connection``;
        how many turns there were."""
        mine = _turns.c.session_id == session_id
        shown = _exposures.c.turn_id.in_(sa.select(_turns.c.turn_id).where(mine))
        connection.execute(sa.delete(_exposures).where(shown))
        return connection.execute(sa.delete(_turns).where(mine)).rowcount


def _holds(record: bytes, marks: Collection[bytes]) -> bool:
    return any(mark in record for mark in marks)
