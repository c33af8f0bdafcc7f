"""Words for what was found: the pick and why, the trade-off against the next, what had to give way."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.conditions import ANYWHERE, BRAND, PRICE, STARS, TITLE, Sort
from agent.dialogue import Topic
from agent.explanations.evidence import stars_text
from agent.money import price as format_price
from agent.records import Card, Reason
from agent.tools.results import Found, Loosened, Row
from agent.tools.title_measures import title_measure
from agent.tools.weigh import FEW_REVIEWS
from agent.understanding.language.text import stems
from agent.wording import listed, lowered, say

_BUT = re.compile(r": [“„].*$")


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
        sentences.append(say("find.unmet", what=unmet[0]))
    unsuitable = found.ask and set(found.ask) & set(first.unknown)
    if unsuitable:  # of which nobody knows whether it may hurt is no pick
        what = thing or say("find.product")
        sentences.append(say("find.unsuitable", what=what, labels=listed(sorted(unsuitable))))
    elif sort is not None and not found.unsorted:
        sentences.append(_ordered(found, sort, label))
    else:
        if found.unsorted and label:
            sentences.append(say("find.unsorted", total=found.total, label=label))
        sentences.append(_pick(first, turn))
    if first.gone:
        return " ".join([*sentences, say("find.choice_out", choice=first.gone)])
    if unknown := unknown_words(found):
        return " ".join([*sentences, unknown])
    if len(rows) > 1 and rows[1].gone:
        sentences.append(say("find.other_gone", handle=rows[1].card.handle, choice=rows[1].gone))
    elif len(rows) > 1 and (other := trade_off(rows)):
        sentences.append(other)
    elif first.card.drawback is not None and len(rows) == 1:
        sentences.append(say("find.know", what=_clause(first.card.drawback.text)))
    return " ".join(sentences)


def unknown_words(found: Found) -> str:
    """Of which products the shop does not say whether they are without what they must be; empty where it does."""
    labels = tuple(dict.fromkeys(label for row in found.rows for label in row.unknown))
    if not labels:
        return ""
    rows = [row for row in found.rows if row.unknown]
    all_of_them = len(rows) == len(found.rows) > 1
    which = say("find.any_of_these") if all_of_them else listed([f"[{r.card.handle}]" for r in rows])
    said = say("find.unknown", count=len(rows), which=which, labels=listed(labels))
    return say("find.ask_first", said=said) if set(labels) & set(found.ask) else f"{said}."


def nothing_words(found: Found, thing: str) -> str:
    """When not even less would find anything."""
    if found.exhausted:
        return say("find.exhausted")
    if found.kept_out:
        return say("find.kept_out", what=thing or say("find.product"), labels=listed(found.kept_out))
    return say("find.nothing", what=thing or say("find.that"))


def given_way(found: Found, thing: str) -> str:
    """What nothing meets, so that what is shown only comes near; no name stands beside itself ("flats with flats")."""
    if not found.loosened:
        return ""
    told = [
        one
        for one in found.loosened
        if not (
            one.where.field in (TITLE, ANYWHERE)
            and set(stems(" ".join(one.where.texts))) <= set(stems(thing))
        )
    ]
    if not told:
        return say("find.given_way_named", what=thing)
    parts = [_called(one) for one in told if not _stands_alone(one)]
    lacking = [say("find.with", labels=listed(parts))] if parts else []
    lacking += [_called(one) for one in sorted(told, key=_is_bound) if _stands_alone(one)]
    return say("find.given_way", what=thing or say("find.anything"), labels=" ".join(lacking))


def _called(one: Loosened) -> str:
    """A condition as a sentence says it of a product: "from Acme", "other than tin", "under $50 (the nearest is $60)"."""
    if one.where.is_negative and one.where.field not in (TITLE, ANYWHERE):
        return say("find.other_than", what=f" {say('or')} ".join(one.where.texts) or one.label)
    called = say("find.from_brand", brand=one.label) if _is_maker(one) else one.label
    return say("find.nearest", label=called, instead=one.instead) if one.instead else called


def _stands_alone(one: Loosened) -> bool:
    """Whether a condition follows a thing as it is called: no jacket "from Acme", "under $50", but "with" tin."""
    return one.where.is_negative or _is_maker(one) or _is_bound(one)


def _is_maker(one: Loosened) -> bool:
    return one.where.field == BRAND and not one.where.is_negative


def _is_bound(one: Loosened) -> bool:
    """Whether it is a limit of the price; a weight under 2 kg is something that a thing comes with."""
    return one.where.field == PRICE and one.where.op[0] in "<>"


def _pick(row: Row, turn: int) -> str:
    why = telling(row.card)
    pick = f"[{row.card.handle}]"
    if why is None:
        return say("find.plain", turn, pick=pick)
    return say("find.pick", turn, pick=pick, why=_clause(why.text))


def telling(card: Card) -> Reason | None:
    """The reason worth saying aloud: a fact that answers the wish, not the shopper's own past, nor its name."""
    return next((r for r in card.reasons if r.kind not in ("history", "shoppers", "listed")), None)


def _ordered(found: Found, sort: Sort, label: str) -> str:
    first = found.rows[0].card
    value = _value(found.rows[0], sort)
    of = say("find.of_total", total=found.total) if found.total > 2 else ""
    reviewed = sort.field == STARS and found.total > 1 and first.review_count >= FEW_REVIEWS
    if title_measure(sort.field) is not None:
        of = say("find.of_titled", total=found.ordered)
    elif 0 < found.ordered < found.total:
        of = say("find.of_nearest", total=found.ordered)
    elif reviewed:
        of = say("find.of_reviewed", least=FEW_REVIEWS)
    if found.sold_out_first:
        of = f"{say('find.of_stock')}{of if reviewed else ''}"
    how = _is_or_has(label) if label else "first"
    said = say(f"find.{how}", handle=first.handle, label=label, of=of)
    return say("find.at", said=said, value=value) if value else f"{said}."


def _is_or_has(label: str) -> str:
    """ "Is the lightest", "has the longest battery"."""
    words = label.split()
    thing = words[-1] not in ("one", "ones") and not words[-1].endswith(("ed", "ing"))
    return "has" if len(words) > 1 and words[0].endswith("est") and thing else "is"


def _value(row: Row, sort: Sort) -> str:
    if sort.field == PRICE and row.card.price is not None:
        return format_price(row.card.price, row.card.currency)
    if sort.field == STARS and row.card.stars is not None:
        return stars_text(row.card.stars, row.card.review_count)
    if title_measure(sort.field) is not None:
        return ""  # the title itself says it
    return row.values[-1][1] if row.values else ""


def trade_off(rows: Sequence[Row]) -> str:
    """What the next one gives and takes, in numbers; empty where they do not differ in any."""
    first, other = rows[0].card, rows[1].card
    parts: list[str] = []
    if first.price is not None and other.price is not None and first.currency == other.currency:
        less = first.price - other.price
        if abs(less) >= 0.05 * first.price:
            parts.append(
                say(f"find.{'less' if less > 0 else 'more'}", amount=format_price(abs(less), first.currency))
            )
    gains = [
        r
        for r in other.reasons
        if r.kind in ("buyers", "match", "constraint") and r.text not in _texts(first)
    ]
    if gains and len(parts) == 1:
        parts.append(say("find.gain", what=_clause(gains[0].text)))
    if (
        other.stars is not None
        and first.stars is not None
        and abs(other.stars - first.stars) >= 0.3
        and len(parts) < 2
    ):
        parts.append(say("find.stars", stars=other.stars, others=first.stars))
    return f"[{other.handle}] {listed(parts)}." if parts else ""


def _texts(card: Card) -> set[str]:
    return {reason.text for reason in card.reasons}


def _clause(text: str) -> str:
    """A reason as the end of a sentence, without its quote."""
    first = _BUT.sub("", text).rstrip(".")
    return first if first[1:2].isupper() or not first[:1].isalpha() else lowered(first)
