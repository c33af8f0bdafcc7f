"""Each utterance once more as another might have typed or said it: typos, voice transcripts, other values.

An utterance is taken apart into runs of text with or without a label, which are changed one by one, so that
spans stay true whatever is done to the words.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.understanding.encoding import CONTEXT_TURNS
from agent.understanding.labels import Move, SpanLabel
from agent.understanding.language.numbers import NUMBER_VALUES
from agent.understanding.learning.annotated import Annotated
from retrieval.text.word_set import word_set

__all__ = ["Augmenter", "balanced", "joined", "spoken", "with_typos"]

Run = tuple[str, SpanLabel | None]
Runs = list[Run]

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_FILLERS = ("um", "uh", "like", "you know", "well", "er", "so", "i mean", "okay", "basically", "just")
_BEFORE = ("hi", "hello", "hey", "please", "ok", "right", "so", "hi there", "sorry", "yeah", "oh", "and")
_AFTER = ("please", "thanks", "thank you", "pls", "if you have it", "ta", "cheers", "thx", "lol")
_PUNCTUATION = re.compile(r"(?<!\d)[.,](?!\d)|[.,](?!\d)|[!?;:\"()…–—]+")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[A-Za-z]{4,}")
_ONES, _TENS = ("zero", *list(NUMBER_VALUES)[:19]), tuple(NUMBER_VALUES)[19:]
_CURRENCIES = {"$": "dollars", "£": "pounds", "€": "euros"}
_MONEY = re.compile(r"([$£€])\s?(\d+)(?![\d.,])")
_SWAPPED = (SpanLabel.THING, SpanLabel.CONDITION, SpanLabel.WISH, SpanLabel.EXCLUDED, SpanLabel.RECIPIENT)
_STARTS = word_set(
    "under over at below above up max maximum minimum no not nothing less more around about between "
    "from in with without for made size by a the to that which is has can"
)


class Augmenter:
    """Draws changed copies of the utterances of ``pool``, from which other values come, too."""

    def __init__(self, pool: Sequence[Annotated], *, strength: float = 1.0, terse: float = 0.0) -> None:
        """``terse`` is the share of first requests that are cut down to what a search box is given."""
        self._strength, self._terse = strength, terse
        self._turns = pool
        self._requests = [u.text for u in pool if u.moves[0] is Move.SEEK and not u.context]
        self._values: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for utterance in pool:
            for start, end, label in utterance.spans:
                if label in _SWAPPED:
                    value = utterance.text[start:end]
                    self._values[_shape(value, label)].append(value)

    def draw(self, utterance: Annotated, order: random.Random) -> Annotated:
        """``utterance`` as it is, or changed in one or several ways."""
        runs = _apart(utterance)
        if self._terse and order.random() < self._terse and utterance.moves == (Move.SEEK,):
            runs = _keywords(runs, order) or runs
        changes: tuple[tuple[float, Callable[[Runs, random.Random], Runs]], ...] = (
            (0.25, self._other_values),
            (0.35, _other_numbers),
            (0.10, _framed),
            (0.15, spoken),
            (0.10, _unpunctuated),
            (0.20, with_typos),
        )
        for chance, change in changes:
            if order.random() < chance * self._strength:
                runs = change(runs, order)
        return _together(replace(utterance, context=self._context(utterance, order)), runs)

    def _context(self, utterance: Annotated, order: random.Random) -> tuple[str, ...]:
        """Seeking and refining are told apart by what was said before. So they never lose it; what refines
        after nothing gets another's request, and what seeks at first now and then comes after another
        dialogue: a new topic."""
        context, move, drawn = utterance.context, utterance.moves[0], order.random()
        if move is Move.REFINE and not context and self._requests:
            return (order.choice(self._requests),)
        if move is Move.SEEK and not context and drawn < 0.25 * self._strength and self._turns:
            last = order.choice(self._turns)
            return (*last.context, last.text)[-CONTEXT_TURNS:]
        if move not in (Move.SEEK, Move.REFINE) and drawn < 0.12 * self._strength:
            return ()
        return context[-1:] if drawn > 1 - 0.1 * self._strength else context

    def _other_values(self, runs: Runs, order: random.Random) -> Runs:
        return [
            (order.choice(self._values[_shape(text, label)]), label)
            if label in _SWAPPED and order.random() < 0.4 and self._values.get(_shape(text, label))
            else (text, label)
            for text, label in runs
        ]


def balanced(
    utterances: Sequence[Annotated], order: random.Random, *, share: float = 0.02
) -> list[Annotated]:
    """``utterances`` with further copies of those whose main move is rarer than ``share``: the square root
    of what it lacks, at most three times as many."""
    counts: dict[Move, int] = defaultdict(int)
    for utterance in utterances:
        counts[utterance.moves[0]] += 1
    chosen = list(utterances)
    for utterance in utterances:
        wanted = min(3.0, (share * len(utterances) / counts[utterance.moves[0]]) ** 0.5) - 1
        while wanted > 0 and order.random() < wanted:
            chosen.append(utterance)
            wanted -= 1
    return chosen


def joined(first: Annotated, second: Annotated) -> Annotated:
    """Two turns said in one breath. What refines in its own turn only adds to what was sought before."""
    space = " " if first.text.rstrip().endswith((".", "?", "!", ",")) else ". "
    shift = len(first.text) + len(space)
    further = tuple(m for m in second.moves if not (m is Move.REFINE and Move.SEEK in first.moves))
    return replace(
        first,
        text=first.text + space + second.text,
        moves=tuple(dict.fromkeys((*first.moves, *further))),
        spans=(*first.spans, *((start + shift, end + shift, label) for start, end, label in second.spans)),
    )


def follows(first: Annotated, second: Annotated) -> bool:
    """Is ``second`` the turn after ``first`` in the same dialogue?"""
    return second.author == first.author and second.context == (*first.context, first.text)[-CONTEXT_TURNS:]


def spoken(runs: Runs, order: random.Random) -> Runs:
    """As a voice transcript has it: no punctuation, numbers in words, hesitations."""
    heard = _unpunctuated(runs, order)
    if order.random() < 0.7:
        heard = [(_in_words(text), label) for text, label in heard]
    rate = order.choice((0.0, 0.05, 0.12))
    return [(_hesitating(text.lower(), rate, order), label) for text, label in heard]


def with_typos(runs: Runs, order: random.Random) -> Runs:
    """Some words of four letters or more with one slip of the finger."""
    rate = order.choice((0.06, 0.15, 0.3))
    return [
        (_WORD.sub(lambda m: _slip(m[0], order) if order.random() < rate else m[0], text), label)
        for text, label in runs
    ]


def _apart(utterance: Annotated) -> Runs:
    runs: Runs = []
    place = 0
    for start, end, label in sorted(utterance.spans):
        runs += [(utterance.text[place:start], None), (utterance.text[start:end], label)]
        place = end
    return [run for run in (*runs, (utterance.text[place:], None)) if run[0]]


def _together(utterance: Annotated, runs: Runs) -> Annotated:
    text, spans = "", []
    for piece, label in runs:
        if label is not None and piece.strip():
            spans.append((len(text), len(text) + len(piece), label))
        text += piece
    return replace(utterance, text=text, spans=tuple(spans)) if text.strip() else utterance


def _keywords(runs: Runs, order: random.Random) -> Runs:
    """The thing that is sought, with its conditions or alone, and nothing else; empty where there is none."""
    labels = {SpanLabel.THING} if order.random() < 0.4 else {SpanLabel.THING, SpanLabel.CONDITION}
    kept = [run for run in runs if run[1] in labels]
    if not any(label is SpanLabel.THING for _, label in kept):
        return []
    lead: Runs = [(order.choice(("a ", "the ", "any ")), None)] if order.random() < 0.25 else []
    return lead + [part for run in kept for part in (run, (" ", None))][:-1]


def _shape(value: str, label: SpanLabel | None) -> tuple[object, ...]:
    """Values of one shape may stand for each other: the same label, function words before, number or not."""
    words = value.lower().split()
    lead = []
    for word in words[:3]:
        if word not in _STARTS:
            break
        lead.append(word)
    return (label, *lead, any(c.isdigit() for c in value), len(words) > 3)


def _other_numbers(runs: Runs, order: random.Random) -> Runs:
    def other(match: re.Match[str]) -> str:
        digits = match[0]
        if len(digits) > 4 or order.random() < 0.3:
            return digits
        low = 10 ** (len(digits) - 1)
        drawn = order.randint(low, 10 * low - 1)
        return str(drawn - drawn % 10 if len(digits) > 1 and digits.endswith("0") else drawn)

    return [(_NUMBER.sub(other, text), label) for text, label in runs]


def _framed(runs: Runs, order: random.Random) -> Runs:
    """With a word of greeting or courtesy before or after."""
    if order.random() < 0.5:
        return [(order.choice(_BEFORE) + order.choice((" ", ", ")), None), *runs]
    return [*runs, (order.choice((" ", ", ")) + order.choice(_AFTER), None)]


def _unpunctuated(runs: Runs, order: random.Random) -> Runs:
    return [
        (_PUNCTUATION.sub("", text).replace("'", "" if order.random() < 0.5 else "'"), label)
        for text, label in runs
    ]


def _hesitating(text: str, rate: float, order: random.Random) -> str:
    words = text.split(" ")
    return " ".join(
        f"{order.choice(_FILLERS)} {word}" if word and order.random() < rate else word for word in words
    )


def _in_words(text: str) -> str:
    text = _MONEY.sub(lambda m: f"{m[2]} {_CURRENCIES[m[1]]}", text)
    return _NUMBER.sub(lambda m: _number_words(int(m[0])) if len(m[0]) <= 3 else m[0], text)


def _number_words(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10 - 2] + (f" {_ONES[number % 10]}" if number % 10 else "")
    rest = number % 100
    hundreds = "a hundred" if number < 200 else f"{_ONES[number // 100]} hundred"
    return hundreds + (f" and {_number_words(rest)}" if rest else "")


def _slip(word: str, order: random.Random) -> str:
    place = order.randrange(1, len(word) - 1)
    slips = (
        lambda: word[:place] + word[place + 1] + word[place] + word[place + 2 :],  # two letters swapped
        lambda: word[:place] + word[place + 1 :],  # one left out
        lambda: word[:place] + word[place] + word[place:],  # one doubled
        lambda: word[:place] + _neighbour(word[place], order) + word[place + 1 :],
    )
    return order.choice(slips)()


def _neighbour(letter: str, order: random.Random) -> str:
    """A letter whose key lies beside that of ``letter``."""
    row = next((keys for keys in _KEYS if letter.lower() in keys), None)
    if row is None:
        return letter
    place = row.index(letter.lower())
    return order.choice(row[max(0, place - 1) : place] + row[place + 1 : place + 2])
