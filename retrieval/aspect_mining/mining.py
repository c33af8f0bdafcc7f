"""Aspects mined per category from the shop's own sentences.

Follows Hu & Liu, "Mining and Summarizing Customer Reviews" (KDD 2004): frequent nouns and noun phrases,
pruned by compactness and by p-support. Two changes: nouns are told by their contexts instead of a
part-of-speech tagger (a noun follows determiners and adjectives and ends its phrase; a verb follows "to" and
pronouns), and terms are merged by sentence-encoder vectors, not WordNet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.aspect_mining.clusters import cluster_terms
from retrieval.aspect_mining.counts import TermCounts
from retrieval.aspect_mining.likeness import AspectLikeness, TextEncoder
from retrieval.aspect_mining.seeds import ASPECT_TERMS
from retrieval.aspect_mining.words import FUNCTION_WORDS, GENERIC_NOUNS, OPINION_ADJECTIVES, VERBS
from retrieval.aspects import Aspect, AspectBook, AspectLexicon, Category, Stems, stem, stems_of

MIN_SENTENCES = 150
"""A category with fewer sentences mines nothing of its own and speaks with its parent's aspects."""
MIN_COUNT = 3
MIN_SHARE = 0.0012
MAX_TERMS = 300
MIN_LIKENESS = 0.65
"""Least probability that a term means a part, quality or function."""
_NEEDED_JUDGED = ((0.5, 0.9), (1.0, 0.3))
"""From the probability that a term is an aspect to the least share of judged mentions, relative to the
category's usual one: linear between, constant beyond.
"""
MIN_FORM_SHARE = 0.15
"""A spelling rarer than this among the forms of its stems names nothing."""
TITLE_PROPER_SHARE = 0.35
"""A word of product titles capitalised this often inside sentences is a name."""
_PRUNE_EVERY = 50_000  # sentences


@dataclass(frozen=True)
class Term:
    """A mined noun phrase in its usual spelling, and how many sentences of the category hold it."""

    name: str
    count: int


def mine_terms(counts: TermCounts, likeness: AspectLikeness) -> dict[Stems, Term]:
    """Noun phrases that a category's buyers judge, most frequent first (at most ``MAX_TERMS``)."""
    least = max(MIN_COUNT, int(np.ceil(MIN_SHARE * counts.sentences)))
    spelled = {
        key: _spelling(key, counts)
        for key, n in counts.phrases.items()
        if n >= least and not counts.is_title(key) and not counts.is_local(key)
    }
    frequent = {key: counts.phrases[key] for key, name in spelled.items() if name}
    phrases = {key: n for key, n in frequent.items() if len(key) > 1 and _is_cohesive(key, n, counts)}
    kept = dict(phrases)
    for key, n in frequent.items():
        if len(key) > 1:
            continue
        inside = max((m for phrase, m in phrases.items() if key[0] in phrase), default=0)
        if n - inside >= least or not inside:  # p-support: "life" alone, outside of "battery life"
            kept[key] = n
    terms = {key: Term(spelled[key], n) for key, n in kept.items()}
    chosen = _chosen(terms, likeness.of([term.name for term in terms.values()]), counts)
    return dict(sorted(chosen.items(), key=lambda item: (-item[1].count, item[0]))[:MAX_TERMS])


def _chosen(terms: Mapping[Stems, Term], chances: Iterable[float], counts: TermCounts) -> dict[Stems, Term]:
    """Terms that mean a part, quality or function, and that buyers judge not much more seldom than is usual
    ("computer" is spoken of, not judged). The surer the meaning, the fewer judgements are asked for.
    """
    alike = {key: p for key, p in zip(terms, chances, strict=True) if p >= MIN_LIKENESS}
    usual = sum(counts.judged[key] for key in alike) / max(1, sum(terms[key].count for key in alike))
    needed = {key: usual * float(np.interp(p, *_NEEDED_JUDGED)) for key, p in alike.items()}
    return {
        key: terms[key]
        for key in alike
        if counts.judged[key] + 3 * usual >= needed[key] * (terms[key].count + 3)  # few mentions: usual ones
    }


def _spelling(key: Stems, counts: TermCounts) -> str:
    """The most frequent form that is a noun phrase ("connection", not "connects"); empty without one."""
    for form, n in counts.surface[key].most_common():
        if n < MIN_FORM_SHARE * counts.phrases[key]:
            break
        if (len(key) > 1 and form in ASPECT_TERMS) or _is_noun_phrase(form.split(), counts):
            return form
    return ""


def _is_noun_phrase(words: Sequence[str], counts: TermCounts) -> bool:
    head = words[-1]
    if len(head) < 2 or head in OPINION_ADJECTIVES or head.endswith("ly") or stem(head) in FUNCTION_WORDS:
        return False  # stems: "others", "ones"
    if len(words) == 1 and (head in GENERIC_NOUNS or stem(head) in GENERIC_NOUNS):
        return False
    if any(w in OPINION_ADJECTIVES or w in VERBS or w.endswith("ly") for w in words[:-1]):
        return False
    is_noun = counts.is_noun(head, in_compound=len(words) > 1)
    return is_noun and not any(counts.is_name(w) for w in words)


def _is_cohesive(key: Stems, n: int, counts: TermCounts) -> bool:
    """Whether the words belong together: eight times as often as by chance, or seldom apart."""
    expected = np.prod([counts.words[s] / max(counts.sentences, 1) for s in key]) * counts.sentences
    rarest = min(counts.words[s] for s in key)
    return bool((n >= 8 * expected and n >= 0.04 * rarest) or n >= 0.6 * rarest)


def mine_aspects(
    sentences: Iterable[tuple[Category, str] | tuple[Category, str, str]],
    encoder: TextEncoder,
    product_words: Mapping[Category, Iterable[str]] | None = None,
    title_words: Iterable[str] = (),
) -> AspectBook:
    """Aspects per category from (category path, sentence) pairs, read once.

    A third entry is the product whose review the sentence stands in; products come one after another. With
    it, what is said of one or two products alone is no aspect of their category.
    A department hears the sentences of those below it; with ``MIN_SENTENCES`` or more it mines its own terms
    and adds its parents'. ``product_words`` by category name the product itself ("phone", a brand). Memory
    grows with the vocabulary, not the sentences.
    """
    counts: dict[Category, TermCounts] = {(): TermCounts()}
    for category, *said in sentences:
        node = counts.setdefault(category, TermCounts())
        node.add(*said)
        if node.sentences % _PRUNE_EVERY == 0:
            node.prune()
    for category in tuple(counts):
        for depth in range(1, len(category)):
            counts.setdefault(category[:depth], TermCounts())
    for category in sorted(counts, key=len, reverse=True):
        if category:
            counts[category[:-1]].merge(counts[category])
    words, titles = product_words or {}, set(title_words)
    likeness = AspectLikeness(encoder)
    lexicons: dict[Category, AspectLexicon] = {}
    for category in sorted(counts, key=len):
        node = counts[category]
        if category and (node.sentences < MIN_SENTENCES or not _mines_alone(category, counts)):
            continue
        named = {word for word in titles if node.is_name(word, TITLE_PROPER_SHARE)}
        mined = mine_terms(node, likeness)
        sizes = {key: term.count for key, term in mined.items()}
        spelling = {key: term.name for key, term in mined.items()}
        own = cluster_terms(sizes, spelling, encoder, named.union(words.get(category, ())))
        lexicons[category] = AspectLexicon(_with_inherited(own, category, lexicons, node))
    return AspectBook(lexicons)


def _mines_alone(category: Category, counts: Mapping[Category, TermCounts]) -> bool:
    """A department that holds nearly all its parent's sentences says nothing new."""
    return counts[category].sentences < 0.98 * counts[category[:-1]].sentences


def _with_inherited(
    own: tuple[Aspect, ...],
    category: Category,
    lexicons: Mapping[Category, AspectLexicon],
    heard: TermCounts,
) -> tuple[Aspect, ...]:
    """A department's own aspects and its parent's, each with its count in the department; not what is a name
    there.
    """
    parent: AspectLexicon | None = None
    for depth in range(len(category) - 1, -1, -1):
        parent = parent or lexicons.get(category[:depth])
    if parent is None:
        return own
    merged: dict[str, Aspect] = {aspect.name: aspect for aspect in own}
    known = {stems_of(term): aspect.name for aspect in own for term in aspect.terms}
    for aspect in parent.aspects:
        new = {term: key for term in aspect.terms if (key := stems_of(term)) not in known}
        alike = [known[key] for term in aspect.terms if (key := stems_of(term)) in known]
        extra = tuple(term for term, key in new.items() if aspect.general or not heard.is_title(key))
        count = sum(heard.phrases[new[term]] for term in extra)
        # What means the same to the parent is one aspect here, too, whatever it is called.
        held = merged.get(aspect.name) or (merged[alike[0]] if alike else None)
        if held is not None:
            merged[held.name] = Aspect(held.name, held.terms + extra, held.count + count, held.general)
        elif extra:
            merged[aspect.name] = Aspect(aspect.name, extra, count, aspect.general)
    return tuple(sorted(merged.values(), key=lambda aspect: not aspect.general))
