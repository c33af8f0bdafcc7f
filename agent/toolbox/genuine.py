"""Whether the reviews of a product can be trusted: how many look suspicious, and by which signs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.reasons.evidence import counted, signal_evidence
from agent.toolbox.desk import Desk
from agent.toolbox.turn import Outcome, Shelf

_FALSE = (
    r"(?:real|fakes?|faked|genuine|authentic|honest|legit\w*|trustworthy|reliable|paid|invented|suspicious)"
)
_THE = r"(?:the|these|those|its|their|your|his)"
_ASKED = re.compile(
    rf"\b(?:is|are|aren't|were) (?:all |any of )?(?:{_THE} )?reviews?\b[^.?!]*\b{_FALSE}\b"
    rf"|\b{_FALSE} reviews?\b|\breviews? (?:i can |you can |to )?(?:trust|believe)\b"
    r"|\b(?:trust|believe|rely on) (?:\w+ )?(?:\w+ )?reviews?\b",
    re.IGNORECASE,
)
SIGNS = {
    "copy": ("copies another", "copy another"),
    "burst": ("came in a burst", "came in a burst"),
    "capitals": ("praises in capitals", "praise in capitals"),
}
"""What is said of one and of several reviews, by the reason why they count less."""


def asks_if_genuine(question: str) -> bool:
    """Whether the reviews themselves are doubted: "are these reviews fake?"."""
    return bool(_ASKED.search(question))


def tell_genuine(desk: Desk, shelf: Shelf, item_ids: Sequence[str]) -> Outcome:
    """Of each product on the shelf, how many of its reviews look suspicious, and why."""
    told, evidence = [], []
    for item_id in item_ids:
        signals = desk.shop.reviews.signals(item_id)
        text = _counted(signals.suspicious, signals.review_count, signals.suspicious_reasons)
        told.append(f"Of [{shelf.handle_of(item_id) or 'P1'}], {text}.")
        evidence.append(signal_evidence(item_id, "suspicious reviews", text, signals.suspicious))
    said = " ".join(told)
    return Outcome(shelf.add(said=said, evidence=evidence, facts=(said,)), said)


def _counted(suspicious: int, of: int, reasons: dict[str, int]) -> str:
    if not of:
        return "there is no review yet"
    reviews = counted(of, "review")
    if not suspicious:
        none = f"none of {reviews} looks" if of > 1 else "the one review does not look"
        return f"{none} suspicious: no copies, no burst of praise, no praise in capitals"
    signs = ", ".join(f"{count} {SIGNS[reason][count > 1]}" for reason, count in sorted(reasons.items()))
    look, weigh = ("look", "weigh") if suspicious > 1 else ("looks", "weighs")
    return f"{suspicious} of {reviews} {look} suspicious and {weigh} less ({signs})"
