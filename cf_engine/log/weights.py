"""How much one event says about taste: by its kind, its stars and its age."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, get_args

EventKind = Literal["view", "click", "like", "dislike", "cart", "purchase", "rating"]
KINDS: Final[tuple[EventKind, ...]] = get_args(EventKind)


@dataclass(frozen=True)
class EventWeights:
    """How much one event says for a product: by kind, by stars, and less as it ages.

    A view says little, a purchase most. Dislikes and ratings below three stars weigh negative: they never
    count as positives and push similar products down. Three stars and a half say nothing much (``neutral``);
    four are a like, five lie between a like and a purchase. Where time counts, an event loses half its weight
    every ``half_life_days`` before the newest event of the log, so an old log is not all zeros.
    """

    view: float = 0.3
    click: float = 0.4
    like: float = 1.0
    cart: float = 1.2
    purchase: float = 1.5
    dislike: float = -1.0
    neutral: float = 0.3
    half_life_days: float = 180.0

    def __post_init__(self) -> None:
        if not (self.half_life_days > 0 and math.isfinite(self.half_life_days)):
            raise ValueError(f"half_life_days must be a positive number of days; got {self.half_life_days}")
        if self.dislike >= 0:
            raise ValueError(f"a dislike must weigh negative; got {self.dislike}")

    def of(self, kind: str, value: float | None = None) -> float:
        """The weight of an event that happens now. Raises ``ValueError`` for an unknown kind."""
        if kind == "rating":
            return self._of_stars(3.0 if value is None else value)
        if kind not in KINDS:
            raise ValueError(f"unknown event kind {kind!r}; known are {', '.join(KINDS)}")
        return float(getattr(self, kind))

    def decay(self, age: timedelta) -> float:
        """What is left of a weight after ``age``; 1 for now and for times in the future."""
        days = max(age.total_seconds(), 0.0) / 86_400
        return float(0.5 ** (days / self.half_life_days))

    def _of_stars(self, stars: float) -> float:
        if stars < 3:
            return self.dislike * (1.0 if stars <= 1 else 0.7)
        if stars < 4:
            return self.neutral
        return self.like if stars < 5 else 0.5 * (self.like + self.purchase)
