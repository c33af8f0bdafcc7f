"""A thousand messy queries: no exception, bounded time, hits that satisfy the filter."""

from __future__ import annotations

import random
import time

import pytest

from retrieval.filters import Price
from retrieval.search import SearchEngine
from retrieval.search_build import build_search
from tests.retrieval.shop_samples import PRODUCTS, HashingEncoder

SHORT = (
    *("", " ", "\n\t", "\0", "boots", "leather", "1/2", "1/0", '"', "''", "\\", "%", "_", "½", "1e309", "-1"),
    *("'; DROP TABLE products; --", "<script>alert(1)</script>", "{{7*7}}", "${x}", "../etc/passwd", "NaN"),
    *(".*", "(((", "[a-z", "a{99999}", "(?=x", "$^", "👟", "🎁🎁", "靴", "кроссовки", "حذاء", "דלת"),
    *("\u202e", "\ufffd", "٣", "１２", "é" * 50, "None"),
)  # fmt: skip
LONG = (
    *("x" * 10_000, "1/" * 5000, '"' * 10_000, "- " * 5000, "9" * 10_000, "a-" * 5000 + "b", "boots " * 2000),
    *("½" * 10_000, "٣" * 10_000, "1,000" * 2000, "🎁" * 10_000),
)  # fmt: skip
LONGEST_SECONDS = 2.0


def messy_queries(count: int) -> list[str]:
    generator = random.Random(7)
    queries = [*SHORT, *LONG]
    while len(queries) < count:
        pieces = generator.choices(SHORT, k=generator.randint(1, 6))
        queries.append(generator.choice(["", " ", "-", "/"]).join(pieces))
    return queries


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    folder = tmp_path_factory.mktemp("messy")
    build_search(PRODUCTS, folder, encoder=HashingEncoder())
    return SearchEngine.open(folder, encoder=HashingEncoder())


def test_a_thousand_messy_queries_are_answered_in_bounded_time(engine: SearchEngine) -> None:
    slowest = 0.0
    for query in messy_queries(1000):
        started = time.perf_counter()
        hits = engine.search(query, Price(max=50), k=5, explain=True).hits
        slowest = max(slowest, time.perf_counter() - started)
        assert {hit.item_id for hit in hits} <= {"mug", "doorbell", "pipe", "pipe-big"}
    assert slowest < LONGEST_SECONDS
