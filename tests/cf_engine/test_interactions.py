"""Interactions: validated at construction, frozen, with a documented policy for repeats and order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_engine.interactions import IdMap, Interactions
from cf_engine.models.ridge import decayed_future, decayed_past

sequences = st.lists(st.lists(st.integers(0, 9), max_size=8), min_size=1, max_size=12)


def small(**columns: list[float]) -> Interactions:
    ids = {"users": IdMap.from_ordered(["ann", "bob"]), "items": IdMap.from_ordered(["x", "y", "z"])}
    return Interactions.from_columns(user=[0, 1, 0], item=[2, 1, 0], **ids, **columns)  # type: ignore[arg-type]


def test_rows_come_out_by_user_and_time() -> None:
    found = small(time=[5.0, 1.0, 2.0])
    assert [row.tolist() for row in found.to_sequences()] == [[0, 2], [1]]


def test_the_same_event_twice_is_one_and_the_larger_weight_stays() -> None:
    ids = {"users": IdMap.from_ordered(["a"]), "items": IdMap.from_ordered(["x"])}
    found = Interactions.from_columns([0, 0], [0, 0], time=[1, 1], weight=[0.5, 2.0], **ids)
    assert found.weight.tolist() == [2.0]


def test_a_repeat_at_another_time_stays_in_sequences_and_adds_up_in_the_matrix() -> None:
    ids = {"users": IdMap.from_ordered(["a"]), "items": IdMap.from_ordered(["x"])}
    found = Interactions.from_columns([0, 0], [0, 0], time=[1, 2], **ids)
    assert found.to_sequences()[0].tolist() == [0, 0]
    assert found.to_csr()[0, 0] == 2
    assert found.to_csr(binary=True)[0, 0] == 1


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"time": [1.0, 2.0]}, "one length"),
        ({"weight": [1.0, 0.0, 1.0]}, "above 0"),
        ({"weight": [1.0, np.nan, 1.0]}, "finite"),
        ({"time": [1.0, np.inf, 1.0]}, "finite"),
    ],
)
def test_bad_columns_are_refused(columns: dict[str, list[float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        small(**columns)


def test_numbers_outside_the_map_are_refused() -> None:
    with pytest.raises(ValueError, match=r"item numbers must lie in 0\.\.0: got 0\.\.3"):
        Interactions.from_columns(
            [0, 0], [0, 3], users=IdMap.from_ordered(["a"]), items=IdMap.from_ordered(["x"])
        )


def test_columns_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        small().item[0] = 1


@given(sequences)
def test_sequences_come_back_as_they_went_in(rows: list[list[int]]) -> None:
    found = Interactions.from_sequences(rows, 10)
    assert [row.tolist() for row in found.to_sequences()] == rows


@given(sequences, st.integers(1, 3))
def test_leaving_the_last_out_leaves_exactly_the_rest(rows: list[list[int]], n: int) -> None:
    found = Interactions.from_sequences(rows, 10).without_last(n)
    assert [row.tolist() for row in found.to_sequences()] == [row[:-n] for row in rows]


def test_numbers_do_not_follow_first_appearance() -> None:
    ids = [str(n) for n in range(200)]
    numbers = IdMap.from_ids(ids).numbers(ids)
    assert abs(np.corrcoef(numbers, np.arange(200))[0, 1]) < 0.3
    assert IdMap.from_ids(reversed(ids)).ids == IdMap.from_ids(ids).ids


def test_a_grown_map_keeps_the_old_numbers() -> None:
    first = IdMap.from_ids(["b", "a"])
    assert first.extended(["c", "a"]).ids[:2] == first.ids
    assert first.number("c") is None


def test_repeated_ids_are_refused() -> None:
    with pytest.raises(ValueError, match="distinct"):
        IdMap.from_ordered(["a", "a"])


def test_decayed_past_and_future_by_hand() -> None:
    found = Interactions.from_sequences([[0, 1, 2], [2]], 3)
    np.testing.assert_allclose(decayed_past(found, 0.5).toarray()[2], [0.25, 0.5, 1.0])
    np.testing.assert_allclose(decayed_future(found, 0.5).toarray()[0], [0.0, 1.0, 0.5])
    assert decayed_future(found, 0.5).toarray()[2:].sum() == 0
