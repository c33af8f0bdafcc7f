"""What is sold out in the choice that is asked for comes last, and is said to be."""

from __future__ import annotations

from agent.conditions import Where
from agent.tools.choices import asked_of, gone_of
from retrieval.records import Product
from retrieval.variants import Variant

SHOE = Product(
    item_id="shoe",
    title="Trail Shoe",
    options={"Size": ("42", "43"), "Color": ("Blue", "Grey")},
    variants=(
        Variant(options={"Size": "42", "Color": "Blue"}, stock=3),
        Variant(options={"Size": "43", "Color": "Blue"}, stock=0),
        Variant(options={"Size": "43", "Color": "Grey"}, stock=5),
    ),
)
IN_43, BLUE = Where(field="size", value="43"), Where(field="Color", value="blue")


def test_conditions_on_options_are_a_choice() -> None:
    assert asked_of(SHOE, [IN_43, BLUE, Where(field="price", op="<", value=90)]) == {
        "Size": "43",
        "Color": "Blue",
    }


def test_a_choice_with_nothing_left_is_gone() -> None:
    assert gone_of(SHOE, [IN_43, BLUE]) == {"Size": "43", "Color": "Blue"}


def test_a_choice_with_some_left_is_not_gone() -> None:
    assert gone_of(SHOE, [IN_43]) == {}


def test_what_the_shop_does_not_count_is_not_gone() -> None:
    assert gone_of(SHOE.model_copy(update={"variants": ()}), [IN_43, BLUE]) == {}
