"""Another thing beside the one talked about, for it or to go with it: "a strap for it", "something to hold it up"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from agent.dialogue import Topic
from agent.shop_context import ShopContext
from agent.understanding.draft import Draft
from agent.understanding.interpretation import LIKELY, SURE
from agent.understanding.kind_filters import KindFilters
from agent.understanding.labels import SpanLabel
from agent.understanding.language.errand_cues import FOR_IT, IT, agent_nouns
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.request_cues import GOING, PRONOUN, VAGUE_HEADS
from agent.understanding.language.text import stems
from agent.understanding.reader import Span
from agent.understanding.things import Sought
from agent.understanding.unnamed_kinds import UnnamedKinds
from agent.understanding.utterance import Utterance, is_vague
from retrieval.filters import And, Filter, Not
from retrieval.records import Product

_ASKING = frozenset(("seek", "refine", "ask_product", "add_to_cart"))
"""Moves that a thing for the one talked about may be asked by."""
_AN = re.compile(r"\b(?:an?|some|any|spare|extra|matching)\s+(?:[\w'-]+\s+){0,2}$", re.I)
"""Before the name of a thing that is none of those shown."""


@dataclass(frozen=True)
class Beside:
    """Tells that a thing is sought for what is talked about, and what kind it then is."""

    desk: ShopContext
    topic: Topic
    """What is talked about."""
    draft: Draft
    """The utterance that may ask for it."""

    @cached_property
    def products(self) -> tuple[str, ...]:
        """Item ids of those meant, the one talked about first; read before the utterance becomes another errand."""
        state, references = self.draft.state, self.draft.said.marked(SpanLabel.REFERENCE)
        pointed = [i for span in references for i in self.draft.references.resolve(span.text).item_ids]
        return tuple(dict.fromkeys((*pointed, *((state.focus,) if state.focus else ()), *state.listed)))

    @property
    def former(self) -> str:
        """What the shop calls the thing talked about; empty where nothing was shown."""
        (product, *_) = (*self.desk.products(self.products[:1]), None)
        kinds = self.topic.kinds
        if product is None:
            return ""
        if not kinds or not self._is_of(product, kinds):
            return product.category[-1].lower() if product.category else ""
        named = {s for kind in kinds for s in stems(kind)}
        if self.topic.thing and set(stems(self.topic.thing)) <= named:
            return self.topic.thing
        return kinds[0].split(">")[-1].strip().lower()

    def is_sought(self, draft: Draft, sought: Sought) -> bool:
        """Whether another thing is asked for, by its name or its use, that goes with what is talked about; who names none
        asks for whatever does ("anything to go with it?").
        """
        said, moves = draft.said, draft.moves
        if sought.parts:
            return False
        if "goes_with" in moves:
            return bool(self.products and (sought.things or _uses(said)))
        if moves[0] not in _ASKING or not sought.things or sought.confidence < SURE:
            return False
        another = _AN.search(said.text[: sought.things[0].start]) is not None
        if FOR_IT.search(said.text) is None or (moves[0] == "add_to_cart" and not another):
            return False
        shown = self.desk.products(self.products)
        return bool(shown) and (another or not any(self._is_of(product, sought.kinds) for product in shown))

    def taken_up(self, draft: Draft, sought: Sought) -> Sought:
        """What is sought, as an errand of its own that is for what is talked about."""
        if sought.things:
            draft.said = without_pointing(draft.said)
            draft.start_afresh()
            return self.named(sought)
        draft.need = with_name(draft.said.text, self.former) or draft.said.text
        draft.said = without_pointing(draft.said)
        draft.start_afresh()
        return sought

    def take_over(self, draft: Draft) -> None:
        """Take an utterance for another errand, of what is talked about where it says so: "something that holds it"."""
        if self.former and IT.search(draft.said.text):
            draft.need = with_name(draft.said.text, self.former)
        draft.start_afresh()

    def named(self, sought: Sought) -> Sought:
        """What is sought, as that which the shop has for the thing talked about: "spare heads", of a toothbrush, are
        toothbrush heads.
        """
        former = self.former
        if not former:
            return sought
        owner, head = former.split()[-1], sought.thing.split()[-1:]
        for name in dict.fromkeys(
            (f"{former} {sought.thing}", f"{owner} {sought.thing}", f"{owner} {' '.join(head)}")
        ):
            if kinds := self._called(name):
                return replace(sought, kinds=kinds, confidence=SURE)
        return sought

    def told(self, need: str) -> Sought:
        """The kind of a thing of which only the use is told: a harmonica holder is what "holds it", else what people ask
        for with such words; not once more what is talked about.
        """
        for noun, of in agent_nouns(need):
            words = _telling(of)
            for owner in dict.fromkeys((" ".join(words), *words[:1])) if words else ():
                if called := self._called(f"{owner} {noun}"):
                    return Sought(f"{owner} {noun}", called, SURE)
        kinds = self.topic.kinds
        aside: Filter = Not(KindFilters(self.desk).of_kinds(kinds)) if kinds else And()
        return Sought(kinds=UnnamedKinds(self.desk).implied(need, (), aside), confidence=LIKELY)

    def _called(self, name: str) -> tuple[str, ...]:
        kinds = self.desk.shop.search.kinds
        return kinds.called(name) if kinds.named(name) is not None else ()

    def _is_of(self, product: Product, kinds: Sequence[str]) -> bool:
        return self.desk.fits(KindFilters(self.desk).of_kinds(tuple(kinds)), product)


def with_name(text: str, former: str) -> str:
    """A need told of what is talked about, with its name: what "holds the harmonica", not what "holds it"."""
    named, count = IT.subn(former, text)
    return named if count or not former else f"{text} {former}"


def without_pointing(said: Utterance) -> Utterance:
    """With what only pointed at the thing talked about left out, and what describes it as a wish: "for the kids one"."""
    spans = []
    for span in said.spans:
        if span.label != SpanLabel.REFERENCE:
            spans.append(span)
        elif not PRONOUN.fullmatch(span.text) and (words := _telling(span.text)):
            spans.append(replace(span, label=SpanLabel.WISH, text=" ".join(words)))
    return replace(said, spans=tuple(spans))


def _uses(said: Utterance) -> bool:
    """Whether it is told what the thing must do or be called by."""
    spans: list[Span] = [span for span in said.marked(SpanLabel.THING) if is_vague(span.text)]
    if spans or not said.marked(SpanLabel.REFERENCE):
        spans += (*said.marked(SpanLabel.WISH), *said.marked(SpanLabel.ASKED))
    return any(_telling(GOING.sub(" ", span.text)) for span in spans)


def _telling(text: str) -> list[str]:
    words = re.findall(r"[\w'-]+", text)
    return [w for w in words if w.lower() not in FUNCTION_WORDS and w.lower() not in VAGUE_HEADS]
