"""Who met what, when: validated columns, frozen once built, with the two shapes that models want.

Strings are mapped to integers here and nowhere else (`IdMap`). Column names live in `COLUMNS`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from cf_engine.base import IntArray
from cf_engine.log.weights import EventWeights

COLUMNS = ("user", "item", "time", "weight", "stars")


class EventLike(Protocol):
    """What `Interactions.from_events` reads of an event (see `cf_engine.events.Event`)."""

    @property
    def user_id(self) -> str: ...
    @property
    def item_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def time(self) -> datetime: ...
    @property
    def value(self) -> float | None: ...


@dataclass(frozen=True)
class IdMap:
    """String ids and their numbers, both ways.

    Numbers follow a hash of the id, so that a tie between scores, which sorting breaks by number, can't
    follow the order in which ids first appeared (in leave-one-out splits that order gives the answer away).
    """

    ids: tuple[str, ...]
    _numbers: Mapping[str, int]

    @classmethod
    def from_ids(cls, ids: Iterable[str], salt: str = "") -> Self:
        """Maps the distinct ids; ``salt`` chooses another order (for repeated measurements)."""
        return cls.from_ordered(sorted(set(ids), key=lambda id_: _hash(salt + id_)))

    @classmethod
    def from_ordered(cls, ids: Sequence[str]) -> Self:
        """Keeps the order given (a saved map, or one grown by `extended`). ValueError on a repeated id."""
        numbers = {id_: number for number, id_ in enumerate(ids)}
        if len(numbers) != len(ids):
            raise ValueError(
                f"an id map needs distinct ids: got {len(ids)} ids of which {len(numbers)} distinct"
            )
        return cls(tuple(ids), numbers)

    def extended(self, ids: Iterable[str]) -> Self:
        """A map with the new ones of ``ids`` numbered after the known ones, whose numbers stay."""
        new = sorted(set(ids) - self._numbers.keys(), key=_hash)
        return self.from_ordered((*self.ids, *new))

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._numbers

    def number(self, id_: str) -> int | None:
        """The number of an id; None for one never seen."""
        return self._numbers.get(id_)

    def numbers(self, ids: Iterable[str]) -> IntArray:
        """Numbers of the known ones among ``ids``, in their order; unknown ones are left out."""
        return np.array([self._numbers[id_] for id_ in ids if id_ in self._numbers], dtype=np.int64)


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


@dataclass(frozen=True)
class Interactions:
    """Rows sorted by user, then time, then the order given; read-only arrays of equal length.

    Documented policy: the same user, item and time twice is one row (the larger weight stays); a repeat at
        another time
    is kept, as an own position in `to_sequences` and summed in `to_csr`; rows may come in any order.
    """

    user: IntArray  # (n,)
    item: IntArray  # (n,)
    time: npt.NDArray[np.float64]  # (n,) seconds since 1970, or any increasing number
    weight: npt.NDArray[np.float32]  # (n,) > 0
    stars: npt.NDArray[np.float32]  # (n,) NaN where nobody rated
    users: IdMap
    items: IdMap

    def __post_init__(self) -> None:
        lengths = {name: len(getattr(self, name)) for name in COLUMNS}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"the columns {COLUMNS} must be of one length: got {lengths}")
        for name, count in (("user", len(self.users)), ("item", len(self.items))):
            column = getattr(self, name)
            if len(column) and (column.min() < 0 or column.max() >= count):
                raise ValueError(
                    f"{name} numbers must lie in 0..{count - 1}: got {column.min()}..{column.max()}"
                )
        if not (np.isfinite(self.weight).all() and (self.weight > 0).all()):
            raise ValueError("weights must be finite and above 0: drop rows that say nothing before building")
        if not np.isfinite(self.time).all():
            raise ValueError("times must be finite numbers: fill or drop missing ones before building")
        for name in COLUMNS:
            getattr(self, name).setflags(write=False)

    @classmethod
    def from_columns(
        cls,
        user: npt.ArrayLike,
        item: npt.ArrayLike,
        *,
        users: IdMap,
        items: IdMap,
        time: npt.ArrayLike | None = None,
        weight: npt.ArrayLike | None = None,
        stars: npt.ArrayLike | None = None,
    ) -> Self:
        """Sorts, merges exact duplicates, freezes. Without times, the order of rows is the order in time.

        Raises:
            ValueError: columns of different lengths, numbers outside the maps, weights not above 0, times not
                finite.
        """
        user_column = np.asarray(user, np.int64)
        n = len(user_column)
        columns: dict[str, npt.NDArray[Any]] = {
            "user": user_column,
            "item": np.asarray(item, np.int64),
            "time": np.arange(n, dtype=np.float64) if time is None else np.asarray(time, np.float64),
            "weight": np.ones(n, np.float32) if weight is None else np.asarray(weight, np.float32),
            "stars": np.full(n, np.nan, np.float32) if stars is None else np.asarray(stars, np.float32),
        }
        if len({len(column) for column in columns.values()}) > 1:
            raise ValueError(
                f"columns must be of one length: got { {k: len(v) for k, v in columns.items()} }"
            )
        order = np.lexsort((columns["time"], columns["user"]))  # stable: equal times keep the order given
        columns = {name: column[order] for name, column in columns.items()}
        keep = _first_of_equals(columns["user"], columns["item"], columns["time"], columns["weight"])
        return cls(**{name: column[keep] for name, column in columns.items()}, users=users, items=items)

    @classmethod
    def from_sequences(
        cls,
        sequences: Sequence[Sequence[int]],
        n_items: int,
        *,
        stars: Sequence[Sequence[float]] | None = None,
    ) -> Self:
        """One sequence of item numbers a user, oldest first; ids become the numbers as text."""
        lengths = np.array([len(sequence) for sequence in sequences], dtype=np.int64)
        return cls.from_columns(
            np.repeat(np.arange(len(sequences)), lengths),
            np.fromiter((item for sequence in sequences for item in sequence), np.int64, int(lengths.sum())),
            users=IdMap.from_ordered([str(user) for user in range(len(sequences))]),
            items=IdMap.from_ordered([str(item) for item in range(n_items)]),
            stars=None if stars is None else np.array([s for row in stars for s in row], np.float32),
        )

    @classmethod
    def from_events(
        cls,
        events: Iterable[EventLike],
        *,
        items: IdMap | None = None,
        extra_items: Iterable[str] = (),
        weights: EventWeights | None = None,
        half_life_days: float | None = None,
    ) -> Self:
        """Interest from an event log: ``weights`` per kind and stars, halved every ``half_life_days`` before
        the newest (None: events do not age).

        Dislikes and ratings under 3 stars are left out: they exclude at serving time, they are no interest.
        ``extra_items`` are products without events, which content can still recommend. O(n log n).
        """
        rule = weights or EventWeights()
        rows = [
            (
                e.user_id,
                e.item_id,
                e.time.timestamp(),
                rule.of(e.kind, e.value),
                e.value if e.kind == "rating" else None,
            )
            for e in events
        ]
        rows = [row for row in rows if row[3] > 0]
        known = {row[1] for row in rows} | set(extra_items)
        item_map = IdMap.from_ids(known) if items is None else items.extended(known)
        user_map = IdMap.from_ids(row[0] for row in rows)
        time = np.array([row[2] for row in rows], np.float64)
        weight = np.array([row[3] for row in rows], np.float32)
        if half_life_days is not None and len(rows):
            age_days = (time.max() - time) / 86_400
            weight = np.maximum(weight * 0.5 ** (age_days / half_life_days), 1e-6).astype(np.float32)
        return cls.from_columns(
            user_map.numbers(row[0] for row in rows),
            item_map.numbers(row[1] for row in rows),
            users=user_map,
            items=item_map,
            time=time,
            weight=weight,
            stars=np.array([np.nan if row[4] is None else row[4] for row in rows], np.float32),
        )

    def __len__(self) -> int:
        return len(self.user)

    @property
    def n_users(self) -> int:
        return len(self.users)

    @property
    def n_items(self) -> int:
        return len(self.items)

    def to_csr(self, *, binary: bool = False) -> sparse.csr_matrix:
        """User x item weights, repeats summed; ``binary`` makes every stored value 1. float32."""
        shape = (self.n_users, self.n_items)
        matrix = sparse.csr_matrix((self.weight, (self.user, self.item)), shape=shape, dtype=np.float32)
        if binary:
            matrix.data[:] = 1.0
        return matrix

    def to_sequences(self) -> list[IntArray]:
        """Item numbers of each user (index = user number), oldest first; empty for a user without rows."""
        ends = np.searchsorted(self.user, np.arange(1, self.n_users))
        return np.split(self.item, ends) if self.n_users else []

    def select(self, keep: npt.NDArray[np.bool_]) -> Self:
        """The rows where ``keep`` holds, with the same id maps (so that numbers keep their meaning)."""
        return type(self)(
            **{name: getattr(self, name)[keep] for name in COLUMNS}, users=self.users, items=self.items
        )

    def without_last(self, n: int = 1) -> Self:
        """Leaves each user's last ``n`` rows out (the leave-one-out training part)."""
        return self.select(self.rank_from_end() >= n)

    def rank_from_end(self) -> IntArray:
        """For each row, how many later rows its user has (0 = the user's newest)."""
        counts = np.bincount(self.user, minlength=self.n_users)
        return np.cumsum(counts)[self.user] - 1 - np.arange(len(self))


def _first_of_equals(
    user: IntArray, item: IntArray, time: npt.NDArray[np.float64], weight: npt.NDArray[np.float32]
) -> npt.NDArray[np.bool_]:
    """Mask that keeps, of rows with equal user, item and time, the one of the largest weight."""
    order = np.lexsort((-weight, item, time, user))
    same = np.zeros(len(user), np.bool_)
    if len(user) > 1:
        a, b = order[1:], order[:-1]
        same[a] = (user[a] == user[b]) & (item[a] == item[b]) & (time[a] == time[b])
    return ~same
