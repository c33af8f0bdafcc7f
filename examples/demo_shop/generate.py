"""Generates the demo shop: products, a year of shoppers, their reviews, pictures and the shop's documents.

    python examples/demo_shop/generate.py OUT --seed 7

Everything is made up by this program from ``products.toml`` and ``voices.toml``; the same seed gives
the same files. They are plain files as any shop may have, read by ``aisle import`` like anybody's:

    aisle import SHOP --products OUT/products.csv --reviews OUT/reviews.csv --events OUT/events.csv \\
        --documents OUT/documents
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from artwork import pictures
from assortment import HERE, Item, make_items
from shoppers import YEAR_END, Bought, Crowd, Event
from voices import Voices

_PRODUCT_COLUMNS = (
    *("id", "title", "description", "brand", "category", "price", "currency"),
    *("attributes", "options", "tags", "image", "stock", "updated_at"),
)


@dataclass(frozen=True)
class Written:
    """A review as it stands in the file; guests have no ``user_id``."""

    review_id: str
    item_id: str
    user_id: str
    stars: int
    title: str
    text: str
    time: str
    helpful: int
    verified: bool


def main() -> None:
    arguments = argparse.ArgumentParser(description="Generates the demo shop.")
    arguments.add_argument("out", type=Path, help="folder to write into; made when it is not there")
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--products", type=int, default=600)
    arguments.add_argument("--shoppers", type=int, default=500)
    arguments.add_argument("--events", type=int, default=12_000)
    arguments.add_argument("--reviews", type=int, default=4_000)
    given = arguments.parse_args()
    generate(given.out, given.seed, given.products, given.shoppers, given.events, given.reviews)
    print(
        f"{given.out}: {given.products} products, {given.shoppers} shoppers, {given.events} events and "
        f"{given.reviews} reviews, all generated (seed {given.seed})"
    )


def generate(out: Path, seed: int, products: int, shoppers: int, events: int, reviews: int) -> None:
    """Writes the shop's files into ``out``."""
    items = make_items(random.Random(f"{seed} items"), products)
    voices = Voices(random.Random(f"{seed} voices"))
    crowd = Crowd(random.Random(f"{seed} crowd"), items, voices, shoppers)
    log, ratings = crowd.year(events)
    out.mkdir(parents=True, exist_ok=True)
    _write_products(out, items)
    _write_events(out / "events.csv", log)
    _write_reviews(
        out / "reviews.csv", _reviews(random.Random(f"{seed} guests"), items, voices, ratings, reviews)
    )
    shutil.copytree(HERE / "documents", out / "documents", dirs_exist_ok=True)


def _reviews(
    random_: random.Random, items: list[Item], voices: Voices, ratings: list[Bought], count: int
) -> list[Written]:
    """A review for each rating of the year, and older ones by guests, more of the better known products."""
    known = {item.item_id: item for item in items}
    found = []
    for rating in ratings[:count]:
        event = rating.event
        title, text = voices.write(known[event.item_id], rating.opinion, event.time)
        found.append((event.time, event.item_id, event.user_id, rating.opinion.stars, title, text))
    guests = random_.choices(items, [math.exp(item.appeal) for item in items], k=count - len(found))
    for item in guests:
        opinion = voices.opinion(item, random_.gauss(0, 0.5))
        time = YEAR_END - timedelta(days=random_.randrange(5, 900), seconds=random_.randrange(86_400))
        title, text = voices.write(item, opinion, time)
        found.append((time, item.item_id, "", opinion.stars, title, text))
    found.sort(key=lambda review: (review[0], review[1], review[2]))
    return [
        Written(
            f"R{number + 1:05d}",
            item_id,
            user_id,
            stars,
            title,
            text,
            time.isoformat(),
            int(random_.expovariate(0.7)),
            bool(user_id) or random_.random() < 0.6,
        )
        for number, (time, item_id, user_id, stars, title, text) in enumerate(found)
    ]


def _write_products(out: Path, items: list[Item]) -> None:
    images = out / "images"
    images.mkdir(exist_ok=True)
    rows = []
    for item in items:
        drawn = {f"images/{item.item_id}-{view}.svg": svg for view, svg in pictures(item).items()}
        for name, svg in drawn.items():
            (out / name).write_text(svg, encoding="utf-8")
        path = " > ".join((item.department, item.shelf, item.kind.capitalize()))
        rows.append(
            (
                item.item_id,
                item.title,
                item.description,
                item.brand,
                path,
                f"{item.price:.2f}",
                "USD",
                json.dumps(item.attributes),
                json.dumps(item.options),
                ", ".join(item.tags),
                "|".join(drawn),
                item.stock,
                YEAR_END.isoformat(),
            )
        )
    _write(out / "products.csv", _PRODUCT_COLUMNS, rows)


def _write_events(path: Path, log: list[Event]) -> None:
    rows = (
        (e.user_id, e.item_id, e.kind, e.time.isoformat(), "" if e.stars is None else e.stars, e.session_id)
        for e in log
    )
    _write(path, ("user_id", "item_id", "event", "time", "value", "session_id"), rows)


def _write_reviews(path: Path, reviews: list[Written]) -> None:
    _write(path, tuple(Written.__dataclass_fields__), (tuple(vars(review).values()) for review in reviews))


def _write(path: Path, header: Iterable[str], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
