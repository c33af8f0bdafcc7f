"""The language that a visitor is spoken to in, and the page's strings in it: the part `page` of
`agent/locales/<language>.json`. A value is a text, or texts by plural category (`one`, `few`, `other` …) of
the number ``{count}``.
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.wording import FALLBACK, catalogue, languages

Strings = dict[str, str | dict[str, str]]

__all__ = ["chosen", "languages", "strings"]


def strings(language: str) -> Strings:
    """The page's strings of a language; one that is missing there is English."""
    return catalogue(language, "page")


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
