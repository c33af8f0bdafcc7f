"""What one utterance means, as typed records: the act, constraints, preferences, referents. No rules here."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from agent.records import Frozen
from retrieval.filters import Filter


class Act(StrEnum):
    """What the shopper does with the utterance."""

    ASK = "ask"
    REFINE = "refine"
    CRITIQUE = "critique"
    COMPARE = "compare"
    ASK_PRODUCT = "ask_product"
    ASK_BUYERS = "ask_buyers"
    ASK_SHOP = "ask_shop"
    BUNDLE = "bundle"
    ACCEPT = "accept"
    REJECT = "reject"
    UNDO = "undo"
    START_OVER = "start_over"
    SMALL_TALK = "small_talk"
    OUT_OF_SCOPE = "out_of_scope"
    HELP = "help"
    REMEMBER = "remember"
    FORGET = "forget"
    RECOMMEND = "recommend"
    ANSWER = "answer"


ConstraintKind = Literal["price", "brand", "category", "attribute", "tag", "stars", "stock", "words"]
Source = Literal["said", "critique", "answer", "memory", "model"]


class Constraint(Frozen):
    """Something that must hold for every product shown, until the shopper takes it back."""

    constraint_id: str
    kind: ConstraintKind
    slot: str
    """What it competes with, e.g. ``attribute:Color``: a new wanted value takes the old one's place."""
    label: str
    filter: Filter
    negative: bool = False
    strict: bool = True
    origin_turn: int = 0
    source: Source = "said"
    words: str = ""
    """The shopper's words for it; they leave the search text when the constraint goes."""


PreferenceKind = Literal["condition", "aspect", "attribute", "price", "stars", "similar", "popular"]


class Preference(Frozen):
    """Something that only weighs.

    ``condition``: products that satisfy ``filter`` gain. ``aspect``: what buyers say about ``key``.
    ``attribute``: more (``direction`` 1) or less (-1) of the numeric attribute ``key``. ``price``: cheaper
    (-1), dearer (1) or, with ``target``, near an amount. ``similar``: like (1) or unlike (-1) ``item_id``.
    """

    preference_id: str
    kind: PreferenceKind
    label: str
    key: str = ""
    direction: float = 1.0
    weight: float = 1.0
    filter: Filter | None = None
    target: float | None = None
    item_id: str | None = None
    origin_turn: int = 0

    @property
    def slot(self) -> str:
        return f"{self.kind}:{self.key or self.item_id or self.label}"


class Referent(Frozen):
    """A product the shopper points at. ``item_id`` is None when the words point at nothing that was shown."""

    text: str
    item_id: str | None
    position: int | None = None
    """Place in the list last shown, from 1."""


class MemoryStatement(Frozen):
    """A lasting preference as stated, e.g. "I'm vegan"."""

    key: str
    """What it is about: ``diet``, ``size:shoe``, ``avoid:leather``, ``like:brand:Nike``."""
    value: str
    text: str
    constraint: Constraint | None = None
    """What it means for searches, where that is certain."""


class Understanding(Frozen):
    """One utterance in context; ``add``, ``replace``: constraints, ``drop``: ids of those that go."""

    act: Act
    text: str = ""
    add: tuple[Constraint, ...] = ()
    replace: tuple[Constraint, ...] = ()
    """New constraints that take the place of those in the same slot."""
    drop: tuple[str, ...] = ()
    preferences: tuple[Preference, ...] = ()
    drop_preferences: tuple[str, ...] = ()
    referents: tuple[Referent, ...] = ()
    similar_to: str | None = None
    """ "Like the second": search near this product."""
    rejected: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    attribute_names: tuple[str, ...] = ()
    """Attributes asked about, in the shop's own names."""
    query: str = ""
    """What remains for search, over all turns of this topic."""
    sought: str = ""
    """The thing that is asked for, as said ("laptops"); empty where none is named."""
    question: str = ""
    """The question itself, for `ask_shop`, `ask_buyers` and `ask_product`; for `ask` and
    `refine` what the buyers of the products found are asked."""
    new_topic: bool = False
    more: bool = False
    """Other products than those shown are wanted."""
    gift: bool | None = None
    count: int | None = None
    """How many products were asked for."""
    indifferent: tuple[str, ...] = ()
    """Slots the shopper does not care about: never asked again."""
    memory: tuple[MemoryStatement, ...] = ()
    language: str = "en"
    notices: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    """What to ask about: readings that conflict."""

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        return (*self.add, *self.replace)
