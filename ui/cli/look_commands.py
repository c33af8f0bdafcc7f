"""`aisle search`, `aisle reviews`: looking into a shop without talking to it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from ui.cli.app import ShopFolder, app, out, say


@app.command()
def search(
    shop: ShopFolder,
    query: Annotated[str, typer.Argument(help="what to look for")],
    filter: Annotated[
        str, typer.Option("--filter", "-f", help='what must hold, e.g. "price<=50 and brand!=Nike"')
    ] = "",
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="how many products")] = 10,
    explain: Annotated[bool, typer.Option("--explain", help="show each product's scores by source")] = False,
) -> None:
    """Search SHOP's products."""
    from agent import operations
    from agent.money import price_range

    result = operations.search(shop, query, filter_text=filter, k=k)
    sources = sorted({source for hit in result.hits for source in hit.scores}) if explain else []
    table = Table("#", "id", "title", "price", "score", *sources)
    for number, (hit, product) in enumerate(zip(result.hits, result.products, strict=True), start=1):
        scores = [f"{hit.scores[source]:.3f}" if source in hit.scores else "" for source in sources]
        price = price_range(product.price, product.price_max, product.currency)
        table.add_row(str(number), Text(hit.item_id), Text(product.title), price, f"{hit.score:.3f}", *scores)
    out.print(table)
    for notice in result.notices:
        say(notice)


@app.command()
def reviews(
    shop: ShopFolder,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="the product's id")],
    question: Annotated[str, typer.Option("--about", help="what to ask the buyers about")] = "",
) -> None:
    """Tell what the buyers of ITEM say, counted and quoted."""
    from agent import operations

    for line in operations.what_buyers_say(shop, item, question):
        say(line)
