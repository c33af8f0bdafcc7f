"""Which products a shopper points at: by place, by pronoun, by a description, by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.dialogue import DialogueState, Topic
from agent.tools.compile import Compiler
from agent.tools.schema import Field
from agent.understanding.kind_fields import KindFields
from agent.understanding.language.english import are_everyday
from agent.understanding.language.negation import Denials
from agent.understanding.language.request_cues import VAGUE_HEADS
from agent.understanding.language.text import stems
from agent.understanding.named_products import NamedProducts, Pointed
from agent.understanding.product_words import (
    CODE,
    ORDINALS,
    codes_in,
    content_stems,
    name_words,
    said_of,
    words_of,
)
from agent.understanding.scales import Scale, graded, read_scale
from retrieval.filters import And, Words, numbers_in
from retrieval.records import Product

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

_COUNTS = {"two": 2, "three": 3, "four": 4, "couple": 2, "both": 2, "2": 2, "3": 3, "4": 4, "pair": 2}
_FEW = re.compile(r"\b(?P<end>first|top|last|bottom)\s+(?P<count>two|three|four|couple|\d)\b", re.I)
ORDINAL = re.compile(
    r"\b(?P<word>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|latter|former|bottom|"
    r"[1-9](?:st|nd|rd|th))\b|(?:\bnumber|\bno\.?|\boption|#)\s*(?P<number>[1-9]|one|two|three|four|five)\b",
    re.I,
)
EARLIER = re.compile(
    r"\b(?:from|of|in|on) (?:the|your|that|my) (?:very )?(?P<which>first|second|third|last|previous|earlier|other|original|"
    r"initial) (?:lot|list|batch|set|bunch|page|round|results?|selection|screen)\b"
    r"|\b(?:from|of) (?:earlier|before|the (?:beginning|start))\b"
    r"|\b(?:that )?you (?:showed|had|gave|listed)(?: me| us)? (?:earlier|before|at first|to begin with|to start with)\b",
    re.I,
)
"""Speaks of a list that was shown earlier."""
_OPENING = re.compile(r"\b(?:original|initial|beginning|start|at first|begin)\b", re.I)
_MIDDLE = re.compile(r"\bmiddle\b", re.I)
_MANY = re.compile(
    r"\b(?:these|those|them|they|all|that lot|each|any of|ones|both|either|the two|the three)\b", re.I
)
_NEIGHBOUR = re.compile(
    r"\b(?:one|thing|product|pair)s? (?P<side>before|after)\b|\b(?P<former>previous) (?:one|thing|product)\b",
    re.I,
)
"""Beside the product that is talked about."""
_DETERMINER = re.compile(r"^\W*(?:the|that|this|those|these|an?|your)\s+", re.I)
_THE = re.compile(
    r"\b(?:the|that|those|these)\s+(?P<words>[a-z][\w'-]*(?:\s+[a-z][\w'-]*){0,2}?)"
    r"(?=\s+(?:even|still|actually|all|in|on|left|sold|available|ones?|is|are|with|for|come|comes|back|things?)\b|\W*$)",
    re.I,
)
FEW_DESCRIBED = 3
"""So many products at most fit a description, or a name, by which one of them is meant."""
NAMED = 0.85
"""How surely the name of a kind must be one."""
TOLD = 0.1
"""A part belongs to a kind of which so many are said to have it."""
_A_CHOICE = re.compile(r"\bthe (?:\w+(?:er|est)|(?:more|most) \w+) one\b", re.I)
_PAIR = re.compile(r"\bpair\b", re.I)
_CALLED = re.compile(
    r"^\W*(?:the|that|this|those|these)\b.*\b(?:ones?|things?|thingy|thingies)\b|\bones? (?:with|for|that)\b",
    re.I,
)
"""Describes a product, whatever it is."""
_TAIL = re.compile(r"\s*[,(|:]|\s[–-]\s|\s(?:with|for|in)\s|\s\d")
"""Ends what a title says that the product is."""
FEW_TOLD = 3
"""So many products at most, for each word, have the words that one of them is described by."""


class References:
    """Resolves phrases against one state. A name costs a search, all else microseconds."""

    def __init__(self, desk: ShopContext, state: DialogueState) -> None:
        self._desk, self._state = desk, state
        self._listed = state.listed
        self.names = NamedProducts(desk, state)

    def maker(self) -> str | None:
        """Who makes what is talked about, else what was shown first."""
        items = (self._state.focus,) if self._state.focus else self._listed[:1]
        return next((product.brand for product in self._desk.products(items)), None)

    def are_known(self, item_ids: Sequence[str]) -> bool:
        """Whether one of the products was dealt with before in this talk."""
        return not set(self._state.handles).isdisjoint(item_ids)

    def resolve(self, phrase: str) -> Pointed:
        """What the phrase points at; nothing where it can't be told."""
        few = _FEW.search(phrase)
        if few and self._listed:
            count = (
                _COUNTS.get(few["count"].lower()) or int(few["count"])
                if few["count"].isdigit() or few["count"].lower() in _COUNTS
                else 2
            )
            items = self._listed[:count] if few["end"].lower() in ("first", "top") else self._listed[-count:]
            return Pointed(items)
        if (beside := self._neighbour(phrase)) is not None:
            return Pointed((beside,))
        if ordinals := self._ordinals(phrase):
            return Pointed(ordinals)
        if (best := self.extreme(phrase, self._listed)) is not None:
            return Pointed((best,))
        if described := self._described(phrase, self._listed, whole=True):
            return Pointed(described)
        if described := self._described(phrase, self.names.known, whole=True):
            return Pointed(described[:1])
        named = self.names.named(phrase)
        if named.item_ids:
            return named
        if told := self.told_of(phrase) or self._titled_in_part(phrase):
            return Pointed((told,), by_name=True)
        if described := self._described(phrase, self._listed, whole=False):
            return Pointed(described)
        return self._of_topic_coded(phrase) if codes_in(phrase) else self._pronoun(phrase)

    def of_earlier(self, text: str) -> tuple[str, ...]:
        """Products of a list that was shown before the one on the screen ("the second from the first lot"): by their
        place, their end of an order or what they are like; nothing where none is spoken of.
        """
        match = EARLIER.search(text)
        lists = [shown for topic in self._state.topics for shown in topic.lists]
        at = ORDINALS.get((match["which"] or "").lower(), 0) if match else 0
        if match is None or len(lists) < max(1, at):
            return ()
        before = [shown for shown in lists if shown != self._listed] or lists
        shown = lists[at - 1] if at > 0 else lists[0] if _OPENING.search(match[0]) else before[-1]
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        if placed := self._ordinals(rest, shown):
            return placed
        best = self.extreme(rest, shown)
        return (best,) if best is not None else self._described(rest, shown, whole=False) or shown

    def told_of(self, phrase: str) -> str | None:
        """The product whose own text has all that a phrase describes it by ("the one with the tiny spoons"): one that was
        shown, else the nearest of what is looked for, else of the shop. None where that tells no few apart.
        """
        said = [w for w in name_words(phrase) if w.lower() not in VAGUE_HEADS and not ORDINAL.fullmatch(w)]
        told = [w for w in said if graded(w.lower()) is None]
        if not told or (len(told) == 1 and not (self.describes(phrase) or self._headed(told[0]))):
            return None
        return self._having_said(said) or self._having_said(told)

    def _having_said(self, words: Sequence[str]) -> str | None:
        """The product whose own text has all of some words, those that were shown first; None where many have."""
        said, search = Words(" ".join(words)), self._desk.shop.search
        shown = next((p.item_id for p in self._products(self.names.known) if self._desk.fits(said, p)), None)
        if shown is None and len(words) == 1 and 0 < len(titled := search.titled(words[0])) <= FEW_TOLD:
            return titled[0]
        if shown is not None or not 0 < search.count(said) <= FEW_TOLD * len(words):
            return shown
        kind = self.names.topic_kinds
        within = And((said, kind)) if kind is not None and search.count(And((said, kind))) else said
        return next((hit.item_id for hit in search.search(" ".join(words), within, 1).hits), None)

    def _titled_in_part(self, phrase: str) -> str | None:
        """The product whose title has most of the words of a description that nothing shown has any of ("those fox
        card things"); None where it describes none, or few titles tell none apart.
        """
        words = [word for word in name_words(phrase) if word.lower() not in VAGUE_HEADS]
        said = set(stems(" ".join(words)))
        if not self.describes(phrase) or any(said & words_of(p) for p in self._products(self.names.known)):
            return None
        counts: dict[str, int] = {}
        for word in words:
            items = self._desk.shop.search.titled(word)
            for item in items if len(items) <= FEW_TOLD else ():
                counts[item] = counts.get(item, 0) + 1
        best = [item for item, count in counts.items() if count == max(counts.values())]
        return best[0] if len(best) == 1 else None

    def _headed(self, word: str) -> bool:
        """Whether few titles are of what a word says: the "patches" of "Cucumber Eye Patches", no "cable" of a kettle."""
        titled = self._desk.shop.search.titled(word)
        heads = (stems(_TAIL.split(p.title)[0])[-1:] for p in self._products(titled[: FEW_TOLD + 1]))
        return 0 < len(titled) <= FEW_TOLD and all(head == stems(word)[-1:] for head in heads)

    @staticmethod
    def describes(phrase: str) -> bool:
        """Whether a phrase says which one is meant ("the one with the lid"), so that "it" beside it is the same."""
        return _CALLED.search(phrase) is not None and bool(content_stems(phrase))

    def is_part(self, phrase: str) -> bool:
        """Whether a phrase is an everyday word that no product shown is called by: "the top", "the charger" of it."""
        words = name_words(phrase)
        return (
            bool(self._listed)
            and len(words) == 1
            and words[0].islower()
            and not (self.describes(phrase) or self._headed(words[0]))
            and not ORDINAL.search(phrase)
            and are_everyday(stems(words[0]))
            and not any(set(stems(words[0])) & words_of(p) for p in self._products(self._listed))
        )

    def at_place(self, text: str) -> tuple[str, ...]:
        """Products of the list that a text denies by their place ("not the second one"): nothing else."""
        denials = Denials(text)
        found: list[str] = []
        for match in ORDINAL.finditer(text):
            if denials.of(match.start(), match.end()) == "unwanted":
                found.extend(self._ordinals(match[0]))
        return tuple(dict.fromkeys(found))

    def shows_or_names(self, phrase: str) -> bool:
        """Whether something shown is described by a phrase, or a product is called so; an order among them is one, too."""
        if self._ordinals(phrase) or read_scale(phrase, ()) is not None or phrase.lower() in _COUNTS:
            return True
        words = content_stems(phrase)
        shown = any(all(word in words_of(p) for word in words) for p in self._products(self.names.known))
        return shown or bool(self.names.named(phrase).item_ids)

    def describes_some(self, phrase: str) -> bool:
        """Whether several of those shown, and not all, are described by a phrase."""
        words = content_stems(phrase)
        fitting = [p for p in self._products(self._listed) if words and all(w in words_of(p) for w in words)]
        return 1 < len(fitting) < len(self._listed)

    def is_unshown_kind(self, phrase: str) -> bool:
        """Whether a phrase names a kind of the shop that nothing shown is of, and no product."""
        name = _DETERMINER.sub("", phrase)
        match = self._desk.shop.search.kinds.by_name(name) if content_stems(name) else None
        if match is None or match.confidence < NAMED:
            return False
        words = content_stems(name)
        if self.names.is_title(name) or (len(words) > 1 and self.names.named(phrase).item_ids):
            return False
        if any(all(word in words_of(p) for word in words) for p in self._products(self.names.known)):
            return False
        compiled = Compiler(self._desk.shop.search, self._desk.schema).compile(
            Topic(kinds=match.names).kind_guess()
        )
        own = compiled[0].filter if compiled else None
        return own is not None and not any(self._desk.fits(own, p) for p in self._products(self.names.known))

    def is_told_of_kind(self, phrase: str) -> bool:
        """Whether something of the kind that is looked for is said to have a part: "speakers", of monitors."""
        words = content_stems(phrase)
        if self.names.topic_kinds is None or not words:
            return False
        kind = KindFields(self._desk, self.names.topic_kinds)
        said = kind.count(Words(" ".join(words)))
        return said > TOLD * kind.total or any(set(words) <= set(own.stems) for own, _ in kind.stated)

    def _neighbour(self, phrase: str) -> str | None:
        """ "The one before that": beside the product that is talked about, on the screen."""
        match = _NEIGHBOUR.search(phrase)
        if match is None or self._state.focus not in self._listed:
            return None
        at = self._listed.index(self._state.focus) + (1 if match["side"] == "after" else -1)
        return self._listed[at] if 0 <= at < len(self._listed) else None

    def _ordinals(self, phrase: str, among: Sequence[str] = ()) -> tuple[str, ...]:
        listed, found = among or self._listed, []
        for match in ORDINAL.finditer(phrase):
            word = (match["word"] or match["number"]).lower()
            place = ORDINALS.get(word) or int(re.sub(r"\D", "", word) or 1)
            index = place - 1 if place > 0 else place
            if -len(listed) <= index < len(listed):
                found.append(listed[index])
        if not found and _MIDDLE.search(phrase) and listed:
            found.append(listed[len(listed) // 2])
        return tuple(dict.fromkeys(found))

    def extreme(self, phrase: str, among: Sequence[str]) -> str | None:
        """ "The cheaper", "the lightest one": the end of a scale among some products; None where it is none."""
        if len(among) < 2:  # of one product, "the bigger one" is a choice of it
            return among[0] if among and _A_CHOICE.search(phrase) else None
        scale = read_scale(phrase, self.numeric_fields(among))
        if scale is None or not (scale.comparative or scale.superlative):
            return None
        return self.best(scale, among)

    def best(self, scale: Scale, item_ids: Sequence[str]) -> str | None:
        """The product at the end of the scale; None where no two state it."""
        values = [(v, item) for item in item_ids if (v := self.value(scale.field, item)) is not None]
        if len(values) < 2 and len(item_ids) > 1:
            return None
        pick = max if scale.direction > 0 else min
        return pick(values, key=lambda pair: pair[0])[1] if values else None

    def value(self, field: str, item_id: str) -> float | None:
        from agent.conditions import Sort
        from agent.tools.weigh import sort_key

        return sort_key(self._desk, Sort(field=field))(item_id)

    def numeric_fields(self, item_ids: Sequence[str]) -> list[Field]:
        """The numeric fields that these products state, the most stated first."""
        counts: dict[str, int] = {}
        for product in self._products(item_ids):
            for name, value in product.attributes.items():
                if not isinstance(value, bool) and numbers_in(value):
                    counts[name] = counts.get(name, 0) + 1
        fields = [self._desk.schema.field(name) for name in sorted(counts, key=lambda n: -counts[n])]
        return [field for field in fields if isinstance(field, Field) and field.type == "number"]

    def _described(self, phrase: str, among: Sequence[str], *, whole: bool) -> tuple[str, ...]:
        """ "The red one", "the one with the lamp", "that Tonhaus": products shown that have these words, all
        of them where ``whole``, else most.
        """
        words = [w for w in content_stems(phrase) if w not in ("pair", "kind", "other")]
        if not words:
            return ()
        scored = []
        for product in self._products(among):
            own = words_of(product)
            scored.append((sum(word in own for word in words), product.item_id))
        best = max((score for score, _ in scored), default=0)
        if best < (len(words) if whole else max(1, len(words) / 2)):
            return ()
        fitting = self._told_apart(phrase, tuple(item for score, item in scored if score == best))
        plural = bool(_MANY.search(phrase)) or bool(re.search(r"\bones\b|\w{3,}s\b", phrase))
        if len(fitting) == 1 or (plural and len(fitting) < len(among)):
            return fitting
        if self._state.focus in fitting:
            return (self._state.focus,)  # type: ignore[return-value]
        return fitting[:1] if len(fitting) < len(among) else ()

    def called(self, text: str) -> Pointed:
        """The product that a text calls by one word of its title and "the": "are the bellows in stock"; one of those
        shown, else of the few that are called so the one that what is looked for speaks of most.
        """
        for match in _THE.finditer(text):
            words = [word for word in name_words(match["words"]) if len(word) > 2]
            for word in words:
                shown = [
                    p.item_id for p in self._products(self._listed) if set(stems(word)) & set(stems(p.title))
                ]
                if shown:
                    return Pointed(tuple(shown[:1]))
                items = self._desk.shop.search.titled(word)
                if 0 < len(items) <= FEW_DESCRIBED:
                    topic = set(content_stems(f"{self._state.topic.thing} {self._state.topic.query}"))
                    best = max(self._products(items), key=lambda p: len(topic & words_of(p)))
                    return Pointed((best.item_id,), by_name=True)
        return Pointed()

    def _of_topic_coded(self, phrase: str) -> Pointed:
        """The one product of what is looked for that has the codes of a phrase, shown or not; nothing where several have:
        what another code is said of is none of those shown.
        """
        words = [word for word in name_words(phrase) if CODE.fullmatch(word)]
        where = [w for w in self._state.topic.conditions() if not w.is_negative]
        compiled = Compiler(self._desk.shop.search, self._desk.schema).compile(where)
        asked = And(tuple(one.filter for one in compiled if one.filter is not None))
        titled = self._desk.shop.search.titled(" ".join(words)) if words else ()
        found = [p.item_id for p in self._products(titled) if self._desk.fits(asked, p)]
        return Pointed(tuple(found), by_name=True) if len(found) == 1 else Pointed()

    def _told_apart(self, phrase: str, items: tuple[str, ...]) -> tuple[str, ...]:
        """Those that have the codes of a phrase as one: "the 5G one" has no 5 alone."""
        codes = codes_in(phrase)
        return tuple(p.item_id for p in self._products(items) if all(c.search(said_of(p)) for c in codes))

    def _pronoun(self, phrase: str) -> Pointed:
        low = phrase.lower()
        if _MANY.search(low) and not _PAIR.search(low) and self._listed:
            many = next((count for word, count in _COUNTS.items() if re.search(rf"\b{word}\b", low)), None)
            if self._state.focus and not many and re.fullmatch(r"\W*(?:they|them|these|those|ones)\W*", low):
                return Pointed((self._state.focus,))  # "are they warm", of one pair of gloves
            items = self._listed[:many] if many else self._listed
            return Pointed(items, whole_list=not many)
        if self._state.focus:
            return Pointed((self._state.focus,))
        return Pointed(self._listed[:1]) if self._listed else Pointed()

    def _products(self, item_ids: Sequence[str]) -> list[Product]:
        return self._desk.products(item_ids)
