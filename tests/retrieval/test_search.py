"""A whole search over a small shop: what is found, what never is, and what a build keeps."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.filtering.parser import parse_filter
from retrieval.filters import And, Brand, Filter, InStock, Not, Price, Words
from retrieval.records import Product
from retrieval.reranker import RerankerError
from retrieval.search import SearchBuildError, SearchEngine
from retrieval.search_build import build_search
from retrieval.text.normalization import fold
from retrieval.text.query_analysis import SynonymError
from tests.retrieval.shop_samples import PRODUCTS, STARS, HashingEncoder

BY_ID = {product.item_id: product for product in PRODUCTS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    synonyms = folder / "synonyms.txt"
    synonyms.write_text("sneaker => trainer\n", encoding="utf-8")
    build_search(
        PRODUCTS,
        folder / "search",
        encoder=HashingEncoder(),
        stars=STARS,
        popularity={"mug": 50.0, "boot": 10.0},
        synonyms=synonyms,
    )
    return folder / "search"


@pytest.fixture(scope="module", params=["none", "learned"])
def engine(request: pytest.FixtureRequest, folder: Path) -> SearchEngine:
    return SearchEngine.open(folder, encoder=HashingEncoder(), reranker=request.param)


def found(engine: SearchEngine, query: str, condition: Filter | None = None, k: int = 10) -> list[str]:
    return [hit.item_id for hit in engine.search(query, condition, k).hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("leather boots", "boot"),
        ("running trainer", "trainer"),
        ("sneakers", "trainer"),
        ("door bell", "doorbell"),
        ("lether bots", "boot"),
        ("db-200x", "doorbell"),
        ("0.5 inch copper pipe", "pipe"),
        ('1 1/2" copper pipe', "pipe-big"),
        ("camping mug", "mug"),
    ],
)
def test_the_product_that_was_meant_comes_first(engine: SearchEngine, query: str, first: str) -> None:
    assert found(engine, query)[0] == first


@pytest.mark.parametrize(
    "text",
    ["price<=39", "not words:leather", "brand!=Nike", "in_stock", "category:shoes or tag:gifts", "stars>=4"],
)
@pytest.mark.parametrize("query", ["leather boots", "", "copper pipe", "🎁"])
def test_a_filter_holds_for_every_hit_and_hides_nothing(engine: SearchEngine, query: str, text: str) -> None:
    condition = parse_filter(text)
    allowed = {item for item, product in BY_ID.items() if condition.matches(product, STARS.get(item))}
    hits = {hit.item_id for hit in engine.search(query, condition, 50, fold=False).hits}
    assert hits <= allowed
    assert query or hits == allowed


def test_the_same_in_another_colour_is_folded_unless_asked_for(engine: SearchEngine) -> None:
    shirts = {"shirt-red", "shirt-green"}
    assert len(shirts & set(found(engine, "merino shirt"))) == 1
    unfolded = {hit.item_id for hit in engine.search("merino shirt", fold=False).hits}
    assert shirts <= unfolded


def test_an_empty_query_shows_the_popular_first(engine: SearchEngine) -> None:
    assert found(engine, "")[:2] == ["mug", "boot"]


def test_an_unknown_name_is_said_not_ignored(engine: SearchEngine) -> None:
    result = engine.search("boots", Brand(("Nkie",)))
    assert result.hits == ()
    assert "nearest it has: Nike" in result.notices[0]


def test_a_correction_is_told(engine: SearchEngine) -> None:
    assert engine.search("lether boots").corrected_query == "leather boots"
    assert engine.search("leather boots").corrected_query is None


def test_explained_hits_carry_the_scores_of_every_source(engine: SearchEngine) -> None:
    hit = engine.search("copper pipe", explain=True).hits[0]
    assert set(hit.scores) == {"keyword", "vector", "fused", "final"}
    assert hit.scores["keyword"] > 0
    assert engine.search("copper pipe").hits[0].scores == {}


def test_scores_fall_from_hit_to_hit(engine: SearchEngine) -> None:
    scores = [hit.score for hit in engine.search("copper pipe leather", k=50).hits]
    assert scores == sorted(scores, reverse=True)


def test_as_many_hits_as_are_wanted(tmp_path: Path) -> None:
    many = [Product(item_id=f"m{n}", title=f"Mug model {n}") for n in range(900)]
    build_search(many, tmp_path, encoder=HashingEncoder())
    engine = SearchEngine.open(tmp_path, encoder=HashingEncoder())
    assert len(engine.search("mug", k=700).hits) == 700
    assert len(engine.search("", k=700).hits) == 700


def test_no_results_are_wanted_none_are_given(engine: SearchEngine) -> None:
    assert engine.search("boots", k=0).hits == ()


def test_similar_products_leave_out_the_product_and_its_variants(engine: SearchEngine) -> None:
    similar = [hit.item_id for hit in engine.similar("shirt-red", 3)]
    assert not {"shirt-red", "shirt-green"} & set(similar)
    assert [hit.item_id for hit in engine.similar("pipe", 1)] == ["pipe-big"]
    assert engine.similar("pipe", 3, Price(max=15)) [0].item_id == "mug"  # fmt: skip
    with pytest.raises(KeyError):
        engine.similar("nowhere", 3)


def test_matching_lists_and_counts(engine: SearchEngine) -> None:
    condition = And((InStock(), Not(Words("leather"))))
    assert engine.matching(condition) == ["mug"]
    assert engine.count(condition) == 1


def test_vectors_are_of_length_one(engine: SearchEngine) -> None:
    assert np.linalg.norm(engine.vectors(["mug", "boot"]), axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert np.array_equal(engine.vector("boot"), engine.vectors(["boot"])[0])


def test_the_vocabulary_is_the_shops_own(engine: SearchEngine) -> None:
    assert fold("Levi's Kitchen") in {fold(brand) for brand in engine.vocabulary.brands}


@pytest.mark.parametrize("size", [0, 1, 2])
def test_tiny_shops_can_be_built_and_searched(tmp_path: Path, size: int) -> None:
    build_search(PRODUCTS[:size], tmp_path, encoder=HashingEncoder())
    engine = SearchEngine.open(tmp_path, encoder=HashingEncoder())
    assert len(engine.search("leather boots").hits) <= size
    assert len(engine.search("").hits) == size


def test_only_changed_products_are_encoded_again(folder: Path, tmp_path: Path) -> None:
    encoder = HashingEncoder()
    changed = [PRODUCTS[0].model_copy(update={"title": "Alpine Vegan Hiking Boots"}), *PRODUCTS[1:]]
    metrics = build_search(changed, tmp_path / "next", encoder=encoder, previous=folder)
    assert metrics["vectors_reused"] == len(PRODUCTS) - 1
    assert [text for text in encoder.encoded if "Vegan" in text]
    assert not [text for text in encoder.encoded if "Trainers" in text]


def test_an_unchanged_shop_is_not_indexed_again(folder: Path, tmp_path: Path) -> None:
    build_search(PRODUCTS, tmp_path / "next", encoder=HashingEncoder(), stars=STARS, previous=folder)
    name = "vectors/chroma/collection.json"
    assert json.loads((tmp_path / "next" / name).read_text()) == json.loads((folder / name).read_text())
    assert found(SearchEngine.open(tmp_path / "next", encoder=HashingEncoder()), "leather boots")[0] == "boot"


def test_a_broken_synonym_file_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").write_text("alone\n", encoding="utf-8")
    with pytest.raises(SynonymError, match=r"synonyms.txt, line 1"):
        build_search(PRODUCTS, tmp_path / "s", encoder=HashingEncoder(), synonyms=tmp_path / "synonyms.txt")


def test_an_unfinished_build_and_another_model_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SearchBuildError, match="build the shop again"):
        SearchEngine.open(tmp_path, encoder=HashingEncoder())
    other = HashingEncoder()
    other.model_id = "other"
    with pytest.raises(SearchBuildError, match="the encoder is other"):
        SearchEngine.open(folder, encoder=other)


def test_an_unknown_reranker_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RerankerError, match="expected none, learned"):
        SearchEngine.open(folder, encoder=HashingEncoder(), reranker="best")
    with pytest.raises(RerankerError, match="no readable reranker"):
        SearchEngine.open(folder, encoder=HashingEncoder(), reranker=f"learned:{tmp_path}")


def test_opening_and_searching_needs_no_torch_and_no_chroma(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "search")
    code = (
        "import sys; from pathlib import Path; from retrieval.search import SearchEngine;"
        "from tests.retrieval.shop_samples import HashingEncoder;"
        f"engine = SearchEngine.open(Path({str(copy)!r}), encoder=HashingEncoder());"
        "assert engine.search('boots').hits;"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'chromadb'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_untrusted_text_is_only_text(tmp_path: Path) -> None:
    nasty = Product(
        item_id="'; DROP TABLE products; --", title="<script>alert(1)</script> lamp", brand='"} OR {"'
    )
    build_search([nasty, *PRODUCTS], tmp_path, encoder=HashingEncoder())
    engine = SearchEngine.open(tmp_path, encoder=HashingEncoder())
    assert found(engine, "lamp")[0] == nasty.item_id
    assert engine.matching(Brand(('"} or {"',))) == [nasty.item_id]
