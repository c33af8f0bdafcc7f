"""Pictures of products: from the shop's own folder, and from the origins that the shop names."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote, urlsplit

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ui.door import Route

ROUTE = Route(r"/shop/images/[^\\\0]+\.(?i:png|jpe?g|webp|gif|avif|svg)")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""A picture opened by itself is a document, and an SVG may hold a script."""


_HOST = re.compile(r"[a-z0-9.-]+")


class ShopPictures(StaticFiles):
    """Files of the shop's `images` folder."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Content-Security-Policy"] = _POLICY
        return response


def image_source(url: str | None, origins: Collection[str] = ()) -> str | None:
    """Where a product's picture is loaded from; None where that is neither the shop's folder nor one of
    ``origins``, e.g. ``https://cdn.example.com``."""
    if not url:
        return None
    if url.startswith("images/") and ".." not in url:
        return "/shop/" + quote(url)
    return url if origin_of(url) in origins else None


def origin_of(url: str) -> str | None:
    """Scheme, host and port of a web address; None where it is none, or names a user."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    named = port if port not in (None, {"http": 80, "https": 443}[parts.scheme]) else None
    return f"{parts.scheme}://{host}" + (f":{named}" if named else "")
