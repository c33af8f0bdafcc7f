"""Cards only go with a gift: they come last, unless one is asked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from agent.tools.greeting_cards import greeting_cards
from retrieval.filters import Items


def is_card(title: str, category: tuple[str, ...]) -> bool:
    table = SimpleNamespace(paths=[category], columns={"path": [0]}, row_of={"a": 0})
    search: Any = SimpleNamespace(table=table, item_ids=["a"], title=lambda item: title)
    return greeting_cards(search) == Items(("a",))


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Blue hare", ("Greeting Cards", "Birthday")),
        ("Thank-you card, set of 8", ("Misc",)),
        ("Kraft wrapping paper", ("Party",)),
        ("Wedding day card", ("Stationery",)),
    ],
)
def test_cards_and_wrapping_are_known(title: str, category: tuple[str, ...]) -> None:
    assert is_card(title, category)


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Playing cards", ("Games", "Card Games")),
        ("Bookshop gift card", ("Gift Cards",)),
        ("Birthday gift card", ("Misc",)),
        ("SD card 64 GB", ("Memory cards",)),
        ("Dinner for two voucher", ("Vouchers", "Restaurants")),
    ],
)
def test_what_can_be_given_by_itself_is_no_card(title: str, category: tuple[str, ...]) -> None:
    assert not is_card(title, category)
