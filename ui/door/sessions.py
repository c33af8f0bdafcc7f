"""Who asks: an unguessable session id in a signed cookie, and the address the request came from."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, TimestampSigner
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.door.limits import address_of
from ui.door.refusals import refuse

COOKIE = "aisle_session"
MAX_AGE = 7 * 24 * 3600
"""Seconds after which a cookie is no longer taken."""


@dataclass(frozen=True)
class Visitor:
    """``session`` is secret to its visitor: it is never logged, stored or sent but in its cookie."""

    session: str
    address: str


def visitor_of(state: Any) -> Visitor:
    """The visitor in a request's ``state``.

    Raises:
        LookupError: the request did not come through the door, or its route takes no session.
    """
    visitor = getattr(state, "visitor", None)
    if not isinstance(visitor, Visitor):
        raise LookupError("this request has no session: its route has to be opened with one")
    return visitor


class SignedSessions:
    """Reads the cookie, issues one where the route says so, and refuses routes that need one without it."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self.app = app
        self._signer = TimestampSigner(key, salt="aisle.session", digest_method=hashlib.sha256)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        route = scope["aisle.route"]
        session = self._read(HTTPConnection(scope).cookies.get(COOKIE, ""))
        if session is None and route.issues:
            session = secrets.token_urlsafe(32)
            send = self._with_cookie(session, scope["scheme"] == "https", send)
        if session is None and route.session:
            await refuse(403, scope, receive, send)
            return
        state = dict(scope.get("state") or {})
        if session is not None:
            state["visitor"] = Visitor(session, address_of(scope))
        await self.app({**scope, "state": state}, receive, send)

    def _read(self, cookie: str) -> str | None:
        try:
            return self._signer.unsign(cookie, max_age=MAX_AGE).decode()
        except BadSignature:
            return None

    def _with_cookie(self, session: str, secure: bool, send: Send) -> Send:
        value = self._signer.sign(session).decode()
        cookie = f"{COOKIE}={value}; Path=/; Max-Age={MAX_AGE}; HttpOnly; SameSite=Lax"

        async def issue(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("set-cookie", f"{cookie}; Secure" if secure else cookie)
                headers["cache-control"] = "no-store"
            await send(message)

        return issue
