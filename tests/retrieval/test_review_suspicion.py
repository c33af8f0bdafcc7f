from __future__ import annotations

import numpy as np

from retrieval.reviews.suspicion import (
    Suspect,
    added_suspicions,
    copy_key,
    find_bursts,
    find_copies,
    suspicions,
    weight_of,
)

DAY = 86400.0
LONG = (
    "I bought this kettle for my kitchen and it has been boiling water every day since then without trouble"
)
OTHER = "The handle came loose after a month of use and the seller did not want to hear about it at all"


def suspect(number: int, text: str = LONG, **facts: object) -> Suspect:
    values = {"item_id": "a", "stars": 5.0, "time": number * 30 * DAY, "positive": True} | facts
    return Suspect(review_id=f"r{number:03}", text=text, **values)  # type: ignore[arg-type]


def test_a_copy_is_the_later_one_even_on_another_product() -> None:
    changed = LONG.replace("every day", "each day") + " at all, buy it"
    assert find_copies([suspect(2, item_id="b"), suspect(1), suspect(3, OTHER)]) == {"r002"}
    assert find_copies([suspect(1), suspect(2, LONG.upper() + "!!")]) == {"r002"}
    assert find_copies([suspect(1), suspect(2, changed)]) <= {"r002"}


def test_short_texts_agree_by_chance() -> None:
    assert (
        find_copies([suspect(1, "Great phone, works well"), suspect(2, "Great phone, works well")]) == set()
    )
    assert copy_key("Great phone, works well") == ""


def test_a_burst_of_one_opinion_is_named_and_a_steady_rate_is_not() -> None:
    steady = [suspect(i) for i in range(24)]
    burst = [suspect(100 + i, time=400 * DAY + i * 3600, stars=5.0) for i in range(9)]
    assert find_bursts(steady) == set()
    assert find_bursts(steady + burst) == {s.review_id for s in burst}


def test_many_reviews_at_once_of_mixed_opinion_are_a_sale_not_a_campaign() -> None:
    steady = [suspect(i) for i in range(24)]
    mixed = [suspect(100 + i, time=400 * DAY + i * 3600, stars=float(1 + i % 5)) for i in range(10)]
    assert find_bursts(steady + mixed) == set()


def test_a_busy_season_is_no_burst() -> None:
    steady = [suspect(i) for i in range(24)]
    season = [suspect(100 + i, time=400 * DAY + i * 12 * 3600) for i in range(60)]
    assert find_bursts(steady + season) == set()


def test_reviews_that_all_came_on_one_day_have_no_rate_to_break() -> None:
    assert find_bursts([suspect(i, time=float(i)) for i in range(50)]) == set()


def test_praise_in_capitals_weighs_less_and_complaint_in_capitals_does_not() -> None:
    praise, complaint = (
        suspect(1, "BEST KETTLE EVER BUY IT NOW"),
        suspect(2, "WORST KETTLE EVER", positive=False),
    )
    assert suspicions([praise, complaint]) == {"r001": ("capitals",)}
    assert weight_of(()) == 1.0
    assert weight_of(("copy", "capitals")) == np.float64(0.1)


def test_a_new_review_is_held_against_the_shop_and_its_product() -> None:
    new = suspect(9)
    assert added_suspicions(new, [], copied=False) == ()
    assert added_suspicions(new, [], copied=True) == ("copy",)
    assert added_suspicions(new, [suspect(1)], copied=False) == ("copy",)


def test_ten_thousand_copies_take_seconds_not_hours() -> None:
    copies = [suspect(i, LONG, time=float(i)) for i in range(3_000)]
    assert len(find_copies(copies)) == 2_999
