"""The event log: validated, append-only, idempotent; and what each event weighs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cf_engine.events import Event, EventLog
from cf_engine.log.weights import EventKind, EventWeights

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def event(
    user: str = "u1", item: str = "i1", kind: EventKind = "view", minute: int = 0, **more: Any
) -> Event:
    return Event(
        user_id=user,
        item_id=item,
        kind=kind,
        time=NOON + timedelta(minutes=minute),
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def log(engine: sa.Engine) -> EventLog:
    return EventLog(engine)


def test_a_time_without_zone_is_utc_and_any_other_becomes_utc() -> None:
    naive = Event(user_id="u", item_id="i", kind="view", time=datetime(2026, 5, 1, 12))
    east = Event(
        user_id="u",
        item_id="i",
        kind="view",
        time=datetime(2026, 5, 1, 14, tzinfo=timezone(timedelta(hours=2))),
    )
    assert naive.time == east.time == NOON
    assert east.time.tzinfo is UTC


def test_events_without_id_that_say_the_same_are_one_event() -> None:
    assert event().event_id == event().event_id != event(minute=1).event_id


def test_numbers_serve_as_ids() -> None:
    read = Event.model_validate({"user_id": 7, "item_id": 12, "kind": "view", "time": "2026-05-01T12:00:00Z"})
    assert (read.user_id, read.item_id) == ("7", "12")


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "stare"), ("user_id", ""), ("item_id", "  "), ("time", "soon"), ("value", float("nan"))],
)
def test_a_bad_field_is_refused_by_name(field: str, value: object) -> None:
    good = {"user_id": "u", "item_id": "i", "kind": "view", "time": NOON}
    with pytest.raises(ValidationError, match=field):
        Event.model_validate(good | {field: value})


@pytest.mark.parametrize("stars", [None, 0, 6])
def test_a_rating_needs_its_stars(stars: float | None) -> None:
    with pytest.raises(ValidationError, match="stars"):
        event(kind="rating", value=stars)


def test_what_is_appended_is_read_back(log: EventLog) -> None:
    given = event(kind="rating", value=4.5, session_id="s1", event_id="e1")
    assert log.append([given]) == 1
    assert log.history("u1") == (given,)
    assert log.count() == 1


def test_the_same_event_id_twice_is_one_event(log: EventLog) -> None:
    assert log.append([event(event_id="e1"), event(event_id="e1", item="other")]) == 1
    assert log.append([event(event_id="e1"), event(event_id="e2")]) == 1
    assert [e.item_id for e in log.events()] == ["i1", "i1"]


def test_history_is_oldest_first_whatever_the_order_of_arrival(log: EventLog) -> None:
    log.append([event(item="late", minute=9), event(item="early", minute=1)])
    log.append([event(item="middle", minute=5), event("u2", "else", minute=2)])
    assert [e.item_id for e in log.history("u1")] == ["early", "middle", "late"]
    assert [e.item_id for e in log.events()] == ["early", "else", "middle", "late"]


def test_a_limited_history_keeps_the_newest(log: EventLog) -> None:
    log.append(event(item=f"i{n}", minute=n) for n in range(10))
    assert [e.item_id for e in log.history("u1", limit=3)] == ["i7", "i8", "i9"]


def test_nothing_of_a_failed_append_stays(log: EventLog) -> None:
    def broken() -> Iterator[Event]:
        yield event()
        raise OSError("the file ended")

    with pytest.raises(OSError, match="ended"):
        log.append(broken())
    assert log.count() == 0


def test_popularity_counts_kinds_by_weight_and_halves_with_age(log: EventLog) -> None:
    weights = EventWeights(view=1, purchase=4, half_life_days=1)
    day = 24 * 60
    log.append(
        [event(item="old"), event(item="new", minute=day), event(item="bought", kind="purchase", minute=day)]
    )
    log.append([event(item="hated", kind="dislike", minute=day)])
    assert log.popularity(weights) == pytest.approx({"old": 0.5, "new": 1, "bought": 4})


def test_what_is_taken_back_in_a_session_leaves_everything_else(log: EventLog) -> None:
    log.append(
        [
            event(kind="like", session_id="s"),
            event(kind="like", session_id="earlier", minute=1),
            event(kind="view", session_id="s", minute=2),
            event(user="u2", kind="like", session_id="s", minute=3),
        ]
    )
    assert log.take_back("u1", "i1", "like", "s") == 1
    assert [(e.kind, e.session_id) for e in log.history("u1")] == [("like", "earlier"), ("view", "s")]
    assert len(log.history("u2")) == 1


def test_forgetting_a_shopper_erases_their_events_alone(log: EventLog) -> None:
    log.append([event("u1", "a"), event("u1", "b"), event("u2", "c")])
    assert log.forget("u1") == 2
    assert log.history("u1") == ()
    assert log.user_ids() == ("u2",)
    assert log.forget("nobody") == 0


def test_the_hash_tells_contents_apart_not_orders(log: EventLog, tmp_path: Path) -> None:
    one, two = event(item="a"), event(item="b", minute=1)
    other = EventLog(sa.create_engine(f"sqlite:///{tmp_path / 'other.db'}"))
    empty = log.content_hash()
    log.append([one, two])
    other.append([two])
    assert len({empty, log.content_hash(), other.content_hash()}) == 3
    other.append([one])
    assert log.content_hash() == other.content_hash()
    log.forget("u1")
    assert log.content_hash() == empty


def test_an_id_is_data_never_sql(log: EventLog) -> None:
    nasty = "u'; DROP TABLE events; --"
    log.append([event(nasty)])
    assert [e.user_id for e in log.history(nasty)] == [nasty]


def test_a_log_survives_reopening(log: EventLog, engine: sa.Engine) -> None:
    log.append([event()])
    assert EventLog(engine).count() == 1


def test_weights_rise_from_view_to_purchase() -> None:
    weights = EventWeights()
    rising = [weights.of(kind) for kind in ("view", "click", "like", "cart", "purchase")]
    assert rising == sorted(rising)
    assert rising[0] > 0 > weights.of("dislike")


@pytest.mark.parametrize(("stars", "positive"), [(1, False), (2, False), (3, True), (4, True), (5, True)])
def test_few_stars_weigh_negative(stars: float, positive: bool) -> None:
    assert (EventWeights().of("rating", stars) > 0) is positive


@given(st.floats(0.5, 5), st.floats(0.5, 5))
def test_more_stars_never_weigh_less(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert EventWeights().of("rating", low) <= EventWeights().of("rating", high)


def test_half_is_left_after_a_half_life() -> None:
    weights = EventWeights(half_life_days=10)
    assert weights.decay(timedelta(days=10)) == pytest.approx(0.5)
    assert weights.decay(timedelta(days=20)) == pytest.approx(0.25)
    assert weights.decay(timedelta(days=-3)) == 1


def test_senseless_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="half_life_days"):
        EventWeights(half_life_days=0)
    with pytest.raises(ValueError, match="dislike"):
        EventWeights(dislike=0.5)
    with pytest.raises(ValueError, match="unknown event kind 'stare'"):
        EventWeights().of("stare")
