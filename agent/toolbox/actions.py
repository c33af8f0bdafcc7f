"""Tools that do something beyond looking: ask back, remember or forget, and the cart."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from agent.meaning import Act
from agent.memory import asks_to_list, find_forgotten
from agent.money import price as format_price
from agent.reasons.evidence import field_evidence, short_title
from agent.records import Chip
from agent.toolbox.carts import cart_owner
from agent.toolbox.desk import Desk
from agent.toolbox.turn import Outcome, Shelf, Turn
from agent.toolbox.wording import next_step

ACCEPTED = "yes, remember that"
REFUSED = "no, don't remember that"


def ask_back(desk: Desk, turn: Turn, shelf: Shelf) -> Outcome:
    """One question that splits the candidates best; when nothing fits, the smallest ways out."""
    from agent.toolbox.clarify import MOST_READ, next_question
    from agent.toolbox.relax import relaxations

    if not shelf.cards:
        offers = relaxations(turn.state, desk.facts, desk.condition(turn), desk.vocabulary.currency)
        if not offers:
            said = "Nothing in this shop fits that. Tell me which wish matters least, and I look again."
            return Outcome(replace(shelf.add(said=said, facts=(said,)), follow=""), said)
        said = " ".join(offer.text for offer in offers[:1])
        chips = tuple(offer.chip for offer in offers)
        return Outcome(replace(shelf.add(said=said, facts=(said,), chips=chips), follow=""), said)
    candidates = desk.products(c.item_id for c in shelf.candidates[:MOST_READ])
    question = next_question(turn.state, candidates, desk.vocabulary, desk.facts)
    if question is None:
        shelf = shelf.add(said=next_step(turn, shelf.cards))
        return Outcome(shelf, "There is nothing worth asking; show what was found.")
    chips = tuple(
        Chip(label=o.label, kind="answer", utterance=o.label, count=o.count) for o in question.options
    )
    shelf = replace(shelf.add(said=question.text, facts=(question.text,), chips=chips), question=question)
    return Outcome(shelf, question.text)


def remember(desk: Desk, turn: Turn, shelf: Shelf) -> Outcome:
    """Keep, list or forget lasting preferences; only of shoppers with an id, and only with their consent."""
    if turn.understanding.act is Act.FORGET:
        return _forget(desk, turn, shelf)
    if turn.user_id is None:
        return _say(shelf, "I can keep that for this conversation only, as I don't know who you are.")
    if asks_to_list(turn.text):
        return _list(desk, turn.user_id, shelf)
    statements = turn.understanding.memory
    if turn.text.lower() == REFUSED:
        return _say(shelf, "All right, I keep it for this conversation only.")
    if not statements:
        return _list(desk, turn.user_id, shelf)
    named = " and ".join(f"“{statement.text}”" for statement in statements)
    # Read anew: the yes may be what this very turn said.
    if not desk.profiles.consents.given(turn.user_id)["remember"]:
        said = f"I use {named} for this conversation. Shall I remember it for your next visits?"
        chips = (
            Chip(label="Yes, remember", kind="answer", utterance=ACCEPTED),
            Chip(label="No", kind="answer", utterance=REFUSED),
        )
        return _say(shelf.add(chips=chips), said)
    for statement in statements:
        desk.memories.remember(turn.user_id, statement, source=f"turn {turn.turn_id}")
    return _say(shelf, f"I'll remember {named}. Say “forget” with it, and it is gone.")


def cart(
    desk: Desk, turn: Turn, shelf: Shelf, action: Literal["add", "remove", "show"], item_id: str | None
) -> Outcome:
    """Put a product into the cart or take it out, or say what is in it."""
    owner = cart_owner(turn.user_id, turn.session_id)
    if action == "show" or item_id is None:
        return _show_cart(desk, shelf, owner)
    product = desk.shop.catalog.product(item_id)
    if product is None:
        return Outcome(shelf, "That product is not in this shop any more.")
    shelf = shelf.show([desk.card(product)], listed=False).add(
        evidence=(field_evidence(product, "title", product.title),)
    )
    handle = shelf.handle_of(item_id)
    if action == "add" and product.stock == 0:
        return _say(shelf, f"[{handle}] is out of stock, so I did not put it into your cart.")
    quantity = desk.carts.put(owner, item_id, 1 if action == "add" else -1)
    if action == "remove":
        return _say(shelf, f"I took [{handle}] out of your cart.")
    again = f" You now have {quantity} of it." if quantity > 1 else ""
    return _say(shelf, f"I put [{handle}] into your cart.{again}")


def _forget(desk: Desk, turn: Turn, shelf: Shelf) -> Outcome:
    """Forget what was kept for later visits, and say so of what this conversation alone held, too."""
    named = find_forgotten(turn.text)
    gone = [m for what in named if turn.user_id for m in desk.memories.forget(turn.user_id, what)]
    if not gone and turn.understanding.drop:
        said = " and ".join(f"“{what}”" for what in named)
        return _say(shelf, f"All right, I no longer go by {said} here. I had not kept it for later visits.")
    if not gone:
        return _say(shelf, "I had not remembered anything like that.")
    return _say(shelf, f"I have forgotten {' and '.join(f'“{memory.text}”' for memory in gone)}.")


def _list(desk: Desk, user_id: str, shelf: Shelf) -> Outcome:
    known = desk.memories.list(user_id)
    if not known:
        return _say(shelf, "I remember nothing about you beyond what this shop's own records say.")
    listed = "; ".join(f"“{memory.text}” ({memory.time.date().isoformat()})" for memory in known)
    return _say(shelf, f"You told me: {listed}. Say “forget” with one of them, and it is gone.")


def _show_cart(desk: Desk, shelf: Shelf, owner: str) -> Outcome:
    items = desk.carts.items(owner)
    products = desk.products(items)
    if not products:
        return _say(shelf, "Your cart is empty.")
    shelf = shelf.show([desk.card(product) for product in products], listed=False).add(
        evidence=[
            *(field_evidence(p, "title", p.title) for p in products),
            *(
                field_evidence(p, "price", format_price(p.price, p.currency), p.price)
                for p in products
                if p.price is not None
            ),
        ]
    )
    lines = [f"{items[p.item_id]} × {short_title(p.title)}" for p in products]
    prices = [p.price * items[p.item_id] for p in products if p.price is not None]
    adds_up = len(prices) == len(products) and len({p.currency for p in products}) == 1
    total = f", together {format_price(sum(prices), products[0].currency)}" if adds_up else ""
    return _say(shelf, f"In your cart: {'; '.join(lines)}{total}.")


def _say(shelf: Shelf, said: str) -> Outcome:
    return Outcome(shelf.add(said=said, facts=(said,)), said)
