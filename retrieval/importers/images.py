"""Pictures that lie beside a products file: copied into the shop's folder, so that the page can show them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from retrieval.catalog import Product
from retrieval.importers.survey import fingerprint

_KINDS = frozenset((".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"))
_LARGEST = 10 * 2**20
# A picture that runs code or calls home is not a picture.
_ACTIVE_SVG = re.compile(
    rb"(?i)<\s*(script|foreignobject|iframe|use\b[^>]*href\s*=\s*[\"']?[^#\"'])|\son\w+\s*=|javascript:"
    rb"|(href|src)\s*=\s*[\"']?\s*(https?:|//)|url\(\s*[\"']?(https?:|//)|<!ENTITY|@import"
)


class LocalImages:
    """Copies ``image_url`` files given relative to the products file into a folder of the shop.

    Only pictures by name, of at most 10 MB, inside the folder of the products file; an SVG that holds
    scripts or outside addresses is left out. What can't be taken leaves the product without a picture.
    """

    def __init__(self, products_file: Path, folder: Path) -> None:
        self._from = products_file.resolve().parent
        self._into = folder
        self.missing = 0

    def take(self, product: Product) -> Product:
        """The product with its picture at ``images/<name>`` in the shop's folder."""
        given = product.image_url
        if given is None or re.match(r"(?i)https?://|data:", given):
            return product
        source = (self._from / given).resolve()
        if not self._usable(source):
            self.missing += 1
            return product.model_copy(update={"image_url": None})
        name = f"{fingerprint(product.item_id, given):016x}{source.suffix.lower()}"
        target = self._into / name
        if not target.exists() or target.stat().st_mtime_ns != source.stat().st_mtime_ns:
            self._into.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
        return product.model_copy(update={"image_url": f"{self._into.name}/{name}"})

    def _usable(self, source: Path) -> bool:
        if (
            not source.is_relative_to(self._from)
            or source.suffix.lower() not in _KINDS
            or not source.is_file()
        ):
            return False
        if source.stat().st_size > _LARGEST:
            return False
        return source.suffix.lower() != ".svg" or not _ACTIVE_SVG.search(source.read_bytes())
