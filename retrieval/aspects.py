"""What reviews talk about: aspects mined per category from the shop's own sentences, and found again in a
sentence.

Follows Hu & Liu, "Mining and Summarizing Customer Reviews" (KDD 2004): frequent nouns and noun phrases,
pruned by compactness and by p-support. Two changes: nouns are told by their contexts instead of a
part-of-speech tagger (a noun follows determiners and adjectives and ends its phrase; a verb follows "to" and
pronouns), and terms are merged by sentence-encoder vectors, not WordNet. A category knows its own terms and
those of its parents.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from retrieval.aspect_words import (
    DETERMINERS,
    FUNCTION_WORDS,
    GENERAL_ASPECTS,
    GENERIC_NOUNS,
    OPINION_ADJECTIVES,
    PREPOSITIONS,
    VERBS,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


Stems = tuple[str, ...]
Category = tuple[str, ...]

MIN_SENTENCES = 150
"""A category with fewer sentences mines nothing of its own and speaks with its parent's aspects."""
MIN_COUNT = 3
MIN_SHARE = 0.0012
MAX_TERMS = 300
MIN_NOUN_SHARE = 0.30
MERGE_COSINE = 0.72
JOIN_GENERAL_COSINE = 0.80
_MAX_WORDS = 3

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019&-][^\W_]+)*|[^\w\s]")
_VERB_LEFT = frozenset(
    (
        *(
            "to",
            "i",
            "you",
            "he",
            "she",
            "it",
            "we",
            "they",
            "can",
            "could",
            "will",
            "would",
            "should",
            "may",
        ),
        *("might", "must", "don't", "doesn't", "didn't", "can't", "cannot", "won't", "wouldn't", "shouldn't"),
        *("not", "never", "please", "let"),
    )
)


class TextEncoder(Protocol):
    def encode_document(self, texts: Sequence[str]) -> npt.NDArray[np.float32]: ...


@dataclass(frozen=True)
class Mention:
    """An aspect named in a sentence: ``sentence[start:end]`` is the term as written."""

    aspect: str
    term: str
    start: int
    end: int


@dataclass(frozen=True)
class Aspect:
    """A cluster of terms under the name of its most frequent one; ``count`` in sentences of the category."""

    name: str
    terms: tuple[str, ...]
    count: int
    general: bool = False


@dataclass(frozen=True)
class AspectLexicon:
    """The aspects of one category, ready to be found in sentences."""

    aspects: tuple[Aspect, ...]
    _names: dict[Stems, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: dict[Stems, str] = {}
        for aspect in self.aspects:
            for term in aspect.terms:
                names.setdefault(stems_of(term), aspect.name)
        object.__setattr__(self, "_names", names)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(aspect.name for aspect in self.aspects)

    def find(self, sentence: str) -> tuple[Mention, ...]:
        """The aspects a sentence names, longest terms first, no overlaps.

        About 20 microseconds a sentence.
        """
        tokens = [(stem(m.group().lower()), m.start(), m.end()) for m in _TOKEN.finditer(sentence)]
        mentions: list[Mention] = []
        at = 0
        while at < len(tokens):
            for size in range(min(5, len(tokens) - at), 0, -1):
                aspect = self._names.get(tuple(token[0] for token in tokens[at : at + size]))
                if aspect is not None and (size > 1 or _is_target(sentence, tokens, at)):
                    start, end = tokens[at][1], tokens[at + size - 1][2]
                    mentions.append(Mention(aspect, sentence[start:end].lower(), start, end))
                    at += size - 1
                    break
            at += 1
        return tuple(mentions)


def _is_target(sentence: str, tokens: list[tuple[str, int, int]], at: int) -> bool:
    """Whether a word that is also a verb is meant as a thing ("the look") or judged ("looks great")."""

    def word(i: int) -> str:
        return sentence[tokens[i][1] : tokens[i][2]].lower() if 0 <= i < len(tokens) else ""

    if word(at) not in VERBS:
        return True
    after = word(at + 1)
    judged = after in OPINION_ADJECTIVES or after.endswith("ly") or after in ("very", "so", "well", "too")
    return judged or word(at - 1) in DETERMINERS or word(at - 1) in OPINION_ADJECTIVES


@dataclass(frozen=True)
class AspectBook:
    """The lexicon of every category that has one; ``()`` is the whole shop."""

    lexicons: Mapping[Category, AspectLexicon]

    def lexicon(self, category: Category) -> AspectLexicon:
        """The lexicon of the deepest known department on the category's path."""
        return self.lexicons[self.known_category(category)]

    def known_category(self, category: Category) -> Category:
        for depth in range(len(category), 0, -1):
            if category[:depth] in self.lexicons:
                return category[:depth]
        return ()

    def named_like(self, earlier: AspectBook) -> AspectBook:
        """This book with the earlier names where that name is still one of the aspect's terms:
        pages stay stable.
        """
        lexicons = {}
        for category, lexicon in self.lexicons.items():
            held = {stems_of(name): name for name in earlier.lexicon(category).names}
            taken = {stems_of(name) for name in lexicon.names}
            renamed = []
            for aspect in lexicon.aspects:
                keys = [stems_of(term) for term in aspect.terms]
                known = [held[key] for key in keys if key in held]
                free = bool(known) and stems_of(aspect.name) not in held and stems_of(known[0]) not in taken
                renamed.append(replace(aspect, name=known[0]) if free and not aspect.general else aspect)
            lexicons[category] = AspectLexicon(tuple(renamed))
        return AspectBook(lexicons)

    def to_json(self) -> str:
        rows = [
            {
                "category": list(category),
                "aspects": [[a.name, list(a.terms), a.count, a.general] for a in lexicon.aspects],
            }
            for category, lexicon in self.lexicons.items()
        ]
        return json.dumps(rows, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> AspectBook:
        return cls(
            {
                tuple(row["category"]): AspectLexicon(
                    tuple(
                        Aspect(name, tuple(terms), count, general)
                        for name, terms, count, general in row["aspects"]
                    )
                )
                for row in json.loads(text)
            }
        )


# --- mining -----------------------------------------------------------------------------------------------


@dataclass
class TermCounts:
    """What the contexts of words and phrases say about them; one per category,
    filled sentence by sentence.
    """

    sentences: int = 0
    words: Counter[str] = field(default_factory=Counter)
    heads: Counter[str] = field(default_factory=Counter)
    noun: Counter[str] = field(default_factory=Counter)
    verb: Counter[str] = field(default_factory=Counter)
    phrases: Counter[Stems] = field(default_factory=Counter)
    surface: dict[Stems, Counter[str]] = field(default_factory=dict)

    def add(self, sentence: str) -> None:
        self.sentences += 1
        seen: set[Stems] = set()
        for run in _runs(sentence):
            self._add_run(run, seen)

    def _add_run(self, run: list[str], seen: set[Stems]) -> None:
        stems = [stem(word) for word in run]
        content = [word not in FUNCTION_WORDS and len(word) > 1 and not word[0].isdigit() for word in run]
        for i, word in enumerate(run):
            if not content[i]:
                continue
            self.words[stems[i]] += 1
            left = run[i - 1] if i else ""
            right_ends = i + 1 == len(run) or not content[i + 1]
            if left in _VERB_LEFT:
                self.verb[word] += 1
            self.heads[word] += right_ends
            if right_ends and (left in DETERMINERS or left in OPINION_ADJECTIVES or left in PREPOSITIONS):
                self.noun[word] += 1
            elif right_ends and i > 1 and content[i - 1] and run[i - 2] in DETERMINERS:
                self.noun[word] += 1  # "the battery life": the head of a longer phrase
            for size in range(1, _MAX_WORDS + 1):
                if i + size > len(run) or not content[i + size - 1]:
                    break
                key = tuple(stems[i : i + size])
                if key not in seen:
                    seen.add(key)
                    self.phrases[key] += 1
                    self.surface.setdefault(key, Counter())[" ".join(run[i : i + size])] += 1

    def prune(self, least: int = 2) -> None:
        """Forget phrases of several words seen less than ``least`` times:
        bounds the memory of a long build.
        """
        for key in [k for k, n in self.phrases.items() if n < least and len(k) > 1]:
            del self.phrases[key], self.surface[key]


def _runs(sentence: str) -> Iterable[list[str]]:
    """Runs of lower-case words between punctuation marks."""
    run: list[str] = []
    for match in _TOKEN.finditer(sentence.lower().replace("\u2019", "'")):
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
    return dict(sorted(kept.items(), key=lambda item: (-item[1], item[0]))[:MAX_TERMS])


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
    noun, verb = counts.noun[head], counts.verb[head]
    needed = MIN_NOUN_SHARE * (1.5 if head in VERBS else 1.0)
    return noun >= needed * counts.heads[head] and noun > verb


def _is_cohesive(key: Stems, n: int, counts: TermCounts) -> bool:
    """The words stand together far more often than by chance (pointwise mutual information,
    3 nats and up).
    """
    expected = np.prod([counts.words[s] / max(counts.sentences, 1) for s in key]) * counts.sentences
    rarest = min(counts.words[s] for s in key)
    return bool(n >= 8 * expected and n >= 0.04 * rarest)


# --- clustering -------------------------------------------------------------------------------------------


def cluster_terms(
    counts: TermCounts, encoder: TextEncoder, product_words: Iterable[str] = ()
) -> tuple[Aspect, ...]:
    """Mined terms of a category merged by spelling and meaning, the general aspects first.

    ``product_words`` name the product itself ("phone"): they join the aspect ``overall``.
    """
    mined = mine_terms(counts)
    names = {key: counts.surface[key].most_common(1)[0][0] for key in mined}
    general_terms = dict(GENERAL_ASPECTS)
    general_terms["overall"] += tuple(w for w in product_words if w not in GENERIC_NOUNS)
    taken = {stems_of(term) for terms in general_terms.values() for term in terms}
    free = [key for key in mined if key not in taken]
    groups = _merge(free, [mined[key] for key in free], [names[key] for key in free], encoder)
    joined, groups = _join_general(groups, names, mined, encoder)
    aspects = [
        Aspect(
            name,
            terms + tuple(names[key] for key in joined.get(name, ())),
            sum(counts.phrases.get(stems_of(t), 0) for t in terms)
            + sum(mined[key] for key in joined.get(name, ())),
            general=True,
        )
        for name, terms in general_terms.items()
    ]
    for group in groups:
        best = max(group, key=lambda key: (mined[key], -len(key)))
        aspects.append(
            Aspect(names[best], tuple(names[key] for key in group), sum(mined[key] for key in group))
        )
    return tuple(aspects[: len(general_terms)]) + tuple(
        sorted(aspects[len(general_terms) :], key=lambda a: -a.count)
    )


def _merge(keys: list[Stems], sizes: list[int], names: list[str], encoder: TextEncoder) -> list[list[Stems]]:
    """Groups of keys: average-linkage clusters of the names' vectors, misspellings counted as identical."""
    if len(keys) < 2:
        return [[key] for key in keys]
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    vectors = encoder.encode_document(names)
    distance = 1.0 - np.clip(vectors @ vectors.T, -1.0, 1.0)
    for i, j in _misspellings(names, sizes):
        distance[i, j] = distance[j, i] = 0.0
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform((distance + distance.T) / 2, checks=False), method="average")
    labels = fcluster(tree, t=1.0 - MERGE_COSINE, criterion="distance")
    groups: dict[int, list[Stems]] = {}
    for key, label in zip(keys, labels, strict=True):
        groups.setdefault(int(label), []).append(key)
    return list(groups.values())


def _misspellings(names: list[str], sizes: list[int]) -> Iterable[tuple[int, int]]:
    """Pairs that differ by a slip of the pen or a space: one much rarer,
    or equal without spaces and hyphens.
    """
    from rapidfuzz.distance import DamerauLevenshtein

    bare = [re.sub(r"[\s-]", "", name) for name in names]
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            if bare[i] == bare[j]:
                yield i, j
            elif min(len(bare[i]), len(bare[j])) >= 6 and bare[i][0] == bare[j][0]:
                rarer = min(sizes[i], sizes[j]) * 4 <= max(sizes[i], sizes[j])
                if rarer and DamerauLevenshtein.distance(bare[i], bare[j], score_cutoff=1) <= 1:
                    yield i, j


def _join_general(
    groups: list[list[Stems]], names: dict[Stems, str], mined: dict[Stems, int], encoder: TextEncoder
) -> tuple[dict[str, list[Stems]], list[list[Stems]]]:
    """Groups whose most frequent term means a general aspect's name join it;
    the others are returned as they are.
    """
    general = [name for name in GENERAL_ASPECTS if name != "overall"]
    if not groups:
        return {}, []
    anchors = encoder.encode_document(general)
    heads = encoder.encode_document([names[max(group, key=lambda key: mined[key])] for group in groups])
    cosine = heads @ anchors.T
    joined: dict[str, list[Stems]] = {}
    rest: list[list[Stems]] = []
    for group, row in zip(groups, cosine, strict=True):
        if row.max() >= JOIN_GENERAL_COSINE:
            joined.setdefault(general[int(row.argmax())], []).extend(group)
        else:
            rest.append(group)
    return joined, rest


def general_lexicon() -> AspectLexicon:
    """The aspects every shop has, before anything is mined."""
    return AspectLexicon(
        tuple(Aspect(name, terms, 0, general=True) for name, terms in GENERAL_ASPECTS.items())
    )


def mine_aspects(
    sentences: Iterable[tuple[Category, str]],
    encoder: TextEncoder,
    product_words: Mapping[Category, Iterable[str]] | None = None,
) -> AspectBook:
    """Aspects per category from (category path, sentence) pairs, read once.

    Every department on a path hears the sentence; those with ``MIN_SENTENCES`` or more mine their own terms
    and add their parents'. Memory grows with the vocabulary, not the sentences.
    """
    counts: dict[Category, TermCounts] = {(): TermCounts()}
    for category, sentence in sentences:
        for depth in range(len(category) + 1):
            node = counts.setdefault(category[:depth], TermCounts())
            node.add(sentence)
            if node.sentences % 100_000 == 0:
                node.prune()
    words = product_words or {}
    lexicons: dict[Category, AspectLexicon] = {}
    for category in sorted(counts, key=len):
        node = counts[category]
        if category and (node.sentences < MIN_SENTENCES or not _mines_alone(category, counts)):
            continue
        own = cluster_terms(node, encoder, [*category[-1:], *words.get(category, ())])
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


# --- words ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


def stems_of(text: str) -> Stems:
    """Stems of a text's words and marks: the key under which terms are equal."""
    return tuple(stem(m.group().lower()) for m in _TOKEN.finditer(text))
