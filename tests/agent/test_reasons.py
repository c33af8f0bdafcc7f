"""Which reasons a card gives: what was done before, said as it was; a met price said no more than twice."""

from __future__ import annotations

from collections import Counter

import pytest

from agent.explanations.constraint_reasons import constraint_ground
from agent.explanations.explain import OFTEN, PRICE, _akin, _choose, _worn
from agent.explanations.other_reasons import because
from cf_engine.serving import HistoryItem
from retrieval.filters import Price
from retrieval.records import Product

KETTLE = Product(item_id="k", title="Dawn Kettle", category=("Kitchen", "Kettle"), price=20.0)
POT = Product(item_id="p", title="Reed Kettle", category=("Kitchen", "Kettle"), price=30.0)
TURNTABLE = Product(item_id="t", title="Reed Turntable", category=("Audio", "Turntable"), price=90.0)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("cart", "Because you put Reed Kettle in your cart"),
        ("like", "Because you liked Reed Kettle"),
        ("purchase", "Because you bought Reed Kettle"),
    ],
)
def test_a_reason_from_history_says_what_was_done(kind: str, text: str) -> None:
    source = HistoryItem(item_id="p", kind=kind, time=None, value=None, event_id="e")
    assert because(KETTLE, source, POT, 0.5).reason.text == text


def test_only_products_of_one_category_are_akin() -> None:
    assert _akin(KETTLE, POT)
    assert not _akin(KETTLE, TURNTABLE)


def test_the_price_is_a_reason_on_two_cards_at_most() -> None:
    ground = constraint_ground(Price(max=40), KETTLE, "at most $40")
    assert ground is not None
    used: Counter[str] = Counter()
    for _ in range(OFTEN):
        assert not _worn(ground, used)
        _choose([ground], used)
    assert used[PRICE] == OFTEN
    assert _worn(ground, used)
