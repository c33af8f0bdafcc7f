"""Training of the aspect model: labelled terms, terms for a teacher, and what is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.aspect_sentiment import open_aspect_sentiment
from retrieval.inference.classifier_weights import LABELS, DeliveredWeights, base_folder
from retrieval.training.aspect_labels import AspectLabel, aspect_examples, split_by_sentence
from retrieval.training.aspect_texts import further_terms, swapped_labels, terms_in, terms_of_reviews
from retrieval.training.aspects import AspectTraining, train_aspect_teacher, train_aspects
from retrieval.training.fine_tuning import FineTuning
from tests.conftest import copy_exported
from tests.retrieval.test_aspect_sentiment import WordSentiment

QUICK = FineTuning(epochs=1)
PLAN = AspectTraining(gold=QUICK, distillation=QUICK, runs=2, hidden=1, swaps=1, rank=2)
LABELLED = [AspectLabel(f"the screen is fine, said shop {n}", "screen", 2) for n in range(10)]


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Twenty labelled terms in a ``.seg`` file."""
    lines = "".join(
        f"the $T$ is {word} and the keyboard weighs {n}\nscreen\n{sign}\n"
        for n in range(10)
        for word, sign in (("good", 1), ("bad", -1))
    )
    (tmp_path / "train.seg").write_text(lines, encoding="utf-8")
    return tmp_path / "train.seg"


@pytest.fixture
def larger(tmp_path: Path) -> Path:
    """A folder with another classifier of polarities, untrained."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        id2label=dict(enumerate(LABELS)),
        label2id={label: place for place, label in enumerate(LABELS)},
    )
    BertForSequenceClassification(config).save_pretrained(tmp_path / "larger")
    AutoTokenizer.from_pretrained(str(base_folder())).save_pretrained(tmp_path / "larger")
    return tmp_path / "larger"


def test_what_may_be_a_term_is_neither_verb_nor_opinion() -> None:
    sentence = "The battery life is great but I hate the really noisy optical disc drive door."

    assert terms_in(sentence) == ["battery life", "disc drive door"]


@given(st.text())
def test_a_term_stands_in_its_sentence(sentence: str) -> None:
    assert all(term and term in sentence for term in terms_in(sentence))


def test_further_terms_are_not_those_that_people_labelled() -> None:
    label = AspectLabel("the screen is fine but the keyboard and the lid are not", "screen", 2)

    assert sorted(term for _, term in further_terms([label], each=5)) == ["keyboard", "lid"]


def test_terms_of_reviews_stop_at_their_limit_and_at_a_common_term() -> None:
    sentences = [f"the phone from shop number {n} works" for n in range(400)]

    assert len(terms_of_reviews(sentences, limit=50)) == 50
    assert sum(term == "phone" for _, term in terms_of_reviews(sentences, limit=10_000)) == 150


def test_swapped_copies_keep_the_term() -> None:
    def encode(texts: Any) -> Any:
        return np.eye(3, dtype=np.float32)[[len(text) % 3 for text in texts]]

    copies = swapped_labels(LABELLED, ["a keyboard that clicks"], encode, each=5)

    assert len(copies) == 50
    assert all(term == "screen" and "screen" in text for text, term in copies)
    assert len({text for text, _ in copies}) > 10


def test_a_term_is_learnt_in_its_clause_too() -> None:
    whole, clause = aspect_examples([AspectLabel("the sound is great but the strap broke", "strap", 0)])

    assert (whole.target, clause.target) == ((1, 0, 0), (1, 0, 0))
    assert "sound" in whole.text
    assert "sound" not in clause.text
    assert clause.weight < whole.weight


def test_terms_of_one_sentence_stay_together() -> None:
    labels = [AspectLabel(f"sentence {n}", term, 1) for n in range(20) for term in ("a", "b")]
    fitting, held = split_by_sentence(labels, 0.1, range(3))

    assert len(held) == 12
    assert not {label.sentence for label in fitting} & {label.sentence for label in held}


def test_training_writes_a_small_difference(labels: Path, tmp_path: Path) -> None:
    report = train_aspects(labels, tmp_path / "aspects", cache_folder=tmp_path, settings=PLAN)

    assert report["examples"] == 20
    assert report["dev"]["examples"] == 4
    assert report["opinions"] == 0
    assert (tmp_path / "aspects.safetensors").stat().st_size < 1_000_000
    assert DeliveredWeights.find("aspects", tmp_path).temperature == report["temperature"]


def test_a_larger_model_becomes_a_teacher_whose_opinions_are_kept(
    labels: Path, larger: Path, minilm_cache: Path, tmp_path: Path
) -> None:
    cache = copy_exported(minilm_cache, tmp_path / "cache")
    told = train_aspect_teacher(labels, larger, tmp_path / "teacher", gold=QUICK, plan=PLAN)
    opened = open_aspect_sentiment(
        str(tmp_path / "teacher"), sentiment=WordSentiment(), cache_folder=tmp_path, backend="torch"
    )
    stages: list[str] = []

    def train() -> dict[str, Any]:
        return train_aspects(
            labels,
            tmp_path / "aspects",
            cache_folder=cache,
            teacher=tmp_path / "teacher",
            settings=replace(PLAN, gold=replace(QUICK, seed=7)),
            progress=lambda stage, done, total: stages.append(stage),
        )

    report = train()
    first, again = len(stages), train()

    assert told["examples"] == 18
    assert opened.predict([("the screen is good", "screen")]).shape == (1, 3)
    assert report["opinions"] > 20
    assert report["dev"]["examples"] == 2  # one part, which the teacher had not seen
    assert len(stages) - first < first  # the stage of the teacher is not run again
    assert again["dev"] == report["dev"]
