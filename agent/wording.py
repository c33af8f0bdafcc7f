"""What Aisle says, by key, in the language of the turn: the part `assistant` of `agent/locales/<language>.json`.

An entry is a text, texts by plural category of ``{count}``, or several wordings of which each turn takes
another. Numbers are written as the language writes them (CLDR, through Babel).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.numbers import format_currency, format_decimal

FOLDER = Path(__file__).parent / "locales"
FALLBACK = "en"
Entry = str | dict[str, str] | list[str]

_spoken: ContextVar[str] = ContextVar("language", default=FALLBACK)


@cache
def languages() -> tuple[str, ...]:
    """Languages there are files for."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def catalogue(language: str, part: str) -> dict[str, Any]:
    """The strings of one part (``page``, ``assistant``, ``grammar``); one that is missing there is English."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys((FALLBACK, language)):
        found |= json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")).get(part, {})
    return found


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything in a language meanwhile; one without a file is answered in English."""
    token = _spoken.set(language if language in languages() else FALLBACK)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken_language() -> str:
    return _spoken.get()


def say(key: str, /, turn: int = 0, **values: Any) -> str:
    """The text of ``key``, its places filled. ``turn``: which of several wordings."""
    entry: Entry = catalogue(_spoken.get(), "assistant")[key]
    if isinstance(entry, list):
        entry = entry[turn % len(entry)]
    elif isinstance(entry, dict):
        entry = entry.get(_plural(_spoken.get(), values["count"])) or entry["other"]
    return entry.format_map({name: written(value) for name, value in values.items()})


def written(value: object) -> str:
    """A number as the language writes it; anything else as it is. ``2100`` -> ``2,100``, ``4.0`` -> ``4.0``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    form = "#,##0" if isinstance(value, int) else "#,##0.0#####"
    return str(format_decimal(value, format=form, locale=_spoken.get().replace("-", "_")))


def currency_text(amount: float, currency: str) -> str:
    """``219.0, "USD"`` -> ``219,00 $`` in German."""
    return str(format_currency(amount, currency, locale=_spoken.get().replace("-", "_")))


def listed(parts: Sequence[str], key: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``; ``key`` names the last word (``and``, ``or``)."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {say(key)} {parts[-1]}"


_STOP_AFTER_STOP = re.compile(r"(?<=[.!?…])([”“])\.(?=\s|$)")


def one_stop(text: str) -> str:
    """A text without the full stop after a quote that ends in one itself: ``“So warm.”.`` -> ``“So warm.”``"""
    return _STOP_AFTER_STOP.sub(r"\1", text)


def lowered(text: str) -> str:
    """A sentence's beginning for the middle of one, in a language whose nouns have no capitals."""
    return text if _nouns_in_capitals() else text[:1].lower() + text[1:]


def named(kind: str) -> str:
    """A shop's name of a kind, inside a sentence."""
    return kind if _nouns_in_capitals() else kind.lower()


def _nouns_in_capitals() -> bool:
    return bool(catalogue(_spoken.get(), "grammar")["nouns_in_capitals"])


@cache
def _plural(language: str, count: float) -> str:
    return str(Locale.parse(language, sep="-").plural_form(count))
