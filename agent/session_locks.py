"""One lock for each session in use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SessionLocks:
    """Turns of one session run one after another; no session waits for another one.

    A session's lock is kept as long as somebody holds it or waits for it. Plain locks: a stream may be ended
    in another thread than the one it began in.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}

    def __len__(self) -> int:
        return len(self._locks)

    @contextmanager
    def held(self, session_id: str) -> Iterator[None]:
        """Wait for the session and hold it."""
        with self._guard:
            lock, users = self._locks.get(session_id) or (threading.Lock(), 0)
            self._locks[session_id] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                users = self._locks[session_id][1] - 1
                if users:
                    self._locks[session_id] = (lock, users)
                else:
                    del self._locks[session_id]
