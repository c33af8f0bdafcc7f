"""How fast products are imported, and in how much memory, beside a bare read of the same file.

    python -m benchmarks.import_speed [--rows 1000000]

Writes a table of products, reads it with `csv` and `pyarrow.csv` alone, and imports it into a new catalogue,
each in a process of its own, at a tenth of the rows and at all of them: linear is a factor of 10.
JSON on the last line.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

COLUMNS = (
    "id", "title", "description", "brand", "category", "price", "stock", "color", "weight", "washable",
    "image",
)  # fmt: skip
COLORS = ("red", "blue", "black", "white", "green")
KINDS = ("Kettle", "Lamp", "Tent", "Mug", "Chair", "Scarf")
READERS = ("csv", "pyarrow", "import")


def write_table(path: Path, rows: int) -> None:
    """A table as shops have them: ids, texts, prices, a category path and a few attributes."""
    chance = random.Random(7)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows):
            kind, color = chance.choice(KINDS), chance.choice(COLORS)
            writer.writerow(
                (
                    f"P{number}",
                    f"{color.capitalize()} {kind} {number}",
                    f"A {color} {kind.lower()} for every day. It keeps what number {number} promises.",
                    f"Brand {number % 400}",
                    f"Home > {kind}s > {color.capitalize()}",
                    f"{chance.uniform(3, 300):.2f}",
                    chance.randrange(50),
                    color,
                    f"{chance.uniform(0.1, 9):.1f} kg",
                    chance.choice(("yes", "no")),
                    f"https://example.org/{number}.jpg",
                )
            )


def read_csv(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.DictReader(file))


def read_pyarrow(path: Path) -> int:
    from pyarrow import csv as arrow_csv

    return int(arrow_csv.read_csv(path).num_rows)


def read_import(path: Path) -> int:
    from sqlalchemy import create_engine, event

    from retrieval.catalog import Catalog
    from retrieval.importers import EventCounts, import_files

    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/shop.db")
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA journal_mode=WAL"))
        catalog = Catalog(engine)
        summary = import_files(catalog, lambda events: EventCounts(), products=path)
        return summary.files[0].added


def measured(reader: str, path: Path) -> dict[str, Any]:
    """Seconds of processor time and of the clock, and peak memory of a process that does nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_speed", "--only", reader, "--file", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def run_only(reader: str, path: Path) -> dict[str, Any]:
    started, before = time.perf_counter(), time.process_time()
    rows = {"csv": read_csv, "pyarrow": read_pyarrow, "import": read_import}[reader](path)
    seconds = time.perf_counter() - started
    return {
        "rows": rows,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(time.process_time() - before, 1),
        "rows_per_second": round(rows / seconds),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", choices=READERS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        print(json.dumps(run_only(given.only, given.file)))
        return
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for rows in (given.rows // 10, given.rows):
            path = Path(folder) / f"products_{rows}.csv"
            write_table(path, rows)
            for reader in READERS:
                report[f"{reader}_{rows}"] = found = measured(reader, path)
                print(f"{reader:8} {rows:>9,} rows: {found}", flush=True)
    small, large = report[f"import_{given.rows // 10}"], report[f"import_{given.rows}"]
    report["times_for_10_times_the_rows"] = round(large["cpu_seconds"] / max(0.1, small["cpu_seconds"]), 2)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
