"""The last door of a reply: what leans on a sentence that was dropped goes with it."""

from __future__ import annotations

from agent.checks.claims import Backing, Subject
from agent.checks.output_guard import SentenceGate
from agent.records import Card

LAMP = Card(handle="P1", item_id="l", title="Quill Lamp", price=20.0)
TORCH = Card(handle="P2", item_id="t", title="Isla Torch")
TENT = Card(handle="P3", item_id="e", title="Fern Tent", price=90.0)
CARDS = (LAMP, TORCH, TENT)
BACKING = Backing(
    tuple(Subject(card.handle, card.title, price=card.price) for card in CARDS),
    ("3 products fit.",),
    words="none",
)


def let_through(text: str) -> str:
    gate = SentenceGate(BACKING)
    return "".join((*gate.feed(text), *gate.finish())).strip()


def test_what_is_backed_passes_as_it_is() -> None:
    assert let_through("[P1] is a lamp. [P3] costs $90.00.") == "[P1] is a lamp. [P3] costs $90.00."


def test_what_comes_then_falls_with_the_lead_it_follows() -> None:
    assert let_through("3 products fit: [P1] at $19.00. Then [P2] and [P3] stay.") == ""


def test_a_price_beside_two_products_is_a_price_of_both() -> None:
    assert let_through("[P1] is a lamp. [P2] and [P3] at $90.00.") == "[P1] is a lamp."


def test_a_sentence_is_let_through_once() -> None:
    assert let_through("[P1] is a lamp. [P1] is a lamp.") == "[P1] is a lamp."
