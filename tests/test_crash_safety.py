"""kill -9 at any moment of an import or a build: the next run completes, and nothing acknowledged is lost."""

from __future__ import annotations

import csv
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.errors import ShopError
from agent.shop import Shop
from tests.conftest import ROOT, run_aisle

KILLS = 20
PRODUCTS = 80


@pytest.fixture(scope="module")
def files(demo_files: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A part of the demo shop, small enough to build many times."""
    folder = tmp_path_factory.mktemp("files")
    kept = {row["id"] for row in _rows(demo_files / "products.csv")[:PRODUCTS]}
    for name, key in (("products", "id"), ("reviews", "item_id"), ("events", "item_id")):
        rows = [row for row in _rows(demo_files / f"{name}.csv") if row[key] in kept]
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    return {name: folder / f"{name}.csv" for name in ("products", "reviews", "events")}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _kill_after(seconds: float, *arguments: str | Path) -> bool:
    """Start `aisle`, kill it after ``seconds``; whether it was still running then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return running


def _seconds(*arguments: str | Path) -> float:
    """How long the command takes here when nobody kills it: machines differ, and kills are drawn from it."""
    started = time.monotonic()
    done = run_aisle(*arguments)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - started


def _counts(folder: Path) -> tuple[int, int, int]:
    shop = Shop.open(folder)
    counts = shop.catalog.count(), shop.catalog.review_count(), shop.events.count()
    shop.engine.dispose()
    return counts


def _import_all(folder: Path, files: dict[str, Path]) -> list[str | Path]:
    options = [part for name, path in files.items() for part in (f"--{name}", path)]
    return ["import", folder, *options]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_acknowledged_is_lost_when_import_and_build_are_killed(
    files: dict[str, Path], tmp_path: Path
) -> None:
    folder, moments = tmp_path / "shop", random.Random(7)
    done = run_aisle("import", folder, "--products", files["products"])
    assert done.returncode == 0, done.stderr
    acknowledged = _counts(folder)
    assert acknowledged == (PRODUCTS, 0, 0)

    whole = _seconds(*_import_all(tmp_path / "other", files))
    killed = 0
    for _ in range(KILLS // 2):
        killed += _kill_after(moments.uniform(0.1, 0.7) * whole, *_import_all(folder, files))
        counts = _counts(folder)
        assert all(now >= before for now, before in zip(counts, acknowledged, strict=True))
    done = run_aisle(*_import_all(folder, files))
    assert done.returncode == 0, done.stderr
    complete = (PRODUCTS, len(_rows(files["reviews"])), len(_rows(files["events"])))
    assert _counts(folder)[:2] == complete[:2]
    assert _counts(folder)[2] >= complete[2]  # starred reviews are ratings as well
    everything = _counts(folder)

    whole = _seconds("build", tmp_path / "other")
    for _ in range(KILLS - KILLS // 2):  # a build goes on where it was killed: later ones are shorter
        killed += _kill_after(moments.uniform(0.05, 0.5) * whole, "build", folder)
        assert _counts(folder) == everything
    done = run_aisle("build", folder)
    assert done.returncode == 0, done.stderr
    answer = run_aisle("ask", folder, _rows(files["products"])[0]["title"])
    assert answer.returncode == 0, answer.stderr
    assert _rows(files["products"])[0]["title"] in answer.stdout
    assert killed >= KILLS // 2, "the runs were too fast to be killed: make the files larger"


def test_a_missing_pointer_is_mended_from_the_database(copied_shop: Path) -> None:
    (copied_shop / "CURRENT").unlink()
    answer = run_aisle("ask", copied_shop, "a tent")
    assert answer.returncode == 0, answer.stderr
    assert (copied_shop / "CURRENT").is_file()


def test_a_build_with_a_torn_file_is_not_served(copied_shop: Path) -> None:
    shop = Shop.open(copied_shop)
    name = next(name for name, file in shop.manifest["files"].items() if file["bytes"] > 0)
    (shop.build_folder / name).write_bytes(b"")
    with pytest.raises(ShopError, match="aisle build"):
        _ = Shop.open(copied_shop).build_folder
