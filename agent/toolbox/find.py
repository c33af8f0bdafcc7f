"""Tools that fill the shelf: search, recommend for the shopper, similar products, what goes well with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from agent.language.text import stems
from agent.money import price_range as format_range
from agent.ranking import standardise
from agent.reading.kinds import naming
from agent.reading.query import says_other_things
from agent.reading.soft_wishes import IN_ORDER
from agent.reasons.evidence import counted, short_title
from agent.records import Card, Evidence
from agent.toolbox.bundles import companions, upsell
from agent.toolbox.clarify import pays_to_ask
from agent.toolbox.desk import MAX_SHOWN, Desk
from agent.toolbox.turn import Outcome, Shelf, Turn
from agent.toolbox.wording import PICK, also_shown, echo, fitting, in_order, names, next_step, pick
from retrieval.filters import And, Filter, Items, Not, Price, Words

SHOWN = 5
POOL = 100
NEAREST = 20
"""Hits that a price order is made of where no product has the words."""
MOST_READ = 50
"""Descriptions read to see whether one opens with what is asked for."""


def search(
    desk: Desk,
    turn: Turn,
    shelf: Shelf,
    query: str = "",
    *,
    max_price: float | None = None,
    min_price: float | None = None,
) -> Outcome:
    """Find products for the words, under everything that is in force; a caller can only add conditions."""
    condition = narrowed(desk.condition(turn), max_price, min_price)
    words = _joined(turn.state.query, query)
    excluded = _already(turn)
    within = And((condition, excluded))
    found = desk.shop.search.search(words, within, POOL)
    if len(found.hits) < _wanted(turn):  # few are left: then show each of the near copies, too
        found = desk.shop.search.search(words, within, POOL, fold=False)
    hits = {hit.item_id: hit.score for hit in found.hits if hit.item_id not in turn.shopper.disliked}
    corrected = found.corrected_query
    told = corrected and says_other_things(words, corrected)
    notices = (f"I searched for “{corrected}”.",) if told else ()
    if not hits:
        return _nothing(desk, turn, shelf.add(notices=(*found.notices, *notices)), condition)
    ranked = desk.ranked(turn, tuple(hits), hits if words.strip() else None)
    order = next((p.direction for p in turn.state.preferences if p.key == IN_ORDER), None)
    if order is None:
        chosen = desk.choose(ranked, _wanted(turn), within)
    else:
        everything = not words.strip() or any(c.kind == "category" for c in turn.state.constraints)
        pool = desk.shop.search.matching(within) if everything else _of_the_words(desk, within, words, hits)
        ranked = desk.in_price_order(desk.ranked(turn, pool, None), order)
        chosen = desk.choose(ranked, _wanted(turn), within, variety=None)
    shelf = desk.put_out(
        shelf.add(notices=(*found.notices, *notices)), chosen, ranked, desk.wish(turn, words)
    )
    if _absent(desk, turn, corrected or ""):
        lead = f"Nothing here is called {echo(turn)}"
        return _told(desk, turn, shelf, lead, "The nearest I have is")
    count = desk.shop.search.count(within)
    asks = desk.shop.settings.ask_back and pays_to_ask(turn.state, turn.understanding.act, count)
    opening = PICK if order is None else in_order(shelf.cards, order)
    outcome = _told(desk, turn, shelf, fitting(turn, count, desk.size), opening, asks=asks)
    return replace(outcome, shelf=replace(outcome.shelf, follow="ask_back")) if asks else outcome


def recommend_for_me(desk: Desk, turn: Turn, shelf: Shelf) -> Outcome:
    """What this shopper's own history speaks for, under everything in force; without one, what is popular."""
    condition = And((desk.condition(turn), _already(turn)))
    buyer = desk.buyer(turn)
    candidates = desk.shop.search.matching(condition)
    exclude = buyer.owned | buyer.disliked
    scored = desk.shop.cf.recommend(buyer.history, POOL, exclude=exclude, candidates=candidates)
    pool = [item.item_id for item in scored]
    if len(pool) < SHOWN:  # a build without events knows few products: the shop's best rated fill up
        filler = desk.shop.search.search("", condition, POOL)
        pool.extend(
            hit.item_id for hit in filler.hits if hit.item_id not in pool and hit.item_id not in exclude
        )
    if not pool:
        return _nothing(desk, turn, shelf, condition)
    ranked = desk.ranked(turn, pool, {item.item_id: item.score for item in scored} or None)
    chosen = desk.choose(ranked, _wanted(turn), condition, variety=0.6)
    shelf = desk.put_out(shelf, chosen, ranked, desk.wish(turn, ""))
    if turn.state.gift:
        lead = "For a gift I leave your own history aside; this is what other shoppers take most"
    elif buyer.history:
        lead = "Going by what you did here before"
    elif turn.user_id is not None and not turn.shopper.allows("personalise"):
        lead = "You asked me not to use your history, so this is what is popular here"
    else:
        lead = "I don't know your taste yet, so this is what is popular here"
    return _told(desk, turn, shelf, lead, "I would start with")


def similar(desk: Desk, turn: Turn, shelf: Shelf, item_id: str) -> Outcome:
    """Products like one of them, by what they are and by who takes them, under everything in force."""
    product = desk.shop.catalog.product(item_id)
    if product is None or item_id not in desk.shop.search.table.row_of:
        return Outcome(shelf, "That product is not in this shop any more.")
    condition = And((desk.condition(turn), Not(Items((item_id,))), _already(turn)))
    near = {hit.item_id: hit.score for hit in desk.shop.search.similar(item_id, POOL, condition)}
    if not near:
        return _nothing(desk, turn, shelf, condition)
    alike = {scored.item_id: scored.score for scored in desk.shop.cf.similar(item_id, 2 * POOL)}
    pool = tuple(near)
    by_text = standardise(np.array([near[item] for item in pool], dtype=np.float64))
    by_taste = standardise(np.array([alike.get(item, np.nan) for item in pool], dtype=np.float64))
    likeness = dict(zip(pool, (by_text + 0.5 * by_taste).tolist(), strict=True))
    ranked = desk.ranked(turn, pool, likeness)
    chosen = desk.choose(ranked, _wanted(turn), condition)
    shelf = desk.put_out(shelf, chosen, ranked, desk.wish(turn, turn.state.query))
    count = f"{len(near):,} are like it" if len(near) > 1 else "One is like it"
    return _told(desk, turn, shelf, f"{count}{_conditions(turn)}", "The nearest is")


def goes_well_with(desk: Desk, turn: Turn, shelf: Shelf, item_id: str) -> Outcome:
    """What shoppers took together with a product, from other categories, within the shopper's limits."""
    product = desk.shop.catalog.product(item_id)
    if product is None:
        return Outcome(shelf, "That product is not in this shop any more.")
    found = companions(desk, turn, product, SHOWN)
    if not found:
        said = "I have no record of what goes with that: too few shoppers took something together with it."
        return Outcome(shelf.add(said=said, facts=(said,)), said)
    cards = [companion.card for companion in found]
    evidence = [e for companion in found for e in companion.evidence]
    shelf = replace(shelf, candidates=tuple(companion.candidate for companion in found))
    shelf = shelf.show(cards, listed=True).add(evidence=evidence)
    return _told(desk, turn, shelf, "Shoppers took these together with it", "First comes")


def narrowed(condition: Filter, max_price: float | None, min_price: float | None) -> Filter:
    """Further limits by a caller; they can only make the condition stricter."""
    limits = [limit for limit in (max_price, min_price) if limit is not None and limit > 0]
    if not limits:
        return condition
    low = min_price if min_price and min_price > 0 else None
    high = max_price if max_price and max_price > 0 else None
    return And((condition, Price(min=low, max=high)))


def card_line(card: Card) -> str:
    """One card as a model is told it: handle, title, facts, reasons; nothing it must not say."""
    from agent.guards.input_guard import without_instructions

    parts = [f"[{card.handle}] {without_instructions(short_title(card.title, 80)) or 'product'}"]
    if card.price is not None:
        parts.append(format_range(card.price, card.price_max, card.currency))
    if card.stars is not None:
        parts.append(f"{card.stars} stars, {counted(card.review_count, 'review')}")
    if card.stock == 0:
        parts.append("out of stock")
    parts.extend(without_instructions(reason.text) for reason in card.reasons)
    return "; ".join(part for part in parts if part)


def _told(
    desk: Desk, turn: Turn, shelf: Shelf, lead: str, opening: str = PICK, *, asks: bool = False
) -> Outcome:
    """The cards with their wording: lead, first pick, a fair upsell, the names of the others, and what to do
    next unless a question follows (``asks``)."""
    if not shelf.cards:
        return _nothing(desk, turn, shelf, desk.condition(turn))
    better = upsell(desk, turn, shelf)
    sentences = [f"{lead}.", pick(shelf.cards, opening)]
    evidence: tuple[Evidence, ...] = ()
    if better is not None:
        sentences.append(better.text)
        evidence = better.evidence
    said = " ".join(sentences)
    if unnamed := [card for card in shelf.cards if not names(said, card)]:
        sentences.append(also_shown(unnamed))
    if not asks:
        sentences.append(next_step(turn, shelf.cards))
    shelf = shelf.add(said=" ".join(sentences), facts=(f"{lead}.",), evidence=evidence)
    lines = [f"{lead}:", *map(card_line, shelf.cards), *([better.text] if better else [])]
    return Outcome(shelf, "\n".join(lines))


def _absent(desk: Desk, turn: Turn, corrected: str) -> bool:
    """Whether the thing asked for is called so by nothing in the shop: no title, category, tag or value names
    it, and no description opens with it ("A summer tent with two vents")."""
    phrase = turn.understanding.sought
    head = stems(phrase)[-1:] if phrase else ()
    if not head or head[0] in desk.vocabulary.names:
        return False
    if any(set(head) & set(stems(c.words)) for c in turn.understanding.constraints):
        return False
    if corrected and head[0] not in stems(corrected):  # misspelt: what was meant is here
        return False
    having = desk.shop.search.matching(Words(phrase.split()[-1]))[:MOST_READ]
    return not any(head[0] in naming(product.description.split(".")[0]) for product in desk.products(having))


def _conditions(turn: Turn) -> str:
    labels = [c.label for c in (*turn.state.constraints, *turn.lasting)]
    return f" ({', '.join(labels)})" if labels else ""


def _nothing(desk: Desk, turn: Turn, shelf: Shelf, condition: Filter) -> Outcome:
    labels = _conditions(turn)
    told = f"No product fits{labels}."
    return Outcome(replace(shelf.add(facts=(told,)), follow="ask_back"), f"{told} Call ask_back.")


def _of_the_words(desk: Desk, within: Filter, words: str, hits: dict[str, float]) -> Sequence[str]:
    """The hits to put in order of price: those whose own words name what is sought, else the nearest few."""
    named = set(desk.shop.search.matching(And((within, Words(words.split()[-1])))))
    return [item_id for item_id in hits if item_id in named] or tuple(hits)[:NEAREST]


def _already(turn: Turn) -> Filter:
    """When other products are wanted, those already shown are out."""
    return Not(Items(turn.state.all_shown())) if turn.understanding.more else And()


def _wanted(turn: Turn) -> int:
    return max(1, min(turn.understanding.count or SHOWN, MAX_SHOWN))


def _joined(stated: str, asked: str) -> str:
    """The shopper's words, and what a model's query adds to them."""
    have = set(stated.lower().split())
    added = [word for word in asked.split() if word.lower() not in have]
    return " ".join((stated, *added)).strip()
