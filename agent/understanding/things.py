"""What is sought: from the things an utterance names, or the need it tells, to kinds of the shop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from agent.conditions import BRAND, KIND, PRICE, STARS, TITLE, Prefer, Where
from agent.dialogue import DialogueState, Part, Topic
from agent.shop_context import ShopContext
from agent.tools.compile import Compiler
from agent.understanding.interpretation import LIKELY, SURE
from agent.understanding.labels import SpanLabel
from agent.understanding.language.absence import is_substance
from agent.understanding.language.amounts import find_amounts
from agent.understanding.language.condition_cues import FREE_OF
from agent.understanding.language.english import english_ranks
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.repairs import CORRECTION
from agent.understanding.language.request_cues import AMONG, ELSE, NO_KIND, NONE_OF, PRONOUN, SOMETHING
from agent.understanding.language.text import stems
from agent.understanding.lexicon import Lexicon
from agent.understanding.reader import Span
from agent.understanding.resolved import Resolved
from agent.understanding.scales import read_scale
from agent.understanding.unnamed_kinds import NAMED, UnnamedKinds
from agent.understanding.utterance import Utterance, is_vague, without
from retrieval.filters import Filter, Words

SHORT = 12
"""Words of a request in which a kind named in passing is what is sought."""
HARDLY = 0.2
"""Below this likelihood even a kind that was found is another thing."""
SOLD = 0.6
"""Below this likelihood the shop is said to have nothing of the kind."""
_NO_NAME = FUNCTION_WORDS | {"one", "ones"}
"""Words that a product's name never ends in."""
_ANOTHER = re.compile(
    r"\b(?:an?|some|another|two|three|four|five|six|a couple of|a few|[1-9])\s+(?:[\w-]+\s+)?$", re.I
)
"""Before the name of a kind: none of those on the screen is meant."""
_JOINT = re.compile(
    r"(?:\b(?:and|n|plus|or|as well as|along with|together with|then|also|maybe|perhaps|a|an|some|the|one|my|her|his|our|"
    r"for|two|both|new|matching|nice|good|(?:a )?pairs? of|either|even|\d{1,2})\b|[\s,;&/+·-])*",
    re.I,
)
"""Between things that are looked for together."""
_JOINER = re.compile(r"\b(?:and|n|plus|or|as well as|along with|together with|then)\b|[,;&/+]", re.I)
_JOINED = re.compile(r"\s+(?:and|or|plus|&)$", re.I)
_KNOWN = re.compile(r"\b(?:the|its|this|that|my|our|his|her|their)\s+[\w'-]+", re.I)
MOST_PARTS = 4
_DOUBTED = 0.5
_LEADS_ON = re.compile(
    r"(?:\b(?:and|n|plus|as well as|along with|also)\b|[&+])\s*(?:an?|some|the|one)?\s*$", re.I
)
_PART = re.compile(r"\b(?:with|that|which|has|have|having|includ\w+|no|not|without)\b", re.I)
"""Before what is a part of a thing and none that is looked for beside it."""
_IN_ONE = re.compile(r"\s+(?:and|n|plus|&|\+)\s+(?:an?\s+|some\s+)?", re.I)
_DETERMINER = re.compile(r"^(?:an?|some|the|one)\s+", re.I)
_TOGETHER = frozenset(("seek", "refine", "more", "goes_with", "recommend"))
"""Moves that may look for several things at once."""
_FOR_WHAT = re.compile(
    r"\b(?:for|to fit|that fits|to go (?:with|in|on)|to put (?:in|on)|that goes (?:with|in|on))\s+"
    r"(?:my|our|his|her|their|the|an?)\s+(?:[\w.\"'-]+\s+){0,3}$",
    re.I,
)
"""Before what a thing is for: "a bag for my laptop"."""
_PURPOSE = re.compile(
    r"\s+(?:for|to fit|that fits)\s+(?:my|our|his|her|their|the|an?)\s+(?P<what>[a-z-]+(?: [a-z-]+){0,2})",
    re.I,
)
"""Behind a thing, what it is for."""
_NAMING = frozenset(("seek", "start_over", "add_to_cart", "remember"))
"""Moves whose short texts may name a kind that the reader marked as no thing."""
_GUESSING = frozenset(("seek", "refine", "reject"))
"""Moves after which a kind that is not named may be guessed from the need."""


@dataclass(frozen=True)
class Sought:
    """What an utterance looks for, and how sure that is."""

    thing: str = ""
    """As said."""
    kinds: tuple[str, ...] = ()
    confidence: float = 0.0
    parts: tuple[Part, ...] = ()
    """Of several things that are looked for together, each."""
    things: tuple[Span, ...] = ()
    """The spans that name it."""
    values: tuple[Span, ...] = ()
    """Spans that the reader took for things and that are values of the shop."""
    named: Resolved = field(default_factory=Resolved)
    """The few titles it is named by, where it is no kind."""


@dataclass(frozen=True)
class Things:
    """Resolves things to kinds of the shop."""

    desk: ShopContext
    lexicon: Lexicon

    def missed(self, said: Utterance) -> Utterance | None:
        """With the thing marked that is asked for by doubting that there is any ("no socks either I suppose?"); None
        where nothing is.
        """
        asked = NONE_OF.match(said.text)
        if asked is None or is_substance(asked["thing"]):
            return None
        match = self.desk.shop.search.kinds.resolve(asked["thing"])
        sold = match is not None and match.confidence >= SURE
        if not sold and (self.lexicon.exactly(asked["thing"]) or not is_unsold(self.desk, asked["thing"])):
            return None
        start, end = asked.span("thing")
        return Utterance(
            " " * start + said.text[start:], (Span(SpanLabel.THING, start, end, asked["thing"], 1.0),)
        )

    def names_another(self, text: str, topic: Topic) -> bool:
        """Whether a text names a kind that is not looked for yet; "the cover", "my floor" are known things."""
        text = _KNOWN.sub(lambda match: " " * len(match[0]), text)
        return bool(set(self._unnamed.mentioned(text)) - set(topic.kinds))

    @property
    def _unnamed(self) -> UnnamedKinds:
        return UnnamedKinds(self.desk)

    def parted(self, said: Utterance, *, fresh: bool = False) -> Utterance:
        """With a kind or a brand parted from the order that the reader marked it with: "best rated HP". While nothing
        is shown (``fresh``) any order is of a kind: "biggest telly".
        """
        if said.marked(SpanLabel.THING):
            return said
        for order in said.marked(SpanLabel.ORDER):
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

    def _is_sold(self, name: str) -> bool:
        """Whether a brand or a kind is called so."""
        if any(meaning.where.field in (BRAND, KIND) for meaning in self.lexicon.exactly(name)):
            return True
        match = self.desk.shop.search.kinds.resolve(name)
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
            leads_on = _LEADS_ON.search(before) is not None and not _PART.search(before)
            if leads_on and self._is_misread(span, name):
                start = span.end - len(name)
                span = replace(span, label=SpanLabel.THING, start=start, text=name)
            spans.append(span)
        return replace(said, spans=tuple(spans))

    def _is_misread(self, span: Span, name: str) -> bool:
        """Whether a span behind a joint is the name of a kind, and no value that is wished or refused."""
        if span.label == SpanLabel.EXCLUDED:
            return span.confidence < _DOUBTED and self._is_kind(name)
        if span.label not in (SpanLabel.WISH, SpanLabel.CONDITION) or self.lexicon.exactly(name):
            return False
        return self._is_kind(name)

    def _is_kind(self, name: str) -> bool:
        match = self.desk.shop.search.kinds.resolve(name) if name else None
        return match is not None and match.exact and match.confidence >= SURE

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

    def sought(self, said: Utterance, move: str) -> Sought:
        """What the utterance names; ``move``: its main move."""
        named = self.desk.shop.search.kinds.named  # "rug accessories" may be a kind, whatever accessories are
        idioms = [match.span() for match in NO_KIND.finditer(said.text)]
        spans = [
            s for s in said.marked(SpanLabel.THING) if not any(a <= s.start and s.end <= b for a, b in idioms)
        ]
        things = tuple(span for span in spans if not is_vague(span.text) or named(span.text) is not None)
        if not things:
            things = tuple(s for s in said.marked(SpanLabel.REFERENCE) if self._is_another(s, said.text))
        if move == "seek" and not things:
            things = self._kinds_among(said.marked(SpanLabel.CONDITION))
        things = tuple(
            span for span in things if span == things[0] or not _FOR_WHAT.search(said.text[: span.start])
        )
        things = tuple(self._whole(_bare(span), said.text) for span in things)
        found = self._together(things, said) if move in _TOGETHER else None
        found = found or self._for_purpose(things, said.text) or self._as_titled(self._best(things))
        meant = self.lexicon.exactly(found.thing) if things and found.confidence < SURE else ()
        if meant and (not found.kinds or all(m.where.field == BRAND for m in meant)):
            found = Sought(values=things)  # a value of the shop, named as if it were a thing
        names = move in _NAMING or (move in ("refine", "reject") and CORRECTION.search(said.text))
        denied = (*said.marked(SpanLabel.EXCLUDED), *said.marked(SpanLabel.TAKEN_BACK))
        asking = _asking(without(said.text, denied))
        short = names and len(asking.split()) <= SHORT and not self._is_unheard(found.thing)
        short = short and not self._is_model(found.thing)
        if short and not (found.kinds or said.marked(SpanLabel.REFERENCE)):
            kinds = self._unnamed.mentioned(asking)
            if kinds:
                found = replace(found, thing=_last_name(kinds[0]), kinds=kinds, confidence=SURE)
        return found

    def named_or_guessed(
        self, found: Sought, said: Utterance, move: str, state: DialogueState, allowed: Filter
    ) -> Sought:
        """With the titles that an unsure thing names, or the kind that the need points at where no thing is
        named and none is settled; ``allowed``: what may be shown at all.
        """
        if (part := _part_of(state.topic, said.text)) is not None and not found.kinds:
            return replace(found, thing=part.thing, kinds=part.kinds, confidence=SURE)
        if _is_the_topic(found.thing, state.topic):
            sure = SURE if state.topic.sure else LIKELY
            return replace(found, thing=state.topic.thing, kinds=state.topic.kinds, confidence=sure)
        if found.things:
            named = self._by_name(found.thing) if found.confidence < SURE else Resolved()
            if found.confidence < SURE and not named.where and self._is_unheard(found.thing):
                named = Resolved(unmet=(found.thing,))
                return replace(found, named=named)
            return replace(found, kinds=(), confidence=0.0, named=named) if named.where else found
        topic = state.topic
        refines = move == "refine" and not said.marked(SpanLabel.EXCLUDED)
        settled = topic.sure or topic.personal or (refines and topic.kinds and topic.lists)
        denies_shown = move == "reject" and bool(topic.lists)
        of_all = (
            refines and topic.sort is not None and not topic.kinds
        )  # "and the least expensive?", in the whole shop
        if found.values or settled or move not in _GUESSING or denies_shown or of_all:
            return found
        listed = topic.lists[-1] if refines and topic.lists else ()
        kinds, confidence = self._guessed(said, state, listed, allowed)
        shown = topic.lists[-1] if topic.lists else state.listed if topic.is_empty else ()
        if refines and shown and not SOMETHING.search(said.text):
            kinds = self._of_shown(shown, kinds)
        return replace(found, kinds=kinds, confidence=confidence)

    def _of_shown(self, shown: Sequence[str], guess: tuple[str, ...]) -> tuple[str, ...]:
        """The kind of all that is shown, where it is one; else the kind that the need is guessed to mean, where something
        shown is of it.
        """
        products = self.desk.products(shown)
        paths = {" > ".join(product.category) for product in products}
        if len(paths) == 1 and paths != {""}:
            return tuple(paths)
        compiled = Compiler(self.desk.shop.search, self.desk.schema).compile(Topic(kinds=guess).kind_guess())
        fits = any(c.filter is not None and self.desk.fits(c.filter, p) for c in compiled for p in products)
        return guess if fits else ()

    def kinds_of(self, spans: Sequence[Span]) -> tuple[str, ...]:
        """The kinds that spans name."""
        matches = (self.desk.shop.search.kinds.resolve(span.text) for span in spans)
        return tuple(
            name
            for match in matches
            if match is not None and match.confidence >= SURE
            for name in match.names
        )

    def _kinds_among(self, conditions: Sequence[Span]) -> tuple[Span, ...]:
        """Conditions that are no value of the shop but the name of a kind: "something loose, shorts I guess"."""
        return tuple(
            span
            for span in conditions
            if not self.lexicon.exactly(span.text)
            and (not self.lexicon.find(span.text) or self.desk.shop.search.kinds.named(span.text) is not None)
            and (match := self.desk.shop.search.kinds.resolve(span.text)) is not None
            and match.exact
            and match.confidence >= NAMED
        )

    def _is_another(self, reference: Span, text: str) -> bool:
        """Whether a reference names a kind, and none of those on the screen: "add a kettle"."""
        leads = _ANOTHER.search(text[: reference.start] + reference.text.split(" ")[0] + " ")
        return leads is not None and self.desk.shop.search.kinds.named(reference.text) is not None

    def _whole(self, span: Span, text: str) -> Span:
        """The span with the word behind it that makes it a name: "washing" of a "washing machine"."""
        if (compound := self._compound(span, text)) is not None:
            return compound
        following = re.match(r"[ -]([a-z]+)", text[span.end :], re.I)
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

    def _together(self, things: tuple[Span, ...], said: Utterance) -> Sought | None:
        """Things of several kinds that are looked for together ("a top and shorts"); None where there are not
        several, or none of them is surely a kind.
        """
        gaps = [_between(said, one, other) for one, other in pairwise(things)]
        if not 1 < len(things) <= MOST_PARTS or not all(
            _JOINT.fullmatch(g) and _JOINER.search(g) for g in gaps
        ):
            return None
        each = [self._best((span,)) for span in things]
        sure = [one for one in each if one.confidence >= SURE]
        kinds = [name for one in sure for name in one.kinds]
        parts = tuple(
            Part(thing=one.thing, kinds=one.kinds if one in sure else ())
            for one in each
            if one in sure or is_unsold(self.desk, one.thing)
        )
        if not sure or len(parts) < 2 or len(set(kinds)) < len(kinds):
            return None
        named = sum((one.named for one in sure), Resolved())
        thing = " / ".join(part.thing for part in parts)
        confidence = min(one.confidence for one in sure)
        return Sought(thing, tuple(kinds), confidence, parts, things, named=named)

    def _for_purpose(self, things: tuple[Span, ...], text: str) -> Sought | None:
        """The kind whose name says what the thing is for: a "stand for my keyboard" is a keyboard stand. None where
        the shop calls nothing so.
        """
        for span in things:
            purpose = _PURPOSE.match(text[span.end :])
            words = purpose["what"].split() if purpose else []
            for size in range(len(words), 0, -1):
                name = f"{' '.join(words[:size])} {span.text}"
                match = self.desk.shop.search.kinds.resolve(name)
                named = self.desk.shop.search.kinds.named(name)
                if named is not None and match is not None and match.exact and match.confidence >= SURE:
                    return Sought(name, match.names, match.confidence, things=things)
        return None

    def _best(self, things: tuple[Span, ...]) -> Sought:
        """The thing as said whose kinds are the surest."""
        best = Sought(things[0].text if things else "", things=things)
        for span in things:
            match = self.desk.shop.search.kinds.resolve(span.text)
            if match is not None and match.confidence >= max(LIKELY, best.confidence):
                best = replace(best, thing=span.text, kinds=match.names, confidence=match.confidence)
                best = self._widened(best)
        return best

    def _widened(self, found: Sought) -> Sought:
        """The kind without the words that only describe it, which then weigh: "running" of a "running tee"."""
        wider = self.desk.shop.search.kinds.wider(found.thing)
        if wider is None:
            return found
        match, described = wider
        said = Prefer(field=TITLE, value=described)
        if not self.desk.shop.search.titled(described):
            return found
        return replace(found, kinds=match.names, confidence=match.confidence, named=Resolved(prefer=(said,)))

    def _as_titled(self, found: Sought) -> Sought:
        """With the words before the kind's own name weighing, where titles have them: "clip on" of a "clip on tuner"."""
        before, _, _ = found.thing.rpartition(" ")
        kinds, alone = self.desk.shop.search.kinds, len(found.things) == 1 and not found.named.prefer
        if not (before and alone and found.kinds) or kinds.named(found.thing):
            return found
        if not self.desk.shop.search.titled(found.thing):
            return found
        return replace(found, named=Resolved(prefer=(Prefer(field=TITLE, value=before),)))

    def _guessed(
        self, utterance: Utterance, state: DialogueState, listed: Sequence[str], allowed: Filter
    ) -> tuple[tuple[str, ...], float]:
        """The kind where none is named: what the question before was about, else what the need and the
        products refined, ``listed``, point at.
        """
        text = utterance.text
        short = len(text.split()) <= SHORT and not (AMONG.search(text) or ELSE.search(text))
        if short and state.topic.is_empty and state.exchanges and state.subject:
            named = self._unnamed.mentioned(self._without_values(state.exchanges[-1].said))
            if named:
                return named, SURE
        if passing := self._unnamed.in_passing(utterance):
            return passing, LIKELY
        said = f"{state.topic.query} {text}" if state.topic.query not in text else text
        return self._unnamed.implied(said, listed, allowed), LIKELY

    def _is_model(self, thing: str) -> bool:
        """Whether a thing is a model of few titles told by its number: "iphone 8" is not any iphone."""
        return any(c.isdigit() for c in thing) and bool(self._by_name(thing).where)

    def _is_unheard(self, thing: str) -> bool:
        """Whether a thing is named by a number that no title has ("the iPhone 15"), or by words that nobody knows."""
        words = [w for w in thing.lower().split() if w not in FUNCTION_WORDS]
        search = self.desk.shop.search
        if words and not any(w in english_ranks() or search.count(Words(w)) for w in words):
            return True
        if len(words) < 2 or not any(c.isdigit() for word in words[1:] for c in word):
            return False
        if any(amount.unit for amount in find_amounts(thing)):
            return False
        hits = search.search(thing, None, 5).hits
        titles = ("".join(p.title.lower().split()) for p in self.desk.products([hit.item_id for hit in hits]))
        return not any(all(word in title for word in words) for title in titles)

    def _without_values(self, text: str) -> str:
        """The text, of the same length, without values of several words, one of which may be a kind's name ("shell")."""
        for match in self.lexicon.find(text):
            said = text[match.start : match.end]
            if " " in said and match.meanings[0].where.field != KIND:
                text = f"{text[: match.start]}{' ' * len(said)}{text[match.end :]}"
        return text

    def _by_name(self, thing: str) -> Resolved:
        """A thing that is no kind here but stands in a few titles ("galaxy s6 edge", "ipods"):
        those alone.
        """
        words = [w for w in thing.lower().split() if w not in FUNCTION_WORDS]
        named = self.desk.shop.search.titled(" ".join(words))
        few = max(5, 0.1 * len(self.desk.shop.search.item_ids))
        return (
            Resolved((Where(field=TITLE, op="has", value=" ".join(words)),))
            if 0 < len(named) <= few
            else Resolved()
        )


def is_unsold(desk: ShopContext, thing: str) -> bool:
    """Whether a thing is a product's name of whose kind this shop surely has nothing."""
    search = desk.shop.search
    if is_vague(thing) or thing.lower().split()[-1] in _NO_NAME:  # "something soft", "the linen one"
        return False
    if search.titled(thing) or not (search.kinds.is_thing(thing) or _is_nowhere(desk, thing)):
        return False
    return search.kinds.sells(thing) < SOLD


def _is_nowhere(desk: ShopContext, thing: str) -> bool:
    """Whether a thing is called by an English word that this shop has nowhere ("leotards")."""
    head = thing.lower().split()[-1:]
    frequency = desk.shop.search.keywords.document_frequency
    return bool(head) and head[0] in english_ranks() and not any(frequency(s) for s in stems(head[0]))


def is_another_thing(desk: ShopContext, thing: str, kinds: Sequence[str]) -> bool:
    """Whether a kind that a thing was taken for only goes by a like word: a "trainer" that is no shoe."""
    named = {s for kind in kinds for s in stems(kind.split(">")[-1])}
    if named & set(stems(thing)[-1:]) or desk.shop.search.titled(thing):
        return False
    return desk.shop.search.kinds.sells(thing) < HARDLY


def _asking(text: str) -> str:
    """The one sentence of several that asks, else the text."""
    sentences = re.split(r"(?<=[.!?])\s+", text.strip())
    asking = [sentence for sentence in sentences if sentence.endswith("?")]
    return asking[0] if len(asking) == 1 else text


def _bare(span: Span) -> Span:
    """A span without a word at its end that only joins it to the next ("top and")."""
    bare = _JOINED.sub("", span.text)
    return replace(span, end=span.start + len(bare), text=bare) if bare else span


def _between(said: Utterance, one: Span, other: Span) -> str:
    """The text between two spans without what is asked of either: "a bottle for tea and a backpack"."""
    text = said.text[one.end : other.start]
    for label in (SpanLabel.CONDITION, SpanLabel.WISH, SpanLabel.RECIPIENT):
        for span in said.marked(label):
            text = text.replace(_JOINED.sub("", span.text), " ")
    return text


def _part_of(topic: Topic, text: str) -> Part | None:
    """Of the things that are looked for together the one that a text names ("which pants are under 40")."""
    said = set(stems(text))
    named = [part for part in topic.parts if part.kinds and said & set(stems(part.thing)[-1:])]
    return named[0] if len(named) == 1 else None


def _is_the_topic(thing: str, topic: Topic) -> bool:
    """Whether a thing is what is looked for under the last of its words: the "stick" of a "usb stick"."""
    said, sought = stems(thing), stems(topic.thing)
    return bool(topic.kinds) and 0 < len(said) < len(sought) and sought[-len(said) :] == said


def _last_name(kind: str) -> str:
    """ "Kitchen > Kettles" is "kettles"."""
    return kind.split(">")[-1].strip().lower()
