"""A file in a shop system's layout comes back as the products that it was written from, in every locale."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import StaticPool, create_engine

from retrieval.catalog import Catalog
from retrieval.records import Product
from tests.retrieval.exports import CURRENCIES, LETTERS, WRITERS, Known, Variant, products
from tests.retrieval.importing import Target
from tests.retrieval.market_exports import CARRIED, MARKETS

ALL = WRITERS | MARKETS
UNTOLD = frozenset(("etsy",))
"""Layouts that name the choices of a product, and not what each of them costs."""
TOLD = {"google_rss": "google", "icecat": "jsonl"}
"""What a file is taken for, where its writer is called otherwise."""


def expected(known: Known) -> dict[str, object]:
    prices = [variant.cents / 100 for variant in known.variants]
    return {
        "item_id": known.item_id,
        "title": " ".join(known.title.split()),
        "description": " ".join(known.description.split()),
        "brand": known.brand,
        "category": known.path,
        "price": min(prices),
        "price_max": max(prices),
        "stock": sum(variant.stock for variant in known.variants),
        "material": known.material,
        "options": known.options,
        "variants": [(v.cents / 100, v.stock) for v in known.variants if known.options],
    }


def found(product: Product, known: Known) -> dict[str, object]:
    several = {name: choices for name, choices in product.options.items() if len(choices) > 1}
    apart = ("material", "options", "variants")
    given = {name: getattr(product, name) for name in expected(known) if name not in apart}
    by_choice = {
        (v.options.get("Color"), v.options.get("Size")): (v.price, v.stock) for v in product.variants
    }
    variants = [
        by_choice.get((v.color, v.size)) or by_choice.get((None, v.size)) or by_choice.get((v.color, None))
        for v in known.variants
        if several
    ]
    material = product.attributes.get("material", product.attributes.get("materials"))
    return {**given, "material": material, "options": several, "variants": variants}


def check(system: str, locale: str, given: Sequence[Known]) -> None:
    known = [CARRIED.get(system, lambda product: product)(product) for product in given]
    with tempfile.TemporaryDirectory() as folder:
        target = Target(Path(folder))
        target.catalog = Catalog(create_engine("sqlite://", poolclass=StaticPool))
        currency = CURRENCIES[locale]
        content = ALL[system](known, locale)
        summary = target.read(content, "export.csv", currency=currency, minor_units=system == "icecat")
        assert summary.files[0].format == TOLD.get(system, system)
        assert not target.rejected()
        back = {product.item_id: product for product in target.catalog.products()}
        assert back.keys() == {p.item_id for p in known}
        for one in known:
            wanted = expected(one) | ({"variants": []} if system in UNTOLD else {})
            got = found(back[one.item_id], one)
            assert (got | {"variants": []} if system in UNTOLD else got) == wanted
            assert back[one.item_id].currency == currency


@pytest.mark.parametrize("locale", LETTERS)
@pytest.mark.parametrize("system", ALL)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_products_come_back_as_they_were(system: str, locale: str, data: st.DataObject) -> None:
    check(system, locale, data.draw(products(locale)))


@pytest.mark.parametrize("locale", LETTERS)
@pytest.mark.parametrize("system", ALL)
def test_five_hundred_products_come_back(system: str, locale: str) -> None:
    letters = LETTERS[locale]

    def word(number: int) -> str:
        return "".join(
            letters[(number * (7 + place) + place) % len(letters)] for place in range(5)
        ).capitalize()

    known = [
        Known(
            f"P-{n}",
            f"{word(n)} {word(n + 1)} {n}",
            f"{n} {word(n)}, {word(n + 3)} & {word(n + 5)}.",
            word(n % 40),
            (word(n % 7), word(n % 30)),
            word(n % 11),
            tuple(
                Variant(word(n + c), size, 999 + 37 * n + c, c)
                for c in range(1 + n % 3)
                for size in ("S", "M")
            ),
        )
        for n in range(500)
    ]
    check(system, locale, known)
