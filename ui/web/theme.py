"""The shop's colours as a stylesheet. Whatever accent a shop picks, what is written in it can be read."""

from __future__ import annotations

from agent.storefront import Colours

LIGHT_GROUND, DARK_GROUND = "#f6f4f0", "#1c2027"
"""The grounds of the themes on which the accent is hardest to read (`static/page.css`)."""
WRITTEN, WHITE, INK = 4.6, "#ffffff", "#000000"
"""Contrast of text by WCAG 2.2 AA is 4.5."""

Rgb = tuple[float, float, float]


def stylesheet(colours: Colours) -> str:
    """Custom properties for both themes: the accent, what is written on it, and the accent as ink."""
    light = _properties(colours.accent, LIGHT_GROUND, darker=True)
    dark = _properties(colours.accent_dark or colours.accent, DARK_GROUND, darker=False)
    return (
        f":root {{ {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {dark} }} }}\n"
        f":root[data-theme=dark] {{ {dark} }}\n"
    )


def _properties(accent: str, ground: str, *, darker: bool) -> str:
    ink = readable(accent, ground, darker=darker)
    fill = accent if darker else ink
    return f"--accent: {fill}; --on-accent: {_written_on(fill)}; --accent-ink: {ink};"


def readable(colour: str, ground: str, *, darker: bool) -> str:
    """``colour``, darkened or lightened by the least that makes it readable on ``ground``."""
    end = (0.0, 0.0, 0.0) if darker else (255.0, 255.0, 255.0)
    start = _rgb(colour)
    for step in range(51):
        mixed = tuple(a + (b - a) * step / 50 for a, b in zip(start, end, strict=True))
        text = "#" + "".join(f"{round(part):02x}" for part in mixed)
        if contrast(text, ground) >= WRITTEN:
            return text
    return INK if darker else WHITE


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _written_on(fill: str) -> str:
    return max((WHITE, INK), key=lambda ink: contrast(ink, fill))


def _luminance(colour: str) -> float:
    def linear(part: float) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
