"""What can be wrong with a recording or with the machine's voice, as a person reads it."""

from __future__ import annotations

from typing import Literal

Reason = Literal["silence", "noise", "language", "long", "large", "format", "missing", "model"]


class SpeechError(Exception):
    """``reason`` is a fixed word for a program; the message says what was found, expected and what to do."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason
