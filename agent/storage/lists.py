"""What a shopper keeps beside the conversation: saved and unwanted products, past
conversations, and what they thought of an answer. Rows in the shop's database, by the shopper's id.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from agent.records import Frozen

Mark = Literal["saved", "unwanted", "compared"]
MARKS: tuple[Mark, ...] = get_args(Mark)
MOST_MARKS = 200
MOST_CONVERSATIONS = 100
"""Listed of one shopper; the last used."""

_metadata = sa.MetaData()
_marks = sa.Table(
    "marks",
    _metadata,
    sa.Column("owner", sa.String(200), primary_key=True),
    sa.Column("item_id", sa.String(200), primary_key=True),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("session_id", sa.String(200), nullable=False),
    sa.Column("time", sa.String(32), nullable=False),
)
_conversations = sa.Table(
    "conversations",
    _metadata,
    sa.Column("session_id", sa.String(200), primary_key=True),
    sa.Column("owner", sa.String(200), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("used", sa.String(32), nullable=False),
    sa.Index("conversations_by_owner", "owner", "used"),
)
_ratings = sa.Table(
    "ratings",
    _metadata,
    sa.Column("owner", sa.String(200), primary_key=True),
    sa.Column("turn_id", sa.String(64), primary_key=True),
    sa.Column("value", sa.String(10), nullable=False),
    sa.Column("time", sa.String(32), nullable=False),
)
_visitors = sa.Table(
    "visitors",
    _metadata,
    sa.Column("visitor", sa.String(200), primary_key=True),
    sa.Column("owner", sa.String(200), nullable=False),
)


class Conversation(Frozen):
    """One conversation of a shopper, as a list of them shows it."""

    session_id: str
    title: str
    used: datetime


class ShopperLists:
    """Safe for threads: every method is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    # --- saved, unwanted and compared products ------------------------------------------------------------

    def marks(self, owner: str) -> dict[Mark, tuple[str, ...]]:
        """The products marked in each way, newest first."""
        query = sa.select(_marks.c.item_id, _marks.c.kind).where(_marks.c.owner == owner)
        found: dict[Mark, list[str]] = {kind: [] for kind in MARKS}
        with self._engine.connect() as connection:
            for row in connection.execute(query.order_by(_marks.c.time.desc()).limit(MOST_MARKS)):
                found[row.kind].append(row.item_id)
        return {kind: tuple(items) for kind, items in found.items()}

    def mark(self, owner: str, item_id: str, kind: Mark, session_id: str) -> None:
        row = {"owner": owner, "item_id": item_id, "kind": kind, "session_id": session_id, "time": _now()}
        self._upsert(_marks, row, ("owner", "item_id", "kind"))

    def unmark(self, owner: str, item_id: str, kind: Mark) -> str | None:
        """Take a mark back: the conversation it was made in; None where there was none."""
        place = (_marks.c.owner == owner) & (_marks.c.item_id == item_id) & (_marks.c.kind == kind)
        with self._engine.begin() as connection:
            session_id = connection.scalar(sa.select(_marks.c.session_id).where(place))
            connection.execute(sa.delete(_marks).where(place))
        return session_id

    # --- conversations ------------------------------------------------------------------------------------

    def conversations(self, owner: str) -> tuple[Conversation, ...]:
        """The shopper's conversations, last used first."""
        query = sa.select(_conversations).where(_conversations.c.owner == owner)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(_conversations.c.used.desc()).limit(MOST_CONVERSATIONS))
            return tuple(
                Conversation(
                    session_id=row.session_id, title=row.title, used=datetime.fromisoformat(row.used)
                )
                for row in rows
            )

    def owns(self, owner: str, session_id: str) -> bool:
        query = sa.select(_conversations.c.owner).where(_conversations.c.session_id == session_id)
        with self._engine.connect() as connection:
            return connection.scalar(query) == owner

    def begin(self, owner: str, session_id: str, title: str) -> None:
        row = {"session_id": session_id, "owner": owner, "title": title[:200], "used": _now()}
        with self._engine.begin() as connection:
            connection.execute(sa.insert(_conversations).values(**row))

    def use(self, session_id: str) -> None:
        """Note that the conversation went on."""
        with self._engine.begin() as connection:
            mine = _conversations.c.session_id == session_id
            connection.execute(sa.update(_conversations).where(mine).values(used=_now()))

    def end(self, owner: str, session_id: str) -> bool:
        """Take a conversation off the list; False where it is not this shopper's."""
        mine = (_conversations.c.session_id == session_id) & (_conversations.c.owner == owner)
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(_conversations).where(mine)).rowcount > 0

    # --- what they thought of an answer -------------------------------------------------------------------

    def rate(self, owner: str, turn_id: str, value: Literal["up", "down"] | None) -> None:
        """Keep what a shopper thought of an answer; None takes it back."""
        if value is not None:
            row = {"turn_id": turn_id, "owner": owner, "value": value, "time": _now()}
            self._upsert(_ratings, row, ("owner", "turn_id"))
            return
        with self._engine.begin() as connection:
            mine = (_ratings.c.turn_id == turn_id) & (_ratings.c.owner == owner)
            connection.execute(sa.delete(_ratings).where(mine))

    def ratings(self, owner: str) -> dict[str, str]:
        query = sa.select(_ratings.c.turn_id, _ratings.c.value).where(_ratings.c.owner == owner)
        with self._engine.connect() as connection:
            return {row.turn_id: row.value for row in connection.execute(query)}

    # --- whom a visitor of a demonstration poses as --------------------------------------------------------

    def posing(self, visitor: str) -> str | None:
        with self._engine.connect() as connection:
            return connection.scalar(sa.select(_visitors.c.owner).where(_visitors.c.visitor == visitor))

    def pose(self, visitor: str, owner: str | None) -> None:
        if owner is not None:
            self._upsert(_visitors, {"visitor": visitor, "owner": owner}, ("visitor",))
            return
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_visitors).where(_visitors.c.visitor == visitor))

    # --- erasing ------------------------------------------------------------------------------------------

    def forget(self, user_id: str, connection: sa.Connection) -> int:
        """Delete all of this that is a shopper's within the transaction of ``connection``; how many rows."""
        tables = (_marks, _conversations, _ratings, _visitors)
        return sum(connection.execute(sa.delete(t).where(t.c.owner == user_id)).rowcount for t in tables)

    def prune(self, before: datetime, connection: sa.Connection) -> None:
        """Take conversations off the lists in which nothing was said since ``before``, and old ratings."""
        limit = before.isoformat()
        connection.execute(sa.delete(_conversations).where(_conversations.c.used < limit))
        connection.execute(sa.delete(_ratings).where(_ratings.c.time < limit))

    def _upsert(self, table: sa.Table, row: dict[str, Any], key: tuple[str, ...]) -> None:
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        statement = insert(table).values(**row).on_conflict_do_update(index_elements=list(key), set_=row)
        with self._engine.begin() as connection:
            connection.execute(statement)


def _now() -> str:
    return datetime.now(UTC).isoformat()
