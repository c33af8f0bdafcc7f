"""Which way a number goes: a faster kettle needs fewer minutes, a faster fan has more speed.

A graded word and its topics name a quality; only the shop's own name of a number tells whether more of it is
more of that quality, less of it, or has nothing to do with it ("volume l" is no loudness).
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.understanding.language.comparatives import Direction
from agent.understanding.language.text import stems
from agent.understanding.language.units import NAMES, dimension, unit_in_name
from retrieval.text.word_set import word_set

_DURATION = word_set("minute min second sec s hour hr h time duration boil boiling charge charging")
_ENDURANCE = word_set(
    "battery run runtime running play playback playtime life standby hot cold warm burn warranty"
)
_WAITING = word_set("charge charging boil boiling dry drying setup assembly preparation prep")
LESS_IS_BETTER = word_set("noise weight latency charge charging boil boiling")
_TEMPERATURE = word_set("c f celsius fahrenheit degree temperature temp")
_BEARABLE = word_set("comfort limit lower minimum min rating rated extreme")
"""What a sleeping bag's temperature is called: down to it one stays warm, so less of it is warmer."""


def direction_on(name: str, topics: Sequence[str], direction: Direction) -> Direction | None:
    """Which way the number ``name`` ("boil_minutes") goes for ``direction`` of ``topics``; None where it
    measures something else that goes by the same name."""
    spoken = name.replace("_", " ").lower()
    words = frozenset(stems(spoken))
    unit = unit_in_name(spoken)[1]
    if topics[0] == "speed":
        counted = spoken.endswith("speeds")
        if counted or words & _ENDURANCE:
            return None
        return -direction if words & _DURATION or (unit and dimension(unit) == "time") else direction
    if "runtime" in topics and words & _WAITING:
        return None
    if "loudness" in topics and "volume" in words and unit and dimension(unit) != "loudness":
        return None
    if topics[0] == "warmth":
        bearable = words & _BEARABLE
        return direction if not bearable else -direction if words & _TEMPERATURE else None
    if "comfort" in topics and words & _TEMPERATURE:
        return None
    return direction


def is_better_lower(name: str) -> bool:
    """Whether less of the number ``name`` is better: less noise, weight or waiting, but more endurance."""
    spoken = name.replace("_", " ").lower()
    words, unit = frozenset(stems(spoken)), unit_in_name(spoken)[1]
    if words & LESS_IS_BETTER or (unit and dimension(unit) == "loudness"):
        return True
    return bool(unit and dimension(unit) == "time") and not words & _ENDURANCE


def measures(name: str, topic: str) -> bool:
    """Whether a number of this name is about the topic, by a word of it or by its unit."""
    bare, unit = unit_in_name(name.replace("_", " ").lower())
    words = stems(bare)
    return topic in words or stems(topic)[0] in words or (unit is not None and NAMES.get(topic) == unit)
