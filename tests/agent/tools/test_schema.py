"""The fields of a shop: several that are called the same, and numbers whose unit only the texts tell."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agent.assistant import ShoppingAssistant
from agent.conditions import Sort, Where
from agent.tools.context import ToolContext
from agent.tools.find import find
from agent.tools.implied_units import SEEN, implied_unit
from retrieval.records import Product


def phones(texts: Sequence[str], memory: float = 64.0) -> list[Product]:
    return [
        Product(item_id=f"p{n}", title=f"Phone {n}", description=text, attributes={"memory": memory})
        for n, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("It holds 64GB.", "gb"),
        ("64 gigabytes of memory", "gb"),
        ("a 64-inch screen", "in"),
        ("64” wide", "in"),
    ],
)
def test_the_unit_that_texts_write_behind_a_number_is_its_unit(text: str, unit: str) -> None:
    assert implied_unit("memory", phones([text] * SEEN)) == unit


@pytest.mark.parametrize(
    "texts",
    [
        ["It holds 64GB."] * (SEEN - 1),
        ["64 of them fit in a box."] * 9,
        ["It holds 64GB."] * SEEN + ["64 kg"] * SEEN,
        ["It holds 164GB, or 64.5 GB."] * 9,
    ],
)
def test_texts_that_do_not_agree_tell_no_unit(texts: Sequence[str]) -> None:
    assert implied_unit("memory", phones(texts)) is None


def test_a_name_that_several_fields_are_called_by_means_all_of_them(assistant: ShoppingAssistant) -> None:
    context = ToolContext(desk=assistant.desk, session_id="schema")
    names = {field.name for field in context.desk.schema.called("capacity")}
    assert names > {"capacity_ml"}
    bottle, most = Where(field="category", value="Insulated bottle"), {"op": "<=", "value": 0.5, "unit": "l"}
    by_label = find(context, where=[bottle, Where(field="capacity", **most)])
    by_name = find(context, where=[bottle, Where(field="capacity_ml", **most)])
    assert by_label.total == by_name.total > 0
    assert not by_label.loosened
    smallest = find(context, where=[bottle], sort=Sort(field="capacity", order="asc"))
    assert (
        smallest.rows[0].item_id
        == find(context, where=[bottle], sort=Sort(field="capacity_ml")).rows[0].item_id
    )


def test_the_values_told_are_those_of_the_kind(assistant: ShoppingAssistant) -> None:
    context = ToolContext(desk=assistant.desk, session_id="schema")
    shoes = Where(field="category", value="Running shoes")
    (problem,) = find(context, where=[shoes, Where(field="Size", value="XXXL")]).problems
    assert "XL" not in problem.split("there are")[1]
