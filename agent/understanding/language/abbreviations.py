"""Long names of what shops write short: "compact disc" is a CD."""

from __future__ import annotations

import re

_SHORT = {
    "compact disc": "cd",
    "compact disk": "cd",
    "digital audio broadcasting": "dab",
    "near field communication": "nfc",
    "near-field communication": "nfc",
    "global positioning": "gps",
    "sat nav": "gps",
    "wireless internet": "wi-fi",
    "frequency modulation": "fm",
    "solid state drive": "ssd",
    "solid state": "ssd",
    "ultra high definition": "4k",
    "ultra-high definition": "4k",
    "full high definition": "full hd",
    "high definition": "hd",
    "subscriber identity module": "sim",
    "power over ethernet": "poe",
    "random access memory": "ram",
    "polyvinyl chloride": "pvc",
    "medium density fibreboard": "mdf",
    "sun protection factor": "spf",
    "ultraviolet": "uv",
    "ultra violet": "uv",
    "musical instrument digital interface": "midi",
}
_LONG = re.compile(rf"\b({'|'.join(sorted(map(re.escape, _SHORT), key=len, reverse=True))})s?\b", re.I)


def abbreviated(phrase: str) -> str:
    """``play compact discs`` -> ``play cd``."""
    return _LONG.sub(lambda match: _SHORT[match[1].lower()], phrase)
