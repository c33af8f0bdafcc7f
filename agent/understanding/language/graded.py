"""Graded adjectives: "quiet", "light" and "sturdy", and the comparative that each stands for."""

from __future__ import annotations

from agent.understanding.language.comparatives import COMPARATIVES, superlative
from agent.understanding.language.directions import direction_on, measures

_MEANINGS = {
    "quieter": "quiet silent noiseless",
    "louder": "loud",
    "lighter": "light lightweight portable",
    "heavier": "heavy",
    "brighter": "bright",
    "dimmer": "dim",
    "faster": "fast quick speedy",
    "softer": "soft cosy cozy cushy",
    "warmer": "warm toasty",
    "sturdier": "sturdy robust rugged stable",
    "durable": "durable long-lasting hard-wearing hardwearing tough",
    "comfortable": "comfortable comfy",
    "powerful": "powerful",
    "stronger": "strong",
    "bigger": "big large huge spacious roomy",
    "smaller": "small tiny compact",
    "longer": "long",
    "shorter": "short",
    "taller": "tall",
    "wider": "wide",
    "narrower": "narrow",
    "thicker": "thick",
    "thinner": "thin",
    "slimmer": "slim",
    "deeper": "deep",
    "sharper": "sharp",
}
_GRADED = {word: key for key, words in _MEANINGS.items() for word in words.split()}
_GRADED |= {superlative(key): key for key in _MEANINGS if key.endswith("er")}


def comparative_of(word: str, direction: float, name: str = "") -> str:
    """ "quiet", -1 (less noise) -> "quieter"; a word that grades nothing gives "lower" or "higher".

    ``name``: of the number that ``direction`` is about; fewer "boil_minutes" are "faster".
    """
    key = _GRADED.get(word)
    meant, topics = COMPARATIVES[key] if key else (0, ("",))
    if name and key:
        meant = direction_on(name, topics, meant) or 0
    if key is None or meant != (1 if direction > 0 else -1):
        return "higher" if direction > 0 else "lower"
    return key if key.endswith("er") else f"more {key}"


def graded_key(word: str) -> str | None:
    """The comparative that a graded adjective stands for: ``silent`` -> ``quieter``."""
    return _GRADED.get(word)


def called_by(name: str, direction: int) -> str:
    """What more (1) or less (-1) of a number makes of a product: "weight_kg", 1 -> "heavier"; empty where no word does."""
    for word, (meant, topics) in COMPARATIVES.items():
        if (
            word.endswith("er")
            and measures(name, topics[0])
            and direction_on(name, topics, meant) == direction
        ):
            return word
    return ""
