"""The last door of a reply: what leans on a sentence that was dropped goes with it."""

from __future__ import annotations

from agent.checks.claims import Backing, Subject
from agent.checks.output_guard import guard_reply
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
TEMPLATE = "3 products fit: [P1], [P2] and [P3]."


def test_what_comes_then_falls_with_the_lead_it_follows() -> None:
    guarded = guard_reply("3 products fit: [P1] at $19.00. Then [P2] and [P3] stay.", BACKING, TEMPLATE)
    assert guarded.text == TEMPLATE
    assert guarded.actions == ("output: template (price)",)


def test_a_price_beside_two_products_is_a_price_of_both() -> None:
    assert guard_reply("[P1] is a lamp. [P2] and [P3] at $90.00.", BACKING, TEMPLATE).actions
