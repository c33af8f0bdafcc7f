"""Comparatives: "cheaper", "bigger", "quieter", and what each may be about."""

from __future__ import annotations

Direction = int
"""1: more of the topic, -1: less."""

_EXTENT = (
    "size",
    "capacity",
    "volume",
    "largest",
    "screen",
    "diagonal",
    "diameter",
    "person",
    "area",
    "width",
    "height",
    "length",
)
COMPARATIVES: dict[str, tuple[Direction, tuple[str, ...]]] = {
    "cheaper": (-1, ("price",)),
    "pricier": (1, ("price",)),
    "dearer": (1, ("price",)),
    "bigger": (1, _EXTENT),
    "larger": (1, _EXTENT),
    "smaller": (
        -1,
        ("size", "capacity", "volume", "screen", "diagonal", "diameter", "width", "height", "length", "area"),
    ),
    "roomier": (1, ("capacity", "volume", "size", "space")),
    "compact": (-1, ("size", "capacity", "volume", "diameter", "width", "length")),
    "lighter": (-1, ("weight",)),
    "heavier": (1, ("weight",)),
    "longer": (1, ("length", "battery", "runtime", "hours", "play", "width")),
    "shorter": (-1, ("length", "height")),
    "taller": (1, ("height",)),
    "lower": (-1, ("height",)),
    "wider": (1, ("width",)),
    "narrower": (-1, ("width",)),
    "thicker": (1, ("thickness", "depth")),
    "thinner": (-1, ("thickness", "depth")),
    "slimmer": (-1, ("thickness", "width", "depth")),
    "deeper": (1, ("depth",)),
    "faster": (1, ("speed", "minutes", "time")),
    "quicker": (1, ("speed", "minutes", "time")),
    "slower": (-1, ("speed",)),
    "quieter": (-1, ("noise", "loudness", "volume")),
    "louder": (1, ("loudness", "volume", "noise", "power", "sound")),
    "stronger": (1, ("power", "strength", "suction", "durability")),
    "powerful": (1, ("power", "strength", "suction")),
    "brighter": (1, ("brightness", "lumen", "light")),
    "dimmer": (-1, ("brightness", "lumen", "light")),
    "warmer": (1, ("warmth", "temperature", "insulation", "comfort")),
    "softer": (1, ("softness", "comfort")),
    "sturdier": (1, ("durability", "strength", "stability")),
    "durable": (1, ("durability",)),
    "comfortable": (1, ("comfort", "fit")),
    "comfier": (1, ("comfort", "fit")),
    "sharper": (1, ("sharpness",)),
    "expensive": (1, ("price",)),
    "heavy": (1, ("weight",)),
    "loud": (1, ("noise", "loudness", "volume")),
    "noisy": (1, ("noise", "loudness")),
    "bulky": (1, _EXTENT),
    "bright": (1, ("brightness", "lumen", "light")),
    "newer": (1, ("year", "release")),
}


def superlative(comparative: str) -> str:
    """``quieter`` -> ``quietest``, ``more durable`` -> ``most durable``."""
    if comparative.startswith("more "):
        return f"most {comparative.removeprefix('more ')}"
    return f"{comparative.removesuffix('er')}est"
