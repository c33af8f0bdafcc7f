"""The generator of the demo shop: the same seed the same files, and something to find in them."""

from __future__ import annotations

import csv
import json
import math
import re
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from retrieval.importers.images import _ACTIVE_SVG
from tests.conftest import ROOT
from tests.retrieval.importing import Target

SCRIPT = ROOT / "examples" / "demo_shop" / "generate.py"


def generate(folder: Path, *options: str) -> Path:
    subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), *options], check=True, capture_output=True, timeout=120
    )
    return folder


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("demo"), "--seed", "7")


def test_it_has_the_promised_size(shop: Path) -> None:
    products, events, reviews = table(shop, "products"), table(shop, "events"), table(shop, "reviews")
    assert (len(products), len(events), len(reviews)) == (600, 12_000, 4_000)
    assert len({row["category"].split(" > ")[0] for row in products}) == 8
    assert len({row["user_id"] for row in events}) == 500


def test_the_same_seed_gives_the_same_files_and_another_seed_others(tmp_path: Path) -> None:
    small = ("--products", "60", "--shoppers", "20", "--events", "300", "--reviews", "120")
    one, two, other = (
        generate(tmp_path / name, "--seed", seed, *small)
        for name, seed in (("1", "3"), ("2", "3"), ("3", "4"))
    )
    for name in ("products", "events", "reviews"):
        assert (one / f"{name}.csv").read_bytes() == (two / f"{name}.csv").read_bytes()
        assert (one / f"{name}.csv").read_bytes() != (other / f"{name}.csv").read_bytes()


def test_it_is_read_like_anybodys_files_without_a_rejected_row(shop: Path, tmp_path: Path) -> None:
    target = Target(tmp_path)
    summary = target.run(
        products=shop / "products.csv",
        reviews=shop / "reviews.csv",
        events=shop / "events.csv",
        images_folder=tmp_path / "images",
    )
    assert sum(file.rejected for file in summary.files) == 0
    assert (target.catalog.count(), target.catalog.review_count(), len(target.events)) == (600, 4_000, 12_000)
    for product in target.catalog.products():
        pictures = (product.image_url, *product.more_images)
        assert len(pictures) == 3
        assert all((tmp_path / str(picture)).is_file() for picture in pictures)


def test_products_differ_in_substance(shop: Path) -> None:
    products = table(shop, "products")
    assert len({row["title"] for row in products}) == 600
    by_kind: dict[str, list[str]] = defaultdict(list)
    for row in products:
        by_kind[row["category"]].append(row["attributes"])
    assert all(len(set(attributes)) >= 0.7 * len(attributes) for attributes in by_kind.values())


def test_what_grows_with_size_does(shop: Path) -> None:
    """A tent for six weighs more than any for one; a cast iron pan more than one of aluminium."""
    attributes = defaultdict(list)
    for row in table(shop, "products"):
        attributes[row["category"].split(" > ")[2]].append(json.loads(row["attributes"]))
    weights = defaultdict(list)
    for tent in attributes["Tent"]:
        weights[tent["persons"]].append(tent["weight_kg"])
    assert max(weights[1]) < min(weights[6])
    assert all(
        grinder["timer"] is False for grinder in attributes["Coffee grinder"] if grinder["power"] == "hand"
    )
    heavy = [p["weight_kg"] for p in attributes["Frying pan"] if p["material"] == "cast iron"]
    light = [p["weight_kg"] for p in attributes["Frying pan"] if p["material"] == "aluminium"]
    assert statistics.mean(heavy) > 1.5 * statistics.mean(light)


def test_texts_read_as_a_shop_writes_them(shop: Path) -> None:
    for row in table(shop, "products"):
        text = f"{row['title']}. {row['description']}"
        assert not re.search(r"\(s\)|\{|\}|\b[Aa] [aeio]|\b1 (litres|pairs|modes|burners)\b|  |None", text), (
            text
        )


def test_descriptions_of_a_kind_differ(shop: Path) -> None:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for row in table(shop, "products"):
        by_kind[row["category"]].append(re.sub(r"\d+", "#", row["description"]))
    assert all(len(set(texts)) >= 0.8 * len(texts) for texts in by_kind.values())


def test_texts_state_the_attributes_they_come_with(shop: Path) -> None:
    for row in table(shop, "products"):
        if "Kettles" in row["category"]:
            attributes = json.loads(row["attributes"])
            assert f"{attributes['capacity_l']:g} litre" in row["description"]
            assert f"{attributes['noise_db']} dB" in row["description"]


def test_what_buyers_write_follows_the_product(shop: Path) -> None:
    """Loud kettles, by the decibels of the product file, are the ones that reviews call loud."""
    noise = {
        row["id"]: json.loads(row["attributes"]).get("noise_db")
        for row in table(shop, "products")
        if "noise_db" in row["attributes"]
    }
    loud, quiet = [], []
    for review in table(shop, "reviews"):
        level = noise.get(review["item_id"])
        if level is not None and re.search(
            r"terribly loud|noise is unbearable|hums|so noisy|rattles", review["text"]
        ):
            loud.append(level)
        elif level is not None and re.search(
            r"very quiet|hardly hear|runs quietly|wake the baby", review["text"]
        ):
            quiet.append(level)
    assert len(loud) > 20
    assert len(quiet) > 20
    assert statistics.mean(loud) > statistics.mean(quiet) + 5


def test_stars_follow_the_words(shop: Path) -> None:
    praise = [int(r["stars"]) for r in table(shop, "reviews") if "ecommended." in r["text"]]
    regret = [int(r["stars"]) for r in table(shop, "reviews") if "Save your money." in r["text"]]
    assert min(praise) > max(regret)


def test_tents_sell_with_sleeping_bags(shop: Path) -> None:
    """Co-purchases across kinds: the lift of the planted pair is far above chance."""
    kind = {row["id"]: row["category"].split(" > ")[2] for row in table(shop, "products")}
    baskets: dict[str, set[str]] = defaultdict(set)
    for event in table(shop, "events"):
        if event["event"] == "purchase":
            baskets[event["user_id"]].add(kind[event["item_id"]])
    single = Counter(k for basket in baskets.values() for k in basket)
    both = sum({"Tent", "Sleeping bag"} <= basket for basket in baskets.values())
    assert both * len(baskets) / (single["Tent"] * single["Sleeping bag"]) > 2


def test_shoppers_have_tastes(shop: Path) -> None:
    """A shopper's events fall into few departments: far less spread than the shop's as a whole."""
    department = {row["id"]: row["category"].split(" > ")[0] for row in table(shop, "products")}
    by_user: dict[str, Counter[str]] = defaultdict(Counter)
    for event in table(shop, "events"):
        by_user[event["user_id"]][department[event["item_id"]]] += 1
    spread = statistics.mean(entropy(counts) for counts in by_user.values() if counts.total() >= 20)
    assert spread < 0.75 * entropy(sum(by_user.values(), Counter()))


def test_every_rating_has_its_review(shop: Path) -> None:
    ratings = {
        (e["user_id"], e["item_id"], e["time"]) for e in table(shop, "events") if e["event"] == "rating"
    }
    reviews = {(r["user_id"], r["item_id"], r["time"]) for r in table(shop, "reviews") if r["user_id"]}
    assert ratings == reviews


def test_pictures_are_drawings_that_run_nothing(shop: Path) -> None:
    pictures = list((shop / "images").glob("*.svg"))
    assert len(pictures) == 3 * 600
    for picture in pictures:
        content = picture.read_bytes()
        assert content.startswith(b"<svg ")
        assert not _ACTIVE_SVG.search(content)


def test_it_says_that_it_is_generated(shop: Path) -> None:
    assert "This shop is generated" in (shop / "documents" / "about.md").read_text(encoding="utf-8")


def entropy(counts: Counter[str]) -> float:
    total = counts.total()
    return -sum(n / total * math.log(n / total) for n in counts.values())
