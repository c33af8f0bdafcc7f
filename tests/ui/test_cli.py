"""The command line as a person meets it: what works says what it did, what does not says what to do."""

from __future__ import annotations

import json
import logging
import socket
from pathlib import Path

import pytest

from agent.operations.commands import import_files, ready_shop
from agent.settings import Settings
from tests.conftest import run_aisle


def test_ask_answers_with_products_and_reasons(demo_shop: Path) -> None:
    done = run_aisle("ask", demo_shop, "a tent under $300")
    assert done.returncode == 0, done.stderr
    assert "1. " in done.stdout
    assert "   + " in done.stdout


def test_ask_as_json_prints_the_turn_record(demo_shop: Path) -> None:
    done = run_aisle("ask", demo_shop, "a tent under $300", "--json")
    record = json.loads(done.stdout)
    assert record["utterance"] == "a tent under $300"
    assert all(card["price"] <= 300 for card in record["shown"])
    reasons = [reason for card in record["shown"] for reason in card["reasons"]]
    known = {evidence["evidence_id"] for evidence in record["evidence"]}
    assert reasons
    assert all(set(reason["evidence_ids"]) <= known for reason in reasons)


def test_the_log_level_is_aisles_own() -> None:
    from ui.cli.app import _log_from

    packages = [logging.getLogger(name) for name in ("agent", "cf_engine", "retrieval", "speech", "ui")]
    before = [package.level for package in packages]
    try:
        _log_from("debug")
        assert all(package.isEnabledFor(logging.DEBUG) for package in packages)
        assert not logging.getLogger("somebody.else").isEnabledFor(logging.INFO)
    finally:
        for package, level in zip(packages, before, strict=True):
            package.setLevel(level)


def test_a_session_goes_on_in_another_process(copied_shop: Path) -> None:
    run_aisle("ask", copied_shop, "a tent under $300", "--session", "s")
    record = json.loads(run_aisle("ask", copied_shop, "cheaper", "--session", "s", "--json").stdout)
    assert record["shown"]
    assert all(card["price"] < 300 for card in record["shown"])


def test_a_comparison_puts_each_value_under_its_product(copied_shop: Path) -> None:
    run_aisle("ask", copied_shop, "a tent under $300", "--session", "s")
    shown = run_aisle("ask", copied_shop, "compare the first two", "--session", "s").stdout.splitlines()
    head = next(line for line in shown if line.startswith("┃"))
    price = next(line for line in shown if line.startswith("│ Price"))
    assert [i for i, c in enumerate(head) if c == "┃"] == [i for i, c in enumerate(price) if c == "│"]
    assert head.split("┃")[1].strip() == ""
    assert all(cell.strip() for cell in head.split("┃")[2:-1])


def test_search_shows_scores_by_source_and_keeps_the_filter(demo_shop: Path) -> None:
    done = run_aisle("search", demo_shop, "headphones", "--filter", "price<=100", "--explain", "-k", "3")
    assert done.returncode == 0, done.stderr
    assert "keyword" in done.stdout
    assert "vector" in done.stdout
    assert "final" not in done.stdout


def test_search_as_json_prints_whole_ids_and_scores(demo_shop: Path) -> None:
    done = run_aisle("search", demo_shop, "headphones", "--filter", "price<=100", "--json", "-k", "3")
    hits = json.loads(done.stdout)["hits"]
    assert len(hits) == 3
    for hit in hits:
        assert hit["price"] <= 100
        assert hit["scores"]["final"] == pytest.approx(hit["score"], abs=1e-3)


def test_a_narrow_table_folds_ids_and_cuts_none(demo_shop: Path) -> None:
    done = run_aisle("search", demo_shop, "headphones", "--explain", "-k", "1")
    whole = json.loads(run_aisle("search", demo_shop, "headphones", "--json", "-k", "1").stdout)["hits"][0]
    cells = [line.split("│")[2].strip() for line in done.stdout.splitlines() if line.startswith("│")]
    assert "".join(cells) == whole["item_id"]


def test_reviews_counts_and_quotes_the_buyers(demo_shop: Path) -> None:
    record = json.loads(run_aisle("ask", demo_shop, "headphones", "--json").stdout)
    item = max(record["shown"], key=lambda card: card["review_count"])["item_id"]
    done = run_aisle("reviews", demo_shop, item)
    assert done.returncode == 0, done.stderr
    assert "reviews" in done.stdout


def test_reviews_tells_no_share_of_what_nobody_praised_or_blamed(demo_shop: Path) -> None:
    shop = ready_shop(demo_shop)
    neutral = next(
        item
        for item in (product.item_id for product in shop.catalog.products())
        if any(not a.positive + a.negative for a in shop.reviews.signals(item).aspects)
    )
    done = run_aisle("reviews", demo_shop, neutral)

    assert "% positive" in done.stdout
    assert "0 for, 0 against" not in done.stdout


def test_a_build_of_nothing_new_makes_nothing_again(copied_shop: Path) -> None:
    done = run_aisle("build", copied_shop)
    assert done.returncode == 0, done.stderr
    for stage in ("reviews", "search", "cf", "documents"):
        assert f"{stage:10} unchanged" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ask", "SHOP/none", "a tent"), "aisle import"),
        (("build", "SHOP/none"), "aisle import"),
        (("import", "NEW", "--products", "missing.csv"), "missing.csv"),
        (("import", "NEW"), "--products"),
        (("search", "SHOP", "tent", "--filter", "price<="), "price"),
        (("search", "SHOP", "tent", "--filter", "prize<50"), "no field 'prize'; did you mean price?"),
        (("reviews", "SHOP", "no-such-item"), "no-such-item"),
        (("train-aspects", "none.seg"), "none.seg does not exist"),
        (("train-aspects", "none.seg", "--base", "larger"), "needs --out"),
        (("train-aspects", "none.seg", "--data", "reviews"), "give --teacher"),
        (
            ("train-aspects", "x.seg", "--base", "a", "--out", "b", "--teacher", "c"),
            "learns from labels alone",
        ),
    ],
)
def test_a_mistake_is_told_without_a_traceback(
    demo_shop: Path, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    places = {"NEW": str(tmp_path / "new")}
    done = run_aisle(*(places.get(part, part.replace("SHOP", str(demo_shop))) for part in arguments))
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("says", "told"),
    [('[colours]\naccent = "teal"', "colours.accent: got 'teal'"), ("nam = 'x'", "nam: there")],
)
def test_a_wrong_shop_toml_is_told_and_no_page_announced(copied_shop: Path, says: str, told: str) -> None:
    (copied_shop / "shop.toml").write_text(says)
    done = run_aisle("serve", copied_shop, "--port", "7999")
    assert done.returncode == 1
    assert told in done.stderr
    assert "http://" not in done.stderr


def test_prices_without_a_currency_are_in_the_one_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("id,title,price\na,Lamp,5\n", encoding="utf-8")
    done = run_aisle("import", tmp_path / "shop", "--products", file, "--currency", "eur")
    assert done.returncode == 0, done.stderr
    assert "read as EUR" in done.stdout + done.stderr
    refused = run_aisle("import", tmp_path / "shop", "--products", file, "--currency", "euros")
    assert refused.returncode != 0
    assert "expected a code of three letters" in " ".join(refused.stderr.split())


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("", "note: the pictures of 1 product lie on cdn.example; AISLE_IMAGE_HOSTS=cdn.example lets"),
        ("a.example", "AISLE_IMAGE_HOSTS=a.example,cdn.example lets"),
        ("https://cdn.example", ""),
    ],
)
def test_pictures_on_a_host_that_the_page_may_not_load_are_told(
    tmp_path: Path, named: str, told: str
) -> None:
    products = tmp_path / "products.csv"
    products.write_text("id,title,image\na,Kettle,https://cdn.example/a.jpg\nb,Tent,\n")
    settings = Settings(image_hosts=named)  # type: ignore[call-arg]
    lines = import_files(tmp_path / "shop", products=products, settings=settings)
    assert [told in line for line in lines if "AISLE_IMAGE_HOSTS" in line] == ([True] if told else [])


def test_a_failed_first_import_leaves_no_folder(tmp_path: Path) -> None:
    run_aisle("import", tmp_path / "shop", "--products", tmp_path / "missing.csv")
    assert not (tmp_path / "shop").exists()


def test_clicks_without_their_columns_are_refused(demo_shop: Path, tmp_path: Path) -> None:
    clicks = tmp_path / "clicks.csv"
    clicks.write_text("q,items\ntent,a b\n", encoding="utf-8")
    done = run_aisle("train-reranker", demo_shop, "--clicks", clicks)
    assert done.returncode == 1
    assert "expected query, shown, clicked" in done.stderr


def test_a_port_that_is_taken_is_told_at_once_and_no_page_announced(demo_shop: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_aisle("serve", demo_shop, "--port", str(port))
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "http://" not in done.stderr
