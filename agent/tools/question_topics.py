"""Topics of questions on one product, from everyday words: "before it dies" is about how long its battery lasts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent.understanding.language.text import stems

FILE = Path(__file__).parents[1] / "knowledge" / "question_topics.txt"
NUMBER = (
    r"(?:\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|hundred)\b)[\s-]?"
)


@dataclass(frozen=True)
class Topic:
    """``fields``: stems that all stand in a field's name, or are all of it, the most telling first; ``states``: how a
    text says it.
    """

    name: str
    asks: re.Pattern[str]
    fields: tuple[tuple[frozenset[str], bool], ...]
    states: re.Pattern[str] | None
    counts: bool
    """Whether an amount is asked for, not only a word."""
    naming: frozenset[str] = frozenset()
    """Stems of which one that is asked must stand in the field's name ("hdmi" of sockets)."""

    def rank(self, label: str) -> int | None:
        """The place of a field among those that tell it; None for a field that doesn't."""
        own = frozenset(stems(label))
        return next(
            (
                at
                for at, (words, all_of_it) in enumerate(self.fields)
                if words == own or (words < own and not all_of_it)
            ),
            None,
        )


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, from the file that comes with Aisle."""
    text = re.sub(r"^#.*\n", "", FILE.read_text(encoding="utf-8"), flags=re.M)
    return tuple(_topic(block) for block in re.split(r"\n\s*\n", text.strip()))


@cache
def asked_topics(question: str) -> tuple[Topic, ...]:
    """The topics that a question is about, in the order of the file."""
    return tuple(topic for topic in topics() if topic.asks.search(question))


def states_amount(question: str, text: str) -> bool:
    """Whether a text states an amount of the sort that a question asks for."""
    return any(t.counts and _states(t, text) for t in asked_topics(question))


def speaks_of(question: str, text: str) -> bool:
    """Whether a text has an amount or a word of what a question is about."""
    return any(_states(topic, text) for topic in asked_topics(question))


def asks_amount(question: str) -> bool:
    """Whether an amount is asked for that products state ("how long does it run")."""
    return any(topic.counts and topic.fields for topic in asked_topics(question))


def _states(topic: Topic, text: str) -> bool:
    return topic.states is not None and topic.states.search(text) is not None


def _topic(block: str) -> Topic:
    name, *lines = block.splitlines()
    told = [line.split(maxsplit=1) for line in lines]

    def of(key: str) -> Sequence[str]:
        return [value.strip() for found, value in told if found == key]

    named = [part for line in of("fields") for part in line.split(";") if part.strip()]
    stated = "|".join(of("states"))
    return Topic(
        name=name,
        asks=re.compile("|".join(f"(?:{line})" for line in of("asks")), re.I),
        fields=tuple((frozenset(stems(part.strip(" ="))), "=" in part) for part in named),
        states=re.compile(stated.replace("{N}", NUMBER), re.I) if stated else None,
        counts="{N}" in stated or stated.startswith(r"\d"),
        naming=frozenset(stems(" ".join(of("naming")))),
    )
