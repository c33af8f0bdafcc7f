"""What a turn's model calls took: tokens, money, and what went wrong."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.records import Usage

PRICES = {
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-4o": (2.50, 10.00),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1": (2.00, 8.00),
    "claude-haiku-4-5": (1.00, 5.00),
    "claude-sonnet-4-5": (3.00, 15.00),
}
"""US dollars per million tokens read and written, as published; what is not listed costs ``None``: not known.
"""


@dataclass
class Meter:
    """Counts the calls and tokens of one turn, their cost where known, and what went wrong."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    model: str = "planner"
    failed: bool = False
    """Whether the model failed this turn; it is not asked again before the next."""
    notes: list[str] = field(default_factory=list)
    """Why the planner took over, where it did."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def add(self, usage: Mapping[str, Any] | None, model: str) -> None:
        """Count one answered call; ``usage`` as LangChain reports it, None where not reported."""
        with self._lock:
            self.calls += 1
            self.model = model
            self.input_tokens += int((usage or {}).get("input_tokens", 0))
            self.output_tokens += int((usage or {}).get("output_tokens", 0))

    def usage(self) -> Usage:
        price = PRICES.get(self.model)
        cost = None
        if price is not None:
            cost = round((self.input_tokens * price[0] + self.output_tokens * price[1]) / 1e6, 6)
        return Usage(
            model=self.model,
            calls=self.calls,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cost=cost,
        )
