"""Aspects mined per category from the shop's own sentences.

Follows Hu & Liu, "Mining and Summarizing Customer Reviews" (KDD 2004): frequent nouns and noun phrases,
pruned by compactness and by p-support. Two changes: nouns are told by their contexts instead of a
part-of-speech tagger (a noun follows determiners and adjectives and ends its phrase; a verb follows "to" and
pronouns), and terms are merged by sentence-encoder vectors, not WordNet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from retrieval.aspect_clusters import TextEncoder, cluster_terms
from retrieval.aspect_words import (
    DETERMINERS,
    FUNCTION_WORDS,
    GENERIC_NOUNS,
    JUDGING_WORDS,
    OPINION_ADJECTIVES,
    PREPOSITIONS,
    VERB_LEFT,
    VERBS,
)
from retrieval.aspects import TOKEN, Aspect, AspectBook, AspectLexicon, Category, Stems, stem, stems_of

MIN_SENTENCES = 150
"""A category with fewer sentences mines nothing of its own and speaks with its parent's aspects."""
MIN_COUNT = 3
MIN_SHARE = 0.0012
MAX_TERMS = 300
MIN_NOUN_SHARE = 0.30
MIN_JUDGED = 0.9
"""Least share of judged mentions, relative to the category's usual one."""
PROPER_SHARE = 0.60
"""A word capitalised this often inside sentences is a name (an artist, a carrier), not an aspect."""
TITLE_PROPER_SHARE = 0.35
"""The same for words of product titles, which mostly are names."""
_MAX_WORDS = 3
_PRUNE_EVERY = 50_000  # sentences


@dataclass
class TermCounts:
    """What the contexts of words and phrases say about them; one per category,
    filled sentence by sentence.
    """

    sentences: int = 0
    words: Counter[str] = field(default_factory=Counter)  # by stem
    heads: Counter[str] = field(default_factory=Counter)  # by word: at the end of its phrase
    noun: Counter[str] = field(default_factory=Counter)  # ... and used as a noun
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
        for name in ("words", "heads", "noun", "verb", "inner", "proper", "phrases", "judged"):
            getattr(self, name).update(getattr(other, name))
        for key, forms in other.surface.items():
            self.surface.setdefault(key, Counter()).update(forms)

    def _add_run(self, run: list[str], seen: set[Stems]) -> None:
        stems = [stem(word) for word in run]
        content = [word not in FUNCTION_WORDS and len(word) > 1 and not word[0].isdigit() for word in run]
        for i in range(len(run)):
            if content[i]:
                self._add_use(run, stems[i], i, ends=i + 1 == len(run) or not content[i + 1])
                self._add_phrases(run, stems, content, i, seen)

    def _add_use(self, run: list[str], stemmed: str, i: int, *, ends: bool) -> None:
        word, left = run[i], run[i - 1] if i else ""
        self.words[stemmed] += 1
        self.heads[word] += ends
        self.verb[word] += left in VERB_LEFT
        is_content = left not in FUNCTION_WORDS
        if ends and (left in DETERMINERS or left in OPINION_ADJECTIVES or left in PREPOSITIONS):
            self.noun[word] += 1
        elif ends and i > 1 and is_content and run[i - 2] in DETERMINERS:
            self.noun[word] += 1  # "the battery life": the head of a longer phrase

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


def mine_terms(counts: TermCounts) -> dict[Stems, int]:
    """Noun phrases of a category with their sentence counts, most frequent first (at most ``MAX_TERMS``)."""
    least = max(MIN_COUNT, int(np.ceil(MIN_SHARE * counts.sentences)))
    frequent = {key: n for key, n in counts.phrases.items() if n >= least and _is_noun_phrase(key, counts)}
    phrases = {key: n for key, n in frequent.items() if len(key) > 1 and _is_cohesive(key, n, counts)}
    kept = dict(phrases)
    for key, n in frequent.items():
        if len(key) > 1:
            continue
        inside = max((m for phrase, m in phrases.items() if key[0] in phrase), default=0)
        if n - inside >= least or not inside:  # p-support: "life" alone, outside of "battery life"
            kept[key] = n
    kept = _judged(kept, counts)
    return dict(sorted(kept.items(), key=lambda item: (-item[1], item[0]))[:MAX_TERMS])


def _judged(terms: dict[Stems, int], counts: TermCounts) -> dict[Stems, int]:
    """Terms that buyers judge: not much more seldom than the usual one ("computer" is spoken of,
    not judged).
    """
    usual = sum(counts.judged[key] for key in terms) / max(1, sum(terms.values()))
    return {
        key: n for key, n in terms.items() if counts.judged[key] + 3 * usual >= MIN_JUDGED * usual * (n + 3)
    }


def _is_noun_phrase(key: Stems, counts: TermCounts) -> bool:
    word = counts.surface[key].most_common(1)[0][0].split()
    head = word[-1]
    if (
        (len(key) == 1 and head in GENERIC_NOUNS)
        or head in OPINION_ADJECTIVES
        or head.endswith("ly")
        or len(head) < 2
    ):
        return False
    if key[-1] in FUNCTION_WORDS or (len(key) == 1 and key[0] in GENERIC_NOUNS):
        return False  # "others", "ones"
    if len(key) > 1 and any(w in OPINION_ADJECTIVES or w in VERBS or w.endswith("ly") for w in word[:-1]):
        return False
    if any(counts.is_name(w) for w in word):
        return False
    noun, verb = counts.noun[head], counts.verb[head]
    needed = MIN_NOUN_SHARE * (1.5 if head in VERBS else 1.0)
    return noun >= needed * counts.heads[head] and noun > verb


def _is_cohesive(key: Stems, n: int, counts: TermCounts) -> bool:
    """Whether the words belong together: eight times as often as by chance, or seldom apart."""
    expected = np.prod([counts.words[s] / max(counts.sentences, 1) for s in key]) * counts.sentences
    rarest = min(counts.words[s] for s in key)
    return bool((n >= 8 * expected and n >= 0.04 * rarest) or n >= 0.6 * rarest)


def mine_aspects(
    sentences: Iterable[tuple[Category, str]],
    encoder: TextEncoder,
    product_words: Mapping[Category, Iterable[str]] | None = None,
    title_words: Iterable[str] = (),
) -> AspectBook:
    """Aspects per category from (category path, sentence) pairs, read once.

    A department hears the sentences of those below it; with ``MIN_SENTENCES`` or more it mines its own terms
    and adds its parents'. ``product_words`` by category name the product itself ("phone", a brand). Memory
    grows with the vocabulary, not the sentences.
    """
    counts: dict[Category, TermCounts] = {(): TermCounts()}
    for category, sentence in sentences:
        node = counts.setdefault(category, TermCounts())
        node.add(sentence)
        if node.sentences % _PRUNE_EVERY == 0:
            node.prune()
    for category in tuple(counts):
        for depth in range(1, len(category)):
            counts.setdefault(category[:depth], TermCounts())
    for category in sorted(counts, key=len, reverse=True):
        if category:
            counts[category[:-1]].merge(counts[category])
    words, titles = product_words or {}, set(title_words)
    lexicons: dict[Category, AspectLexicon] = {}
    for category in sorted(counts, key=len):
        node = counts[category]
        if category and (node.sentences < MIN_SENTENCES or not _mines_alone(category, counts)):
            continue
        named = {word for word in titles if node.is_name(word, TITLE_PROPER_SHARE)}
        mined = mine_terms(node)
        spelling = {key: node.surface[key].most_common(1)[0][0] for key in mined}
        own = cluster_terms(mined, spelling, encoder, named.union(words.get(category, ())))
        lexicons[category] = AspectLexicon(_with_inherited(own, category, lexicons))
    return AspectBook(lexicons)


def _mines_alone(category: Category, counts: Mapping[Category, TermCounts]) -> bool:
    """A department that holds nearly all its parent's sentences says nothing new."""
    return counts[category].sentences < 0.98 * counts[category[:-1]].sentences


def _with_inherited(
    own: tuple[Aspect, ...], category: Category, lexicons: Mapping[Category, AspectLexicon]
) -> tuple[Aspect, ...]:
    parent: AspectLexicon | None = None
    for depth in range(len(category) - 1, -1, -1):
        parent = parent or lexicons.get(category[:depth])
    if parent is None:
        return own
    merged: dict[str, Aspect] = {aspect.name: aspect for aspect in own}
    known = {stems_of(term) for aspect in own for term in aspect.terms}
    for aspect in parent.aspects:
        extra = tuple(term for term in aspect.terms if stems_of(term) not in known)
        held = merged.get(aspect.name)
        if held is not None:
            merged[aspect.name] = Aspect(held.name, held.terms + extra, held.count, held.general)
        elif extra:
            merged[aspect.name] = Aspect(aspect.name, extra, 0, aspect.general)
    return tuple(merged.values())
