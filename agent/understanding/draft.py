"""One utterance while it is interpreted: what is known of it so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from agent.conditions import Where
from agent.dialogue import DialogueState, Topic
from agent.understanding.hosts import Host
from agent.understanding.language.negation import Polarity
from agent.understanding.moves import Moves
from agent.understanding.named_products import Pointed
from agent.understanding.people import Person
from agent.understanding.reader import Read, Span
from agent.understanding.references import References
from agent.understanding.resolved import Resolved
from agent.understanding.scales import Scale
from agent.understanding.things import Sought
from agent.understanding.utterance import Utterance


@dataclass
class Draft:
    """Filled step by step by the interpreter; lives for one utterance."""

    text: str
    read: Read
    state: DialogueState
    references: References
    said: Utterance
    spoken: str
    """Its text without what was taken back or what a thing must fit."""
    moves: Moves
    marking: tuple[Where, ...]
    """What products shall be marked as ("on sale")."""
    put_right: Resolved
    """Conditions in force that are corrected, and names that are refused."""
    alone: bool = False
    """Whether nothing is said but values, which are of what is looked for."""
    host: Host | None = None
    sought: Sought = field(default_factory=Sought)
    person: Person | None = None
    given_up: tuple[str, ...] = ()
    marked: list[Span] = field(default_factory=list)
    conditions: list[tuple[Span, Polarity]] = field(default_factory=list)
    found: Resolved = field(default_factory=Resolved)
    afresh: bool = False
    before: Topic | None = None
    """What was talked about, where this is another errand."""
    need: str = ""
    """What a thing is for that goes with the one talked about, which is named in it."""
    scale: Scale | None = None
    turns_round: bool = False
    pointed: Pointed = field(default_factory=Pointed)
    like: str | None = None
    among: bool = False
    by_place: bool = False
    corrects: bool = False

    @property
    def is_placed(self) -> bool:
        """Whether it is known what errand it is of."""
        return self.afresh or self.alone

    def turn_to(self, said: Utterance) -> None:
        """Take the utterance for a request for products, as it is said now; who starts over still does."""
        self.said = said
        self.moves = ("start_over", "seek") if self.moves[0] == "start_over" else ("seek",)

    def start_afresh(self) -> None:
        """Take the utterance for another errand: what was looked for before has no part in it."""
        self.moves, self.afresh, self.before = ("seek",), True, self.state.topic
        self.state = self.state.push(Topic()).model_copy(update={"subject": ""})

    def keep(self, kept: Callable[[Span], bool]) -> None:
        """Drop the spans that are not kept."""
        self.said = replace(self.said, spans=tuple(span for span in self.said.spans if kept(span)))
