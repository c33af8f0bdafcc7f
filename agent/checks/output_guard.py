"""The last door of a reply: what the evidence does not back is taken out, and when too little is left the
template speaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from agent.checks.claim_checker import check, check_sentence
from agent.checks.claims import Backing, Violation, sentences

LEANING = re.compile(r"(?:it|its|it's|they|their|this|that|these|both|also|then)\b", re.IGNORECASE)
"""A sentence that starts so leans on the one before, and falls with it."""


@dataclass(frozen=True)
class GuardedReply:
    text: str
    actions: tuple[str, ...] = ()
    violations: tuple[Violation, ...] = ()


def guard_reply(text: str, backing: Backing, template: str) -> GuardedReply:
    """``text`` with each unbacked sentence dropped; ``template`` when nothing worth saying is left.

    Fails closed: whatever goes wrong while checking, the template speaks. The template itself is wording made
    by code from the same evidence.
    """
    try:
        return _guard(text, backing, template)
    except Exception as error:  # noqa: BLE001 - an unchecked reply must never reach a shopper
        return GuardedReply(template, (f"output: template, the check failed ({type(error).__name__})",))


def _guard(text: str, backing: Backing, template: str) -> GuardedReply:
    gate = SentenceGate(backing)
    kept = [*gate.feed(text), *gate.finish()]
    said = "".join(kept).strip()
    if not gate.violations and said:
        return GuardedReply(said)
    found = tuple(gate.violations)
    kinds = ", ".join(sorted({violation.kind for violation in found})) or "empty"
    names_product = not backing.subjects or bool(re.search(r"⟦\d+⟧", backing.with_mentions(said)[0]))
    if len(said.split()) < 4 or not names_product or check(said, backing):
        return GuardedReply(template, (f"output: template ({kinds})",), found)
    return GuardedReply(said, (f"output: sentence dropped ({kinds})",), found)


@dataclass
class SentenceGate:
    """Lets a streamed reply through one checked sentence at a time; each is let through at most once."""

    backing: Backing
    violations: list[Violation] = field(default_factory=list)
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

    def forget(self) -> None:
        """Drop what is not complete: its speaker begins again."""
        self._buffer = ""

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


def _sentence_end(text: str) -> int | None:
    match = re.search(r"[.!?][\"')*]*\s+(?=[A-Z\"'(\[*•-])|\n+", text)
    return match.end() if match else None
