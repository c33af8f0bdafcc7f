"""How products compare, in words: numbers and a verdict."""

from __future__ import annotations

from agent.conditions import PRICE, STARS
from agent.explanations.evidence import shorten
from agent.money import price as format_price
from agent.planner.turn import Planned, joined
from agent.tools.compare import UNKNOWN, Compared, Side

MOST_ROWS = 3
QUOTED = 160


def comparison_words(found: Compared, turn: Planned) -> str:
    """The winner in what is asked with the numbers; where nothing is asked, what differs and whom the facts
    speak for.
    """
    if found.by == "field":
        return _by_field(found)
    if found.by in ("buyers", "text"):
        return _by_words(found)
    lead = (
        "The shop does not state that of any of them, and buyers don't tell it either. "
        if found.asked and _asks(turn)
        else ""
    )
    return f"{lead}{_in_general(found)}"


def _asks(turn: Planned) -> bool:
    return bool(turn.meant.asked or turn.meant.scale)


def _by_field(found: Compared) -> str:
    told = [f"[{side.handle}] {value}" for side in found.sides if (value := _value(side, found.asked))]
    silent = joined([f"[{handle}]" for handle in found.silent])
    unknown = f" For {silent} the shop does not state it." if silent else ""
    if not told:
        return f"The shop does not state the {found.asked} of these. {_in_general(found)}"
    label = "" if found.asked == PRICE else f"{found.asked} "
    if len(found.winners) == 1:
        winner = next(side for side in found.sides if side.handle == found.winners[0])
        rest = [
            f"{_value(s, found.asked)} for [{s.handle}]"
            for s in found.sides
            if s is not winner and _value(s, found.asked)
        ]
        how = f"is the {found.word} one" if found.word else "comes first"
        against = f" against {joined(rest)}" if rest else ""
        return f"[{winner.handle}] {how}: {label}{_value(winner, found.asked)}{against}.{unknown}"
    if len(found.winners) > 1:
        return f"They are equal in that: {label}{joined(told)}.{unknown}"
    return f"{found.asked[:1].upper()}{found.asked[1:]}: {joined(told)}.{unknown}"


def _value(side: Side, asked: str) -> str:
    if asked == PRICE and side.card.price is not None:
        return format_price(side.card.price, side.card.currency)
    if asked == STARS and side.card.stars is not None:
        return f"{side.card.stars} stars"
    return side.fact.value if side.fact is not None else ""


def _by_words(found: Compared) -> str:
    parts = []
    if found.winners:
        parts.append(f"By what buyers write, [{found.winners[0]}] does better there.")
    for side in found.sides:
        if side.opinion is not None and (side.opinion.positive or side.opinion.negative):
            parts.append(f"Of [{side.handle}], {side.opinion.tally}.")
        if side.passages and not found.winners:
            parts.append(f"Of [{side.handle}] the shop writes: “{shorten(side.passages[0].text, QUOTED)}”")
    if found.silent:
        parts.append(f"Of {joined([f'[{handle}]' for handle in found.silent])} nothing is said about it.")
    if not found.winners:
        parts.append(_in_general(found))
    return " ".join(parts)


def _in_general(found: Compared) -> str:
    """What differs, in numbers, and which one more facts speak for."""
    assert found.table is not None
    rows = [
        row
        for row in found.table.rows
        if len(set(row[1:])) > 1 and UNKNOWN not in row[1:] and row[0] != "Brand"
    ]
    told = [f"{row[0].lower()} ({' against '.join(row[1:])})" for row in rows[:MOST_ROWS]]
    said = f"They differ in {joined(told)}." if told else "The shop states nothing in which they differ."
    if found.best:
        said += f" I'd lean to [{found.best}]: {joined(found.advantages)}."
    return said
