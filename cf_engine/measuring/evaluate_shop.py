"""How well recommendations work on a shop's own log: every model over every split, as a table and a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cf_engine.base import HistoryModel, Progress, no_progress
from cf_engine.build import CFSettings, fit_recipe
from cf_engine.events import Event
from cf_engine.interactions import Interactions
from cf_engine.log.event_columns import EventColumns
from cf_engine.log.shop_data import ItemVectors, ShopData, read_shop
from cf_engine.measuring.evaluation import Estimate, ModelResult, PairedTest, evaluate, paired_test
from cf_engine.measuring.splits import LEAVE_ONE_OUT, Split, leave_one_out, time_folds
from cf_engine.measuring.star_errors import ratings_of, star_errors

MAIN = "ensemble"


@dataclass(frozen=True)
class EvaluationReport:
    """What was measured, by split and model; ``html`` and ``json`` name the files written.

    ``stars``: root mean squared errors in stars (`star_errors.star_errors`), empty where few shoppers rate.
    """

    splits: dict[str, dict[str, ModelResult]]
    tests: dict[str, tuple[PairedTest, ...]]
    stars: dict[str, Estimate]
    html: str
    json: str

    def table(self, metric: str = "ndcg@10") -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Header and rows: model by split, mean with interval; for a terminal."""
        models = dict.fromkeys(name for results in self.splits.values() for name in results)
        rows = [
            (name, *(_cell(results.get(name), metric) for results in self.splits.values())) for name in models
        ]
        return ("model", *self.splits), rows

    def to_dict(self) -> dict[str, Any]:
        return {
            "splits": {
                split: {name: result.summary() for name, result in results.items()}
                for split, results in self.splits.items()
            },
            "tests": {split: [asdict(test) for test in tests] for split, tests in self.tests.items()},
            "stars_rmse": {name: asdict(estimate) for name, estimate in self.stars.items()},
        }


def evaluate_report(
    events: Iterable[Event],
    out_folder: Path,
    *,
    item_vectors: ItemVectors,
    categories: Mapping[str, str],
    folds: int = 1,
    settings: CFSettings | None = None,
    progress: Progress = no_progress,
) -> EvaluationReport:
    """Trains the recipe anew for each split and measures it beside each of its members alone.

    Splits: ``folds`` consecutive time windows at the end of the log (training on all before each), and leave
    one out. Where shoppers rate, stars are foretold too. Writes `evaluation.html` and `evaluation.json`.
    Costs about ``folds`` + 1 builds.

    Raises:
        ValueError: too few events to hold any out.
    """
    options = settings or CFSettings()
    columns = EventColumns()
    data = read_shop(
        columns.watch(events), item_vectors, categories, weights=options.weights, progress=progress
    )
    results: dict[str, dict[str, ModelResult]] = {}
    tests: dict[str, tuple[PairedTest, ...]] = {}
    for split in _splits(data.interactions, folds, options):
        found = evaluate_split(data, split, options, progress)
        results[split.name] = found
        tests[split.name] = tuple(
            paired_test(found[MAIN], other) for name, other in found.items() if name != MAIN
        )
    if not results:
        raise ValueError(
            f"{len(data.interactions)} events are too few to hold any out: "
            f"an evaluation needs {options.least_test_users} shoppers with two items each"
        )
    report = EvaluationReport(
        results,
        tests,
        star_errors(ratings_of(columns), seed=options.seed, progress=progress),
        str(out_folder / "evaluation.html"),
        str(out_folder / "evaluation.json"),
    )
    _write(report)
    return report


def evaluate_split(
    data: ShopData, split: Split, settings: CFSettings, progress: Progress = no_progress
) -> dict[str, ModelResult]:
    """The recipe fitted on the split's training part: the ensemble and each member alone."""
    by_time = split.name != LEAVE_ONE_OUT  # weights are picked the way they will be measured
    model = fit_recipe(data, split.train, settings, progress, by_time=by_time).model
    models: dict[str, HistoryModel] = {MAIN: model, **model.members}
    return evaluate(models, split, vectors=data.vectors, seed=settings.seed, progress=progress)


def _splits(interactions: Interactions, folds: int, settings: CFSettings) -> Iterator[Split]:
    candidates = (
        [*time_folds(interactions, folds, test_share=settings.test_share)] if len(interactions) else []
    )
    for split in (*candidates, leave_one_out(interactions)):
        if len(split) >= settings.least_test_users and len(split.train):
            yield split.sample(settings.max_test_users, settings.seed)


def _write(report: EvaluationReport) -> None:
    from cf_engine.measuring.reports import evaluation_page

    page = evaluation_page(
        "How well the shop's recommendations work", report.splits, report.tests, report.stars
    )
    page.write(Path(report.html))
    Path(report.json).write_text(json.dumps(report.to_dict(), indent=1), encoding="utf-8")


def _cell(result: ModelResult | None, metric: str) -> str:
    if result is None:
        return "-"
    estimate = result.accuracy[metric]
    return f"{estimate.mean:.4f} [{estimate.low:.4f}, {estimate.high:.4f}]"
