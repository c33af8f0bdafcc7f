"""Words for what was found: the pick and why, the trade-off against the next, what had to give way."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.conditions import PRICE, STARS, Sort
from agent.dialogue import Topic
from agent.money import price as format_price
from agent.records import Card, Reason
from agent.tools.results import Found, Row
from agent.tools.weigh import FEW_REVIEWS

_PICKS = ("I'd start with {pick}: {why}.", "{pick} is my pick: {why}.", "My choice here is {pick}: {why}.")
_PLAIN_PICKS = ("I'd start with {pick}.", "{pick} comes nearest to what you describe.")
_BUT = re.compile(r": “.*$")


def found_words(found: Found, topic: Topic, label: str, *, turn: int, unmet: Sequence[str] = ()) -> str:
    """Two or three sentences on a list that is shown. ``label``: how the order asked for is said; ``unmet``:
    conditions that nothing of the kind speaks of.
    """
    rows, thing, sort = found.rows, topic.thing, topic.sort
    if not rows:
        return nothing_words(found, thing)
    first = rows[0]
    sentences = []
    if found.loosened:
        sentences.append(given_way(found, thing))
    elif unmet:
        sentences.append(
            f"None of what I have says “{unmet[0]}”, so I can't promise that; these come closest."
        )
    unsuitable = found.ask and set(found.ask) & set(first.unknown)
    if unsuitable:  # of which nobody knows whether it may hurt is no pick
        sentences.append(f"I have no {thing or 'product'} that the shop says is {_and(sorted(unsuitable))}.")
    elif sort is not None:
        sentences.append(_ordered(found, sort, label))
    else:
        sentences.append(_pick(first, turn))
    if unknown := unknown_words(found):
        return " ".join([*sentences, unknown])
    if len(rows) > 1 and (other := trade_off(rows, sort)):
        sentences.append(other)
    elif first.card.drawback is not None and len(rows) == 1:
        sentences.append(f"One thing to know: {_clause(first.card.drawback.text)}.")
    return " ".join(sentences)


def unknown_words(found: Found) -> str:
    """Of which products the shop does not say whether they are without what they must be; empty where it does."""
    labels = tuple(dict.fromkeys(label for row in found.rows for label in row.unknown))
    if not labels:
        return ""
    rows = [row for row in found.rows if row.unknown]
    they = "it is" if len(rows) == 1 else "they are"
    which = "any of these" if len(rows) == len(found.rows) > 1 else _and([f"[{r.card.handle}]" for r in rows])
    said = f"The shop does not say of {which} whether {they} {_and(labels)}"
    return f"{said}: please ask it before you rely on that." if set(labels) & set(found.ask) else f"{said}."


def nothing_words(found: Found, thing: str) -> str:
    """When not even less would find anything."""
    if found.exhausted:
        return "That is all I have of these. Shall I look for something a little different?"
    what = thing or "that"
    if found.kept_out:
        return f"I have no {thing or 'product'} that I could offer you {_and(found.kept_out)}."
    return f"I have nothing like {what} here, sorry. Tell me what it is for, and I'll see what comes close."


def given_way(found: Found, thing: str) -> str:
    told = []
    for one in found.loosened:
        told.append(f"{one.label} (the nearest is {one.instead})" if one.instead else one.label)
    what = thing or "anything"
    return f"I have no {what} with {_and(told)}, so these come closest." if told else ""


def _pick(row: Row, turn: int) -> str:
    why = telling(row.card)
    pick = f"[{row.card.handle}]"
    if why is None:
        return _PLAIN_PICKS[turn % len(_PLAIN_PICKS)].format(pick=pick)
    return _PICKS[turn % len(_PICKS)].format(pick=pick, why=_clause(why.text))


def telling(card: Card) -> Reason | None:
    """The reason worth saying aloud: a fact that answers the wish, not the shopper's own past."""
    return next((r for r in card.reasons if r.kind not in ("history", "shoppers")), None)


def _ordered(found: Found, sort: Sort, label: str) -> str:
    first = found.rows[0].card
    value = _value(found.rows[0], sort)
    of = f" of the {found.total:,}" if found.total > 2 else ""
    if sort.field == STARS and found.total > 2 and first.review_count >= FEW_REVIEWS:
        of = f" of those with at least {FEW_REVIEWS} reviews"
    of = " in stock" if found.sold_out_first else of
    said = (
        f"[{first.handle}] {_is_or_has(label)} the {label}{of}"
        if label
        else f"[{first.handle}] comes first{of}"
    )
    if sort.field == STARS:  # few ratings count for less, so another may have the higher mean
        said = f"With the number of reviews weighed in, {said}"
    return f"{said}, at {value}." if value else f"{said}."


def _is_or_has(label: str) -> str:
    """ "Is the lightest", "has the longest battery"."""
    words = label.split()
    thing = words[-1] not in ("one", "ones", "rated")
    return "has" if len(words) > 1 and words[0].endswith("est") and thing else "is"


def _value(row: Row, sort: Sort) -> str:
    if sort.field == PRICE and row.card.price is not None:
        return format_price(row.card.price, row.card.currency)
    if sort.field == STARS and row.card.stars is not None:
        return f"{row.card.stars} stars from {row.card.review_count} reviews"
    return row.values[-1][1] if row.values else ""


def trade_off(rows: Sequence[Row], sort: Sort | None) -> str:
    """What the next one gives and takes, in numbers; empty where they do not differ in any."""
    first, other = rows[0].card, rows[1].card
    parts: list[str] = []
    if first.price is not None and other.price is not None and first.currency == other.currency:
        less = first.price - other.price
        if abs(less) >= 0.05 * first.price:
            parts.append(f"costs {format_price(abs(less), first.currency)} {'less' if less > 0 else 'more'}")
    gains = [
        r
        for r in other.reasons
        if r.kind in ("buyers", "match", "constraint") and r.text not in _texts(first)
    ]
    if gains and len(parts) == 1:
        parts.append(f"has this going for it: {_clause(gains[0].text)}")
    if (
        other.stars is not None
        and first.stars is not None
        and abs(other.stars - first.stars) >= 0.3
        and len(parts) < 2
    ):
        parts.append(f"has {other.stars} stars against {first.stars}")
    return f"[{other.handle}] {' and '.join(parts)}." if parts else ""


def _texts(card: Card) -> set[str]:
    return {reason.text for reason in card.reasons}


def _clause(text: str) -> str:
    """A reason as the end of a sentence, without its quote."""
    first = _BUT.sub("", text).rstrip(".")
    return first if first[1:2].isupper() or not first[:1].isalpha() else first[:1].lower() + first[1:]


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
