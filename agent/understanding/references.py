"""Which products a shopper points at: by place, by pronoun, by a description, by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from agent.dialogue import DialogueState, Topic
from agent.tools.compile import Compiler
from agent.tools.schema import Field
from agent.understanding.kind_fields import KindFields
from agent.understanding.language.english import are_everyday
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.negation import Denials
from agent.understanding.language.numbers import ORDINAL_WORDS
from agent.understanding.language.text import stems
from agent.understanding.language.units import NAMES
from agent.understanding.scales import Scale, read_scale
from retrieval.filters import And, Category, Filter, Words, numbers_in
from retrieval.records import Product
from retrieval.text.normalization import tokenize as search_tokens

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

ORDINALS = {word: place for place, word in enumerate(ORDINAL_WORDS, start=1)}
ORDINALS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "top": 1, "former": 1}
ORDINALS |= {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
ORDINALS |= {"last": -1, "latter": -1, "bottom": -1, "next to last": -2}
_COUNTS = {"two": 2, "three": 3, "four": 4, "couple": 2, "both": 2, "2": 2, "3": 3, "4": 4, "pair": 2}
_FEW = re.compile(r"\b(?P<end>first|top|last|bottom)\s+(?P<count>two|three|four|couple|\d)\b", re.I)
ORDINAL = re.compile(
    r"\b(?P<word>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|latter|former|bottom|"
    r"[1-9](?:st|nd|rd|th))\b|(?:\bnumber|\bno\.?|\boption|#)\s*(?P<number>[1-9]|one|two|three|four|five)\b",
    re.I,
)
_LETTERS_DIGITS = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
_MIDDLE = re.compile(r"\bmiddle\b", re.I)
_MANY = re.compile(
    r"\b(?:these|those|them|they|all|that lot|each|any of|ones|both|either|the two|the three)\b", re.I
)
_NEIGHBOUR = re.compile(
    r"\b(?:one|thing|product|pair)s? (?P<side>before|after)\b|\b(?P<former>previous) (?:one|thing|product)\b",
    re.I,
)
"""Beside the product that is talked about."""
_CODE = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9+-]+", re.I)
"""A model's name: letters and digits in one word."""
_OR = re.compile(r"\b(?:or|vs\.?|versus)\b|\b(?:(?:more|less) [a-z]+|[a-z]{3,}er) than\b", re.I)
_BETWEEN = re.compile(r"\bbetween\b(?P<one>.+?)\band\b(?P<other>.+)", re.I)
_CLAUSE = re.compile(
    r"[.,;:!?]|\b(?:between|is|are|should i (?:get|take|buy)|which|and (?:by|how|what|is|are|which)"
    r"|on (?:price|cost|rating))\b",
    re.I,
)
_NAME = re.compile(r"[^\W_][\w'’-]*")
WHOLE_TITLE = 3
"""Words from which on a side of \"or\" may be a whole title."""
FEW_VARIANTS = 8
"""So many titles at most have the word that variants of one product are called by."""
SHORTEST_CODE = 4
"""Characters of a model's code that may be the beginning of another's."""
FEW_NAMED = 3
"""So many titles at most have the word that a product is called by."""
_DETERMINER = re.compile(r"^\W*(?:the|that|this|those|these|an?|your)\s+", re.I)
NAMED = 0.85
"""How surely the name of a kind must be one."""
TOLD = 0.1
"""A part belongs to a kind of which so many are said to have it."""
_A_CHOICE = re.compile(r"\bthe (?:\w+(?:er|est)|(?:more|most) \w+) one\b", re.I)
_PAIR = re.compile(r"\bpair\b", re.I)
FEW = 0.01
"""A name is words that at most this share of the titles have together."""


@dataclass(frozen=True)
class Pointed:
    """Products that a phrase points at. ``by_name``: called by name, shown before or not."""

    item_ids: tuple[str, ...] = ()
    by_name: bool = False
    whole_list: bool = False
    """Whether it is all that is on the screen."""


class References:
    """Resolves phrases against one state. A name costs a search, all else microseconds."""

    def __init__(self, desk: ShopContext, state: DialogueState) -> None:
        self._desk, self._state = desk, state
        self._listed = state.listed
        self._known = tuple(
            dict.fromkeys((*state.listed, *(i for t in reversed(state.topics) for i in t.seen)))
        )

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
        if described := self._described(phrase, self._known, whole=True):
            return Pointed(described[:1])
        named = self.named(phrase)
        if named.item_ids:
            return named
        if described := self._described(phrase, self._listed, whole=False):
            return Pointed(described)
        return self._of_topic_coded(phrase) if _codes(phrase) else self._pronoun(phrase)

    def is_part(self, phrase: str) -> bool:
        """Whether a phrase is an everyday word that no product shown is called by: "the top", "the charger" of it."""
        words = _name_words(phrase)
        return (
            bool(self._listed)
            and len(words) == 1
            and words[0].islower()
            and not ORDINAL.search(phrase)
            and are_everyday(stems(words[0]))
            and not any(set(stems(words[0])) & _words_of(p) for p in self._products(self._listed))
        )

    def at_place(self, text: str) -> tuple[str, ...]:
        """Products of the list that a text denies by their place ("not the second one"): nothing else."""
        denials = Denials(text)
        found: list[str] = []
        for match in ORDINAL.finditer(text):
            if denials.of(match.start(), match.end()) == "unwanted":
                found.extend(self._ordinals(match[0]))
        return tuple(dict.fromkeys(found))

    def named(self, phrase: str) -> Pointed:
        """The product that is called by title, or by brand and part of the title; of several, the shortest
        title.

        A name is words that few titles have together; models may be written apart or together ("RAT 2",
        "DS-1").
        """
        words = _name_words(phrase)
        literal = re.compile(rf"\b{re.escape(' '.join(words))}\b", re.I)
        search = self._desk.shop.search
        few = max(6, int(FEW * len(search.item_ids)))
        for spelt in _spellings(words):
            if len(spelt) < 2 and not (spelt and self._is_name_alone(spelt[0])):
                continue
            items = search.titled(" ".join(spelt)) or self._with_brand(spelt)
            if items and len(items) <= few:
                best = min(
                    self._products(items),
                    key=lambda p: (
                        p.item_id not in self._known,
                        not self._is_of_topic(p),
                        not literal.search(p.title),
                        len(p.title),
                    ),
                )
                return Pointed((best.item_id,), by_name=True)
        return self._by_code(words)

    def shows_or_names(self, phrase: str) -> bool:
        """Whether something shown is described by a phrase, or a product is called so; an order among them is one, too."""
        if self._ordinals(phrase) or read_scale(phrase, ()) is not None or phrase.lower() in _COUNTS:
            return True
        words = _content(phrase)
        shown = any(all(word in _words_of(p) for word in words) for p in self._products(self._known))
        return shown or bool(self.named(phrase).item_ids)

    def describes_some(self, phrase: str) -> bool:
        """Whether several of those shown, and not all, are described by a phrase."""
        words = _content(phrase)
        fitting = [p for p in self._products(self._listed) if words and all(w in _words_of(p) for w in words)]
        return 1 < len(fitting) < len(self._listed)

    def is_unshown_kind(self, phrase: str) -> bool:
        """Whether a phrase names a kind of the shop that nothing shown is of, and no product."""
        name = _DETERMINER.sub("", phrase)
        match = self._desk.shop.search.kinds.resolve(name) if _content(name) else None
        if match is None or not match.exact or match.confidence < NAMED:
            return False
        words = _content(name)
        if len(words) > 1 and self.named(phrase).item_ids:
            return False
        if any(all(word in _words_of(p) for word in words) for p in self._products(self._known)):
            return False
        compiled = Compiler(self._desk.shop.search, self._desk.schema).compile(
            Topic(kinds=match.names).kind_guess()
        )
        own = compiled[0].filter if compiled else None
        return own is not None and not any(self._desk.fits(own, p) for p in self._products(self._known))

    def is_told_of_kind(self, phrase: str) -> bool:
        """Whether something of the kind that is looked for is said to have a part: "speakers", of monitors."""
        words = _content(phrase)
        if self._topic_kinds is None or not words:
            return False
        kind = KindFields(self._desk, self._topic_kinds)
        said = kind.count(Words(" ".join(words)))
        return said > TOLD * kind.total or any(set(words) <= set(own.stems) for own, _ in kind.stated)

    def names_written(self, text: str) -> Iterator[tuple[str, int]]:
        """Words written as names that some titles of the shop have, with where they stand."""
        for match in _NAME.finditer(text):
            starts = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1:] in ".!?"
            if (
                match[0][0].isupper()
                and len(match[0]) > 2
                and not starts
                and self._desk.shop.search.titled(match[0])
            ):
                yield match[0], match.start()

    def names_in(self, text: str) -> tuple[str, ...]:
        """The products that a text calls by a word which hardly another title has ("the Vulcan and the Bella"):
        no everyday word, or written as a name.
        """
        found: dict[str, None] = {}
        search = self._desk.shop.search
        for match in _NAME.finditer(text):
            word = match[0]
            if not (_is_name(text, match) and len(word) > 2):
                continue
            items = search.titled(word)
            if not items or len(items) > FEW_NAMED:
                continue
            best = min(self._products(items), key=lambda p: (p.item_id not in self._known, len(p.title)))
            found[best.item_id] = None
        return tuple(found)

    def either(self, text: str) -> tuple[str, ...]:
        """The two products that a text offers as alternatives, one of them at least by name ("the Geo pant or the
        Viktor one"); nothing where it offers none.
        """
        between = _BETWEEN.search(text)
        sides = [(between["one"], between["other"])] if between else []
        sides += [(text[: joint.start()], text[joint.end() :]) for joint in _OR.finditer(text)]
        for before, after in sides:
            left, right = _CLAUSE.split(before)[-1], _CLAUSE.split(after)[0]
            names = [_name_words(side) for side in (before, after)]
            if min(map(len, names)) >= WHOLE_TITLE:  # a title may have commas in it
                whole = [self._desk.shop.search.titled(" ".join(words)) for words in names]
                if all(0 < len(items) <= FEW_NAMED for items in whole) and whole[0][0] != whole[1][0]:
                    return (whole[0][0], whole[1][0])
            if two := self._variants(before, left, right):
                return two
            ones, others = self._called(left), self._called(right)
            if not (ones or others):
                if two := self._shown_alternatives(left, right):
                    return two
                continue
            one = ones[-1] if ones else self._akin(left, others[0])
            other = others[0] if others else self._akin(right, ones[-1])
            if one and other and one != other:
                return (one, other)
        return ()

    def _variants(self, before: str, left: str, right: str) -> tuple[str, ...]:
        """Two products of one name that differ by a word: "the Ryker tee, the V-neck or the crew-neck"."""
        named = [w for w in _name_words(before) if w not in _name_words(left) and len(w) > 2]
        for word in named:
            items = self._desk.shop.search.titled(word)
            if 1 < len(items) <= FEW_VARIANTS:
                one, other = (
                    self._having(set(stems(side)) - FUNCTION_WORDS, items) for side in (left, right)
                )
                if one and other and one != other:
                    return (one, other)
        return ()

    def _shown_alternatives(self, left: str, right: str) -> tuple[str, ...]:
        """Two of those shown, each told by its own words: "is the black pair or the blue pair cheaper"."""
        own, others = set(_content(left)), set(_content(right))
        one, other = (self._having(words, self._listed) for words in (own - others, others - own))
        return (one, other) if one and other and one != other else ()

    def _having(self, words: Iterable[str], items: Sequence[str]) -> str | None:
        """The one product of some that has all the words; None where none or several have."""
        asked = set(words) - {"pair", "one", "kind", "other"}
        found = [p.item_id for p in self._products(items) if asked and asked <= _words_of(p)]
        return found[0] if len(found) == 1 else None

    def _called(self, text: str) -> tuple[str, ...]:
        """The products called by name, where the name is not only a brand's."""
        brands = {s for brand in self._desk.schema.brands for s in stems(brand)}
        named = tuple(
            p.item_id
            for p in self._products(self.names_in(text))
            if (set(stems(text)) & set(stems(p.title))) - brands - FUNCTION_WORDS
        )
        return named or self.named(text).item_ids

    def _akin(self, text: str, item_id: str) -> str | None:
        """The product of the same kind as another that has all the words of a text; None where several have."""
        words = set(_content(text))
        (product,) = self._products([item_id]) or (None,)
        if product is None or not words:
            return None
        among = And((Category((" > ".join(product.category),)), Words(" ".join(words))))
        found = [p for p in self._desk.shop.search.matching(among) if p != item_id]
        return found[0] if len(found) == 1 else None

    def _by_code(self, words: Sequence[str]) -> Pointed:
        """The product whose model is named beside words that its title does not have ("renewed S9 plus phones")."""
        search = self._desk.shop.search
        codes = [word for word in words if _CODE.fullmatch(word)]
        items = search.titled(" ".join(codes)) or self._begun(codes) if codes else []
        if not items or len(items) > max(6, int(FEW * len(search.item_ids))):
            return Pointed()
        said = set(stems(" ".join(words)))
        best = max(
            self._products(items),
            key=lambda p: (len(said & _words_of(p)), p.item_id in self._known, -len(p.title)),
        )
        return Pointed((best.item_id,), by_name=True)

    def _begun(self, codes: Sequence[str]) -> list[str]:
        """Products whose model only adds a letter or two to a code that no other is called by: "sm58" of SM58S."""
        code = search_tokens(codes[0]) if len(codes) == 1 and codes[0][-1].isdigit() else []
        if len(code) != 1 or len(code[0]) < SHORTEST_CODE:
            return []
        search = self._desk.shop.search
        longer = re.compile(rf"{re.escape(code[0])}[a-z]{{1,2}}")
        return [
            item
            for token in search.keywords.title.vocabulary
            if longer.fullmatch(token)
            for item in search.titled(token)
        ]

    def _neighbour(self, phrase: str) -> str | None:
        """ "The one before that": beside the product that is talked about, on the screen."""
        match = _NEIGHBOUR.search(phrase)
        if match is None or self._state.focus not in self._listed:
            return None
        at = self._listed.index(self._state.focus) + (1 if match["side"] == "after" else -1)
        return self._listed[at] if 0 <= at < len(self._listed) else None

    def _with_brand(self, words: Sequence[str]) -> list[str]:
        """Products whose title and brand together have all the words."""
        said = set(stems(" ".join(words)))
        brands = [b for b in self._desk.schema.brands if set(stems(b)) & said]
        found = []
        for brand in brands:
            rest = [w for w in words if not set(stems(w)) <= set(stems(brand))]
            items = self._desk.shop.search.titled(" ".join(rest)) if rest else []
            found += [p.item_id for p in self._products(items) if p.brand == brand]
        return found

    def _is_name_alone(self, word: str) -> bool:
        """Whether one word is a product's name: few have it, and it is none of every day ("the charger") unless written
        as a name.
        """
        return self._rare(word) and (word[0].isupper() or not are_everyday(stems(word)))

    def _rare(self, word: str) -> bool:
        """Whether few products of the shop have the word: a name, not a kind."""
        search = self._desk.shop.search
        tokens = search_tokens(word)
        most = max(3, FEW * len(search.item_ids))
        return bool(tokens) and all(search.keywords.document_frequency(t) <= most for t in tokens)

    def _ordinals(self, phrase: str) -> tuple[str, ...]:
        found = []
        for match in ORDINAL.finditer(phrase):
            word = (match["word"] or match["number"]).lower()
            place = ORDINALS.get(word) or int(re.sub(r"\D", "", word) or 1)
            index = place - 1 if place > 0 else place
            if -len(self._listed) <= index < len(self._listed):
                found.append(self._listed[index])
        if not found and _MIDDLE.search(phrase) and self._listed:
            found.append(self._listed[len(self._listed) // 2])
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
        words = [w for w in _content(phrase) if w not in ("pair", "kind", "other")]
        if not words:
            return ()
        scored = []
        for product in self._products(among):
            own = _words_of(product)
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

    def _of_topic_coded(self, phrase: str) -> Pointed:
        """The one product of what is looked for that has the codes of a phrase, shown or not; nothing where several have:
        what another code is said of is none of those shown.
        """
        words = [word for word in _name_words(phrase) if _CODE.fullmatch(word)]
        where = [w for w in self._state.topic.conditions() if not w.is_negative]
        compiled = Compiler(self._desk.shop.search, self._desk.schema).compile(where)
        asked = And(tuple(one.filter for one in compiled if one.filter is not None))
        titled = self._desk.shop.search.titled(" ".join(words)) if words else ()
        found = [p.item_id for p in self._products(titled) if self._desk.fits(asked, p)]
        return Pointed(tuple(found), by_name=True) if len(found) == 1 else Pointed()

    def _told_apart(self, phrase: str, items: tuple[str, ...]) -> tuple[str, ...]:
        """Those that have the codes of a phrase as one: "the 5G one" has no 5 alone."""
        codes = _codes(phrase)
        return tuple(p.item_id for p in self._products(items) if all(c.search(_said_of(p)) for c in codes))

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

    def _is_of_topic(self, product: Product) -> bool:
        """Whether a product is of the kind that is looked for."""
        row = self._desk.shop.search.table.row_of.get(product.item_id)
        return self._of_topic is None or row is None or bool(self._of_topic[row])

    @cached_property
    def _of_topic(self) -> npt.NDArray[np.bool_] | None:
        """Which products are of the kind that is looked for, shape (n,)."""
        return None if self._topic_kinds is None else self._desk.shop.search.table.mask(self._topic_kinds)

    @cached_property
    def _topic_kinds(self) -> Filter | None:
        (compiled, *_) = (
            *Compiler(self._desk.shop.search, self._desk.schema).compile(self._state.topic.kind_guess()),
            None,
        )
        return compiled.filter if compiled is not None else None

    def _products(self, item_ids: Sequence[str]) -> list[Product]:
        return self._desk.products(item_ids)


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether a word is written as a name, not at the start of a sentence, or is none of every day."""
    starts = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1:] in ".!?"
    if match[0][0].isupper() and not starts:
        return True
    return match[0].lower() not in FUNCTION_WORDS and not are_everyday(stems(match[0]))


def _content(phrase: str) -> list[str]:
    """Stems of the words that name something."""
    skip = FUNCTION_WORDS | {"first", "second", "third", "last", "pair", "number", "option", "ones"}
    return [s for s in stems(phrase) if s not in skip and (len(s) > 1 or s.isdigit())]


def _spellings(words: Sequence[str]) -> Iterator[list[str]]:
    """The words, then with neighbours written together, all of them or one pair at a time."""
    yield list(words)
    for at in range(len(words) - 1):
        yield [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]
    unmeasured = [word for word in words if word.lower() not in NAMES]
    if len(unmeasured) < len(words):  # "43 inch TU7000"
        yield from _spellings(unmeasured)
    split = [part for word in words for part in _LETTERS_DIGITS.split(word) if part]
    if split != list(words):
        yield split


def _name_words(phrase: str) -> list[str]:
    """The words of a phrase that can be of a name, as written."""
    skip = FUNCTION_WORDS | {"one", "ones", "pair"}
    found = re.findall(r"[^\W_]+(?:[-'’+&.][^\W_]+)*", phrase)  # "3a" is one name, not three of something
    return [word for word in found if word.lower() not in skip]


def _codes(phrase: str) -> list[re.Pattern[str]]:
    """Patterns of the codes in a phrase ("5G", "s10"), however their parts are written; no measures, and no places."""
    found = []
    for word in re.findall(r"\w+", phrase.lower()):
        unit = re.sub(r"^\d+", "", word)
        if _CODE.fullmatch(word) and word not in ORDINALS and not (len(unit) > 1 and unit in NAMES):
            parts = r"[\s-]?".join(map(re.escape, _LETTERS_DIGITS.split(word)))
            found.append(re.compile(rf"\b{parts}s?\b", re.I))
    return found


def _said_of(product: Product) -> str:
    """The title and what the fields say, as one text."""
    return " ".join(
        (product.title, *map(str, product.attributes.values()), *map(str, product.options.values()))
    )


def _words_of(product: Product) -> set[str]:
    words = {
        *stems(product.title),
        *stems(product.brand or ""),
        *(s for c in product.category for s in stems(c)),
    }
    for name, value in (*product.attributes.items(), *product.options.items()):
        if value is True:
            words.update(stems(name.replace("_", " ")))
        for text in value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ():
            words.update(stems(text))
        if isinstance(value, float):
            words.add(f"{value:g}")
    return words
