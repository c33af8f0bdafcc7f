"""The stages of a build, in order: what each is made from, and the room that makes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agent.build import Progress, Stage
from agent.shop import Shop


def stages(shop: Shop, work: Path, progress: Progress) -> Iterator[Stage]:
    """Yield the stages; a later one may read what an earlier one wrote into ``work``."""
    products = shop.catalog.content_hash()
    reviews = shop.catalog.reviews_hash()
    events = shop.events.content_hash()
    encoder = shop.encoder.model_id
    yield Stage(
        "reviews",
        {
            "products": products,
            "reviews": reviews,
            "encoder": encoder,
            "sentiment": shop.sentiment.model_id,
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
        },
        lambda folder, previous: _search(shop, work, folder, previous, progress),
    )
    yield Stage(
        "cf",
        {"products": products, "events": events, "encoder": encoder},
        lambda folder, previous: _cf(shop, work, folder, previous, progress),
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
        previous=previous,
        progress=progress,
    )


def _search(
    shop: Shop, work: Path, folder: Path, previous: Path | None, progress: Progress
) -> dict[str, Any]:
    from retrieval.review_index import ReviewIndex
    from retrieval.search import build_search

    reviews = ReviewIndex.open(work / "reviews", encoder=shop.encoder)
    stars = {
        signals.item_id: (signals.stars_mean, signals.review_count)
        for signals in reviews.all_signals()
        if signals.stars_mean is not None
    }
    reviews.close()

    synonyms = shop.folder / "synonyms.txt"
    return build_search(
        list(shop.catalog.products()),
        folder,
        encoder=shop.encoder,
        stars=stars,
        popularity=shop.events.popularity(),
        synonyms=synonyms if synonyms.is_file() else None,
        previous=previous,
        chroma=shop.settings.chroma,
        progress=progress,
    )


def _cf(shop: Shop, work: Path, folder: Path, previous: Path | None, progress: Progress) -> dict[str, Any]:
    from cf_engine.serving import build_cf
    from retrieval.search import SearchEngine

    search = SearchEngine.open(
        work / "search", encoder=shop.encoder, reranker="none", chroma=shop.settings.chroma
    )
    return build_cf(
        shop.events.events(),
        folder,
        item_vectors=(search.item_ids, search.vectors(search.item_ids)),
        categories={p.item_id: p.category[0] for p in shop.catalog.products() if p.category},
        previous=previous,
        progress=progress,
    )


def _documents(shop: Shop, folder: Path, progress: Progress) -> dict[str, Any]:
    from retrieval.documents import build_documents

    return build_documents(shop.folder / "documents", folder, encoder=shop.encoder, progress=progress)
