"""What the shop's own pages say, in words, and that they don't."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.explanations.evidence import shorten
from agent.tools.pages import as_read
from agent.tools.results import Quoted
from agent.understanding.language.clauses import questions_in
from agent.wording import listed, named, say

QUOTED = 500
LONGEST_ASKED = 60
MOST_TOPICS = 8
_REASON = re.compile(
    r"[\s,]+(?:because|cause|cos|coz|cuz|since|as (?:i|we|it|that|they|he|she))\b.*", re.I | re.S
)
_LEAD = re.compile(r"^\W*(?:(?:and|but|so|um+|uh+|er+m?|well|ok(?:ay)?|also|then|oh|like)\b[\s,]*)+", re.I)


def quoted(passage: Quoted) -> str:
    """A passage in quotes with its source, without the marks of its layout."""
    return say("quoted", text=shorten(as_read(passage.text), QUOTED), source=passage.source)


def unsaid(question: str, topics: Sequence[str], on: str = "") -> str:
    """That the pages don't say what is asked, with what they are about: the question is told back, and what it is ``on``
    ("returns"), so that nobody takes it for a no.
    """
    asked = _LEAD.sub("", _REASON.sub("", questions_in(question)[-1])).strip(" ?.!,")
    key = "pages.unsaid_asked" if 0 < len(asked) <= LONGEST_ASKED else "pages.unsaid"
    lead = say(f"{key}_on" if on else key, asked=asked, topic=on)
    about = listed([named(topic) for topic in topics[:MOST_TOPICS]])
    return f"{lead}{say('pages.cover', topics=about) if about else ''}"
