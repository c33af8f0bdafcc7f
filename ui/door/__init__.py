"""The door of a served shop: plain ASGI middleware between the network and whatever page is behind it.

    network -> proxies -> headers and errors -> host -> routes -> limits -> origin and body -> session -> page

It knows nothing of the page but the routes that the page needs, so another page can stand behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from ui.door.bodies import CheckedBodies
from ui.door.headers import ContentPolicy, SafeResponses
from ui.door.limits import AddressLimits, Limits
from ui.door.origins import OwnOrigin, WithoutForwarded
from ui.door.routes import OpenRoutes, Route
from ui.door.sessions import SignedSessions, Visitor, visitor_of

__all__ = ["ContentPolicy", "DoorRules", "Limits", "Route", "Visitor", "guarded", "visitor_of"]

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class DoorRules:
    """What the door lets through. ``hosts`` are names beside loopback; ``proxies`` addresses or networks
    whose ``X-Forwarded-For`` and ``-Proto`` are believed; ``session_key`` signs the cookies."""

    routes: tuple[Route, ...]
    session_key: str
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    policy: ContentPolicy = field(default_factory=ContentPolicy)
    limits: Limits = field(default_factory=Limits)


def guarded(app: ASGIApp, rules: DoorRules) -> ASGIApp:
    """``app`` behind the door."""
    app = SignedSessions(app, rules.session_key)
    app = CheckedBodies(app, rules.limits)
    app = OwnOrigin(app, rules.hosts)
    app = AddressLimits(app, rules.limits)
    app = OpenRoutes(app, rules.routes)
    app = TrustedHostMiddleware(app, [*LOOPBACK, *rules.hosts], www_redirect=False)
    app = SafeResponses(app, rules.policy)
    app = WithoutForwarded(app)
    if rules.proxies:
        app = ProxyHeadersMiddleware(app, list(rules.proxies))  # type: ignore[arg-type, assignment]
    return app
