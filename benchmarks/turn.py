"""How long a turn takes on the demo shop without an LLM, whole conversations through the Python API.

Run with `python -m benchmarks.turn [--rounds N]`. The baseline in the same run is the bare search of the
same words, so the ratio says what understanding, ranking, reasons, guards and the stored state cost.
"""

from __future__ import annotations

import argparse
import json
import time
import uuid

import numpy as np

from benchmarks.demo import demo_shop

CONVERSATIONS = (
    ("a quiet coffee grinder under $80", "cheaper", "something like the second one", "not that brand"),
    ("recommend me something", "more like the first one", "what do buyers say about it?"),
    ("gift under $30 for a kid", "not a puzzle", "compare the first two"),
    ("waterproof jacket", "under a hundred dollars", "in blue", "what goes well with it?"),
    ("headphones with long battery life", "a bit cheaper", "tell me more about the third"),
    ("I need a tent for 4 people", "lighter", "what is your return policy?", "start over"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="times each conversation is held")
    rounds = parser.parse_args().rounds

    from agent.assistant import ShoppingAssistant

    assistant = ShoppingAssistant.open(demo_shop())
    shoppers = (None, *assistant.most_active_shoppers(5))
    assistant.reply("hello")  # opens what is opened lazily
    turns, searches = [], []
    stages: dict[str, list[float]] = {}
    for round_ in range(rounds):
        for conversation in CONVERSATIONS:
            session = uuid.uuid4().hex
            for text in conversation:
                started = time.perf_counter()
                reply = assistant.reply(text, user_id=shoppers[round_ % len(shoppers)], session_id=session)
                turns.append(1000 * (time.perf_counter() - started))
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
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
