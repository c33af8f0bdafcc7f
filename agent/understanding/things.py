"""What is sought: from the things an utterance names, or the need it tells, to kinds of the shop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agent.conditions import BRAND, KIND, TITLE, Prefer, Where
from agent.dialogue import DialogueState, Part, Topic
from agent.shop_context import ShopContext
from agent.tools.compile import Compiler
from agent.understanding.interpretation import LIKELY, SURE
from agent.understanding.labels import SpanLabel
from agent.understanding.language.amounts import find_amounts
from agent.understanding.language.english import are_everyday, english_ranks
from agent.understanding.language.follow_up_cues import OTHER_ONES
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.repairs import CORRECTION
from agent.understanding.language.request_cues import AMONG, ELSE, NO_KIND, NO_NAME, SOMETHING, STANDS_FOR
from agent.understanding.language.text import stems
from agent.understanding.lexicon import Lexicon
from agent.understanding.reader import Span
from agent.understanding.resolved import Resolved
from agent.understanding.thing_marks import ThingMarks
from agent.understanding.things_together import MOST_PARTS, joined_run, part_of
from agent.understanding.unnamed_kinds import NAMED, UnnamedKinds
from agent.understanding.unsold import is_unsold
from agent.understanding.utterance import Utterance, is_vague, without
from retrieval.filters import Filter, Words

SHORT = 12
"""Words of a request in which a kind named in passing is what is sought."""
_ANOTHER = re.compile(
    r"\b(?:an?|some|another|two|three|four|five|six|a couple of|a few|[1-9])\s+(?:[\w-]+\s+)?$", re.I
)
"""Before the name of a kind: none of those on the screen is meant."""
_MADE_OF = re.compile(r"(?P<what>[a-z-]+(?: [a-z-]+)?) of (?P<of>[a-z-]+)", re.I)
_KNOWN = re.compile(r"\b(?:the|its|this|that|my|our|his|her|their)\s+[\w'-]+", re.I)
_ALIKE = 5
"""Letters by which two words are of one stem."""
NEARLY = 0.6
"""So near in meaning a kind may be what a word means that no product is called by."""
_TOGETHER = frozenset(("seek", "refine", "more", "goes_with", "recommend"))
"""Moves that may look for several things at once."""
_OF_IT = re.compile(
    r"\b(?:for|to fit|that fits|to go (?:with|in|on)|to put (?:in|on)|that goes (?:with|in|on))\s+"
    r"(?:my|our|his|her|their|the|an?)\s+(?:[\w.\"'-]+\s+){0,3}$"
    r"|(?<!\btogether )(?<!\balong )\bwith\s+(?:(?!and\b|n\b|plus\b)[\w'-]+\s+){0,2}$",
    re.I,
)
"""Before what a thing is for, "a bag for my laptop", and before a part of it: "a clock with big figures"."""
_PURPOSE = re.compile(
    r"\s+(?:for|to fit|that fits)\s+(?:my|our|his|her|their|the|an?)\s+(?P<what>[a-z-]+(?: [a-z-]+){0,2})",
    re.I,
)
"""Behind a thing, what it is for."""
_BESIDE = re.compile(r"\s(?:with|for|without|incl(?:uding|\.)?|w/)\s", re.I)
"""Behind it, a title tells what a product comes with or is for."""
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

    @property
    def is_told(self) -> bool:
        """Whether anything says what it is, if only a value of the shop."""
        return bool(self.things or self.kinds or self.values)


@dataclass(frozen=True)
class Things:
    """Resolves things to kinds of the shop."""

    desk: ShopContext
    lexicon: Lexicon

    def names_another(self, text: str, topic: Topic) -> bool:
        """Whether a text names a kind that is not looked for yet; "the cover", "my floor" are known things."""
        text = _KNOWN.sub(lambda match: " " * len(match[0]), text)
        return bool(set(self._unnamed.mentioned(text)) - set(topic.kinds))

    @property
    def marks(self) -> ThingMarks:
        return ThingMarks(self.desk, self.lexicon)

    @property
    def _unnamed(self) -> UnnamedKinds:
        return UnnamedKinds(self.desk)

    def sought(self, said: Utterance, move: str) -> Sought:
        """What the utterance names; ``move``: its main move."""
        idioms = [match.span() for match in NO_KIND.finditer(said.text)]
        spans = [span for span in said.marked(SpanLabel.THING) if not NO_NAME.match(span.text)]
        spans = [s for s in spans if not any(a <= s.start and s.end <= b for a, b in idioms)]
        spans = [self.marks.whole(self._made_of(span), said.text) for span in spans]
        things = tuple(span for span in spans if self._is_called(span.text))
        if said.marked(SpanLabel.WISH):
            things = tuple(span for span in things if not self._is_of_the_need(span.text))
        if not things:
            things = tuple(s for s in said.marked(SpanLabel.REFERENCE) if self._is_another(s, said.text))
        if move == "seek" and not things:
            things = self._kinds_among(said.marked(SpanLabel.CONDITION))
        things = tuple(s for s in things if s == things[0] or not _OF_IT.search(said.text[: s.start]))
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
        if (part := part_of(state.topic, said.text)) is not None and not found.kinds:
            return replace(found, thing=part.thing, kinds=part.kinds, confidence=SURE)
        if _is_the_topic(found.thing, state.topic):
            sure = SURE if state.topic.sure else LIKELY
            return replace(found, thing=state.topic.thing, kinds=state.topic.kinds, confidence=sure)
        if found.things:
            named = self._by_name(found.thing) if found.confidence < SURE else Resolved()
            if found.confidence < SURE and not named.where and self._is_unheard(found.thing):
                named = Resolved(unmet=(found.thing,))
                return replace(found, named=named)
            if named.where:
                return replace(found, kinds=(), confidence=0.0, named=named)
            if found.kinds or is_unsold(self.desk, found.thing):
                return found
        topic = state.topic
        others = OTHER_ONES.search(said.text) is not None
        refines = move == "refine" and (others or not said.marked(SpanLabel.EXCLUDED))
        settled = topic.sure or topic.personal or (refines and topic.kinds and topic.lists)
        denies_shown = move == "reject" and bool(topic.lists)
        of_all = (
            refines and topic.sort is not None and not topic.kinds
        )  # "and the least expensive?", in the whole shop
        if found.values or settled or move not in _GUESSING or denies_shown or of_all:
            return found
        listed = topic.lists[-1] if refines and topic.lists else ()
        kinds, confidence = self._guessed(said, state, listed, allowed)
        shown = topic.lists[-1] if topic.lists else state.on_show if topic.is_empty else ()
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
        matches = (self.desk.shop.search.kinds.by_name(span.text) for span in spans)
        return tuple(
            name
            for match in matches
            if match is not None and match.confidence >= SURE
            for name in match.names
        )

    def _made_of(self, span: Span) -> Span:
        """A thing of a material as English calls it: a "bag of leather" is a leather bag."""
        made = _MADE_OF.fullmatch(span.text)
        if made is None or self.desk.shop.search.kinds.named(span.text) is not None:
            return span
        material = any(meaning.where.field != KIND for meaning in self.lexicon.exactly(made["of"]))
        return replace(span, text=f"{made['of']} {made['what']}") if material else span

    def _kinds_among(self, conditions: Sequence[Span]) -> tuple[Span, ...]:
        """Conditions that are no value of the shop but the name of a kind: "something loose, shorts I guess"."""
        return tuple(
            span
            for span in conditions
            if not self.lexicon.exactly(span.text)
            and (not self.lexicon.find(span.text) or self.desk.shop.search.kinds.named(span.text) is not None)
            and (match := self.desk.shop.search.kinds.by_name(span.text)) is not None
            and match.confidence >= NAMED
        )

    def _is_called(self, thing: str) -> bool:
        """Whether a thing is called by a name: "rug accessories" may be a kind, whatever accessories are; "the pirate
        ones" are none, whatever model is called One.
        """
        if STANDS_FOR.search(thing):
            return False
        return not is_vague(thing) or self.desk.shop.search.kinds.named(thing) is not None

    def _is_another(self, reference: Span, text: str) -> bool:
        """Whether a reference names a kind, and none of those on the screen: "add a kettle"."""
        leads = _ANOTHER.search(text[: reference.start] + reference.text.split(" ")[0] + " ")
        return leads is not None and self.desk.shop.search.kinds.named(reference.text) is not None

    def _is_of_the_need(self, thing: str) -> bool:
        """Whether what is marked as a thing is an everyday word that names no product, here or anywhere, so that it only
        tells the need: "same trick but for the garden".
        """
        search = self.desk.shop.search
        match = search.kinds.resolve(thing)
        named = match is not None and (match.exact or match.confidence >= NEARLY)
        return not (named or search.kinds.is_thing(thing) or search.titled(thing)) and are_everyday(
            stems(thing)[-1:]
        )

    def _together(self, things: tuple[Span, ...], said: Utterance) -> Sought | None:
        """Things of several kinds that are looked for together ("a top and shorts"); None where there are not
        several, or none of them is surely a kind.
        """
        things = joined_run(said, things)
        if not 1 < len(things) <= MOST_PARTS:
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
                match = self.desk.shop.search.kinds.by_name(name)
                named = self.desk.shop.search.kinds.named(name)
                sure = match is not None and match.confidence >= SURE
                if (
                    named is not None
                    and match is not None
                    and sure
                    and _is_written(words[:size], match.names)
                ):
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
        if wider is None or not self.desk.shop.search.titled(wider[1]):
            return found
        match, described = wider
        binds = self.lexicon.exactly(described)  # a value, which weighs no more
        said = () if binds else (Prefer(field=TITLE, value=described),)
        return replace(found, kinds=match.names, confidence=match.confidence, named=Resolved(prefer=said))

    def _as_titled(self, found: Sought) -> Sought:
        """With the words before the kind's own name weighing, where titles have them: "clip on" of a "clip on tuner"."""
        before, _, _ = found.thing.rpartition(" ")
        search, alone = self.desk.shop.search, len(found.things) == 1 and not found.named.prefer
        plain = not FUNCTION_WORDS.intersection(before.lower().split()) and not self.lexicon.exactly(before)
        called = before and plain and alone and found.kinds and not search.kinds.named(found.thing)
        if not (called and search.titled(found.thing)):
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
        """A thing that is no kind here but stands in a few titles ("galaxy s6 edge", "ipods"): those alone. What they
        only come with or are for is no name of theirs: "I can't get lids off" asks for no "pot with lid".
        """
        words = [w for w in thing.lower().split() if w not in FUNCTION_WORDS]
        search = self.desk.shop.search
        named = search.titled(" ".join(words))
        few = max(5, 0.1 * len(search.item_ids))
        if not 0 < len(named) <= few or all(is_beside(words[-1], search.title(item)) for item in named):
            return Resolved()
        return Resolved((Where(field=TITLE, op="has", value=" ".join(words)),))


def _asking(text: str) -> str:
    """The one sentence of several that asks, else the text."""
    sentences = re.split(r"(?<=[.!?])\s+", text.strip())
    asking = [sentence for sentence in sentences if sentence.endswith("?")]
    return asking[0] if len(asking) == 1 else text


def _is_written(words: Sequence[str], names: Sequence[str]) -> bool:
    """Whether no word of the names is only like one of some words: for the "office" is no "officer's shirt"."""
    written = {word.lower().removesuffix("'s").rstrip("s") for name in names for word in name.split()}
    plain = [word.lower().rstrip("s") for word in words]
    return all(word in written or not any(one.startswith(word[:_ALIKE]) for one in written) for word in plain)


def _is_the_topic(thing: str, topic: Topic) -> bool:
    """Whether a thing is what is looked for under the last of its words: the "stick" of a "usb stick"."""
    said, sought = stems(thing), stems(topic.thing)
    return bool(topic.kinds) and 0 < len(said) < len(sought) and sought[-len(said) :] == said


def is_beside(word: str, title: str) -> bool:
    """Whether a title has a word only behind what it says the product is: "Pot with Lid"."""
    product = _BESIDE.split(title, maxsplit=1)[0]
    return not set(stems(word)) & set(stems(product))


def _last_name(kind: str) -> str:
    """ "Kitchen > Kettles" is "kettles"."""
    return kind.split(">")[-1].strip().lower()
