"""From the shop's own words in an utterance to constraints and preferences, with denial, wishes and
corrections."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from agent.language.english import is_very_common
from agent.language.function_words import FUNCTION_WORDS
from agent.language.negation import Denials, Polarity, polarities
from agent.language.text import Token, stems, tokenize
from agent.meaning import Constraint, ConstraintKind, Preference
from agent.reading.binding import PEOPLE, Binder
from agent.reading.slots import freed_slots, slot_of_name
from agent.reading.terms import Mention, Term, is_color, is_size
from agent.reading.unlisted import denied_nouns, denied_words, property_words
from agent.reading.vocabulary import Vocabulary
from retrieval.filters import Attribute, Filter, InStock, Not, Or, Words

_FROM = re.compile(r"\b(?:from|by|brand)\b", re.IGNORECASE)
_IN_STOCK = re.compile(
    r"\b(?:in stock|available (?:now|right now|today|immediately)|ready to ship)\b", re.IGNORECASE
)


@dataclass
class Wishes:
    """What the mentions of one utterance amount to. Spans are stretches of the text that need no
    searching."""

    wanted: list[tuple[Mention, Constraint]] = field(default_factory=list)
    unwanted: list[tuple[Mention, Constraint]] = field(default_factory=list)
    wished: list[tuple[Mention, Preference]] = field(default_factory=list)
    indifferent: list[str] = field(default_factory=list)
    """Slots that no longer matter."""
    dropped_words: list[str] = field(default_factory=list)
    """Phrases whose constraints go: "doesn't have to be black"."""
    aspects: list[str] = field(default_factory=list)
    attribute_names: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    loose: list[Mention] = field(default_factory=list)
    """Mentions that bind nothing and stay words to search for."""


class WishReader:
    """Decides for each mention what it means here. ``taken``: stretches already read as something else."""

    def __init__(
        self, text: str, tokens: tuple[Token, ...], vocabulary: Vocabulary, taken: Iterable[tuple[int, int]]
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.vocabulary = vocabulary
        self.mentions = tuple(
            mention
            for mention in vocabulary.find(tokens)
            if not any(start < mention.end and mention.start < end for start, end in taken)
        )
        self.denials = Denials(_without_names(text, self.mentions))
        self._taken = tuple(taken)
        self.binder = Binder(text, tokens, self.mentions, self._taken)

    def leave(self, spans: Iterable[tuple[int, int]]) -> None:
        """Read nothing into these stretches: somebody else does."""
        left = tuple(spans)
        self.mentions = tuple(m for m in self.mentions if (m.start, m.end) not in left)
        self._taken = (*self._taken, *left)
        self.binder = Binder(self.text, self.tokens, self.mentions, self._taken)

    def named_values(self, start: int) -> tuple[Filter, ...] | None:
        """Where the word at ``start`` names a value and grades nothing, the conditions for it; else None.

        It does beside its attribute ("slim fit"), after a cue for sizes ("a large") and as a shade ("light
        blue", without a condition of its own).
        """
        own = next((m for m in self.mentions if m.start == start), None)
        if own is not None:
            named = self._of_named_attribute(own, list(own.terms))
            if len(named) < len(own.terms) or self._beside_its_name(own):
                return tuple(term.filter() for term in named)
            sizes = [
                t for t in own.terms if t.kind == "attribute" and is_size(t.key) and self.binder.binds(own, t)
            ]
            return tuple(t.filter() for t in sizes) or None
        token = next((t for t in self.tokens if t.start == start), None)
        following = next((m for m in self.mentions if token is not None and m.start == token.end + 1), None)
        shade = following is not None and any(
            t.kind == "attribute" and is_color(t.key) for t in following.terms
        )
        return () if shade else None

    def read(self) -> Wishes:
        wishes = Wishes()
        spans = [(m.start, m.end, m.main.slot) for m in self.mentions]
        polarity_of = polarities(self.text, self.denials, spans)
        for mention, polarity in zip(self.mentions, polarity_of, strict=True):
            self._decide(mention, polarity, wishes)
        self._unlisted(wishes)
        for slot, freed in freed_slots(self.text, self.vocabulary):
            wishes.indifferent.append(slot)
            wishes.spans.append(freed)
        if _IN_STOCK.search(self.text):
            span = _IN_STOCK.search(self.text)
            assert span is not None
            wishes.spans.append(span.span())
            wishes.wanted.append((Mention(*span.span(), "in stock", ()), _in_stock()))
        return wishes

    def _decide(self, mention: Mention, polarity: Polarity, wishes: Wishes) -> None:
        terms = [term for term in mention.terms if term.kind in ("brand", "category", "attribute", "tag")]
        if set(mention.phrase.split()) <= FUNCTION_WORDS and not self.binder.brand_cue(mention):
            return  # a brand called "Find" is not meant by "find me a lamp"
        wishes.aspects += [term.value for term in mention.terms if term.kind == "aspect"]
        wishes.attribute_names += [term.value for term in mention.terms if term.kind == "attribute_name"]
        if not terms:
            if polarity == "indifferent":
                wishes.indifferent += [slot_of_name(term) for term in mention.terms]
            else:
                wishes.loose.append(mention)
            return
        if polarity == "indifferent":
            wishes.dropped_words.append(mention.phrase)
            wishes.spans.append((mention.start, mention.end))
        elif polarity == "unwanted":
            self._unwanted(mention, terms, wishes)
        elif polarity == "wished":
            binding = [term for term in terms if term.certain] or terms
            wishes.wished.append((mention, _preference(mention, binding)))
        else:
            self._wanted(mention, terms, wishes)

    def _unwanted(self, mention: Mention, terms: list[Term], wishes: Wishes) -> None:
        main = terms[0]
        unsure = main.kind == "brand" and not main.certain and len(terms) == 1
        if unsure and not (
            self.binder.brand_cue(mention) or self.binder.capital(mention) or _FROM.search(self.text)
        ):
            wishes.unwanted.append((mention, denied_words(mention.phrase)))
            return
        terms = self._of_named_attribute(mention, terms)
        wishes.unwanted.append((mention, self._denied(mention, terms)))
        wishes.spans.append((mention.start, mention.end))

    def _denied(self, mention: Mention, terms: list[Term]) -> Constraint:
        """Nothing of any meaning of the phrase: every value that holds the word, and the word itself in
        the text."""
        parts: list[Filter] = []
        for term in terms:
            parts.append(term.filter())
            if term.kind == "attribute" and len(stems(mention.phrase)) == 1:
                held = self.vocabulary.values_containing(term.key, stems(mention.phrase)[0])
                if held:
                    parts.append(Attribute(term.key, held))
        kinds = {term.kind for term in terms}
        color = any(term.kind == "attribute" and (is_color(term.key) or is_size(term.key)) for term in terms)
        if kinds <= {"attribute", "tag"} and not color and not is_very_common(mention.phrase):
            parts.append(Words(mention.phrase))
        unique = tuple(dict.fromkeys(parts))
        main = terms[0]
        return Constraint(
            constraint_id="",
            kind=_kind(main),
            slot=main.slot if main.kind != "tag" else f"tag:{mention.phrase}",
            label=f"not {_display(mention, main)}",
            filter=Not(unique[0] if len(unique) == 1 else Or(unique)),
            negative=True,
            words=mention.phrase,
        )

    def _wanted(self, mention: Mention, terms: list[Term], wishes: Wishes) -> None:
        terms = self._of_named_attribute(mention, terms)
        binding = _rather_attributes([term for term in terms if self.binder.binds(mention, term)])
        if not binding:
            wishes.loose.append(mention)
            return
        if any(term.kind == "category" for term in binding):
            binding += [term for term in terms if term.kind == "tag" and term not in binding]
        wishes.wanted.append((mention, self._required(mention, binding)))

    def _beside_its_name(self, mention: Mention) -> bool:
        """Whether the attribute's own name stands right beside: "slim fit" where fit is an attribute."""
        names = {t.key for t in mention.terms if t.kind == "attribute"}
        return any(
            t.kind == "attribute_name" and t.value in names and abs(gap) <= 1
            for other in self.mentions
            for t in other.terms
            for gap in (other.start - mention.end, mention.start - other.end)
        )

    def _of_named_attribute(self, mention: Mention, terms: list[Term]) -> list[Term]:
        """ "A glass jar", "material: glass": of the meanings, the one of the attribute that stands beside
        it."""
        for other in self.mentions:
            gap = (
                self.text[mention.end : other.start]
                if other.start >= mention.end
                else self.text[other.end : mention.start]
            )
            names = {term.value for term in other.terms if term.kind == "attribute_name"}
            own = [term for term in terms if term.kind == "attribute" and term.key in names]
            if own and re.fullmatch(r"\s*(?::|is|in|of|=)?\s*", gap):
                return own
        return terms

    def _required(self, mention: Mention, terms: list[Term]) -> Constraint:
        parts: list[Filter] = [term.filter() for term in terms]
        main = terms[0]
        if main.kind == "attribute" and main.value != "yes":
            own = {term.key for term in terms}
            parts += [Attribute(key, held) for key, held in self.vocabulary.ending_in(mention.phrase, own)]
        if main.kind == "tag":
            parts.append(Words(mention.phrase))
        unique = tuple(dict.fromkeys(parts))
        return Constraint(
            constraint_id="",
            kind=_kind(main),
            slot=_slot(mention, main),
            label=_display(mention, main),
            filter=unique[0] if len(unique) == 1 else Or(unique),
            words=self.text[mention.start : mention.end].lower(),
        )

    def _unlisted(self, wishes: Wishes) -> None:
        """ "Without a zipper", "waterproof", where the shop has no such value: by the words of the texts."""
        blocked = [*((m.start, m.end) for m in self.mentions), *self._taken]
        for start, end, constraint in property_words(self.text, self.denials, blocked):
            kept = wishes.unwanted if constraint.negative else wishes.wanted
            kept.append((Mention(start, end, constraint.words, ()), constraint))
            blocked.append((start, end))
        for start, end in denied_nouns(self.text, self.tokens, self.denials, blocked):
            phrase = " ".join(t.text for t in self.tokens if start <= t.start < end and t.is_word)
            wishes.unwanted.append((Mention(start, end, phrase, ()), self._denied_words(phrase)))
            wishes.spans.append((start, end))

    def _denied_words(self, phrase: str) -> Constraint:
        """ "Without fragrance": what the shop marks "fragrance free" meets it, though it has the word."""
        denied = denied_words(phrase)
        flags = [
            term.filter()
            for term in self.vocabulary.meanings(f"{phrase} free")
            if term.kind == "attribute" and term.value == "yes"
        ]
        return denied.model_copy(update={"filter": Or((*flags, denied.filter))}) if flags else denied


def _rather_attributes(terms: list[Term]) -> list[Term]:
    """A value that attributes hold at least as often as tags is asked of the attributes alone."""
    valued = [term for term in terms if term.kind == "attribute"]
    tagged = sum(term.count for term in terms if term.kind == "tag")
    if valued and sum(term.count for term in valued) >= tagged:
        return [term for term in terms if term.kind != "tag"]
    return terms


def _without_names(text: str, mentions: tuple[Mention, ...]) -> str:
    """The text with names of several words blanked: the "just" of a brand "Just in Case" is no cue."""
    for mention in mentions:
        if " " in mention.phrase:
            text = text[: mention.start] + "x" * (mention.end - mention.start) + text[mention.end :]
    return text


_KINDS: dict[str, ConstraintKind] = {
    "brand": "brand",
    "category": "category",
    "attribute": "attribute",
    "tag": "tag",
}


def _slot(mention: Mention, term: Term) -> str:
    if term.kind == "category" and set(stems(mention.phrase)) <= PEOPLE:
        return "category:people"  # whom it is for and what it is hold together: "women's pants"
    return term.slot.lower() if term.kind != "tag" else f"tag:{mention.phrase}"


def _kind(term: Term) -> ConstraintKind:
    return _KINDS[term.kind]


def _display(mention: Mention, term: Term) -> str:
    if term.kind == "attribute" and term.value == "yes":
        return term.key.replace("_", " ")
    if term.kind == "attribute" and (is_size(term.key) or len(term.value) <= 2):
        return f"{term.key} {term.value}"
    return term.value


def _preference(mention: Mention, terms: list[Term]) -> Preference:
    parts = tuple(dict.fromkeys(term.filter() for term in terms))
    condition = parts[0] if len(parts) == 1 else Or(parts)
    label = f"ideally {_display(mention, terms[0])}"
    return Preference(preference_id="", kind="condition", key=mention.phrase, label=label, filter=condition)


def _in_stock() -> Constraint:
    return Constraint(constraint_id="", kind="stock", slot="stock", label="in stock", filter=InStock())


def denied_phrase(phrase: str, vocabulary: Vocabulary) -> Constraint | None:
    """The constraint for "no <phrase>" outside any sentence; None for an empty phrase."""
    text = f"without {phrase}"
    wishes = WishReader(text, tokenize(text), vocabulary, ()).read()
    return wishes.unwanted[0][1] if wishes.unwanted else None
