"""Reviews that should count less: copies of other reviews, bursts on one product, praise in capitals.

Nothing is deleted: a suspicious review keeps its text and its reasons, and weighs less in shares, stars and
quotes. The signs are those of the opinion-spam literature: near-duplicates (Jindal & Liu, WSDM 2008), found
with MinHash over word shingles (Broder 1997), and rating bursts (Fei et al., ICWSM 2013), found with a
Poisson tail.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

WEIGHTS = {"copy": 0.2, "burst": 0.3, "capitals": 0.5}
"""What is left of a review's weight for each reason; several multiply."""

MIN_COPY_WORDS = 8
"""Shorter texts ("Great phone, works well") agree by chance."""
COPY_JACCARD = 0.7
BURST_DAYS = 3
SEASON_DAYS = 30
MIN_BURST = 5
BURST_TAIL = 1e-4
CAPITALS_SHARE = 0.7
MIN_CAPITALS = 15

_DAY = 86400.0
_WORD = re.compile(r"\w+")
_SHINGLE = 4
_HASHES, _BANDS = 64, 16
_random = np.random.default_rng(7)
_MULTIPLIERS = _random.integers(1, 2**31 - 1, _HASHES, dtype=np.uint64) * 2 + 1
_OFFSETS = _random.integers(0, 2**31 - 1, _HASHES, dtype=np.uint64)


@dataclass(frozen=True)
class Suspect:
    """The little of a review that suspicion needs. ``positive`` is whether it praises the product."""

    review_id: str
    item_id: str
    text: str
    stars: float | None
    time: float | None
    positive: bool


def suspicions(suspects: Sequence[Suspect]) -> dict[str, tuple[str, ...]]:
    """Reasons by review id, for the reviews that have any. About 0.2 ms a review."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for review_id in find_copies(suspects):
        reasons[review_id].append("copy")
    by_item: dict[str, list[Suspect]] = defaultdict(list)
    for suspect in suspects:
        by_item[suspect.item_id].append(suspect)
    for group in by_item.values():
        for review_id in find_bursts(group):
            reasons[review_id].append("burst")
    for suspect in suspects:
        if shouts_praise(suspect):
            reasons[suspect.review_id].append("capitals")
    return {review_id: tuple(found) for review_id, found in reasons.items()}


def weight_of(reasons: Sequence[str]) -> float:
    """1 without reasons, else the product of ``WEIGHTS``."""
    return float(np.prod([WEIGHTS[reason] for reason in reasons])) if reasons else 1.0


# --- copies -----------------------------------------------------------------------------------------------


def copy_key(text: str) -> str:
    """Equal for texts with equal words in order; empty for texts too short to be called copies."""
    words = _WORD.findall(text.lower())
    if len(words) < MIN_COPY_WORDS:
        return ""
    return hashlib.blake2b(" ".join(words).encode(), digest_size=16).hexdigest()


def find_copies(suspects: Sequence[Suspect]) -> set[str]:
    """Ids of reviews that nearly repeat an earlier one (or one with a smaller id, where times are equal)."""
    order = sorted(suspects, key=lambda s: (s.time if s.time is not None else np.inf, s.review_id))
    shingles = {s.review_id: _shingles(s.text) for s in order}
    buckets: dict[tuple[int, bytes], list[str]] = defaultdict(list)
    copies: set[str] = set()
    for suspect in order:
        mine = shingles[suspect.review_id]
        if mine is None:
            continue
        bands = _signature(mine).reshape(_BANDS, -1)
        keys = [(band, row.tobytes()) for band, row in enumerate(bands)]
        earlier = {other for key in keys for other in buckets[key]}
        if any(_jaccard(mine, shingles[other]) >= COPY_JACCARD for other in sorted(earlier)[:50]):
            copies.add(suspect.review_id)
            continue  # later ones are compared with the first of a kind only
        for key in keys:
            buckets[key].append(suspect.review_id)
    return copies


def _shingles(text: str) -> npt.NDArray[np.uint64] | None:
    words = _WORD.findall(text.lower())
    if len(words) < MIN_COPY_WORDS:
        return None
    parts = {" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}
    hashes = [int.from_bytes(hashlib.blake2b(part.encode(), digest_size=4).digest(), "big") for part in parts]
    return np.unique(np.array(hashes, dtype=np.uint64))


def _signature(shingles: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    mixed = shingles[:, None] * _MULTIPLIERS[None, :] + _OFFSETS[None, :]  # (shingles, hashes), modulo 2^64
    least: npt.NDArray[np.uint64] = (mixed >> np.uint64(16)).min(axis=0)
    return least


def _jaccard(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64] | None) -> float:
    if b is None:
        return 0.0
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)


# --- bursts -----------------------------------------------------------------------------------------------


def find_bursts(reviews: Sequence[Suspect]) -> set[str]:
    """Ids of one product's reviews that came in a burst of one opinion.

    A window of ``BURST_DAYS`` days is a burst when it holds ``MIN_BURST`` reviews or more, so many have less
    than ``BURST_TAIL`` probability (Poisson, at the product's rate or its season's, over all windows),
    and four in five give the same extreme stars. Those extreme ones are named; the others of the window are
    not.
    """
    dated = sorted(
        ((s.time, s) for s in reviews if s.time is not None and s.stars is not None), key=lambda p: p[0]
    )
    if len(dated) < 2 * MIN_BURST:
        return set()
    times = np.array([time for time, _ in dated])
    if times[-1] - times[0] < 4 * BURST_DAYS * _DAY:
        return set()
    found: set[str] = set()
    ends = np.searchsorted(times, times + BURST_DAYS * _DAY, side="left")
    for first, end in enumerate(ends):
        if end - first >= MIN_BURST and _is_unusual(times, first, int(end)):
            found |= _extreme([suspect for _, suspect in dated[first:end]])
    return found


def _is_unusual(times: npt.NDArray[np.float64], first: int, end: int) -> bool:
    """Whether the window's count is beyond chance at the higher of two rates: the product's, and that of the
    weeks around, since launches and holidays bring honest reviews too.
    """
    from scipy.special import pdtrc

    count, windows = end - first, (times[-1] - times[0]) / (BURST_DAYS * _DAY)
    near = np.searchsorted(times, times[first] + np.array([-1, 1]) * SEASON_DAYS * _DAY)
    around = int(near[1] - near[0]) - count
    expected = max(max(len(times) - count, 1) / windows, around * BURST_DAYS / (2 * SEASON_DAYS))
    return bool(pdtrc(count - 1, expected) * windows < BURST_TAIL)


def _extreme(window: Sequence[Suspect]) -> set[str]:
    for low, high in ((4.75, 5.0), (1.0, 1.25)):
        same = {s.review_id for s in window if s.stars is not None and low <= s.stars <= high}
        if len(same) >= 0.8 * len(window):
            return same
    return set()


def shouts_praise(suspect: Suspect) -> bool:
    """Whether a review that praises is written (nearly) all in capitals."""
    letters = [c for c in suspect.text if c.isalpha()]
    if not suspect.positive or len(letters) < MIN_CAPITALS:
        return False
    return sum(c.isupper() for c in letters) >= CAPITALS_SHARE * len(letters)


def added_suspicions(suspect: Suspect, others: Sequence[Suspect], copied: bool) -> tuple[str, ...]:
    """Reasons against one new review, beside the product's ``others``.

    ``copied``: whether a review of the shop has the same :func:`copy_key`. Near-copies are looked for on the
    same product only; the next build looks everywhere.
    """
    reasons = ["copy"] if copied or suspect.review_id in find_copies([*others, suspect]) else []
    if suspect.review_id in find_bursts([*others, suspect]):
        reasons.append("burst")
    if shouts_praise(suspect):
        reasons.append("capitals")
    return tuple(reasons)
