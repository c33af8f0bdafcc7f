"""One utterance, resolved: what it does and asks for, in the shop's own ids, fields and values."""

from __future__ import annotations

from agent.conditions import Prefer, Where
from agent.dialogue import Part
from agent.records import Frozen
from agent.understanding.named_products import Pointed
from agent.understanding.people import Person
from agent.understanding.scales import Scale

SURE, LIKELY = 0.8, 0.5
"""How sure a kind is that needs no question, and one that may be taken at all."""
SEEKING = ("seek", "refine", "more", "reject", "recommend", "undo")
"""Moves that look for products."""


class Interpretation(Frozen):
    """One utterance, resolved. Item ids, fields and values are the shop's own."""

    text: str
    moves: tuple[str, ...] = ()
    """Main move first."""
    thing: str = ""
    kinds: tuple[str, ...] = ()
    kind_confidence: float = 0.0
    parts: tuple[Part, ...] = ()
    """Of several things that are looked for together, each."""
    shared: bool = False
    """Whether they are wanted together, for one budget: "a top and shorts", not "each under 30"."""
    where: tuple[Where, ...] = ()
    prefer: tuple[Prefer, ...] = ()
    unmet: tuple[str, ...] = ()
    """Conditions, as said, that nothing of the kind speaks of."""
    words: str = ""
    """What of the utterance is for retrieval, beside the thing."""
    scale: Scale | None = None
    among: bool = False
    """Whether an order is asked among the products on the screen."""
    pointed: Pointed = Pointed()
    by_place: bool = False
    """Whether they are pointed at by their place on the list."""
    unresolved: str = ""
    """What is pointed at by words that nothing shown or named here answers to ("the oat bars")."""
    afresh: bool = False
    """Whether something else than before is meant: another need, or a value that what was looked for can't have."""
    corrects: bool = False
    """Whether it puts right what was said before: "I meant shampoo"."""
    within: bool = False
    """Whether the kind asked for is part of what was looked for before."""
    like: str | None = None
    """Item id of a product that others should resemble."""
    asked: str = ""
    taken_back: tuple[str, ...] = ()
    given_up: tuple[str, ...] = ()
    """Kinds that are not wanted any more."""
    recipient: str = ""
    person: Person | None = None
    gift: bool = False
    count: int | None = None
    quantity: int | None = None
    """How many pieces."""
    lines: tuple[tuple[str, int], ...] = ()
    """Item ids with how many of each, where several are counted ("two of the first and one of the third")."""

    @property
    def main(self) -> str:
        return self.moves[0] if self.moves else "seek"
