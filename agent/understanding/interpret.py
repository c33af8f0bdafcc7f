"""From what the reader found to what it asks of this shop: one utterance, resolved in its conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from agent.conditions import ANYWHERE, BRAND, KIND, PRICE, TITLE, Prefer, Where
from agent.dialogue import DialogueState, Topic
from agent.shop_context import ShopContext
from agent.tools.compile import Compiler
from agent.tools.schema import Field
from agent.understanding.cart_lines import lines_in
from agent.understanding.conditions import Resolver
from agent.understanding.follow_ups import (
    cheaper,
    mentioned_of,
    remodelled,
    renumbered,
    taken_up,
    turned_round,
    unwanted_names,
)
from agent.understanding.having import having_of
from agent.understanding.hosts import fitting, host_in
from agent.understanding.interpretation import LIKELY, SEEKING, SURE, Interpretation
from agent.understanding.kind_fields import KindFields
from agent.understanding.labels import SpanLabel
from agent.understanding.language.follow_up_cues import (
    BOUNDED,
    FITTING,
    FOR_LESS,
    FRAGMENT,
    OF_USE,
    TOO_DEAR,
)
from agent.understanding.language.price_shares import share_of_price
from agent.understanding.language.repairs import CORRECTION
from agent.understanding.language.request_cues import COUNTED, EACH, OUT_OF, SIMILAR, SOME_ONE, SUMMED
from agent.understanding.language.text import stems
from agent.understanding.lexicon import Lexicon
from agent.understanding.marks import marks, only_marks
from agent.understanding.model_names import named_in_passing
from agent.understanding.moves import (
    DENYING,
    GUESSED,
    Moves,
    is_selecting,
    moves_in_talk,
    moves_read,
    moves_with_cart,
    moves_with_conditions,
    moves_with_kind,
    moves_with_marks,
    moves_with_order,
    moves_without_undo,
    only_tells,
)
from agent.understanding.orders import among_several, asked_of_a_kind, scale_of, with_orders
from agent.understanding.outright import is_one_amount, outright
from agent.understanding.people import Person, person_in, read_person
from agent.understanding.person_conditions import MARKED, is_made_for, person_conditions
from agent.understanding.reader import Read, Span
from agent.understanding.references import ORDINAL, Pointed, References
from agent.understanding.resolved import Resolved
from agent.understanding.scales import Scale
from agent.understanding.span_conditions import stated_in_spans
from agent.understanding.things import Sought, Things
from agent.understanding.utterance import (
    Utterance,
    denies,
    how_many,
    indifferent,
    is_among,
    is_gift,
    quantity,
    search_words,
    with_polarity,
    with_wanted,
    with_whole_names,
)
from retrieval.filters import And, Filter

_OF = re.compile(r"\s*(?:ones? )?(?:of|out of|from|among)\s*", re.I)
_ON_PRODUCTS = frozenset(("ask_product", "ask_buyers", "compare", "add_to_cart"))
"""Moves about products that may be named without being marked."""
_PLACE = re.compile(rf"\bthe (?:{ORDINAL.pattern})", re.I)
_OF_ONE = frozenset(("ask_product", "ask_buyers"))
_ONE_WITH = re.compile(r"\bthe (?:one|model|pair) (?:with|that(?:'s| is| has)|which(?: is| has)) the\b", re.I)
_ONE = re.compile(r"\W*(?:it|its|this|that)\W*", re.I)
_FITTING = frozenset(("seek", "refine", "goes_with", "ask_product", "ask_shop", "advice"))
"""Moves that what must fit a thing may be asked by."""
_CHOOSING = frozenset(("seek", "refine", "recommend", "compare", "ask_product", "ask_buyers"))
"""Moves that may ask which of two named products is better."""


@dataclass
class Interpreter:
    """Resolves what was read; one per opened shop. A few milliseconds an utterance."""

    desk: ShopContext
    lexicon: Lexicon = field(init=False)
    things: Things = field(init=False)

    def __post_init__(self) -> None:
        self.lexicon = Lexicon(self.desk.schema)
        self.things = Things(self.desk, self.lexicon)

    def interpret(self, text: str, read: Read, state: DialogueState) -> Interpretation:
        """What ``text`` asks for after ``state``."""
        said = with_wanted(with_whole_names(with_orders(Utterance.of(text, read))))
        said = self.things.parted(said, fresh=not state.listed)
        references = References(self.desk, state)
        marked_by_reader = said
        if state.exchanges:
            said = taken_up(said, str(read.main), state, references, self.lexicon)
        said, put_right = renumbered(said, state.topic.where)
        put_right = put_right or remodelled(said.text, state.topic.where, self.desk.shop.search.titled)
        spoken = said.text
        marking = marks(spoken, self.desk.schema)
        points = bool(said.marked(SpanLabel.REFERENCE))
        moves = moves_with_marks(moves_read(read, spoken), spoken, points, bool(marking))
        refused = unwanted_names(spoken, references, self.lexicon)
        varied = len(said.marked(SpanLabel.REFERENCE)) < len(marked_by_reader.marked(SpanLabel.REFERENCE))
        tells = moves[0] == "seek" and bool(state.topic.lists) and only_tells(said)
        moves = moves_in_talk(
            moves,
            said,
            state,
            varied=varied,
            corrected=bool(put_right),
            refused=bool(refused),
            tells=tells and not self.things.names_another(spoken, state.topic),
        )
        if (missed := self.things.missed(said)) is not None:
            said, moves = missed, ("seek",)
        if not state.listed and (extreme := asked_of_a_kind(said)) is not None:
            said, moves = extreme, ("seek",)
        if (
            not state.listed
            and (having := having_of(said, References(self.desk, state), moves[0])) is not None
        ):
            said, moves = having, ("seek",)
        if moves[0] == "seek" and not state.listed:
            said = self.things.joined(self.things.named(said))
        host = host_in(said, self.desk.shop.search.kinds) if moves[0] in _FITTING else None
        if host is not None:
            said, moves = host.said, ("seek",)
            spoken = said.text
        sought = self.things.sought(said, moves[0])
        moves = moves_with_cart(moves_with_kind(moves, read, said, sought), spoken)
        said = replace(
            said,
            spans=tuple(s for s in said.spans if s.label == SpanLabel.THING or not _is_in(s, sought.things)),
        )
        said, moves = self._with_brands(said, moves)
        person, given_up = _person(said), self.things.kinds_of(said.marked(SpanLabel.TAKEN_BACK))
        allowed = self._allowed(person, said, state)
        sought = self.things.named_or_guessed(sought, said, moves[0], state, allowed)
        sought = self._consistent(sought, person)
        resolver = self._resolver(sought, state, spoken)

        if moves[0] not in SEEKING:
            marking = ()
        if marking:
            said = replace(said, spans=tuple(s for s in said.spans if not only_marks(s.text)))
        marked = sorted((*said.marked(SpanLabel.CONDITION), *sought.values), key=lambda span: span.start)
        marked = self._joined(marked, spoken)
        conditions = with_polarity(spoken, marked)
        found = stated_in_spans(said, conditions, sought, "" if sought.things else state.subject, resolver)
        if person is not None:
            found = found + person_conditions(person, resolver.fields)
        if sought.kinds and (person is None or not (person.group or person.is_self)):
            found = found + Resolved(_same_person(state.topic, resolver))
        if host is not None:
            fits, elsewhere = fitting(host, resolver)
            found = found + fits
            sought = replace(sought, confidence=LIKELY) if elsewhere else sought
        if given_up and not sought.kinds:
            found = found + Resolved((Where(field=KIND, op="not in", value=given_up),))
        found = found + Resolved((*put_right, *refused))
        afresh = moves[0] == "seek" and _is_afresh(said, sought, found, resolver)
        found = _with_outright(sought.named + found, said, moves[0], resolver)
        if moves[0] in SEEKING and not any(w.field == PRICE for w in found.where):
            found = found + self._share_of_price(spoken, state)
        if moves[0] in SEEKING:
            found = found + Resolved(marking)
            names = named_in_passing(said, resolver)
            found = Resolved(prefer=names) + found  # a name tells more than a value
        moves = moves_with_conditions(moves, found.where)
        if (moves[0] == "refine" and not (found.where or sought.things)) or (
            moves[0] == "seek" and sought.kinds
        ):
            found = found + _asked(said, resolver)
        if moves[0] == "ask_product" and state.topic.kinds and FRAGMENT.fullmatch(spoken):
            valued = [w for w in _asked(said, resolver).where if w.field != ANYWHERE and w.value is not True]
            told = valued or (found.where and len(state.listed) > 1)
            if told and not said.marked(SpanLabel.REFERENCE):  # "USB-C plug?" asks to be shown it
                found, moves = found + Resolved(tuple(valued)), ("refine",)

        found = self._without_echo(found, spoken, state)
        turned = turned_round(spoken, state.topic)
        scale = turned or scale_of(said, moves[0], resolver)
        if scale is None and not any(w.field == PRICE for w in found.where):
            scale = cheaper(spoken, moves[0], state)
        moves = moves_with_order(moves, scale)
        pointed, moves = _pointed(said, references, read, moves, bool(found.where))
        if (
            moves[0] in _OF_ONE
            and scale is not None
            and (best := _the_one_with(spoken, scale, references, state))
        ):
            pointed, moves, scale = Pointed((best,)), (moves[0],), None
        if turned is not None:
            pointed = Pointed()  # "the other end of the scale" is no product
        if self._takes_another(moves, spoken, pointed.item_ids or state.listed, found):
            pointed, moves = Pointed(), ("refine",)
        if self._fits_what_is_meant(moves, spoken, sought, pointed):
            moves = ("goes_with",)
        like = _like(said, pointed)
        among = bool(state.listed) and is_among(spoken, pointed, sought.things)
        corrects = CORRECTION.search(text) is not None
        if corrects:
            found = replace(found, where=_put_right(found.where))
        if corrects and state.focus and state.topic.is_empty and found.where and not sought.things:
            pointed, among = Pointed((state.focus,)), True  # of what was just put into the cart
        if among and is_selecting(moves, spoken, scale, read) and len(state.listed) > 1:
            asked = Resolved() if found.where else _asked(said, resolver)
            if found.where or asked.where:
                found, moves, pointed = found + asked, ("refine",), Pointed()
        by_place = bool(pointed.item_ids) and any(
            ORDINAL.search(span.text) for span in said.marked(SpanLabel.REFERENCE)
        )
        if by_place and moves[0] == "undo":
            moves = ("refine",)
        if among or moves[0] == "add_to_cart":
            several = pointed.item_ids if among and len(pointed.item_ids) > 1 else state.listed
            scale = among_several(scale, spoken, several)
        lines: tuple[tuple[str, int], ...] = ()
        if moves[0] == "add_to_cart":
            lines = lines_in(spoken, said.marked(SpanLabel.REFERENCE), references)
        return Interpretation(
            text=text,
            moves=moves if like is None else ("refine",),
            thing=sought.thing,
            kinds=sought.kinds,
            kind_confidence=sought.confidence,
            parts=sought.parts,
            shared=bool(sought.parts) and not EACH.search(spoken),
            where=tuple(
                w for w in dict.fromkeys(found.joined().where) if not _refuses_the_kind(w, sought.kinds)
            ),
            unmet=found.unmet,
            prefer=tuple(p for p in dict.fromkeys(found.prefer) if not _is_the_kind(p, sought.kinds)),
            words=_query(said, sought, found, moves[0], scale),
            scale=scale,
            among=among,
            pointed=pointed,
            by_place=by_place,
            unresolved="" if pointed.item_ids else said.words_of(SpanLabel.REFERENCE),
            afresh=afresh,
            corrects=corrects,
            within=bool(state.listed) and self._narrows(sought, state.topic, spoken),
            like=like,
            asked=said.words_of(SpanLabel.ASKED),
            taken_back=(
                *(s.text for s in said.marked(SpanLabel.TAKEN_BACK)),
                *indifferent(spoken, conditions),
            ),
            given_up=given_up,
            recipient=said.first(SpanLabel.RECIPIENT),
            person=person,
            gift=is_gift(spoken, said.first(SpanLabel.RECIPIENT), person),
            count=how_many(spoken),
            quantity=quantity(spoken, [*said.marked(SpanLabel.REFERENCE), *marked]),
            lines=lines,
        )

    def _with_brands(self, said: Utterance, moves: Moves) -> tuple[Utterance, Moves]:
        """With brands that the reader took for products as what is asked of a kind: "samsung or lg tv under 600"."""
        brands = [
            span
            for span in said.marked(SpanLabel.REFERENCE)
            if any(meaning.where.field == BRAND for meaning in self.lexicon.exactly(span.text))
        ]
        if not brands or "seek" not in moves or not said.marked(SpanLabel.THING):
            return said, moves
        asked = (replace(span, label=SpanLabel.CONDITION) for span in brands)
        spans = tuple(sorted((*said.without(brands), *asked), key=lambda span: span.start))
        return replace(said, spans=spans), ("seek", *(m for m in moves if m not in ("seek", "compare")))

    def _resolver(self, sought: Sought, state: DialogueState, text: str) -> Resolver:
        """The resolver for what is sought, else for what the conversation is about."""
        topic = state.topic
        kinds = sought.kinds or topic.kinds
        is_one_kind = len(self.desk.shop.search.table.paths) == 1
        expects = state.pending.slot if state.pending else ""
        return Resolver(
            self.desk,
            self.lexicon,
            kind=self._filter(kinds) if sought.confidence >= LIKELY or not sought.things else And(),
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

    def _narrows(self, sought: Sought, topic: Topic, text: str) -> bool:
        """Whether a kind is asked for that is part of what is looked for: "only hoodies out of that"."""
        if not sought.kinds or sought.parts:
            return False
        if OUT_OF.search(text):
            return True
        count, own = self.desk.shop.search.count, self._filter(sought.kinds)
        if not topic.kinds or set(sought.kinds) & set(topic.kinds):
            return False
        return count(And((own, self._filter(topic.kinds)))) == count(own) > 0

    def _share_of_price(self, text: str, state: DialogueState) -> Resolved:
        """The part of what the product talked about costs that may be spent: "for half of it"."""
        part = share_of_price(text)
        shown = self.desk.products(state.listed[:1]) if part is not None else []
        if part is None or not shown or shown[0].price is None:
            return Resolved()
        return Resolved((Where(field=PRICE, op="<=", value=round(shown[0].price * part, 2)),))

    def _without_echo(self, found: Resolved, text: str, state: DialogueState) -> Resolved:
        """Without the price of a product shown that is only told back: "seventy four, is there another for less?"."""
        if BOUNDED.search(text) or not (TOO_DEAR.search(text) or FOR_LESS.search(text)):
            return found
        shown = {round(p.price) for p in self.desk.products(state.listed) if p.price is not None}
        where = tuple(
            w
            for w in found.where
            if not (w.field == PRICE and isinstance(w.value, float) and round(w.value) in shown)
        )
        return replace(found, where=where)

    def _fits_what_is_meant(self, moves: Moves, text: str, sought: Sought, pointed: Pointed) -> bool:
        """Whether a thing is sought that goes with a product of another kind: "replacement heads for the kids one"."""
        if (
            moves[0] not in ("ask_product", "seek", "refine")
            or sought.confidence < SURE
            or not pointed.item_ids
        ):
            return False
        own = self._filter(sought.kinds)
        apart = not any(self.desk.fits(own, product) for product in self.desk.products(pointed.item_ids))
        return apart and bool(sought.kinds and sought.things and FITTING.search(text))

    def _takes_another(self, moves: Moves, text: str, items: Sequence[str], found: Resolved) -> bool:
        """Whether something is to be put into the cart that none of the products meant is: it is looked for."""
        if moves[0] != "add_to_cart":
            return False
        told = (BRAND,) if SOME_ONE.search(text) is None else tuple(w.field for w in found.where)
        asked = self._compiled(tuple(w for w in found.where if w.field in told and not w.is_negative))
        return bool(asked.parts) and not any(self.desk.fits(asked, p) for p in self.desk.products(items))

    def _allowed(self, person: Person | None, said: Utterance, state: DialogueState) -> Filter:
        """What a guess of the kind may be made of: for the person it is for, nothing that is refused."""
        unwanted = self.things.kinds_of(
            (*said.marked(SpanLabel.EXCLUDED), *said.marked(SpanLabel.TAKEN_BACK))
        )
        refused = (Where(field=KIND, op="not in", value=unwanted),) if unwanted else ()
        kept = tuple(w for w in state.topic.where if w.is_negative or w.field != KIND)
        return self._compiled((*self._for_person(person), *refused, *kept))

    def _consistent(self, sought: Sought, person: Person | None) -> Sought:
        """Without kinds that only their meaning suggests and that nobody like this person can have."""
        if not sought.kinds or sought.confidence >= SURE or person is None:
            return sought
        fits = And((self._filter(sought.kinds), self._compiled(self._for_person(person))))
        return sought if self.desk.shop.search.count(fits) else replace(sought, kinds=(), confidence=0.0)

    def _for_person(self, person: Person | None) -> tuple[Where, ...]:
        return () if person is None else person_conditions(person, self._all_fields).where

    @property
    def _all_fields(self) -> KindFields:
        return KindFields(self.desk)

    def _compiled(self, where: tuple[Where, ...]) -> And:
        compiled = Compiler(self.desk.shop.search, self.desk.schema).compile(where)
        return And(tuple(one.filter for one in compiled if one.filter is not None))

    def _filter(self, kinds: tuple[str, ...]) -> Filter:
        if not kinds:
            return And()
        where = Topic(kinds=kinds).kind_guess()
        compiled = Compiler(self.desk.shop.search, self.desk.schema).compile(where)[0]
        return compiled.filter if compiled.filter is not None else And()


def _person(said: Utterance) -> Person | None:
    recipients = said.words_of(SpanLabel.RECIPIENT)
    marked = read_person(recipients) if recipients else None
    return marked if marked is not None and (marked.group or marked.age) else person_in(said.text) or marked


def _put_right(where: Sequence[Where]) -> tuple[Where, ...]:
    """Without what a correction only takes back: "orange I meant, not blue" may come in blue as well."""
    meant = {w.field for w in where if not w.is_negative}
    return tuple(w for w in where if not (w.is_negative and w.field in meant))


def _same_person(topic: Topic, resolver: Resolver) -> tuple[Where, ...]:
    """Whom the talk has been for, where most of what is now sought is marked so: who needs a jacket for his wife
    and then asks for shorts still means her.
    """
    fields = resolver.fields
    return tuple(
        where
        for where in topic.where
        if where.op in ("=", "in")
        and isinstance(own := fields.schema.field(where.field), Field)
        and is_made_for(own)
        and fields.states(own, MARKED)
    )


def _is_afresh(said: Utterance, sought: Sought, found: Resolved, resolver: Resolver) -> bool:
    """Whether only values are asked for, which products of the kind can't have."""
    if sought.kinds or sought.named.where or said.marked(SpanLabel.THING):
        return False
    return bool(found.where) and all(resolver.values.is_foreign(w) for w in found.where)


def _with_outright(found: Resolved, said: Utterance, move: str, resolver: Resolver) -> Resolved:
    """With what the text denies or states outright, whatever the reader marked."""
    found = resolver.exclusions.denied(said.text, found)
    if move in SEEKING or OF_USE.search(said.text):
        found = found + outright(said.text, found, resolver, said.spans)
    return resolver.exclusions.without(said.text, found)


def _asked(said: Utterance, resolver: Resolver) -> Resolved:
    """What a refinement asks about: "cast iron?" asks to be shown it."""
    found = Resolved()
    for span in said.marked(SpanLabel.ASKED):
        found = found + resolver.condition(span.text)
    return found


def _is_in(span: Span, things: Sequence[Span]) -> bool:
    return any(thing.start <= span.start and span.end <= thing.end for thing in things)


def _the_one_with(text: str, scale: Scale, references: References, state: DialogueState) -> str | None:
    """The product at the end of a scale of which something is asked: "the one with the most space, what colour is it"."""
    if not (scale.superlative and scale.known and len(state.listed) > 1 and _ONE_WITH.search(text)):
        return None
    return references.best(scale, state.listed)


def _is_the_kind(wish: Prefer, kinds: Sequence[str]) -> bool:
    """Whether a wish for a value only says what kind is sought ("mouse" in a field of adapters)."""
    said = set(stems(str(wish.value))) if wish.aim == "has" and isinstance(wish.value, str) else set()
    return bool(said) and any(said == set(stems(kind.split(">")[-1])) for kind in kinds)


def _refuses_the_kind(where: Where, kinds: Sequence[str]) -> bool:
    """Whether a value would be refused that is the kind itself: "not a tablet, an actual phone"."""
    own = {stems(kind.split(">")[-1]) for kind in kinds}
    return where.is_negative and where.field != KIND and all(stems(text) in own for text in where.texts)


def _query(said: Utterance, sought: Sought, found: Resolved, move: str, scale: Scale | None) -> str:
    """What is searched by: where only a need is told, all of it, as each word may point at what serves."""
    if move == "seek" and scale is None and not (sought.things or sought.confidence >= SURE):
        return said.text
    return search_words(said.text, said.without((*sought.things, *sought.values)), found)


def _pointed(
    said: Utterance, references: References, read: Read, moves: Moves, has_conditions: bool
) -> tuple[Pointed, Moves]:
    """The products that the utterance points at, and its moves: what is denied is rejected."""
    spans = said.marked(SpanLabel.REFERENCE)
    pointed = _products(said, references, moves[0])
    open_choice = len(pointed.item_ids) < 2 or pointed.by_name
    if moves[0] in _CHOOSING and open_choice and (two := references.either(said.text)):
        return Pointed(two, by_name=True), ("compare",)
    if has_conditions:
        moves = moves_without_undo(moves, read)
    if moves[0] in DENYING and (places := references.at_place(said.text)):
        return Pointed(places), ("reject",)
    if pointed.item_ids and moves[0] in GUESSED and denies(said.text, spans):
        moves = ("reject", *moves)
    return pointed, moves


def _products(said: Utterance, references: References, move: str) -> Pointed:
    """The products that references point at; else those that a question about products names."""
    spans = said.marked(SpanLabel.REFERENCE)
    if not spans and move in _ON_PRODUCTS:
        named = references.named(said.text)
        return Pointed(named.item_ids, named.by_name)
    if move == "add_to_cart" and COUNTED.search(said.text):
        return references.resolve("it")  # "two of those then": of what is talked about
    if move in _OF_ONE and any(_ONE.fullmatch(span.text) for span in spans):
        spans = spans[:1]  # "is the second waterproof and has it a hood", "how long is it on the charger"
    if move in _OF_ONE and all(_ONE.fullmatch(span.text) for span in spans):
        placed = references.resolve(place[0]) if (place := _PLACE.search(said.text)) else Pointed()
        if len(placed.item_ids) == 1:
            return placed
    if move in _OF_ONE:
        spans = [span for span in spans if not references.is_part(span.text)]
    found = [references.resolve(span.text) for span in spans]
    for at, (one, other) in enumerate(pairwise(spans)):
        if _OF.fullmatch(said.text[one.end : other.start]) and (
            best := references.extreme(one.text, found[at + 1].item_ids)
        ):
            return Pointed((best,))  # "the cheaper of the first two"
    items = dict.fromkeys(item_id for pointed in found for item_id in pointed.item_ids)
    by_name = any(p.by_name for p in found)
    several = move == "compare" or SUMMED.search(said.text)
    if several and len(items) < 2 and len(called := references.names_in(said.text)) > 1:
        items, by_name = dict.fromkeys((*items, *called)), True
    return Pointed(tuple(items), by_name, any(p.whole_list for p in found))


def _like(said: Utterance, pointed: Pointed) -> str | None:
    """The product that others should resemble."""
    before = (said.text[: span.start] for span in said.marked(SpanLabel.REFERENCE))
    alike = len(pointed.item_ids) == 1 and any(SIMILAR.search(words) for words in before)
    return pointed.item_ids[0] if alike else None
