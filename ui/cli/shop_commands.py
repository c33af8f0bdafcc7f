"""`aisle import`, `aisle build`: a shop from its files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ui.cli.app import ShopFolder, app, say
from ui.cli.progress import progress_bars

Format = Literal[
    "auto", "csv", "jsonl", "parquet", "shopify", "woocommerce", "magento", "bigcommerce", "prestashop",
    "etsy", "google", "amazon_listing", "ebay", "amazon",
]  # fmt: skip


@app.command("import")
def import_(
    shop: ShopFolder,
    products: Annotated[
        list[Path] | None, typer.Option(help="file of products, or a pattern ('export_*.csv'); repeatable")
    ] = None,
    reviews: Annotated[Path | None, typer.Option(help="file of reviews")] = None,
    events: Annotated[Path | None, typer.Option(help="file of events: views, carts, ratings")] = None,
    documents: Annotated[Path | None, typer.Option(help="folder of the shop's own documents")] = None,
    format: Annotated[Format, typer.Option(help="what wrote the files")] = "auto",
    map: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN=FIELD", help="read COLUMN as FIELD; repeatable")
    ] = None,
    currency: Annotated[str, typer.Option(help="of prices whose file does not say, e.g. EUR")] = "USD",
    minor_units: Annotated[
        bool, typer.Option("--minor-units", help="whole prices are cents: 4995 is 49.95")
    ] = False,
    id_from: Annotated[
        Literal["", "title", "row"], typer.Option(help="what ids are made from where the table has none")
    ] = "",
    image_base: Annotated[str, typer.Option(help="web address that the files' picture paths are below")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="remove the products that the products files lack")
    ] = False,
) -> None:
    """Read a shop's files into SHOP, keeping every good row and reporting every other one."""
    from agent.operations import commands

    with progress_bars() as progress:
        summary = commands.import_files(
            shop,
            products=products or (),
            reviews=reviews,
            events=events,
            documents=documents,
            format=format,
            mapping=map or [],
            currency=currency,
            minor_units=minor_units,
            id_from=id_from,
            image_base=image_base,
            replace=replace,
            progress=progress,
        )
    for line in summary:
        say(line)
    say(f"next: aisle build {shop}")


@app.command()
def build(
    shop: ShopFolder,
    force: Annotated[bool, typer.Option("--force", help="make everything again")] = False,
) -> None:
    """Make the search index, the recommender and the review signals of SHOP, and switch to them."""
    from agent.operations import commands

    with progress_bars() as progress:
        summary = commands.build(shop, force=force, progress=progress)
    for name, stage in summary.stages.items():
        state = "unchanged" if stage["reused"] else f"{stage['seconds']:.1f} s"
        say(f"{name:10} {state}")
    say(f"build {summary.build_id} is in use, after {summary.seconds:.1f} s")
    say(f"next: aisle serve {shop}")
