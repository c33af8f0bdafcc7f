"""A value that is made again when it has become old."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Keeps one value for ``seconds``; safe for threads, and made by one of them at a time."""

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._lock = threading.Lock()
        self._made: tuple[float, T] | None = None

    def of(self, make: Callable[[], T]) -> T:
        with self._lock:
            if self._made is None or self._clock() - self._made[0] > self._seconds:
                self._made = (self._clock(), make())
            return self._made[1]
