"""What becomes of a shop whose build is damaged: every file removed, cut in half, and with one bit flipped.

    python -m benchmarks.damage [--products 1020] [--reviews 500] [--seeds 3] [--healed 1.0] [--folder DIR]

Each case damages one file of a fresh copy. Is it seen when the build is opened, in one clear line? Then the
shop is opened as `aisle serve` does and asked, through Chroma (1,000 vectors are what it takes to keep an
index on disk): after how many builds does it answer, and as the whole shop does? That takes one to two
seconds a case, 600 cases a quarter of an hour; ``--healed`` is the share of cases that go as far, drawn by
seed. With ``--folder``, the shop and a line for each case are kept there, and the same command goes on from
where it stopped. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from agent.assistant import ShoppingAssistant
from agent.errors import AisleError
from agent.integrity import first_damaged
from agent.operations import commands
from agent.settings import Settings
from agent.shop import CURRENT, DATABASE, Shop
from benchmarks.demo import ROOT
from retrieval import vector_index

SETTINGS = Settings(effort="quick")
ASKED = ("a light tent under $200", "what is your return policy?")
LOOKED = ("seen", "unseen", "tracebacks")
HEALED = ("one_rebuild", "no_rebuild", "more_rebuilds", "clear_errors", "other_answers")
TELL_EVERY = 30.0  # seconds
Case = tuple[str, str, int]
"""File of the build, kind of damage, seed."""


def cases(build: Path, seeds: int) -> list[Case]:
    """Every file of a build with every damage that changes it."""
    found: list[Case] = []
    for path in sorted(path for path in build.rglob("*") if path.is_file()):
        name = path.relative_to(build).as_posix()
        found.append((name, "removed", 0))
        if path.stat().st_size:
            found += [(name, "halved", 0), *((name, "flipped", seed) for seed in range(seeds))]
    return found


def damage(path: Path, kind: str, seed: int) -> None:
    """Damage a file; a copy that shares its content with others takes a content of its own."""
    content = bytearray(path.read_bytes())
    path.unlink()
    if kind == "halved":
        path.write_bytes(content[: len(content) // 2])
    elif kind == "flipped":
        bit = random.Random(f"{path.name} {seed}").randrange(8 * len(content))
        content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)


def copied(shop: Path, target: Path) -> Path:
    """A copy of a shop that shares the cache and the files of its builds, of which none is written in place."""
    target.mkdir()
    for path in sorted(shop.rglob("*")):
        name = path.relative_to(shop)
        if name.parts[0] == "cache" or name.name.startswith(DATABASE):
            continue
        if path.is_dir():
            (target / name).mkdir(parents=True)
        elif name.parts[0] == "builds":
            os.link(path, target / name)
        else:
            shutil.copy2(path, target / name)
    with (
        closing(sqlite3.connect(shop / DATABASE)) as opened,
        closing(sqlite3.connect(target / DATABASE)) as copy,
    ):
        opened.backup(copy)  # with what is still in the log: others may have the shop open
    (target / "cache").symlink_to((shop / "cache").resolve(), target_is_directory=True)
    return target


def served(folder: Path) -> tuple[int, list[Any]]:
    """How many builds it took to open a shop, and what it then answers, by all parts of the build."""
    told: list[str] = []
    shop = commands.ready_shop(folder, settings=SETTINGS, tell=told.append)
    assistant = ShoppingAssistant.open(shop)
    replies = [assistant.reply(text, user_id="nobody") for text in ASKED]
    product = shop.search.item_ids[0]
    answers: list[Any] = [[card.item_id for card in reply.cards] for reply in replies]
    answers += [replies[-1].text, shop.cf.recommend([], 5), shop.reviews.signals(product)]
    answers += [[quote.text for quote in shop.reviews.find_sentences("quiet and light", [product], k=3)]]
    return len(told), answers


def run(shop: Path, case: Case, whole: list[Any], *, heal: bool = True) -> list[str]:
    """Damage one file of a copy of a shop and say what came of it."""
    name, kind, seed = case
    with tempfile.TemporaryDirectory(dir=shop.parent) as folder:  # of one disk, for links
        copy = copied(shop, Path(folder) / "shop")
        damage(Shop(copy, SETTINGS).build_folder / name, kind, seed)
        came = []
        try:
            came.append(_looked(copy))
            if heal:
                came.append(_healed(copy, whole))
        except BaseException as error:  # noqa: BLE001 - Rust panics are no Exceptions
            came.append("tracebacks")
            print(f"{case}: {type(error).__name__}: {error}", flush=True)
        if set(came) - {"seen", "one_rebuild"}:
            print(f"{case}: {came}", flush=True)
        return came


def _looked(shop: Path) -> str:
    try:
        Shop(shop, SETTINGS).open_build()
    except AisleError:
        return "seen"
    return "unseen"


def _healed(shop: Path, whole: list[Any]) -> str:
    try:
        builds, answers = served(shop)
    except AisleError as error:
        print(error, flush=True)
        return "clear_errors"
    if answers != whole:
        return "other_answers"
    return ("no_rebuild", "one_rebuild", "more_rebuilds")[min(builds, 2)]


def make_shop(folder: Path, products: int, reviews: int) -> Path:
    """A generated shop, imported and built."""
    generate = [sys.executable, "examples/demo_shop/generate.py", str(folder / "files")]
    sizes = [f"--products={products}", f"--reviews={reviews}", "--events=2000"]
    subprocess.run([*generate, *sizes], cwd=ROOT, check=True)
    files, shop = folder / "files", folder / "shop"
    commands.import_files(
        shop,
        products=files / "products.csv",
        reviews=files / "reviews.csv",
        events=files / "events.csv",
        documents=files / "documents",
    )
    commands.build(shop, settings=SETTINGS)
    return shop


def share_models(shop: Path) -> None:
    """Open the models once for all cases: they are no part of a build, and most of a small build's time."""
    opened = Shop(shop, SETTINGS)
    assistant = ShoppingAssistant(opened)
    for name in ("encoder", "sentiment"):
        setattr(Shop, name, getattr(opened, name))
    setattr(ShoppingAssistant, "reader", assistant.reader)  # noqa: B010 - a cached property's type says no


def opening(shop: Path) -> Iterator[tuple[str, float]]:
    """Seconds of opening all parts, and of checking the files alone."""
    started = time.perf_counter()
    Shop(shop, SETTINGS).open_build()
    yield "open_seconds", round(time.perf_counter() - started, 3)
    started = time.perf_counter()
    _ = Shop(shop, SETTINGS).build_folder
    yield "check_seconds", round(time.perf_counter() - started, 3)


class Results:
    """What came of each case, a line of JSON each in a file, so that a run that stops goes on from there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        self.came: dict[Case, list[str]] = {
            (kept["file"], kept["damage"], kept["seed"]): kept["came"] for kept in map(json.loads, lines)
        }

    def add(self, case: Case, came: list[str]) -> None:
        self.came[case] = came
        line = json.dumps({**dict(zip(("file", "damage", "seed"), case, strict=True)), "came": came})
        with self._path.open("a", encoding="utf-8") as out:
            out.write(line + "\n")


def run_all(shop: Path, todo: list[Case], results: Results, healed: float) -> None:
    """Run every case that has no result yet, and tell how far it is every half minute."""
    _, whole = served(shop)
    started = told = time.monotonic()
    for number, case in enumerate(todo, 1):
        results.add(case, run(shop, case, whole, heal=random.Random(f"13 {case}").random() < healed))
        now = time.monotonic()
        if now - told > TELL_EVERY:
            told, left = now, (now - started) / number * (len(todo) - number)
            print(f"{number} of {len(todo)} cases; about {left:.0f} s left", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=int, default=1020)
    parser.add_argument("--reviews", type=int, default=500)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--healed", type=float, default=1.0, help="share of the cases that are healed")
    parser.add_argument("--folder", type=Path, help="where the shop and the results are kept")
    given = parser.parse_args()
    vector_index._HNSW_US = 0.0  # as in a shop of more than 40,000 products: Chroma is the cheapest
    with ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shop = folder / "shop"
        if not (shop / CURRENT).is_file():
            make_shop(folder, given.products, given.reviews)
        share_models(shop)
        build = Shop(shop, SETTINGS).build_folder
        mine, results = cases(build, given.seeds), Results(folder / "results.jsonl")
        run_all(shop, [case for case in mine if case not in results.came], results, given.healed)
        came = Counter(what for case in mine for what in results.came[case])
        result = {
            "files": len({name for name, _, _ in mine}),
            "cases": len(mine),
            **{name: came[name] for name in (*LOOKED, *HEALED)},
            "bytes": sum(path.stat().st_size for path in build.rglob("*") if path.is_file()),
            **dict(opening(shop)),
            "changed_by_use": first_damaged(build, Shop(shop, SETTINGS).manifest["files"]),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
