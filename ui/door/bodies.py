"""Bodies of requests: JSON, small, and there in time; nothing behind the door reads from a slow client."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.door.limits import Limits
from ui.door.refusals import refuse


class CheckedBodies:
    """Reads the whole body of a POST before passing it on."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            await refuse(415, scope, receive, send)
            return
        told = headers.get("content-length", "0")
        if not told.isdecimal() or int(told[:20]) > self.limits.body_bytes:
            await refuse(413, scope, receive, send, {"Connection": "close"})
            return
        try:
            body = await asyncio.wait_for(
                read_body(receive, self.limits.body_bytes), self.limits.body_seconds
            )
        except TimeoutError:
            await refuse(408, scope, receive, send, {"Connection": "close"})
            return
        if body is None:
            await refuse(413, scope, receive, send, {"Connection": "close"})
            return
        await self.app(scope, replayed(body, receive), send)


async def read_body(receive: Receive, most: int) -> bytes | None:
    """The body; None as soon as it is longer than ``most`` bytes."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def replayed(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives ``body`` at once, and then what the client does next."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
