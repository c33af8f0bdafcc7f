"""Put products out: what the shopper sees beside the words."""

from __future__ import annotations

from collections.abc import Sequence

from agent.records import Card, Frozen
from agent.tools.compile import Compiler
from agent.tools.context import ToolContext
from retrieval.filters import And


class Shown(Frozen):
    """What is out now, and what was left out for breaking a condition that the shopper stated."""

    cards: tuple[Card, ...] = ()
    refused: tuple[str, ...] = ()
    problem: str = ""

    def text(self) -> str:
        parts = [f"shown: {', '.join(card.handle for card in self.cards)}"] if self.cards else []
        parts += (
            [f"not shown, as the shopper ruled it out: {', '.join(self.refused)}"] if self.refused else []
        )
        return "; ".join([*parts, *([self.problem] if self.problem else [])]) or "nothing is shown"


def show(context: ToolContext, handles: Sequence[str], aside: bool = False) -> Shown:
    """Show products to the shopper. Takes the place of what was shown.

    handles: the products in the order they are shown, e.g. ["P3", "P1"].
    aside: products that the shopper asked about themselves, shown beside the words whatever else they ruled
    out; "the second" still points into the list that was shown before.
    """
    desk, shelf = context.desk, context.shelf
    known = [(handle, item) for handle in dict.fromkeys(handles) if (item := shelf.item(handle))]
    if not known:
        return Shown(
            problem=f"no such handles; there are {', '.join(f'P{n + 1}' for n in range(len(shelf.known)))}"
        )
    compiled = Compiler(desk.shop.search, desk.schema).compile(context.required)
    condition = And(tuple(c.trusted for c in compiled if c.trusted is not None))
    cards, refused = [], []
    for handle, item_id in known:
        product = desk.shop.product(item_id)
        if product is None:
            continue
        row = shelf.rows.get(item_id)
        if row is None and not aside and not desk.fits(condition, product):
            refused.append(handle)
            continue
        if row is not None:
            cards.append(row.card)
            shelf.back(row.evidence)
        else:
            (why,) = desk.explainer.explain([product], desk.no_wish)
            card = desk.card(product)
            update = {"handle": shelf.handle(item_id), "reasons": why.reasons, "drawback": why.drawback}
            cards.append(card.model_copy(update=update))
            shelf.back(why.evidence)
    shelf.put_out(cards, listed=not aside)
    return Shown(cards=tuple(cards), refused=tuple(refused))
