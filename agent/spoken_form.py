"""A reply as one says it: a few short sentences, prices and numbers in words, nothing that only an eye can use."""

from __future__ import annotations

import re

from agent.checks.claims import sentences
from agent.explanations.evidence import shorten
from agent.money import price
from agent.records import Card, TurnRecord
from agent.wording import say, speaking
from speech.wording import in_words

MOST_CHARACTERS = 260
MOST_SENTENCES = 3
_ASIDE = re.compile(r"\s*\((?:[^()]*§[^()]*|\d+ (?:of|von) \d+)\)")
_MARKS = str.maketrans({"“": "", "”": "", "„": "", "*": "", "_": " "})
_PRICE = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:[A-Z]{3}\b|[$€£¥₹])")


def spoken_form(record: TurnRecord) -> tuple[str, ...]:
    """Sentences that read the turn's reply aloud, in its language; none for an empty one."""
    text = _ASIDE.sub("", record.reply).translate(_MARKS)
    said: list[str] = []
    for sentence in sentences(text):
        plain = shorten(" ".join(sentence.split()), MOST_CHARACTERS)
        if said and (len(said) == MOST_SENTENCES or len(" ".join([*said, plain])) > MOST_CHARACTERS):
            break
        said.append(plain)
    pick = _pick(record.shown, " ".join(said))
    if pick is not None and pick.price is not None:
        with speaking(record.language):
            said.insert(1, say("spoken.costs", price=price(pick.price, pick.currency)))
    return tuple(in_words(sentence, record.language) for sentence in said)


def _pick(shown: tuple[Card, ...], said: str) -> Card | None:
    """The first product, where it is spoken of and no price of anything is."""
    if not shown or shown[0].title not in said or _PRICE.search(said):
        return None
    return shown[0]
