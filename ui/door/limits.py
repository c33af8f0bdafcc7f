"""How much one address may ask: requests a minute and requests in flight."""

from __future__ import annotations

import ipaddress
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from ui.door.refusals import refuse

ADDRESSES_KEPT = 20_000
"""The least recently seen address is forgotten first, so that many addresses cannot fill the memory."""


@dataclass(frozen=True)
class Limits:
    """Bytes of a body, seconds it may take to arrive; of one address: counted requests a minute (half of
    them at once) and requests in flight, streams included."""

    body_bytes: int = 32 * 1024
    body_seconds: float = 10.0
    requests_per_minute: int = 600
    connections: int = 64


def address_of(scope: Scope) -> str:
    """The address a request is counted under. One IPv6 subscriber has a whole /64 network."""
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


class AddressLimits:
    """A token bucket and a count of requests in flight for each address."""

    def __init__(self, app: ASGIApp, limits: Limits, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.limits = limits
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address: (tokens, when)
        self._in_flight: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        address = address_of(scope)
        if scope["aisle.route"].counted and not self._take(address):
            await refuse(429, scope, receive, send, {"Retry-After": "10"})
            return
        if self._in_flight[address] >= self.limits.connections:
            await refuse(429, scope, receive, send, {"Retry-After": "1"})
            return
        self._in_flight[address] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._in_flight[address] -= 1
            if not self._in_flight[address]:
                del self._in_flight[address]

    def _take(self, address: str) -> bool:
        """Take one token; the bucket refills evenly and holds half a minute's requests."""
        rate, now = self.limits.requests_per_minute / 60, self._clock()
        most = max(1.0, self.limits.requests_per_minute / 2)
        tokens, when = self._buckets.pop(address, (most, now))
        tokens = min(most, tokens + (now - when) * rate)
        taken = tokens >= 1
        self._buckets[address] = (tokens - taken, now)
        if len(self._buckets) > ADDRESSES_KEPT:
            self._buckets.popitem(last=False)
        return taken
