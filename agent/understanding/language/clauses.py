"""The questions of one utterance: "how heavy is it and does it fold" asks two."""

from __future__ import annotations

import re

_ASKS = (
    r"(?:how(?:'?s)?|what(?:'?s)?|which|where(?:'?s)?|when|who(?:'?s|se)?|is|isn'?t|are|was|does|do|did|can|could|will|would|has|have"
    r"|if|whether)\b"
)
_LEAD = r"(?:(?:also|then|please|pls|um|uh)\b[\s,]*)*"
_JOINT = re.compile(
    rf"\s*[?;]+\s*|\s*(?:[,.!–—-]+\s*)?\b(?:and|n|also|plus|but)\b[\s,]*{_LEAD}(?={_ASKS})|\s*[&,+]\s*{_LEAD}(?={_ASKS})"
    r"|(?<=\w)[.!]\s+",
    re.I,
)
_WORD = re.compile(r"\w")
_ASKING = re.compile(rf"\b{_ASKS}", re.I)


def questions_in(text: str) -> list[str]:
    """The parts of an utterance that ask, in order; of one without a question mark or asking word the whole. What
    leads up to a question, or only remarks, is none: "the white one, does it fold", "fair enough. is it heavy?".
    """
    parts: list[tuple[str, bool]] = []
    start = 0
    for joint in (*_JOINT.finditer(text), None):
        part = text[start : joint.start() if joint else len(text)].strip(" ,")
        if _WORD.search(part):
            parts.append((part, bool(_ASKING.search(part)) or (joint is not None and "?" in joint[0])))
        start = joint.end() if joint else len(text)
    asking = [part for part, asks in parts if asks]
    if len(parts) < 2:
        return [text]
    return asking or [part for part, _ in parts]
