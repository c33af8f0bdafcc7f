"""A blocking generator off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

Piece = TypeVar("Piece")


async def in_own_thread(pieces: Iterator[Piece]) -> AsyncIterator[Piece]:
    """The pieces of a generator, made in one thread of its own: one that holds a lock must stay in its thread."""
    done = object()
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="aisle-stream")
    try:
        while (piece := await loop.run_in_executor(thread, lambda: next(pieces, done))) is not done:
            yield cast(Piece, piece)
    finally:
        await loop.run_in_executor(thread, cast(Generator[Piece], pieces).close)
        thread.shutdown(wait=False)
