"""What `find` tells a model, so that it needs no second call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.conditions import Prefer, Sort, Where
from agent.tools.context import Shelf, ToolContext
from agent.tools.find import _better_rated_first, _with_given_way, find
from agent.tools.results import Loosened, fenced
from tests.agent.tools.finding import KETTLES, SHOES, ids


def test_an_order_by_a_field_that_there_is_not_is_told(tool_context: ToolContext) -> None:
    found = find(tool_context, where=[SHOES], sort=Sort(field="heaviness of it", order="asc"))
    assert found.rows
    assert not found.ordered
    assert "no field 'heaviness of it' to sort by" in found.text()


def test_what_a_wish_narrowed_to_is_told(tool_context: ToolContext) -> None:
    found = find(tool_context, where=[SHOES], prefer=[Prefer(field="brand", value="Nike")])
    assert {row.card.brand for row in found.rows} == {"Nike"}
    assert f"these have what is preferred (Nike); {found.unpreferred} more do not" in found.text()
    assert found.total + found.unpreferred == find(tool_context, where=[SHOES]).total


def test_a_condition_that_was_misread_holds_no_longer(tool_context: ToolContext) -> None:
    misread = Where(field="brand", op="!=", value="Nike")
    turn = replace(tool_context, shelf=Shelf(), said=(misread,))
    assert find(turn, where=[SHOES]).added == ("not Nike",)
    found = find(turn, where=[SHOES, Where(field="brand", value="Nike")], not_meant=["not Nike"])
    assert found.total == 4
    assert turn.required == ()
    assert find(turn, where=[SHOES]).added == ()


def test_a_condition_is_taken_back_by_its_name_as_it_was_cut(tool_context: ToolContext) -> None:
    misread = Where(
        field="brand", op="not in", value=("Nike", "Adidas", "Nordhall", "Salomon", "New Balance", "Puma")
    )
    turn = replace(tool_context, shelf=Shelf(), said=(misread,))
    (told,) = find(turn, where=[SHOES]).added
    find(turn, where=[SHOES], not_meant=["not Nike…"])
    assert turn.required == (misread,)
    find(turn, where=[SHOES], not_meant=[fenced(told, 40)])
    assert fenced(told, 40).endswith("…")
    assert turn.required == ()


def test_what_may_hurt_somebody_is_not_taken_back(tool_context: ToolContext) -> None:
    allergy = Where(field="text", op="lacks", value="peanuts")
    turn = replace(tool_context, shelf=Shelf(), said=(allergy,))
    found = find(turn, not_meant=["without peanuts"])
    assert turn.required == (allergy,)
    assert "only the shopper can take it back" in found.text()


def test_what_nobody_said_cannot_be_taken_back(tool_context: ToolContext) -> None:
    turn = replace(tool_context, shelf=Shelf(), said=(Where(field="price", op="<=", value=80),))
    assert "'blue' is not required; required is at most $80" in find(turn, not_meant=["blue"]).text()


def test_a_wider_exclusion_of_the_call_is_not_added_again(tool_context: ToolContext) -> None:
    turn = replace(tool_context, shelf=Shelf(), said=(Where(field="brand", op="!=", value="Nike"),))
    found = find(turn, where=[SHOES, Where(field="brand", op="not in", value=("Nike", "Adidas"))])
    assert found.added == ()


def test_questions_are_answered_of_each_product(tool_context: ToolContext) -> None:
    found = find(tool_context, where=[SHOES], limit=2, tell=["how much does it weigh", "is it radioactive"])
    for row in found.rows:
        (_, weight), (_, other) = row.told
        assert "weight" in weight
        assert other.startswith("not stated")
        assert {one.evidence_id for one in row.evidence}


def test_a_query_of_which_no_word_stands_anywhere_is_told_as_such(tool_context: ToolContext) -> None:
    found = find(tool_context, "petrol lawn mower")
    assert found.unworded
    assert set(found.missing) == {"petrol", "lawn", "mower"}
    assert "no product here has these words" in found.text()
    assert "products fit" not in found.text()


def test_a_query_with_words_of_the_shop_is_not(tool_context: ToolContext) -> None:
    found = find(tool_context, "running shoes")
    assert not found.unworded
    assert "no product here has these words" not in found.text()


def test_conditions_that_left_nothing_are_told_to_fit_nothing(tool_context: ToolContext) -> None:
    found = find(tool_context, where=[SHOES, Where(field="price", op="<", value=1)])
    assert found.loosened
    assert found.text().startswith("0 products fit all that was asked")


def test_the_id_of_a_reason_means_the_same_all_turn(tool_context: ToolContext) -> None:
    told = {}
    for where in (
        [SHOES],
        [SHOES, Where(field="color", value="red")],
        [Where(field="waterproof", value=True)],
    ):
        for row in find(tool_context, where=where, limit=10).rows:
            assert len(row.numbers) == len(row.card.reasons)
            for number, reason in zip(row.numbers, row.card.reasons, strict=True):
                assert told.setdefault((row.item_id, number), reason.text) == reason.text
    assert len(told) > 3


def test_two_small_conditions_give_way_before_the_kind(tool_context: ToolContext) -> None:
    of_shoes = [Where(field="color", value="red"), Where(field="waterproof", value=True)]
    found = find(tool_context, where=[KETTLES, *of_shoes])
    assert {one.where.field for one in found.loosened} == {"color", "waterproof"}
    assert all(item.startswith("K") for item in ids(found))


def test_of_equals_in_an_order_the_better_rated_comes_first(
    tool_context: ToolContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    stars = {"K1": 3.0, "K3": 4.5, "K5": float("nan")}
    monkeypatch.setattr(tool_context.desk.scorer, "stars", lambda item: stars.get(item, float("nan")))
    scored = [(1.0, "K1"), (1.0, "K3"), (1.0, "K5"), (2.0, "K0")]
    assert _better_rated_first(tool_context.desk, scored) == ["K3", "K1", "K5", "K0"]


@pytest.mark.parametrize(("order", "size"), [("asc", "42"), ("desc", "44")])
def test_an_order_by_size_tells_the_size_that_is_asked_for(
    order: str, size: str, tool_context: ToolContext
) -> None:
    found = find(tool_context, where=[SHOES], sort=Sort(field="size", order=order))  # type: ignore[arg-type]
    assert not found.unsorted
    assert ("size", size) in [(name.lower(), value) for name, value in found.rows[0].values]


def test_what_gave_way_still_tells_what_comes_nearest() -> None:
    gave_way = (
        Loosened(where=Where(field="text", op="has", value="poppies"), label="poppies"),
        Loosened(where=Where(field="price", op="<", value=20.0), label="under $20"),
        Loosened(where=Where(field="color", op="!=", value="red"), label="not red"),
    )
    assert _with_given_way("silk scarf", gave_way) == "silk scarf poppies"
