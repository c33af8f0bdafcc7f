"""What a crowd does to a turn: many visitors of the served page at once, each talking without a pause.

    python -m benchmarks.crowd [SHOP] [--turns 2000] [--visitors 50] [--direct]

The page is started as `aisle serve` does, behind a proxy that gives each visitor an address of their own, so
that all of them compete for the turns that the page makes at once. With ``--direct``, threads call the Python
API instead, where nobody queues. Without SHOP the demo shop. Milliseconds from asking to the whole answer; a
turn that takes more than ten times the median has starved. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.damage import copied
from benchmarks.demo import demo_shop
from benchmarks.page import free_port, running
from benchmarks.turn import CONVERSATIONS

STARVED = 10
"""Times the median."""
Turn = Callable[[int, str, str], str]
"""Answers visitor, conversation and text with the conversation, which the page names."""


def texts(visitor: int) -> Iterator[tuple[bool, str]]:
    """What a visitor says, for ever, and whether it begins a conversation; each visitor begins elsewhere."""
    number = visitor
    while True:
        for place, text in enumerate(CONVERSATIONS[number % len(CONVERSATIONS)]):
            yield place == 0, text
        number += 1


def visit(turn: Turn, visitor: int, turns: int) -> list[float]:
    """Milliseconds of each turn of one visitor."""
    took, conversation = [], ""
    for begins, text in islice(texts(visitor), turns):
        started = time.perf_counter()
        conversation = turn(visitor, "" if begins else conversation, text)
        took.append(1000 * (time.perf_counter() - started))
    return took


@contextmanager
def page(shop: Path, visitors: int) -> Iterator[Turn]:
    """The served page, asked as browsers do."""
    port = free_port()
    os.environ |= {"AISLE_TRUSTED_PROXIES": "127.0.0.1", "AISLE_REQUESTS_PER_MINUTE": "100000"}
    command = [sys.executable, "-m", "ui.cli", "serve", str(shop), "--port", str(port)]
    with running(command, port) as address:
        clients = [
            httpx.Client(base_url=address, timeout=300, headers={"X-Forwarded-For": f"192.0.2.{n + 1}"})
            for n in range(visitors)
        ]
        for client in clients:
            client.get("/").raise_for_status()

        def turn(visitor: int, conversation: str, text: str) -> str:
            answer = clients[visitor].post(
                "/api/say", json={"text": text, "conversation": conversation or None}
            )
            answer.raise_for_status()
            events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
            if events[-1]["type"] != "reply":
                raise SystemExit(f"{text!r} was answered with {events[-1]}")
            return str(events[0]["conversation"])

        yield turn


@contextmanager
def api(shop: Path, _visitors: int) -> Iterator[Turn]:
    """The Python API, called by threads."""
    from agent.assistant import ShoppingAssistant

    assistant = ShoppingAssistant.open(shop)
    assistant.reply("hello")  # opens what is opened lazily

    def turn(visitor: int, conversation: str, text: str) -> str:
        session = conversation or uuid.uuid4().hex
        assistant.reply(text, user_id=f"visitor {visitor}", session_id=session)
        return session

    yield turn


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shop", nargs="?", type=Path, help="a built shop; it is copied")
    parser.add_argument("--turns", type=int, default=2000, help="of all visitors together")
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--direct", action="store_true", help="the Python API instead of the page")
    given = parser.parse_args()
    each = -(-given.turns // given.visitors)
    shop = given.shop or demo_shop()
    with tempfile.TemporaryDirectory(dir=shop.parent) as folder:
        opened: Any = api if given.direct else page
        with (
            opened(copied(shop, Path(folder) / "shop"), given.visitors) as turn,
            ThreadPoolExecutor(given.visitors) as crowd,
        ):
            started = time.perf_counter()
            visits = crowd.map(lambda visitor: visit(turn, visitor, each), range(given.visitors))
            took = [milliseconds for visit_ in visits for milliseconds in visit_]
            seconds = time.perf_counter() - started
    median = float(np.median(took))
    result = {
        "turns": len(took),
        "visitors": given.visitors,
        "turns_a_second": round(len(took) / seconds, 1),
        "median_ms": round(median),
        "p95_ms": round(float(np.percentile(took, 95))),
        "max_ms": round(max(took)),
        "max_over_median": round(max(took) / median, 1),
        "starved": sum(milliseconds > STARVED * median for milliseconds in took),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
