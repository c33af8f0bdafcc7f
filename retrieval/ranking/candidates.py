"""The candidates of a query: the best by keywords and by vectors, under a mask, fused into one order."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from retrieval.encoder import Encoder
from retrieval.fusion import weighted_fusion
from retrieval.keyword_index import FieldedKeywordIndex
from retrieval.ranking.asked import Asked
from retrieval.ranking.things import Thing
from retrieval.reranker import Candidates
from retrieval.text.query_analysis import AnalysedQuery
from retrieval.vector_index import BoolArray, FloatArray, IntArray, VectorIndex

KEYWORD_WEIGHT, VECTOR_WEIGHT = 0.7, 0.3
NATURAL_KEYWORD_WEIGHT, NATURAL_VECTOR_WEIGHT = 0.08, 0.92
"""For sentences, whose words are mostly not the product's. Of 0 to .15, the first product fits most often with .05 to .1
(338 first turns of dialogues: .657 with .15, .686 with .1, .695 with .05)."""
RECENT = 64
"""Queries whose vectors are kept."""
THING_WEIGHT = np.float32(1.3)
"""For products of the kind that a short query names, in the fused score."""


class CandidatePool:
    """Both indexes of a built search; safe for threads."""

    def __init__(self, encoder: Encoder, keywords: FieldedKeywordIndex, index: VectorIndex) -> None:
        self._encoder, self._keywords, self._index = encoder, keywords, index
        self._asked = Asked.of(encoder.model_id)
        self._vector = lru_cache(maxsize=RECENT)(self._vector_of)

    def find(
        self, query: AnalysedQuery, mask: BoolArray | None, depth: int, thing: Thing | None = None
    ) -> Candidates:
        """The ``depth`` best of each source by weighted fusion, best first; every one inside the mask."""
        vector = self._vector(query.text, query.natural)
        keyword = self._keywords.scores(query.weights)
        if mask is not None:
            keyword *= mask
        near, _ = self._index.search(vector, depth, mask)
        rows = np.union1d(_best(keyword, depth), near)
        if thing is not None:
            member = thing.member if mask is None else thing.member * mask
            own = _best(member, 2 * depth)
            near_own = self._index.vectors[own] @ vector + member[own]
            rows = np.union1d(rows, own[_best(np.asarray(near_own, dtype=np.float32), depth)])
        cosines = np.asarray(self._index.vectors[rows] @ vector, dtype=np.float32)
        fused = _fused(keyword[rows], cosines, query.natural, thing is not None)
        if thing is not None:
            fused = fused + THING_WEIGHT * thing.member[rows]
        order = np.lexsort((rows, -fused))
        return Candidates(rows[order], keyword[rows][order], cosines[order], fused[order])

    def _vector_of(self, text: str, natural: bool) -> FloatArray:
        """What is sought as a unit vector; a need with what served others. Kept, as one turn searches by it often."""
        vector = self._encoder.encode_query([text])[0]
        return self._asked.widened(vector) if natural and self._asked is not None else vector


def _fused(keyword: FloatArray, cosines: FloatArray, natural: bool, kind_alone: bool) -> FloatArray:
    """One score from those of the sources. Where a query is the name of a kind and no more, how often a title
    repeats it tells nothing.
    """
    if natural:
        return weighted_fusion((keyword, cosines), (NATURAL_KEYWORD_WEIGHT, NATURAL_VECTOR_WEIGHT))
    if kind_alone:
        likeness = np.maximum(cosines, np.float32(0.0))
        return weighted_fusion((keyword, likeness), (VECTOR_WEIGHT, KEYWORD_WEIGHT))  # the other way round
    return weighted_fusion((keyword, cosines), (KEYWORD_WEIGHT, VECTOR_WEIGHT))


def _best(scores: FloatArray, k: int) -> IntArray:
    """Rows of the ``k`` highest scores above 0, in no order."""
    best = np.argpartition(-scores, k)[:k] if len(scores) > k else np.arange(len(scores))
    return best[scores[best] > 0]
