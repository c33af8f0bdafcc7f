"""Lasting preferences of a shopper, kept with consent: listed, replaced and forgotten."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, Connection, Engine, Float, MetaData, String, Table, Text, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from agent.conditions import Where
from agent.records import Frozen
from agent.understanding.language.text import stems


class MemoryStatement(Frozen):
    """A lasting preference as stated, e.g. "I'm vegan"."""

    key: str
    """What it is about, so that a new statement takes the place of the old: ``size:shoe``, ``vegan``."""
    value: str
    text: str
    avoid: tuple[Where, ...] = ()
    """What it rules out for good, where that is certain."""


class Memory(MemoryStatement):
    """One lasting preference with where it came from."""

    source: str
    """The turn that it was said in."""
    time: datetime


_METADATA = MetaData()
MEMORIES = Table(
    "memories",
    _METADATA,
    Column("user_id", String(200), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("time", Float, nullable=False),
    Column("memory", Text, nullable=False),
)


class MemoryStore:
    """Lasting preferences in the shop's database, table ``memories``. Whether consent was given is the
    caller's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _METADATA.create_all(engine)

    def remember(self, user_id: str, statement: MemoryStatement, source: str) -> Memory:
        """Keep one statement; the same key (a new shoe size) replaces the old."""
        memory = Memory(
            key=statement.key,
            value=statement.value,
            text=statement.text,
            source=source,
            time=datetime.now(UTC),
            avoid=statement.avoid,
        )
        row = {
            "user_id": user_id,
            "key": memory.key,
            "time": memory.time.timestamp(),
            "memory": memory.model_dump_json(),
        }
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        statement_sql = insert(MEMORIES).values(**row)
        statement_sql = statement_sql.on_conflict_do_update(index_elements=["user_id", "key"], set_=row)
        with self._engine.begin() as connection:
            connection.execute(statement_sql)
        return memory

    def list(self, user_id: str) -> tuple[Memory, ...]:
        """All that is remembered of this shopper, oldest first."""
        query = select(MEMORIES.c.memory).where(MEMORIES.c.user_id == user_id).order_by(MEMORIES.c.time)
        with self._engine.connect() as connection:
            return tuple(Memory.model_validate_json(row.memory) for row in connection.execute(query))

    def forget(self, user_id: str, what: str = "*") -> tuple[Memory, ...]:
        """Delete what matches these words (``"*"``: all); returns what was deleted."""
        wanted = set(stems(what))
        gone = tuple(
            m for m in self.list(user_id) if what == "*" or wanted & set(stems(f"{m.key} {m.value}"))
        )
        with self._engine.begin() as connection:
            for memory in gone:
                connection.execute(
                    delete(MEMORIES).where(MEMORIES.c.user_id == user_id, MEMORIES.c.key == memory.key)
                )
        return gone

    def forget_shopper(self, user_id: str, connection: Connection) -> int:
        """Delete all memories of this shopper within the transaction of ``connection``; how many."""
        return connection.execute(delete(MEMORIES).where(MEMORIES.c.user_id == user_id)).rowcount

    def lasting(self, user_id: str) -> tuple[Where, ...]:
        """What must not be shown to this shopper in any conversation."""
        return tuple(dict.fromkeys(where for memory in self.list(user_id) for where in memory.avoid))
