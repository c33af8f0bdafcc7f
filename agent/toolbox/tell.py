"""Tools that answer about what is known: compare, details, what buyers say, the shop's own documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.guards.claims import stem
from agent.guards.glue_words import glue_stems
from agent.guards.input_guard import without_instructions
from agent.language import acts
from agent.money import price_range as format_range
from agent.reasons.evidence import (
    best_snippet,
    counted,
    field_evidence,
    quotable,
    review_evidence,
    shorten,
    signal_evidence,
    spoken_name,
    value_text,
)
from agent.records import Chip, Evidence
from agent.toolbox.compare import compare_products
from agent.toolbox.desk import Desk
from agent.toolbox.find import card_line
from agent.toolbox.sides import asked_sides, tell_sides, without_sides
from agent.toolbox.turn import Outcome, Shelf, Turn
from retrieval.catalog import Product
from retrieval.filters import And, Items, Not
from retrieval.text_normalization import fold

SENSITIVE = re.compile(
    r"\b(?:allerg\w*|safe(?:ty|ly)?|toxic\w*|poison\w*|pregnan\w*|baby|babies|infant|toddler|medic\w*|cure\w*|heal\w*|"
    r"treat(?:s|ment)?|diabet\w*|asthma|eczema|legal\w*|law|certif\w*|flammab\w*|choking|side effects?|"
    r"doctor|"
    r"bpa|carcinogen\w*|hypoallergenic|gluten|nuts?)\b",
    re.IGNORECASE,
)
MAX_FIELDS = 6
NEAR = 5
COMPARE_IT = "compare it with a similar one"


def compare(desk: Desk, turn: Turn, shelf: Shelf, item_ids: Sequence[str]) -> Outcome:
    """A table of what differs, buyers' opinions, and a recommendation with its reason."""
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


def _nearest(desk: Desk, turn: Turn, product: Product) -> list[Product]:
    """The product most like one, of those that meet what is in force; empty when there is none."""
    condition = And((desk.condition(turn), Not(Items((product.item_id,)))))
    near = desk.shop.search.similar(product.item_id, NEAR, condition)
    return desk.products(hit.item_id for hit in near)[:1]


def _one_to_compare(desk: Desk, turn: Turn, shelf: Shelf, product: Product) -> Outcome:
    """Only one product is at hand: say so, and offer the nearest like it, where one meets what is asked."""
    shelf = _put(desk, turn, shelf, product)
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
    shelf = _put(desk, turn, shelf, product)
    handle = shelf.handle_of(item_id) or "P1"
    if acts.WHY.search(question):
        said = _reasons(shelf, item_id, handle)
        return Outcome(shelf.add(said=said, facts=(said,)), without_instructions(said))
    sensitive = bool(SENSITIVE.search(question))
    found = _answers(product, question, turn.understanding.attribute_names)
    if found:
        said = f"About [{handle}], the shop says: {'; '.join(text for text, _ in found)}."
        if sensitive:
            said += " I can't judge beyond that; please ask the shop or a professional if it matters."
    elif question and _key_stems(question):
        said = f"The shop does not say that about [{handle}]."
        if sensitive:
            said += " I can't judge it myself; please ask the shop or a professional before you rely on it."
        else:
            said += f" What it does say: {_overview(product)}."
    else:
        said = f"[{handle}]: {_overview(product)}."
    evidence = [e for _, e in found] or _overview_evidence(product)
    shelf = shelf.add(said=said, evidence=evidence)
    fields = "\n".join(f"{name}: {value}" for name, value in _fields(product))
    lines = "\n".join(card_line(card) for card in shelf.cards if card.item_id == item_id)
    return Outcome(shelf, without_instructions(f"{said}\n{lines}\n{fields}"))


def what_buyers_say(desk: Desk, turn: Turn, shelf: Shelf, item_id: str, question: str = "") -> Outcome:
    """How many buyers are for and against, and what they wrote, word for word."""
    product = desk.shop.catalog.product(item_id)
    if product is None:
        return Outcome(shelf, "That product is not in this shop any more.")
    shelf = _put(desk, turn, shelf, product)
    handle = shelf.handle_of(item_id) or "P1"
    if not desk.shop.reviews.signals(item_id).review_count:
        said = f"Nobody has reviewed [{handle}] here yet."
        return Outcome(shelf.add(said=said, facts=(said,)), said)
    sides = asked_sides(question)
    if sides and not _names_a_thing(question, turn):
        return tell_sides(desk, shelf, item_id, sides)
    # "Show me its reviews" asks about the whole product.
    answer = desk.shop.reviews.what_buyers_say(item_id, question if _names_a_thing(question, turn) else "")
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
    happy = counted(answer.positive, "buyer")
    tally = f"{happy} {'is' if answer.positive == 1 else 'are'} happy and {answer.negative or 'none'} not"
    if answer.aspect and answer.aspect != "overall":
        speak = "speaks" if answer.positive == 1 else "speak"
        tally = f"{happy} {speak} well of its {answer.aspect} and {answer.negative or 'none'} badly"
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


def _names_a_thing(question: str, turn: Turn) -> bool:
    """Whether one thing of the product is asked about: "any complaints about the zip"."""
    left = without_sides(question)
    for referent in turn.understanding.referents:
        left = left.replace(referent.text, " ")
    return bool(_key_stems(left))


def best_by_buyers(desk: Desk, turn: Turn, shelf: Shelf, item_ids: Sequence[str], question: str) -> Outcome:
    """Which of several products buyers praise most for something: by the low end of each share's interval."""
    products = desk.products(dict.fromkeys(item_ids))
    if not products:
        return Outcome(shelf, "None of these is in this shop any more.")
    shelf = shelf.show([desk.card(product) for product in products], listed=False)
    answers = [
        a for a in desk.shop.reviews.compare_buyers([p.item_id for p in products], question) if a.mentioned
    ]
    if not answers:
        said = "No buyer of these speaks of that in the reviews I read."
        return Outcome(shelf.add(said=said, facts=(said,)), said)
    evidence, parts = [], []
    for answer in answers[:3]:
        handle = shelf.handle_of(answer.item_id)
        tally = f"{answer.positive} happy and {answer.negative} unhappy buyers"
        parts.append(f"[{handle}] with {tally}")
        evidence.append(signal_evidence(answer.item_id, f"buyers {question}", tally, answer.positive))
    said = f"By what buyers write, first comes {parts[0]}"
    said += f"; then {' and '.join(parts[1:])}." if parts[1:] else "."
    if quote := next((q for q in answers[0].quotes if quotable(q.text)), None):
        evidence.append(review_evidence(answers[0].item_id, quote.review_id, quote.text))
        said += f" One of [{shelf.handle_of(answers[0].item_id)}] wrote: “{shorten(quote.text)}”"
    return Outcome(shelf.add(said=said, evidence=evidence), said)


def shop_documents(desk: Desk, shelf: Shelf, question: str) -> Outcome:
    """What the shop's own documents say, word for word with the source; or that they do not say."""
    documents = desk.shop.documents
    passage = documents.ask(question) if documents is not None and question.strip() else None
    if passage is None or not quotable(passage.text):
        said = "The shop does not say; please ask it directly."
        return Outcome(shelf.add(said=said, facts=(said,)), said)
    evidence = Evidence(
        evidence_id=f"document:{passage.source}", kind="document", source=passage.source, text=passage.text
    )
    said = f"The shop says: “{shorten(passage.text, 400)}” ({passage.source})"
    shelf = shelf.add(said=said, evidence=(evidence,), facts=(passage.text, passage.source))
    return Outcome(shelf, without_instructions(said))


def _reasons(shelf: Shelf, item_id: str, handle: str) -> str:
    """Why this product was shown: the reasons of its card, which their evidence backs."""
    card = next(card for card in shelf.cards if card.item_id == item_id)
    if not card.reasons:
        return f"[{handle}] came nearest to your words; I have no further reason for it."
    said = f"Why [{handle}]: {'; '.join(reason.text.rstrip('.') for reason in card.reasons)}."
    return said + (f" What speaks against it: {card.drawback.text.rstrip('.')}." if card.drawback else "")


def _put(desk: Desk, turn: Turn, shelf: Shelf, product: Product) -> Shelf:
    """The product alone on the shelf, with its reasons; the list on the screen stays what is pointed into."""
    (why,) = desk.explainer.explain([product], desk.wish(turn, turn.state.query))
    card = desk.card(product).model_copy(update={"reasons": why.reasons, "drawback": why.drawback})
    return shelf.show([card], listed=False).add(evidence=why.evidence)


def _answers(product: Product, question: str, names: Sequence[str]) -> list[tuple[str, Evidence]]:
    """The fields and sentences that answer the question, quoted."""
    asked = {fold(name) for name in names}
    stems = _key_stems(question)
    found: list[tuple[str, Evidence]] = []
    for name, value in _fields(product):
        own = {stem(word) for word in re.findall(r"\w+", spoken_name(name))}
        if fold(name) in asked or (own and own <= stems) or (stems and stems <= _stems(f"{name} {value}")):
            found.append(
                (f"{spoken_name(name)}: {shorten(value, 120)}", field_evidence(product, name, value))
            )
    if found:
        return found[:3]
    snippet, hits = best_snippet(product.description, stems)
    if snippet and hits >= min(2, len(stems)):
        return [(f"“{shorten(snippet, 240)}”", field_evidence(product, "description", snippet))]
    return []


def _fields(product: Product) -> list[tuple[str, str]]:
    fields = [
        (name, value_text(value)) for name, value in (*product.attributes.items(), *product.options.items())
    ]
    fields.append(("price", format_range(product.price, product.price_max, product.currency)))
    if product.brand:
        fields.append(("brand", product.brand))
    if product.stock is not None:
        fields.append(("stock", f"{product.stock} in stock" if product.stock else "out of stock"))
    return [(name, value) for name, value in fields if value and without_instructions(value) == value.strip()]


def told_fields(product: Product) -> str:
    """All that the shop says about a product, as a model may read it."""
    fields = "\n".join(f"{spoken_name(name)}: {value}" for name, value in _fields(product))
    return without_instructions(f"{product.title}\n{fields}\n{product.description}")


def _overview(product: Product) -> str:
    shown = [(name, value) for name, value in _fields(product) if name not in ("brand", "stock")][:MAX_FIELDS]
    facts = "; ".join(f"{spoken_name(name)}: {shorten(value, 60)}" for name, value in shown)
    head = best_line(product.description)
    return f"“{head}” {facts}" if head else facts


def _overview_evidence(product: Product) -> list[Evidence]:
    evidence = [
        field_evidence(product, name, f"{spoken_name(name)}: {value}")
        for name, value in _fields(product)[:MAX_FIELDS]
    ]
    if head := best_line(product.description):
        evidence.append(field_evidence(product, "description", head))
    return evidence


def best_line(description: str) -> str:
    """The first sentence of a description that may be quoted; empty without one."""
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", description):
        if quotable(sentence):
            return shorten(sentence)
    return ""


def _key_stems(text: str) -> set[str]:
    return {
        s for word in re.findall(r"[^\W_]+", text) if len(word) > 2 and (s := stem(word)) not in glue_stems()
    }


def _stems(text: str) -> set[str]:
    return {stem(word) for word in re.findall(r"[^\W_]+", text)}
