"""Pictures that lie beside a products file: copied into the shop's folder, so that the page can show them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from retrieval.importers.survey import fingerprint
from retrieval.records import Product

_KINDS = frozenset((".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"))
_LARGEST = 10 * 2**20
# A picture that runs code or calls home is not a picture.
_ACTIVE_SVG = re.compile(
    rb"(?i)<\s*(script|foreignobject|iframe|use\b[^>]*href\s*=\s*[\"']?[^#\"'])|\son\w+\s*=|javascript:"
    rb"|(href|src)\s*=\s*[\"']?\s*(https?:|//)|url\(\s*[\"']?(https?:|//)|<!ENTITY|@import"
)


def web_host(address: str | None) -> str | None:
    """The host that a picture lies on, with `http://` where it is not reached by HTTPS; None where it lies in
    the shop's folder, or in the address itself."""
    found = re.match(r"(?i)(https?)://([^/?#@\\\s]+)(?:[/?#]|$)", address or "")
    if not found:
        return None
    scheme, host = found[1].lower(), found[2].lower()
    return host if scheme == "https" else f"http://{host}"


class LocalImages:
    """Copies picture files given relative to the products file into a folder of the shop.

    Only pictures by name, of at most 10 MB, inside the folder of the products file; an SVG that holds
    scripts or outside addresses is left out, and counted in ``missing``.
    """

    def __init__(self, products_file: Path, folder: Path) -> None:
        self._from = products_file.resolve().parent
        self._into = folder
        self.missing = 0

    def take(self, product: Product) -> Product:
        """The product with its pictures at ``images/<name>`` in the shop's folder."""
        given = [link for link in (product.image_url, *product.more_images) if link]
        taken = [link for address in given if (link := self._taken(product.item_id, address))]
        if taken == given:
            return product
        self.missing += len(given) - len(taken)
        return product.model_copy(
            update={"image_url": taken[0] if taken else None, "more_images": tuple(taken[1:])}
        )

    def _taken(self, item_id: str, given: str) -> str | None:
        """Where the picture is from now on; None where it can't be taken."""
        if re.match(r"(?i)https?://|data:", given):
            return given
        source = (self._from / given).resolve()
        if not self._usable(source):
            return None
        name = f"{fingerprint(item_id, given):016x}{source.suffix.lower()}"
        target = self._into / name
        if not target.exists() or target.stat().st_mtime_ns != source.stat().st_mtime_ns:
            self._into.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
        return f"{self._into.name}/{name}"

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
