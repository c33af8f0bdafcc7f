"""What is sought: from the things an utterance names, or the need it tells, to kinds of the shop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from agent.conditions import BRAND, KIND, PRICE, STARS, TITLE, Prefer, Where
from agent.dialogue import DialogueState, Part, Topic
from agent.shop_context import ShopContext
from agent.understanding.interpretation import LIKELY, SURE
from agent.understanding.labels import SpanLabel
from agent.understanding.language.absence import is_substance
from agent.understanding.language.condition_cues import FREE_OF
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.negation import Denials
from agent.understanding.language.repairs import CORRECTION
from agent.understanding.language.request_cues import AMONG, ELSE, NO_KIND, NONE_OF
from agent.understanding.language.text import stems
from agent.understanding.lexicon import Lexicon
from agent.understanding.reader import Span
from agent.understanding.resolved import Resolved
from agent.understanding.scales import read_scale
from agent.understanding.utterance import Utterance, is_vague
from retrieval.filters import And, Filter, Or

SHORT = 12
"""Words of a request in which a kind named in passing is what is sought."""
VOTERS, MAJORITY = 12, 0.55
LIKELIEST, SERVES, AGREEING, SHARED = 30, 0.78, 0.3, 0.15
"""Of so many kinds that may serve a need, the one whose likeness and share of what is found for it come to this."""
_ALL_PLACES = sum(1 / (place + 3) for place in range(VOTERS))
NAMED, MISSPELT = 0.9, 0.85
"""How surely a name that nothing marks as what is sought must be a kind's."""
SOLD = 0.6
"""Below this likelihood the shop is said to have nothing of the kind."""
_OTHERS = frozenset(("recipient", "reference", "excluded", "taken_back", "asked"))
"""Spans whose words name no thing that is sought."""
_ANOTHER = re.compile(r"\b(?:an?|some|another)\s+(?:[\w-]+\s+)?$", re.I)
"""Before the name of a kind: none of those on the screen is meant."""
_JOINT = re.compile(
    r"(?:\b(?:and|plus|or|as well as|along with|together with|then|also|maybe|perhaps|a|an|some|the|one|my|her|his|our|"
    r"two|both|new|matching|nice|good|(?:a )?pairs? of|either|even|\d{1,2})\b|[\s,;&/+·-])*",
    re.I,
)
"""Between things that are looked for together."""
_JOINER = re.compile(r"\b(?:and|plus|or|as well as|along with|together with|then)\b|[,;&/+]", re.I)
_JOINED = re.compile(r"\s+(?:and|or|plus|&)$", re.I)
MOST_PARTS = 4
_TOGETHER = frozenset(("seek", "refine", "more", "goes_with", "recommend"))
"""Moves that may look for several things at once."""
_SOMETHING = re.compile(
    r"\b(?:something|anything|s(?:ome)?thing|smth|sth|stuff|things?)\s+(?:to|for|that|which|so|i can)\b", re.I
)
"""What follows tells what it is for."""
_FOR_WHAT = re.compile(r"\bfor\s+(?:my|our|his|her|their|the|an?)\s+(?:[\w-]+\s+)?$", re.I)
"""Before what a thing is for: "a bag for my laptop"."""
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

    def parted(self, said: Utterance) -> Utterance:
        """With a kind or a brand parted from the order that the reader marked it with: "best rated HP"."""
        if said.marked(SpanLabel.THING):
            return said
        for order in said.marked(SpanLabel.ORDER):
            for gap in re.finditer(r"\s+", order.text):
                head, tail = order.text[: gap.start()], order.text[gap.end() :]
                scale = read_scale(head, ())
                if (
                    scale is None
                    or scale.field not in (PRICE, STARS, "popularity")
                    or not self._is_sold(tail)
                ):
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
        found = found or self._best(things)
        meant = self.lexicon.exactly(found.thing) if things and found.confidence < SURE else ()
        if meant and (not found.kinds or all(m.where.field == BRAND for m in meant)):
            found = Sought(values=things)  # a value of the shop, named as if it were a thing
        names = move in _NAMING or (move in ("refine", "reject") and CORRECTION.search(said.text))
        short = names and len(said.text.split()) <= SHORT
        if short and not (found.kinds or said.marked(SpanLabel.REFERENCE)):
            kinds = self._mentioned(_without_denied(said))
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
        if found.things:
            named = self._by_name(found.thing) if found.confidence < SURE else Resolved()
            return replace(found, kinds=(), confidence=0.0, named=named) if named.where else found
        topic = state.topic
        refines = move == "refine" and not said.marked(SpanLabel.EXCLUDED)
        settled = topic.sure or topic.personal or (refines and topic.kinds and topic.lists)
        if found.values or settled or move not in _GUESSING:
            return found
        listed = topic.lists[-1] if refines and topic.lists else ()
        kinds, confidence = self._guessed(said, state, listed, allowed)
        return replace(found, kinds=kinds, confidence=confidence)

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

    def _guessed(
        self, utterance: Utterance, state: DialogueState, listed: Sequence[str], allowed: Filter
    ) -> tuple[tuple[str, ...], float]:
        """The kind where none is named: what the question before was about, else what the need and the
        products refined, ``listed``, point at.
        """
        text = utterance.text
        short = len(text.split()) <= SHORT and not (AMONG.search(text) or ELSE.search(text))
        if short and state.topic.is_empty and state.exchanges and state.subject:
            named = self._mentioned(state.exchanges[-1].said)
            if named:
                return named, SURE
        if passing := self._in_passing(utterance):
            return passing, LIKELY
        text = utterance.text
        said = f"{state.topic.query} {text}" if state.topic.query not in text else text
        return self._implied(said, listed, allowed), LIKELY

    def _mentioned(self, text: str) -> tuple[str, ...]:
        """The kind that a text names in passing, longest name first; not one that it denies ("no fragrance"), nor what
        something else is sought for ("something to keep my guitar in").
        """
        text = _without_idioms(text)
        vague = _SOMETHING.search(text)
        words, denials = (
            list(re.finditer(r"[\w'-]+", text[: vague.start()] if vague else text)),
            Denials(text),
        )
        for size in (3, 2, 1):
            for first, last in zip(words, words[size - 1 :], strict=False):
                if {first[0].lower(), last[0].lower()} & FUNCTION_WORDS:
                    continue
                match = self.desk.shop.search.kinds.resolve(text[first.start() : last.end()])
                if match is None or not match.exact or match.confidence < MISSPELT:
                    continue
                if denials.of(first.start(), last.end()) != "unwanted":
                    return match.names
        return ()

    def _in_passing(self, said: Utterance) -> tuple[str, ...]:
        """The kind that a long request names without being marked as its thing: "every mouse here is for the
        other hand". Right behind an order it is what is sought, else where search finds mostly such products.
        """
        ordered = {span.end for span in said.marked(SpanLabel.ORDER)}
        apart = [(span.start, span.end) for span in said.spans if span.label in _OTHERS]
        hits: list[str] | None = None
        denials = Denials(said.text)
        words = list(re.finditer(r"[\w'-]+", _without_idioms(said.text)))
        for size in (3, 2, 1):
            for first, last in zip(words, words[size - 1 :], strict=False):
                if {first[0].lower(), last[0].lower()} & FUNCTION_WORDS:
                    continue
                if any(start <= first.start() < end for start, end in apart):
                    continue
                match = self.desk.shop.search.kinds.resolve(said.text[first.start() : last.end()])
                if match is None or not match.exact or match.confidence < NAMED:
                    continue
                if denials.of(first.start(), last.end()) == "unwanted":
                    continue
                if any(0 <= first.start() - end <= 2 for end in ordered):
                    return match.names
                hits = hits if hits is not None else self._found(said.text)
                if self._share(hits, match.names) >= MAJORITY:
                    return match.names
        return ()

    def _found(self, text: str) -> list[str]:
        return [hit.item_id for hit in self.desk.shop.search.search(text, None, VOTERS).hits]

    def _share(self, items: Sequence[str], kinds: tuple[str, ...]) -> float:
        """How many of the products are of one of the kinds."""
        search = self.desk.shop.search
        if not items:
            return 0.0
        mask = search.table.mask(self._any_of(kinds))
        return sum(bool(mask[search.table.row_of[item]]) for item in items) / len(items)

    def _implied(self, text: str, listed: Sequence[str], allowed: Filter) -> tuple[str, ...]:
        """The kind that a need without a thing points at: where most of what search finds for it stands, and
        of what was shown for it before.
        """
        search = self.desk.shop.search
        votes: dict[tuple[str, ...], float] = {}
        found = [hit.item_id for hit in search.search(text, allowed, VOTERS).hits]
        if serving := self._serving(text, found, allowed):
            return serving
        for items in (found, listed):
            for place, item_id in enumerate(items, start=1):
                path = search.table.paths[int(search.table.columns["path"][search.table.row_of[item_id]])]
                votes[path] = votes.get(path, 0.0) + 1.0 / (place + 2)
        best = max(votes, key=votes.__getitem__, default=())
        sure = bool(best) and votes[best] >= MAJORITY * sum(votes.values())
        return (" > ".join(best),) if sure else ()

    def _serving(self, need: str, found: Sequence[str], allowed: Filter) -> tuple[str, ...]:
        """The kind that people ask for with such words, where the products found for them say so, too."""
        search = self.desk.shop.search
        best: tuple[str, ...] = ()
        most = SERVES
        places = [search.table.row_of[item_id] for item_id in found]
        for served in search.serving(need)[:LIKELIEST]:
            mask = search.table.mask(And((allowed, self._any_of(served.names))))
            share = sum(mask[row] / (place + 3) for place, row in enumerate(places)) / _ALL_PLACES
            score = served.score + AGREEING * share
            if share >= SHARED and score > most:
                best, most = served.names, score
        return best

    def _any_of(self, kinds: Sequence[str]) -> Filter:
        filters = (self.desk.shop.search.kinds.filter_of(kind) for kind in kinds)
        return Or(tuple(one for one in filters if one is not None))

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
    return search.kinds.is_thing(thing) and not search.titled(thing) and search.kinds.sells(thing) < SOLD


def _without_idioms(text: str) -> str:
    """The text, of the same length, without idioms whose words name no product."""
    return NO_KIND.sub(lambda match: " " * len(match[0]), text)


def _without_denied(said: Utterance) -> str:
    """The text, of the same length, without what is not wanted."""
    text = said.text
    for span in (*said.marked(SpanLabel.EXCLUDED), *said.marked(SpanLabel.TAKEN_BACK)):
        text = f"{text[: span.start]}{' ' * (span.end - span.start)}{text[span.end :]}"
    return text


def _bare(span: Span) -> Span:
    """A span without a word at its end that only joins it to the next ("top and")."""
    bare = _JOINED.sub("", span.text)
    return replace(span, end=span.start + len(bare), text=bare) if bare else span


def _between(said: Utterance, one: Span, other: Span) -> str:
    """The text between two spans without what is asked of either."""
    text = said.text[one.end : other.start]
    for span in said.marked(SpanLabel.CONDITION):
        text = text.replace(span.text, " ")
    return text


def _part_of(topic: Topic, text: str) -> Part | None:
    """Of the things that are looked for together the one that a text names ("which pants are under 40")."""
    said = set(stems(text))
    named = [part for part in topic.parts if part.kinds and said & set(stems(part.thing)[-1:])]
    return named[0] if len(named) == 1 else None


def _last_name(kind: str) -> str:
    """ "Kitchen > Kettles" is "kettles"."""
    return kind.split(">")[-1].strip().lower()
