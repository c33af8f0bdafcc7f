"""Aspect sentiment: which clause a term belongs to, and the contract of every way to ask about one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.aspect_sentiment import (
    AspectSentiment,
    ClauseAspectSentiment,
    PairAspectSentiment,
    clause_about,
    open_aspect_sentiment,
)
from retrieval.inference.classifier import FloatMatrix, Progress
from retrieval.inference.classifier_weights import ModelFilesError
from retrieval.sentiment import LABELS
from retrieval.training.aspect_labels import read_aspect_labels


class WordSentiment:
    """Knows two words."""

    labels = LABELS
    model_id = "words"

    def predict(self, sentences: Sequence[str], progress: Progress | None = None) -> FloatMatrix:
        rows = {"great": (0.0, 0.0, 1.0), "broke": (1.0, 0.0, 0.0)}
        found = [
            [rows[word] for word in rows if word in sentence] or [(0.0, 1.0, 0.0)] for sentence in sentences
        ]
        return np.array([np.mean(hits, axis=0) for hits in found], dtype=np.float32).reshape(-1, 3)


class TermClassifier:
    """Calls every pair by the length of its term."""

    model_id = "terms"

    def classify(
        self, texts: Sequence[str], terms: Sequence[str] | None = None, progress: Progress | None = None
    ) -> FloatMatrix:
        assert terms is not None
        return np.eye(3, dtype=np.float32)[[len(term) % 3 for term in terms]]


@pytest.mark.parametrize(
    ("sentence", "term", "clause"),
    [
        ("The sound is great but the strap broke.", "strap", "the strap broke."),
        ("The sound is great but the strap broke.", "sound", "The sound is great"),
        ("The sound is great.", "battery", "The sound is great."),
        ("THE SOUND is great", "sound", "THE SOUND is great"),
    ],
)
def test_a_term_is_judged_by_its_clause(sentence: str, term: str, clause: str) -> None:
    assert clause_about(sentence, term) == clause


def test_two_opinions_are_told_apart_without_aspect_training() -> None:
    sentence = "The sound is great but the strap broke."
    scores = ClauseAspectSentiment(WordSentiment()).predict([(sentence, "sound"), (sentence, "strap")])

    assert scores.shape == (2, 3)
    assert scores.argmax(axis=1).tolist() == [2, 0]
    assert np.allclose(scores.sum(axis=1), 1)


def test_the_same_sentence_is_kept_apart_for_different_terms(tmp_path: Path) -> None:
    model = PairAspectSentiment(TermClassifier(), tmp_path)
    pairs = [("a sentence", "abc"), ("a sentence", "ab"), ("a sentence", "abc")]

    assert model.predict(pairs).argmax(axis=1).tolist() == [0, 2, 0]
    assert model.predict(pairs[::-1]).argmax(axis=1).tolist() == [0, 2, 0]


def test_delivered_pair_model_tells_two_opinions_apart(tmp_path: Path) -> None:
    model = open_aspect_sentiment(sentiment=WordSentiment(), cache_folder=tmp_path, backend="torch")
    sentence = "The screen is gorgeous, but the keyboard is terrible."
    scores = model.predict([(sentence, "screen"), (sentence, "keyboard")])

    assert isinstance(model, AspectSentiment)
    assert scores.argmax(axis=1).tolist() == [2, 0]


def test_an_unknown_aspect_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match=r"best.*give `default`, a folder"):
        open_aspect_sentiment(str(tmp_path / "best"), sentiment=WordSentiment(), cache_folder=tmp_path)


def test_labels_are_read_with_the_term_in_place(tmp_path: Path) -> None:
    path = tmp_path / "train.seg"
    path.write_text("the $T$ is fine\nbattery life\n1\n", encoding="utf-8")

    (label,) = read_aspect_labels(path)

    assert (label.sentence, label.term, label.label) == ("the battery life is fine", "battery life", 2)


def test_a_wrong_label_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "train.seg"
    path.write_text("the $T$ is fine\nbattery\n1\nthe $T$ broke\nlid\n7\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"train\.seg, line 4"):
        read_aspect_labels(path)
