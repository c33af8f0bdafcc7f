"""Searching the models' settings for one shop with Optuna: over time folds, resumable, bounded by minutes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from cf_engine.base import HistoryModel, IntArray, Progress, no_progress
from cf_engine.build import CFSettings
from cf_engine.events import Event
from cf_engine.joining.recipe import Member, members, quality
from cf_engine.log.shop_data import ItemVectors, ShopData, read_shop
from cf_engine.measuring.splits import Split, leave_one_out, time_folds
from cf_engine.models.popularity import Popularity
from cf_engine.models.sasrec import SASRec

if TYPE_CHECKING:
    import optuna

DATABASE: Final = "tuning.db"
FILE: Final = "tuning.json"
GAIN: Final = 0.01
"""Settings are kept where they beat the defaults by more than this share; less is noise of the folds."""
DECAY: Final = (0.2, 1.0)
NETWORK: Final = {
    "dropout": (0.2, 0.6),
    "lr": (5e-4, 5e-3),
    "smoothing": (0.0, 0.2),
    "weight_decay": (0.0, 0.1),
}
NETWORK_SHARE: Final = 0.5
"""Of the minutes, for the sequence model, whose trials take longest; the others share the rest evenly."""


@dataclass(frozen=True)
class Tuned:
    """One model's search: NDCG@10 over the folds with the defaults and with the best settings found."""

    model: str
    default: float
    best: float
    settings: dict[str, float]
    trials: int

    @property
    def kept(self) -> bool:
        return self.best > self.default * (1 + GAIN)


@dataclass(frozen=True)
class TuningResult:
    """What was found, and the file that `read_tuned` reads for `CFSettings.tuned`."""

    models: tuple[Tuned, ...]
    file: str

    def settings(self) -> dict[str, dict[str, float]]:
        """By model, only those that gained."""
        return {tuned.model: tuned.settings for tuned in self.models if tuned.kept}


def tune(
    events: Iterable[Event],
    out_folder: Path,
    *,
    item_vectors: ItemVectors,
    categories: Mapping[str, str],
    minutes: float,
    folds: int = 2,
    trials: int | None = None,
    settings: CFSettings | None = None,
    progress: Progress = no_progress,
) -> TuningResult:
    """Searches each model's settings for about ``minutes`` (a trial under way is cut short).

    With ``trials``, at most so many a model in this run.

    Every trial is kept in ``out_folder``/tuning.db, so that a run that was stopped, or one more, goes on
    where the last left off. `tuning.json` beside it holds the settings that gained (see `read_tuned`).

    Raises:
        ValueError: ``minutes`` not above 0, or too few events to hold any out.
    """
    if minutes <= 0:
        raise ValueError(f"minutes must be above 0; got {minutes}")
    options = settings or CFSettings()
    data = read_shop(events, item_vectors, categories, weights=options.weights, progress=progress)
    asked = [_Fold(split) for split in validation_folds(data, folds, options)]
    out_folder.mkdir(parents=True, exist_ok=True)
    searched = search_members(data, options)
    deadline = time.monotonic() + 60 * minutes
    found = []
    for done, (name, member) in enumerate(searched.items()):
        until = deadline - 60 * minutes * _share_after(done, list(searched))
        progress(f"tune {name}", done, len(searched))
        study = _Study(name, member, asked, out_folder, options.seed)
        found.append(study.search(until, trials, progress))
    result = TuningResult(tuple(found), str(out_folder / FILE))
    _write(result, out_folder)
    progress("tune", len(searched), len(searched))
    return result


def validation_folds(data: ShopData, folds: int, settings: CFSettings) -> list[Split]:
    """Time windows before the newest slice, which is left to measure builds; else one item a shopper."""
    known = data.interactions
    if len(known):
        newest = next(iter(time_folds(known, 1, test_share=settings.test_share))).train
        splits = [split.sample(3_000, settings.seed) for split in time_folds(newest, folds) if len(newest)]
        usable = [split for split in splits if len(split) >= settings.least_test_users and len(split.train)]
        if usable:
            return usable
    split = leave_one_out(known.without_last(1))
    if len(split) < settings.least_test_users:
        raise ValueError(
            f"{len(known)} events are too few to tune on: {settings.least_test_users} shoppers with three "
            "items each are needed; the defaults serve until then"
        )
    return [split]


def search_members(data: ShopData, settings: CFSettings) -> dict[str, Member]:
    """The models of this effort that have settings to search, the quickest first."""
    recipe = members(data.interactions, data.vectors, data.category, settings.effort, settings.seed)
    chosen = {name: member for name, member in recipe.items() if member.grid or name == SASRec.name}
    return dict(sorted(chosen.items(), key=lambda pair: pair[0] == SASRec.name))


def read_tuned(file: Path | None) -> dict[str, dict[str, float]]:
    """The settings by model that `tune` kept; none when there is no such file."""
    if file is None or not file.is_file():
        return {}
    found = json.loads(file.read_text(encoding="utf-8"))["models"]
    return {tuned["model"]: tuned["settings"] for tuned in found if tuned["kept"]}


class _Fold:
    """One split as single questions, a history and a target each."""

    def __init__(self, split: Split) -> None:
        rows = [n for n, history in enumerate(split.histories) if len(history)]
        self.train = split.train
        self.histories: list[IntArray] = [split.histories[n] for n in rows]
        self.targets = np.array([split.targets[n][0] for n in rows], dtype=np.int64)


class _Study:
    """The search of one model, kept in the database of its folder."""

    def __init__(self, name: str, member: Member, folds: Sequence[_Fold], folder: Path, seed: int) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._name, self._member, self._folds = name, member, folds
        self._study = optuna.create_study(
            study_name=name,
            storage=f"sqlite:///{folder / DATABASE}",
            load_if_exists=True,
            direction="maximize",
        )
        # A run that goes on must not draw the first run's random settings again.
        drawn = seed + len(self._study.trials)
        self._study.sampler = optuna.samplers.TPESampler(
            seed=drawn, multivariate=True, warn_independent_sampling=False
        )

    def search(self, until: float, trials: int | None, progress: Progress) -> Tuned:
        default = self._default(progress)

        def objective(trial: optuna.Trial) -> float:
            chosen = _suggest(trial, self._name, self._member)
            return _mean_quality(self._member.make, chosen, self._folds, _until(until, progress))

        left = until - time.monotonic()
        if left > 0:
            self._study.optimize(objective, n_trials=trials, timeout=left)
        finished = [trial for trial in self._study.trials if trial.value is not None]
        if not finished:
            return Tuned(self._name, default, default, {}, 0)
        best = max(finished, key=lambda trial: trial.value or 0.0)
        return Tuned(self._name, default, float(best.value or 0.0), dict(best.params), len(finished))

    def _default(self, progress: Progress) -> float:
        """What the defaults reach on these folds; measured once."""
        known = self._study.user_attrs.get("default")
        if known is None:
            known = _mean_quality(self._member.make, {}, self._folds, progress)
            self._study.set_user_attr("default", known)
        return float(known)


def _suggest(trial: optuna.Trial, name: str, member: Member) -> dict[str, float]:
    """Each setting between the ends of its grid, on a logarithmic scale where that is wide."""
    if name == SASRec.name:
        return {key: trial.suggest_float(key, *ends, log=key == "lr") for key, ends in NETWORK.items()}
    chosen = {}
    for key, values in member.grid.items():
        low, high = min(values), max(values)
        chosen[key] = trial.suggest_float(key, low, high, log=low > 0 and high / low > 10)
    if name != Popularity.name:  # the one model that reads no history
        chosen["decay"] = trial.suggest_float("decay", *DECAY)
    return chosen


def _mean_quality(
    make: Callable[..., HistoryModel], chosen: Mapping[str, float], folds: Sequence[_Fold], progress: Progress
) -> float:
    reached: list[float] = []
    for fold in folds:
        model = make(**chosen)
        if isinstance(model, SASRec):
            model.watch(fold.histories, fold.targets)
        model.fit(fold.train, progress=progress)
        progress("trial", len(reached), len(folds))
        reached.append(quality(model, fold.histories, fold.targets))
    return float(np.mean(reached))


def _until(deadline: float, progress: Progress) -> Progress:
    """Cuts a trial short when the time is over: every model reports progress while it trains."""

    def checked(stage: str, done: int, total: int | None) -> None:
        if time.monotonic() > deadline:
            import optuna

            raise optuna.TrialPruned
        progress(stage, done, total)

    return checked


def _share_after(position: int, names: Sequence[str]) -> float:
    """The share of the minutes that is left for the models after this one."""
    after = names[position + 1 :]
    network = NETWORK_SHARE if SASRec.name in names and len(names) > 1 else 0.0
    quick = len(names) - (1 if network else 0)
    left_quick = sum(name != SASRec.name for name in after) if network else len(after)
    return (1 - network) * left_quick / max(quick, 1) + (network if SASRec.name in after else 0.0)


def _write(result: TuningResult, folder: Path) -> None:
    rows = [{**asdict(tuned), "kept": tuned.kept} for tuned in result.models]
    temporary = folder / f".{FILE}.tmp"
    temporary.write_text(json.dumps({"models": rows}, indent=1), encoding="utf-8")
    os.replace(temporary, folder / FILE)
