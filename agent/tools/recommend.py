"""Recommend for this shopper: by what they did here, else by what others take; varied, under every
condition.
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.conditions import Avoid, Where
from agent.recommending.ranking import rank
from agent.records import Candidate
from agent.tools.compile import Compiled, Compiler, filters_of
from agent.tools.context import ToolContext
from agent.tools.facets import facets_of
from agent.tools.find import sure_first
from agent.tools.labels import label
from agent.tools.loosen import loosen
from agent.tools.results import Found, Loosened
from agent.tools.rows import explained_rows
from agent.tools.said import negative, with_said
from retrieval.filters import And, Filter, Items, Not
from retrieval.records import Product

POOL = 100
SHOWN, MOST = 5, 10
VARIETY = 0.6


class Recommended(Found):
    """The answer of `recommend`; ``basis`` tells what it goes by."""

    basis: str = "popular"
    """``history`` of this shopper, ``popular`` with others, ``gift`` (their history is left aside), or
    ``refused`` (they asked not to have their history used)."""


def recommend(
    context: ToolContext,
    query: str = "",
    where: Sequence[Where] = (),
    avoid: Sequence[Avoid] = (),
    limit: int = SHOWN,
) -> Recommended:
    """A varied list for this shopper by what they did here ("anything for me?"). For a named thing use find.

    query: what sort of thing, if any. where: as in find. avoid: as in find. limit: at most 10.
    """
    desk, buyer = context.desk, context.buyer
    wanted, added = with_said(where, [negative(w) for w in avoid], context)
    compiled = Compiler(desk.shop.search, desk.schema).compile(wanted)
    problems = tuple(c.problem for c in compiled if c.problem)
    holding: list[Compiled] = [c for c in compiled if c.filter is not None]
    out = buyer.owned | context.shopper.disliked | context.rejected | context.seen
    apart: tuple[Filter, ...] = (Not(Items(tuple(sorted(out)))),) if out else ()
    loosened: tuple[Loosened, ...] = ()
    if holding and not desk.shop.search.count(And((*filters_of(holding), *apart))):
        holding, loosened = loosen(desk, holding, apart)
    condition = And((*filters_of(holding), *apart))
    applied = tuple(c.where for c in holding)
    ranked: list[Candidate] = []
    chosen: list[tuple[Candidate, Product]] = []
    for group in sure_first(context, condition, holding):
        ranked += _ranked(context, query, group)
        chosen += desk.choose(ranked, max(1, min(limit, MOST)) - len(chosen), group, variety=VARIETY)
        if len(chosen) >= min(limit, MOST):
            break
    rows = explained_rows(context, query, holding, (), None, chosen)
    context.shelf.considered = tuple(ranked)
    context.shelf.loosened = tuple(one.label for one in loosened)
    context.shelf.rows.update((row.item_id, row) for row in rows)
    return Recommended(
        rows=rows,
        total=desk.shop.search.count(condition),
        where=applied,
        labels=tuple(label(w, desk.schema) for w in applied),
        added=added,
        loosened=loosened,
        problems=problems,
        ask=tuple(label(c.where, desk.schema) for c in holding if c.allergen),
        kept_out=() if rows else tuple(label(c.where, desk.schema) for c in holding if c.firm),
        facets=facets_of(desk, condition),
        basis=_basis(context),
    )


def _basis(context: ToolContext) -> str:
    if context.gift:
        return "gift"
    if context.buyer.history:
        return "history"
    return (
        "refused" if context.user_id is not None and not context.shopper.allows("personalise") else "popular"
    )


def _ranked(context: ToolContext, query: str, condition: Filter) -> list[Candidate]:
    """By the shopper's history and the words, best first; what the shop sells best fills up a short list."""
    desk, buyer = context.desk, context.buyer
    search = desk.shop.search
    named = (
        {hit.item_id: hit.score for hit in search.search(query, condition, POOL).hits}
        if query.strip()
        else {}
    )
    candidates = tuple(named) or search.matching(condition)
    scored = desk.shop.cf.recommend(
        buyer.history, POOL, exclude=buyer.owned | buyer.disliked, candidates=candidates
    )
    liked = {item.item_id: item.score for item in scored}
    pool = list(liked) or list(named)
    if len(pool) < SHOWN:
        pool.extend(h.item_id for h in search.search(query, condition, POOL).hits if h.item_id not in liked)
    signals = desk.scorer.signals(
        pool, search=named or liked or None, critique=None, shopper=buyer, price=None, aspects=()
    )
    return rank(signals, desk.scorer.weights)
