"""A log as columns of numbers, gathered while it streams by: 21 bytes an event, whatever it is read from."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from cf_engine.base import IntArray, Progress, no_progress
from cf_engine.events import Event

REPORT_EVERY = 50_000


class EventColumns:
    """Users, items and kinds are numbered as they first appear; times are seconds since 1970.

    Read an iterable of events through `watch` (or `read`), then use the arrays; rows keep their order.
    """

    def __init__(self, progress: Progress = no_progress) -> None:
        self._progress = progress
        self._users: dict[str, int] = {}
        self._items: dict[str, int] = {}
        self._kinds: dict[str, int] = {}
        self._user, self._item, self._kind = array("i"), array("i"), array("b")
        self._time, self._value = array("d"), array("f")

    @classmethod
    def read(cls, events: Iterable[Event], progress: Progress = no_progress) -> EventColumns:
        columns = cls(progress)
        for _ in columns.watch(events):
            pass
        return columns

    def watch(self, events: Iterable[Event]) -> Iterator[Event]:
        """Passes the events on, remembering each."""
        for event in events:
            self._user.append(self._users.setdefault(event.user_id, len(self._users)))
            self._item.append(self._items.setdefault(event.item_id, len(self._items)))
            self._kind.append(self._kinds.setdefault(event.kind, len(self._kinds)))
            self._time.append(event.time.timestamp())
            self._value.append(float("nan") if event.value is None else event.value)
            if len(self) % REPORT_EVERY == 0:
                self._progress("read events", len(self), None)
            yield event

    def __len__(self) -> int:
        return len(self._user)

    @property
    def user_ids(self) -> tuple[str, ...]:
        return tuple(self._users)

    @property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(self._items)

    @property
    def user(self) -> IntArray:
        return np.array(self._user, dtype=np.int64)

    @property
    def item(self) -> IntArray:
        return np.array(self._item, dtype=np.int64)

    @property
    def kind(self) -> IntArray:
        return np.array(self._kind, dtype=np.int64)

    @property
    def time(self) -> npt.NDArray[np.float64]:
        return np.array(self._time, dtype=np.float64)

    @property
    def value(self) -> npt.NDArray[np.float32]:
        """Stars of a rating, else whatever the event carried; NaN for nothing."""
        return np.array(self._value, dtype=np.float32)

    def of_kind(self, kind: str) -> npt.NDArray[np.bool_]:
        """Mask of the events of one kind."""
        return np.asarray(self.kind == self._kinds.get(kind, -1), dtype=np.bool_)

    def kind_counts(self) -> dict[str, int]:
        counts: Any = np.bincount(self.kind, minlength=len(self._kinds))
        return {name: int(counts[code]) for name, code in self._kinds.items()}
