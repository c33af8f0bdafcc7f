"""A small shop of known products for the search tests, and an encoder whose vectors need no model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from retrieval.encoder import Progress, unit_rows
from retrieval.records import Product
from retrieval.text.normalization import tokenize

PRODUCTS = (
    Product(
        item_id="boot",
        title="Alpine Leather Hiking Boots",
        brand="Nordvik",
        category=("Shoes", "Hiking Boots"),
        price=120.0,
        attributes={"color": "Brown / Black", "waterproof": True, "weight": "1.2 kg"},
        options={"Size": ("41", "42", "43")},
        tags=("outdoor",),
        stock=3,
    ),
    Product(
        item_id="trainer",
        title="Road Running Trainers",
        brand="Nike",
        category=("Shoes", "Running"),
        price=80.0,
        attributes={"color": "blue", "waterproof": False, "weight": 0.6},
        stock=0,
    ),
    Product(
        item_id="mug",
        title="Enamel Camping Mug 12 oz",
        brand="Levi's Kitchen",
        category=("Kitchen", "Mugs"),
        price=14.5,
        currency="EUR",
        tags=("outdoor", "gifts"),
        stock=40,
    ),
    Product(item_id="mystery", title="Mystery Box"),
    Product(
        item_id="doorbell",
        title='Wireless Doorbell with 1/2" Mount, Model DB-200X',
        brand="Chimeco",
        category=("Home", "Doorbells"),
        price=39.0,
        description="A doorbell for a house or a flat. The leather strap is sold apart.",
    ),
    Product(item_id="pipe", title="1/2 in. x 10 ft. Copper Pipe", category=("Plumbing", "Pipes"), price=22.0),
    Product(
        item_id="pipe-big", title="1-1/2 in. x 10 ft. Copper Pipe", category=("Plumbing", "Pipes"), price=44.0
    ),
    Product(
        item_id="shirt-red",
        title="Merino Wool Shirt Red",
        brand="Nordvik",
        category=("Clothes", "Shirts"),
        price=60.0,
        attributes={"color": "Red"},
    ),
    Product(
        item_id="shirt-green",
        title="Merino Wool Shirt Green",
        brand="Nordvik",
        category=("Clothes", "Shirts"),
        price=60.0,
        attributes={"color": "Green"},
    ),
)
STARS = {"boot": (4.6, 25), "trainer": (3.2, 8), "mug": (4.9, 1)}


class HashingEncoder:
    """Words hashed to directions: texts that share words are alike. No model, the same everywhere."""

    model_id = "hashing"
    dimensions = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []
        """Documents."""
        self.asked: list[str] = []
        """Queries."""

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        self.asked.extend(texts)
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for token in tokenize(text):
                seed = int.from_bytes(hashlib.blake2b(token.encode(), digest_size=4).digest(), "little")
                vectors[row] += np.random.default_rng(seed).normal(size=self.dimensions).astype(np.float32)
        return unit_rows(vectors)

    def encode_document(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        self.encoded.extend(texts)
        return self._vectors(texts)
