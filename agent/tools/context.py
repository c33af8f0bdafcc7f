"""What a tool knows beside its arguments: the shop, the shopper, what has been shown and what is out now."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.conditions import Where
from agent.dialogue import PendingQuestion
from agent.recommending.profiles import Shopper
from agent.records import Candidate, Card, Chip, Evidence, Reason, Table, ToolCall
from agent.shop_context import ShopContext


class Shelf:
    """What the tools of one turn have found and put out. Handles are stable through a conversation: ``P7`` is
    the seventh product that it dealt with. Safe for tools called in parallel.
    """

    def __init__(self, known: Sequence[str] = ()) -> None:
        """``known``: the products of earlier turns, in the order of their handles."""
        self._items: list[str] = list(known)
        self._places = {item_id: at for at, item_id in enumerate(self._items, start=1)}
        self._lock = threading.Lock()
        self.cards: tuple[Card, ...] = ()
        self.rows: dict[str, Any] = {}
        """What `find` made of products this turn, by item id."""
        self.reasons: dict[str, list[Reason]] = {}
        """All reasons that were told of a product this turn, by item id; a place in the list is a number for good."""
        self.listed = False
        """Whether the cards are a new list, which "the second" then points into."""
        self.evidence: dict[str, Evidence] = {}
        self.facts: list[str] = []
        self.table: Table | None = None
        self.chips: list[Chip] = []
        self.question: PendingQuestion | None = None
        self.loosened: tuple[str, ...] = ()
        """Labels of the conditions that gave way in what was found last."""
        self.unmeant: set[Where] = set()
        """Conditions that a model took back, as the shopper's words don't mean them."""
        self.considered: tuple[Candidate, ...] = ()
        self.calls: list[ToolCall] = []
        self.results: list[tuple[str, dict[str, Any], Any]] = []
        """Name, arguments and result of every call of a language model, in order."""

    def handle(self, item_id: str) -> str:
        """The product's handle, a new one where it has none."""
        with self._lock:
            if item_id not in self._places:
                self._items.append(item_id)
                self._places[item_id] = len(self._items)
            return f"P{self._places[item_id]}"

    def keep(self, rows: Iterable[Any]) -> None:
        """Keep rows that were found, with what backed the reasons that earlier ones of the products told."""
        with self._lock:
            for row in rows:
                before = self.rows.get(row.item_id)
                evidence = dict.fromkeys((*(before.evidence if before else ()), *row.evidence))
                self.rows[row.item_id] = row.model_copy(update={"evidence": tuple(evidence)})

    def numbers(self, item_id: str, reasons: Sequence[Reason]) -> tuple[int, ...]:
        """What the reasons are called in this turn ("P3.2" is the second of the third product)."""
        with self._lock:
            known = self.reasons.setdefault(item_id, [])
            told = {reason.text: at for at, reason in enumerate(known, 1)}
            for reason in reasons:
                if reason.text not in told:
                    known.append(reason)
                    told[reason.text] = len(known)
            return tuple(told[reason.text] for reason in reasons)

    def item(self, handle: str) -> str | None:
        """The product of a handle in any writing (``P2``, ``[p2]``, ``2``); None for an unknown one."""
        digits = "".join(c for c in str(handle) if c in "0123456789")
        place = int(digits) if digits and len(digits) < 6 else 0
        return self._items[place - 1] if 0 < place <= len(self._items) else None

    @property
    def known(self) -> tuple[str, ...]:
        """Every product with a handle, in order."""
        return tuple(self._items)

    def put_out(self, cards: Sequence[Card], *, listed: bool) -> None:
        """Show these cards; a list takes the place of what was out, a single product joins it."""
        with self._lock:
            if listed:
                self.cards, self.listed = tuple(cards), True
            else:
                have = {card.item_id for card in self.cards}
                self.cards = (*self.cards, *(card for card in cards if card.item_id not in have))

    def back(self, evidence: Iterable[Evidence] = (), facts: Iterable[str] = ()) -> None:
        """Keep what the words of this turn may rest on."""
        with self._lock:
            self.evidence.update((one.evidence_id, one) for one in evidence)
            self.facts.extend(fact for fact in facts if fact not in self.facts)


@dataclass(frozen=True)
class ToolContext:
    """The turn as every tool sees it. ``said``: conditions that the shopper stated outright; they hold in
    every `find` and for everything that is shown, whatever a caller asks for.
    """

    desk: ShopContext
    session_id: str
    user_id: str | None = None
    turn_id: str = ""
    shopper: Shopper = field(default_factory=Shopper)
    shelf: Shelf = field(default_factory=Shelf)
    said: tuple[Where, ...] = ()
    gift: bool = False
    """Whether it is for somebody else: then the shopper's own taste does not count."""
    listed: tuple[str, ...] = ()
    """Item ids of the list on the screen."""
    seen: frozenset[str] = frozenset()
    """All that this topic has shown."""
    rejected: frozenset[str] = frozenset()

    @property
    def required(self) -> tuple[Where, ...]:
        """What was said and holds in this turn."""
        return tuple(one for one in self.said if one not in self.shelf.unmeant)

    @property
    def buyer(self) -> Shopper:
        return self.shopper.without_history() if self.gift else self.shopper


def missing(context: ToolContext, handle: str) -> str:
    """What to tell a caller that names a product by a handle that is none."""
    known = context.shelf.known
    if context.shelf.item(handle):
        return f"{handle} is not in this shop any more"
    there = f"there are P1 to P{len(known)}" if known else "none was found yet: call find first"
    return f"no such handle {str(handle)[:20]!r}; {there}"
