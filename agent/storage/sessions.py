"""Dialogue states in the shop's database, table ``sessions``; one row a session, the newest state."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime

from sqlalchemy import Column, Connection, Engine, Float, Index, MetaData, String, Table, Text, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from agent.dialogue import DialogueState

_METADATA = MetaData()
SESSIONS = Table(
    "sessions",
    _METADATA,
    Column("session_id", String(200), primary_key=True),
    Column("user_id", String(200)),
    Column("updated", Float, nullable=False),
    Column("state", Text, nullable=False),
    Index("sessions_user", "user_id"),
)


class DialogueStore:
    """One row a session."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _METADATA.create_all(engine)

    def load(self, session_id: str) -> DialogueState | None:
        """The saved state; None for an unknown session or one that this version can't read."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(SESSIONS.c.state).where(SESSIONS.c.session_id == session_id)
            ).first()
        if row is None:
            return None
        try:
            return DialogueState.model_validate_json(row.state)
        except ValueError:
            return None

    def save(self, state: DialogueState, connection: Connection | None = None) -> None:
        """Keep this state as the session's newest, within the transaction of ``connection`` where one is
        given.
        """
        row = {
            "session_id": state.session_id,
            "user_id": state.user_id,
            "updated": datetime.now(UTC).timestamp(),
            "state": state.model_dump_json(),
        }
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        statement = insert(SESSIONS).values(**row)
        statement = statement.on_conflict_do_update(index_elements=["session_id"], set_=row)
        with nullcontext(connection) if connection is not None else self._engine.begin() as within:
            within.execute(statement)

    def forget_session(self, session_id: str, connection: Connection) -> None:
        """Delete where one conversation stands within the transaction of ``connection``."""
        connection.execute(delete(SESSIONS).where(SESSIONS.c.session_id == session_id))

    def prune(self, before: datetime, connection: Connection) -> int:
        """Delete the sessions in which nothing was said since ``before``; how many there were."""
        old = SESSIONS.c.updated < before.timestamp()
        return connection.execute(delete(SESSIONS).where(old)).rowcount

    def forget(self, user_id: str, connection: Connection) -> int:
        """Delete every session of this shopper within the transaction of ``connection``; how many
        there were.
        """
        return connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id)).rowcount
