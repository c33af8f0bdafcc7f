"""How the words of a thing are marked, where the reader marked them otherwise, apart or in part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from agent.conditions import BRAND, KIND, PRICE, STARS
from agent.shop_context import ShopContext
from agent.understanding.interpretation import SURE
from agent.understanding.labels import SpanLabel
from agent.understanding.language.absence import is_substance
from agent.understanding.language.amounts import find_amounts
from agent.understanding.language.condition_cues import FREE_OF
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.request_cues import ASKED_BY_NAME, NONE_OF, OF_THEM, PRONOUN, VAGUE_HEADS
from agent.understanding.language.text import stems
from agent.understanding.lexicon import Lexicon
from agent.understanding.reader import Span
from agent.understanding.scales import graded, read_scale
from agent.understanding.unsold import is_unsold
from agent.understanding.utterance import Utterance, is_vague

_DOUBTED = 0.5
_LEADS_ON = re.compile(
    r"(?:\b(?:and|n|plus|as well as|along with|also)\b|[&+])\s*(?:an?|some|the|one)?\s*$", re.I
)
_PART = re.compile(r"\b(?:with|that|which|has|have|having|includ\w+|no|not|without)\b", re.I)
"""Before what is a part of a thing and none that is looked for beside it."""
_BESIDE = re.compile(r"[,;.!?]\s*(?:and|plus|also|as well as)\s+(?:also\s+)?(?:an?|some)\s*$", re.I)
"""Before what is looked for beside a thing, although something is told of that: "a bag that shuts, and a mouse"."""
_IN_ONE = re.compile(r"\s+(?:and|n|plus|&|\+)\s+(?:an?\s+|some\s+)?", re.I)
_PRONOUNS = frozenset(("something", "anything", "one", "ones", "another", "other", "others"))
_ARTICLE = re.compile(r"\ban?\s*$", re.I)
_AND_A = re.compile(r"\s+(?:and|n|plus|&)\s+an?\s+(?P<thing>[\w'-]+(?: [\w'-]+)?)$", re.I)
_DETERMINER = re.compile(r"^(?:an?|some|the|one)\s+", re.I)
_LEADING_ON = re.compile(
    r"(?:\s+(?:and|or|plus|&|of|for|to|with|that|which|who|where|whose|the|an?))+$", re.I
)
"""What leads from a thing to what is told of it, and names nothing."""


@dataclass(frozen=True)
class ThingMarks:
    """Marks things anew, by the names that the shop has for its kinds."""

    desk: ShopContext
    lexicon: Lexicon

    def missed(self, said: Utterance, *, fresh: bool) -> Utterance | None:
        """With the thing marked that is asked for by its name alone, or by doubting that there is any ("no socks either I
        suppose?"); None where nothing is. ``fresh``: nothing is shown that a name alone may be of.
        """
        if (called := self._called(said, fresh)) is not None:
            return called
        asked = NONE_OF.match(said.text)
        if asked is None or is_substance(asked["thing"]):
            return None
        match = self.desk.shop.search.kinds.by_name(asked["thing"])
        sold = match is not None and match.confidence >= SURE
        if not sold and (self.lexicon.exactly(asked["thing"]) or not is_unsold(self.desk, asked["thing"])):
            return None
        start, end = asked.span("thing")
        return Utterance(
            " " * start + said.text[start:], (Span(SpanLabel.THING, start, end, asked["thing"], 1.0),)
        )

    def _called(self, said: Utterance, fresh: bool) -> Utterance | None:
        """With the thing marked that is asked for by the shop's own name of what it sells, where nothing else is said
        but how much it may cost ("do you have noise gates?").
        """
        bounds = [a.start for a in find_amounts(said.text) if a.is_money or a.shape != "plain"]
        asked = ASKED_BY_NAME.match(said.text[: min(bounds, default=None)])
        if asked is None or not (fresh or asked["asks"]) or self.lexicon.exactly(asked["thing"]):
            return None
        if not (self.desk.shop.search.table.path_codes([asked["thing"]]) and self._is_kind(asked["thing"])):
            return None
        start, end = asked.span("thing")
        thing = Span(SpanLabel.THING, start, end, asked["thing"], 1.0)
        return replace(said, spans=(thing, *(span for span in said.spans if span.start >= end)))

    def parted(self, said: Utterance, *, fresh: bool = False) -> Utterance:
        """With a kind or a brand parted from the order that the reader marked it with: "best rated HP". While nothing
        is shown (``fresh``) any order is of a kind: "biggest telly". Of a thing the words that grade it are wishes.
        """
        if said.marked(SpanLabel.THING):
            return replace(
                said, spans=tuple(one for span in said.spans for one in self._graded_apart(span, said))
            )
        for order in said.marked(SpanLabel.ORDER):
            if OF_THEM.match(said.text[order.end :]):
                continue  # "best camera of them": of phones
            for gap in re.finditer(r"\s+", order.text):
                head, tail = order.text[: gap.start()], order.text[gap.end() :]
                scale = read_scale(head, ())
                common = scale is not None and scale.field in (PRICE, STARS, "popularity")
                if not (common or (scale and scale.superlative and fresh)) or not self._is_sold(tail):
                    continue
                at = order.start + gap.end()
                thing = replace(order, label=SpanLabel.THING, start=at, text=tail)
                rest = replace(order, end=order.start + gap.start(), text=head)
                return replace(said, spans=(*said.without([order]), rest, thing))
        return said

    def _graded_apart(self, span: Span, said: Utterance) -> Iterator[Span]:
        """A thing without the words before it that only grade it, which are wishes: "quiet" of a "quiet vacuum cleaner".
        What is called so as a whole ("light bulb") stays.
        """
        first, _, rest = span.text.partition(" ")
        named = self.desk.shop.search.kinds.named(span.text)
        whole = named is not None and any(set(stems(first)) & set(phrase) for phrase in named.phrases)
        if whole or span.label != SpanLabel.THING or graded(first) is None:
            yield span
            return
        head = replace(span, label=SpanLabel.WISH, end=span.start + len(first), text=first)
        after = next((one for one in said.marked(SpanLabel.THING) if one.start == span.end + 1), None)
        if rest and (graded(rest.split()[0]) is not None or self._is_sold(rest)):
            yield head
            yield from self._graded_apart(replace(span, start=span.end - len(rest), text=rest), said)
        else:
            yield head if not rest and after is not None else span

    def _is_sold(self, name: str) -> bool:
        """Whether a brand or a kind is called so."""
        if any(meaning.where.field in (BRAND, KIND) for meaning in self.lexicon.exactly(name)):
            return True
        match = self.desk.shop.search.kinds.by_name(name)
        return match is not None and match.confidence >= SURE

    def joined(self, said: Utterance) -> Utterance:
        """With kinds marked as things that are joined to one, whatever the reader took them for: "tees n tanks only", "a
        bottle for tea and a hiking backpack".
        """
        things = said.marked(SpanLabel.THING)
        if not things:
            return said
        spans: list[Span] = []
        for span in said.spans:
            if span.label == SpanLabel.THING:
                spans.extend(self._apart(span))
                continue
            before = said.text[things[0].end : span.start]
            name = _DETERMINER.sub("", span.text)
            named = name != span.text or _ARTICLE.search(before) is not None
            if leads_on(before) and self._is_misread(span, name, named):
                start = span.end - len(name)
                span = replace(span, label=SpanLabel.THING, start=start, text=name)
            spans.extend(self._without_thing(span) if span.label == SpanLabel.WISH else (span,))
        return replace(said, spans=tuple(spans))

    def _without_thing(self, span: Span) -> tuple[Span, ...]:
        """A wish and the thing that it was marked with: "I can read by and an armchair"."""
        joint = _AND_A.search(span.text)
        if joint is None or _PART.search(span.text) or not self._is_kind(joint["thing"]):
            return (span,)
        start = span.start + joint.start("thing")
        thing = replace(span, label=SpanLabel.THING, start=start, text=joint["thing"])
        return replace(span, end=span.start + joint.start(), text=span.text[: joint.start()]), thing

    def _is_misread(self, span: Span, name: str, named: bool) -> bool:
        """Whether a span behind a joint is the name of a kind, and no value that is wished or refused; ``named``: with an
        article, as no value is.
        """
        if span.label == SpanLabel.EXCLUDED:
            return span.confidence < _DOUBTED and self._is_kind(name)
        if span.label not in (SpanLabel.WISH, SpanLabel.CONDITION):
            return False
        if self.lexicon.exactly(name) and not named:
            return False
        return self._is_kind(name)

    def _is_kind(self, name: str) -> bool:
        match = self.desk.shop.search.kinds.by_name(name) if name else None
        return match is not None and match.confidence >= SURE

    def _apart(self, span: Span) -> tuple[Span, ...]:
        """Two things that are marked as one: "desk n chair"; the name of one kind stays whole ("salt and pepper mill")."""
        joint = _IN_ONE.search(span.text)
        if joint is None or self.desk.shop.search.kinds.named(span.text) is not None:
            return (span,)
        left, right = span.text[: joint.start()], span.text[joint.end() :]
        if not (self._is_kind(left) and self._is_kind(right)):
            return (span,)
        at = span.start + joint.end()
        return replace(span, end=span.start + joint.start(), text=left), replace(span, start=at, text=right)

    def with_brands(self, said: Utterance, moves: tuple[str, ...]) -> tuple[Utterance, tuple[str, ...]]:
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

    @staticmethod
    def named(said: Utterance) -> Utterance:
        """With what is pointed at by name marked as a thing, while nothing is shown: "the Cora", "Parachute Pant"."""
        spans = list(said.spans)
        for one in said.marked(SpanLabel.REFERENCE):
            words = [w for w in re.findall(r"[\w'-]+", one.text.lower()) if w not in FUNCTION_WORDS]
            if not words or is_vague(one.text) or PRONOUN.fullmatch(one.text):
                continue
            spans.remove(one)
            start = one.start + (4 if one.text.lower().startswith("the ") else 0)
            thing = next(
                (s for s in spans if s.label == SpanLabel.THING and 0 <= s.start - one.end <= 1), None
            )
            end = one.end if thing is None else thing.end
            spans = [s for s in spans if s is not thing]
            spans.append(Span(SpanLabel.THING, start, end, said.text[start:end], one.confidence))
        return replace(said, spans=tuple(sorted(spans, key=lambda span: span.start)))

    def whole(self, span: Span, text: str) -> Span:
        """The span with the word behind it that makes it a name, "washing" of a "washing machine", or that tells that it
        is none: "those star sticker things".
        """
        span = bare(span)
        if (compound := self._compound(span, text)) is not None:
            return compound
        following = re.match(r"[ -]([a-z]+)", text[span.end :], re.I)
        if following is not None and following[1].lower() in VAGUE_HEADS - _PRONOUNS:
            return replace(span, end=span.end + following.end(), text=span.text + following[0])
        if following is None or following[1].lower() in FUNCTION_WORDS:
            return span
        if FREE_OF.fullmatch(span.text):  # "nut-free snack": what it must be without is no thing
            start = span.end + following.start(1)
            return replace(span, start=start, end=start + len(following[1]), text=following[1])
        whole = text[span.start : span.end + following.end()]
        ends = (whole, " ".join(whole.split()[-2:]))  # "city bike light" is a bike light
        if all(self.desk.shop.search.kinds.named(end) is None for end in ends):
            return span
        return replace(span, end=span.end + following.end(), text=whole)

    def _compound(self, span: Span, text: str) -> Span | None:
        """The span up to the word that ends its name, where it says a word of it again: "hdmi to hdmi lead"."""
        again = re.match(rf"\s+to\s+{re.escape(span.text)}\s+(?P<head>[a-z]+)", text[span.end :], re.I)
        if again is None or self.desk.shop.search.kinds.named(f"{span.text} {again['head']}") is None:
            return None
        return replace(span, end=span.end + again.end(), text=f"{span.text} {again['head']}")


def leads_on(between: str) -> bool:
    """Whether the text behind a thing leads on to another one that is looked for beside it, and not to a part of it."""
    return bool(_BESIDE.search(between) or (_LEADS_ON.search(between) and not _PART.search(between)))


def bare(span: Span) -> Span:
    """A span without the words at its end that only lead on: "top and", "game where"."""
    told = _LEADING_ON.sub("", span.text)
    return replace(span, end=span.start + len(told), text=told) if told else span
