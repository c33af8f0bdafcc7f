"""What is kept of shoppers in the shop's database: consents, carts, turns; and that it can be deleted."""

from __future__ import annotations

from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import pytest
import sqlalchemy as sa

from agent.records import Card, TurnRecord
from agent.storage.carts import MAX_QUANTITY, Carts, cart_owner
from agent.storage.consents import DEFAULTS, Consents, masked
from agent.storage.turns import TurnStore

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def turn(turn_id: str, user_id: str | None = "ann", time: datetime = NOW) -> TurnRecord:
    card = Card(handle="P1", item_id="mug", title="Red mug")
    return TurnRecord(
        turn_id=turn_id, session_id="s", user_id=user_id, time=time, utterance="a mug", shown=(card,)
    )


def test_who_never_decided_has_the_defaults(engine: sa.Engine) -> None:
    consents = Consents(engine)
    assert consents.given("ann") == consents.given(None) == DEFAULTS
    assert not consents.decided("ann", "remember")


def test_a_decision_is_kept_and_can_be_taken_back(engine: sa.Engine) -> None:
    consents = Consents(engine)
    consents.decide("ann", "remember", True)
    assert consents.given("ann")["remember"]
    consents.decide("ann", "remember", False)
    assert not consents.given("ann")["remember"]
    assert consents.decided("ann", "remember")
    assert consents.given("bob") == DEFAULTS


def test_a_purpose_that_does_not_exist_is_an_error(engine: sa.Engine) -> None:
    with pytest.raises(ValueError, match="personalise, remember, exposure"):
        Consents(engine).decide("ann", "sell", True)  # type: ignore[arg-type]


def test_a_cart_counts_up_and_down_and_never_below_nothing(engine: sa.Engine) -> None:
    carts = Carts(engine)
    assert [carts.put("user:ann", "mug", n) for n in (1, 2, -1, -9)] == [1, 3, 2, 0]
    assert carts.items("user:ann") == {}


def test_two_choices_of_a_product_are_two_lines(engine: sa.Engine) -> None:
    carts = Carts(engine)
    for size in ("41", "42", "42"):
        carts.put("user:ann", "shoe", 1, {"Size": size})
    assert [(line.options, line.quantity) for line in carts.lines("user:ann")] == [
        ({"Size": "41"}, 1),
        ({"Size": "42"}, 2),
    ]
    assert carts.items("user:ann") == {"shoe": 3}
    carts.put("user:ann", "shoe", -2, {"Size": "42"})
    assert [line.options for line in carts.lines("user:ann")] == [{"Size": "41"}]


def test_carts_of_an_earlier_version_are_taken_over_once(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE carts (owner VARCHAR(220), item_id VARCHAR(200), quantity INTEGER)",
            "CREATE TABLE cart_options (owner VARCHAR(200), item_id VARCHAR(200), options TEXT)",
            "INSERT INTO carts VALUES ('user:ann', 'shoe', 2), ('session:s', 'mug', 1)",
            """INSERT INTO cart_options VALUES ('ann', 'shoe', '{"Size": "41"}')""",
        ):
            connection.exec_driver_sql(statement)
    for carts in (Carts(engine), Carts(engine)):
        assert [(line.options, line.quantity) for line in carts.lines("user:ann")] == [({"Size": "41"}, 2)]
        assert carts.items("session:s") == {"mug": 1}
    assert not sa.inspect(engine).has_table("carts")


def test_a_guest_has_a_cart_of_the_session() -> None:
    assert cart_owner(None, "s1") != cart_owner("s1", "s1")


def test_a_turn_comes_back_as_it_was(engine: sa.Engine) -> None:
    store = TurnStore(engine)
    store.save(turn("t1"), exposure=False)
    assert list(store.turns("s")) == [turn("t1")]
    assert store.last("s") == turn("t1")
    assert store.last("other") is None


def test_exposure_is_kept_only_when_asked_for_and_only_of_known_shoppers(engine: sa.Engine) -> None:
    store = TurnStore(engine)
    store.save(turn("t1"), exposure=False)
    store.save(turn("t2"), exposure=True)
    store.save(turn("t3", user_id=None), exposure=True)
    assert store.exposures("ann") == [("t2", "mug", 1)]


def test_old_turns_can_be_deleted(engine: sa.Engine) -> None:
    store = TurnStore(engine)
    store.save(turn("old", time=NOW - timedelta(days=90)), exposure=True)
    store.save(turn("new"), exposure=True)
    with engine.begin() as connection:
        assert store.prune(NOW - timedelta(days=30), connection) == 1
    assert [kept.turn_id for kept in store.turns("s")] == ["new"]
    assert [turn_id for turn_id, _, _ in store.exposures("ann")] == ["new"]


def test_forgetting_a_shopper_leaves_the_others(engine: sa.Engine) -> None:
    store, carts, consents = TurnStore(engine), Carts(engine), Consents(engine)
    for user in ("ann", "bob"):
        store.save(turn(f"t {user}", user), exposure=True)
        carts.put(cart_owner(user, "s"), "mug")
        consents.decide(user, "exposure", True)
    with engine.begin() as connection:
        for forget in (store.forget, store.forget_exposures, carts.forget, consents.forget):
            assert forget("ann", connection) == 1
    assert [kept.user_id for kept in store.turns("s")] == ["bob"]
    assert carts.items(cart_owner("bob", "s")) == {"mug": 1}
    assert consents.given("bob")["exposure"]


@pytest.mark.parametrize("secret", ["jane.doe@example.org", "+49 170 1234567"])
def test_personal_data_is_masked(secret: str) -> None:
    assert secret not in masked(f"please write to {secret}, thanks")


SESSIONS, ROUNDS = 8, 5
STEPS = (1, 1, -1, 2, -2)
"""Five cart operations; a session makes them five times, and one product is left of each five."""


def fill_cart(url: str, session: str) -> None:
    carts = Carts(sa.create_engine(url))
    for _ in range(ROUNDS):
        for quantity in STEPS:
            carts.put(cart_owner("ann", session), "mug", quantity)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_two_hundred_cart_operations_at_once_all_count(pool: type[Executor], database: str) -> None:
    url = f"{database}?timeout=30" if database.startswith("sqlite") else database
    carts = Carts(sa.create_engine(url))
    context = {"mp_context": get_context("spawn")} if pool is ProcessPoolExecutor else {}
    with pool(SESSIONS, **context) as sessions:
        list(sessions.map(fill_cart, [url] * SESSIONS, map(str, range(SESSIONS))))
    assert carts.items(cart_owner("ann", "any")) == {"mug": SESSIONS * ROUNDS * sum(STEPS)}


def test_a_cart_holds_no_more_than_it_may_and_a_product_taken_out_is_gone(engine: sa.Engine) -> None:
    carts = Carts(engine)
    assert carts.put("user:ann", "mug", 10**6) == carts.put("user:ann", "mug", 1) == MAX_QUANTITY
    assert carts.put("user:ann", "cup", -1) == 0
    assert carts.put("user:ann", "mug", -MAX_QUANTITY) == 0
    assert carts.items("user:ann") == {}
