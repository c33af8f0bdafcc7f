"""Products without events are recommended where their nearest text is."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cf_engine.build import build_cf
from cf_engine.interactions import Interactions
from cf_engine.models.content import Content
from cf_engine.models.newcomers import Newcomers
from cf_engine.serving import CFEngine, HistoryItem
from tests.cf_engine.shops import CATEGORIES, text_vectors, two_tastes

TEXTS = np.array([[1, 0, 0], [0, 1, 0], [0.1, 1, 0], [0, 0, 1]], np.float32)


def test_a_newcomer_is_like_the_known_item_with_the_nearest_text() -> None:
    data = Interactions.from_sequences([[0, 1], [1, 0]], 4)
    found = Newcomers.find(data, Content(TEXTS).fit(data))
    assert (found.items.tolist(), found.like.tolist()) == ([2], [1])  # 3 is like none


def test_it_stands_just_behind_that_item() -> None:
    scores = np.array([[0.0, 5.0, -9.0, 1.0]], np.float32)
    Newcomers(np.array([2]), np.array([1])).place(scores)
    assert np.argsort(-scores[0]).tolist() == [1, 2, 3, 0]


def test_where_all_are_known_nothing_moves() -> None:
    data = Interactions.from_sequences([[0, 1, 2, 3]], 4)
    found = Newcomers.find(data, Content(TEXTS).fit(data))
    assert found.arrays() == {}
    assert len(Newcomers.from_arrays({}).items) == 0


def test_a_built_shop_recommends_a_product_that_nobody_has_met(tmp_path: Path) -> None:
    vectors = text_vectors()
    vectors["tea-new"] = vectors["tea-3"]
    categories = {**CATEGORIES, "tea-new": "tea"}
    build_cf(two_tastes(), tmp_path, item_vectors=vectors, categories=categories)
    engine = CFEngine.open(tmp_path)
    shown = [one.item_id for one in engine.recommend([HistoryItem("tea-1"), HistoryItem("tea-2")], 10)]
    assert shown.index("tea-new") == shown.index("tea-3") + 1
    assert engine.why([HistoryItem("tea-2")], "tea-new")
