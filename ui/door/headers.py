"""What goes with every answer: the headers that keep a browser safe, and errors that tell nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.door.refusals import refusal

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=()"
"""Where an answer brings no Permissions-Policy of its own."""
_TELLING = ("server", "x-powered-by", "access-control-allow-origin", "access-control-allow-credentials")


@dataclass(frozen=True)
class ContentPolicy:
    """What a page may load and run. The defaults allow files of its own host and nothing inline."""

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    """More sources beside the page's own host, as the Content-Security-Policy writes them."""

    def header(self, script_hashes: Sequence[str] = ()) -> str:
        def own(*more: str) -> str:
            return " ".join(("'self'", *more))

        return "; ".join(
            (
                "default-src 'none'",
                f"script-src {own(*self.scripts, *script_hashes)}",
                f"style-src {own(*self.styles)}",
                f"img-src {own('data:', *self.images)}",
                f"font-src {own('data:')}",
                "connect-src 'self'",
                "manifest-src 'self'",
                "base-uri 'self'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            )
        )


class SafeResponses:
    """Adds the headers, and puts a fixed sentence in the place of every error's body."""

    def __init__(self, app: ASGIApp, policy: ContentPolicy) -> None:
        self.app = app
        self._policy = policy.header()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = failed = ended = False

        async def safely(message: Message) -> None:
            nonlocal started, failed, ended
            if message["type"] == "http.response.start":
                started = True
                self._complete(message, scope)
                if failed := message["status"] >= 400:
                    await self._error(message, scope, send)
                    return
            elif not message.get("more_body", False):
                ended = True
            if not failed:
                await send(message)

        try:
            await self.app(scope, receive, safely)
        except Exception as error:  # noqa: BLE001 - whatever broke, the visitor gets a fixed sentence
            _log(error)
            if not started:
                await refusal(500)(scope, receive, safely)
            elif not failed and not ended:
                await send({"type": "http.response.body"})  # a stream ends where it broke

    def _complete(self, message: Message, scope: Scope) -> None:
        headers = MutableHeaders(scope=message)
        for name in _TELLING:
            del headers[name]
        for name, value in _HEADERS.items():
            headers[name] = value
        headers.setdefault("Content-Security-Policy", self._policy)
        headers.setdefault("Permissions-Policy", _PERMISSIONS)
        if scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = "max-age=31536000"

    async def _error(self, message: Message, scope: Scope, send: Send) -> None:
        fixed = refusal(message["status"])
        headers = MutableHeaders(raw=[pair for pair in message["headers"] if pair[0] not in _OF_A_BODY])
        headers.update(dict(fixed.headers))
        await send({**message, "headers": headers.raw})
        body = b"" if scope["method"] == "HEAD" else fixed.body
        await send({"type": "http.response.body", "body": bytes(body)})


_OF_A_BODY = (b"content-length", b"content-type", b"content-encoding", b"transfer-encoding", b"etag")


def _log(error: Exception) -> None:
    import structlog

    structlog.get_logger("aisle").error("request failed", error=f"{type(error).__name__}: {error}")
