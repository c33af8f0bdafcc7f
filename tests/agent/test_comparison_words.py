"""What is said of products side by side."""

from __future__ import annotations

from agent.planner.comparison_words import _by_field, _by_words
from agent.records import Card
from agent.tools.compared import Compared, Side


def side(handle: str, stars: float) -> Side:
    return Side(handle=handle, card=Card(handle=handle, item_id=handle, title=f"Tent {handle}", stars=stars))


def test_stars_are_named_once() -> None:
    found = Compared(sides=(side("P1", 4.0), side("P2", 2.6)), asked="stars", by="field", winners=("P1",))
    said = _by_field(found)
    assert "4.0 stars" in said
    assert "stars 4.0 stars" not in said


def test_what_nobody_tells_of_a_product_is_said_in_english_order() -> None:
    found = Compared(sides=(side("P1", 4.0), side("P2", 2.6)), by="buyers", winners=("P1",), silent=("P2",))
    assert _by_words(found).endswith("Nothing is said about that for [P2].")
