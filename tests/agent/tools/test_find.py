"""What `find` promises: conditions hold exactly, the least gives way, what the shopper said is never left
out.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.conditions import Prefer, Sort, Where
from agent.shop_context import ShopContext
from agent.tools.compile import Compiler
from agent.tools.context import Shelf, ToolContext
from agent.tools.find import find
from agent.tools.labels import measured, wish_label
from agent.tools.schema import Field
from agent.tools.show import show
from retrieval.records import Product
from tests.agent.tools.finding import KETTLES, SHOES, ids


def test_the_fields_of_the_shop_are_conditions(tool_context: ToolContext) -> None:
    where = [SHOES, Where(field="color", value="red"), Where(field="price", op="<=", value=80)]
    assert set(ids(find(tool_context, where=where))) == {"S2", "S6"}


def test_a_number_in_another_unit_is_converted(tool_context: ToolContext) -> None:
    found = find(tool_context, where=[Where(field="weight_g", op="<=", value=0.22, unit="kg")])
    assert set(ids(found)) == {"S0", "S1", "S2"}


def test_what_is_to_be_avoided_is_not_found(tool_context: ToolContext) -> None:
    found = find(tool_context, where=[SHOES], avoid=[Where(field="brand", value="Nike")], limit=10)
    assert {row.card.brand for row in found.rows} == {"Adidas", "Veltra"}
    assert found.total == 8


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        (Sort(field="price", order="asc"), ["S1", "S2", "S3"]),
        (Sort(field="price", order="desc"), ["S11", "S10", "S9"]),
        (Sort(field="weight_g", order="desc"), ["S11", "S10", "S9"]),
    ],
)
def test_an_order_is_over_all_that_fits(sort: Sort, first: list[str], tool_context: ToolContext) -> None:
    assert ids(find(tool_context, where=[SHOES], sort=sort, limit=3)) == first


def test_an_extreme_that_is_sold_out_is_told(tool_context: ToolContext) -> None:
    cheapest = find(tool_context, where=[SHOES], sort=Sort(field="price", order="asc"))
    dearest = find(tool_context, where=[SHOES], sort=Sort(field="price", order="desc"))
    assert (cheapest.sold_out_first, dearest.sold_out_first) == (True, False)


def test_meeting_a_limit_that_was_raised_is_no_reason(tool_context: ToolContext) -> None:
    found = find(tool_context, where=[SHOES, Where(field="price", op="<", value=30)])
    assert found.loosened
    assert not any("within your" in r.text for row in found.rows for r in row.card.reasons)


def test_what_is_sold_out_comes_last_in_any_order(tool_context: ToolContext) -> None:
    found = find(
        tool_context, where=[SHOES, Where(field="price", op="<=", value=51)], sort=Sort(field="price")
    )
    assert ids(found) == ["S1", "S2", "S0"]


def test_an_order_holds_in_full_with_any_wish(tool_context: ToolContext) -> None:
    found = find(
        tool_context, "for running", [SHOES], prefer=[Prefer(field="weight_g", aim="low")],
        sort=Sort(field="price", order="desc"),
    )  # fmt: skip
    prices = [row.card.price for row in found.rows]
    assert prices == sorted(prices, key=lambda price: -(price or 0))


def test_among_products_shown_no_other_is_found(tool_context: ToolContext) -> None:
    handles = [tool_context.shelf.handle(item) for item in ("S3", "S1", "S7")]
    found = find(tool_context, among=handles, sort=Sort(field="weight_g", order="asc"))
    assert ids(found) == ["S1", "S3", "S7"]


def test_like_one_finds_others(tool_context: ToolContext) -> None:
    handle = tool_context.shelf.handle("S3")
    found = find(tool_context, where=[SHOES], like=handle)
    assert found.rows
    assert "S3" not in ids(found)


def test_others_are_none_that_were_shown(tool_context: ToolContext) -> None:
    seen = frozenset(f"S{n}" for n in range(9))
    found = find(replace(tool_context, seen=seen), where=[SHOES], others=True, limit=10)
    assert set(ids(found)) == {"S9", "S10", "S11"}


def test_when_all_were_shown_the_result_says_so(tool_context: ToolContext) -> None:
    seen = frozenset(f"S{n}" for n in range(12))
    found = find(replace(tool_context, seen=seen), where=[SHOES], others=True)
    assert (found.rows, found.exhausted) == ((), True)


def test_what_was_rejected_is_not_found_again(tool_context: ToolContext) -> None:
    found = find(replace(tool_context, rejected=frozenset(("S0", "S1"))), where=[SHOES], limit=10)
    assert not {"S0", "S1"} & set(ids(found))


def test_what_nothing_meets_is_loosened_by_the_least_and_told(tool_context: ToolContext) -> None:
    found = find(tool_context, where=[SHOES, Where(field="price", op="<=", value=39)])
    assert ids(found) == ["S0"]
    (gave_way,) = found.loosened
    assert gave_way.where.field == "price"


@pytest.mark.parametrize(
    ("bound", "nearest"),
    [
        (Where(field="price", op="<", value=40), "$40.50"),
        (Where(field="weight_g", op="<=", value=195), "200 g"),
        (Where(field="weight_g", op="<=", value=0.195, unit="kg"), "0.2 kg"),
        (Where(field="weight_g", op=">=", value=320), "310 g"),
    ],
)
def test_the_nearest_value_is_the_one_that_a_product_has(
    tool_context: ToolContext, bound: Where, nearest: str
) -> None:
    (gave_way,) = find(tool_context, where=[SHOES, bound]).loosened
    assert gave_way.instead == nearest


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (Prefer(field="weight_g", aim="low"), "ideally low weight (g)"),
        (Prefer(field="price", aim="low"), "ideally low price"),
    ],
)
def test_a_wish_on_a_number_names_its_unit(shop_context: ShopContext, wish: Prefer, told: str) -> None:
    assert wish_label(wish, shop_context.schema) == told


def test_a_number_in_degrees_is_a_temperature() -> None:
    field = Field("comfort_c", "number", {})
    assert measured(field) == "comfort temperature"


def test_a_kind_never_gives_way_before_a_price(tool_context: ToolContext) -> None:
    found = find(tool_context, where=[KETTLES, Where(field="price", op="<=", value=1)])
    assert {row.card.category[-1] for row in found.rows} == {"Kettles"}


def test_what_the_shopper_said_holds_though_the_call_left_it_out(tool_context: ToolContext) -> None:
    said = (Where(field="price", op="<=", value=50), Where(field="brand", op="!=", value="Nike"))
    found = find(replace(tool_context, said=said), where=[SHOES], limit=10)
    assert set(ids(found)) == {"S1"}
    assert found.added == ("at most $50", "not Nike")


def test_a_call_may_be_stricter_than_what_was_said_but_not_looser(tool_context: ToolContext) -> None:
    context = replace(tool_context, said=(Where(field="price", op="<=", value=60),))
    strict = find(context, where=[SHOES, Where(field="price", op="<=", value=50)], limit=10)
    loose = find(context, where=[SHOES, Where(field="price", op="<=", value=90)], limit=10)
    assert max(row.card.price or 0 for row in strict.rows) <= 50
    assert max(row.card.price or 0 for row in loose.rows) <= 60


def test_a_wish_for_a_value_is_met_as_long_as_anything_meets_it(tool_context: ToolContext) -> None:
    wish = Prefer(field="material", aim="has", value="mesh")
    met = find(tool_context, where=[SHOES], prefer=[wish])
    unmet = find(tool_context, where=[SHOES, Where(field="material", value="leather")], prefer=[wish])
    assert all(("material", "mesh") in row.values for row in met.rows)
    assert unmet.rows


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (Where(field="wight", op="<", value=200), "weight_g"),
        (Where(field="color", value="blak"), "black"),
        (Where(field="brand", value="Addidas"), "Adidas"),
        (Where(field="price", op="has", value=3), "price takes"),
        (Where(field="weight_g", op="<", value=3, unit="cm"), "measured in g"),
    ],
)
def test_what_the_shop_does_not_have_is_told_with_the_nearest(
    where: Where, told: str, tool_context: ToolContext
) -> None:
    (problem,) = find(tool_context, where=[SHOES, where]).problems
    assert told in problem


def test_every_row_has_its_evidence(tool_context: ToolContext) -> None:
    for row in find(tool_context, "running shoes", [SHOES]).rows:
        known = {evidence.evidence_id for evidence in row.evidence}
        assert all(set(reason.evidence_ids) <= known for reason in row.card.reasons)


def test_a_product_that_breaks_what_was_said_is_not_shown(tool_context: ToolContext) -> None:
    shelf = Shelf(("S0", "S11"))
    context = replace(tool_context, shelf=shelf, said=(Where(field="price", op="<=", value=50),))
    shown = show(context, ["P1", "P2"])
    assert [card.item_id for card in shown.cards] == ["S0"]
    assert shown.refused == ("P2",)


CONDITION = st.one_of(
    st.builds(
        lambda op, value: Where(field="price", op=op, value=value),
        st.sampled_from(["<", "<=", ">", ">=", "="]),
        st.integers(20, 100),
    ),
    st.builds(
        lambda op, value: Where(field="weight_g", op=op, value=value),
        st.sampled_from(["<", "<=", ">", ">=", "="]),
        st.integers(190, 320),
    ),
    st.builds(
        lambda op, value: Where(field="color", op=op, value=value),
        st.sampled_from(["=", "!="]),
        st.sampled_from(["black", "white", "red", "blue"]),
    ),
    st.builds(
        lambda op, values: Where(field="brand", op=op, value=tuple(values)),
        st.sampled_from(["in", "not in"]),
        st.lists(st.sampled_from(["Nike", "Adidas", "Veltra", "Sony"]), min_size=1, max_size=2, unique=True),
    ),
    st.builds(lambda value: Where(field="waterproof", value=value), st.booleans()),
    st.builds(
        lambda op, value: Where(field="material", op=op, value=value),
        st.sampled_from(["has", "lacks"]),
        st.sampled_from(["leather", "mesh", "glass"]),
    ),
    st.just(SHOES),
)


@given(where=st.lists(CONDITION, max_size=4))
def test_all_that_is_found_meets_every_condition_that_is_told_to_hold(
    where: list[Where], shop_context: ShopContext, products: tuple[Product, ...]
) -> None:
    found = find(ToolContext(desk=shop_context, session_id="test"), where=where, limit=10)
    assert found.rows, "something is always found: conditions give way"
    compiled = Compiler(shop_context.shop.search, shop_context.schema).compile(found.where)
    by_id = {product.item_id: product for product in products}
    for row in found.rows:
        for one in compiled:
            assert one.filter is not None
            assert one.filter.matches(by_id[row.item_id], None)
    assert found.loosened or set(found.where) >= {w for w in found.where if w in where}


@given(where=st.lists(CONDITION, max_size=3))
def test_the_index_counts_what_the_filter_says_of_each_product(
    where: list[Where], shop_context: ShopContext, products: tuple[Product, ...]
) -> None:
    for one in Compiler(shop_context.shop.search, shop_context.schema).compile(where):
        if one.filter is not None:
            matching = {product.item_id for product in products if one.filter.matches(product, None)}
            assert set(shop_context.shop.search.matching(one.filter)) == matching
