"""What an owner asks of the models: reports, evaluation, tuning, refreshing, and retraining on clicks."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import AisleError
from agent.operations.build import BuildSummary
from agent.operations.build import build as build_shop
from agent.operations.commands import plainly, ready_shop
from agent.operations.stages import Progress, silent
from agent.settings import Settings
from agent.shop import REPORTS, RERANKER, TUNING, Shop

if TYPE_CHECKING:
    from cf_engine.measuring.data_report import DataReport
    from cf_engine.measuring.evaluate_shop import EvaluationReport
    from cf_engine.tuning import TuningResult
    from retrieval.training.reranker import ClickJudgment

_CLICKS = ("query", "shown", "clicked")
_TAKEN = frozenset({"click", "like", "cart", "purchase"})


def data_report(folder: Path, *, progress: Progress = silent, settings: Settings | None = None) -> DataReport:
    """Describe the shop's events and say which models suit; writes `reports/data.html`."""
    from cf_engine.measuring.data_report import data_report as report

    shop = Shop.open(folder, settings)
    items = [product.item_id for product in shop.catalog.products()]
    return report(shop.events.events(), items, _made(folder / REPORTS), progress=progress)


def evaluate(
    folder: Path, *, folds: int = 1, progress: Progress = silent, settings: Settings | None = None
) -> EvaluationReport:
    """Measure the shop's recommendations on events held out; writes `reports/evaluation.html`.

    Raises:
        AisleError: too few events to hold any out.
    """
    from cf_engine.build import CFSettings
    from cf_engine.measuring.evaluate_shop import evaluate_report

    shop = ready_shop(folder, progress=progress, settings=settings)
    try:
        return evaluate_report(
            shop.events.events(),
            _made(folder / REPORTS),
            item_vectors=shop.item_vectors(shop.search),
            categories=shop.departments(),
            folds=folds,
            settings=CFSettings(effort=shop.settings.effort),
            progress=progress,
        )
    except ValueError as error:
        raise AisleError(str(error)) from error


def tune(
    folder: Path, *, minutes: float, progress: Progress = silent, settings: Settings | None = None
) -> TuningResult:
    """Search the models' settings for about ``minutes``; the next build uses those that gained.

    Raises:
        AisleError: too few events to hold any out, or ``minutes`` not above 0.
    """
    from cf_engine.build import CFSettings
    from cf_engine.tuning import tune as search

    shop = ready_shop(folder, progress=progress, settings=settings)
    try:
        return search(
            shop.events.events(),
            folder / TUNING,
            item_vectors=shop.item_vectors(shop.search),
            categories=shop.departments(),
            minutes=minutes,
            settings=CFSettings(effort=shop.settings.effort),
            progress=progress,
        )
    except ValueError as error:
        raise AisleError(str(error)) from error


def refresh(folder: Path, *, progress: Progress = silent, settings: Settings | None = None) -> BuildSummary:
    """Make a build whose recommender goes on from the last one; it keeps the old one where that is better."""
    with plainly():
        shop = ready_shop(folder, progress=progress, settings=settings)
        return build_shop(shop, refresh=True, progress=progress)


def train_reranker(
    folder: Path,
    clicks: Path | None = None,
    *,
    progress: Progress = silent,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Train the search reranker on what shoppers clicked; kept only where it wins on held-out queries.

    ``clicks`` is a CSV file with the columns query, shown and clicked (item ids parted by spaces); without it
    the shop's own conversations are read, with the likes, carts and purchases that followed.

    Raises:
        AisleError: the file lacks a column, or there are too few searches to learn from.
    """
    from retrieval.training.reranker import TrainingError, gains_from_clicks
    from retrieval.training.reranker import train_reranker as train

    shop = ready_shop(folder, progress=progress, settings=settings)
    judgments = _from_file(clicks) if clicks else _from_conversations(shop)
    try:
        return train(shop.search, gains_from_clicks(judgments), folder / RERANKER, progress=progress)
    except TrainingError as error:
        raise AisleError(
            f"{error}; searches come from conversations, or from a file with --clicks"
        ) from error


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _from_file(path: Path) -> Iterator[ClickJudgment]:
    from retrieval.training.reranker import ClickJudgment

    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            missing = [name for name in _CLICKS if name not in (rows.fieldnames or ())]
            if missing:
                raise AisleError(
                    f"{path}: got the columns {', '.join(rows.fieldnames or ()) or '(none)'}; expected "
                    f"{', '.join(_CLICKS)}, item ids parted by spaces"
                )
            for row in rows:
                yield ClickJudgment(
                    row["query"], tuple(row["shown"].split()), tuple((row["clicked"] or "").split())
                )
    except (OSError, UnicodeDecodeError) as error:
        raise AisleError(f"{path} cannot be read: {error}") from error


def _from_conversations(shop: Shop) -> Iterator[ClickJudgment]:
    """Each turn that searched, with what its shopper then took of what was shown, in the same session."""
    from agent.storage.turns import TurnStore
    from retrieval.training.reranker import ClickJudgment

    taken: dict[str | None, set[str]] = {}
    for event in shop.events.events():
        if event.kind in _TAKEN and event.session_id:
            taken.setdefault(event.session_id, set()).add(event.item_id)
    for record in TurnStore(shop.engine).all_turns():
        query = record.understanding.get("query", "")
        shown = tuple(card.item_id for card in record.shown)
        if query and shown:
            clicked = taken.get(record.session_id, set())
            yield ClickJudgment(query, shown, tuple(item for item in shown if item in clicked))


def summary_of(report: DataReport) -> list[str]:
    """The data report as lines for a terminal."""
    numbers = report.to_dict()
    return [
        f"{numbers['events']:,} events of {numbers['users']:,} shoppers on {numbers['items']:,} products "
        f"(of {numbers['catalog_items']:,} in the catalogue), density {numbers['density']:.3%}",
        f"from {numbers['first']} to {numbers['last']}, {numbers['days']:.0f} days; kinds: "
        + json.dumps(numbers["kinds"]),
        f"products without any event: {numbers['cold_items']:.0%}; shoppers with one event: "
        f"{numbers['one_event_users']:.0%}; repeats: {numbers['repeat_rate']:.0%}; "
        f"duplicates: {numbers['duplicates']:,}; suspicious shoppers: {len(report.suspicious)}",
        *report.advice,
        f"report: {report.html}",
    ]
