"""Stars are foretold for each shopper's newest rating, from everything else."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from cf_engine.events import Event
from cf_engine.log.event_columns import EventColumns
from cf_engine.measuring.star_errors import item_means, ratings_of, star_errors
from tests.cf_engine.shops import START


def rating(user: int, item: int, stars: float, minute: int) -> Event:
    return Event(
        user_id=f"u{user}",
        item_id=f"i{item}",
        kind="rating",
        value=stars,
        time=START + timedelta(minutes=minute),
    )


def good_and_bad(shoppers: int = 200) -> list[Event]:
    """Half of the items are good, half are bad; half of the shoppers give two stars less."""
    rng = np.random.default_rng(0)
    return [
        rating(user, item, (5 if item < 10 else 3) - 2 * (user % 2), step)
        for user in range(shoppers)
        for step, item in enumerate(rng.permutation(20)[:8])
    ]


def test_low_stars_count_and_only_the_newest_of_two_ratings() -> None:
    events = [rating(0, 0, 1, 5), rating(0, 0, 4, 3), rating(0, 1, 2, 4)]
    found = ratings_of(EventColumns.read(events))
    assert found.stars.tolist() == [2, 1]


def test_what_is_no_rating_is_left_out() -> None:
    like = Event(user_id="u", item_id="i", kind="like", time=START)
    assert len(ratings_of(EventColumns.read([like]))) == 0


def test_item_means_are_drawn_towards_the_mean_of_all() -> None:
    known = ratings_of(EventColumns.read([rating(0, 0, 5, 0), rating(1, 1, 1, 0)]))
    assert item_means(known).tolist() == pytest.approx([(5 + 5 * 3) / 6, (1 + 5 * 3) / 6])


def test_factors_foretell_better_than_item_means_and_those_better_than_the_mean() -> None:
    errors = star_errors(ratings_of(EventColumns.read(good_and_bad())))
    assert errors["mean"].mean == pytest.approx(np.sqrt(1 + 1), abs=0.1)
    assert errors["item_mean"].mean == pytest.approx(1.0, abs=0.1)
    assert errors["factors"].high < errors["item_mean"].low
    assert errors["factors"].n == 200


def test_too_few_raters_have_no_errors() -> None:
    assert star_errors(ratings_of(EventColumns.read(good_and_bad(19)))) == {}
    assert star_errors(ratings_of(EventColumns.read([]))) == {}
