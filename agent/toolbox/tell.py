"""Tools that answer about what is known: compare, details, what buyers say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.guards.input_guard import without_instructions
from agent.language import acts
from agent.language.measure_questions import Measure, asked_extreme, asked_measure
from agent.language.review_questions import BY_BUYERS
from agent.reasons.evidence import (
    counted,
    field_text,
    quotable,
    review_evidence,
    shorten,
    signal_evidence,
)
from agent.records import Chip, Evidence
from agent.toolbox.by_buyers import best_by_buyers
from agent.toolbox.compare import compare_products
from agent.toolbox.desk import Desk
from agent.toolbox.documents import named_product
from agent.toolbox.fields import answers, fields_of, key_stems, overview, overview_evidence
from agent.toolbox.find import card_line
from agent.toolbox.genuine import asks_if_genuine, tell_genuine
from agent.toolbox.quantities import extreme_of_shown, meant_of_shown, measured_fields
from agent.toolbox.sides import asked_of, asked_sides, tally_of, tell_sides
from agent.toolbox.turn import Outcome, Shelf, Turn
from retrieval.catalog import Product
from retrieval.filters import And, Items, Not

SENSITIVE = re.compile(
    r"\b(?:allerg\w*|safe(?:ty|ly)?|toxic\w*|poison\w*|pregnan\w*|baby|babies|infant|toddler|medic\w*|cure\w*|heal\w*|"
    r"treat(?:s|ment)?|diabet\w*|asthma|eczema|legal\w*|law|certif\w*|flammab\w*|choking|side effects?|"
    r"doctor|"
    r"bpa|carcinogen\w*|hypoallergenic|gluten|nuts?)\b",
    re.IGNORECASE,
)
_WHICH_BEST = re.compile(r"\bwhich\b.*\b(?:best|better|nice[rs]t?|worst|worse)\b", re.IGNORECASE)
""" "Which has the best sound"."""
_BY_REVIEWS = re.compile(r"\b(?:reviews?|reviewed|opinions?)\b", re.IGNORECASE)
_STARS = re.compile(r"\b(?:how many|what) stars\b|\bits? rat(?:ed|ing)\b|\bthe rating\b", re.IGNORECASE)
_HOW_MANY_REVIEWS = re.compile(r"\bhow many (?:\w+ )?(?:reviews|ratings)\b", re.IGNORECASE)
NEAR = 5
COMPARE_IT = "compare it with a similar one"


def compare(desk: Desk, turn: Turn, shelf: Shelf, item_ids: Sequence[str]) -> Outcome:
    """A table of what differs, buyers' opinions, and a recommendation with its reason; asked for the cheapest
    or lightest of those shown, that one alone.
    """
    asked = asked_extreme(turn.text)
    if asked is not None and BY_BUYERS.search(turn.text):
        return best_by_buyers(desk, turn, shelf, meant_of_shown(turn, item_ids), turn.text)
    extreme = extreme_of_shown(desk, turn, shelf, item_ids)
    if extreme is not None:
        return extreme
    if asked is not None and len(turn.state.last_shown()) > 1:
        return _extreme_by_buyers(desk, turn, shelf, asked)
    if _WHICH_BEST.search(turn.text) and (turn.understanding.aspects or _BY_REVIEWS.search(turn.text)):
        return best_by_buyers(desk, turn, shelf, meant_of_shown(turn, item_ids), turn.text)
    products = desk.products(dict.fromkeys(item_ids))
    if len(products) == 1 and acts.COMPARE_ALIKE.search(turn.text):
        products += _nearest(desk, turn, products[0])
    if len(products) == 1:
        return _one_to_compare(desk, turn, shelf, products[0])
    if not products:
        return Outcome(shelf, "To compare I need two products: give two handles that are on the screen.")
    shelf = shelf.show([desk.card(product) for product in products], listed=False)
    handles = [shelf.handle_of(product.item_id) or "P1" for product in products]
    result = compare_products(desk, turn, products, handles)
    explained = desk.explainer.explain(products, desk.wish(turn, ""))
    why = {product.item_id: reasons for product, reasons in zip(products, explained, strict=True)}
    cards = tuple(
        card.model_copy(update={"reasons": why[card.item_id].reasons, "drawback": why[card.item_id].drawback})
        if card.item_id in why
        else card
        for card in shelf.cards
    )
    evidence = [*result.evidence, *(e for reasons in explained for e in reasons.evidence)]
    shelf = replace(shelf, cards=cards, table=result.table, candidates=result.candidates, listed=True)
    shelf = shelf.add(said=result.text, evidence=evidence)
    rows = [
        "; ".join(f"{row[0]}: {cell} for [{h}]" for h, cell in zip(handles, row[1:], strict=True))
        for row in result.table.rows
    ]
    return Outcome(shelf, without_instructions("\n".join((result.text, *rows))))


def _extreme_by_buyers(desk: Desk, turn: Turn, shelf: Shelf, asked: Measure) -> Outcome:
    """Where the shop states no number for it: what buyers say."""
    outcome = best_by_buyers(desk, turn, shelf, turn.state.last_shown(), turn.text)
    said = f"The shop gives no number for the {asked.word} of these. {outcome.shelf.said[-1]}"
    return Outcome(replace(outcome.shelf, said=(*outcome.shelf.said[:-1], said)).add(facts=(said,)), said)


def _nearest(desk: Desk, turn: Turn, product: Product) -> list[Product]:
    """The product most like one, of those that meet what is in force; empty when there is none."""
    condition = And((desk.condition(turn), Not(Items((product.item_id,)))))
    near = desk.shop.search.similar(product.item_id, NEAR, condition)
    return desk.products(hit.item_id for hit in near)[:1]


def _one_to_compare(desk: Desk, turn: Turn, shelf: Shelf, product: Product) -> Outcome:
    """Only one product is at hand: say so, and offer the nearest like it, where one meets what is asked."""
    shelf = desk.put(turn, shelf, product)
    handle = shelf.handle_of(product.item_id) or "P1"
    if not _nearest(desk, turn, product):
        said = (
            f"Only [{handle}] meets all you asked for. Take one wish back, and I can compare it with others."
        )
        return Outcome(shelf.add(said=said, facts=(said,)), said)
    said = f"So far only [{handle}] is on the table. Shall I compare it with a similar one?"
    offer = Chip(label=COMPARE_IT, kind="answer", utterance=COMPARE_IT)
    return Outcome(shelf.add(said=said, facts=(said,), chips=(offer,)), said)


def details(desk: Desk, turn: Turn, shelf: Shelf, item_id: str, question: str = "") -> Outcome:
    """What the shop says about a product, or about one thing of it; nothing is concluded from it."""
    product = desk.shop.catalog.product(item_id)
    if product is None:
        return Outcome(shelf, "That product is not in this shop any more.")
    shelf = desk.put(turn, shelf, product)
    handle = shelf.handle_of(item_id) or "P1"
    if acts.WHY.search(question):
        said = _reasons(shelf, item_id, handle)
        return Outcome(shelf.add(said=said, facts=(said,)), without_instructions(said))
    if _STARS.search(question):
        return _review_count(desk, shelf, item_id)
    sensitive = bool(SENSITIVE.search(question))
    measured = _measured(product, turn, question)
    found = measured or answers(product, question, turn.understanding.attribute_names)
    if found:
        said = _told_of(handle, found)
        if sensitive:
            said += " I can't judge beyond that; please ask the shop or a professional if it matters."
    elif question and key_stems(question):
        said = f"The shop does not say that about [{handle}]."
        if not sensitive and (told := _by_its_buyers(desk, turn, shelf, item_id, question)) is not None:
            shelf = told.shelf.add(facts=(said,))
            said = f"{said} {told.told}"
            return Outcome(replace(shelf, said=(*shelf.said[:-1], said)), said)
        if sensitive:
            said += " I can't judge it myself; please ask the shop or a professional before you rely on it."
        else:
            said += f" What it does say: {overview(product)}."
    else:
        said = f"[{handle}]: {overview(product)}."
    evidence = [e for _, e in found] or overview_evidence(product)
    shelf = shelf.add(said=said, evidence=evidence)
    fields = "\n".join(field_text(name, value) for name, value in fields_of(product))
    lines = "\n".join(card_line(card) for card in shelf.cards if card.item_id == item_id)
    return Outcome(shelf, without_instructions(f"{said}\n{lines}\n{fields}"))


def buyers_of_named(desk: Desk, turn: Turn, shelf: Shelf) -> Outcome | None:
    """What buyers say of a product that the question calls by its name, shown before or not; None where they
    are not asked about or no one product is called.
    """
    if not acts.ASK_BUYERS.search(turn.text):
        return None
    named = named_product(desk, turn, turn.text)
    if named is None:
        return None
    return what_buyers_say(desk, turn, shelf, named.product.item_id, named.about("it"))


def what_buyers_say(desk: Desk, turn: Turn, shelf: Shelf, item_id: str, question: str = "") -> Outcome:
    """How many buyers are for and against, and what they wrote, word for word; asked how loud it is, the
    shop's own number comes first.
    """
    product = desk.shop.catalog.product(item_id)
    if product is None:
        return Outcome(shelf, "That product is not in this shop any more.")
    shelf = desk.put(turn, shelf, product)
    handle = shelf.handle_of(item_id) or "P1"
    outcome = _opinions(desk, turn, shelf, item_id, question)
    measured = _measured(product, turn, question)
    if not measured:
        return outcome
    told = _told_of(handle, measured)
    shelf = outcome.shelf.add(evidence=[evidence for _, evidence in measured], facts=(told,))
    shelf = replace(shelf, said=(*shelf.said[:-1], f"{told} {shelf.said[-1]}"))
    return Outcome(shelf, f"{told} {outcome.told}")


def _by_its_buyers(desk: Desk, turn: Turn, shelf: Shelf, item_id: str, question: str) -> Outcome | None:
    """What buyers say where the shop says nothing ("is the zip sturdy"); None where no buyer takes a side."""
    if not desk.shop.reviews.signals(item_id).review_count:
        return None
    answer = desk.shop.reviews.what_buyers_say(item_id, question)
    if not answer.mentioned or not answer.positive + answer.negative:
        return None
    return _opinions(desk, turn, shelf, item_id, question)


def _opinions(desk: Desk, turn: Turn, shelf: Shelf, item_id: str, question: str) -> Outcome:
    """Buyers for and against, of a product on the shelf."""
    handle = shelf.handle_of(item_id) or "P1"
    if not desk.shop.reviews.signals(item_id).review_count:
        said = f"Nobody has reviewed [{handle}] here yet."
        return Outcome(shelf.add(said=said, facts=(said,)), said)
    if _HOW_MANY_REVIEWS.search(question):
        return _review_count(desk, shelf, item_id)
    if asks_if_genuine(turn.text):
        return tell_genuine(desk, shelf, (item_id,))
    sides, question = asked_sides(question), asked_of(question, turn, desk.products((item_id,)))
    if sides and not question:
        return tell_sides(desk, shelf, item_id, sides)
    answer = desk.shop.reviews.what_buyers_say(item_id, question)
    if not answer.mentioned:
        many = answer.review_count > 1
        read = f"None of the {answer.review_count} reviews" if many else "The one review"
        said = f"{read} of [{handle}] that I read {'speaks' if many else 'does not speak'} of that."
        evidence = [
            signal_evidence(
                item_id, "reviews read", counted(answer.review_count, "review"), answer.review_count
            )
        ]
        return Outcome(shelf.add(said=said, evidence=evidence), said)
    tally = tally_of(answer)
    evidence = [signal_evidence(item_id, f"buyers {answer.aspect or question}", tally, answer.positive)]
    quotes = [quote for quote in answer.quotes if quotable(quote.text)]
    quotes = sorted(quotes, key=lambda quote: quote.polarity not in (sides or (quote.polarity,)))[:3]
    evidence.extend(review_evidence(item_id, quote.review_id, quote.text) for quote in quotes)
    said = f"Of [{handle}], {tally}."
    for quote in quotes:
        stars = f" ({quote.stars:g} stars)" if quote.stars is not None else ""
        said += f" “{shorten(quote.text)}”{stars}"
    shelf = shelf.add(
        said=said, evidence=evidence, facts=[f"{q.stars:g} stars" for q in quotes if q.stars is not None]
    )
    return Outcome(shelf, said)


def _review_count(desk: Desk, shelf: Shelf, item_id: str) -> Outcome:
    signals = desk.shop.reviews.signals(item_id)
    told = counted(signals.review_count, "review")
    stars = "" if signals.stars_mean is None else f", {signals.stars_mean:.1f} of 5 stars on average"
    said = f"[{shelf.handle_of(item_id) or 'P1'}] has {told}{stars}."
    evidence = signal_evidence(item_id, "reviews", f"{told}{stars}", signals.review_count)
    return Outcome(shelf.add(said=said, evidence=(evidence,), facts=(said,)), said)


def _measured(product: Product, turn: Turn, question: str) -> list[tuple[str, Evidence]]:
    asked = asked_measure(question) or asked_measure(turn.text)
    return measured_fields(product, asked) if asked else []


def _told_of(handle: str, found: Sequence[tuple[str, Evidence]]) -> str:
    texts = [text for text, _ in found]
    if len(texts) == 1 and texts[0].startswith("weight "):
        return f"[{handle}] weighs {texts[0].removeprefix('weight ')}."
    return f"About [{handle}], the shop says: {'; '.join(texts)}."


def _reasons(shelf: Shelf, item_id: str, handle: str) -> str:
    """Why this product was shown: the reasons of its card, which their evidence backs."""
    card = next(card for card in shelf.cards if card.item_id == item_id)
    if not card.reasons:
        return f"[{handle}] came nearest to your words; I have no further reason for it."
    said = f"Why [{handle}]: {'; '.join(reason.text.rstrip('.') for reason in card.reasons)}."
    return said + (f" What speaks against it: {card.drawback.text.rstrip('.')}." if card.drawback else "")
