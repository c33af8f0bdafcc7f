"""The last door of a reply: what the evidence does not back is taken out, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from agent.checks.claim_checker import check_sentence
from agent.checks.claims import Backing, Violation, sentences

LEANING = re.compile(r"(?:it|its|it's|they|their|this|that|these|both|also|then)\b", re.IGNORECASE)
"""A sentence that starts so leans on the one before, and falls with it."""


@dataclass
class SentenceGate:
    """Lets a streamed reply through one checked sentence at a time; each is let through at most once."""

    backing: Backing
    violations: list[Violation] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    """What was not let through: “the sentence” (what nothing backs)."""
    _buffer: str = ""
    _about: tuple[int, ...] = ()
    _said: set[str] = field(default_factory=set)
    _dropped: bool = False

    def feed(self, piece: str) -> Iterator[str]:
        """Adds a piece and yields the sentences that are complete and backed."""
        self._buffer += piece
        while (end := _sentence_end(self._buffer)) is not None:
            sentence, self._buffer = self._buffer[:end], self._buffer[end:]
            yield from self._pass(sentence)

    def finish(self) -> Iterator[str]:
        """What was left without an end."""
        rest, self._buffer = self._buffer, ""
        if rest.strip():
            yield from self._pass(rest)

    def forget(self, unsaid: Iterable[str] = ()) -> None:
        """Drop what is not complete, and what was let through and not said: its speaker begins again."""
        self._buffer, self._about, self._dropped = "", (), False
        self._said -= {sentence.strip() for sentence in unsaid}
        self.violations.clear()
        self.dropped.clear()

    def _pass(self, stretch: str) -> Iterator[str]:
        tail = stretch[len(stretch.rstrip()) :]
        whole = stretch.strip()
        if not re.search(r"\w{2}", whole) or whole in self._said:
            return
        found: list[Violation] = []
        for sentence in sentences(whole):
            violations, self._about = check_sentence(sentence, self.backing, self._about)
            found.extend(violations)
        dangling = self._dropped and bool(LEANING.match(whole))
        self.violations.extend(found)
        self._dropped = bool(found) or dangling
        if not self._dropped:
            self._said.add(whole)
            yield whole + (tail or " ")
        else:
            told = ", ".join(dict.fromkeys(violation.text for violation in found if violation.text != whole))
            self.dropped.append(f"“{whole}” ({told or 'it leans on the one before'})")


def _sentence_end(text: str) -> int | None:
    match = re.search(r"[.!?][\"')*]*\s+(?=[A-Z\"'(\[*•-])|\n+", text)
    return match.end() if match else None
