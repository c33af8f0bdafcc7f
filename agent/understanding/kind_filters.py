"""What the products of a kind, or for a person, tell of an utterance: what it may look for, and whether it narrows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.conditions import BRAND, KIND, Where
from agent.dialogue import DialogueState, Topic
from agent.shop_context import ShopContext
from agent.tools.compile import Compiler
from agent.understanding.interpretation import SURE
from agent.understanding.kind_fields import KindFields
from agent.understanding.language.gift_cues import CARD, GIFT
from agent.understanding.language.request_cues import OUT_OF, SOME_ONE
from agent.understanding.moves import Moves
from agent.understanding.people import Person
from agent.understanding.person_conditions import person_conditions
from agent.understanding.resolved import Resolved
from agent.understanding.things import Sought
from retrieval.filters import And, Filter, Not


@dataclass(frozen=True)
class KindFilters:
    """Counts and compares products under the conditions of a kind, a person or an utterance."""

    desk: ShopContext

    def of_kinds(self, kinds: tuple[str, ...]) -> Filter:
        """What is of one of the kinds; everything where there are none."""
        if not kinds:
            return And()
        where = Topic(kinds=kinds).kind_guess()
        compiled = Compiler(self.desk.shop.search, self.desk.schema).compile(where)[0]
        return compiled.filter if compiled.filter is not None else And()

    def allowed(
        self, person: Person | None, unwanted: tuple[str, ...], state: DialogueState, text: str = ""
    ) -> Filter:
        """What a guess of the kind may be made of: for the person it is for, nothing of the ``unwanted`` kinds, and no
        card where the text asks for a gift.
        """
        refused = (Where(field=KIND, op="not in", value=unwanted),) if unwanted else ()
        kept = tuple(w for w in state.topic.where if w.is_negative or w.field != KIND)
        allowed = self._compiled((*self._for_person(person), *refused, *kept))
        gift = GIFT.search(text) and not CARD.search(text)
        return And((allowed, Not(self.desk.schema.greeting_cards))) if gift else allowed

    def consistent(self, sought: Sought, person: Person | None) -> Sought:
        """Without kinds that only their meaning suggests and that nobody like this person can have."""
        if not sought.kinds or sought.confidence >= SURE or person is None:
            return sought
        fits = And((self.of_kinds(sought.kinds), self._compiled(self._for_person(person))))
        return sought if self.desk.shop.search.count(fits) else replace(sought, kinds=(), confidence=0.0)

    def narrows(self, sought: Sought, topic: Topic, text: str) -> bool:
        """Whether a kind is asked for that is part of what is looked for: "only hoodies out of that"."""
        if not sought.kinds or sought.parts:
            return False
        if OUT_OF.search(text):
            return True
        count, own = self.desk.shop.search.count, self.of_kinds(sought.kinds)
        if not topic.kinds or set(sought.kinds) & set(topic.kinds):
            return False
        return count(And((own, self.of_kinds(topic.kinds)))) == count(own) > 0

    def takes_another(self, moves: Moves, text: str, items: Sequence[str], found: Resolved) -> bool:
        """Whether something is to be put into the cart that none of the products meant is: it is looked for."""
        if moves[0] != "add_to_cart":
            return False
        told = (BRAND,) if SOME_ONE.search(text) is None else tuple(w.field for w in found.where)
        asked = self._compiled(tuple(w for w in found.where if w.field in told and not w.is_negative))
        return bool(asked.parts) and not any(self.desk.fits(asked, p) for p in self.desk.products(items))

    def _for_person(self, person: Person | None) -> tuple[Where, ...]:
        return () if person is None else person_conditions(person, KindFields(self.desk)).where

    def _compiled(self, where: tuple[Where, ...]) -> And:
        compiled = Compiler(self.desk.shop.search, self.desk.schema).compile(where)
        return And(tuple(one.filter for one in compiled if one.filter is not None))
