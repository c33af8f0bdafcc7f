"""Where a conversation stands, immutable and JSON-serialisable, and the table that keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import UTC, datetime

from sqlalchemy import Column, Connection, Engine, Float, Index, MetaData, String, Table, Text, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from agent.meaning import Act, Constraint, Preference, Understanding
from agent.records import Chip, Frozen
from retrieval.filters import And, Filter, Items, Not

MOST_SHOWN_TURNS = 20
MOST_UNDO = 10
MOST_REJECTED = 500
MOST_QUERY_WORDS = 24


class AnswerOption(Frozen):
    """An answer on offer: what the chip says, and the condition it stands for (None: no preference)."""

    label: str
    filter: Filter | None
    count: int


class PendingQuestion(Frozen):
    """A question that was asked and waits for its answer."""

    slot: str
    text: str
    options: tuple[AnswerOption, ...]
    asked_turn: int = 0


class ShownTurn(Frozen):
    """What one turn showed, in the order it was shown."""

    turn: int
    item_ids: tuple[str, ...]


class Snapshot(Frozen):
    """What undo brings back. Tuples are shared with the state they came from, so this costs little."""

    constraints: tuple[Constraint, ...] = ()
    preferences: tuple[Preference, ...] = ()
    query: str = ""
    similar_to: str | None = None
    rejected: tuple[str, ...] = ()
    focus: str | None = None
    gift: bool = False


class DialogueState(Snapshot):
    """All that a turn needs to know of the turns before. Every method returns a new state.

    Its size is bounded however long the session: the last 20 lists shown, 10 steps of undo, 500 rejected.
    """

    session_id: str = ""
    user_id: str | None = None
    turn: int = 0
    shown: tuple[ShownTurn, ...] = ()
    pending: PendingQuestion | None = None
    asked_in_row: int = 0
    indifferent: tuple[str, ...] = ()
    last_act: Act | None = None
    undo: tuple[Snapshot, ...] = ()

    def filter(self) -> Filter:
        """What every product shown must satisfy: the strict constraints, and nothing that was rejected."""
        parts = [constraint.filter for constraint in self.constraints if constraint.strict]
        if self.rejected:
            parts.append(Not(Items(self.rejected)))
        return And(tuple(parts))

    def last_shown(self) -> tuple[str, ...]:
        """The list on the screen: what "the second one" points into."""
        return self.shown[-1].item_ids if self.shown else ()

    def all_shown(self) -> tuple[str, ...]:
        """Everything shown in the turns remembered, first shown first."""
        return tuple(dict.fromkeys(item for turn in self.shown for item in turn.item_ids))

    def constraint(self, constraint_id: str) -> Constraint | None:
        return next((c for c in self.constraints if c.constraint_id == constraint_id), None)

    def in_slot(self, slot: str, *, negative: bool = False) -> tuple[Constraint, ...]:
        return tuple(c for c in self.constraints if c.slot == slot and c.negative == negative)

    def apply(self, understanding: Understanding) -> DialogueState:
        """The state once this utterance is understood, before anything is shown. Starts the next turn."""
        turn = self.turn + 1
        if understanding.act is Act.UNDO:
            return self._undone().model_copy(update={"turn": turn, "last_act": Act.UNDO, "pending": None})
        base = self
        if understanding.act is Act.START_OVER:
            base = self.model_copy(update=dict(Snapshot()) | {"indifferent": ()})
        constraints = _merged(base.constraints, understanding)
        changed = base.model_copy(
            update={
                "turn": turn,
                "constraints": constraints,
                "preferences": _merged_preferences(base.preferences, understanding),
                "query": " ".join(understanding.query.split()[-MOST_QUERY_WORDS:]),
                "similar_to": understanding.similar_to
                or (None if understanding.new_topic else base.similar_to),
                "rejected": _joined(base.rejected, understanding.rejected, MOST_REJECTED),
                "focus": _focus(understanding) or base.focus,
                "gift": base.gift if understanding.gift is None else understanding.gift,
                "indifferent": _joined(base.indifferent, understanding.indifferent, 100),
                "pending": None,
                "asked_in_row": self.asked_in_row if understanding.act is Act.ANSWER else 0,
                "last_act": understanding.act,
            }
        )
        if understanding.more or changed._snapshot() != self._snapshot():  # undo goes back from "others", too
            changed = changed.model_copy(update={"undo": (*self.undo, self._snapshot())[-MOST_UNDO:]})
        return changed

    def show(self, item_ids: Iterable[str]) -> DialogueState:
        """Record what this turn shows; a single product shown becomes the focus."""
        items = tuple(item_ids)
        if not items:
            return self
        shown = (*self.shown, ShownTurn(turn=self.turn, item_ids=items))[-MOST_SHOWN_TURNS:]
        focus = items[0] if len(items) == 1 else (self.focus if self.focus in items else None)
        return self.model_copy(update={"shown": shown, "focus": focus})

    def focus_on(self, item_id: str | None) -> DialogueState:
        return self.model_copy(update={"focus": item_id})

    def ask(self, question: PendingQuestion) -> DialogueState:
        """Record that this turn asks back."""
        question = question.model_copy(update={"asked_turn": self.turn})
        return self.model_copy(update={"pending": question, "asked_in_row": self.asked_in_row + 1})

    def drop(self, constraint_id: str) -> DialogueState:
        """Take back one constraint or preference, as its chip does; an unknown id changes nothing."""
        gone = self.constraint(constraint_id)
        constraints = tuple(c for c in self.constraints if c.constraint_id != constraint_id)
        preferences = tuple(p for p in self.preferences if p.preference_id != constraint_id)
        if len(constraints) == len(self.constraints) and len(preferences) == len(self.preferences):
            return self
        query = without_words(self.query, gone.words) if gone else self.query
        update = {"constraints": constraints, "preferences": preferences, "query": query}
        return self.model_copy(update=update | {"undo": (*self.undo, self._snapshot())[-MOST_UNDO:]})

    def chips(self) -> tuple[Chip, ...]:
        """The constraints and preferences in force, each removable."""
        constraints = (
            Chip(label=c.label, kind="constraint", constraint_id=c.constraint_id) for c in self.constraints
        )
        preferences = (
            Chip(label=p.label, kind="preference", constraint_id=p.preference_id) for p in self.preferences
        )
        return (*constraints, *preferences)

    def _snapshot(self) -> Snapshot:
        return Snapshot.model_construct(**{name: getattr(self, name) for name in Snapshot.model_fields})

    def _undone(self) -> DialogueState:
        if not self.undo:
            return self
        shown = self.shown[:-1] if len(self.shown) > 1 else self.shown
        return self.model_copy(update=dict(self.undo[-1]) | {"undo": self.undo[:-1], "shown": shown})


def without_words(query: str, words: str) -> str:
    """``query`` less the words of ``words``, whatever their case."""
    gone = set(words.lower().split())
    return " ".join(word for word in query.split() if word.lower() not in gone)


def _merged(current: tuple[Constraint, ...], understanding: Understanding) -> tuple[Constraint, ...]:
    gone = set(understanding.drop)
    slots = {constraint.slot for constraint in understanding.replace}
    kept = [c for c in current if c.constraint_id not in gone and (c.negative or c.slot not in slots)]
    for new in understanding.constraints:
        if not any(c.filter == new.filter and c.strict == new.strict for c in kept):
            kept.append(new)
    return tuple(kept)


def _merged_preferences(
    current: tuple[Preference, ...], understanding: Understanding
) -> tuple[Preference, ...]:
    gone, slots = set(understanding.drop_preferences), {p.slot for p in understanding.preferences}
    kept = tuple(p for p in current if p.preference_id not in gone and p.slot not in slots)
    return (*kept, *understanding.preferences)[-20:]


def _joined(old: tuple[str, ...], new: tuple[str, ...], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))[-most:] if new else old


def _focus(understanding: Understanding) -> str | None:
    known = [referent.item_id for referent in understanding.referents if referent.item_id]
    if understanding.act is Act.REJECT or len(known) != 1:
        return None
    return known[0]


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


class SessionStore:
    """Dialogue states in the shop's database, table ``sessions``; one row a session, the newest state."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _METADATA.create_all(engine)

    def load(self, session_id: str) -> DialogueState | None:
        """The saved state; None for an unknown session or one written by a version that no longer reads."""
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
        given."""
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

    def prune(self, before: datetime, connection: Connection) -> int:
        """Delete the sessions in which nothing was said since ``before``; how many there were."""
        old = SESSIONS.c.updated < before.timestamp()
        return connection.execute(delete(SESSIONS).where(old)).rowcount

    def forget(self, user_id: str, connection: Connection) -> int:
        """Delete every session of this shopper within the transaction of ``connection``; how many."""
        return connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id)).rowcount

    def forget_session(self, session_id: str, connection: Connection) -> None:
        """Delete where one conversation stands within the transaction of ``connection``."""
        connection.execute(delete(SESSIONS).where(SESSIONS.c.session_id == session_id))
