"""The second look at the best candidates: one protocol, no reranker, and any hub cross-encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from retrieval.text.query_analysis import AnalysedQuery

FloatArray = npt.NDArray[np.float32]


class RerankerError(RuntimeError):
    """The reranker can't be opened; the message says what was asked for and what there is."""


@dataclass(frozen=True)
class Candidates:
    """The products under consideration, best first by ``fused``; arrays of one length (m,)."""

    rows: npt.NDArray[np.int64]
    keyword: FloatArray
    vector: FloatArray
    fused: FloatArray

    def first(self, most: int) -> Candidates:
        """The best so many."""
        return Candidates(self.rows[:most], self.keyword[:most], self.vector[:most], self.fused[:most])


class Reranker(Protocol):
    """Scores candidates anew; only their order counts."""

    name: str

    def score(self, query: AnalysedQuery, candidates: Candidates) -> FloatArray:
        """New scores, shape (m,), higher is better."""
        ...


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder over query and title. Slow on CPUs: 170-500 ms for 100
    candidates."""

    def __init__(self, model: str, titles: Sequence[str]) -> None:
        from sentence_transformers import CrossEncoder

        self.name = f"cross-encoder:{model}"
        self._titles = titles
        try:
            self._model: Any = CrossEncoder(model)
        except (OSError, ValueError) as error:
            raise RerankerError(f"the cross-encoder {model} can't be loaded ({error})") from error

    def score(self, query: AnalysedQuery, candidates: Candidates) -> FloatArray:
        pairs = [(query.text, self._titles[row]) for row in candidates.rows]
        return np.asarray(self._model.predict(pairs, show_progress_bar=False), dtype=np.float32)
