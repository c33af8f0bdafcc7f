"""How well Aisle converses: scripted dialogues, random ones, simulated shoppers, claims, attacks, time.

Run with `python -m benchmarks.conversation [--shop DIR …] [--dialogues N] [--random N] [--llm URL]`. Without
`--shop` it takes the demo shop for scripts and attacks, and builds the shops of `AISLE_DATA`
(musical_instruments, digital_music, shopify_export) into `.demo/`; it says what it skips where they are
absent. `--llm` names an OpenAI-compatible endpoint, and adds the part with a real model.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import uuid
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from agent.assistant import ShoppingAssistant
from agent.operations.commands import build, import_files
from agent.records import Reply
from agent.settings import Settings
from benchmarks.attacks import ORDERS, PLACES, run_attacks
from benchmarks.claims_audit import Auditor
from benchmarks.demo import DEMO, ROOT, demo_shop
from benchmarks.llm import killed_midway, with_llm
from benchmarks.simulated import BASELINES, hold_out, simulate, systems
from benchmarks.simulation.dialogues import load_dialogues
from benchmarks.simulation.random_dialogues import run_random
from benchmarks.simulation.runner import run_dialogues
from benchmarks.simulation.shoppers import score

DATA = Path(os.environ.get("AISLE_DATA", ROOT.parent / "shared" / "data"))
REAL: dict[str, dict[str, Any]] = {
    "musical_instruments": {
        "products": "meta_5.csv",
        "events": "anshuv_5.csv",
        "mapping": ["Description=title"],
    },
    "digital_music": {"products": "meta.jsonl.gz", "reviews": "reviews.jsonl.gz"},
    "shopify_export": {"products": "products_export_1.csv"},
}


def main() -> None:
    arguments = _arguments()
    shops = [Path(shop) for shop in arguments.shop] or _real_shops()
    result: dict[str, Any] = {}
    if not arguments.shop:
        result |= _scripted()
    result |= _random(shops if arguments.shop else [demo_shop(), *shops], arguments.random)
    result |= _claims(shops[0] if arguments.shop else demo_shop(), arguments.replies)
    result |= _simulated([shop for shop in shops if _has_events(shop)], arguments.dialogues)
    if not arguments.shop:
        with tempfile.TemporaryDirectory() as folder:
            through = run_attacks(demo_shop(), Path(folder))
        result |= {
            "attacks": len(PLACES) * len(ORDERS),
            "attacks_through": len(through),
            "through": through[:10],
        }
    if arguments.llm:
        result["llm"] = with_llm(demo_shop(), arguments.llm, replies=arguments.llm_replies)
        result["llm"]["killed"] = killed_midway(demo_shop(), arguments.llm)
    print(json.dumps(result))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shop", action="append", default=[], help="a built shop, instead of the usual ones")
    parser.add_argument("--dialogues", type=int, default=500, help="simulated dialogues a shop and system")
    parser.add_argument("--random", type=int, default=1000, help="random dialogues over all shops")
    parser.add_argument("--replies", type=int, default=1000, help="replies whose claims are audited")
    parser.add_argument("--llm", default="", help="base URL of an OpenAI-compatible endpoint")
    parser.add_argument("--llm-replies", type=int, default=100)
    return parser.parse_args()


def _real_shops() -> list[Path]:
    """Import and build the shops of real data, once."""
    made = []
    for name, files in REAL.items():
        source, folder = DATA / name, DEMO / name
        if not source.is_dir():
            _say(f"skipped: no {name} in {DATA}; set AISLE_DATA")
            continue
        if not (folder / "CURRENT").is_file():
            paths = {kind: source / file for kind, file in files.items() if kind != "mapping"}
            import_files(folder, **paths, mapping=files.get("mapping", ()))
        build(folder, settings=Settings(effort="quick"))
        made.append(folder)
    return made


def _scripted() -> dict[str, Any]:
    dialogues = load_dialogues(ROOT / "tests" / "benchmarks" / "dialogues")
    found = run_dialogues(ShoppingAssistant.open(demo_shop()), dialogues)
    for failure in found.failures:
        _say(f"failed: {failure}")
    return {
        "scripted_passed": found.passed,
        "scripted_total": found.total,
    }


def _random(shops: list[Path], count: int) -> dict[str, Any]:
    """Random dialogues over at least three shops: products shown against what was wished."""
    violations: list[str] = []
    told = []
    each = -(-count // max(1, len(shops)))
    for shop in shops:
        found = run_random(ShoppingAssistant.open(shop), each)
        violations += found.violations
        told.append(
            {
                "shop": shop.name,
                "dialogues": found.dialogues,
                "turns": found.turns,
                "products": found.products,
                "violations": len(found.violations),
                "loosened": found.loosened,
                "needless": len(found.needless),
                "empty": len(found.empty),
            }
        )
    for violation in violations[:20]:
        _say(f"violation: {violation}")
    return {"violations": len(violations), "random": told}


def _claims(shop: Path, replies: int) -> dict[str, Any]:
    """Replies of the scripted dialogues' words, audited; how often the guard acted; how long turns took."""
    assistant = ShoppingAssistant.open(shop)
    auditor = Auditor(assistant.shop)
    scripts = [
        [turn.say for turn in dialogue.turns if turn.say]
        for dialogue in load_dialogues(ROOT / "tests" / "benchmarks" / "dialogues")
    ]
    wrong: list[str] = []
    actions: Counter[str] = Counter()
    turns: list[float] = []
    stages: dict[str, list[float]] = {}
    while len(turns) < replies:
        for script in scripts:
            session = uuid.uuid4().hex
            said: list[str] = []
            earlier: list[Reply] = []
            for text in script:
                said.append(text)
                started = time.perf_counter()
                reply = assistant.reply(text, session_id=session)
                turns.append(1000 * (time.perf_counter() - started))
                wrong += [f"{text} -> {what}" for what in auditor.unsupported(reply, said, earlier)]
                earlier.append(reply)
                actions.update(_kinds(reply))
                for stage, ms in reply.record.stages_ms.items():
                    stages.setdefault(stage, []).append(ms)
            if len(turns) >= replies:
                break
    for what in wrong[:20]:
        _say(f"unsupported: {what}")
    return {
        "replies": len(turns),
        "unsupported_claims": len(wrong),
        "guard_actions": dict(actions),
        "turn_p50_ms": round(float(np.percentile(turns, 50)), 1),
        "turn_p95_ms": round(float(np.percentile(turns, 95)), 1),
        "stages_ms": {name: round(float(np.percentile(ms, 95)), 1) for name, ms in stages.items()},
    }


def _kinds(reply: Reply) -> list[str]:
    return [action.split(":")[0] for action in reply.record.guard_actions]


def _simulated(shops: list[Path], dialogues: int) -> dict[str, Any]:
    """Simulated shoppers on each shop. The headline figures are those of the first shop."""
    by_shop = {}
    for shop in shops:
        held_out = hold_out(shop, DEMO / f"{shop.name}-held-out-{dialogues}", dialogues)
        scores = {}
        for name, system in systems(held_out.shop).items():
            scores[name] = asdict(score(simulate(held_out, system)))
            _say(f"{shop.name}: {name}: {scores[name]}")
        best = max(scores[name]["success"] for name in BASELINES)
        strict = max(scores[f"{name} with memory"]["success"] for name in BASELINES)
        by_shop[shop.name] = {
            "success_by_system": scores,
            "success_ratio": round(scores["ours"]["success"] / max(best, 1e-9), 3),
            "success_ratio_with_memory": round(scores["ours"]["success"] / max(strict, 1e-9), 3),
        }
    if not by_shop:
        return {}
    first = next(iter(by_shop.values()))
    return {
        "success": first["success_by_system"]["ours"]["success"],
        "mean_turns": first["success_by_system"]["ours"]["mean_turns"],
        "success_ratio": first["success_ratio"],
        "success_by_system": {name: shop["success_by_system"] for name, shop in by_shop.items()},
        "success_ratios": {
            name: [shop["success_ratio"], shop["success_ratio_with_memory"]] for name, shop in by_shop.items()
        },
    }


def _has_events(shop: Path) -> bool:
    from agent.shop import Shop

    return Shop.open(shop).events.count() > 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
