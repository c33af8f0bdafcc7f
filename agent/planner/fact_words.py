"""What one product says, in words."""

from __future__ import annotations

from agent.explanations.evidence import shorten
from agent.planner.turn import Planned
from agent.tools.product import LONGEST_TEXT, ProductAnswer
from agent.tools.results import Fact

CAREFUL = "I know only what is written here; where it matters, please ask the shop."
LONGEST = 240


def answer_words(answer: ProductAnswer, turn: Planned) -> str:
    """The facts that answer, else the shop's sentences, else its buyers, else that it is not known."""
    if not answer.known:
        return unknown_words(turn, f"[{answer.handle}]", answer.sensitive, answer.untold)
    said = fact_words(answer)
    if answer.buyers is not None and not answer.facts:
        said = f"{said} {_by_buyers(answer)}".strip()
    return f"{said} {CAREFUL}" if answer.sensitive else said


def fact_words(answer: ProductAnswer) -> str:
    """The facts and sentences of one answer, without what buyers say."""
    handle = f"[{answer.handle}]"
    if answer.lead:
        return answer.lead
    parts = [_fact(fact, handle) for fact in answer.facts]
    for passage in answer.passages[: 1 if parts else 2]:
        if passage.source == "title":
            parts.append(f"It is sold as “{passage.text}”.")
        else:
            longest = LONGEST if passage.source == "description" else LONGEST_TEXT
            parts.append(f"Of {handle} the shop writes: “{shorten(passage.text, longest)}”")
    if not parts and answer.buyers is not None:
        return _by_buyers(answer)
    return " ".join(parts)


def unknown_words(turn: Planned, what: str, sensitive: bool, untold: str = "") -> str:
    """That the shop does not say it, or that Aisle was not given it: honest, with what can be done."""
    if untold:
        return (
            f"I don't know that about {what}: the shop keeps “{untold}”, but I was not given it. "
            "Please ask the shop."
        )
    if sensitive:
        return (
            f"The shop does not say that about {what}, and I would not guess: "
            "please ask the shop before you rely on it."
        )
    return turn.vary(
        f"The shop does not say that about {what}, and its buyers don't mention it. "
        "It's best to ask the shop.",
        f"That isn't stated for {what}, by the shop or by buyers. Shall I tell you what is?",
    )


def _fact(fact: Fact, handle: str) -> str:
    if fact.flag is not None:
        marked = f"the shop lists {handle} {'with' if fact.flag else 'without'} “{fact.label}”"
        return f"{'Yes' if fact.flag else 'No'}, {marked}."
    if fact.holds is not None:
        if fact.holds:
            return f"Yes, {handle} has {fact.label} {fact.wanted}."
        if fact.chosen:
            return f"No, {handle} doesn't come in {fact.wanted}: its {fact.label} is {fact.value}."
        return f"The shop gives {fact.label} {fact.value} for {handle}; {fact.wanted} isn't mentioned."
    match fact.name:
        case "title":
            return f"It is called {fact.value}."
        case "price":
            return (
                f"{handle} costs {fact.value}."
                if fact.number is not None
                else f"The shop gives no price for {handle}."
            )
        case "brand":
            return f"{handle} is made by {fact.value}."
        case "stock":
            return f"{handle}: {fact.value}."
        case "stars":
            return f"{handle} has {fact.value}."
        case "category":
            return f"{handle}: {fact.value.lower()}."
    if "," in fact.value:
        return f"{handle} comes in these ({fact.label}): {fact.value}."
    return f"The shop gives {fact.label} {fact.value} for {handle}."


def _by_buyers(answer: ProductAnswer) -> str:
    opinion = answer.buyers
    assert opinion is not None
    said = f"The shop itself does not say it of [{answer.handle}]; of its buyers, {opinion.tally}."
    if opinion.quotes:
        said += f" One wrote: “{opinion.quotes[0].text}”"
    return said
