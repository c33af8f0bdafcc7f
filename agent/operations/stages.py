"""The stages of a build, in order: what each is made from, and the room that makes it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.shop import TUNING, Shop

Progress = Callable[[str, int, int | None], None]
FORMAT = 1
"""Raised whenever a stage's files change shape, so that older builds are made again."""


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """The progress of a caller who wants none."""


@dataclass(frozen=True)
class Stage:
    """One derived part: ``run(folder, previous)`` writes it into ``folder`` and returns its metrics."""

    name: str
    inputs: dict[str, Any]
    run: Callable[[Path, Path | None], dict[str, Any]]

    @property
    def key(self) -> str:
        text = json.dumps([FORMAT, self.name, self.inputs], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def stages(shop: Shop, work: Path, progress: Progress, *, refresh: bool = False) -> Iterator[Stage]:
    """Yield the stages; a later one may read what an earlier one wrote into ``work``."""
    products = shop.catalog.content_hash()
    reviews = shop.catalog.reviews_hash()
    events = shop.events.content_hash()
    encoder = shop.encoder.model_id
    formats = _formats()
    yield Stage(
        "reviews",
        {
            "products": products,
            "reviews": reviews,
            "encoder": encoder,
            "sentiment": shop.sentiment.model_id,
            "aspects": pairs.model_id if (pairs := shop.aspect_sentiment) else "",
            "format": formats["reviews"],
        },
        lambda folder, previous: _reviews(shop, folder, previous, progress),
    )
    yield Stage(
        "search",
        {
            "products": products,
            "reviews": reviews,
            "events": events,
            "encoder": encoder,
            "chroma": shop.settings.chroma,
            "synonyms": _text(shop.folder / "synonyms.txt"),
            "format": formats["search"],
        },
        lambda folder, previous: _search(shop, work, folder, previous, progress),
    )
    yield Stage(
        "cf",
        {
            "products": products,
            "events": events,
            "encoder": encoder,
            "tuned": _text(shop.folder / TUNING / "tuning.json"),
            "effort": shop.settings.effort,
            "format": formats["cf"],
        },
        lambda folder, previous: _cf(shop, work, folder, previous, progress, refresh=refresh),
    )
    if (shop.folder / "documents").is_dir():
        yield Stage(
            "documents",
            {"documents": _tree(shop.folder / "documents"), "encoder": encoder},
            lambda folder, previous: _documents(shop, folder, progress),
        )


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _tree(folder: Path) -> list[tuple[str, int, int]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(str(p.relative_to(folder)), p.stat().st_size, p.stat().st_mtime_ns) for p in files]


def _reviews(shop: Shop, folder: Path, previous: Path | None, progress: Progress) -> dict[str, Any]:
    from retrieval.review_index import build_reviews

    return build_reviews(
        shop.catalog.reviews(),
        shop.catalog.products(),
        folder,
        encoder=shop.encoder,
        sentiment=shop.sentiment,
        aspect_sentiment=shop.aspect_sentiment,
        previous=previous,
        progress=progress,
    )


def _search(
    shop: Shop, work: Path, folder: Path, previous: Path | None, progress: Progress
) -> dict[str, Any]:
    from agent.understanding.qualities import qualities_of
    from retrieval.review_index import ReviewIndex
    from retrieval.search_build import build_search

    reviews = ReviewIndex.open(work / "reviews", encoder=shop.encoder)
    stars = {
        signals.item_id: (signals.stars_mean, signals.review_count)
        for signals in reviews.all_signals()
        if signals.stars_mean is not None
    }
    reviews.close()

    qualities_of(shop.encoder)  # encoded now, while a build has the time
    synonyms = shop.folder / "synonyms.txt"
    shop.cache_folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=shop.cache_folder) as spool:
        return build_search(
            shop.catalog.snapshot(Path(spool) / "products.jsonl"),
            folder,
            encoder=shop.encoder,
            stars=stars,
            popularity=shop.events.popularity(),
            synonyms=synonyms if synonyms.is_file() else None,
            previous=previous,
            chroma=shop.settings.chroma,
            progress=progress,
        )


def _cf(
    shop: Shop, work: Path, folder: Path, previous: Path | None, progress: Progress, *, refresh: bool
) -> dict[str, Any]:
    from cf_engine.build import CFSettings, build_cf
    from cf_engine.tuning import read_tuned
    from retrieval.search import SearchEngine

    search = SearchEngine.open(
        work / "search", encoder=shop.encoder, reranker="none", chroma=shop.settings.chroma
    )
    items = shop.item_vectors(search)
    options = CFSettings(
        effort=shop.settings.effort,
        tuned=read_tuned(shop.folder / TUNING / "tuning.json"),
        checkpoints=shop.folder / "cache" / "training",
    )
    if refresh and previous:
        return _refreshed(shop, items, options, folder, previous, progress)
    return build_cf(
        shop.events.events(),
        folder,
        item_vectors=items,
        categories=shop.departments(),
        settings=options,
        progress=progress,
    )


def _refreshed(
    shop: Shop, items: Any, options: Any, folder: Path, previous: Path, progress: Progress
) -> dict[str, Any]:
    """The recommender that goes on from the last build's, or that one itself where it is better."""
    from cf_engine.update import refresh

    result = refresh(
        shop.events.events(),
        previous,
        folder,
        item_vectors=items,
        categories=shop.departments(),
        settings=options,
        progress=progress,
    )
    if not result.accepted:
        shutil.copytree(previous, folder, dirs_exist_ok=True)
    told = {"accepted": result.accepted, "reason": result.reason, "new_events": result.new_events}
    return result.metrics | {"refresh": result.metrics.get("refresh", {}) | told}


def _formats() -> dict[str, Any]:
    """The versions of the files that each room writes: a room that writes others makes its stage anew."""
    from cf_engine.build import VERSION
    from retrieval.knowledge import knowledge_digest
    from retrieval.reviews.build import FORMAT as REVIEWS
    from retrieval.reviews.build import METHOD
    from retrieval.search_build import FORMAT as SEARCH

    search = f"{SEARCH}.{knowledge_digest()}"
    return {"reviews": f"{REVIEWS}.{METHOD}", "search": search, "cf": VERSION}


def _documents(shop: Shop, folder: Path, progress: Progress) -> dict[str, Any]:
    from retrieval.documents import build_documents

    return build_documents(
        shop.folder / "documents",
        folder,
        encoder=shop.encoder,
        chroma=shop.settings.chroma,
        progress=progress,
    )
