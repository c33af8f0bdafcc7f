"""How positive a sentence is about one thing in it: "the sound is great but the strap broke", asked for
"strap".

Two ways behind one protocol. Without any labelled aspects: the polarity of the clause that holds the
term. With the delivered pair model: sentence and term are read together (BERT-SPC, Song et al. 2019).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from retrieval.classifier import FloatMatrix
from retrieval.sentiment import SentimentModel

__all__ = ["AspectSentiment", "ClauseAspectSentiment", "clause_about", "open_aspect_sentiment"]

_BOUNDARY = re.compile(
    r"(?<=[.;:!?])\s+|\s+(?:--?|–|—)\s+|"
    r",?\s+\b(?=(?:but|however|although|though|while|whereas|yet|except|unfortunately|despite|besides)\b)",
    re.IGNORECASE,
)


@runtime_checkable
class AspectSentiment(Protocol):
    """(sentence, term) pairs to polarities; ``model_id`` changes whenever they would."""

    model_id: str

    def predict(self, pairs: Sequence[tuple[str, str]]) -> FloatMatrix:
        """Probabilities of (negative, neutral, positive) for the term in its sentence, float32
        (len(pairs), 3).
        """
        ...


class ClauseAspectSentiment:
    """No aspect training: the polarity of the clause around the term, weighed against that of the
    sentence.
    """

    def __init__(self, sentiment: SentimentModel, *, clause_weight: float = 0.7) -> None:
        self._sentiment, self._clause_weight = sentiment, clause_weight
        self.model_id = f"{sentiment.model_id}:clause-{clause_weight}"

    def predict(self, pairs: Sequence[tuple[str, str]]) -> FloatMatrix:
        """See ``AspectSentiment``. Costs at most two sentences a pair; equal ones are scored once."""
        clauses = [clause_about(sentence, term) for sentence, term in pairs]
        scores = self._sentiment.predict([*clauses, *(sentence for sentence, _ in pairs)])
        near, whole = scores[: len(pairs)], scores[len(pairs) :]
        return np.asarray(self._clause_weight * near + (1 - self._clause_weight) * whole, dtype=np.float32)


def clause_about(sentence: str, term: str) -> str:
    """The clause of ``sentence`` that holds ``term``; the sentence where the term is not found in one
    clause.
    """
    parts = [part for part in _BOUNDARY.split(sentence) if part and part.strip()]
    found = [part for part in parts if term.lower() in part.lower()]
    return found[0].strip() if found else sentence


def open_aspect_sentiment(*, sentiment: SentimentModel, cache_folder: Path) -> AspectSentiment:
    """The aspect model that fits ``sentiment``; ``cache_folder`` keeps exports, as for ``open_sentiment``."""
    return ClauseAspectSentiment(sentiment)
