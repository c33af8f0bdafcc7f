"""Whole dialogues in people's own words: is each answer right? By shop, by tag, and beside a bare search.

    python -m benchmarks.people --shops DIR [--dialogues DIR] [--verbose]

Data: the dialogues beside AISLE_DATA (default ../shared/dialogues) and their judge (../shared/tools); the
shops, each a built folder in DIR, named as the dialogues name them. ``first_fits`` is the share of first turns
that ask for products whose first product fits: Aisle's answer, and in the same run the first hit of the
shop's own search for the words as they stand. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from agent.assistant import ShoppingAssistant
from benchmarks.needs import load_judge

DATA = Path(os.environ.get("AISLE_DATA", "../shared/data"))


def read_dialogues(folder: Path) -> list[dict[str, Any]]:
    """All dialogues of a folder's ``*.jsonl``, in order; lines that begin with ``//`` are comments."""
    lines = (line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip() and not line.startswith("//")]


def hold(
    assistant: ShoppingAssistant, products: Any, judge: Any, case: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """One dialogue: for each turn what is wrong with the answer, what was shown, and milliseconds."""
    session = assistant.session(case.get("user"))
    earlier: list[list[str]] = []
    for turn in case["turns"]:
        began = time.perf_counter()
        reply = session.reply(turn["say"])
        took = (time.perf_counter() - began) * 1000
        shown = [card.item_id for card in reply.cards]
        wrong = judge.judge(turn, reply.text, shown, earlier, products)
        earlier.append(shown)
        yield {"turn": turn, "wrong": wrong, "shown": shown, "said": reply.text, "ms": took}


def measure(cases: Sequence[dict[str, Any]], shops: Path, judge: Any, verbose: bool) -> dict[str, Any]:
    right: dict[str, list[bool]] = defaultdict(list)
    times: list[float] = []
    for shop in dict.fromkeys(case["shop"] for case in cases):
        if not (shops / shop).is_dir():
            print(f"skipped: no shop {shops / shop}")
            continue
        assistant, products = ShoppingAssistant.open(shops / shop), judge.products_of(shops / shop)
        for case in (case for case in cases if case["shop"] == shop):
            turns = list(hold(assistant, products, judge, case))
            times += [one["ms"] for one in turns]
            right["dialogues"].append(not any(one["wrong"] for one in turns))
            for at, one in enumerate(turns, start=1):
                for key in ("turns", f"shop {shop}", *(f"tag {tag}" for tag in case["tags"])):
                    right[key].append(not one["wrong"])
                if verbose and one["wrong"]:
                    print(
                        f"{case['id']}.{at} {one['turn']['say']!r}\n  {one['wrong']}\n  {one['said'][:200]}"
                    )
            first = turns[0]
            if good := first["turn"].get("good"):
                hits = assistant.shop.search.search(first["turn"]["say"], None, 1).hits
                right["first fits"].append(
                    bool(first["shown"]) and products[first["shown"][0]].satisfies(good)
                )
                right["first fits, search alone"].append(
                    bool(hits) and products[hits[0].item_id].satisfies(good)
                )
    share = {
        key: {"share": round(float(np.mean(values)), 3), "of": len(values)}
        for key, values in sorted(right.items())
    }
    milliseconds = {f"p{q}": round(float(np.percentile(times, q)), 1) for q in (50, 95)} if times else {}
    return {"right": share, "milliseconds": milliseconds}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shops", type=Path, required=True)
    parser.add_argument("--dialogues", type=Path, default=DATA.parent / "dialogues")
    parser.add_argument("--judge", type=Path, default=DATA.parent / "tools" / "judge_dialogues.py")
    parser.add_argument("--verbose", action="store_true")
    chosen = parser.parse_args()
    if not chosen.judge.is_file() or not chosen.dialogues.is_dir():
        print(json.dumps({"skipped": f"no {chosen.judge} or no {chosen.dialogues}"}))
        return
    with threadpool_limits(1):
        print(
            json.dumps(
                measure(
                    read_dialogues(chosen.dialogues), chosen.shops, load_judge(chosen.judge), chosen.verbose
                )
            )
        )


if __name__ == "__main__":
    main()
