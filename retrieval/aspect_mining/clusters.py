"""Terms of one meaning or spelling made one aspect, named by the most frequent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from retrieval.aspect_mining.likeness import TextEncoder, term_vectors
from retrieval.aspect_mining.words import GENERAL_ASPECTS, GENERIC_NOUNS, OVERALL
from retrieval.aspects import Aspect, Stems, stems_of

MERGE_COSINE = 0.74
JOIN_GENERAL_COSINE = 0.80
MEASURES = frozenset(("quality", "life", "level", "performance"))
"""Words that say of a thing how good it is and name no other thing."""


def cluster_terms(
    mined: Mapping[Stems, int],
    names: Mapping[Stems, str],
    encoder: TextEncoder,
    product_words: Iterable[str] = (),
) -> tuple[Aspect, ...]:
    """The mined terms of a category (with their counts and usual spelling) merged, the general aspects first.

    ``product_words`` name the product itself ("phone"): they join the aspect ``overall``.
    """
    general_terms = dict(GENERAL_ASPECTS)
    general_terms[OVERALL] += tuple(sorted(w for w in product_words if w not in GENERIC_NOUNS))
    taken = {stems_of(term) for terms in general_terms.values() for term in terms}
    free = [key for key in mined if key not in taken]
    groups = _merge(free, [mined[key] for key in free], [names[key] for key in free], encoder)
    joined, groups = _join_general(groups, names, mined, encoder)
    aspects = [
        Aspect(
            name,
            terms + tuple(names[key] for key in joined.get(name, ())),
            sum(mined.get(stems_of(term), 0) for term in terms)
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
    """Groups of keys: average-linkage clusters of the names' vectors; misspellings and "battery life" beside
    "battery" counted as identical.
    """
    if len(keys) < 2:
        return [[key] for key in keys]
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    vectors = term_vectors(names, encoder)
    distance = 1.0 - np.clip(vectors @ vectors.T, -1.0, 1.0)
    for i, j in (*_misspellings(names, sizes), *_measured(names)):
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


def _measured(names: list[str]) -> Iterable[tuple[int, int]]:
    """Pairs of a thing and how good it is: "battery" and "battery life" are judged in one breath."""
    places = {name: place for place, name in enumerate(names)}
    for name, place in places.items():
        thing, _, measure = name.rpartition(" ")
        if measure in MEASURES and thing in places:
            yield place, places[thing]


def _join_general(
    groups: list[list[Stems]], names: Mapping[Stems, str], mined: Mapping[Stems, int], encoder: TextEncoder
) -> tuple[dict[str, list[Stems]], list[list[Stems]]]:
    """Groups whose most frequent term means a general aspect's name join it;
    the others are returned as they are.
    """
    general = [name for name in GENERAL_ASPECTS if name != OVERALL]
    if not groups:
        return {}, []
    anchors = term_vectors(general, encoder)
    heads = term_vectors([names[max(group, key=lambda key: mined[key])] for group in groups], encoder)
    cosine = heads @ anchors.T
    joined: dict[str, list[Stems]] = {}
    rest: list[list[Stems]] = []
    for group, row in zip(groups, cosine, strict=True):
        if row.max() >= JOIN_GENERAL_COSINE:
            joined.setdefault(general[int(row.argmax())], []).extend(group)
        else:
            rest.append(group)
    return joined, rest
