"""The page's strings: one JSON file a language in `ui/locales`, all with the keys of `en.json`.

A value is a text, or texts by plural category (`one`, `few`, `other` …) of the number ``{count}``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "locales"
FALLBACK = "en"
Strings = dict[str, str | dict[str, str]]


@cache
def languages() -> tuple[str, ...]:
    """Languages there are files for."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def strings(language: str) -> Strings:
    """The strings of a language; one that is missing there is English."""
    found: Strings = {}
    for name in dict.fromkeys((FALLBACK, language)):
        found |= json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def chosen(accepted: str, preferred: str | None, default: str) -> str:
    """The language to speak: the visitor's choice, else what their browser accepts, else the shop's."""
    for wanted in (*([preferred] if preferred else []), *_accepted(accepted), default):
        for name in (wanted, wanted.split("-")[0]):
            if name in languages():
                return name
    return FALLBACK


def _accepted(header: str) -> Sequence[str]:
    """Languages of an ``Accept-Language`` header, best first."""
    weighed = []
    for place, part in enumerate(header.split(",")[:20]):
        name, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), place, name.strip().lower()))
        except ValueError:
            continue
    return [name for _, _, name in sorted(weighed) if name]
