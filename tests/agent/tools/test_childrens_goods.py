"""What is made for children: by kind, by name, by ages and by whom it is marked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from agent.conditions import CHILDREN, Where
from agent.shop_context import ShopContext
from agent.tools.childrens_goods import for_children
from agent.tools.compile import Compiler
from agent.tools.labels import label
from agent.tools.schema import Field
from retrieval.records import Product

FIELDS = (
    Field("age_from", "number", {"3": 2, "8": 2}),
    Field("age", "number", {"3": 1}),
    Field("made_for", "text", {"kids'": 2, "women's": 2}),
)


def is_for_children(title: str, category: tuple[str, ...] = (), **attributes: Any) -> bool:
    table = SimpleNamespace(paths=[category])
    search: Any = SimpleNamespace(table=table, item_ids=["a"], title=lambda item: title)
    made = Product(item_id="a", title=title, category=category, attributes=attributes)
    return for_children(search, FIELDS).matches(made)


@pytest.mark.parametrize(
    ("title", "category", "attributes"),
    [
        ("Rattle", ("Toys", "Baby"), {}),
        ("Tales", ("Books", "Children"), {}),
        ("Kids' cutlery", ("Kitchen",), {}),
        ("Crayons", (), {"age_from": 3}),
        ("Vest", (), {"made_for": "kids'"}),
    ],
)
def test_childrens_things_are_known(
    title: str, category: tuple[str, ...], attributes: dict[str, Any]
) -> None:
    assert is_for_children(title, category, **attributes)


@pytest.mark.parametrize(
    ("title", "category", "attributes"),
    [
        ("Chess", ("Toys", "Board games"), {"age_from": 8}),
        ("Squeaky dog toy", ("Pets",), {}),
        ("Cry Baby Mascara", ("Make-up",), {}),
        ("Whisky", ("Drinks",), {"age": 3}),
        ("A game for kids and adults", (), {}),
        ("Vest", (), {"made_for": "women's"}),
    ],
)
def test_what_others_may_have_too_is_not_for_children_alone(
    title: str, category: tuple[str, ...], attributes: dict[str, Any]
) -> None:
    assert not is_for_children(title, category, **attributes)


def test_not_for_children_is_a_condition_with_a_name(shop_context: ShopContext) -> None:
    where = Where(field=CHILDREN, op="!=", value=True)
    (compiled,) = Compiler(shop_context.shop.search, shop_context.schema).compile([where])
    assert compiled.filter is not None
    assert label(where, shop_context.schema) == "not for children"
