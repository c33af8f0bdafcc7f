"""Who may have a turn now: first come, first served, and no address takes all the places."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

WAITING = 100
WAITING_PER_ADDRESS = 16


class BusyError(Exception):
    """Too many are waiting: the shopper is asked to come again."""


@dataclass
class _Line:
    """The turns of one address: those it may have at once, and how many are running or waiting."""

    places: asyncio.Semaphore
    turns: int = 0


@dataclass
class TurnGate:
    """``places`` turns at once, at most half of them for one address. Waiting turns are bounded, and go in
    the order they came (asyncio's semaphores are fair)."""

    places: int
    _open: asyncio.Semaphore = field(init=False)
    _lines: dict[str, _Line] = field(init=False, default_factory=dict)
    _turns: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._open = asyncio.Semaphore(self.places)

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait for a place and hold it.

        Raises:
            BusyError: too many turns, of everybody or of this address, are waiting already.
        """
        share = max(1, self.places // 2)
        line = self._lines.setdefault(address, _Line(asyncio.Semaphore(share)))
        if self._turns >= self.places + WAITING or line.turns >= share + WAITING_PER_ADDRESS:
            raise BusyError
        self._turns += 1
        line.turns += 1
        try:
            async with line.places, self._open:
                yield
        finally:
            self._turns -= 1
            line.turns -= 1
            if not line.turns:
                del self._lines[address]
