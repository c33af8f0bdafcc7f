"""What model calls take: tokens and money of a turn, and money of a day."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from agent.records import Usage
from agent.settings import Settings

PRICES = {
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-4o": (2.50, 10.00),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1": (2.00, 8.00),
    "claude-haiku-4-5": (1.00, 5.00),
    "claude-sonnet-4-5": (3.00, 15.00),
}
"""US dollars per million tokens read and written, as published. Others are set by ``AISLE_LLM_PRICES``."""


def price_of(model: str, settings: Settings) -> tuple[float, float] | None:
    """Dollars per million tokens read and written: as set, else as listed, else unknown."""
    return settings.llm_prices or PRICES.get(model)


@dataclass
class Meter:
    """Counts the calls and tokens of one turn, their cost where known, and what went wrong."""

    price: tuple[float, float] | None = None
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    """Of those read, the ones that the provider had in its prompt cache."""
    model: str = "planner"
    notes: list[str] = field(default_factory=list)
    """Why the planner took over, where it did."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def add(self, usage: Mapping[str, Any] | None, model: str) -> None:
        """Count one answered call; ``usage`` as LangChain reports it, None where not reported."""
        usage = usage or {}
        with self._lock:
            self.calls += 1
            self.model = model
            self.input_tokens += int(usage.get("input_tokens", 0))
            self.output_tokens += int(usage.get("output_tokens", 0))
            self.cached_tokens += int((usage.get("input_token_details") or {}).get("cache_read", 0) or 0)

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    @property
    def cost(self) -> float | None:
        """US dollars; None where the price is not known."""
        if self.price is None:
            return None
        return round((self.input_tokens * self.price[0] + self.output_tokens * self.price[1]) / 1e6, 6)

    def usage(self) -> Usage:
        return Usage(
            model=self.model,
            calls=self.calls,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cached_tokens=self.cached_tokens,
            cost=self.cost,
        )


_metadata = sa.MetaData()
_spending = sa.Table(
    "llm_spending",
    _metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("dollars", sa.Float, nullable=False),
)


class Spending:
    """Money spent on models by day (UTC), in the shop's database: all processes of a shop share one limit."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def today(self) -> float:
        """US dollars since midnight."""
        query = sa.select(_spending.c.dollars).where(_spending.c.day == _day())
        with self._engine.connect() as connection:
            return float(connection.execute(query).scalar() or 0.0)

    def add(self, dollars: float) -> None:
        """The database adds, so that turns at the same time all count."""
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        statement = insert(_spending).values(day=_day(), dollars=dollars)
        more = {"dollars": _spending.c.dollars + dollars}
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["day"], set_=more))


def _day() -> str:
    return datetime.now(UTC).date().isoformat()
