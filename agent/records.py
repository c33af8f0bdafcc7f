"""What a turn leaves behind. Page, API, logs and metrics all read these records and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

EvidenceKind = Literal["field", "review", "signal", "event", "copurchase", "document", "score"]
ReasonKind = Literal[
    "constraint", "buyers", "history", "shoppers", "popular", "match", "listed", "boost", "drawback"
]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Evidence(Frozen):
    """A checkable fact: a product field, a review sentence, a past event, a count, a passage of the shop."""

    evidence_id: str
    kind: EvidenceKind
    item_id: str | None = None
    source: str
    """Where it stands: a field's name, a review id, an event id, a document with its heading."""
    text: str
    value: float | None = None


class Reason(Frozen):
    """One sentence shown to the shopper, bound to its evidence."""

    text: str
    kind: ReasonKind
    evidence_ids: tuple[str, ...]


class Card(Frozen):
    """A product as shown: every fact on it comes from the catalogue, none from a model."""

    handle: str
    """How this turn calls it, e.g. ``P1``; models see handles, never free ids."""
    item_id: str
    title: str
    brand: str | None = None
    category: tuple[str, ...] = ()
    price: float | None = None
    price_max: float | None = None
    currency: str = "USD"
    stars: float | None = None
    review_count: int = 0
    stock: int | None = None
    image_url: str | None = None
    url: str | None = None
    reasons: tuple[Reason, ...] = ()
    drawback: Reason | None = None
    label: str | None = None
    """Set when a business boost moved it, e.g. ``Sponsored``."""


class Candidate(Frozen):
    """A product under consideration, with its score by source and the total it was ranked by."""

    item_id: str
    scores: dict[str, float] = Field(default_factory=dict)
    total: float = 0.0


class ToolCall(Frozen):
    name: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    result: str = ""
    ms: float = 0.0
    error: str | None = None


class Chip(Frozen):
    """A constraint in force or an answer on offer; a press sends ``utterance`` or drops the constraint."""

    label: str
    kind: Literal["constraint", "preference", "answer", "relaxation"]
    constraint_id: str | None = None
    utterance: str | None = None
    count: int | None = None


class Table(Frozen):
    """A comparison: one column per product, one row per differing attribute.

    ``columns`` holds the products' names; a row begins with the attribute's name, then one cell a column.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Usage(Frozen):
    model: str = "planner"
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost: float | None = None


class TurnRecord(Frozen):
    """The one account of a turn: what was understood, called, considered, shown and said."""

    turn_id: str
    session_id: str
    user_id: str | None
    time: datetime
    utterance: str
    understanding: dict[str, Any] = Field(default_factory=dict)
    tool_calls: tuple[ToolCall, ...] = ()
    considered: tuple[Candidate, ...] = ()
    shown: tuple[Card, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    reply: str = ""
    language: str = "en"
    """What the reply is written in."""
    chips: tuple[Chip, ...] = ()
    table: Table | None = None
    loosened: tuple[str, ...] = ()
    """Labels of conditions that gave way, as nothing met them all."""
    notices: tuple[str, ...] = ()
    guard_actions: tuple[str, ...] = ()
    usage: Usage = Usage()
    stages_ms: dict[str, float] = Field(default_factory=dict)


class Reply(Frozen):
    """What a door shows: wording, cards and chips, all read from ``record``."""

    text: str
    cards: tuple[Card, ...]
    chips: tuple[Chip, ...]
    table: Table | None
    record: TurnRecord


class ReplyDelta(Frozen):
    """A piece of a streamed reply; the last one carries ``reply``."""

    text: str = ""
    status: str | None = None
    reply: Reply | None = None
