"""Tuning: finds what is better, keeps only that, goes on where it stopped, ends in time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from cf_engine import tuning
from cf_engine.base import FloatArray, History, HistoryModel, Progress, no_progress
from cf_engine.build import CFSettings
from cf_engine.interactions import Interactions
from cf_engine.joining.recipe import Member
from cf_engine.tuning import TuningResult, read_tuned, tune
from tests.cf_engine.shops import CATEGORIES, PER_TASTE, text_vectors, two_tastes

_SEARCHED = tuning.search_members


class Dial(HistoryModel):
    """Right about what comes next in the two-taste shop in as far as its dial stands near 0.7."""

    name = "dial"

    def __init__(self, dial: float = 0.0, decay: float = 1.0) -> None:
        self.dial = dial

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        progress("fit", 0, 1)
        self.n_items = interactions.n_items
        self.ids = interactions.items
        return self

    def score_batch(self, histories: Sequence[History]) -> FloatArray:
        rng = np.random.default_rng(0)
        scores = rng.random((len(histories), self.n_items), dtype=np.float32) * abs(self.dial - 0.7) * 4
        for row, history in enumerate(histories):
            taste, number = self.ids.ids[history[-1]].split("-")
            following = self.ids.number(f"{taste}-{(int(number) + 1) % PER_TASTE}")
            scores[row, following] += 1
        return scores

    def _state(self) -> Any:
        raise NotImplementedError

    @classmethod
    def _restore(cls, settings: Any, arrays: Any) -> Dial:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def _one_dial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "search_members", lambda *_: {"dial": Member(Dial, {"dial": (0.0, 1.0)})})


def run(folder: Path, minutes: float = 1, shoppers: int = 100, **more: Any) -> TuningResult:
    vectors, more = text_vectors(), {"trials": 12, **more}
    return tune(
        two_tastes(shoppers), folder, item_vectors=vectors, categories=CATEGORIES, minutes=minutes, **more
    )


def test_better_settings_are_found_and_kept(tmp_path: Path) -> None:
    result = run(tmp_path)
    (dial,) = result.models
    assert dial.best > dial.default * 1.05
    assert dial.settings["dial"] == pytest.approx(0.7, abs=0.2)
    assert read_tuned(Path(result.file)) == result.settings() == {"dial": dial.settings}


def test_a_second_run_goes_on_where_the_first_stopped(tmp_path: Path) -> None:
    first, second = run(tmp_path).models[0], run(tmp_path).models[0]
    assert second.trials > first.trials > 0
    assert second.best >= first.best
    assert second.default == first.default


def test_the_minutes_are_kept_to(tmp_path: Path) -> None:
    run(tmp_path, trials=1)
    started = time.monotonic()
    run(tmp_path, minutes=0.03, trials=None)
    assert time.monotonic() - started < 0.03 * 60 + 3


def test_a_trial_under_way_is_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(Dial):
        def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
            for epoch in range(1000 if self.dial else 0):
                time.sleep(0.01)
                progress("epochs", epoch, 1000)
            return super().fit(interactions)

    monkeypatch.setattr(tuning, "search_members", lambda *_: {"slow": Member(Slow, {"dial": (0.1, 1.0)})})
    started = time.monotonic()
    (slow,) = run(tmp_path, minutes=0.04).models
    assert time.monotonic() - started < 0.04 * 60 + 5
    assert (slow.trials, slow.settings, slow.kept) == (0, {}, False)


def test_settings_that_gain_nothing_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    member = Member(lambda **_: Dial(0.7), {"dial": (0.0, 1.0)})
    monkeypatch.setattr(tuning, "search_members", lambda *_: {"dial": member})
    result = run(tmp_path)
    assert result.models[0].trials > 0
    assert result.settings() == read_tuned(Path(result.file)) == {}


def test_the_newest_slice_is_never_tuned_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []

    class Watching(Dial):
        def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
            seen.append(float(interactions.time.max()))
            return super().fit(interactions, progress=progress)

    monkeypatch.setattr(tuning, "search_members", lambda *_: {"dial": Member(Watching, {"dial": (0.0, 1.0)})})
    run(tmp_path, trials=1)
    times = sorted(event.time.timestamp() for event in two_tastes(100))
    assert max(seen) < times[round(0.82 * len(times))]


def test_no_file_no_settings(tmp_path: Path) -> None:
    assert read_tuned(None) == read_tuned(tmp_path / "tuning.json") == {}


def test_what_cannot_be_tuned_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="minutes must be above 0"):
        run(tmp_path, minutes=0)
    with pytest.raises(ValueError, match="too few to tune on"):
        run(tmp_path, shoppers=3)


def test_the_share_of_minutes_adds_up() -> None:
    names = ["item_item", "ridge", "sasrec"]
    left = [tuning._share_after(n, names) for n in range(3)]
    assert left == [0.75, 0.5, 0.0]
    assert tuning._share_after(0, ["item_item", "ridge"]) == 0.5


def test_every_model_of_a_quick_build_takes_what_is_suggested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "search_members", _SEARCHED)
    result = run(tmp_path, trials=1, settings=CFSettings(effort="quick"))
    assert {model.model for model in result.models} == {"popularity", "item_item", "ridge"}
    assert all(model.trials == 1 for model in result.models)
