"""What the contexts of words say about them: the counts that aspects are mined from.

There is no part-of-speech tagger. A noun ends its phrase after a determiner, an adjective or a preposition; a
verb follows "to", pronouns and modals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from retrieval.aspect_mining.words import (
    DETERMINERS,
    FUNCTION_WORDS,
    GENERIC_NOUNS,
    JUDGING_WORDS,
    NOUN_PREPOSITIONS,
    OPINION_ADJECTIVES,
    SETTING_PREPOSITIONS,
    VERB_LEFT,
    VERBS,
)
from retrieval.aspects import TOKEN, Stems, stem

PROPER_SHARE = 0.60
"""A word capitalised this often inside sentences is a name (an artist, a carrier), not an aspect."""
MIN_NOUN_SHARE = 0.30
MIN_DIRECT_SHARE = 0.08
"""Least share of a word's uses that follow a determiner or an adjective at once: "the parcel went" is no
compound, since nobody writes "a went".
"""
MAX_SETTING_SHARE = 0.60
"""A noun mostly heard as "in the evening", "on the ground" is where or when something happens."""
TITLE_SHARE = 0.60
"""The same for all forms of a term together."""
LOCAL_SHARE = 0.80
"""A term with this much of its sentences in two products may be theirs alone."""
LOCAL_CHANCE = 0.05
MIN_PRODUCTS = 5
"""A category of fewer products can't tell what its products have in common."""
_MAX_WORDS = 3
_MARKS = ".,!?;:\"'()"

_COUNTERS = (
    *("words", "heads", "direct", "noun", "setting", "verb", "inner", "proper"),
    *("phrases", "judged", "inside", "capital"),
)
Pair = tuple[int, int]


@dataclass
class TermCounts:
    """What the contexts of words and phrases say about them; one per category,
    filled sentence by sentence.
    """

    sentences: int = 0
    words: Counter[str] = field(default_factory=Counter)  # by stem
    heads: Counter[str] = field(default_factory=Counter)  # by word: at the end of its phrase
    direct: Counter[str] = field(default_factory=Counter)  # ... right after a determiner or an adjective
    noun: Counter[str] = field(default_factory=Counter)  # ... or after a preposition, or ending a compound
    setting: Counter[str] = field(default_factory=Counter)  # ... within "in the ...", "until ..."
    verb: Counter[str] = field(default_factory=Counter)
    inner: Counter[str] = field(default_factory=Counter)  # not at the start of a sentence
    proper: Counter[str] = field(default_factory=Counter)  # ... and capitalised
    phrases: Counter[Stems] = field(default_factory=Counter)
    judged: Counter[Stems] = field(default_factory=Counter)  # ... with a judging word beside it
    inside: Counter[Stems] = field(default_factory=Counter)  # where capitals tell: not first, no headline
    capital: Counter[Stems] = field(default_factory=Counter)  # ... and no word is without
    surface: dict[Stems, Counter[str]] = field(default_factory=dict)
    products: int = 0  # that were named to `add`
    largest: Pair = (0, 0)  # sentences of the two products with most
    most: dict[Stems, Pair] = field(default_factory=dict)  # sentences in the two products that say it most
    _product: str = ""
    _own: Counter[Stems] = field(default_factory=Counter)  # of the product under way
    _own_sentences: int = 0

    def add(self, sentence: str, product: str = "") -> None:
        """Count a sentence. ``product``: whose review it is, where that is known; products come one after
        another, each with all its sentences of this category.
        """
        if product != self._product:
            self._next_product(product)
        self.sentences += 1
        self._own_sentences += 1
        seen: set[Stems] = set()
        telling = not _is_headline(sentence)
        for number, run in enumerate(_runs(sentence)):
            self._add_run(run, seen, first=number == 0, telling=telling)
        if product:
            self._own.update(seen)
        if telling:
            self._add_case(sentence.split())

    def merge(self, other: TermCounts) -> None:
        """Add the counts of a sub-department."""
        self._next_product("")
        other._next_product("")
        self.sentences += other.sentences
        self.products += other.products
        self.largest = _two_most(self.largest, other.largest)
        for key, pair in other.most.items():
            self.most[key] = _two_most(self.most.get(key, (0, 0)), pair)
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        for key, forms in other.surface.items():
            self.surface.setdefault(key, Counter()).update(forms)

    def _next_product(self, product: str) -> None:
        if self._product:
            self.products += 1
            self.largest = _two_most(self.largest, (self._own_sentences, 0))
            for key, n in self._own.items():
                self.most[key] = _two_most(self.most.get(key, (0, 0)), (n, 0))
        self._product, self._own, self._own_sentences = product, Counter(), 0

    def _add_run(self, written: list[str], seen: set[Stems], *, first: bool, telling: bool) -> None:
        run = [word.lower() for word in written]
        stems = [stem(word) for word in run]
        content = [word not in FUNCTION_WORDS and len(word) > 1 and not word[0].isdigit() for word in run]
        for i in range(len(run)):
            if content[i]:
                ends = i + 1 == len(run) or not content[i + 1] or run[i + 1] in VERBS  # "the lid broke"
                self._add_use(run, stems[i], i, ends=ends)
                inside = telling and not (first and i == 0)
                self._add_phrases(run, stems, content, i, seen, written if inside else [])

    def _add_use(self, run: list[str], stemmed: str, i: int, *, ends: bool) -> None:
        word, left = run[i], run[i - 1] if i else ""
        self.words[stemmed] += 1
        self.heads[word] += ends
        self.verb[word] += left in VERB_LEFT
        if not ends:
            return
        direct = left in DETERMINERS or left in OPINION_ADJECTIVES
        compound = i > 1 and left not in FUNCTION_WORDS and run[i - 2] in DETERMINERS
        self.direct[word] += direct
        self.noun[word] += direct or compound or left in NOUN_PREPOSITIONS
        before = i - 1  # the word before the determiners and adjectives
        while before >= 0 and (run[before] in DETERMINERS or run[before] in OPINION_ADJECTIVES):
            before -= 1
        self.setting[word] += before >= 0 and run[before] in SETTING_PREPOSITIONS

    def _add_phrases(
        self,
        run: list[str],
        stems: list[str],
        content: list[bool],
        i: int,
        seen: set[Stems],
        written: list[str],
    ) -> None:
        """The phrases that begin at ``i``; ``written``: the run where its capitals tell, else nothing."""
        for size in range(1, _MAX_WORDS + 1):
            if i + size > len(run) or not content[i + size - 1]:
                break
            key = tuple(stems[i : i + size])
            if key not in seen:
                seen.add(key)
                self.phrases[key] += 1
                self.surface.setdefault(key, Counter())[" ".join(run[i : i + size])] += 1
                beside = (*run[max(0, i - 2) : i], *run[i + size : i + size + 4])
                self.judged[key] += any(word in JUDGING_WORDS for word in beside)
                if written:
                    self.inside[key] += 1
                    self.capital[key] += _is_titled(written[i : i + size])

    def _add_case(self, words: Sequence[str]) -> None:
        """Count capitals inside a sentence."""
        for word in (word.strip(_MARKS) for word in words[1:]):
            self.inner[word.lower()] += 1
            self.proper[word.lower()] += _is_capital(word)

    def is_name(self, word: str, share: float = PROPER_SHARE) -> bool:
        return self.inner[word] >= 2 and self.proper[word] >= share * self.inner[word]

    def is_title(self, key: Stems) -> bool:
        """Whether it is nearly always capitalised, in whatever form: a name, though its words or forms may be
        none ("hooks", of Captain Hook).
        """
        return self.capital[key] >= max(2, TITLE_SHARE * self.inside[key])

    def is_local(self, key: Stems) -> bool:
        """Whether nearly all that is said of it is said of one or two products, more than chance brings
        about: a song or a part of theirs, not what the category is judged on.

        Chance: that some two of the products get so many of the sentences, each product by its share (at
        most that of the largest); a union bound over the pairs.
        """
        count = self.phrases[key]
        two = min(count, sum(self.most.get(key, (0, 0))))  # some may have been forgotten by `prune`
        share = sum(self.largest) / max(self.sentences, 1)
        if self.products < MIN_PRODUCTS or two < LOCAL_SHARE * count or share >= 1:
            return False
        from scipy.special import betainc

        pairs = self.products * (self.products - 1) / 2
        return bool(pairs * betainc(two, count - two + 1, share) < LOCAL_CHANCE)

    def is_noun(self, word: str, *, in_compound: bool = False) -> bool:
        """Whether a word that ends phrases is used as a thing that can be judged.

        ``in_compound``: as the last of several words, which an article seldom precedes elsewhere ("life").
        """
        noun, heads = self.noun[word], self.heads[word]
        needed = MIN_NOUN_SHARE * (1.5 if word in VERBS else 1.0)
        excused = in_compound and word not in VERBS and (self.direct[word] > 0 or word in GENERIC_NOUNS)
        return (
            noun >= needed * heads
            and noun > self.verb[word]
            and (excused or self.direct[word] >= MIN_DIRECT_SHARE * heads)
            and self.setting[word] <= MAX_SETTING_SHARE * heads
        )

    def prune(self, least: int = 2) -> None:
        """Forget phrases of several words seen less than ``least`` times:
        bounds the memory of a long build.
        """
        for key in [k for k, n in self.phrases.items() if n < least and len(k) > 1]:
            del self.phrases[key], self.surface[key], self.judged[key], self.inside[key], self.capital[key]
            self.most.pop(key, None)


def _two_most(one: Pair, other: Pair) -> Pair:
    first, second, *_ = sorted((*one, *other), reverse=True)
    return first, second


def _is_capital(word: str) -> bool:
    return not word.islower() and any(c.islower() for c in word)  # not "LCD"


def _is_titled(words: Sequence[str]) -> bool:
    """ "Soul II Soul", not "LCD TV"."""
    return any(map(_is_capital, words)) and not any(word.islower() for word in words)


def _is_headline(sentence: str) -> bool:
    """Whether most words after the first have capitals, which then say nothing."""
    inner = [word.strip(_MARKS) for word in sentence.split()[1:]]
    return 2 * sum(map(_is_capital, inner)) > len(inner)


def _runs(sentence: str) -> Iterator[list[str]]:
    """Runs of words between punctuation marks."""
    run: list[str] = []
    for match in TOKEN.finditer(sentence.replace("\u2019", "'")):
        token = match.group()
        if token[0].isalnum():
            run.append(token)
        elif run:
            yield run
            run = []
    if run:
        yield run
