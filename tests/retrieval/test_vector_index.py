"""Vector search: exact where it scans, near-exact in Chroma, in a folder and on a server alike."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval import vector_index
from retrieval.encoder import unit_rows
from retrieval.search import SearchEngine
from retrieval.search_build import build_search
from retrieval.vector_index import VectorCollection, VectorIndex, VectorIndexError
from tests.retrieval.shop_samples import PRODUCTS, HashingEncoder

SIZE, DIMENSIONS = 3000, 32


def sample(rows: int, seed: int = 0) -> np.ndarray:
    """Clustered unit vectors, as texts make them."""
    generator = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(40, DIMENSIONS))
    noise = generator.normal(scale=0.5, size=(rows, DIMENSIONS))
    return unit_rows((centres[generator.integers(0, 40, rows)] + noise).astype(np.float32))


VECTORS, QUERIES = sample(SIZE), sample(20, seed=1)


def exact(query: np.ndarray, k: int, mask: np.ndarray | None = None) -> list[int]:
    scores = VECTORS @ query
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    return np.argsort(-scores)[:k].tolist()  # type: ignore[no-any-return]


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture(scope="module")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, folder = free_port(), tmp_path_factory.mktemp("server")
    command = [
        str(Path(sys.executable).with_name("chroma")),
        "run",
        "--path",
        str(folder),
        "--port",
        str(port),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            pytest.fail("the Chroma server did not start in 30 s")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module", params=["folder", "server"])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    server = request.getfixturevalue("chroma_server") if request.param == "server" else ""
    folder = tmp_path_factory.mktemp("index")
    VectorIndex.build(folder, VECTORS, [{"even": row % 2 == 0} for row in range(SIZE)], server=server)
    return VectorIndex.open(folder, server=server)


def test_chroma_finds_nearly_all_of_the_exact_best(index: VectorIndex) -> None:
    assert index.collection is not None
    found = [set(index.collection.query(query, 10)[0].tolist()) & set(exact(query, 10)) for query in QUERIES]
    assert np.mean([len(common) for common in found]) >= 9.8


def test_chroma_gives_cosines(index: VectorIndex) -> None:
    assert index.collection is not None
    rows, cosines = index.collection.query(QUERIES[0], 5)
    assert cosines == pytest.approx(VECTORS[rows] @ QUERIES[0], abs=1e-4)


def test_chroma_filters_by_metadata(index: VectorIndex) -> None:
    assert index.collection is not None
    rows, _ = index.collection.query(QUERIES[0], 20, {"even": {"$eq": True}})
    assert (rows % 2 == 0).all()


@pytest.mark.parametrize("matching", [SIZE, 1500, 30, 4, 0])
def test_a_filtered_search_is_exact(index: VectorIndex, matching: int) -> None:
    mask = np.zeros(SIZE, dtype=bool)
    mask[np.random.default_rng(3).permutation(SIZE)[:matching]] = True
    for query in QUERIES[:5]:
        rows, scores = index.search(query, 10, mask)
        assert rows.tolist() == exact(query, 10, mask)[: min(10, matching)]
        assert np.all(np.diff(scores) <= 0)


def test_an_unfiltered_search_of_a_small_shop_is_exact(index: VectorIndex) -> None:
    assert index.plan(10, None) == "scan"
    assert index.search(QUERIES[0], 10)[0].tolist() == exact(QUERIES[0], 10)


def test_the_plan_follows_the_cost(index: VectorIndex) -> None:
    large = VectorIndex(
        np.lib.stride_tricks.as_strided(VECTORS[:1], (1_000_000, 384), (0, 0)), index.collection
    )
    assert large.plan(10, None) == "chroma"
    assert large.plan(10, 5_000) == "gather"
    assert large.plan(10, 900_000) == "scan"


def test_a_search_goes_on_exactly_when_chroma_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    VectorIndex.build(tmp_path, VECTORS)
    index = VectorIndex.open(tmp_path)
    monkeypatch.setattr(vector_index, "_SCAN_US", 1e9)  # as if scanning were dear
    assert index.plan(10, None) == "chroma"
    assert index.collection is not None
    index.collection.drop()
    assert index.search(QUERIES[0], 10)[0].tolist() == exact(QUERIES[0], 10)
    assert "searching without Chroma" in caplog.text


def test_the_files_of_a_small_index_hold_nothing_that_lay_in_memory(tmp_path: Path) -> None:
    VectorIndex.build(tmp_path, VECTORS[:4])
    (unused,) = tmp_path.rglob("data_level0.bin")
    assert not unused.read_bytes().strip(b"\0")
    index = VectorIndex.open(tmp_path)
    assert index.collection is not None
    assert len(index.collection.query(QUERIES[0], 4)[0]) == 4


def test_a_whole_shop_can_live_on_a_server(
    chroma_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = HashingEncoder()
    build_search(PRODUCTS, tmp_path, encoder=encoder, chroma=chroma_server)
    engine = SearchEngine.open(tmp_path, encoder=encoder, chroma=chroma_server)
    monkeypatch.setattr(vector_index, "_SCAN_US", 1e9)  # as if scanning were dear
    assert engine.search("leather boots").hits[0].item_id == "boot"
    assert engine.index.collection is not None
    assert len(engine.index.collection.query(engine.vector("mug"), 3)[0]) == 3
    engine.index.collection.drop()
    with pytest.raises(VectorIndexError, match="failed to search"):
        engine.index.collection.query(engine.vector("mug"), 3)


def test_vectors_may_be_filled_in_place(tmp_path: Path) -> None:
    vectors = VectorIndex.allocate(tmp_path, SIZE, DIMENSIONS)
    vectors[:] = VECTORS
    VectorIndex.build(tmp_path, vectors)
    assert np.array_equal(VectorIndex.open(tmp_path).vectors, VECTORS)


def test_a_build_opened_with_the_other_setting_says_so(tmp_path: Path) -> None:
    VectorIndex.build(tmp_path, VECTORS[:10])
    with pytest.raises(VectorIndexError, match="in the build's folder"):
        VectorIndex.open(tmp_path, server="http://localhost:8000")


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(VectorIndexError, match=address):
        VectorCollection.create(tmp_path, "x", VECTORS[:3], server=address)


@pytest.mark.parametrize("address", ["localhost:8000", "ftp://host", "http://"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(VectorIndexError, match="expected an address"):
        VectorCollection.create(tmp_path, "x", VECTORS[:3], server=address)


def test_a_dropped_collection_is_gone(tmp_path: Path) -> None:
    collection = VectorCollection.create(tmp_path, "x", VECTORS[:5])
    collection.drop()
    with pytest.raises(VectorIndexError, match="failed to search"):
        VectorCollection(tmp_path).query(QUERIES[0], 3)


def test_an_empty_collection_finds_nothing(tmp_path: Path) -> None:
    collection = VectorCollection.create(tmp_path, "x", VECTORS[:0])
    assert collection.query(QUERIES[0], 3)[0].tolist() == []
