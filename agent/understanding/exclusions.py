"""What must not be: values, brands, kinds and substances that an utterance denies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from agent.conditions import ANYWHERE, BRAND, KIND, TITLE, Prefer, Where
from agent.tools.schema import Field
from agent.understanding.kind_fields import FULL, KindFields
from agent.understanding.language.absence import ANIMAL, is_allergen, is_substance, ruled_out, substance_of
from agent.understanding.language.condition_cues import LEADING
from agent.understanding.language.english import are_everyday, english_ranks
from agent.understanding.language.forbidden import leads, told_afterwards
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.negation import Denials, polarities
from agent.understanding.language.text import Token, content_words, stems, tokenize
from agent.understanding.resolved import Resolved, denied_values, values_of, without_values
from agent.understanding.scales import graded, read_scale
from agent.understanding.value_conditions import ValueResolver
from retrieval.filters import Attribute, Words
from retrieval.text.normalization import fold_plural

_AT_ALL = re.compile(r"\b(?:at all|whatsoever|of any (?:kind|sort)|anywhere|please)\b", re.I)
_WIRELESS = ("wireless", "cordless", "bluetooth")
_SORT = re.compile(
    r"(?<=\S)\s+(?:sorts?|kinds?|types?|ones?|stuff|versions?|things?|variety|business)$", re.I
)
"""Behind what is refused, that it is a sort of it: "the baking soda sort", "scented ones"."""
_USED = re.compile(
    r"(?:(?:anything|something|things?|ones?|a|any) )?(?:second[- ]?hand|used|pre[- ]?(?:owned|loved)|refurb(?:ished|s|ed)?"
    r"|reconditioned|renewed)(?: (?:ones?|stuff|things?|phones?|goods|items?))?",
    re.I,
)
_NOT_USED = (
    Where(
        field=TITLE,
        op="lacks",
        value=("renewed", "refurbished", "reconditioned", "pre owned", "second hand", "used"),
    ),
    Where(field=ANYWHERE, op="lacks", value=("renewed", "refurbished", "reconditioned", "second hand")),
)
"""However a shop calls what somebody had before; "used" alone stands in many texts that say what a thing is used for."""
NAMED = 0.9
"""How surely a kind must be meant that is refused beside a value of the same name."""
LONGEST = 4
"""Words of the longest name on a list of ingredients that is looked up."""
MAKES = 2
"""Titles that open with a word that is a maker's name."""
SHORT = 2
"""Letters of a word that is no name: "RF"."""
_WIRES = frozenset(("cable", "wire", "cord", "lead", "flex"))


def _says(value: str, names: Iterable[str]) -> bool:
    """Whether a value says one of some words ("RF Wireless"), and is neither a name that ends in it ("Verizon
    Wireless") nor has the part as well ("Wired & Wireless").
    """
    said = [s for s in stems(value) if len(s) > SHORT]
    return bool(said) and any(said[0] in stems(name) for name in names)


@dataclass(frozen=True)
class ExclusionResolver:
    """Resolves what is denied, in a phrase or anywhere in a text."""

    kind: KindFields
    values: ValueResolver

    def excluded(self, phrase: str, *, flag: str = "") -> Resolved:
        """What must not be: a value, a brand, a kind, else anything that names it."""
        phrase = _SORT.sub("", LEADING.sub("", phrase).strip(" .,!?"))
        if not phrase:
            return Resolved()
        lacks = Where(
            field=ANYWHERE,
            op="lacks",
            value=substance_of(phrase) or " ".join(content_words(phrase)) or phrase,
        )
        if is_allergen(phrase) or (flag and is_substance(phrase)):
            return Resolved((lacks,))
        if flag and (meanings := self.values.lexicon.exactly(flag)):
            return Resolved((meanings[0].where, Where(field=ANYWHERE, op="lacks", value=phrase)))
        if (without := self._called_without(phrase)) is not None:
            return Resolved((without,))
        if _USED.fullmatch(phrase):
            return Resolved(_NOT_USED)
        scale = read_scale(phrase, self.kind.numeric)
        content = [s for s in stems(phrase) if s not in FUNCTION_WORDS]
        if (
            scale is not None
            and not scale.superlative
            and len(content) <= 2
            and not (len(content) == 2 and _is_sized(phrase))  # "small parts" tell no size of the whole
            and not self.values.lexicon.exactly(phrase)
            and not self._called(phrase)  # a toaster is no warmer one
        ):
            return Resolved(prefer=(Prefer(field=scale.field, aim="low" if scale.direction > 0 else "high"),))
        meanings = self.values.lexicon.exactly(phrase)
        if denied := self.values.of_kind(meanings) or [m for m in meanings if m.where.field == BRAND]:
            return Resolved((*denied_values(m.where for m in denied), *self._called(phrase)))
        if is_substance(phrase):
            return Resolved((lacks,))
        if (name := self._name(phrase)) is not None:
            return Resolved((name,))
        if (near := self.values.near(phrase)) is not None:
            own = self.kind.schema.field(near.where.field)
            if isinstance(own, Field) and own.type == "flag" and own.stems[-1:] == ("free",):
                return Resolved((near.where,))
            said = set(content) & set(stems(str(near.where.value)))
            if (
                not content or said or (not meanings and self.values.is_sure(phrase))
            ):  # "blueberry" is no blue
                return Resolved(denied_values([near.where]))
        search = self.kind.desk.shop.search
        if (codes := search.table.path_codes([phrase])) and not self.kind.desk.is_most((phrase,)):
            path = search.table.paths[codes[0]]
            own_name = next((level for level in path if fold_plural(level) == fold_plural(phrase)), phrase)
            refused = Where(field=KIND, op="not in", value=(own_name,))  # "books": all below "Books"
            return Resolved((refused,))
        kind = search.kinds.resolve(phrase)
        if kind is not None and self.kind.desk.is_most(kind.names):
            return Resolved()
        if kind is not None and len(content) <= 3 and kind.confidence >= (0.8 if kind.exact else 0.65):
            return Resolved((Where(field=KIND, op="not in", value=kind.names),))
        if len(content) <= 3 and self.kind.count(Words(" ".join(content))):
            return Resolved((lacks,))
        return Resolved()

    def _called(self, phrase: str) -> tuple[Where, ...]:
        """Not of the kind that a phrase surely names, beside the value of the same name: "no tanks"."""
        kind = self.kind.desk.shop.search.kinds.by_name(phrase)
        if kind is None or kind.confidence < NAMED or self.kind.desk.is_most(kind.names):
            return ()
        return (Where(field=KIND, op="not in", value=kind.names),)

    def _name(self, phrase: str) -> Where | None:
        """Without a maker or model that titles name and no field holds: a word that is no English, or one that titles open
        with where the shop tells no brands.
        """
        search = self.kind.desk.shop.search
        name = search.analyse(phrase).corrected or phrase
        titled = search.titled(name) if len(name.split()) <= LONGEST else []
        if not titled or search.kinds.by_name(name) is not None:
            return None
        foreign = not any(word.lower() in english_ranks() for word in name.split())
        opens = [item for item in titled if search.title(item).lower().startswith(f"{name.lower()} ")]
        is_name = foreign or (not self.kind.schema.brands and len(opens) >= MAKES)
        return Where(field=TITLE, op="lacks", value=name.lower()) if is_name else None

    def _called_without(self, phrase: str) -> Where | None:
        """What products of the kind are called that are without a part: "no cable" is wireless, "no arms" armless."""
        part = [s for s in stems(_AT_ALL.sub("", phrase)) if s not in FUNCTION_WORDS]
        if len(part) != 1 or not self.values.known:
            return None
        names = dict.fromkeys((f"{part[0]}less", *(_WIRELESS if part[0] in _WIRES else ())))
        for own, count in self.kind.stated:
            values = [
                v
                for v in own.values
                if own.type == "text" and count >= FULL * self.kind.total and _says(v, names)
            ]
            if values and self.kind.count(Attribute(own.name, tuple(values))):
                value = tuple(values) if len(values) > 1 else values[0]
                return Where(field=own.name, op="in" if len(values) > 1 else "=", value=value)
        told = tuple(name for name in names if self.kind.count(Words(name)))
        return Where(field=ANYWHERE, op="has", value=told if len(told) > 1 else told[0]) if told else None

    def denied(self, text: str, found: Resolved) -> Resolved:
        """With every value of the shop that the text denies excluded, whatever the reader made of it."""
        found_in = self.values.lexicon.find(text)
        matches = [
            m for m in found_in if not text[m.start : m.end].isdigit()
        ]  # "not more than 150" is a bound
        slots = [(m.start, m.end, m.meanings[0].where.field) for m in matches]
        for match, polarity in zip(matches, polarities(text, Denials(text), slots), strict=True):
            meanings = self.values.of_kind(match.meanings) if polarity == "unwanted" else []
            if not meanings:
                continue
            gone = {(m.where.field, str(m.where.value)) for m in meanings}
            kept = tuple(left for w in found.where if (left := without_values(w, gone)) is not None)
            prefer = tuple(p for p in found.prefer if (p.field, str(p.value)) not in gone)
            found = replace(found, where=(*kept, *denied_values(m.where for m in meanings)), prefer=prefer)
        return found

    def without(self, text: str, found: Resolved) -> Resolved:
        """With every substance excluded that the text says must not be in it, whatever the reader made of it."""
        for thing in ruled_out(text):
            if any(w.is_negative and thing in map(substance_of, values_of(w)) for w in found.where):
                continue
            kept = tuple(
                w for w in found.where if w.is_negative or thing not in map(substance_of, values_of(w))
            )
            prefer = tuple(p for p in found.prefer if substance_of(p.field) != thing)  # "he doesn't drink"
            found = replace(found, where=(*kept, *self._free_of(thing)), prefer=prefer)
        for thing in self._put_off(text):
            said = set(stems(thing))
            kept = tuple(
                w for w in found.where if not said & {s for value in values_of(w) for s in stems(value)}
            )
            lacks = Where(field=ANYWHERE, op="lacks", value=thing)
            found = replace(found, where=(*kept, lacks))
        return found

    def _free_of(self, thing: str) -> tuple[Where, ...]:
        """Without a substance; without anything from animals as the shop calls that, where it does."""
        vegan = self.values.of_kind(self.values.lexicon.exactly("vegan")) if thing == ANIMAL else []
        return (self.values.any_of(vegan),) if vegan else (Where(field=ANYWHERE, op="lacks", value=thing),)

    def _put_off(self, text: str) -> Iterator[str]:
        """What no list of substances has and products here name, where somebody is to do without it."""
        for end in leads(text):
            words = _words(re.split(r"[.,;:!?]", text[end:])[0])[:LONGEST]
            yield from self._told(words[:n] for n in range(len(words), 0, -1))
        for start in told_afterwards(text):
            before = _words(text[:start])
            ends = ((at, n) for at in range(len(before), 0, -1) for n in range(min(LONGEST, at), 0, -1))
            yield from self._listed(before[at - n : at] for at, n in ends)

    def _told(self, parts: Iterable[Sequence[Token]]) -> Iterator[str]:
        """The first of some stretches of words that stands in a product's text."""
        table = self.kind.desk.shop.search.table
        for part in parts:
            thing = " ".join(token.text for token in part)
            if len(part) > 1 and self.kind.desk.shop.search.kinds.is_thing(part[-1].text):
                continue  # of a "retinol serum" it is the retinol, in whatever else
            if not _is_known(part, thing) and table.mask(Words(thing)).any():
                yield thing
                return

    def _listed(self, parts: Iterable[Sequence[Token]]) -> Iterator[str]:
        """The first of some stretches of words that lists of ingredients name; nothing where a known substance is first."""
        for part in parts:
            thing = " ".join(token.text for token in part)
            if is_substance(thing):
                return
            if not _is_known(part, thing) and self.kind.desk.shop.search.table.lists_name(thing):
                yield thing
                return


def _words(text: str) -> list[Token]:
    return [token for token in tokenize(text) if token.is_word]


def _is_known(part: Sequence[Token], thing: str) -> bool:
    """Whether words name a substance, or nothing that one would do without for its sake."""
    return is_substance(thing) or are_everyday(token.stem for token in part)


def _is_sized(phrase: str) -> bool:
    """Whether a word of a phrase grades a size."""
    return any((meaning := graded(word)) is not None and meaning[1][0] == "size" for word in phrase.split())
