"""What shoppers did: the event record and its append-only log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from sqlalchemy.dialects import postgresql, sqlite

from cf_engine.log.weights import EventKind, EventWeights

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
APPEND_BATCH: Final = 5_000


class Event(BaseModel):
    """One thing that one shopper did to one product.

    ``time`` is stored in UTC (a time without a zone is read as UTC), ``value`` holds the stars of a rating
    (0.5 to 5) and is otherwise free, e.g. a quantity. An event without an ``event_id`` gets one made from
    everything else it says, so the same row read twice is one event.
    """

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    event_id: str = Field(default="", max_length=200)
    user_id: str = Field(min_length=1, max_length=200)
    item_id: str = Field(min_length=1, max_length=200)
    kind: EventKind
    time: datetime
    value: float | None = Field(default=None, allow_inf_nan=False)
    session_id: str | None = Field(default=None, max_length=200)

    @field_validator("time")
    @classmethod
    def _to_utc(cls, time: datetime) -> datetime:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)

    @model_validator(mode="before")
    @classmethod
    def _numbers_are_ids(cls, data: Any) -> Any:
        """Shops number their rows; ``17`` names the same shopper as ``"17"``."""
        if not isinstance(data, dict):
            return data
        named = ("event_id", "user_id", "item_id", "session_id")
        return {
            key: str(value) if key in named and isinstance(value, int) else value
            for key, value in data.items()
        }

    @model_validator(mode="after")
    def _complete(self) -> Event:
        if self.kind == "rating" and (self.value is None or not 0.5 <= self.value <= 5):
            raise ValueError(f"a rating needs its stars, 0.5 to 5, in `value`; got {self.value}")
        if not self.event_id:
            object.__setattr__(self, "event_id", self._digest().hex())
        return self

    def _digest(self) -> bytes:
        parts = (self.user_id, self.item_id, self.kind, self.time.isoformat(), self.value, self.session_id)
        return hashlib.blake2b(repr(parts).encode(), digest_size=12).digest()


class EventLog:
    """The append-only log of events in table ``events``; the same ``event_id`` twice is one event.

    Events may arrive late and in any order: readers sort by time, then by arrival. Rows are only ever added,
    and removed only when a shopper takes a like back in the same session, or asks to be forgotten.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        metadata = sa.MetaData()
        self._table = sa.Table(
            "events",
            metadata,
            sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
            sa.Column("event_id", sa.String(200), nullable=False, unique=True),
            sa.Column("user_id", sa.String(200), nullable=False),
            sa.Column("item_id", sa.String(200), nullable=False),
            sa.Column("kind", sa.String(20), nullable=False),
            sa.Column("time_us", sa.BigInteger, nullable=False),
            sa.Column("value", sa.Float),
            sa.Column("session_id", sa.String(200)),
            sa.Column("digest", sa.BigInteger, nullable=False),
            sa.Index("events_by_user", "user_id", "time_us"),
            sa.Index("events_by_time", "time_us", "seq"),
            sqlite_autoincrement=True,
        )
        metadata.create_all(engine)

    def append(self, events: Iterable[Event]) -> int:
        """Adds events and returns how many were new. All or nothing; durable when it returns."""
        insert = sqlite.insert if self._engine.dialect.name == "sqlite" else postgresql.insert
        adding = insert(self._table).on_conflict_do_nothing(index_elements=["event_id"])
        statement = adding.returning(self._table.c.seq)  # not every driver counts rows of many inserts
        added = 0
        with self._engine.begin() as connection:
            for batch in _batches(events, APPEND_BATCH):
                added += len(connection.execute(statement, [_to_row(event) for event in batch]).all())
        return added

    def history(self, user_id: str, limit: int = 200) -> tuple[Event, ...]:
        """The newest ``limit`` events of a shopper, oldest first; empty for a stranger."""
        table = self._table
        query = (
            sa.select(table)
            .where(table.c.user_id == user_id)
            .order_by(table.c.time_us.desc(), table.c.seq.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return tuple(_to_event(row) for row in reversed(connection.execute(query).all()))

    def events(self) -> Iterator[Event]:
        """All events, oldest first, streamed: memory does not grow with the log."""
        query = sa.select(self._table).order_by(self._table.c.time_us, self._table.c.seq)
        with self._engine.connect() as connection:
            rows = connection.execution_options(yield_per=APPEND_BATCH).execute(query)
            for row in rows:
                yield _to_event(row)

    def popularity(self, weights: EventWeights | None = None) -> dict[str, float]:
        """Time-decayed weight of each item's events, dislikes left out; one pass over the log."""
        rule = weights or EventWeights()
        newest = self._newest()
        found: dict[str, float] = {}
        for event in self.events():
            weight = rule.of(event.kind, event.value)
            if weight > 0:
                found[event.item_id] = found.get(event.item_id, 0.0) + weight * rule.decay(
                    newest - event.time
                )
        return found

    def user_ids(self, limit: int | None = None) -> tuple[str, ...]:
        """Shoppers with events, the most active first."""
        user = self._table.c.user_id
        query = sa.select(user).group_by(user).order_by(sa.func.count().desc(), user).limit(limit)
        with self._engine.connect() as connection:
            return tuple(connection.scalars(query))

    def count(self) -> int:
        with self._engine.connect() as connection:
            return int(connection.scalar(sa.select(sa.func.count()).select_from(self._table)) or 0)

    def content_hash(self) -> str:
        """Changes whenever the set of events does, and not with the order they arrived in.

        A sum of 48-bit row digests, in two halves so that no 64-bit sum can overflow; one scan, about
        0.2 s for a million events.
        """
        digest, bits = self._table.c.digest, sa.literal(24, sa.Integer)  # PostgreSQL shifts by no BigInteger
        query = sa.select(
            sa.func.count(), sa.func.sum(digest.op(">>")(bits)), sa.func.sum(digest.op("&")(0xFFFFFF))
        )
        with self._engine.connect() as connection:
            count, high, low = connection.execute(query).one()
        return hashlib.blake2b(
            f"{count} {int(high or 0)} {int(low or 0)}".encode(), digest_size=16
        ).hexdigest()

    def take_back(self, user_id: str, item_id: str, kind: str, session_id: str) -> int:
        """Erases what a shopper did and undid in one session ("like" pressed again); how many events."""
        table = self._table
        mine = (table.c.user_id == user_id) & (table.c.session_id == session_id)
        same = (table.c.item_id == item_id) & (table.c.kind == kind)
        with self._engine.begin() as connection:
            return connection.execute(table.delete().where(mine & same)).rowcount

    def forget(self, user_id: str, connection: sa.Connection | None = None) -> int:
        """Erases every event of a shopper, within the transaction of ``connection`` where one is given, and
        returns how many there were.
        """
        mine = self._table.delete().where(self._table.c.user_id == user_id)
        with nullcontext(connection) if connection is not None else self._engine.begin() as within:
            return within.execute(mine).rowcount

    def _newest(self) -> datetime:
        with self._engine.connect() as connection:
            newest = connection.scalar(sa.select(sa.func.max(self._table.c.time_us)))
        return EPOCH + timedelta(microseconds=newest or 0)


def _batches(events: Iterable[Event], size: int) -> Iterator[tuple[Event, ...]]:
    source = iter(events)
    while batch := tuple(islice(source, size)):
        yield batch


def _to_row(event: Event) -> dict[str, Any]:
    content = f"{event.event_id} {event._digest().hex()}".encode()
    return {
        "event_id": event.event_id,
        "user_id": event.user_id,
        "item_id": event.item_id,
        "kind": event.kind,
        "time_us": (event.time - EPOCH) // timedelta(microseconds=1),
        "value": event.value,
        "session_id": event.session_id,
        "digest": int.from_bytes(hashlib.blake2b(content, digest_size=6).digest()),
    }


def _to_event(row: sa.Row[Any]) -> Event:
    """Rows were validated on the way in, so they are not validated again (ten times faster)."""
    return Event.model_construct(
        event_id=row.event_id,
        user_id=row.user_id,
        item_id=row.item_id,
        kind=row.kind,
        time=EPOCH + timedelta(microseconds=row.time_us),
        value=row.value,
        session_id=row.session_id,
    )
