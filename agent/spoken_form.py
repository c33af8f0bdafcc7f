"""A reply as one says it: a few short sentences, prices and numbers in words, nothing that only an eye can use."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.checks.claims import sentences
from agent.money import price
from agent.records import Card, TurnRecord
from speech.wording import in_words, number_in_words, price_in_words, worded_languages

MOST_CHARACTERS = 260
MOST_SENTENCES = 3
NAMED = 2
"""Products that are said by name in a language that the reply is not written in."""
_ASIDE = re.compile(r"\s*\((?:[^()]*§[^()]*|[^()]*\d+ of \d+[^()]*)\)")
_MARKS = str.maketrans({"“": "", "”": "", "„": "", "*": "", "_": " "})


def spoken_form(
    record: TurnRecord, phrases: Mapping[str, str] | None = None, language: str = "en"
) -> tuple[str, ...]:
    """Sentences that read the turn aloud, none of them long.

    Without ``phrases`` what the reply says, in English. With them, the products alone, in the language of the
    phrases: ``products`` (of ``{count}``), ``product`` (``{title}``, ``{price}``), ``unpriced`` (``{title}``)
    and ``none``.
    """
    if phrases is not None:
        return _from_products(record, phrases, language)
    text = _ASIDE.sub("", record.reply).translate(_MARKS)
    said: list[str] = []
    for sentence in sentences(text):
        plain = " ".join(sentence.split())
        if not plain:
            continue
        if said and (len(said) == MOST_SENTENCES or len(" ".join([*said, plain])) > MOST_CHARACTERS):
            break
        said.append(plain)
    if (first := _first_named(record.shown, " ".join(said))) and first.price is not None:
        said.insert(1, f"It costs {price_in_words(first.price, first.currency)}.")
    return tuple(in_words(sentence) for sentence in said)


def _first_named(shown: tuple[Card, ...], said: str) -> Card | None:
    """The product that the first sentence is about, where no price of anything was said."""
    if not shown or re.search(r"[$€£¥₹]\s?\d|\d\s?(?:[A-Z]{3}|[€£])\b", said):
        return None
    return shown[0] if shown[0].title in said else None


def _from_products(record: TurnRecord, phrases: Mapping[str, str], language: str) -> tuple[str, ...]:
    if not record.shown:
        return (phrases["none"],)
    worded = language in worded_languages()  # else a voice of that language reads the digits
    count = number_in_words(len(record.shown), language) if worded else str(len(record.shown))
    said = [phrases["products"].format(count=count)]
    for card in record.shown[:NAMED]:
        if card.price is None:
            said.append(phrases["unpriced"].format(title=card.title))
            continue
        say = price_in_words if worded else lambda amount, currency, _: price(amount, currency)
        said.append(
            phrases["product"].format(title=card.title, price=say(card.price, card.currency, language))
        )
    return tuple(said)
