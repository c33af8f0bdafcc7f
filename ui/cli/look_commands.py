"""`aisle search`, `aisle reviews`: looking into a shop without talking to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Column, Table
from rich.text import Text

from ui.cli.app import ShopFolder, app, out, say

if TYPE_CHECKING:
    from agent.operations.commands import SearchAnswer


@app.command()
def search(
    shop: ShopFolder,
    query: Annotated[str, typer.Argument(help="what to look for")],
    filter: Annotated[
        str, typer.Option("--filter", "-f", help='what must hold, e.g. "price<=50 and brand!=Nike"')
    ] = "",
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="how many products")] = 10,
    explain: Annotated[bool, typer.Option("--explain", help="show each product's scores by source")] = False,
    json: Annotated[bool, typer.Option("--json", help="print the hits with all their scores")] = False,
) -> None:
    """Search SHOP's products."""
    from agent.money import price_range
    from agent.operations import commands

    result = commands.search(shop, query, filter_text=filter, k=k)
    if json:
        out.print_json(data=_as_json(result))
        return
    # "final" is the score, which has its column already.
    found = {source for hit in result.hits for source in hit.scores} - {"final"}
    sources = sorted(found) if explain else []
    table = Table("#", Column("id", overflow="fold"), "title", "price", "score", *sources)
    for number, (hit, product) in enumerate(zip(result.hits, result.products, strict=True), start=1):
        scores = [f"{hit.scores[source]:.3f}" if source in hit.scores else "" for source in sources]
        price = price_range(product.price, product.price_max, product.currency)
        table.add_row(str(number), Text(hit.item_id), Text(product.title), price, f"{hit.score:.3f}", *scores)
    out.print(table)
    for notice in result.notices:
        say(notice)


def _as_json(result: SearchAnswer) -> dict[str, Any]:
    return {
        "hits": [
            {
                "item_id": hit.item_id,
                "title": product.title,
                "price": product.price,
                "currency": product.currency,
                "score": hit.score,
                "scores": hit.scores,
            }
            for hit, product in zip(result.hits, result.products, strict=True)
        ],
        "notices": list(result.notices),
    }


@app.command()
def reviews(
    shop: ShopFolder,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="the product's id")],
    question: Annotated[str, typer.Option("--about", help="what to ask the buyers about")] = "",
) -> None:
    """Tell what the buyers of ITEM say, counted and quoted."""
    from agent.operations import commands

    for line in commands.what_buyers_say(shop, item, question):
        say(line)
