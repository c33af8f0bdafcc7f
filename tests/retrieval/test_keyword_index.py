"""BM25 of titles and of the rest: the formula, weights, and what a missing word does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.keyword_index import BODY_WEIGHT, FieldedKeywordIndex, KeywordIndex

DOCUMENTS = [["copper", "pipe"], ["copper", "copper", "wire", "roll"], ["garden", "hose"], []]


@pytest.fixture
def index(tmp_path: Path) -> KeywordIndex:
    KeywordIndex.build(tmp_path, DOCUMENTS, k1=0.6, b=0.6)
    return KeywordIndex.open(tmp_path)


def test_scores_are_those_of_the_formula(index: KeywordIndex) -> None:
    average = np.mean([len(tokens) for tokens in DOCUMENTS])
    inverse = np.log(1 + (4 - 2 + 0.5) / (2 + 0.5))  # "copper" is in 2 of 4
    expected = [inverse * tf / (tf + 0.6 * (1 - 0.6 + 0.6 * n / average)) for tf, n in ((1, 2), (2, 4))]
    assert index.scores({"copper": 1.0})[:2] == pytest.approx(expected, rel=1e-5)


def test_weights_scale_a_words_part(index: KeywordIndex) -> None:
    assert index.scores({"hose": 0.5}) == pytest.approx(0.5 * index.scores({"hose": 1.0}))


def test_unknown_words_and_no_words_score_nothing(index: KeywordIndex) -> None:
    assert not index.scores({"zebra": 1.0}).any()
    assert not index.scores({}).any()
    assert index.document_frequency("zebra") == 0


def test_the_rest_weighs_less_than_the_title(tmp_path: Path) -> None:
    FieldedKeywordIndex.build(tmp_path, [["mug"], ["cup"]], [["cup"], ["mug"]])
    fielded = FieldedKeywordIndex.open(tmp_path)
    in_title, in_rest = fielded.scores({"mug": 1.0})
    assert in_rest == pytest.approx(BODY_WEIGHT * in_title)


def test_words_that_stand_together_are_counted(tmp_path: Path) -> None:
    FieldedKeywordIndex.build(tmp_path, DOCUMENTS, [[] for _ in DOCUMENTS])
    fielded = FieldedKeywordIndex.open(tmp_path)
    assert fielded.together("copper", ["pipe", "zebra"]) == 1
    assert fielded.together("copper", []) == 0


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_a_shop_without_words_can_be_indexed(tmp_path: Path, documents: list[list[str]]) -> None:
    KeywordIndex.build(tmp_path, documents)
    assert not KeywordIndex.open(tmp_path).scores({"mug": 1.0}).any()


@pytest.mark.parametrize(
    ("code", "rows"),
    [("6l6gc", [0]), ("6l6gcs", [0]), ("kt88", [1]), ("kt8", []), ("kt", []), ("12ax7s", [2])],
)
def test_a_code_stands_in_the_longer_codes_of_its_makers(tmp_path: Path, code: str, rows: list[int]) -> None:
    titles = [["t6l6gcjj", "tube"], ["kt88eh", "tube"], ["12ax7", "tube"]]
    FieldedKeywordIndex.build(tmp_path, titles, [[] for _ in titles])
    assert FieldedKeywordIndex.open(tmp_path).titled([code]).tolist() == rows
