"""Which of several products buyers praise most for what is asked, by their own words."""

from __future__ import annotations

from collections.abc import Sequence

from agent.meaning import Act
from agent.reasons.evidence import quotable, review_evidence, shorten, signal_evidence
from agent.records import Candidate, Evidence
from agent.toolbox.desk import Desk
from agent.toolbox.genuine import asks_if_genuine, tell_genuine
from agent.toolbox.sides import asked_of, asked_sides, sides_of_kind, tally_of
from agent.toolbox.turn import Outcome, Shelf, Turn
from agent.toolbox.wording import fitting
from retrieval.catalog import Product
from retrieval.reviews.answers import WORST, BuyersAnswer
from retrieval.reviews.opinions import Polarity

TOLD = 3
"""Products of which counts are told."""
SHOWN = 5
MOST_READ = 60
"""Products of a kind whose reviews are read, the most fitting first: 1 to 5 ms each."""


def best_by_buyers(desk: Desk, turn: Turn, shelf: Shelf, item_ids: Sequence[str], question: str) -> Outcome:
    """Of products that are pointed at or on the screen: by the low end of each share's interval."""
    products = desk.products(dict.fromkeys(item_ids))
    if not products:
        return Outcome(shelf, "None of these is in this shop any more.")
    shelf = shelf.show([desk.card(product) for product in products], listed=False)
    if asks_if_genuine(turn.text):
        return tell_genuine(desk, shelf, [product.item_id for product in products])
    question, sides = _asked(question, turn, products)
    item_ids = [product.item_id for product in products]
    if sides and (judged := sides_of_kind(desk, item_ids, sides)) is not None:
        said, evidence = judged
        return _told(shelf.add(facts=(said,)), said, evidence)
    rated = _rated(desk, item_ids, question)
    if not rated:
        return _told(shelf, "Nobody mentions it in the reviews of these that I read.")
    said, evidence = _ranked(shelf, rated, question)
    return _told(shelf, said, evidence)


def best_of_kind(desk: Desk, turn: Turn, shelf: Shelf) -> Outcome | None:
    """Of all that is asked for: "which kettle do buyers call quietest". Those they praise most are shown.
    Costs the reading of at most ``MOST_READ`` products' reviews.

    None where buyers are not asked, or nothing fits.
    """
    meant = turn.understanding
    asked = meant.question if meant.act in (Act.ASK, Act.REFINE) else ""
    pool = desk.shop.search.matching(desk.condition(turn)) if asked else ()
    if not pool:
        return None
    ranked = desk.ranked(turn, pool, None)
    read = [candidate.item_id for candidate in ranked[:MOST_READ]]
    question, sides = _asked(asked, turn, ())
    lead = f"{fitting(turn, len(pool), desk.size)}."
    if len(pool) > MOST_READ:
        lead += f" I read the reviews of the {MOST_READ} that rank first."
    shelf = shelf.add(facts=(lead,))
    if sides and (judged := sides_of_kind(desk, read, sides)) is not None:
        said, evidence = judged
        shelf = _put_out(desk, turn, shelf, ranked).add(facts=(said,))
        return _told(shelf, f"{lead} {said}", evidence)
    rated = _rated(desk, read, question)
    place = {answer.item_id: at for at, answer in enumerate(rated)}
    praised = sorted(ranked, key=lambda candidate: place.get(candidate.item_id, len(place)))
    shelf = _put_out(desk, turn, shelf, praised)
    rated = [answer for answer in rated if shelf.handle_of(answer.item_id)]
    if not rated:
        return _told(shelf, f"{lead} Nobody mentions that in the reviews that I read.")
    said, evidence = _ranked(shelf, rated, question)
    return _told(shelf, f"{lead} {said}", evidence)


def _put_out(desk: Desk, turn: Turn, shelf: Shelf, ordered: Sequence[Candidate]) -> Shelf:
    """The first few in the order given; those that are sold out come last."""
    chosen = desk.choose(ordered, SHOWN, desk.condition(turn), variety=None)
    return desk.put_out(shelf, chosen, ordered, desk.wish(turn, ""))


def _asked(question: str, turn: Turn, products: Sequence[Product]) -> tuple[str, tuple[Polarity, ...]]:
    """What the products are told apart by, or the sides that are asked about all of them."""
    if WORST.search(question):
        return question, ()
    left = asked_of(question, turn, products)
    return left, () if left else asked_sides(question)


def _rated(desk: Desk, item_ids: Sequence[str], question: str) -> list[BuyersAnswer]:
    """Those of which any buyer takes a side, the best first."""
    answers = desk.shop.reviews.compare_buyers(item_ids, question)
    return [answer for answer in answers if answer.mentioned and answer.positive + answer.negative]


def _ranked(shelf: Shelf, rated: Sequence[BuyersAnswer], question: str) -> tuple[str, list[Evidence]]:
    """Counts of the first few, and one sentence of the first one's buyers."""
    evidence, parts = [], []
    for answer in rated[:TOLD]:
        tally = tally_of(answer)
        parts.append(f"[{shelf.handle_of(answer.item_id)}]: {tally}")
        evidence.append(signal_evidence(answer.item_id, f"buyers {question}", tally, answer.positive))
    best = rated[0]
    if not best.positive and not WORST.search(question):
        return f"No buyer of these praises it. {'; '.join(parts)}.", evidence
    said = f"By what buyers write, first comes {parts[0]}"
    said += f". Then {'; '.join(parts[1:])}." if parts[1:] else "."
    if quote := next((q for q in best.quotes if quotable(q.text)), None):
        evidence.append(review_evidence(best.item_id, quote.review_id, quote.text))
        said += f" One of [{shelf.handle_of(best.item_id)}] wrote: “{shorten(quote.text)}”"
    return said, evidence


def _told(shelf: Shelf, said: str, evidence: Sequence[Evidence] = ()) -> Outcome:
    facts = () if evidence else (said,)
    return Outcome(shelf.add(said=said, evidence=evidence, facts=facts), said)
