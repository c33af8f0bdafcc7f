"""What each product is for, as vectors apart from its title: its kind's name and its tags.

A need ("my tea is cold when the train pulls in") is nearer to "insulated bottle, travel, hot drinks" than to
a title with brand and size; products that go under the same words share a vector.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.encoder import Encoder
from retrieval.naming.heads import HeadReader
from retrieval.records import Product
from retrieval.text.normalization import fold_plural, has_digit

Progress = Callable[[str, int, int | None], None]

_MOST_TAGS = 8
_COMMON = 0.2  # tags that more of the products carry tell nothing of one


def build_purposes(
    folder: Path,
    products: Sequence[Product],
    reader: HeadReader,
    encoder: Encoder,
    progress: Progress | None = None,
) -> None:
    """Write a vector for each different text, and the text's number by product (-1: none)."""
    counts = Counter(tag for product in products for tag in set(product.tags))
    most = max(3, int(_COMMON * len(products)))
    telling = {tag for tag, count in counts.items() if 2 <= count <= most and _is_word(tag)}
    texts = [purpose_text(product, reader, telling) for product in products]
    numbers = {text: at for at, text in enumerate(dict.fromkeys(text for text in texts if text))}
    np.save(folder / "purpose_of.npy", np.array([numbers.get(text, -1) for text in texts], dtype=np.int32))
    np.save(folder / "purposes.npy", encoder.encode_document(list(numbers), progress).astype(np.float16))


def purpose_text(product: Product, reader: HeadReader, telling: set[str]) -> str:
    """The last category's name, or what the title calls the product; then tags that tell something."""
    head = None if product.category else reader.read(product.title)
    kind = product.category[-1] if product.category else head.surface if head else ""
    tags = [tag for tag in product.tags if tag in telling and fold_plural(tag) != fold_plural(kind)]
    return ", ".join([kind, *tags[:_MOST_TAGS]]).strip(", ")


def _is_word(tag: str) -> bool:
    return not has_digit(tag) and not (tag.isupper() and len(tag) > 3) and any(c.isalpha() for c in tag)


class Purposes:
    """The vectors, opened read-only."""

    def __init__(self, folder: Path) -> None:
        self._of: npt.NDArray[np.int32] = np.load(folder / "purpose_of.npy")
        self._vectors: npt.NDArray[np.float16] = np.load(folder / "purposes.npy")

    def cosines(self, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """How near each product's purpose is, shape (n,); 0 where it has none. ``vector``: shape (d,)."""
        if not len(self._vectors):
            return np.zeros(len(self._of), dtype=np.float32)
        near = np.append(self._vectors.astype(np.float32) @ vector, np.float32(0.0))
        return np.asarray(near[self._of], dtype=np.float32)
