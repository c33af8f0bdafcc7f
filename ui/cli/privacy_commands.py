"""`aisle forget`, `aisle retain`: what is kept of shoppers."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli.app import ShopFolder, app, say
from ui.cli.progress import progress_bars


@app.command()
def forget(
    shop: ShopFolder,
    user: Annotated[str, typer.Option("--user", "-u", help="the shopper's id in the shop's events")],
) -> None:
    """Erase a shopper from SHOP everywhere, and say what was erased and what is left to do."""
    from agent.operations import commands

    with progress_bars() as progress:
        erasure = commands.forget(shop, user, progress=progress)
    for line in erasure.lines():
        say(line)


@app.command()
def retain(
    shop: ShopFolder,
    days: Annotated[
        int | None, typer.Option(min=1, help="instead of AISLE_KEEP_TURNS_DAYS: keep this many days")
    ] = None,
) -> None:
    """Delete the turns and conversations of SHOP that are older than they may be kept; for a daily job."""
    from agent.operations import commands

    gone = commands.retain(shop, days)
    say("deleted: " + ", ".join(f"{number:,} {name}" for name, number in gone.items()))
