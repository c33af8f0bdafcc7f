"""What goes with a product: what shoppers took together with it, else what is made for its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.conditions import BRAND, KIND, PRICE, STOCK, TITLE, Prefer, Where
from agent.explanations.evidence import copurchase_evidence, short_title
from agent.records import Candidate, Evidence, Reason
from agent.tools.compile import Compiler
from agent.tools.context import ToolContext, missing
from agent.tools.find import find
from agent.tools.results import Found, Row, row_text
from agent.understanding.language.text import content_words
from agent.wording import say
from retrieval.filters import And, Category, Filter, Not, Words
from retrieval.records import Product

MOST = 10
MOST_WORDS = 4
"""Of a product's name that its supplies are looked for by."""
_VERBS = ("purchase", "like")
"""What shoppers did to be said to have taken things together; else they took them."""


class Companions(Found):
    """Products that go with one; ``together``: by what shoppers took with it, else by being made for its
    kind.
    """

    handle: str = ""
    together: bool = False
    problem: str = ""

    def text(self) -> str:
        if self.problem:
            return self.problem
        if not self.rows:
            return f"Nothing is known to go with [{self.handle}]."
        how = (
            "Shoppers took these together with"
            if self.together
            else "Made for the kind of product that it is:"
        )
        lines = [f"{how} [{self.handle}]:", *(row_text(row) for row in self.rows)]
        return "\n".join(lines)


def goes_with(context: ToolContext, handle: str, query: str = "", limit: int = 5) -> Companions:
    """What goes with a product: taken together with it by others, else accessories of its kind.

    handle: of the product. query: what sort of thing, where one is named. limit: at most 10.
    """
    desk, shelf = context.desk, context.shelf
    item_id = shelf.item(handle)
    product = desk.shop.product(item_id) if item_id else None
    if product is None:
        return Companions(handle=handle, problem=missing(context, handle))
    handle, limit = shelf.handle(product.item_id), max(1, min(limit, MOST))
    wanted = (
        set(desk.shop.search.matching(desk.shop.search.kinds.filter_of(query) or And()))
        if query.strip()
        else None
    )
    rows = (
        [] if wanted is not None and len(wanted) == desk.size else _together(context, product, limit, wanted)
    )
    if rows:
        for row in rows:
            shelf.back(row.evidence)
        return Companions(rows=tuple(rows), total=len(rows), handle=handle, together=True)
    kind = (product.category[-1] if product.category else short_title(product.title)).lower()
    of_kind = [Where(field=KIND, value=query)] if wanted and len(wanted) < desk.size else []
    found = find(
        replace(context, said=_holding(context)),
        query=f"{query} {short_title(product.title)}" if of_kind else f"{query} for {kind}".strip(),
        where=of_kind,
        prefer=_named_alike(context, product, wanted or set()) if of_kind else (),
        limit=MOST,
    )
    aside = And() if of_kind else _made_for(product, kind)
    kept = [
        row
        for row in found.rows
        if row.item_id != product.item_id and desk.fits(aside, _product(context, row))
    ]
    return Companions(rows=tuple(_varied(kept)[:limit]), total=len(kept), handle=handle)


def _made_for(product: Product, kind: str) -> Filter:
    """What is of another category and speaks of the kind of a product: strings, for an acoustic guitar."""
    spoken = Words(kind.split()[-1])
    return And((spoken, Not(Category((product.category[-1],))))) if product.category else spoken


def _varied(rows: Sequence[Row]) -> list[Row]:
    """The first of each category before the others."""
    firsts = {row.card.category: row for row in reversed(rows)}
    first = [row for row in rows if firsts[row.card.category] is row]
    return [*first, *(row for row in rows if firsts[row.card.category] is not row)]


def _named_alike(context: ToolContext, product: Product, wanted: set[str]) -> list[Prefer]:
    """The brand of a product and the words of its name that tell its supplies and parts from those of others."""
    titled = context.desk.shop.search.titled
    counts = {word: len(wanted & set(titled(word))) for word in dict.fromkeys(content_words(product.title))}
    telling = sorted((count, word) for word, count in counts.items() if 0 < count <= len(wanted) / 2)[
        :MOST_WORDS
    ]
    brand = [Prefer(field=BRAND, value=product.brand)] if product.brand else []
    return [*brand, *(Prefer(field=TITLE, value=word) for _, word in telling)]


def _product(context: ToolContext, row: Row) -> Product:
    (product,) = context.desk.products([row.item_id])
    return product


def _together(context: ToolContext, product: Product, limit: int, wanted: set[str] | None) -> list[Row]:
    """Those of other categories first; none that is sold out or ruled out."""
    desk, cf = context.desk, context.desk.shop.cf
    holds, verb = _limits(context), cf.co_basis if cf.co_basis in _VERBS else "took"
    across: list[Row] = []
    within: list[Row] = []
    for item_id, count, lift in cf.goes_well_with(product.item_id, 10 * MOST):
        (other, *_) = (*desk.products([item_id]), None)
        if other is None or other.stock == 0 or item_id == product.item_id or not desk.fits(holds, other):
            continue
        if wanted is not None and item_id not in wanted:
            continue
        same = bool(product.category) and other.category == product.category
        (within if same else across).append(_row(context, product, other, count, lift, verb))
    return (across + within)[:limit]


def _holding(context: ToolContext) -> tuple[Where, ...]:
    """Of what was said, what holds for companions too: money, stock, and whatever must not be."""
    return tuple(
        w for w in context.required if (w.is_negative and w.field != KIND) or w.field in (PRICE, STOCK)
    )


def _limits(context: ToolContext) -> Filter:
    compiled = Compiler(context.desk.shop.search, context.desk.schema).compile(_holding(context))
    return And(tuple(c.trusted for c in compiled if c.trusted is not None))


def _row(context: ToolContext, product: Product, other: Product, count: int, lift: float, verb: str) -> Row:
    text = say(f"together.{verb}", count=count, title=short_title(product.title))
    evidence: Evidence = copurchase_evidence(other.item_id, product.item_id, text, count)
    reason = Reason(text=text, kind="shoppers", evidence_ids=(evidence.evidence_id,))
    update = {"handle": context.shelf.handle(other.item_id), "reasons": (reason,)}
    row = Row(card=context.desk.card(other).model_copy(update=update), evidence=(evidence,))
    context.shelf.rows[other.item_id] = row
    scores = {"together": float(count), "lift": round(lift, 3)}
    context.shelf.considered = (
        *context.shelf.considered,
        Candidate(item_id=other.item_id, scores=scores, total=lift),
    )
    return row
