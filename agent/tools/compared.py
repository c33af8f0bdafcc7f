"""What a comparison came to, as a tool returns it."""

from __future__ import annotations

from agent.explanations.evidence import short_title
from agent.records import Card, Evidence, Frozen, Table
from agent.tools.opinion import Opinion
from agent.tools.results import Fact, Quoted, fenced


class Side(Frozen):
    """One of the products, with what it says to what is asked."""

    handle: str
    card: Card
    fact: Fact | None = None
    value: float | None = None
    passages: tuple[Quoted, ...] = ()
    opinion: Opinion | None = None


class Compared(Frozen):
    """Products beside each other, in the order given."""

    sides: tuple[Side, ...] = ()
    table: Table | None = None
    asked: str = ""
    """The field or aspect that is asked about, as it is said; empty where the whole is compared."""
    word: str = ""
    """The order asked for, as said ("lighter"); empty where only values are asked for."""
    by: str = ""
    """What the winner is told by: ``field``, ``buyers``, ``text``, or nothing."""
    by_proxy: bool = False
    """Whether the field only stands for what is asked: of two kettles the one with more power should boil faster."""
    winners: tuple[str, ...] = ()
    """Handles of those that do best in what is asked; several where they are equal, none where it can't be
    told."""
    silent: tuple[str, ...] = ()
    """Handles of those that do not state what is asked."""
    differing: tuple[str, ...] = ()
    """Labels of the fields that differ, those asked about first."""
    best: str = ""
    """Handle of the one that the facts speak for on the whole, and these facts."""
    advantages: tuple[str, ...] = ()
    also: tuple[Compared, ...] = ()
    """What else is asked, each for itself ("which is cheaper, and which do buyers like more")."""
    untold: tuple[str, ...] = ()
    """Parts of the question that nothing answers."""
    evidence: tuple[Evidence, ...] = ()
    problem: str = ""

    def text(self) -> str:
        if not self.sides or self.table is None:
            return self.problem
        handles = [f"[{side.handle}]" for side in self.sides]
        names = [
            f"{h} {fenced(short_title(side.card.title, 60))}"
            for h, side in zip(handles, self.sides, strict=True)
        ]
        lines = ["; ".join(names)]
        for row in self.table.rows:
            lines.append(
                f"{row[0]}: "
                + "; ".join(f"{h} {fenced(cell, 60)}" for h, cell in zip(handles, row[1:], strict=True))
            )
        if self.asked:
            lines.append(f"asked: {self.asked}; {self._verdict()}")
            lines.extend(f"[{s.handle}]: “{fenced(p.text, 160)}”" for s in self.sides for p in s.passages[:1])
            lines.extend(f"[{s.handle}]: {s.opinion.tally}" for s in self.sides if s.opinion is not None)
        lines.extend(f"asked, too: {one.asked}; {one._verdict()}" for one in self.also)
        if self.best and (not self.asked or len(self.advantages) > 1):
            lines.append(f"on the whole the facts speak for [{self.best}]: {'; '.join(self.advantages)}")
        return "\n".join([*lines, *([self.problem] if self.problem else [])])

    def _verdict(self) -> str:
        if self.winners:
            equal = " are equal" if len(self.winners) > 1 else ""
            return f"best in it: {' and '.join(self.winners)}{equal} (by {self.by})"
        if self.by == "field":
            return "each states it as above"
        return "judge by what is quoted here" if self.by == "text" else "nothing here tells"
