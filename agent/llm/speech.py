"""A model's words on their way to the shopper: sentence by sentence, each checked, none said twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from agent.checks.claims import Backing, Violation
from agent.checks.output_guard import SentenceGate
from agent.records import ReplyDelta


class Speech:
    """Takes a growing text and lets its checked sentences through.

    ``evidence`` is asked for once, when the first words come: by then the products are chosen. ``name``
    writes handles
    out as titles for what is streamed. Of a first answer nothing is passed on behind a sentence that was
    dropped, as the model may mend it.
    """

    def __init__(self, evidence: Callable[[], Backing], name: Callable[[str], str]) -> None:
        self._evidence, self._name = evidence, name
        self._gate: SentenceGate | None = None
        self._taken = ""
        self._held: list[str] | None = []
        """What waits for the end of a first answer; None of a mended one, which waits for nothing."""
        self.sentences: list[str] = []

    def take(self, text: str) -> Iterator[ReplyDelta]:
        """``text``: all of the words as far as they are written; only what is new is read."""
        if len(text) <= len(self._taken) or not text.startswith(self._taken):
            return
        new, self._taken = text[len(self._taken) :], text
        yield from self._through(self._opened().feed(new))

    def finish(self) -> Iterator[ReplyDelta]:
        """The end of the words."""
        if self._gate is not None:
            yield from self._through(self._gate.finish())
        held, self._held = self._held or [], None
        yield from self._through(iter(held))

    def restart(self) -> bool:
        """Another answer begins, in the place of one that could not be read or had something unbacked."""
        begun = bool(self._taken)
        if begun:
            self._opened().forget(self._held or ())
            self._held = None
        self._taken = ""
        return begun

    def begins(self, text: str) -> bool:
        """Whether what was taken last is the beginning of this text."""
        return text.startswith(self._taken)

    def go_on(self) -> None:
        """What is taken next stands behind what was said."""
        self._taken = ""

    @property
    def words(self) -> str:
        return " ".join(sentence.strip() for sentence in self.sentences)

    @property
    def violations(self) -> tuple[Violation, ...]:
        return tuple(self._gate.violations) if self._gate else ()

    def _opened(self) -> SentenceGate:
        if self._gate is None:
            self._gate = SentenceGate(self._evidence())
        return self._gate

    def _through(self, sentences: Iterator[str]) -> Iterator[ReplyDelta]:
        for sentence in sentences:
            if self._held is not None and self._opened().dropped:
                self._held.append(sentence)
                continue
            self.sentences.append(sentence)
            yield ReplyDelta(text=self._name(f"{sentence.strip()} "))
