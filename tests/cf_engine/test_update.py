"""Refreshing a build: goes on from the last, passes the gate when not worse, else changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from cf_engine import update
from cf_engine.build import build_cf
from cf_engine.events import Event
from cf_engine.interactions import Interactions
from cf_engine.measuring.evaluation import measure
from cf_engine.measuring.splits import leave_one_out
from cf_engine.models.item_item import ItemItem
from cf_engine.serving import CFEngine, HistoryItem
from cf_engine.storage import ModelFileError
from cf_engine.update import Gate, Grown, newest_slice, refresh, refusal
from tests.cf_engine.shops import CATEGORIES, START, items_of, text_vectors, two_tastes

NEW = "tea-new"
NOW_ALSO = {"item_vectors": text_vectors([*CATEGORIES, NEW]), "categories": {**CATEGORIES, NEW: "tea"}}


def later(shoppers: int = 60) -> list[Event]:
    """New shoppers, 300 days on, who walk along the shelves as ever; tea drinkers end with the new tea."""
    events = []
    for shopper in range(shoppers):
        taste = ("tea", "bike")[shopper % 2]
        items = [items_of(taste)[(shopper + step) % 10] for step in range(6)]
        if taste == "tea":
            items[-1] = NEW
        for step, item in enumerate(items):
            time = START + timedelta(days=300 + step, minutes=shopper)
            events.append(Event(user_id=f"new{shopper}", item_id=item, kind="purchase", time=time))
    return sorted(events, key=lambda event: event.time)


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("old")
    build_cf(two_tastes(), made, item_vectors=text_vectors(), categories=CATEGORIES)
    return made


def test_new_events_make_a_better_build_that_knows_the_new_product(previous: Path, tmp_path: Path) -> None:
    result = refresh([*two_tastes(), *later()], previous, tmp_path, **NOW_ALSO)  # type: ignore[arg-type]
    assert result.accepted
    assert "better" in result.reason
    assert result.new_events > 300
    engine = CFEngine.open(tmp_path)
    mine = [
        HistoryItem(item, "purchase", START + timedelta(days=n)) for n, item in enumerate(items_of("tea")[:5])
    ]
    assert NEW in [one.item_id for one in engine.recommend(mine, 3)]


def test_item_numbers_stay_and_new_ones_follow(previous: Path, tmp_path: Path) -> None:
    refresh([*two_tastes(), *later()], previous, tmp_path, **NOW_ALSO)  # type: ignore[arg-type]
    old, new = CFEngine.open(previous).item_ids, CFEngine.open(tmp_path).item_ids
    assert new == (*old, NEW)


def test_the_manifest_keeps_thresholds_and_both_scores(previous: Path, tmp_path: Path) -> None:
    result = refresh(
        [*two_tastes(), *later()],
        previous,
        tmp_path,
        gate=Gate(max_drop=0.01),
        **NOW_ALSO,  # type: ignore[arg-type]
    )
    kept = json.loads((tmp_path / "cf.json").read_text())["metrics"]["refresh"]
    assert kept == json.loads(json.dumps(result.metrics["refresh"]))
    assert kept["gate"]["max_drop"] == 0.01
    assert kept["accepted"]
    assert kept["new"] > kept["old"]


def test_too_little_news_changes_nothing(previous: Path, tmp_path: Path) -> None:
    for events in (two_tastes(), [*two_tastes(), *later()[:5]]):
        result = refresh(events, previous, tmp_path / "new", **NOW_ALSO)  # type: ignore[arg-type]
        assert not result.accepted
        assert "too few to compare on" in result.reason
        assert not (tmp_path / "new").exists()


def test_a_worse_build_is_refused_and_nothing_is_written(
    previous: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> object:
        fit = recipe(*args, **kwargs)  # type: ignore[arg-type]
        item_item = fit.model.members["item_item"]
        assert isinstance(item_item, ItemItem)
        fit.model.weights = {name: float(name == "popularity") for name in fit.model.weights}
        return fit

    recipe = update.fit_recipe
    monkeypatch.setattr(update, "fit_recipe", broken)
    events = [event for event in [*two_tastes(), *later()] if event.item_id != NEW]
    result = refresh(events, previous, tmp_path / "new", item_vectors=text_vectors(), categories=CATEGORIES)
    assert not result.accepted
    assert "the old recommender stays" in result.reason
    assert result.metrics["refresh"]["new"] < result.metrics["refresh"]["old"]
    assert not (tmp_path / "new").exists()


def test_what_is_no_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="build again"):
        refresh(two_tastes(), tmp_path, tmp_path / "new", item_vectors={}, categories=CATEGORIES)


def test_the_slice_is_the_newest_part_of_what_is_new() -> None:
    sequences = [[user % 7, (user + 1) % 7, (user + 2) % 7] for user in range(60)]
    log = Interactions.from_sequences(sequences, 7)  # times 0 to 179, three a user
    split = newest_slice(log, since=59, gate=Gate(test_share=0.5, least_users=5))
    assert split is not None
    assert split.train.time.max() < 120 <= log.time[log.time > 59][60]
    assert newest_slice(log, since=179, gate=Gate()) is None
    assert newest_slice(log, since=170, gate=Gate(least_users=50)) is None


def test_the_gate_looks_at_score_and_coverage() -> None:
    log = Interactions.from_sequences([[n, (n + 1) % 9, (n + 2) % 9] for n in range(9)], 9)
    split = leave_one_out(log)
    targets = np.array([items[0] for items in split.targets])[:, None]
    popularity = np.ones(9, dtype=np.int64)
    right = measure("right", targets, split, popularity)
    half = measure("half", np.where(np.arange(9)[:, None] % 2, targets, -1), split, popularity)
    assert refusal(half, right, Gate()) is None
    assert "ndcg@10 fell" in (refusal(right, half, Gate()) or "")
    assert refusal(right, half, Gate(max_drop=0.9, max_coverage_drop=0.9)) is None
    assert "coverage fell" in (refusal(right, half, Gate(max_drop=0.9, max_coverage_drop=0.2)) or "")
    with pytest.raises(ValueError, match="test_share"):
        Gate(test_share=1.5)


def test_an_old_model_among_new_items_neither_reads_nor_offers_them() -> None:
    old = ItemItem().fit(Interactions.from_sequences([[0, 1, 2], [1, 2, 0], [2, 0, 1]], 3))
    grown = Grown(old, 5)
    lists = grown.recommend_batch([[0, 4], [1]], 5)
    assert not {3, 4} & set(lists.ravel().tolist())
    assert grown.score([0, 4])[:3].tolist() == old.score([0]).tolist()
