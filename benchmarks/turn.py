"""How long a turn takes without an LLM, whole conversations through the Python API.

Run with `python -m benchmarks.turn [--rounds N] [--shop DIR | --products N]`: the demo shop with its own
conversations, or any built shop, or one of N real titles (`benchmarks.big_shop`), with random dialogues. The
baseline in the same run is the bare search of the same words, so the ratio says what understanding, ranking,
reasons, guards and the stored state cost.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.big_shop import TITLES, big_shop
from benchmarks.demo import DEMO, demo_shop
from benchmarks.simulation.random_dialogues import RandomShopper

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

CONVERSATIONS = (
    ("a quiet coffee grinder under $80", "cheaper", "something like the second one", "not that brand"),
    ("recommend me something", "more like the first one", "what do buyers say about it?"),
    ("gift under $30 for a kid", "not a puzzle", "compare the first two"),
    ("waterproof jacket", "under a hundred dollars", "in blue", "what goes well with it?"),
    ("headphones with long battery life", "a bit cheaper", "tell me more about the third"),
    ("I need a tent for 4 people", "lighter", "what is your return policy?", "start over"),
)


def _dialogues(assistant: ShoppingAssistant, round_: int) -> list[list[str]]:
    """Six random dialogues of the shop's own words, four turns each."""
    products = list(assistant.shop.catalog.products())
    found = []
    for number in range(len(CONVERSATIONS)):
        shopper = RandomShopper(products, random.Random(f"{round_}-{number}"))
        found.append([shopper.first(), *(shopper.next(()) for _ in range(3))])
    return found


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="times each conversation is held")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--shop", type=Path, help="a built shop; default: the demo shop")
    where.add_argument("--products", type=int, help="a shop of so many real titles")
    options = parser.parse_args()
    if options.products and not TITLES.is_file():
        print(json.dumps({"skipped": f"no {TITLES}; set AISLE_DATA"}))
        return

    from agent.assistant import ShoppingAssistant

    folder = options.shop or (big_shop(options.products) if options.products else demo_shop())
    assistant = ShoppingAssistant.open(folder)
    shoppers = (None, *assistant.most_active_shoppers(5))
    assistant.reply("hello")  # opens what is opened lazily
    turns, searches = [], []
    stages: dict[str, list[float]] = {}
    peaks: dict[str, int] = {}  # MiB by turns so far, at each power of ten: growth would show
    for round_ in range(options.rounds):
        for conversation in CONVERSATIONS if folder == DEMO / "shop" else _dialogues(assistant, round_):
            session = uuid.uuid4().hex
            for text in conversation:
                started = time.perf_counter()
                reply = assistant.reply(text, user_id=shoppers[round_ % len(shoppers)], session_id=session)
                turns.append(1000 * (time.perf_counter() - started))
                if str(len(turns)).strip("0") == "1":
                    peaks[str(len(turns))] = _peak_mib()
                for stage, ms in reply.record.stages_ms.items():
                    stages.setdefault(stage, []).append(ms)
                started = time.perf_counter()
                assistant.shop.search.search(text, k=10)
                searches.append(1000 * (time.perf_counter() - started))
    result = {
        "p50_ms": round(float(np.percentile(turns, 50)), 1),
        "p95_ms": round(float(np.percentile(turns, 95)), 1),
        "search_p50_ms": round(float(np.percentile(searches, 50)), 1),
        "search_p95_ms": round(float(np.percentile(searches, 95)), 1),
        "stages_p95_ms": {name: round(float(np.percentile(ms, 95)), 1) for name, ms in stages.items()},
        "turns": len(turns),
        "peak_mib_by_turns": {**peaks, str(len(turns)): _peak_mib()},
        "products": assistant.shop.catalog.count(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
