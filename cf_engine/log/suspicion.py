"""Shoppers who behave like robots: too fast, too even, too many, too broad, never asleep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cf_engine.base import IntArray
from cf_engine.log.event_columns import EventColumns

Times = npt.NDArray[np.float64]

PER_MINUTE: Final = 30
EVEN_EVENTS: Final = 20
EVEN_VARIATION: Final = 0.05
MANY_TIMES_TYPICAL: Final = 20
MANY_EVENTS: Final = 500
BROAD_ITEMS: Final = 100
BROAD_SHARE: Final = 0.5
AWAKE_HOURS: Final = 22
AWAKE_EVENTS: Final = 100


@dataclass(frozen=True)
class Suspicion:
    """A shopper and why they look like a robot; a hint for a person to judge, nothing is left out for it."""

    user_id: str
    events: int
    reasons: tuple[str, ...]


def suspicious_users(
    columns: EventColumns, *, day_resolution: bool = False, most: int = 100
) -> tuple[Suspicion, ...]:
    """Shoppers with any sign of a robot, the most active first.

    With ``day_resolution`` (times are whole days) signs of pace are skipped: a day has one time. O(n log n).
    """
    if not len(columns):
        return ()
    user, item, time = columns.user, columns.item, columns.time
    order = np.lexsort((time, user))
    user, item, time = user[order], item[order], time[order]
    counts = np.bincount(user, minlength=len(columns.user_ids))
    ends = np.cumsum(counts)
    typical, n_items = float(np.quantile(counts, 0.99)), len(columns.item_ids)
    found = []
    for who in np.flatnonzero(counts >= EVEN_EVENTS):
        rows = slice(ends[who] - counts[who], ends[who])
        reasons = [
            *_volume(int(counts[who]), typical),
            *_breadth(item[rows], n_items),
            *([] if day_resolution else _pace(time[rows])),
        ]
        if reasons:
            found.append(Suspicion(columns.user_ids[who], int(counts[who]), tuple(reasons)))
    return tuple(sorted(found, key=lambda suspicion: -suspicion.events)[:most])


def _volume(events: int, typical: float) -> list[str]:
    if events < MANY_EVENTS or events < MANY_TIMES_TYPICAL * typical:
        return []
    return [f"{events:,} events, {events / max(typical, 1):.0f} times what 99% of shoppers stay below"]


def _breadth(items: IntArray, n_items: int) -> list[str]:
    distinct = len(np.unique(items))
    if distinct < BROAD_ITEMS or distinct < BROAD_SHARE * n_items:
        return []
    return [f"met {distinct / n_items:.0%} of all items"]


def _pace(time: Times) -> list[str]:
    checks: tuple[Callable[[Times], str | None], ...] = (_too_fast, _too_even, _never_asleep)
    return [reason for check in checks if (reason := check(time)) is not None]


def _too_fast(time: Times) -> str | None:
    within = np.searchsorted(time, time + 60, side="left") - np.arange(len(time))
    fastest = int(within.max())
    return f"{fastest} events within a minute" if fastest >= PER_MINUTE else None


def _too_even(time: Times) -> str | None:
    """Twenty steps in a row that hardly differ; people are bursty, clocks are not."""
    gaps = np.diff(time)
    if len(gaps) < EVEN_EVENTS - 1:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(gaps, EVEN_EVENTS - 1)
    mean, spread = windows.mean(axis=1), windows.std(axis=1)
    even = (mean >= 0.5) & (mean <= 6 * 3600) & (spread < EVEN_VARIATION * mean)
    return f"an event every {mean[even.argmax()]:.1f} s, like a clock" if even.any() else None


def _never_asleep(time: Times) -> str | None:
    hours = np.unique((time // 3600).astype(np.int64))
    per_day = np.bincount((hours // 24 - hours[0] // 24).astype(np.int64))
    busiest = int(per_day.max())
    if len(time) < AWAKE_EVENTS or busiest < AWAKE_HOURS:
        return None
    return f"active in {busiest} hours of one day"
