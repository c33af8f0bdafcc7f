"""Building from a log: measured on what was held out, from no events up, deterministic, cut off safely."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from cf_engine.base import Progress, no_progress
from cf_engine.build import CFSettings, build_cf
from cf_engine.events import Event
from cf_engine.interactions import Interactions
from cf_engine.joining import recipe
from cf_engine.log.shop_data import once_per_item, read_shop
from cf_engine.serving import CFEngine, HistoryItem
from cf_engine.storage import ModelFileError
from tests.cf_engine.shops import CATEGORIES, ITEMS, START, text_vectors, two_tastes

ROOT = Path(__file__).parents[2]


def test_a_build_says_how_it_does_beside_the_baselines(tmp_path: Path) -> None:
    metrics = build_cf(two_tastes(), tmp_path, item_vectors=text_vectors(), categories=CATEGORIES)
    held_out = metrics["held_out"]
    assert held_out["users"] >= 20
    assert set(held_out["models"]) >= {"ensemble", "popularity", "item_item"}
    ndcg = {name: model["ndcg@10"]["mean"] for name, model in held_out["models"].items()}
    assert ndcg["ensemble"] > ndcg["popularity"]
    assert held_out["against"]["popularity"]["low"] > 0
    assert json.loads(json.dumps(metrics)) == json.loads((tmp_path / "cf.json").read_text())["metrics"]


@pytest.mark.parametrize("n_events", [0, 1, 2, 5, 30])
def test_any_number_of_events_builds_and_serves(tmp_path: Path, n_events: int) -> None:
    build_cf(two_tastes()[:n_events], tmp_path, item_vectors=text_vectors(), categories=CATEGORIES)
    engine = CFEngine.open(tmp_path)
    assert len(engine.recommend([], 5)) == 5
    assert [one.item_id[:3] for one in engine.recommend([HistoryItem("tea-1")], 3)] == ["tea"] * 3


def test_a_shop_without_products_and_events_is_told_to_import(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="import"):
        build_cf([], tmp_path, item_vectors={}, categories={})


def test_vectors_may_come_as_ids_and_a_matrix(tmp_path: Path) -> None:
    vectors = text_vectors()
    pair = (list(vectors), np.stack(list(vectors.values())))
    build_cf([], tmp_path, item_vectors=pair, categories={})
    assert CFEngine.open(tmp_path).similar("tea-1", 1)[0].item_id.startswith("tea")
    with pytest.raises(ValueError, match="one vector an item"):
        build_cf([], tmp_path, item_vectors=(["a"], np.zeros((2, 3))), categories={})


def test_what_the_shop_no_longer_sells_is_learnt_from_but_not_recommended(tmp_path: Path) -> None:
    sold = [item for item in ITEMS if item != "tea-3"]
    build_cf(
        two_tastes(),
        tmp_path,
        item_vectors=text_vectors(sold),
        categories={item: CATEGORIES[item] for item in sold},
    )
    engine = CFEngine.open(tmp_path)
    assert "tea-3" not in [one.item_id for one in engine.recommend([HistoryItem("tea-2")], 50)]
    assert engine.recommend([HistoryItem("tea-3")], 1)[0].item_id.startswith("tea")


def test_a_build_that_was_cut_off_is_no_build(tmp_path: Path) -> None:
    def stop(stage: str, done: int, total: int | None) -> None:
        if stage == "train on everything":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_cf(two_tastes(), tmp_path, item_vectors={}, categories=CATEGORIES, progress=stop)
    with pytest.raises(ModelFileError):
        CFEngine.open(tmp_path)
    build_cf(two_tastes(), tmp_path, item_vectors={}, categories=CATEGORIES)
    assert CFEngine.open(tmp_path).popular(1)


def test_the_same_log_gives_the_same_answers(tmp_path: Path) -> None:
    for name in ("a", "b"):
        build_cf(two_tastes(), tmp_path / name, item_vectors=text_vectors(), categories=CATEGORIES)
    mine = [HistoryItem("tea-1"), HistoryItem("bike-2")]
    assert CFEngine.open(tmp_path / "a").recommend(mine, 9) == CFEngine.open(tmp_path / "b").recommend(
        mine, 9
    )


def test_events_of_one_item_become_one_row_with_the_strongest_weight() -> None:
    def event(kind: str, minute: int) -> Event:
        return Event.model_validate(
            {"user_id": "u", "item_id": "i", "kind": kind, "time": START + timedelta(minutes=minute)}
        )

    merged = once_per_item(
        Interactions.from_events([event("view", 0), event("purchase", 5), event("view", 9)])
    )
    assert len(merged) == 1
    assert merged.time[0] == START.timestamp()
    assert merged.weight[0] == pytest.approx(1.5)


def test_dislikes_are_no_interactions() -> None:
    events = [
        Event(user_id="u", item_id="good", kind="like", time=START),
        Event(user_id="u", item_id="bad", kind="dislike", time=START),
    ]
    data = read_shop(events, {}, {})
    assert data.interactions.items.ids == ("good",)
    assert data.n_events == 2


STOPPED = """
import os, signal, sys
from pathlib import Path
from cf_engine.joining import recipe
from cf_engine.build import CFSettings, build_cf
from tests.cf_engine.shops import CATEGORIES, two_tastes

def kill(stage, done, total):
    if stage == "epochs" and done == 5:
        os.kill(os.getpid(), signal.SIGKILL)

recipe.LEAST_EVENTS_TO_TRAIN = 100
folder = Path(sys.argv[1])
build_cf(
    two_tastes(),
    folder / "build",
    item_vectors={},
    categories=CATEGORIES,
    settings=CFSettings(checkpoints=folder / "training"),
    progress=kill,
)
"""


def test_a_killed_training_goes_on_where_it_was_and_ends_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "LEAST_EVENTS_TO_TRAIN", 100)
    run = subprocess.run([sys.executable, "-c", STOPPED, str(tmp_path)], cwd=ROOT, check=False)
    assert run.returncode == -signal.SIGKILL
    epochs: list[int] = []

    def note(stage: str, done: int, total: int | None) -> None:
        if stage == "epochs":
            epochs.append(done)

    def built(name: str, checkpoints: Path | None, progress: Progress = no_progress) -> CFEngine:
        options = CFSettings(checkpoints=checkpoints)
        build_cf(
            two_tastes(),
            tmp_path / name,
            item_vectors={},
            categories=CATEGORIES,
            settings=options,
            progress=progress,
        )
        return CFEngine.open(tmp_path / name)

    resumed, unbroken = built("build", tmp_path / "training", note), built("unbroken", None)
    assert epochs[0] == 6
    assert epochs.count(1) == 2  # the fits after the one that was killed start anew
    assert not (tmp_path / "training").exists()
    mine = [HistoryItem("tea-1"), HistoryItem("bike-2")]
    ours, theirs = resumed.recommend(mine, 9), unbroken.recommend(mine, 9)
    assert [one.item_id for one in ours] == [one.item_id for one in theirs]
    assert [one.score for one in ours] == pytest.approx([one.score for one in theirs], rel=1e-4)


def test_efforts_say_what_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "LEAST_EVENTS_TO_TRAIN", 1)
    data = read_shop(two_tastes(), text_vectors(), CATEGORIES)
    found = {
        effort: set(recipe.members(data.interactions, data.vectors, data.category, effort, 0))
        for effort in get_args(recipe.Effort)
    }
    assert found["standard"] - found["quick"] == {"factors"}
    assert found["full"] - found["standard"] == {"sasrec"}
