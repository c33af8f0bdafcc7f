"""Erasing what is kept of shoppers: one of them everywhere, or old turns of all.

A shopper is erased from the database in one transaction, from its free pages and write-ahead log, and from
everything derived from it: the shop is built again, and older builds, reports and caches that may hold their
words are deleted. What was stopped half-way is completed by the same call again.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from agent.errors import AisleError
from agent.operations.build import build, prune, writing
from agent.operations.stages import Progress, silent
from agent.shop import CURRENT, REPORTS, Shop
from agent.storage.carts import Carts
from agent.storage.consents import Consents
from agent.storage.lists import ShopperLists
from agent.storage.memories import MemoryStore
from agent.storage.sessions import DialogueStore
from agent.storage.turns import TurnStore

if TYPE_CHECKING:
    from retrieval.records import Review

OUTSIDE = (
    "the files that the shop was imported from: delete the shopper there, or an import brings them back",
    "copies and backups of the shop's folder or database, and logs that are kept elsewhere",
    "programs that serve this shop: restart them, since they still hold the old build",
)
"""What no call can reach."""
BUILT_FROM = ("events", "reviews")
"""Tables of which builds hold something: who only talked is in none."""
UNFINISHED = "erasing"
"""A file of the shop while an erasure is under way: without it, one that was stopped after the database would
look like one of a shopper of whom nothing is kept."""


@dataclass(frozen=True)
class Erasure:
    """What was erased of a shopper: rows by table, derived files, and what is left for a person to do."""

    user_id: str
    rows: dict[str, int]
    derived: tuple[str, ...]
    remains: tuple[str, ...]

    @property
    def count(self) -> int:
        """Rows erased from the database."""
        return sum(self.rows.values())

    def lines(self) -> list[str]:
        """The report as a person reads it."""
        if not self.count and not self.derived:
            return [f"nothing is kept of the shopper {self.user_id}: check the id, case included"]
        erased = [f"{table}: {number:,} erased" for table, number in self.rows.items() if number]
        return [
            f"database, in one transaction, of the shopper {self.user_id}:",
            *(f"  {line}" for line in erased or ["nothing was kept"]),
            "derived from it:",
            *(f"  {line}" for line in self.derived),
            "left to do:",
            *(f"  {line}" for line in self.remains),
        ]


def erase_shopper(shop: Shop, user_id: str, *, progress: Progress = silent) -> Erasure:
    """Erase a shopper from the shop; see the module. Cost: as a build in which their products changed; none
    where builds hold nothing of the shopper, who only talked.

    Raises:
        AisleError: ``user_id`` is empty, the database can't be written, or the build fails.
        ShopError: another process is importing into or building the shop.
    """
    if not user_id.strip():
        raise AisleError("no shopper is named: give the id that they have in the shop's events or reviews")
    unfinished = shop.folder / UNFINISHED
    try:
        with writing(shop):
            go_on = unfinished.exists()
            unfinished.touch()
            # Files first: which of them may hold the shopper's words is known only while the rows are there.
            derived = _erase_files(shop, user_id)
            rows = _erase_rows(shop, user_id)
            remains = compact(shop.engine)
    except sa.exc.OperationalError as error:
        raise AisleError(f"the database can't be written ({error.orig}); run the same again") from error
    in_builds = any(rows.get(table) for table in BUILT_FROM)
    builds, stay = _erase_builds(shop, progress) if go_on or in_builds else ([], [])
    unfinished.unlink(missing_ok=True)
    return Erasure(user_id, rows, (*derived, *builds), (*remains, *stay, *OUTSIDE))


def retain_turns(shop: Shop, days: int) -> dict[str, int]:
    """Delete turns, what they showed, and conversations that ended more than ``days`` days ago.

    Returns:
        How many turns and conversations were deleted.

    Raises:
        AisleError: ``days`` is 0, which keeps everything.
    """
    if days < 1:
        raise AisleError("turns are kept for ever: set AISLE_KEEP_TURNS_DAYS, or give --days")
    before = datetime.now(UTC) - timedelta(days=days)
    turns, sessions, lists = TurnStore(shop.engine), DialogueStore(shop.engine), ShopperLists(shop.engine)
    with shop.engine.begin() as connection:
        gone = {"turns": turns.prune(before, connection), "conversations": sessions.prune(before, connection)}
        lists.prune(before, connection)
    compact(shop.engine)
    return gone


def compact(engine: sa.Engine) -> list[str]:
    """Leave nothing of deleted rows in the database's file and its write-ahead log.

    Returns:
        What could not be done, and so is left to a person.
    """
    if engine.dialect.name != "sqlite":
        return [
            f"{engine.dialect.name} keeps deleted rows in its files until `VACUUM FULL` is run, and in its "
            "archived write-ahead logs"
        ]
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
    except sa.exc.OperationalError as error:
        return [f"the database's free pages could not be cleared ({error.orig}): run the same again"]
    if busy:
        return ["the write-ahead log is in use: stop the programs that read this shop and run the same again"]
    return []


def _erase_rows(shop: Shop, user_id: str) -> dict[str, int]:
    """The truth. Deleting begins the transaction, and what is then read stays as it is until it ends."""
    turns = TurnStore(shop.engine)
    stores = {
        "events": shop.events.forget,
        "sessions": DialogueStore(shop.engine).forget,
        "turns": turns.forget,
        "exposures": turns.forget_exposures,
        "memories": MemoryStore(shop.engine).forget_shopper,
        "cart": Carts(shop.engine).forget,
        "lists": ShopperLists(shop.engine).forget,
        "consents": Consents(shop.engine).forget,
    }
    catalog = shop.catalog
    with shop.engine.begin() as connection:
        rows = {name: forget(user_id, connection) for name, forget in stores.items()}
        review_ids = [review.review_id for review in catalog.reviews_by(user_id, connection)]
        rows["reviews"] = catalog.forget_reviews(review_ids, connection)
        rows["turns of others that quote these reviews"] = turns.forget_quotes(review_ids, connection)
    return rows


def _erase_files(shop: Shop, user_id: str) -> list[str]:
    """Caches, reports and checkpoints."""
    with shop.engine.connect() as connection:
        reviews = shop.catalog.reviews_by(user_id, connection)
        spoke = TurnStore(shop.engine).spoke(user_id, connection)
    done = [f"cached vectors and scores of {len(reviews):,} reviews: erased"] if reviews else []
    _forget_sentences(shop, reviews)
    gone = [shop.folder / "rejected.csv", shop.folder / REPORTS, shop.cache_folder / "training"]
    if spoke and shop.settings.llm_cache:  # prompts hold what was said
        gone.append(Path(shop.settings.llm_cache))
    for path in gone:
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
        else:
            continue
        done.append(f"{path}: deleted, as it may name the shopper; it is made again when it is asked for")
    return done


def _forget_sentences(shop: Shop, reviews: Sequence[Review]) -> None:
    from retrieval.reviews.reading import read_review, scored_texts

    if not reviews:
        return
    read = [read_review(review) for review in reviews]
    shop.encoder.forget([r.sentence_text(i) for r in read for i in range(len(r.sentences))])
    scored = [text for review in read for text in scored_texts(review)]
    shop.sentiment.forget(scored)
    if shop.aspect_sentiment is not None:
        shop.aspect_sentiment.forget(scored)


def _erase_builds(shop: Shop, progress: Progress) -> tuple[list[str], list[str]]:
    """Build from what is left, and delete every other build; what was done, and what is left to do."""
    from retrieval.reviews.store import ADDED

    builds = shop.folder / "builds"
    if not builds.is_dir():
        return [], []
    shutil.rmtree(builds / "work", ignore_errors=True)
    before = [path.name for path in builds.iterdir()]
    if shop.catalog.count() == 0:
        shutil.rmtree(builds)
        (shop.folder / CURRENT).unlink(missing_ok=True)
        return [f"builds {', '.join(before)}: deleted; the shop has no products to build from"], []
    # Reviews that were added to a build since lie beside it; without them the stage would be taken over.
    added = any(builds.glob(f"*/reviews/{ADDED}"))
    try:
        summary = build(shop, force=added, progress=progress)
    except AisleError as error:
        raise type(error)(
            f"the shopper is erased from the database, but not yet from the builds: {error}. "
            "Run the same again after that"
        ) from error
    with writing(shop):
        stay = prune(shop, keep=summary.build_id, kept=1)
    stages = [name for name, stage in summary.stages.items() if not stage["reused"]]
    made = f"{', '.join(stages)} made again" if stages else "nothing of them was in it"
    done = [
        f"build {summary.build_id} is in use: {made}",
        *(f"build {name}: deleted" for name in sorted(before)),
    ]
    return done, stay
