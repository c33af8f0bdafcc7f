"""Phrases without numbers as conditions and wishes: values by name, by another form, by meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from agent.conditions import ANYWHERE, BRAND, COMMON_FIELDS, STARS, TITLE, Prefer, Where
from agent.tools.schema import Field
from agent.understanding.kind_fields import OWN, STATED, KindFields
from agent.understanding.language.abbreviations import abbreviated
from agent.understanding.language.condition_cues import AS_VALUES, COUNTED_VALUE, LEADING, NEGATED
from agent.understanding.language.directions import measures
from agent.understanding.language.english import are_everyday, english_ranks
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.text import content_words, stems, tokenize
from agent.understanding.lexicon import Lexicon, Match, Meaning, stated_by
from agent.understanding.qualities import is_denied, qualities_of
from agent.understanding.resolved import Resolved, denied_values
from agent.understanding.scales import graded, read_scale, wishes_stars
from retrieval.filters import Attribute, Or, Words

_SHARES = frozenset(("half", "double", "twice", "quarter", "third"))
"""Of something else: never what a product says of itself."""
_CODE = re.compile(r"\d[a-z]|[a-z]\d", re.I)
FEW_TITLES = 3
"""A code that so many titles have is what products are told by."""
SURE = 0.6
"""Cosine from which a phrase surely means a value."""


@dataclass(frozen=True)
class ValueResolver:
    """Resolves what a kind of product has. Microseconds by name; one encoding, about 5 ms, by meaning."""

    kind: KindFields
    lexicon: Lexicon
    known: bool
    """Whether it is known what is sought; without that, meaning and texts would point at anything."""

    def phrase(self, phrase: str, *, strict: bool = False) -> Resolved:
        """A phrase without numbers; ``strict``: what the lexicon does not know is dropped, not searched in
        texts.
        """
        bare = LEADING.sub("", phrase).strip(" .,!?")
        if not bare:
            return Resolved()
        counted = COUNTED_VALUE.sub(lambda m: AS_VALUES[m[1].lower()], bare)
        for text in dict.fromkeys((bare, phrase, counted)):
            if whole := self.of_kind(self.lexicon.exactly(text)):
                return self.wish(phrase) if _only_grades(text, whole) else Resolved((self.any_of(whole),))
        if counted != bare and (values := self._counted(counted)).where:
            return values
        elsewhere = [m for m in self.lexicon.exactly(bare) if self.known or not self.is_far_fetched(m)]
        if elsewhere and (
            _is_name(bare) or read_scale(bare, self.kind.numeric) is None
        ):  # none of the kind has it: the shopper is told
            other = self.kind.schema.field(elsewhere[0].where.field)
            told = None if isinstance(other, Field) and other.is_color else self.in_texts(bare)
            return Resolved((told or elsewhere[0].where,))  # a field of others, but tagged or told here
        matches = [m for m in self.lexicon.find(bare) if self.of_kind(m.meanings)]
        left = _uncovered(bare, matches)
        bound = tuple(self.any_of(self.of_kind(m.meanings)) for m in matches)
        if matches and not left:
            return Resolved(bound)
        if strict:
            return Resolved(bound)
        scale = read_scale(bare, self.kind.numeric)
        if scale is not None and scale.known and not bound:
            return Resolved(
                prefer=(Prefer(field=scale.field, aim="high" if scale.direction > 0 else "low"),), words=bare
            )
        if (near := self.near(bare)) is not None and near.where not in bound:
            if self._is_within(bound, near.where):  # "front and the back" is "front and rear", not "front"
                bound = tuple(w for w in bound if w.field != near.where.field)
            return Resolved((*bound, near.where))
        graded = scale is not None and len(content_words(bare)) == 1
        quality = self.quality(bare) if not bound and not graded else Resolved()
        if not bound and not graded and (said := self.in_texts(bare)) is not None:
            return Resolved((_widened(said, quality.prefer),))  # "light" in a text may be said of anything
        if quality.prefer:
            return replace(quality, words=bare)
        unmet = (
            (bare,)
            if self.known and not bound and len(content_words(bare)) <= 2 and self._silent_on(bare)
            else ()
        )
        return Resolved(bound, words=bare, unmet=unmet)

    def _counted(self, phrase: str) -> Resolved:
        """A value that counts, of which a phrase says its field's name as well ("dual SIM slots"), or that name alone ("two
        cards" where the field counts SIM cards).
        """
        count, named = phrase.split()[0].lower(), set(stems(phrase)[1:]) - FUNCTION_WORDS
        for own, _ in self.kind.stated if count in AS_VALUES.values() and named else ():
            values = [v for v in own.values if own.type == "text" and stems(v)[:1] == stems(count)]
            if values and named <= set(own.stems) and self.kind.count(Attribute(own.name, tuple(values))):
                return Resolved((Where(field=own.name, value=values[0]),))
        for match in self.lexicon.find(phrase):
            meanings = self.of_kind(match.meanings)
            if (
                meanings
                and match.meanings[0].phrase[0] in AS_VALUES.values()
                and len(match.meanings[0].phrase) > 1
            ):
                named = set(stems(meanings[0].where.field.replace("_", " ")))
                if all(set(stems(word)) <= named for word in _uncovered(phrase, [match])):
                    return Resolved((self.any_of(meanings),))
        return Resolved()

    def wish(self, phrase: str) -> Resolved:
        """What only weighs: a graded word on its number, a value of the shop, and the words for search."""
        phrase = abbreviated(phrase)
        found: list[Prefer] = []
        scale = read_scale(phrase, self.kind.numeric, None)
        if scale is not None and scale.field == STARS and not wishes_stars(phrase):
            scale = None
        denied = NEGATED.search(phrase) is not None or is_denied(phrase)
        tells = self.known or (scale is not None and scale.field in COMMON_FIELDS)
        if scale is not None and scale.known and tells and len(content_words(phrase)) <= 4:
            direction = -scale.direction if denied else scale.direction
            found.append(Prefer(field=scale.field, aim="high" if direction > 0 else "low"))
        if not denied:
            long = len(content_words(phrase)) > 3
            for match in self.lexicon.find(phrase) if not long else ():
                for meaning in self.of_kind(match.meanings)[:1]:
                    if meaning.where.field != BRAND and (self.known or not are_everyday(meaning.phrase)):
                        found.append(_wish(meaning.where))
        if not found:
            return replace(self._by_meaning(phrase, denied=denied), words=phrase)
        return Resolved(prefer=tuple(dict.fromkeys(found)), words=phrase)

    def _by_meaning(self, phrase: str, *, denied: bool) -> Resolved:
        """What a wish means that names no value: a quality, else the nearest value; one that is surely denied is out."""
        if (meant := self.quality(phrase)).prefer:
            return meant
        near = self.near(phrase)
        if near is None or (denied and not self.is_sure(phrase)):
            return Resolved()
        return Resolved(denied_values([near.where])) if denied else Resolved(prefer=(_wish(near.where),))

    def quality(self, phrase: str) -> Resolved:
        """A quality that a phrase means without naming it, where texts say it of some of the kind and not of others."""
        if not self.known or not content_words(phrase):
            return Resolved()
        encoder = self.kind.desk.shop.encoder
        for names in qualities_of(encoder).meant(phrase, encoder):
            said = tuple(name for name in names if self.kind.count(Words(name)))
            if said and self.kind.count(Or(tuple(map(Words, said)))) < self.kind.total:
                return Resolved(prefer=(Prefer(field=ANYWHERE, value=said if len(said) > 1 else said[0]),))
        return Resolved()

    def matched(self, match: Match) -> Resolved:
        """A value found in a text: one that the kind has, else as the shop has it."""
        return Resolved((self.any_of(self.of_kind(match.meanings) or list(match.meanings)),))

    def wished(self, match: Match) -> Resolved:
        """A value of the kind that stands in a text without being asked for as one: it only weighs."""
        meanings = self.of_kind(match.meanings)
        return Resolved(prefer=(_wish(meanings[0].where),)) if meanings and self.known else Resolved()

    def near(self, phrase: str) -> Meaning | None:
        """The value of the kind that a phrase means."""
        if not self.known or _CODE.search(phrase):  # a code means nothing but itself
            return None
        found = self.lexicon.nearest(phrase, self.kind.desk.shop.encoder, self._own_meanings)
        return found[0] if found else None

    def is_sure(self, phrase: str) -> bool:
        """Whether a value is so near in meaning that what it says may be left out."""
        found = self.lexicon.nearest(phrase, self.kind.desk.shop.encoder, self._own_meanings)
        return found is not None and found[1] >= SURE

    def of_kind(self, meanings: Sequence[Meaning]) -> list[Meaning]:
        """Those meanings that some product of the kind has, the commonest first; names of brands count everywhere.
        A word of everyday means no value of a field that hardly a product states.
        """
        kept = []
        for meaning in meanings:
            count = self.kind.count(stated_by(meaning.where))
            named = meaning.where.field == BRAND and (
                len(meaning.phrase) > 1 or not are_everyday(meaning.phrase)
            )
            if (count or named) and not self.is_far_fetched(meaning):
                kept.append(replace(meaning, count=count))
        return sorted(kept, key=lambda m: -m.count)

    def is_far_fetched(self, meaning: Meaning) -> bool:
        """Whether an everyday word would have to mean a value of a field that is hardly ever stated; of all that a
        shop sells, more must state it than of one kind.
        """
        if meaning.where.field == BRAND or not are_everyday(meaning.phrase):
            return False
        return not self.kind.is_own(meaning.where.field, OWN if self.known else STATED)

    def any_of(self, meanings: Sequence[Meaning]) -> Where:
        """One condition for a phrase; values of the same field are alternatives."""
        first = meanings[0].where
        same = [
            m.where.value for m in meanings if m.where.field == first.field and isinstance(m.where.value, str)
        ]
        if isinstance(first.value, str) and len(same) > 1:
            return first.model_copy(update={"op": "in", "value": tuple(dict.fromkeys(same))})
        return first

    def is_foreign(self, where: Where) -> bool:
        """Whether the condition is on a field that hardly a product of the kind states."""
        own = self.kind.schema.field(where.field)
        return isinstance(own, Field) and not self.kind.states(own, STATED)

    def in_texts(self, phrase: str) -> Where | None:
        """A condition on the words of the products, where some of the kind say them."""
        phrase = re.sub(r"(\d)s\b", r"\1", phrase)
        words = phrase.lower().split() if _CODE.search(phrase) else content_words(phrase)  # "5A" is not "5"
        if not set(words) - _SHARES or len(words) > 4 or not self.known:
            return None
        for said in (" ".join(words), *(["".join(words)] if len(words) == 2 else [])):  # "touch screen"
            if (
                _CODE.search(said)
                and self.in_titles(said)
                and len(self.kind.desk.shop.search.titled(said)) >= FEW_TITLES
            ):
                return Where(field=TITLE, op="has", value=said)  # texts say "2.4/5G" of much else
            if self.kind.count(Words(said)):
                return Where(field=ANYWHERE, op="has", value=said)
        return None

    def in_titles(self, words: str) -> Where | None:
        """A condition on the words of the titles, where some of the kind have them."""
        return Where(field=TITLE, op="has", value=words) if self.kind.titled(words) else None

    @staticmethod
    def _is_within(bound: Sequence[Where], fuller: Where) -> bool:
        """Whether a value that was found by name is only part of one that the whole phrase means."""
        return any(
            w.field == fuller.field
            and set(content_words(str(w.value))) < set(content_words(str(fuller.value)))
            for w in bound
        )

    def _silent_on(self, phrase: str) -> bool:
        """Whether no product of the kind has even one of the phrase's words."""
        if _CODE.search(phrase):
            return not self.kind.count(Words(phrase))
        words = [w for w in content_words(phrase) if len(w) > 3]
        if not all(w in english_ranks() for w in words):
            return False  # a name or a misspelling: what is not found may still be there
        return bool(words) and not any(self.kind.count(Words(word)) for word in words)

    @cached_property
    def _own_meanings(self) -> list[Meaning]:
        """What the fields of the kind can say, as far as some product of it does."""
        names = frozenset(
            f.name
            for f, count in self.kind.stated
            if f.type != "number" and count >= STATED * self.kind.total
        )
        table = self.kind.desk.shop.search.table
        found = self.lexicon.of_fields(table, self.kind.filter, names)
        return [meaning for meaning in found if not self.is_far_fetched(meaning)]


def _only_grades(word: str, meanings: Sequence[Meaning]) -> bool:
    """Whether a word that grades is a value only of fields that do not measure what it grades: who wants "warm" trousers
    asks for no climate called so.
    """
    words = content_words(word)
    grades = graded(words[0]) if len(words) == 1 else None
    if grades is None:
        return False
    return not any(measures(m.where.field, topic) for m in meanings for topic in (*grades[1], "size"))


def _is_name(phrase: str) -> bool:
    """Whether a phrase that may open with a word that grades is a name by its last one: "short-sleeve"."""
    *first, last = re.split(r"[\s-]+", phrase)
    return bool(first) and graded(last) is None


def _widened(said: Where, quality: Sequence[Prefer]) -> Where:
    """A condition on texts met as well by what else they call it ("with flowers" is floral); a quality that is asked for
    by its own name is just that.
    """
    others = tuple(name for wish in quality for name in _names(wish.value))
    asked = stems(str(said.value))
    if said.field != ANYWHERE or not others or any(stems(name) == asked for name in others):
        return said
    return said.model_copy(update={"value": (str(said.value), *others)})


def _names(value: object) -> tuple[str, ...]:
    """A text value, or each of several."""
    return (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()


def _wish(where: Where) -> Prefer:
    return Prefer(field=where.field, aim="has", value=where.value)


def _uncovered(phrase: str, matches: Sequence[Match]) -> list[str]:
    """Content words outside the matches."""
    return [
        token.text
        for token in tokenize(phrase)
        if token.is_word
        and token.text not in FUNCTION_WORDS
        and not any(m.start <= token.start < m.end for m in matches)
    ]
