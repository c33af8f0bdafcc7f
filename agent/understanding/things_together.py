"""Which of the things that an utterance names are looked for together: "a top and shorts"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.dialogue import Part, Topic
from agent.understanding.labels import SpanLabel
from agent.understanding.language.text import stems
from agent.understanding.reader import Span
from agent.understanding.thing_marks import leads_on
from agent.understanding.utterance import Utterance

MOST_PARTS = 4
_JOINT = re.compile(
    r"(?:\b(?:and|n|plus|or|as well as|along with|together with|then|also|maybe|perhaps|a|an|some|the|one|my|her|his|our|"
    r"for|two|both|new|matching|nice|good|(?:a )?pairs? of|either|even|\d{1,2})\b|[\s,;&/+·-])*",
    re.I,
)
"""Between things that are looked for together."""
_JOINER = re.compile(r"\b(?:and|n|plus|or|as well as|along with|together with|then)\b|[,;&/+]", re.I)
_JOINED = re.compile(r"\s+(?:and|or|plus|&)$", re.I)


def joined_run(said: Utterance, things: Sequence[Span]) -> tuple[Span, ...]:
    """The most things that are named one beside the other: "plan B, then: a bed and a desk" is a bed and a desk."""
    runs: list[list[Span]] = [list(things[:1])]
    for one, other in pairwise(things):
        if _are_joined(said, one, other):
            runs[-1].append(other)
        else:
            runs.append([other])
    longest = max(runs, key=len)
    return tuple(longest)


def _are_joined(said: Utterance, one: Span, other: Span) -> bool:
    """Whether two things are looked for together, whatever is told of the first before the second is named."""
    between = _between(said, one, other)
    return bool(_JOINT.fullmatch(between) and _JOINER.search(between)) or leads_on(
        said.text[one.end : other.start]
    )


def _between(said: Utterance, one: Span, other: Span) -> str:
    """The text between two spans without what is asked of either: "a bottle for tea and a backpack"."""
    text = said.text[one.end : other.start]
    for label in (SpanLabel.CONDITION, SpanLabel.WISH, SpanLabel.RECIPIENT):
        for span in said.marked(label):
            text = text.replace(_JOINED.sub("", span.text), " ")
    return text


def part_of(topic: Topic, text: str) -> Part | None:
    """Of the things that are looked for together the one that a text names ("which pants are under 40")."""
    said = set(stems(text))
    named = [part for part in topic.parts if part.kinds and said & set(stems(part.thing)[-1:])]
    return named[0] if len(named) == 1 else None
