"""Sentiment: the contract of every model, the cache, and how foreign classes become polarities."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.inference.classifier import FloatMatrix, OnnxClassifier, Progress, TorchClassifier, softmax
from retrieval.inference.classifier_export import export_classifier
from retrieval.inference.classifier_weights import base_folder
from retrieval.inference.hub_classifier import label_map
from retrieval.sentiment import LABELS, CachedSentiment, ModelFilesError, SentimentModel, open_sentiment

PRAISE = ("I love it, the best purchase this year.", "The battery lasts all day and the screen is gorgeous.")
BLAME = ("It broke after two weeks and nobody answered.", "This is a complete waste of money.")
FACT = ("It comes with a charger and two cables.", "I bought it in March.")


class CountingClassifier:
    """A classifier that calls everything positive and remembers what it was asked."""

    model_id = "counting"

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def classify(
        self, texts: Sequence[str], terms: Sequence[str] | None = None, progress: Progress | None = None
    ) -> FloatMatrix:
        self.asked.append(list(texts))
        return np.tile(np.array([0.125, 0.25, 0.625], dtype=np.float32), (len(texts), 1))


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def default(model_cache: Path) -> SentimentModel:
    return open_sentiment(backend="onnx", cache_folder=model_cache)


def test_default_model_keeps_the_contract(default: SentimentModel) -> None:
    scores = default.predict([*PRAISE, *BLAME])

    assert isinstance(default, SentimentModel)
    assert default.labels == LABELS
    assert scores.shape == (4, 3)
    assert scores.dtype == np.float32
    assert np.allclose(scores.sum(axis=1), 1, atol=2e-3)


def test_default_model_tells_praise_from_blame_and_fact(default: SentimentModel) -> None:
    named = [LABELS[column] for column in default.predict([*PRAISE, *BLAME, *FACT]).argmax(axis=1)]

    assert named == ["positive"] * 2 + ["negative"] * 2 + ["neutral"] * 2


def test_no_sentences_give_no_rows(default: SentimentModel) -> None:
    assert default.predict([]).shape == (0, 3)


def test_order_and_repeats_do_not_change_a_score(default: SentimentModel) -> None:
    forward = default.predict([*PRAISE, *BLAME])
    backward = default.predict([*BLAME[::-1], *PRAISE[::-1], PRAISE[0]])

    assert np.allclose(forward, backward[:4][::-1], atol=1e-3)
    assert np.array_equal(backward[3], backward[4])


def test_a_sentence_of_fifty_kilobytes_is_scored(default: SentimentModel) -> None:
    assert default.predict(["great " * 8000])[0].argmax() == 2


def test_fast_path_says_what_the_reference_says(default: SentimentModel, tmp_path: Path) -> None:
    reference = open_sentiment(backend="torch", cache_folder=tmp_path)
    texts = [*PRAISE, *BLAME, *FACT]

    assert np.array_equal(default.predict(texts).argmax(axis=1), reference.predict(texts).argmax(axis=1))


def test_an_export_that_would_drift_is_made_less_coarse(tmp_path: Path) -> None:
    """One activation that dwarfs the others takes all of eight bits for itself."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    sizes: dict[str, Any] = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 128,
    }
    model = BertForSequenceClassification(BertConfig(num_labels=3, initializer_range=0.3, **sizes)).eval()
    for layer in model.bert.encoder.layer:
        layer.intermediate.dense.bias.data[0] = 3000.0
        layer.output.dense.weight.data[:, 0] = 0.0
    tokenizer = AutoTokenizer.from_pretrained(str(base_folder()))
    reference = TorchClassifier(model, tokenizer, model_id="outlier", label_map=np.eye(3).tolist())

    export_classifier(reference, tmp_path / "outlier")

    texts = [*PRAISE, *BLAME, *FACT]
    exported = OnnxClassifier(tmp_path / "outlier").classify(texts)
    assert np.abs(exported - reference.classify(texts)).max() < 0.05


def test_second_opening_needs_no_torch(default: SentimentModel, model_cache: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from retrieval.sentiment import open_sentiment\n"
        f"open_sentiment(cache_folder=Path({str(model_cache)!r})).predict(['a new sentence, good'])\n"
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_a_sentence_is_scored_once_even_over_two_openings(tmp_path: Path) -> None:
    first, second = CountingClassifier(), CountingClassifier()
    CachedSentiment(first, tmp_path).predict(["good", "bad", "good"])

    scores = CachedSentiment(second, tmp_path).predict(["bad", "new", "good"])

    assert first.asked == [["bad", "good"]] or first.asked == [["good", "bad"]]
    assert second.asked == [["new"]]
    assert np.allclose(scores, [[0.125, 0.25, 0.625]] * 3)


def test_work_that_was_killed_goes_on_after_its_last_finished_chunk(tmp_path: Path) -> None:
    class Killed(CountingClassifier):
        def classify(
            self, texts: Sequence[str], terms: Sequence[str] | None = None, progress: Progress | None = None
        ) -> FloatMatrix:
            if len(self.asked) == 2:
                raise KeyboardInterrupt
            return super().classify(texts, terms, progress)

    sentences = [f"sentence {number:02}" for number in range(10)]
    with pytest.raises(KeyboardInterrupt):
        CachedSentiment(Killed(), tmp_path, chunk=3).predict(sentences)
    again = CountingClassifier()
    CachedSentiment(again, tmp_path, chunk=3).predict(sentences)

    assert [text for batch in again.asked for text in batch] == sentences[6:]


def test_progress_hears_of_every_sentence(tmp_path: Path) -> None:
    heard: list[tuple[int, int | None]] = []
    model = CachedSentiment(CountingClassifier(), tmp_path, chunk=2)
    model.predict(["a", "b", "c"], progress=lambda stage, done, total: heard.append((done, total)))

    assert heard == [(2, 3), (3, 3)]


@settings(deadline=None, max_examples=30)
@given(sentences=st.lists(st.text(max_size=40), max_size=12))
def test_any_text_gets_a_distribution(default: SentimentModel, sentences: list[str]) -> None:
    scores = default.predict(sentences)

    assert scores.shape == (len(sentences), 3)
    assert np.allclose(scores.sum(axis=1), 1, atol=2e-3)


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (["NEGATIVE", "POSITIVE"], [0, 2]),
        (["negative", "neutral", "positive"], [0, 1, 2]),
        (["LABEL_0", "LABEL_1", "LABEL_2"], [0, 1, 2]),
        (["LABEL_0", "LABEL_1"], [0, 2]),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], [0, 0, 1, 2, 2]),
        (["POS", "NEU", "NEG"], [2, 1, 0]),
    ],
)
def test_foreign_classes_become_polarities(classes: list[str], expected: list[int]) -> None:
    assert np.argmax(label_map(dict(enumerate(classes))), axis=1).tolist() == expected


def test_classes_that_are_not_polarities_are_refused_by_name() -> None:
    with pytest.raises(ModelFilesError, match=r"sports, politics.*expected polarities"):
        label_map({0: "sports", 1: "politics"})


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelFilesError, match="can't be loaded"):
        open_sentiment(str(tmp_path / "empty"), cache_folder=tmp_path)


def test_an_unknown_backend_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="expected auto, onnx or torch"):
        open_sentiment(backend="gpu", cache_folder=tmp_path)


def test_softmax_of_large_logits_is_finite() -> None:
    assert np.allclose(softmax(np.array([[1e4, 0, -1e4]], dtype=np.float32)), [[1, 0, 0]])
