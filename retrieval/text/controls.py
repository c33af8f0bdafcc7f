"""Characters that are not seen but change how what stands beside them is seen."""

from __future__ import annotations

# Unicode's bidirectional controls (Unicode Standard Annex #9, section 2) can show a text in another order
# than it is read and checked in; NUL ends a string for some libraries.
_CONTROLS = dict.fromkeys([0, 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def without_controls(text: str) -> str:
    """The text without NUL and bidirectional controls; letters keep their own direction."""
    return text if text.isascii() and "\x00" not in text else text.translate(_CONTROLS)
