"""Growth: 0.1, 1 and 5 million synthetic events; seconds, memory, and how they grow with events.

    python -m benchmarks.cf_growth [--sizes 100000 1000000 5000000] [--items 20000] [--without-network]

Each size runs in a process of its own, so that its peak memory is its own. The log: shoppers with a taste
(one of 200 groups of items) and ten events on average, long-tailed; within a taste items follow a popularity
curve. Appending and reading the event log is measured on the first 100,000 events alone: it is a stream.
The last line is JSON: `by_size`, and `exponents`: the slope of log(seconds) over log(events) between the last
two sizes, where 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TASTES = 200
EVENTS_EACH = 10
STREAMED = 100_000


def synthetic(n_events: int, n_items: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Users, items and times of a log: each shopper stays within a taste three times in four."""
    rng = np.random.default_rng(seed)
    n_users = n_events // EVENTS_EACH
    lengths = np.minimum(rng.geometric(1 / EVENTS_EACH, n_users), 200)
    user = np.repeat(np.arange(n_users), lengths)[:n_events]
    user = np.concatenate([user, rng.integers(0, n_users, n_events - len(user))])
    per_taste = n_items // TASTES
    rank = np.minimum(rng.zipf(1.3, n_events) - 1, n_items - 1)
    taste = rng.integers(0, TASTES, n_users)[user]
    own = taste * per_taste + rank % per_taste
    item = np.where(rng.random(n_events) < 0.75, own, rng.permutation(n_items)[rank])
    return user, item, rng.random(n_events) * 365 * 86_400


def measure(n_events: int, n_items: int, *, network: bool) -> dict[str, Any]:
    from cf_engine.interactions import IdMap, Interactions
    from cf_engine.models.copurchase import CoPurchases
    from cf_engine.models.item_item import ItemItem
    from cf_engine.models.popularity import Popularity

    user, item, when = synthetic(n_events, n_items)
    found: dict[str, Any] = {"events": n_events}
    users = IdMap.from_ordered([str(n) for n in range(int(user.max()) + 1)])
    items = IdMap.from_ordered([str(n) for n in range(n_items)])
    log = timed(
        found,
        "interactions_s",
        lambda: Interactions.from_columns(user, item, users=users, items=items, time=when),
    )
    timed(found, "popularity_s", lambda: Popularity().fit(log))
    timed(found, "item_item_s", lambda: ItemItem().fit(log))
    timed(found, "copurchase_s", lambda: CoPurchases.from_pairs(user, item, n_items, "purchase"))
    found["peak_mib_without_network"] = peak_mib()
    if network:
        from cf_engine.models.sasrec import SASRec

        timed(found, "sasrec_epoch_s", lambda: SASRec(stop_at=1).fit(log))
    found["peak_mib"] = peak_mib()
    return found


def measure_stream(n_events: int, n_items: int) -> dict[str, float]:
    """Events a second through the event log, to disk and back."""
    import sqlalchemy as sa

    from cf_engine.events import Event, EventLog

    user, item, when = synthetic(n_events, n_items)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    events = [
        Event(
            user_id=f"u{u}",
            item_id=f"i{i}",
            kind="purchase",
            time=start + timedelta(seconds=float(t)),
            event_id=f"e{n}",
        )
        for n, (u, i, t) in enumerate(zip(user, item, when, strict=True))
    ]
    with tempfile.TemporaryDirectory() as folder:
        log = EventLog(sa.create_engine(f"sqlite:///{folder}/shop.db"))
        started = time.perf_counter()
        log.append(events)
        appended = time.perf_counter()
        count = sum(1 for _ in log.events())
        done = time.perf_counter()
    return {
        "append_per_s": round(count / (appended - started)),
        "read_per_s": round(count / (done - appended)),
    }


def timed(found: dict[str, Any], name: str, work: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    result = work()
    found[name] = round(time.perf_counter() - started, 3)
    return result


def peak_mib() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def exponents(by_size: list[dict[str, Any]]) -> dict[str, float]:
    first, last = by_size[-2], by_size[-1]
    grown = math.log(last["events"] / first["events"])
    return {
        name.removesuffix("_s"): round(math.log(last[name] / max(first[name], 1e-3)) / grown, 2)
        for name in first
        if name.endswith("_s")
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000, 5_000_000])
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument(
        "--without-network", action="store_true", help="leave out the epoch of the sequence model"
    )
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure(args.one, args.items, network=not args.without_network)))
        return
    by_size = []
    for size in args.sizes:
        command = [sys.executable, __file__, "--one", str(size), "--items", str(args.items)]
        command += ["--without-network"] if args.without_network else []
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        by_size.append(json.loads(done.stdout.splitlines()[-1]))
        print(by_size[-1], flush=True)
    result = {"items": args.items, "by_size": by_size, "stream": measure_stream(STREAMED, args.items)}
    if len(by_size) > 1:
        result["exponents"] = exponents(by_size)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
