"""Faults of the pages, told to who runs the shop."""

from __future__ import annotations


def log_error(error: Exception) -> None:
    import structlog

    structlog.get_logger("aisle").error("the page could not answer", error=f"{type(error).__name__}: {error}")
