"""The questions of one utterance: "how heavy is it and does it fold" asks two."""

from __future__ import annotations

import re

_ASKS = (
    r"(?:how(?:'?s)?|what(?:'?s)?|which|where(?:'?s)?|when|is|isn'?t|are|was|does|do|did|can|could|will|would|has|have"
    r"|if|whether)\b"
)
_LEAD = r"(?:(?:also|then|please|pls|um|uh)\b[\s,]*)*"
_JOINT = re.compile(
    rf"\s*[?;]+\s*|\s*(?:[,.!–—-]+\s*)?\b(?:and|n|also|plus|but)\b[\s,]*{_LEAD}(?={_ASKS})|\s*[&,+]\s*{_LEAD}(?={_ASKS})"
    r"|(?<=\w)[.!]\s+",
    re.I,
)
_WORD = re.compile(r"\w")


def questions_in(text: str) -> list[str]:
    """The parts of an utterance that ask, in order; of one without a question mark or asking word the whole."""
    parts = [part.strip(" ,") for part in _JOINT.split(text) if _WORD.search(part)]
    return parts if len(parts) > 1 else [text]
