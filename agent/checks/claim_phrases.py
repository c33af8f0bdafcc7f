"""Claims that are computed, not read: who is cheapest or best rated, and what is in stock."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.checks.claims import Backing, Subject, Violation, stem

STOCK = re.compile(r"\b(out of stock|sold out|in stock|available)\b", re.IGNORECASE)
BEYOND = re.compile(
    r"\b(?:in the (?:whole |entire )?(?:shop|store|world|market)|overall|ever|anywhere|of all|"
    r"among (?:all|the) (?:the )?\d+|of (?:all )?(?:the )?\d{2,})\b",
    re.IGNORECASE,
)
"""The cards are compared with one another; what lies beyond them nobody looked at."""
SUPERLATIVE = re.compile(
    r"\b(cheapest|lowest[- ]pric\w*|least expensive|best[- ]pric\w*|most expensive|(?:best|highest|top)"
    r"[- ]rat\w*|"
    r"most reviewed|most reviews)\b",
    re.IGNORECASE,
)


def scope_of(marked: str, at: int, backing: Backing, about: tuple[int, ...]) -> list[Subject]:
    """The products that what stands at ``at`` is said of: named before, else after, else in the sentence
    before.
    """
    before = [int(m.group(1)) for m in re.finditer(r"⟦(\d+)⟧", marked[:at])]
    after = [int(m.group(1)) for m in re.finditer(r"⟦(\d+)⟧", marked[at:])]
    chosen = before[-1:] or after[:1] or list(about)
    return [backing.subjects[index] for index in chosen]


def check_phrases(marked: str, backing: Backing, about: tuple[int, ...]) -> tuple[str, list[Violation]]:
    """Claims that are computed, not read: who is cheapest or best rated, and what is in stock."""
    found = []
    beyond = bool(BEYOND.search(marked))
    for match in SUPERLATIVE.finditer(marked):
        phrase, scope = match.group().lower(), scope_of(marked, match.start(), backing, about)
        if _comes_first(scope, phrase, backing):
            continue
        if beyond or not scope or not all(_is_extreme(one, phrase, backing.offered) for one in scope):
            found.append(Violation("attribute", match.group()))
    for match in STOCK.finditer(marked):
        scope = scope_of(marked, match.start(), backing, about) or list(backing.subjects)
        phrase = match.group().lower()
        denied = bool(re.search(r"\b(not|n't|no longer)\s+\w*\s*$", marked[: match.start()], re.IGNORECASE))
        wants_stock = (phrase in ("in stock", "available")) != denied
        if not all(s.stock is not None and (s.stock > 0) == wants_stock for s in scope) and (
            phrase != "available" or not backing.common.says(stem("available"))
        ):
            found.append(Violation("attribute", match.group()))
    return STOCK.sub(" ", SUPERLATIVE.sub(" ", marked)), found


def _comes_first(scope: Sequence[Subject], phrase: str, backing: Backing) -> bool:
    """Whether it came first of all that fits, in the order that the phrase names."""
    low = bool(re.match("cheap|low|least|best.pric", phrase))
    order = "stars desc" if "rat" in phrase else "price asc" if low else "price desc"
    return len(scope) == 1 and "review" not in phrase and (scope[0].handle, order) in backing.extremes


def _is_extreme(subject: Subject, phrase: str, subjects: Sequence[Subject]) -> bool:
    if "review" in phrase:
        values, own = [s.review_count for s in subjects], subject.review_count
    elif "rat" in phrase:
        values, own = [s.stars for s in subjects], subject.stars  # type: ignore[misc, assignment]
    else:
        values, own = [s.price for s in subjects], subject.price  # type: ignore[misc, assignment]
    known = [value for value in values if value is not None]
    if own is None or len(known) < 2:
        return False
    return own == (min(known) if re.match("cheap|low|least|best.pric", phrase) else max(known))
