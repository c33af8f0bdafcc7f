"""Put one question to the shopper, with answers to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from agent.dialogue import PendingQuestion
from agent.records import Chip, Frozen
from agent.tools.context import ToolContext

MOST_OPTIONS = 6
LONGEST_QUESTION, LONGEST_OPTION = 200, 60


class Asked(Frozen):
    """The question as it is put."""

    question: str = ""
    options: tuple[str, ...] = ()
    problem: str = ""

    def text(self) -> str:
        return self.problem or f"asked: {self.question} ({' / '.join(self.options) or 'free answer'})"


def ask(context: ToolContext, question: str, options: Sequence[str] = ()) -> Asked:
    """Ask the shopper one short question, where the answer would change what is shown.

    question: ends with a question mark. options: up to six short answers, which become buttons. One
    question a turn.
    """
    from agent.checks.input_guard import without_instructions

    shelf = context.shelf
    put = " ".join(without_instructions(question).split())
    if shelf.question is not None:
        return Asked(problem=f"one question a turn: {shelf.question.text!r} is asked already")
    if not put or len(put) > LONGEST_QUESTION:
        return Asked(problem=f"a question has 1 to {LONGEST_QUESTION} characters")
    labels = tuple(dict.fromkeys(label for one in options if (label := " ".join(str(one).split()))))
    if len(labels) > MOST_OPTIONS or any(len(label) > LONGEST_OPTION for label in labels):
        return Asked(problem=f"at most {MOST_OPTIONS} answers of at most {LONGEST_OPTION} characters")
    shelf.question = PendingQuestion(text=put, options=labels)
    shelf.chips.extend(Chip(label=label, kind="answer", utterance=label) for label in labels)
    shelf.back(facts=[put])
    return Asked(question=put, options=labels)
