"""The words of a condition become fields and values of this shop; what can't be resolved never binds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.conditions import Resolver
from agent.understanding.people import read_person
from agent.understanding.person_conditions import person_conditions
from tests.agent.understanding.conftest import told

Make = Callable[[str], Resolver]


@pytest.mark.parametrize(
    ("kind", "phrase", "expected"),
    [
        ("Shoes", "under 80", ["price < 80"]),
        ("Shoes", "at most $50", ["price <= 50"]),
        ("Shoes", "between fifty and 80 bucks", ["price >= 50", "price <= 80"]),
        ("Shoes", "size 42", ["Size = 42"]),
        ("Shoes", "43 inch", ["Size = 43"]),
        ("Shoes", "under 250 g", ["weight_g < 250"]),
        ("Shoes", "over 0.3 kilos", ["weight_g > 300"]),
        ("Shoes", "4 stars or better", ["stars >= 4"]),
        ("Shoes", "in stock", ["stock = True"]),
        ("Kettles", "1.5 litres", ["capacity_l = 1.5"]),
        ("Kettles", "at least two litres", ["capacity_l >= 2"]),
        ("Kettles", "1500 ml", ["capacity_l = 1.5"]),
        ("Kettles", "under 70 dB", ["noise_db < 70"]),
    ],
)
def test_numbers_go_to_the_field_that_is_measured_so(
    kind: str, phrase: str, expected: list[str], resolver: Make
) -> None:
    assert told(resolver(kind).condition(phrase)) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("black", ["color = black"]),
        ("in red or blue", ["color in red|blue"]),
        ("made of mesh", ["material = mesh"]),
        ("waterproof", ["waterproof = True"]),
        ("from Nike", ["brand = Nike"]),
        ("adiddas", ["brand = Adidas"]),
        ("not Nike", ["brand != Nike"]),
        ("without leather", ["material != leather"]),
        ("black but not Nike", ["color = black", "brand != Nike"]),
    ],
)
def test_values_are_found_by_name_other_form_and_misspelling(
    phrase: str, expected: list[str], resolver: Make
) -> None:
    assert told(resolver("Shoes").condition(phrase)) == expected


@pytest.mark.parametrize(
    ("before", "phrase", "expected"),
    [
        ("it can't cost ", "more than $105", ["price <= 105"]),
        ("nothing ", "over 25", ["price <= 25"]),
        ("I don't want to spend ", "more than 15", ["price <= 15"]),
        ("I mustn't go ", "over $50", ["price <= 50"]),
        ("we daren't be ", "over $50", ["price <= 50"]),
        ("he would rather not go ", "above $50", ["price <= 50"]),
        ("I don't mind going ", "over $50", ["price > 50"]),
        ("it costs ", "more than $30", ["price > 30"]),
    ],
)
def test_a_bound_that_is_denied_goes_the_other_way(
    before: str, phrase: str, expected: list[str], resolver: Make
) -> None:
    assert told(resolver("Shoes").condition(phrase, before=before)) == expected


@pytest.mark.parametrize("kind", ["Kettles", "Shoes"])
def test_a_value_of_the_shop_binds_even_where_no_product_of_the_kind_has_it(
    kind: str, resolver: Make
) -> None:
    assert told(resolver(kind).condition("glass")) == ["material = glass"]


def test_what_nothing_of_the_kind_speaks_of_is_told_as_unmet(resolver: Make) -> None:
    found = resolver("Shoes").condition("reflective")
    assert (found.where, found.unmet) == ((), ("reflective",))


@pytest.mark.parametrize("phrase", ["light", "lightweight", "not too heavy"])
def test_a_gradable_word_is_only_a_wish(phrase: str, resolver: Make) -> None:
    found = (
        resolver("Shoes").condition(phrase)
        if phrase != "not too heavy"
        else resolver("Shoes").values.wish(phrase)
    )
    assert found.where == ()
    assert told(found) == ["low weight_g"]


def test_a_budget_said_in_several_words_is_one_upper_bound(resolver: Make) -> None:
    assert told(resolver("Shoes").condition("about a hundred, hundred twenty-ish")) == ["price <= 120"]


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Nike", ["brand != Nike"]),
        ("leather", ["material != leather"]),
        ("black", ["color != black"]),
        ("black ones", ["color != black"]),
        ("leather sort", ["material != leather"]),
        ("kettles", ["category not in Kettles"]),
        ("glitter", []),
        ("small parts", []),
    ],
)
def test_what_is_excluded_is_a_value_a_brand_or_a_kind(
    phrase: str, expected: list[str], resolver: Make
) -> None:
    assert told(resolver("Shoes").exclusions.excluded(phrase)) == expected


def test_a_wish_for_a_value_weighs_and_is_searched_for(resolver: Make) -> None:
    found = resolver("Shoes").values.wish("leather")
    assert (told(found), found.words) == (["has material leather"], "leather")


def test_without_a_kind_meaning_binds_nothing(resolver: Make) -> None:
    assert resolver("").condition("good for rain").where == ()


@pytest.mark.parametrize(
    ("kind", "phrase", "field", "direction"),
    [
        ("Shoes", "the lightest", "weight_g", -1),
        ("Kettles", "quietest", "noise_db", -1),
        ("Kettles", "biggest capacity", "capacity_l", 1),
        ("Shoes", "cheapest", "price", -1),
        ("Shoes", "most expensive", "price", 1),
        ("Shoes", "best rated", "stars", 1),
    ],
)
def test_a_superlative_orders_by_the_field_of_the_kind(
    kind: str, phrase: str, field: str, direction: int, resolver: Make
) -> None:
    scale = resolver(kind).order(phrase)
    assert scale is not None
    assert (scale.field, scale.direction, scale.superlative) == (field, direction, True)


def test_a_person_binds_nothing_where_the_shop_does_not_mark_whom_things_are_for(resolver: Make) -> None:
    assert person_conditions(read_person("my niece, six"), resolver("Shoes").fields).where == ()


@given(
    amount=st.integers(1, 500),
    words=st.sampled_from(["under", "at most", "over", "at least", "up to", "no more than"]),
)
def test_a_bound_in_money_is_always_a_bound_on_the_price(amount: int, words: str, resolver: Make) -> None:
    found = resolver("Shoes").condition(f"{words} ${amount}")
    (where,) = found.where
    assert (where.field, where.value) == ("price", amount)
    assert where.op[0] == ("<" if words in ("under", "at most", "up to", "no more than") else ">")


@given(phrase=st.text(max_size=60))
def test_any_words_resolve_to_fields_that_the_shop_has(phrase: str, resolver: Make) -> None:
    shoes = resolver("Shoes")
    for found in (shoes.condition(phrase), shoes.exclusions.excluded(phrase), shoes.values.wish(phrase)):
        for part in (*found.where, *found.prefer):
            assert part.field
            assert shoes.desk.schema.field(part.field) is not None or not hasattr(part, "op")


@pytest.mark.parametrize(
    ("before", "phrase"),
    [("my nan is giving me ", "150"), ("I've got ", "150"), ("something for ", "like 150")],
)
def test_a_bare_number_that_somebody_has_to_spend_is_a_price(
    before: str, phrase: str, resolver: Make
) -> None:
    assert told(resolver("Shoes").condition(phrase, before=before)) == ["price <= 150"]


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [("maximum weight is 300", ["weight_g <= 300"]), ("300 heavy", ["weight_g = 300"])],
)
def test_a_word_of_extent_beside_a_number_tells_its_field(
    phrase: str, expected: list[str], resolver: Make
) -> None:
    assert told(resolver("Shoes").condition(phrase)) == expected


def test_a_measure_can_be_refused(resolver: Make) -> None:
    assert told(resolver("Kettles").other_measure("1.5 litres")) == ["capacity_l != 1.5"]
    assert not resolver("Kettles").other_measure("plastic").where


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("300 heavy at most", ["weight_g <= 300"]),
        ("at most 300 heavy and under $80", ["price < 80", "weight_g <= 300"]),
    ],
)
def test_each_amount_has_the_words_next_to_it(phrase: str, expected: list[str], resolver: Make) -> None:
    assert told(resolver("Shoes").condition(phrase)) == expected
