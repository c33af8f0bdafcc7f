"""The engine of a build: who gets what, why, how fast, and what a single event changes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from cf_engine.serving import CFEngine, HistoryItem, build_cf
from cf_engine.storage import ModelFileError
from tests.cf_engine.shops import CATEGORIES, ITEMS, START, items_of, text_vectors, two_tastes

ROOT = Path(__file__).resolve().parents[2]
NEW_TEA = "tea-new"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cf")
    vectors = text_vectors([*ITEMS, NEW_TEA])
    build_cf(two_tastes(), made, item_vectors=vectors, categories={**CATEGORIES, NEW_TEA: "tea"})
    return made


@pytest.fixture(scope="module")
def engine(folder: Path) -> CFEngine:
    return CFEngine.open(folder)


def history(*items: str, kind: str = "purchase") -> list[HistoryItem]:
    return [
        HistoryItem(item, kind, START + timedelta(hours=n), event_id=f"e{n}") for n, item in enumerate(items)
    ]


def ids(scored: list) -> list[str]:
    return [one.item_id for one in scored]


def tastes(scored: list) -> list[str]:
    return [one.item_id.split("-")[0] for one in scored]


@pytest.mark.parametrize("taste", ["tea", "bike"])
def test_a_shopper_gets_their_own_taste(engine: CFEngine, taste: str) -> None:
    assert tastes(engine.recommend(history(f"{taste}-1", f"{taste}-2"), 5)) == [taste] * 5


def test_scores_fall_down_the_list(engine: CFEngine) -> None:
    scores = [one.score for one in engine.recommend(history("tea-1"), 10)]
    assert scores == sorted(scores, reverse=True)


def test_what_the_shopper_has_is_left_out_unless_asked_for(engine: CFEngine) -> None:
    mine = history("tea-1", "tea-2")
    assert not {"tea-1", "tea-2"} & set(ids(engine.recommend(mine, 30)))
    assert {"tea-1", "tea-2"} <= set(ids(engine.recommend(mine, 30, exclude_history=False)))


def test_excluded_items_stay_out(engine: CFEngine) -> None:
    first = ids(engine.recommend(history("tea-1"), 3))
    assert not set(first) & set(ids(engine.recommend(history("tea-1"), 30, exclude=first)))


def test_candidates_restrict_the_answer_and_keep_its_order(engine: CFEngine) -> None:
    everything = ids(engine.recommend(history("tea-1"), 30))
    some = [everything[7], everything[2], everything[2], "unheard of"]
    assert ids(engine.recommend(history("tea-1"), 5, candidates=some)) == [everything[2], everything[7]]
    assert engine.recommend(history("tea-1"), 5, candidates=[]) == []


def test_a_stranger_gets_what_is_popular(engine: CFEngine) -> None:
    assert ids(engine.recommend([], 5)) == ids(engine.popular(5))


def test_popular_within_a_category(engine: CFEngine) -> None:
    assert tastes(engine.popular(30, "bike")) == ["bike"] * 10
    assert engine.popular(5, "unheard of") == []


def test_unknown_items_in_a_history_are_ignored(engine: CFEngine) -> None:
    known, mixed = history("tea-1"), [*history("unheard of"), *history("tea-1")]
    assert ids(engine.recommend(known, 5)) == ids(engine.recommend(mixed, 5))
    assert ids(engine.recommend(history("unheard of"), 5)) == ids(engine.recommend([], 5))


def test_one_like_changes_the_next_answer_within_50_ms(engine: CFEngine) -> None:
    before = history("tea-1", "tea-2")
    first = ids(engine.recommend(before, 10))
    liked = HistoryItem("bike-3", "like", START + timedelta(days=1))
    started = time.perf_counter()
    second = ids(engine.recommend([*before, liked], 10))
    assert time.perf_counter() - started < 0.05
    assert second != first
    bikes = [item for item in items_of("bike") if item != "bike-3"]
    assert (engine.score([*before, liked], bikes) > engine.score(before, bikes)).mean() > 0.7


def test_a_dislike_is_no_positive_and_pushes_its_like_down(engine: CFEngine) -> None:
    both = history("tea-1", "bike-1")
    disliked = HistoryItem("bike-2", "dislike", START + timedelta(days=1))
    before, after = (engine.score(mine, items_of("bike")) for mine in (both, [*both, disliked]))
    assert (after <= before).all()
    assert after.mean() < before.mean() - 0.2
    assert engine.score(both, ["tea-5"]) == engine.score([*both, disliked], ["tea-5"])
    assert "bike-2" not in ids(engine.recommend([disliked], 30, exclude_history=False))


def test_few_stars_are_a_dislike_and_many_a_like(engine: CFEngine) -> None:
    bad = [HistoryItem("bike-2", "rating", START, value=1.0)]
    good = [HistoryItem("bike-2", "rating", START, value=5.0)]
    assert tastes(engine.recommend(good, 3)) == ["bike"] * 3
    assert engine.score(bad, items_of("bike")).mean() < engine.score([], items_of("bike")).mean()


def test_the_newest_opinion_of_an_item_holds(engine: CFEngine) -> None:
    bought, regretted = (
        HistoryItem("bike-2", kind, START + timedelta(days=day))
        for kind, day in (("purchase", 1), ("dislike", 2))
    )
    early = HistoryItem("bike-2", "dislike", START)
    assert engine.recommend([early, bought], 5) == engine.recommend([bought], 5)
    assert engine.recommend([bought, regretted], 5) == engine.recommend([regretted], 5)


def test_the_order_in_which_a_history_is_handed_over_does_not_matter(engine: CFEngine) -> None:
    mine = history("tea-1", "bike-2", "tea-5")
    assert engine.recommend(mine, 5) == engine.recommend(mine[::-1], 5)


def test_a_product_nobody_met_is_recommended_by_its_text(engine: CFEngine) -> None:
    assert tastes(engine.similar(NEW_TEA, 5)) == ["tea"] * 5


def test_similar_items_share_the_taste(engine: CFEngine) -> None:
    similar = engine.similar("bike-4", 5)
    assert tastes(similar) == ["bike"] * 5
    assert "bike-4" not in ids(similar)
    assert engine.similar("unheard of", 5) == []


def test_scores_follow_the_items_asked_for(engine: CFEngine) -> None:
    asked = ["bike-5", "unheard of", "tea-5"]
    scores = engine.score(history("tea-4"), asked)
    assert scores.shape == (3,)
    assert scores.dtype == np.float32
    assert scores[2] > scores[1] == 0 > scores[0]
    assert engine.score(history("tea-4"), []).shape == (0,)


def test_why_names_the_events_that_counted(engine: CFEngine) -> None:
    mine = history("bike-1", "tea-3", "bike-7")
    reasons = engine.why(mine, "tea-4")
    assert reasons[0][0] == "e1"
    assert 0 < sum(weight for _, weight in reasons) <= 1 + 1e-6
    assert engine.why([HistoryItem("tea-3")], "tea-4")[0][0] == "tea-3"
    assert engine.why([], "tea-4") == engine.why(mine, "unheard of") == []


def test_what_goes_well_is_counted_from_the_log(engine: CFEngine) -> None:
    bought: dict[str, set[str]] = {}
    for event in two_tastes():
        bought.setdefault(event.item_id, set()).add(event.user_id)
    together = engine.goes_well_with("tea-4", 3)
    assert len(together) == 3
    for other, count, lift in together:
        assert count == len(bought["tea-4"] & bought[other]) == engine.co_count("tea-4", other)
        assert lift == pytest.approx(count * 60 / (len(bought["tea-4"]) * len(bought[other])))
    assert engine.co_basis == "purchase"
    assert engine.co_count("tea-4", "bike-4") == engine.co_count("tea-4", "unheard of") == 0


def test_a_build_opens_and_answers_without_torch(folder: Path) -> None:
    code = (
        "import sys; from cf_engine.serving import CFEngine, HistoryItem\n"
        f"engine, mine = CFEngine.open({str(folder)!r}), [HistoryItem('tea-1')]\n"
        "engine.recommend(mine, 3), engine.why(mine, 'tea-2'), engine.similar('tea-1', 3)\n"
        "print([m for m in ('torch', 'pandas', 'optuna', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_or_foreign_build_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="build again"):
        CFEngine.open(tmp_path)
    (tmp_path / "cf.json").write_text(json.dumps({"version": 99}))
    with pytest.raises(ModelFileError, match="found version 99, expected 1; build again"):
        CFEngine.open(tmp_path)
    (tmp_path / "cf.json").write_text("{")
    with pytest.raises(ModelFileError, match="JSON"):
        CFEngine.open(tmp_path)
