"""Which routes are open; everything else is not there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from starlette.types import ASGIApp, Receive, Scope, Send

from ui.door.refusals import refuse


@dataclass(frozen=True)
class Route:
    """An open route: ``pattern`` must match the whole decoded path.

    ``session``: only with a signed session cookie. ``issues``: a visitor without one gets it here.
    ``counted``: against the address's requests per minute; files of the page are not.
    """

    pattern: str
    methods: frozenset[str] = frozenset({"GET", "HEAD"})
    session: bool = False
    issues: bool = False
    counted: bool = False

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern)


class OpenRoutes:
    """Lets open routes through, each with its `Route` in ``scope["aisle.route"]``."""

    def __init__(self, app: ASGIApp, routes: Sequence[Route]) -> None:
        self.app = app
        self.routes = tuple(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            here = [route for route in self.routes if route.regex.fullmatch(scope["path"])]
            route = next((route for route in here if scope["method"] in route.methods), None)
            if route is None:
                await refuse(405 if here else 404, scope, receive, send)
            else:
                await self.app({**scope, "aisle.route": route}, receive, send)
        else:  # no page needs web sockets
            await send({"type": "websocket.close", "code": 1008})
