"""Where a request comes from: no other site may act for a visitor, no stranger may speak for a proxy."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.door.refusals import refuse

_FORWARDED = (b"forwarded", b"x-real-ip", b"x-forwarded-", b"x-original-", b"x-rewrite-", b"x-gradio-")


class WithoutForwarded:
    """Drops the headers by which a proxy tells of the client: what a named proxy said is in the scope by now,
    and nobody else is believed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "headers" in scope:
            kept = [pair for pair in scope["headers"] if not pair[0].lower().startswith(_FORWARDED)]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)


class OwnOrigin:
    """Refuses what a page of another origin sends with a visitor's cookie."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD") and not self._own(scope):
            await refuse(403, scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _own(self, scope: Scope) -> bool:
        """Browsers name the origin of every POST; a client that is no browser carries no one's cookie."""
        headers = Headers(scope=scope)
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = headers.get("origin")
        if origin is None:
            return True
        try:
            parts = urlsplit(origin.lower())
            host = parts.hostname
        except ValueError:
            return False
        return parts.netloc == headers.get("host", "").lower() or host in self.hosts
