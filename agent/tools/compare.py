"""Compare products: where they differ, in numbers, and which does better in what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.explanations.evidence import signal_evidence
from agent.records import Card, Evidence, Table
from agent.tools.asked import content, unnamed
from agent.tools.compared import Compared, Side
from agent.tools.comparison_table import best_on_the_whole, comparison_rows
from agent.tools.context import ToolContext, missing
from agent.tools.verdict import DIFFERING, verdict_of
from agent.understanding.language.clauses import questions_in
from agent.understanding.language.text import stems
from retrieval.records import Product

MOST_PRODUCTS = 5


def compare(context: ToolContext, handles: Sequence[str], question: str = "") -> Compared:
    """Compare two to five products: what differs, and which does best in what is asked.

    handles: two to five. question: what matters, e.g. "which is quieter".
    """
    desk, shelf = context.desk, context.shelf
    known = dict.fromkeys(item for handle in handles if (item := shelf.item(handle)))
    problem = "; ".join(missing(context, handle) for handle in handles if not shelf.item(handle))
    products = desk.products(list(known)[:MOST_PRODUCTS])
    if len(products) < 2:
        return Compared(problem=problem or "a comparison takes two handles or more")
    cards = [desk.card(p).model_copy(update={"handle": shelf.handle(p.item_id)}) for p in products]
    signals = [desk.shop.reviews.signals(p.item_id) for p in products]
    verdict = _verdicts(context, products, cards, question)
    asked = [one.asked for one in (verdict, *verdict.also)]
    rows, shown = comparison_rows(desk.schema, products, cards, signals, asked)
    best, why = best_on_the_whole(cards, signals)
    table = Table(columns=tuple(card.title for card in cards), rows=tuple(rows))
    differing = tuple(row[0].lower() for row in rows if len(set(row[1:])) > 1)
    told = [
        signal_evidence(card.item_id, f"comparison {n}", fact)
        for card in cards
        if card.handle == best
        for n, fact in enumerate(why)
    ]
    evidence = (*shown, *told, *(e for one in (verdict, *verdict.also) for e in _evidence(one.sides)))
    shelf.back(evidence)
    shelf.table = table
    update = {
        "table": table,
        "differing": differing,
        "best": best,
        "advantages": why,
        "evidence": evidence,
        "problem": problem,
    }
    also = tuple(one.model_copy(update={"table": table}) for one in verdict.also)
    return verdict.model_copy(update=update | {"also": also})


def _evidence(sides: Sequence[Side]) -> list[Evidence]:
    found = [side.fact.evidence for side in sides if side.fact is not None]
    found += [passage.evidence for side in sides for passage in side.passages]
    return found + [e for side in sides if side.opinion is not None for e in side.opinion.evidence]


# --- what is asked ----------------------------------------------------------------------------------------


def _verdicts(
    context: ToolContext, products: Sequence[Product], cards: Sequence[Card], question: str
) -> Compared:
    """Who does better in each thing that is asked; the rest of them in `also`."""
    parts = _asked_parts(context, products, question)
    found = [(part, verdict_of(context, products, cards, part)) for part in parts]
    told = [one for _, one in found if one.by]
    if len(found) < 2 or not told:
        return found[0][1] if len(found) == 1 else verdict_of(context, products, cards, question)
    untold = tuple(part for part, one in found if not one.by)
    distinct = list({one.asked: one for one in reversed(told)}.values())[::-1]
    return distinct[0].model_copy(update={"also": tuple(distinct[1:]), "untold": untold})


_LISTED = re.compile(r"\s*(?:,|&|\+|/|\b(?:and|plus)\b)\s*", re.I)
_BY_PRICE = re.compile(
    r"\b(?:price[ds]?|pricing|costs?|how much(?! (?:does|do) .{1,30} (?:weigh|hold))|set me back)\b", re.I
)
_BY_STARS = re.compile(
    r"\b(?:ratings?|rated?|stars?|reviews?|reviewed|scores?|marks?|thought of|liked?|buyers|customers|feedback)\b",
    re.I,
)


def _asked_parts(context: ToolContext, products: Sequence[Product], question: str) -> list[str]:
    """The parts of a question that ask for something of their own: "price and rating", "which is cheaper, and ..."."""
    parts: list[str] = []
    for clause in questions_in(question):
        pieces = [piece for piece in _LISTED.split(clause) if piece.strip()]
        telling = [p for p in pieces if _BY_PRICE.search(p) or _BY_STARS.search(p) or _ORDERS.search(p)]
        parts += telling if len(telling) > 1 else [clause]
    for product in products:
        parts = [
            part
            for part in parts
            if content(unnamed(context.desk, product, part))
            or _BY_PRICE.search(part)
            or _BY_STARS.search(part)
        ]
    asking = [part for part in parts if _is_asking(context, products, part)]
    return asking or [question]


_ORDERS = re.compile(r"\b(?:[a-z]{3,}(?:er|est)|more|most|less|least|better|best)\b", re.I)
_CHOICE = re.compile(r"\b(?:or|vs\.?|versus|between)\b", re.I)


def _is_asking(context: ToolContext, products: Sequence[Product], part: str) -> bool:
    """Whether a part asks for something, and does not only name what is compared."""
    left = part
    for product in products:
        left = unnamed(context.desk, product, left)
    rest = content(DIFFERING.sub(" ", _CHOICE.sub(" ", left)))
    titles = frozenset(s for product in products for s in stems(product.title))
    return bool(rest - titles) or bool(_BY_PRICE.search(part) or _BY_STARS.search(part))
