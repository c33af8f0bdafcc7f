"""What the contexts of words say about them: the counts that aspects are mined from.

There is no part-of-speech tagger. A noun ends its phrase after a determiner, an adjective or a preposition; a
verb follows "to", pronouns and modals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from retrieval.aspect_words import (
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
_MAX_WORDS = 3


_COUNTERS = ("words", "heads", "direct", "noun", "setting", "verb", "inner", "proper", "phrases", "judged")


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
    surface: dict[Stems, Counter[str]] = field(default_factory=dict)

    def add(self, sentence: str) -> None:
        self.sentences += 1
        seen: set[Stems] = set()
        for run in _runs(sentence):
            self._add_run([word.lower() for word in run], seen)
        self._add_case(sentence.split())

    def merge(self, other: TermCounts) -> None:
        """Add the counts of a sub-department."""
        self.sentences += other.sentences
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        for key, forms in other.surface.items():
            self.surface.setdefault(key, Counter()).update(forms)

    def _add_run(self, run: list[str], seen: set[Stems]) -> None:
        stems = [stem(word) for word in run]
        content = [word not in FUNCTION_WORDS and len(word) > 1 and not word[0].isdigit() for word in run]
        for i in range(len(run)):
            if content[i]:
                ends = i + 1 == len(run) or not content[i + 1] or run[i + 1] in VERBS  # "the lid broke"
                self._add_use(run, stems[i], i, ends=ends)
                self._add_phrases(run, stems, content, i, seen)

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
        self, run: list[str], stems: list[str], content: list[bool], i: int, seen: set[Stems]
    ) -> None:
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

    def _add_case(self, words: Sequence[str]) -> None:
        """Count capitals inside sentences; headlines, where most words have them, say nothing."""
        inner = [word.strip(".,!?;:\"'()") for word in words[1:]]
        capital = [not word.islower() and any(c.islower() for c in word) for word in inner]  # not "LCD"
        if 2 * sum(capital) > len(inner):
            return
        for word, is_capital in zip(inner, capital, strict=True):
            self.inner[word.lower()] += 1
            self.proper[word.lower()] += is_capital

    def is_name(self, word: str, share: float = PROPER_SHARE) -> bool:
        return self.inner[word] >= 2 and self.proper[word] >= share * self.inner[word]

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
            del self.phrases[key], self.surface[key], self.judged[key]


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
