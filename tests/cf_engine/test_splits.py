"""What each way of holding out hides, on a log small enough to see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_engine.interactions import IdMap, Interactions
from cf_engine.measuring.splits import Split, cold_items, cut_at_share, leave_one_out, time_cut, time_folds

# user: (item, time) ...                a repeat of item 0 by user 0 at time 9
ROWS = {0: [(0, 1), (1, 2), (2, 5), (0, 9)], 1: [(3, 3), (1, 8)], 2: [(2, 7)]}


def log(rows: dict[int, list[tuple[int, int]]] = ROWS, n_items: int = 4) -> Interactions:
    flat = [(user, item, time) for user, events in rows.items() for item, time in events]
    user, item, time = zip(*flat, strict=True)
    return Interactions.from_columns(
        user,
        item,
        users=IdMap.from_ordered([str(u) for u in rows]),
        items=IdMap.from_ordered([str(i) for i in range(n_items)]),
        time=time,
    )


def as_dict(split: Split) -> dict[int, tuple[list[int], list[int]]]:
    return {
        int(user): (history.tolist(), target.tolist())
        for user, history, target in zip(split.users, split.histories, split.targets, strict=True)
    }


def test_leave_one_out_hides_the_newest_item_that_is_new() -> None:
    split = leave_one_out(log())
    assert as_dict(split) == {1: ([3], [1]), 2: ([], [2])}, (
        "user 0's newest is a repeat, so there is nothing to find"
    )
    assert len(split.train) == 4


def test_validation_hides_the_one_before_and_neither_is_trained_on() -> None:
    split = leave_one_out(log(), last=1)
    assert as_dict(split) == {0: ([0, 1], [2]), 1: ([], [3])}
    assert split.train.to_sequences()[0].tolist() == [0, 1]


def test_the_published_form_trains_as_for_validation_and_asks_with_the_full_history() -> None:
    split = leave_one_out(log(), train_without=2)
    assert as_dict(split)[1] == ([3], [1])
    assert len(split.train) == 2


def test_a_target_that_is_trained_on_is_refused() -> None:
    with pytest.raises(ValueError, match="must stay out of training"):
        leave_one_out(log(), last=1, train_without=1)


def test_a_time_cut_hides_all_that_came_later() -> None:
    split = time_cut(log(), cut=5)
    assert as_dict(split) == {0: ([0, 1], [2]), 1: ([3], [1]), 2: ([], [2])}
    assert split.train.time.max() < 5


def test_a_window_ends_before_its_end() -> None:
    assert as_dict(time_cut(log(), cut=5, until=8)) == {0: ([0, 1], [2]), 2: ([], [2])}


def test_cut_at_share() -> None:
    assert cut_at_share(log(), 0.5) == 5
    with pytest.raises(ValueError, match="between 0 and 1"):
        cut_at_share(log(), 1.0)


def test_folds_follow_one_another_and_train_on_all_before() -> None:
    rows = {user: [(user * 10 + n, user * 10 + n) for n in range(10)] for user in range(10)}
    folds = list(time_folds(log(rows, n_items=100), 3, test_share=0.2))
    assert [fold.name for fold in folds] == ["fold 1", "fold 2", "fold 3"]
    assert [len(fold.train) for fold in folds] == [40, 60, 80]
    assert [int(fold.n_relevant.sum()) for fold in folds] == [20, 20, 20]
    with pytest.raises(ValueError, match="leave nothing to train on"):
        next(time_folds(log(), 5, test_share=0.2))


def test_cold_items_are_never_trained_on() -> None:
    split = cold_items(log(), share=0.5, seed=1)
    hidden = set(np.concatenate(split.targets).tolist())
    assert len(hidden) == 2
    assert not hidden & set(split.train.item.tolist())


def test_a_part_of_a_split_keeps_its_training() -> None:
    split = time_cut(log(), cut=5)
    part = split.select(np.array([True, False, True]))
    assert part.users.tolist() == [0, 2]
    assert part.train is split.train


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(0, 50)), min_size=2, max_size=60),
    st.integers(0, 50),
)
def test_nothing_hidden_is_known(rows: list[tuple[int, int, int]], cut: int) -> None:
    by_user: dict[int, list[tuple[int, int]]] = {user: [] for user in range(5)}
    for user, item, time in rows:
        by_user[user].append((item, time))
    for split in (time_cut(log(by_user, 7), cut), leave_one_out(log(by_user, 7))):
        for history, targets in zip(split.histories, split.targets, strict=True):
            assert len(targets) >= 1
            assert len(set(targets.tolist())) == len(targets)
            assert not set(history.tolist()) & set(targets.tolist())


def test_a_sample_asks_fewer_shoppers_and_the_same_for_the_same_seed() -> None:
    split = time_cut(log(), cut=5)
    assert len(split.sample(2)) == 2
    assert split.sample(2, seed=3).users.tolist() == split.sample(2, seed=3).users.tolist()
    assert split.sample(50) is split
