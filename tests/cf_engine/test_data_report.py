"""The data report: numbers counted by hand, robots found and people left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from cf_engine.events import Event
from cf_engine.log.event_columns import EventColumns
from cf_engine.log.suspicion import suspicious_users
from cf_engine.measuring.data_report import data_report

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def event(user: str, item: str, seconds: float, kind: str = "view", **more: object) -> Event:
    return Event.model_validate(
        {"user_id": user, "item_id": item, "kind": kind, "time": START + timedelta(seconds=seconds), **more}
    )


LOG = [
    event("ann", "a", 0),
    event("ann", "a", 60, "purchase"),
    event("ann", "b", 120),
    event("ann", "b", 120, event_id="the same again"),
    event("bob", "a", 86_400),
    event("cat", "gone", 2 * 86_400),
]


def reasons(events: Iterable[Event]) -> dict[str, tuple[str, ...]]:
    return {found.user_id: found.reasons for found in suspicious_users(EventColumns.read(events))}


def person(name: str, events: int = 60, seed: int = 0) -> list[Event]:
    """Comes in bursts, on some days, in the daytime."""
    rng = np.random.default_rng(seed)
    days = np.sort(rng.integers(0, 90, events)) * 86_400
    return [event(name, f"i{rng.integers(500)}", float(day + rng.exponential(3_000))) for day in days]


def test_the_numbers_of_a_small_log() -> None:
    report = data_report(LOG, ["a", "b", "c", "d"])
    assert (report.events, report.users, report.items, report.catalog_items) == (6, 3, 3, 4)
    assert report.unlisted_items == 1
    assert report.density == pytest.approx(4 / 9)
    assert report.kinds == {"view": 5, "purchase": 1}
    assert report.events_per_user["max"] == 4
    assert report.events_per_item["mean"] == pytest.approx(2)
    assert (report.cold_items, report.thin_items) == (0.5, 1.0)
    assert report.one_event_users == pytest.approx(2 / 3)
    assert report.repeat_rate == pytest.approx(2 / 6)
    assert report.duplicates == 1
    assert (report.first, report.days) == ("2026-03-01T09:00:00", 2.0)
    assert not report.day_resolution
    assert report.suspicious == ()


def test_an_empty_log_is_described_and_told_what_to_use() -> None:
    report = data_report([], ["a"])
    assert (report.events, report.cold_items, report.first) == (0, 1.0, None)
    assert "too few" in report.advice[0]


def test_the_report_is_one_page_that_asks_nothing_of_the_network(tmp_path: Path) -> None:
    report = data_report(LOG, ["a", "b"], tmp_path)
    page = (tmp_path / "data.html").read_text()
    assert report.html == str(tmp_path / "data.html")
    assert page.count("<img ") == 1
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!data:)", page)
    assert json.loads((tmp_path / "data.json").read_text())["events"] == 6


def test_a_page_shows_ids_as_text(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>"
    data_report([event(name, "a", n) for n in range(40)], ["a"], tmp_path)
    page = (tmp_path / "data.html").read_text()
    assert "&lt;script&gt;alert(1)" in page
    assert name not in page


def test_whole_days_are_recognised_and_not_taken_for_pace() -> None:
    midnight = [
        Event(user_id="ann", item_id=f"i{n}", kind="view", time=datetime(2026, 1, 1 + n % 2, tzinfo=UTC))
        for n in range(80)
    ]
    report = data_report(midnight, [])
    assert report.day_resolution
    assert report.suspicious == ()


def test_people_are_left_alone() -> None:
    events = [one for n in range(30) for one in person(f"p{n}", seed=n)]
    assert reasons(events) == {}


def test_thirty_events_within_a_minute_are_too_fast() -> None:
    rng = np.random.default_rng(0)
    times = np.sort(rng.uniform(0, 59, 30))
    assert reasons(event("bot", f"i{n}", float(t)) for n, t in enumerate(times))["bot"] == (
        "30 events within a minute",
    )
    assert reasons(event("fast", f"i{n}", float(t) * 3) for n, t in enumerate(times)) == {}


def test_an_event_every_ten_seconds_is_a_clock() -> None:
    assert reasons(event("bot", f"i{n}", 10 * n) for n in range(25))["bot"] == (
        "an event every 10.0 s, like a clock",
    )


def test_a_shopper_who_met_most_of_a_large_shop_is_broad() -> None:
    rng = np.random.default_rng(0)
    events = [event("bot", f"i{n}", float(t)) for n, t in enumerate(np.cumsum(rng.exponential(4_000, 150)))]
    others = [one for n in range(10) for one in person(f"p{n}", 10, seed=n)]
    assert any("of all items" in reason for reason in reasons([*events, *others[:100]])["bot"])


def test_far_more_events_than_anybody_is_suspicious() -> None:
    rng = np.random.default_rng(0)
    times = np.cumsum(rng.exponential(9_000, 700))
    bot = [event("bot", f"i{rng.integers(5)}", float(t)) for t in times]
    others = [event(f"p{n}", f"i{n}", n * 1_000.0) for n in range(300)]
    assert any("99% of shoppers" in reason for reason in reasons([*bot, *others])["bot"])


def test_a_shopper_who_never_sleeps_is_suspicious() -> None:
    rng = np.random.default_rng(0)
    midnight = 15 * 3600  # the log starts at nine in the morning
    times = [midnight + hour * 3600 + float(s) for hour in range(23) for s in rng.uniform(0, 3600, 5)]
    assert "active in 23 hours of one day" in reasons(event("bot", "a", t) for t in times)["bot"]


@pytest.mark.parametrize(
    ("users", "each", "expected"),
    [(5, 4, "too few"), (200, 2, "short histories"), (400, 20, "sequence model"), (100, 10, "Item-item")],
)
def test_advice_follows_the_size_of_the_log(users: int, each: int, expected: str) -> None:
    events = [
        event(f"u{u}", f"i{(u * 7 + n) % 90}", u * 1_000 + n * 7_919)
        for u in range(users)
        for n in range(each)
    ]
    assert expected in " ".join(data_report(events, [f"i{n}" for n in range(90)]).advice)
