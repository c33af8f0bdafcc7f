"""The learned reranker: gradient-boosted LambdaRank over ``RankFeatures``, shipped trained, retrainable by
a shop.

LambdaMART as in LightGBM (Burges 2010, MSR-TR-2010-82). The model is LightGBM's text format beside a small
JSON of feature names and the report of its training; nothing in them is executable.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.inference.checksums import damaged
from retrieval.ranking.features import RankFeatures
from retrieval.reranker import Candidates, RerankerError
from retrieval.text.query_analysis import AnalysedQuery

FloatArray = npt.NDArray[np.float32]
MODEL_FILE, FACTS_FILE = "reranker.txt", "reranker.json"


class LearnedReranker:
    """Scores candidates by their features plus ``blend`` times the fused score: the fusion is never overruled
    by much where the features say nothing."""

    name = "learned"

    def __init__(
        self, booster: Any, feature_names: Sequence[str], blend: float, features: RankFeatures
    ) -> None:
        self._booster, self._names, self._blend, self._features = (
            booster,
            tuple(feature_names),
            blend,
            features,
        )

    @classmethod
    def open(cls, features: RankFeatures, folder: Path | None = None) -> LearnedReranker:
        """Open the model in ``folder``, or the one that ships with Aisle. Imports LightGBM: about 1 s.

        Raises:
            RerankerError: no readable model there.
        """
        import lightgbm

        try:
            if folder is None:
                with as_file(files("retrieval.models")) as shipped:
                    return cls.open(features, shipped)
            if wrong := damaged(folder, MODEL_FILE, FACTS_FILE):
                raise RerankerError(f"{wrong}, or set the reranker to `none`")
            facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
            booster = lightgbm.Booster(model_str=(folder / MODEL_FILE).read_text(encoding="utf-8"))
            return cls(booster, facts["features"], float(facts["blend"]), features)
        except (OSError, ValueError, KeyError, lightgbm.basic.LightGBMError) as error:
            raise RerankerError(
                f"no readable reranker in {folder} ({error}); train it again or set the reranker to `none`"
            ) from error

    def score(self, query: AnalysedQuery, candidates: Candidates) -> FloatArray:
        """New scores, shape (m,). About 4 ms for 100 candidates on one thread."""
        if len(candidates.rows) == 0:
            return np.zeros(0, dtype=np.float32)
        values = self._features.compute(query, candidates)
        learned = self._booster.predict(
            feature_matrix(values, self._names, len(candidates.rows)), num_threads=1
        )
        return np.asarray(learned + self._blend * values["fused_z"], dtype=np.float32)


def feature_matrix(values: dict[str, FloatArray], names: Sequence[str], size: int) -> npt.NDArray[np.float64]:
    """Features by name as a matrix, shape (size, len(names)); NaN for those that are not there."""
    missing = np.full(size, np.nan, dtype=np.float32)
    return np.stack([values.get(name, missing) for name in names], axis=1).astype(np.float64)
