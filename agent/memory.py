"""Lasting preferences of a shopper, kept with consent: recognised in what they say, listed, edited,
forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Column, Connection, Engine, Float, MetaData, String, Table, Text, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from agent.language.text import singular, stems
from agent.meaning import Constraint, MemoryStatement
from agent.reading.vocabulary import Vocabulary
from agent.records import Frozen
from retrieval.filters import And, Attribute, Filter, Not, Or, Words

_DIETS = (
    "vegan|vegetarian|gluten[- ]free|lactose[- ]intolerant|dairy[- ]free|halal|kosher|pescatarian|celiac"
    "|coeliac|diabetic"
)
_DIET = re.compile(
    rf"\b(?:i(?:'m| am)|i eat|i keep|i only eat|i only buy)(?: a| an)?(?: strict)? (?P<diet>{_DIETS})\b",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"\b(?:my (?P<what1>[a-z]+ )?size(?: is|:)|i(?:'m| am) (?:a )?(?:(?P<what2>[a-z]+) )?size"
    r"|i (?:usually |always )?(?:take|wear)(?: a)?(?: (?P<what3>[a-z]+))? size)"
    r"\s*(?P<size>\d{1,3}(?:[.,]5)?|x{0,3}[sl]|m|medium|small|large)\b",
    re.IGNORECASE,
)
"""A size that lasts is the shopper's own; "t-shirt size M" is a wish for now."""
_NEVER = re.compile(
    r"\b(?:never (?:ever )?(?:show|suggest|recommend|offer|give)(?: me)?(?: any| anything (?:with|from"
    r"|made of|in|by))?"
    r"|i never (?:buy|wear|eat|use)|i(?:'m| am) allergic to|i can(?:'t|not) (?:eat|wear|have|use)"
    r"|i don't (?:ever )?(?:wear|eat|buy)"
    r"|always (?:exclude|avoid|leave out))\s+(?P<what>[\w' -]{3,40}?)(?=\s*(?:$|[.,;!]|please|again"
    r"|anymore|any more|ever|because|and (?:show|i)\b|but\b))",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"\b(?:i always (?:buy|wear|use|prefer)|my favou?rite (?P<kind>brand|color|colour|material) is|i(?:'m"
    r"| am) a (?:big |huge )?fan of|remember (?:that )?i (?:like|love|prefer))\s+"
    r"(?P<what>[\w' &-]{2,40}?)(?=\s*(?:$|[.,;!]|please|because|and (?:show|i)\b|but\b))",
    re.IGNORECASE,
)
_FORGET = re.compile(
    r"\bforget (?:that )?(?:i(?:'m| am)?(?: like| love| wear| prefer| take| never (?:wear|buy|eat)| a)?"
    r"|my|about (?:my|the)|the)\s+(?P<what>[\w' -]{2,40}?)\W*$"
    r"|\bi(?:'m| am) (?:no longer|not) (?:a )?(?P<no_longer>" + _DIETS + r")(?: any ?more)?\b|\b(?:forget"
    r"|delete|erase) (?P<all>everything|all) (?:about me|you know(?: about me)?|my data|my preferences)",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\bwhat do you (?:know|remember) (?:about|of) me\b|\b(?:list|show)(?: me)? my (?:preferences|profile"
    r"|memory)\b",
    re.IGNORECASE,
)
_DIET_FORBIDS = {
    "vegan": ("leather", "wool", "silk", "down", "beeswax", "honey", "milk", "meat", "gelatin"),
    "vegetarian": ("meat", "gelatin"),
    "gluten free": ("gluten", "wheat"),
    "celiac": ("gluten", "wheat"),
    "lactose intolerant": ("milk", "lactose"),
    "dairy free": ("milk", "lactose"),
}


class Memory(Frozen):
    """One lasting preference with where it came from."""

    key: str
    value: str
    text: str
    source: str
    """The turn that it was said in, or ``edited``."""
    time: datetime
    constraint: Constraint | None = None


def find_statements(
    text: str, vocabulary: Vocabulary, denied: Callable[[str], Constraint | None]
) -> tuple[MemoryStatement, ...]:
    """Lasting preferences stated in ``text``. ``denied`` makes the constraint for "no <phrase>" in this
    shop."""
    found: list[MemoryStatement] = []
    for match in _DIET.finditer(text):
        diet = match.group("diet").lower().replace("-", " ")
        constraint = _diet_constraint(diet, vocabulary)
        found.append(MemoryStatement(key="diet", value=diet, text=match.group(), constraint=constraint))
    for match in _SIZE.finditer(text):
        what = (
            next((match.group(f"what{i}") for i in range(1, 4) if match.group(f"what{i}")), "") or "clothing"
        )
        key = f"size:{singular(what.strip().lower())}"
        found.append(MemoryStatement(key=key, value=match.group("size").upper(), text=match.group()))
    for match in _NEVER.finditer(text):
        what = match.group("what").strip().lower()
        found.append(
            MemoryStatement(key=f"avoid:{what}", value=what, text=match.group(), constraint=denied(what))
        )
    for match in _LIKE.finditer(text):
        what = match.group("what").strip()
        found.append(MemoryStatement(key=f"like:{what.lower()}", value=what, text=match.group()))
    return tuple(found)


def size_spans(text: str) -> list[tuple[int, int]]:
    """Where a size is stated ("my shoe size is 44"): there "shoe" is not what is looked for."""
    return [match.span() for match in _SIZE.finditer(text)]


def find_forgotten(text: str) -> tuple[str, ...]:
    """What the shopper wants forgotten: words to match against keys and values, or ``"*"`` for everything."""
    match = _FORGET.search(text)
    if match is None:
        return ()
    if match.group("all"):
        return ("*",)
    return (
        next(value for value in (match.group("what"), match.group("no_longer")) if value).lower().strip(),
    )


def asks_to_list(text: str) -> bool:
    """ "What do you know about me?" """
    return bool(_LIST.search(text))


def _diet_constraint(diet: str, vocabulary: Vocabulary) -> Constraint | None:
    """What the shop marks as fit, and what it neither marks as unfit nor tells a forbidden thing of."""
    forbidden = _DIET_FORBIDS.get(diet)
    if forbidden is None:
        return None
    terms = [term for term in vocabulary.meanings(diet) if term.kind in ("tag", "attribute")]
    marks: list[Filter] = [term.filter() for term in terms]
    marked_unfit = tuple(Not(Attribute(t.key, ("no",))) for t in terms if t.value == "yes")
    clean = And((*marked_unfit, Not(Or(tuple(Words(word) for word in forbidden)))))
    condition: Filter = Or((*marks, clean))
    return Constraint(
        constraint_id="", kind="words", slot="diet", label=diet, filter=condition, source="memory", words=diet
    )


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
            constraint=statement.constraint,
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

    def constraints(self, user_id: str) -> tuple[Constraint, ...]:
        """What the memories demand of every search, with ids that say where they come from."""
        return tuple(
            memory.constraint.model_copy(update={"constraint_id": f"m:{memory.key}", "source": "memory"})
            for memory in self.list(user_id)
            if memory.constraint is not None
        )
