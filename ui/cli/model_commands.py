"""`aisle data-report`, `evaluate`, `tune`, `refresh`, `train-reranker`: the models of a shop."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ui.cli.app import ShopFolder, app, out, say
from ui.cli.progress import progress_bars


@app.command("data-report")
def data_report(shop: ShopFolder) -> None:
    """Describe the events of SHOP, and say which models suit them."""
    from agent.operations import learning

    with progress_bars() as progress:
        report = learning.data_report(shop, progress=progress)
    for line in learning.summary_of(report):
        say(line)


@app.command()
def evaluate(
    shop: ShopFolder,
    folds: Annotated[int, typer.Option(min=1, max=10, help="time windows to measure on")] = 1,
    metric: Annotated[str, typer.Option(help="the metric of the table")] = "ndcg@10",
) -> None:
    """Measure the recommendations of SHOP on events that were held out."""
    from agent.operations import learning

    with progress_bars() as progress:
        report = learning.evaluate(shop, folds=folds, progress=progress)
    header, rows = report.table(metric)
    table = Table(*header, title=metric)
    for row in rows:
        table.add_row(*row)
    out.print(table)
    say(f"report: {report.html}")


@app.command()
def tune(
    shop: ShopFolder,
    minutes: Annotated[float, typer.Option(min=0.1, help="how long to search")] = 10,
) -> None:
    """Search better settings for the models of SHOP; run it again to go on."""
    from agent.operations import learning

    with progress_bars() as progress:
        result = learning.tune(shop, minutes=minutes, progress=progress)
    gained = result.settings()
    for model, found in gained.items():
        say(f"{model}: {found}")
    say(f"next: aisle build {shop}" if gained else "nothing beat the settings in use")


@app.command()
def refresh(shop: ShopFolder) -> None:
    """Learn the new events of SHOP from the last build on; the old recommender stays where it is better."""
    from agent.operations import learning

    with progress_bars() as progress:
        summary = learning.refresh(shop, progress=progress)
    told = summary.stages["cf"]["metrics"].get("refresh", {})
    say(f"recommender: {told.get('reason', 'nothing new to learn')}")
    kept = "" if told.get("accepted", True) else ", with the recommender it had"
    say(f"build {summary.build_id} is in use{kept}, after {summary.seconds:.1f} s")


@app.command("train-reranker")
def train_reranker(
    shop: ShopFolder,
    clicks: Annotated[
        Path | None, typer.Option(help="CSV file of searches: query, shown, clicked; without it, SHOP's own")
    ] = None,
) -> None:
    """Train the search reranker of SHOP on what its shoppers clicked."""
    from agent.operations import learning

    with progress_bars() as progress:
        report = learning.train_reranker(shop, clicks, progress=progress)
    kept = "is in use from now on" if report["kept"] else "did not beat the present ranking and is not used"
    say(f"learnt from {report['queries_trained']} queries; the model {kept}")
    if "ndcg10" in report:
        say(
            f"NDCG@10 on {report['queries_held_out']} held-out queries: {report['ndcg10']:.4f}, "
            f"of the present ranking {report['ndcg10_fused']:.4f}"
        )
