"""How positive a sentence is about one thing in it: "the sound is great but the strap broke", asked for
"strap".

Two ways behind one protocol. Without any labelled aspects: the polarity of the clause that holds the term.
With the delivered pair model: sentence and term are read together (BERT-SPC, Song et al. 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from retrieval.aspects import LONGEST_TERM, TOKEN
from retrieval.inference.classifier import Classifier, FloatMatrix, TorchClassifier
from retrieval.inference.classifier_weights import DeliveredWeights
from retrieval.inference.score_cache import ScoreCache
from retrieval.reviews.clauses import clause_about
from retrieval.sentiment import DEFAULT, SentimentModel, load_delivered, open_classifier

__all__ = [
    "AspectSentiment",
    "ClauseAspectSentiment",
    "ClausePairs",
    "PairAspectSentiment",
    "clause_about",
    "open_aspect_sentiment",
    "open_clause_pairs",
    "open_pair_classifier",
]

ASPECTS = "aspects-minilm"


@runtime_checkable
class AspectSentiment(Protocol):
    """(sentence, term) pairs to polarities; ``model_id`` changes whenever they would."""

    model_id: str

    def predict(self, pairs: Sequence[tuple[str, str]]) -> FloatMatrix:
        """Probabilities of (negative, neutral, positive) for the term in its sentence, float32 (n, 3)."""
        ...


class ClauseAspectSentiment:
    """No aspect training: the polarity of the clause around the term, weighed against that of the
    sentence.

    A clause may be praise and yet say nothing of every thing that it names, so that the odds of neutral are
    ``neutral_odds`` times those of the clause.
    """

    def __init__(
        self, sentiment: SentimentModel, *, clause_weight: float = 0.7, neutral_odds: float = 1.5
    ) -> None:
        self._sentiment, self._clause_weight = sentiment, clause_weight
        self._odds = np.array([1, neutral_odds, 1], dtype=np.float32)
        self.model_id = f"{sentiment.model_id}:clause-{clause_weight}-{neutral_odds}"

    def predict(self, pairs: Sequence[tuple[str, str]]) -> FloatMatrix:
        """See ``AspectSentiment``. Costs at most two sentences a pair; equal ones are scored once."""
        clauses = [clause_about(sentence, term) for sentence, term in pairs]
        scores = self._sentiment.predict([*clauses, *(sentence for sentence, _ in pairs)])
        near, whole = scores[: len(pairs)], scores[len(pairs) :]
        read = (self._clause_weight * near + (1 - self._clause_weight) * whole) * self._odds
        return np.asarray(read / read.sum(axis=1, keepdims=True), dtype=np.float32)


class ClausePairs:
    """A classifier that reads a clause and a term in it together, as builds do; a pair is never scored twice."""

    def __init__(self, classifier: Classifier, cache_folder: Path) -> None:
        self.model_id = f"{classifier.model_id}:clause-pair"
        self._cache = ScoreCache(classifier, cache_folder)

    def predict(self, pairs: Sequence[tuple[str, str]]) -> FloatMatrix:
        """See ``AspectSentiment``; the texts are read as they are given."""
        return self._cache.scores([text for text, _ in pairs], [term for _, term in pairs])

    def forget(self, clauses: Sequence[str]) -> None:
        """Drop what is cached of these clauses, with whatever words of theirs were asked for."""
        self._cache.forget_pairs([(clause, term) for clause in clauses for term in _phrases(clause)])


class PairAspectSentiment:
    """A classifier that reads a text and the term together; a pair is never scored twice.

    Reads the whole sentence and the clause around the term, and takes the mean: the one knows the context,
    the other tells opposite opinions apart.
    """

    def __init__(self, classifier: Classifier, cache_folder: Path) -> None:
        self.model_id = f"{classifier.model_id}:pair"
        self._cache = ScoreCache(classifier, cache_folder)

    def predict(self, pairs: Sequence[tuple[str, str]]) -> FloatMatrix:
        """See ``AspectSentiment``. A sentence of one clause is read once."""
        texts = [sentence for sentence, _ in pairs] + [clause_about(*pair) for pair in pairs]
        scores = self._cache.scores(texts, [term for _, term in pairs] * 2)
        return np.asarray((scores[: len(pairs)] + scores[len(pairs) :]) / 2, dtype=np.float32)


def open_aspect_sentiment(
    name: str = "default",
    *,
    sentiment: SentimentModel,
    cache_folder: Path,
    backend: str = "auto",
    threads: int = 1,
) -> AspectSentiment:
    """Open an aspect model: ``default`` (delivered pair model), ``clause`` (any ``sentiment`` model), or a
    folder or hub name of a classifier that reads a sentence and a term.

    Costs and errors are those of ``open_sentiment``.
    """
    if name == "clause":
        return ClauseAspectSentiment(sentiment)
    classifier = open_pair_classifier(name, backend=backend, exports_folder=cache_folder, threads=threads)
    return PairAspectSentiment(classifier, cache_folder)


def open_clause_pairs(*, cache_folder: Path, exports_folder: Path, threads: int = 1) -> ClausePairs:
    """The delivered pair model as builds use it. Costs are those of ``open_sentiment``."""
    return ClausePairs(open_pair_classifier(exports_folder=exports_folder, threads=threads), cache_folder)


def open_pair_classifier(
    name: str = "default", *, backend: str = "auto", exports_folder: Path, threads: int = 1
) -> Classifier:
    """The classifier of (text, term) by itself, without a store of what it has said."""
    if name == "default":
        files, difference = DeliveredWeights.find(DEFAULT), DeliveredWeights.find(ASPECTS)
        model_id = f"{ASPECTS}-{files.digest[:8]}{difference.digest[:8]}"

        def load(model_id: str) -> TorchClassifier:
            return load_delivered(model_id, files, difference)

    else:
        from retrieval.inference.hub_classifier import hub_key, load_hub_classifier

        model_id = hub_key(name)

        def load(model_id: str) -> TorchClassifier:
            return load_hub_classifier(name, model_id)

    return open_classifier(model_id, load, backend=backend, exports_folder=exports_folder, threads=threads)


def _phrases(clause: str) -> list[str]:
    """Every run of up to ``LONGEST_TERM`` words of a clause, as a term of it would be written."""
    words = [(match.start(), match.end()) for match in TOKEN.finditer(clause)]
    return [
        clause[start:end].lower()
        for place, (start, _) in enumerate(words)
        for _, end in words[place : place + LONGEST_TERM]
    ]
