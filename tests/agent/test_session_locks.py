"""The locks of sessions: turns of one wait for each other, turns of two do not, and none is left behind."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from agent.session_locks import SessionLocks


def test_turns_of_one_session_run_one_after_another() -> None:
    locks, inside, most = SessionLocks(), [0], [0]

    def turn(_: int) -> None:
        with locks.held("s"):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            threading.Event().wait(0.001)
            inside[0] -= 1

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(turn, range(50)))
    assert most == [1]


def test_no_session_waits_for_another() -> None:
    locks = SessionLocks()
    together = threading.Barrier(100, timeout=10)

    def turn(n: int) -> None:
        with locks.held(f"s{n}"):
            together.wait()  # breaks unless all hold their sessions at once

    with ThreadPoolExecutor(100) as crowd:
        list(crowd.map(turn, range(100)))


def test_no_lock_is_left_behind() -> None:
    locks = SessionLocks()
    with locks.held("a"), locks.held("b"):
        assert len(locks) == 2
    assert len(locks) == 0
