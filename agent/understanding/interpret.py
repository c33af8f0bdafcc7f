"""From what the reader found to what it asks of this shop: one utterance, resolved in its conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agent.conditions import ANYWHERE, KIND, PRICE, TITLE, Where
from agent.dialogue import DialogueState
from agent.shop_context import ShopContext
from agent.understanding.beside import Beside
from agent.understanding.cart_lines import lines_in
from agent.understanding.conditions import Resolver
from agent.understanding.draft import Draft
from agent.understanding.errands import Errands
from agent.understanding.follow_ups import (
    cheaper,
    mentioned_of,
    no_longer_asked,
    put_right,
    still_asked,
    taken_up,
    turned_round,
    unwanted_names,
)
from agent.understanding.having import having_of
from agent.understanding.hosts import fitting, host_in
from agent.understanding.interpretation import LIKELY, SEEKING, Interpretation
from agent.understanding.kind_filters import KindFilters
from agent.understanding.labels import SpanLabel
from agent.understanding.language.repairs import CORRECTION
from agent.understanding.language.request_cues import EACH
from agent.understanding.lexicon import Lexicon
from agent.understanding.likings import liked, with_tastes
from agent.understanding.marks import marks, only_marks
from agent.understanding.model_names import named_in_passing
from agent.understanding.moves import (
    asks_of_shown,
    is_selecting,
    is_value,
    moves_and_request,
    moves_in_talk,
    moves_read,
    moves_with_cart,
    moves_with_conditions,
    moves_with_kind,
    moves_with_marks,
    moves_with_order,
    only_tells,
)
from agent.understanding.named_products import Pointed
from agent.understanding.orders import among_several, asked_of_a_kind, scale_of, with_orders
from agent.understanding.outright import is_one_amount
from agent.understanding.person_conditions import conditions_of, told_of_another
from agent.understanding.pointing import OF_ONE, likened_to, pointed_at, the_one_with
from agent.understanding.reader import Read, Span
from agent.understanding.references import ORDINAL, References
from agent.understanding.resolved import Resolved
from agent.understanding.shown_prices import share_of_shown, without_echo
from agent.understanding.span_conditions import stated_in_spans
from agent.understanding.stated import (
    asked_conditions,
    is_afresh,
    is_in,
    is_refused,
    is_the_kind,
    person_of,
    query_of,
    refuses_the_kind,
    same_person,
    with_outright,
    without_forbidden,
    without_taken_back,
)
from agent.understanding.things import Sought, Things
from agent.understanding.titled_names import with_name
from agent.understanding.told_alone import with_values_alone
from agent.understanding.utterance import (
    Utterance,
    how_many,
    indifferent,
    is_among,
    is_gift,
    quantity,
    with_polarity,
    with_wanted,
    with_whole_names,
)
from retrieval.filters import And

_FITTING = frozenset(("seek", "refine", "goes_with", "ask_product", "ask_shop", "advice"))
"""Moves that what must fit a thing may be asked by."""
_NAMING = frozenset(("seek", "refine", "reject", "ask_shop"))
"""Moves that a product's name alone may be asked for by."""


@dataclass
class Interpreter:
    """Resolves what was read; one per opened shop. A few milliseconds an utterance."""

    desk: ShopContext
    lexicon: Lexicon = field(init=False)
    things: Things = field(init=False)
    filters: KindFilters = field(init=False)

    def __post_init__(self) -> None:
        self.lexicon = Lexicon(self.desk.schema)
        self.things = Things(self.desk, self.lexicon)
        self.filters = KindFilters(self.desk)

    def interpret(self, text: str, read: Read, state: DialogueState, afresh: bool = False) -> Interpretation:
        """What ``text`` asks for after ``state``; ``afresh``: whatever was looked for before."""
        draft = self._heard(text, read, state)
        if afresh:
            draft.start_afresh()
        self._turn_to_products(draft)
        self._look_for(draft)
        resolver = self._resolver(draft.sought, state, draft.spoken)
        self._bind(draft, resolver)
        self._order(draft, resolver)
        self._point(draft, resolver)
        return self._result(draft)

    def _heard(self, text: str, read: Read, state: DialogueState) -> Draft:
        """What is said and which moves it makes, in the talk so far."""
        said = with_tastes(with_wanted(with_whole_names(with_orders(Utterance.of(text, read)))))
        said = without_forbidden(said)
        said = self.things.marks.parted(said, fresh=not state.listed)
        references = References(self.desk, state)
        marked_by_reader = said
        if state.exchanges:
            said = still_asked(said, state.topic.where)
            said = taken_up(said, str(read.main), state, references, self.lexicon)
        said, right = put_right(said, state, references, self.desk.shop.search.titled)
        spoken = said.text
        marking = marks(spoken, self.desk.schema)
        points = bool(said.marked(SpanLabel.REFERENCE))
        moves = moves_with_marks(moves_read(read, spoken), spoken, points, bool(marking))
        refused = unwanted_names(spoken, references, self.lexicon)
        tells = moves[0] == "seek" and bool(state.topic.lists) and only_tells(said)
        moves = moves_in_talk(
            moves,
            said,
            state,
            varied=len(said.marked(SpanLabel.REFERENCE)) < len(marked_by_reader.marked(SpanLabel.REFERENCE)),
            corrected=bool(right),
            refused=bool(refused),
            tells=tells and not self.things.names_another(spoken, state.topic),
        )
        of_kind = self._resolver(Sought(), state, text).fields
        alone = with_values_alone(said, of_kind, self.lexicon) if state.topic.lists else None
        said, moves = (said, moves) if alone is None else (alone, ("refine",))
        found = Resolved((*right, *refused))
        return Draft(text, read, state, references, said, spoken, moves, marking, found, alone is not None)

    def _turn_to_products(self, draft: Draft) -> None:
        """Requests for products that the reader took for something else, or whose thing it did not mark."""
        state = draft.state
        if (missed := self.things.marks.missed(draft.said, fresh=not state.listed)) is not None:
            draft.turn_to(missed)
        if not state.listed and (extreme := asked_of_a_kind(draft.said)) is not None:
            draft.turn_to(extreme)
        if (
            not state.listed
            and (having := having_of(draft.said, draft.references, draft.moves[0])) is not None
        ):
            draft.turn_to(having)
        if draft.moves[0] == "seek" and not state.listed:
            draft.said = self.things.marks.joined(self.things.marks.named(draft.said))
        if draft.moves[0] in _FITTING:
            draft.host = host_in(draft.said, self.desk.shop.search.kinds)
        if draft.host is not None:
            draft.turn_to(draft.host.said)
            draft.spoken = draft.said.text
        if draft.moves[0] in _NAMING and not draft.references.names.either(draft.said.text):
            named = with_name(draft.said, self.desk, self.lexicon, state.listed)
            if named is not draft.said:
                draft.turn_to(named)

    def _look_for(self, draft: Draft) -> None:
        """What is looked for, and for whom."""
        sought = self.things.sought(draft.said, draft.moves[0])
        beside = Beside(self.desk, draft.state.topic, draft)
        if not draft.is_placed and beside.is_sought(draft, sought):
            sought = beside.taken_up(draft, sought)
        elif not (draft.is_placed or sought.is_told) and Errands(self.desk).is_another(
            draft.said, draft.moves, draft.state
        ):
            beside.take_over(draft)
        moves = moves_with_kind(draft.moves, draft.read, draft.said, sought)
        draft.moves = moves_and_request(moves_with_cart(moves, draft.spoken), draft.said, sought)
        draft.keep(lambda span: span.label == SpanLabel.THING or not is_in(span, sought.things))
        draft.said, draft.moves = self.things.marks.with_brands(draft.said, draft.moves)
        draft.person = person_of(draft.said)
        draft.given_up = self.things.kinds_of(draft.said.marked(SpanLabel.TAKEN_BACK))
        unwanted = self.things.kinds_of(
            (*draft.said.marked(SpanLabel.EXCLUDED), *draft.said.marked(SpanLabel.TAKEN_BACK))
        )
        allowed = self.filters.allowed(draft.person, unwanted, draft.state, draft.spoken)
        if draft.need and not sought.things:
            sought = beside.told(draft.need)
        else:
            sought = self.things.named_or_guessed(sought, draft.said, draft.moves[0], draft.state, allowed)
        draft.sought = self.filters.consistent(sought, draft.person)

    def _bind(self, draft: Draft, resolver: Resolver) -> None:
        """The conditions and wishes, by everything that tells them."""
        if draft.moves[0] not in SEEKING:
            draft.marking = ()
        if draft.marking:
            draft.keep(lambda span: not only_marks(span.text))
        said, spoken, state, sought = draft.said, draft.spoken, draft.state, draft.sought
        marked = sorted((*said.marked(SpanLabel.CONDITION), *sought.values), key=lambda span: span.start)
        draft.marked = self._joined(marked, spoken)
        draft.conditions = with_polarity(spoken, draft.marked)
        subject = "" if sought.things else state.subject
        found = stated_in_spans(said, draft.conditions, sought, subject, resolver)
        found = found + self._of_person(draft, resolver)
        if draft.host is not None:
            fits, elsewhere = fitting(draft.host, resolver)
            found = found + fits
            sought = draft.sought = replace(sought, confidence=LIKELY) if elsewhere else sought
        if draft.given_up and not sought.kinds:
            found = found + Resolved((Where(field=KIND, op="not in", value=draft.given_up),))
        found = found + draft.put_right
        draft.afresh |= draft.moves[0] == "seek" and is_afresh(said, sought, found, resolver)
        found = with_outright(sought.named + found, said, draft.moves[0], resolver)
        if draft.moves[0] in SEEKING:
            if not any(w.field == PRICE for w in found.where):
                found = found + share_of_shown(spoken, state.listed, self.desk)
            names = (name for name in named_in_passing(said, resolver) if not is_refused(name, found.where))
            named = Resolved(prefer=tuple(names))  # a name tells more than a value
            found = named + found + Resolved(draft.marking)
        draft.moves = moves_with_conditions(draft.moves, found.where, spoken)
        draft.found = found
        self._bind_asked(draft, resolver)
        draft.found = without_echo(draft.found, spoken, state.listed, self.desk)

    def _of_person(self, draft: Draft, resolver: Resolver) -> Resolved:
        """What follows from whom it is for, now or in the talk so far."""
        person, found = draft.person, Resolved()
        if person is not None:
            found = conditions_of(person, resolver.fields, draft.sought.confidence)
        if draft.moves[0] in SEEKING and not (person is not None and person.is_self):
            found = found + liked(draft.said.text, resolver.fields)
        told = person is not None and (person.group or person.is_self)
        if draft.sought.kinds and not told and draft.moves[0] != "start_over":
            found = found + Resolved(same_person(draft.before or draft.state.topic, resolver))
        return found

    @staticmethod
    def _bind_asked(draft: Draft, resolver: Resolver) -> None:
        """What is asked about as a condition, where that is meant: "cast iron?", "USB-C plug?"."""
        said, state, move = draft.said, draft.state, draft.moves[0]
        bare = move == "refine" and not (draft.found.where or draft.sought.things)
        if bare or (move == "seek" and draft.sought.kinds):
            draft.found = draft.found + asked_conditions(said, resolver)
        if draft.moves[0] == "ask_product" and state.topic.kinds and is_value(draft.spoken):
            valued = [
                w
                for w in asked_conditions(said, resolver).where
                if w.field != ANYWHERE and w.value is not True
            ]
            told = valued or (draft.found.where and len(state.listed) > 1)
            if told and not said.marked(SpanLabel.REFERENCE) and not asks_of_shown(draft.spoken):
                draft.found, draft.moves = draft.found + Resolved(tuple(valued)), ("refine",)

    @staticmethod
    def _order(draft: Draft, resolver: Resolver) -> None:
        """The order that is asked for: turned round, said, or meant by "too dear"."""
        turned = turned_round(draft.spoken, draft.state.topic)
        scale = turned or scale_of(draft.said, draft.moves[0], resolver)
        if scale is None and not any(w.field == PRICE for w in draft.found.where):
            scale = cheaper(draft.spoken, draft.moves[0], draft.state)
        draft.scale, draft.turns_round = scale, turned is not None
        draft.moves = moves_with_order(draft.moves, scale)

    def _point(self, draft: Draft, resolver: Resolver) -> None:
        """The products that are pointed at, and what that makes of the moves."""
        said, spoken, state = draft.said, draft.spoken, draft.state
        draft.pointed, draft.moves = pointed_at(
            said, draft.references, draft.read, draft.moves, bool(draft.found.where)
        )
        best = the_one_with(spoken, draft.scale, draft.references, state.listed)
        if best is not None and draft.moves[0] in OF_ONE:
            draft.pointed, draft.moves, draft.scale = Pointed((best,)), (draft.moves[0],), None
        if draft.turns_round:
            draft.pointed = Pointed()  # "the other end of the scale" is no product
        if self.filters.takes_another(
            draft.moves, spoken, draft.pointed.item_ids or state.listed, draft.found
        ):
            draft.pointed, draft.moves = Pointed(), ("refine",)
        draft.like = likened_to(said, draft.pointed, state.focus)
        if draft.like is not None and not draft.sought.things:
            draft.sought = replace(draft.sought, kinds=(), confidence=0.0)  # of what kind, it tells itself
        draft.among = bool(state.listed) and is_among(spoken, draft.pointed, draft.sought.things)
        self._correct(draft)
        if (
            draft.among
            and is_selecting(draft.moves, spoken, draft.scale, draft.read)
            and len(state.listed) > 1
        ):
            asked = Resolved() if draft.found.where else asked_conditions(said, resolver)
            if draft.found.where or asked.where:
                draft.found, draft.moves, draft.pointed = draft.found + asked, ("refine",), Pointed()
        draft.by_place = bool(draft.pointed.item_ids) and any(
            ORDINAL.search(span.text) for span in said.marked(SpanLabel.REFERENCE)
        )
        draft.by_place = draft.by_place or bool(draft.references.of_earlier(said.text))
        if draft.by_place and draft.moves[0] == "undo":
            draft.moves = ("refine",)
        if draft.among or draft.moves[0] == "add_to_cart":
            chosen = draft.pointed.item_ids
            several = chosen if draft.among and len(chosen) > 1 else state.listed
            draft.scale = among_several(draft.scale, spoken, several)

    @staticmethod
    def _correct(draft: Draft) -> None:
        """What a correction takes back, and what it is of."""
        state = draft.state
        draft.corrects = CORRECTION.search(draft.text) is not None
        if draft.corrects:
            draft.found = replace(draft.found, where=without_taken_back(draft.found.where))
            alone = state.topic.is_empty and draft.found.where and not draft.sought.things
            if state.focus and alone:
                draft.pointed, draft.among = (
                    Pointed((state.focus,)),
                    True,
                )  # of what was just put into the cart

    def _result(self, draft: Draft) -> Interpretation:
        said, sought, found, spoken = draft.said, draft.sought, draft.found, draft.spoken
        where = tuple(w for w in dict.fromkeys(found.joined().where) if not refuses_the_kind(w, sought.kinds))
        recipient, referred = said.first(SpanLabel.RECIPIENT), said.marked(SpanLabel.REFERENCE)
        return Interpretation(
            text=draft.text,
            moves=draft.moves if draft.like is None else ("refine",),
            thing=sought.thing,
            kinds=sought.kinds,
            kind_confidence=sought.confidence,
            parts=sought.parts,
            shared=bool(sought.parts) and not EACH.search(spoken),
            where=where,
            unmet=found.unmet,
            prefer=tuple(p for p in dict.fromkeys(found.prefer) if not is_the_kind(p, sought.kinds)),
            words=draft.need or query_of(said, sought, found, draft.moves[0], draft.scale),
            scale=draft.scale,
            among=draft.among,
            pointed=draft.pointed,
            by_place=draft.by_place,
            unresolved="" if draft.pointed.item_ids else said.words_of(SpanLabel.REFERENCE),
            afresh=draft.afresh,
            corrects=draft.corrects,
            within=bool(draft.state.listed) and self.filters.narrows(sought, draft.state.topic, spoken),
            like=draft.like,
            asked=said.words_of(SpanLabel.ASKED),
            taken_back=(
                *(s.text for s in said.marked(SpanLabel.TAKEN_BACK)),
                *indifferent(spoken, draft.conditions),
                *told_of_another(draft.person, draft.state.topic),
                *no_longer_asked(said, where, draft.state, self.lexicon),
            ),
            given_up=draft.given_up,
            recipient=recipient,
            person=draft.person,
            gift=is_gift(spoken, recipient, draft.person),
            count=how_many(spoken),
            quantity=quantity(spoken, [*referred, *draft.marked]),
            lines=lines_in(spoken, referred, draft.references) if draft.moves[0] == "add_to_cart" else (),
        )

    def _resolver(self, sought: Sought, state: DialogueState, text: str) -> Resolver:
        """The resolver for what is sought, else for what the conversation is about."""
        topic = state.topic
        kinds = sought.kinds or topic.kinds
        is_one_kind = len(self.desk.shop.search.table.paths) == 1
        expects = state.pending.slot if state.pending else ""
        return Resolver(
            self.desk,
            self.lexicon,
            kind=self.filters.of_kinds(kinds) if sought.confidence >= LIKELY or not sought.things else And(),
            known=bool(kinds or sought.named.where) or is_one_kind,
            expects=expects if expects == PRICE else "",
            in_force=mentioned_of(
                [w for w in topic.where if isinstance(w.value, float) or w.field == TITLE], text
            ),
        )

    def _joined(self, spans: Sequence[Span], text: str) -> list[Span]:
        """Spans that are one value of the shop together, or one amount: "cream with black" is no choice of two."""
        joined: list[Span] = []
        for span in spans:
            before = joined[-1] if joined else None
            if before is not None and (
                is_one_amount(text, before, span) or self.lexicon.exactly(text[before.start : span.end])
            ):
                joined[-1] = replace(before, end=span.end, text=text[before.start : span.end])
            else:
                joined.append(span)
        return joined
