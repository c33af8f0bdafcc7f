"""A build: everything derived from `shop.db`, made beside the old one, probed, then swapped in atomically.

Stages run in order into `builds/work/`. A finished stage leaves a marker with the hash of all it was made
from, so a build that was killed goes on at the stage it was in, and one whose inputs did not change takes
that stage from the current build as it is.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.errors import BuildError, ShopError
from agent.integrity import first_damaged, inventory, sealed
from agent.operations.stages import FORMAT, Progress, Stage, silent, stages
from agent.shop import CURRENT, MANIFEST, Shop
from retrieval.reviews.store import ADDED

KEPT_BUILDS = 2
_LITTLE_ROOM = 32 * 2**20  # bytes
_MARKER = "stage.json"


@dataclass(frozen=True)
class BuildSummary:
    build_id: str
    seconds: float
    stages: dict[str, dict[str, Any]]
    """By stage: ``seconds``, ``reused`` and ``metrics``."""


def build(
    shop: Shop, *, force: bool = False, refresh: bool = False, progress: Progress = silent
) -> BuildSummary:
    """Make a build of ``shop`` and point the shop at it.

    With ``refresh`` the recommender goes on from the last build's, and that one stays where it is better.

    Cost: linear in products, reviews and events, but only for what changed since the last build.

    Raises:
        ShopError: when the shop holds no product, or another process is writing to it.
        BuildError: when the new build fails its probe; the shop stays on the old one.
    """
    with writing(shop):
        if shop.catalog.count() == 0:
            raise ShopError(f"{shop.folder} has no products to build from: run `aisle import` first")
        try:
            return _build(shop, force=force, refresh=refresh, progress=progress)
        except Exception as error:
            free = shutil.disk_usage(shop.folder).free
            if free > _LITTLE_ROOM:
                raise
            # Libraries say it each in their own words, or only that something failed.
            raise ShopError(
                f"the disk of {shop.folder} is full ({free / 2**20:.0f} MiB are left): free some and run "
                f"`aisle build {shop.folder}` again; it goes on from what is kept"
            ) from error


@contextmanager
def writing(shop: Shop) -> Iterator[None]:
    """Hold the shop's one writer's place."""
    from filelock import FileLock, Timeout

    lock = FileLock(shop.folder / ".writer.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ShopError(
            f"another process is importing into or building {shop.folder}: wait for it to end, or stop it"
        ) from error
    try:
        yield
    finally:
        lock.release()


def _build(shop: Shop, *, force: bool, refresh: bool, progress: Progress) -> BuildSummary:
    started = time.perf_counter()
    work = shop.folder / "builds" / "work"
    if force:
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    previous = None if force else _previous(shop)
    revision = shop.catalog.revision()
    done = {
        stage.name: _run(stage, work, previous) for stage in stages(shop, work, progress, refresh=refresh)
    }
    _drop_strangers(work, set(done))
    build_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    manifest = {
        "build_id": build_id,
        "format": FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "products": shop.catalog.count(),
        "catalog_revision": revision,
        "reviews": shop.catalog.review_count(),
        "events": shop.events.count(),
        "encoder": shop.encoder.model_id,
        "stages": done,
        "files": inventory(work, leave_out=[MANIFEST]),
    }
    (work / MANIFEST).write_text(json.dumps(sealed(manifest), indent=2, default=str), encoding="utf-8")
    _probe(shop, work)
    os.replace(work, shop.folder / "builds" / build_id)
    _point(shop.folder, build_id)
    prune(shop, keep=build_id)
    return BuildSummary(build_id, round(time.perf_counter() - started, 2), done)


def _run(stage: Stage, work: Path, previous: Path | None) -> dict[str, Any]:
    folder = work / stage.name
    finished = _finished(folder)
    if finished and finished["key"] == stage.key:
        return _told(finished)
    shutil.rmtree(folder, ignore_errors=True)
    old = previous / stage.name if previous else None
    kept = _finished(old) if old else None
    if kept is None or kept.get("format") != stage.inputs.get("format"):
        old = None  # files that are damaged, or of another shape, are of no use
    if old and kept and kept["key"] == stage.key:
        # Reviews that were added since are in the database: with none new there, none is lost here.
        shutil.copytree(old, folder, ignore=shutil.ignore_patterns(f"{ADDED}*"))
        return _told(kept) | {"reused": True}
    folder.mkdir(parents=True)
    started = time.perf_counter()
    metrics = stage.run(folder, old)
    result = {
        "key": stage.key,
        "format": stage.inputs.get("format"),
        "seconds": round(time.perf_counter() - started, 2),
        "reused": False,
        "metrics": metrics,
    }
    # Written last: a folder without its marker is a stage that did not finish.
    marker = result | {"files": inventory(folder, leave_out=[_MARKER])}
    _write_atomically(folder / _MARKER, json.dumps(marker, default=str))
    return result


def _finished(folder: Path) -> dict[str, Any] | None:
    """The marker of a stage that was finished and whose files are as they were written then."""
    try:
        marker = dict(json.loads((folder / _MARKER).read_text(encoding="utf-8")))
        return marker if first_damaged(folder, marker["files"]) is None else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _told(marker: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in marker.items() if name != "files"}


def _previous(shop: Shop) -> Path | None:
    """The build to go on from: the one in use, whole or not (each stage is checked), or the newest."""
    return shop.named_build() or max(_builds(shop.folder), default=None)


def _builds(shop_folder: Path) -> list[Path]:
    return [path for path in (shop_folder / "builds").iterdir() if path.is_dir() and path.name != "work"]


def _probe(shop: Shop, work: Path) -> None:
    """Open the new build as a shopper's turn would, and ask it for a product that it must know."""
    candidate = Shop(shop.folder, shop.settings)
    candidate.__dict__["_build"] = work
    product = next(shop.catalog.products())
    hits = candidate.search.search(product.title, k=10).hits
    if not hits:
        raise BuildError(f"the new build finds nothing for {product.title!r}; the old one stays in use")
    if len(candidate.search.table) != shop.catalog.count():
        raise BuildError(
            f"the new build holds {len(candidate.search.table)} products and the shop "
            f"{shop.catalog.count()}: the shop changed while it was built, so run `aisle build` again"
        )
    candidate.cf.recommend([], 5)
    candidate.reviews.signals(product.item_id)


def _point(folder: Path, build_id: str) -> None:
    _write_atomically(folder / CURRENT, build_id + "\n")


def _write_atomically(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(partial, path)


def _drop_strangers(work: Path, names: set[str]) -> None:
    for path in work.iterdir():
        if path.is_dir() and path.name not in names:
            shutil.rmtree(path)


def prune(shop: Shop, keep: str, kept: int = KEPT_BUILDS) -> list[str]:
    """Keep the newest ``kept`` builds only: by default one more than the current, for shops that are still
    open on it.

    Returns:
        What could not be deleted from the Chroma server, with the reason.
    """
    stay: list[str] = []
    new = shop.folder / "builds" / keep
    old = sorted((path for path in _builds(shop.folder) if path != new), reverse=True)
    used = {name for path in (new, *old[: kept - 1]) for name in _collections(path)}
    for path in old[kept - 1 :]:
        for name, folder in _collections(path).items():
            if shop.settings.chroma and name not in used:
                stay += _discard(folder, shop.settings.chroma)
        shutil.rmtree(path, ignore_errors=True)
    return stay


def _collections(build: Path) -> dict[str, Path]:
    """A build's collections in Chroma: name to folder. Builds that share a stage share its collection."""
    files = build.rglob("collection.json")
    return {file.read_text(encoding="utf-8", errors="replace"): file.parent for file in files}


def _discard(collection: Path, server: str) -> list[str]:
    from retrieval.vector_index import VectorCollection, VectorIndexError

    try:
        VectorCollection(collection, server=server).drop()
    except (VectorIndexError, ValueError, KeyError, OSError) as error:
        # The new build is in use already; what stays behind on the server costs room and nothing else.
        logging.getLogger(__name__).warning("an old collection stays on the Chroma server: %s", error)
        return [f"an old collection stays on the Chroma server: {error}"]
    return []
