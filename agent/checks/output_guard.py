"""The last door of a reply: what the evidence does not back is taken out, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from agent.checks.allowed_words import glue_stems
from agent.checks.claim_checker import check_sentence
from agent.checks.claims import Backing, Violation, sentences, stem, tokens

LEANING = re.compile(r"(?:it|its|it's|they|their|this|that|these|both|also|then)\b", re.IGNORECASE)
"""A sentence that starts so leans on the one before, and falls with it."""

REPEATED = 0.6
"""A sentence of a mended answer is left out where so much of it was told before."""


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
    _before: tuple[frozenset[str], ...] = ()
    """What the sentences of a first answer told, which a mended one need not tell again."""
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
        self._before = tuple(map(self._told, self._said))
        self.violations.clear()
        self.dropped.clear()

    def _pass(self, stretch: str) -> Iterator[str]:
        tail = stretch[len(stretch.rstrip()) :]
        whole = stretch.strip()
        if not re.search(r"\w{2}", whole) or whole in self._said or self._repeats(whole):
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

    def _repeats(self, sentence: str) -> bool:
        """Whether most of it was told in one sentence of the first answer, and nothing by another number."""
        told = self._told(sentence)
        exact = {word for word in told if not word.isalpha()}
        return bool(told) and any(
            exact <= before and len(told & before) >= REPEATED * len(told) for before in self._before
        )

    def _told(self, sentence: str) -> frozenset[str]:
        """What a sentence is about: products, numbers, and words that tell something."""
        marked, _ = self.backing.with_mentions(sentence)
        said = (stem(token.text) if token.kind == "word" else token.text for token in tokens(marked))
        return frozenset(said) - glue_stems()


def _sentence_end(text: str) -> int | None:
    match = re.search(r"[.!?][\"')*”’»]*\s+(?=[A-Z\"'(\[*•“‘«-])|\n+", text)
    return match.end() if match else None
