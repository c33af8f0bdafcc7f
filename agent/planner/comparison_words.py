"""How products compare, in words: numbers and a verdict."""

from __future__ import annotations

from agent.conditions import PRICE, STARS
from agent.explanations.evidence import shorten
from agent.money import price as format_price
from agent.planner.turn import Planned
from agent.tools.compared import Compared, Side
from agent.wording import listed, named, say

MOST_ROWS, MOST_OTHERS = 3, 2
QUOTED = 160


def comparison_words(found: Compared, turn: Planned) -> str:
    """The winner in what is asked with the numbers; where nothing is asked, what differs and whom the facts
    speak for.
    """
    if found.also or found.untold:
        each = (found.model_copy(update={"also": (), "untold": ()}), *found.also)
        told = [_by_field(one) if one.by == "field" else _by_words(one, alone=False) for one in each]
        told += [say("compare.untold", asked=part) for part in found.untold]
        return " ".join(dict.fromkeys(told))
    if found.by == "field":
        return _by_field(found)
    if found.by in ("buyers", "text"):
        return _by_words(found)
    lead = say("compare.unstated") if found.asked and _asks(turn) else ""
    told = [
        say("of.shop_writes", what=f"[{side.handle}]", text=shorten(side.passages[0].text, QUOTED))
        for side in found.sides
        if side.passages
    ]
    return " ".join([*told, f"{lead}{_in_general(found)}"])


def _asks(turn: Planned) -> bool:
    return bool(turn.meant.asked or turn.meant.scale)


def _by_field(found: Compared) -> str:
    told = [f"[{side.handle}] {value}" for side in found.sides if (value := _value(side, found.asked))]
    silent = listed([f"[{handle}]" for handle in found.silent])
    unknown = say("compare.unstated_of", what=silent) if silent else ""
    if not told:
        return f"{say('compare.none_state', asked=found.asked)} {_in_general(found)}"
    label = "" if found.asked in (PRICE, STARS) else f"{found.asked} "
    if len(found.winners) == 1:
        winner = next(side for side in found.sides if side.handle == found.winners[0])
        others = [s for s in found.sides if s is not winner and _value(s, found.asked)]
        others.sort(key=lambda s: abs((s.value or 0.0) - (winner.value or 0.0)))  # the next best ones
        rest = [
            say("compare.value_for", value=_value(s, found.asked), handle=s.handle)
            for s in others[:MOST_OTHERS]
        ]
        return say(
            "compare.should" if found.by_proxy else "compare.won",
            handle=winner.handle,
            how=say("compare.is", word=found.word) if found.word else say("compare.first"),
            word=found.word,
            label=label,
            value=_value(winner, found.asked),
            against=say("compare.against", rest=listed(rest)) if rest else "",
            unknown=f"{unknown}{_difference(found)}",
        )
    if len(found.winners) > 1:
        return say("compare.equal", label=label, told=listed(told), unknown=unknown)
    return f"{found.asked[:1].upper()}{found.asked[1:]}: {listed(told)}.{unknown}{_difference(found)}"


def _difference(found: Compared) -> str:
    """By how much two prices differ; empty for anything else."""
    prices = [side.card.price for side in found.sides]
    currencies = {side.card.currency for side in found.sides}
    if found.asked != PRICE or len(prices) != 2 or len(currencies) > 1:
        return ""
    one, other = prices
    if one is None or other is None or one == other:
        return ""
    return say("compare.difference", amount=format_price(round(abs(one - other), 2), currencies.pop()))


def _value(side: Side, asked: str) -> str:
    if asked == PRICE and side.card.price is not None:
        return format_price(side.card.price, side.card.currency)
    if asked == STARS and side.card.stars is not None:
        return say("stars", stars=side.card.stars)
    return side.fact.value if side.fact is not None else ""


def _by_words(found: Compared, *, alone: bool = True) -> str:
    """``alone``: whether nothing else is told of them."""
    parts = []
    if found.winners:
        parts.append(say("compare.by_buyers", handle=found.winners[0]))
    for side in found.sides:
        if side.opinion is not None and (side.opinion.positive or side.opinion.negative):
            parts.append(say("of", handle=side.handle, what=side.opinion.tally))
        if side.passages and not found.winners:
            text = shorten(side.passages[0].text, QUOTED)
            parts.append(say("of.shop_writes", what=f"[{side.handle}]", text=text))
    if found.silent:
        parts.append(say("compare.silent", what=listed([f"[{handle}]" for handle in found.silent])))
    if not found.winners and alone:
        parts.append(_in_general(found))
    return " ".join(parts)


def _in_general(found: Compared) -> str:
    """What differs, in numbers, and which one more facts speak for."""
    assert found.table is not None
    rows = [
        row
        for row in found.table.rows
        if len(set(row[1:])) > 1
        and say("compare.not_stated") not in row[1:]
        and row[0] != say("compare.brand")
    ]
    versus = say("compare.versus")
    told = [say("compare.row", name=named(row[0]), cells=versus.join(row[1:])) for row in rows[:MOST_ROWS]]
    names = listed([f"[{side.handle}]" for side in found.sides])
    said = say("compare.differ", names=names, what=listed(told)) if told else say("compare.alike")
    if found.best:
        said += f" {say('compare.lean', handle=found.best, why=listed(found.advantages))}"
    return said
