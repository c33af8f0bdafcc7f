"""What the tools of one turn read (`Turn`) and the one list they write (`Shelf`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agent.meaning import Constraint, Understanding
from agent.profiles import Shopper
from agent.reasons.evidence import merge
from agent.records import Candidate, Card, Chip, Evidence, Table, ToolCall
from agent.state import DialogueState, PendingQuestion


@dataclass(frozen=True)
class Turn:
    """One turn as it begins; nothing a model says changes it."""

    turn_id: str
    session_id: str
    user_id: str | None
    text: str
    understanding: Understanding
    state: DialogueState
    """After the utterance was applied, before anything is shown."""
    shopper: Shopper
    lasting: tuple[Constraint, ...] = ()
    """What the shopper's memory adds to every search, where they agreed and it is for themselves."""


@dataclass(frozen=True)
class Shelf:
    """The one candidate list of a turn, with all that was found out. Tools return a new one; they never
    change it.
    """

    handles: dict[str, str] = field(default_factory=dict)
    """Handle to item id: first what is on the screen, then what this turn shows."""
    cards: tuple[Card, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    facts: tuple[str, ...] = ()
    """True sentences about no single product, e.g. how many fit."""
    said: tuple[str, ...] = ()
    """The template's wording, a paragraph a tool."""
    table: Table | None = None
    chips: tuple[Chip, ...] = ()
    notices: tuple[str, ...] = ()
    question: PendingQuestion | None = None
    listed: bool = False
    """Whether the cards are a list to point into ("the second one"), not one product talked about."""
    calls: tuple[ToolCall, ...] = ()
    follow: str = ""
    """The tool that should come next, where one is needed: ``ask_back`` after a search that found nothing."""

    def item(self, handle: str) -> str | None:
        """The product a handle names, however a model spells it: ``P2``, ``[P2]``, ``2``."""
        digits = "".join(c for c in handle if c.isdigit())
        return self.handles.get(f"P{int(digits)}") if digits else None

    def handle_of(self, item_id: str) -> str | None:
        return next((handle for handle, known in self.handles.items() if known == item_id), None)

    def show(self, cards: Sequence[Card], *, listed: bool) -> Shelf:
        """Put these cards out. A list renews the handles; single products keep theirs."""
        if listed:
            renamed = tuple(
                card.model_copy(update={"handle": f"P{n}"}) for n, card in enumerate(cards, start=1)
            )
            handles = {card.handle: card.item_id for card in renamed}
            return replace(self, cards=renamed, handles=handles, listed=True)
        have = {card.item_id for card in self.cards}
        joined, handles = list(self.cards), dict(self.handles)
        for card in cards:
            if card.item_id in have:
                continue
            handle = next((h for h, item in handles.items() if item == card.item_id), f"P{len(handles) + 1}")
            handles[handle] = card.item_id
            joined.append(card.model_copy(update={"handle": handle}))
        return replace(self, cards=tuple(joined), handles=handles)

    def add(
        self,
        *,
        said: str = "",
        facts: Sequence[str] = (),
        evidence: Sequence[Evidence] = (),
        notices: Sequence[str] = (),
        chips: Sequence[Chip] = (),
    ) -> Shelf:
        return replace(
            self,
            said=(*self.said, said) if said else self.said,
            facts=(*self.facts, *facts),
            evidence=merge(self.evidence, evidence),
            notices=tuple(dict.fromkeys((*self.notices, *notices))),
            chips=(*self.chips, *chips),
        )


@dataclass(frozen=True)
class Outcome:
    """What a tool did: the new shelf, and the facts its caller is told."""

    shelf: Shelf
    told: str


def first_shelf(state: DialogueState, understanding: Understanding) -> Shelf:
    """The shelf a turn starts with: handles for what is on the screen, then for what else the shopper points
    at.
    """
    pointed = [referent.item_id for referent in understanding.referents if referent.item_id]
    near = [item for item in (understanding.similar_to, state.focus) if item]
    items = dict.fromkeys((*state.last_shown(), *pointed, *near))
    return Shelf(handles={f"P{n}": item_id for n, item_id in enumerate(items, start=1)})


def both(first: Shelf, second: Shelf) -> Shelf:
    """Two tools called at once: the later one's list, with all that both found out."""
    if second is first:
        return first
    later = second if second.cards or not first.cards else first
    return replace(
        later,
        evidence=merge(first.evidence, second.evidence),
        facts=tuple(dict.fromkeys((*first.facts, *second.facts))),
        said=tuple(dict.fromkeys((*first.said, *second.said))),
        notices=tuple(dict.fromkeys((*first.notices, *second.notices))),
        chips=tuple(dict.fromkeys((*first.chips, *second.chips))),
        table=second.table or first.table,
        question=second.question or first.question,
        calls=_calls(first, second),
    )


def _calls(first: Shelf, second: Shelf) -> tuple[ToolCall, ...]:
    shared = 0
    for mine, theirs in zip(first.calls, second.calls, strict=False):
        if mine != theirs:
            break
        shared += 1
    return (*first.calls, *second.calls[shared:])
