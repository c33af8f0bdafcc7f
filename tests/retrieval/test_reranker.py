"""Rerankers keep one contract; a shop's own training is honest about what it found."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from retrieval.ranking.build import head_place
from retrieval.ranking.learned_reranker import LearnedReranker
from retrieval.ranking.relevance import interval, judged_only, ndcg, recall
from retrieval.records import Product
from retrieval.reranker import CrossEncoderReranker, Reranker, RerankerError
from retrieval.search import SearchEngine
from retrieval.search_build import build_search
from retrieval.training.reranker import ClickJudgment, TrainingError, gains_from_clicks, train_reranker
from tests.retrieval.shop_samples import HashingEncoder

COLOURS = ("red", "green", "blue", "black", "white")
THINGS = ("lamp", "mug", "chair", "rug", "vase", "clock", "shelf", "bowl", "tray", "stool")
MATERIALS = ("oak", "steel", "glass", "wool")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    """A shop of 200 things, each once as itself and once as a spare box for it."""
    products = [
        Product(item_id=f"{kind}-{c}-{t}-{m}", title=title)
        for c in COLOURS
        for t in THINGS
        for m in MATERIALS
        for kind, title in (
            ("whole", f"{m} {t} in {c}".title()),
            ("part", f"Replacement Box for {c} {m} {t}".title()),
        )
    ]
    folder = tmp_path_factory.mktemp("reranker")
    build_search(products, folder, encoder=HashingEncoder())
    return SearchEngine.open(folder, encoder=HashingEncoder(), reranker="none")


@pytest.fixture(scope="module")
def wants() -> dict[str, dict[str, float]]:
    """Its shoppers look for the boxes, which no text says."""
    return {
        f"{c} {m} {t}": {f"whole-{c}-{t}-{m}": 0.0, f"part-{c}-{t}-{m}": 1.0}
        for c in COLOURS
        for t in THINGS
        for m in MATERIALS
    }


def test_training_learns_what_shoppers_want_and_reports_held_out_queries(
    engine: SearchEngine, wants: dict[str, dict[str, float]], tmp_path: Path
) -> None:
    stages: set[str] = set()
    report = train_reranker(engine, wants, tmp_path, progress=lambda stage, done, total: stages.add(stage))
    assert report["kept"]
    assert report["ndcg10"] > report["ndcg10_fused"]
    assert report["ndcg10"] == pytest.approx(1.0, abs=0.05)
    assert report["queries_held_out"] + report["queries_trained"] == len(wants)
    assert stages == {"features", "trees"}
    assert json.loads((tmp_path / "reranker.json").read_text())["report"]["ndcg10"] == report["ndcg10"]
    reopened = LearnedReranker.open(engine.features, tmp_path)
    query, candidates = engine.candidates("red oak lamp")
    scores = dict(
        zip((engine.item_ids[row] for row in candidates.rows), reopened.score(query, candidates), strict=True)
    )
    assert scores["part-red-lamp-oak"] > scores["whole-red-lamp-oak"]


def test_training_is_deterministic(
    engine: SearchEngine, wants: dict[str, dict[str, float]], tmp_path: Path
) -> None:
    for name in ("a", "b"):
        train_reranker(engine, wants, tmp_path / name)
    assert (tmp_path / "a" / "reranker.txt").read_text() == (tmp_path / "b" / "reranker.txt").read_text()


def test_a_model_that_is_no_better_is_not_kept(engine: SearchEngine, tmp_path: Path) -> None:
    queries = [f"{c} {m} {t}" for c in COLOURS for t in THINGS for m in MATERIALS][:120]
    fused_order = {
        query: {engine.item_ids[row]: float(len(found.rows) - at) for at, row in enumerate(found.rows[:20])}
        for query in queries
        for found in (engine.candidates(query)[1],)
    }
    report = train_reranker(engine, fused_order, tmp_path)
    assert report["ndcg10_fused"] == pytest.approx(1.0)
    assert not report["kept"]
    assert not list(tmp_path.iterdir())


def test_too_few_judgments_are_refused_with_the_numbers(engine: SearchEngine, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="at least 60 are needed"):
        train_reranker(engine, {"red oak lamp": {"whole-red-lamp-oak": 1.0}}, tmp_path)


def test_clicks_become_click_rates() -> None:
    clicks = [
        ClickJudgment("lamp", ("a", "b"), ("a",)),
        ClickJudgment("lamp", ("a", "b", "c"), ()),
        ClickJudgment("mug", ("d",), ("d",)),
    ]
    assert gains_from_clicks(clicks) == {"lamp": {"a": 0.5, "b": 0.0, "c": 0.0}, "mug": {"d": 1.0}}


class FakeCrossEncoder:
    """Likes long titles; has the interface of sentence-transformers' CrossEncoder."""

    def __init__(self, model: str) -> None:
        if model == "missing":
            raise OSError("no such model")

    def predict(self, pairs: list[tuple[str, str]], show_progress_bar: bool) -> list[float]:
        return [float(len(title)) for _, title in pairs]


@pytest.fixture(params=["learned", "cross-encoder"])
def reranker(
    request: pytest.FixtureRequest, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> Reranker:
    if request.param == "learned":
        return LearnedReranker.open(engine.features)
    monkeypatch.setitem(sys.modules, "sentence_transformers", SimpleNamespace(CrossEncoder=FakeCrossEncoder))
    return CrossEncoderReranker("some-model", [f"title {row}" for row in range(len(engine.item_ids))])


@pytest.mark.parametrize("text", ["red oak lamp", "zzz", "1/2 in.", "the"])
def test_every_reranker_scores_every_candidate(reranker: Reranker, engine: SearchEngine, text: str) -> None:
    query, candidates = engine.candidates(text)
    scores = reranker.score(query, candidates)
    assert scores.shape == candidates.rows.shape
    assert np.isfinite(scores).all()


def test_a_cross_encoder_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", SimpleNamespace(CrossEncoder=FakeCrossEncoder))
    with pytest.raises(RerankerError, match="missing can't be loaded"):
        CrossEncoderReranker("missing", [])


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Delta Vero Shower Head in Chrome", "head"),
        ("3/4 in. x 8 ft. Fluted Casing", "casing"),
        ("Cover for Grill", "cover"),
        ("LED Bulb (12-Pack)", "bulb"),
        ("Lamp", "lamp"),
    ],
)
def test_the_head_noun_of_a_title_is_found(title: str, head: str) -> None:
    from retrieval.text.normalization import words

    tokens = words(title)
    assert tokens[head_place(title, len(tokens))] == head


def test_measures_have_their_textbook_values() -> None:
    gains = {"a": 2.0, "b": 1.0}
    assert ndcg(["a", "b"], gains) == pytest.approx(1.0)
    assert ndcg(["x", "a"], gains) == pytest.approx((2 / np.log2(3)) / (2 + 1 / np.log2(3)))
    assert ndcg(["a"], {"a": 0.0}) == 0.0
    assert judged_only(["x", "a", "y", "b"], gains) == ["a", "b"]
    assert recall(["a", "x"], ["a", "b"], k=2) == 0.5
    low, high = interval([0.0, 1.0] * 200)
    assert low < 0.5 < high
