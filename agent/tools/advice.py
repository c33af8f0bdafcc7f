"""Explain: what a term means, how two materials differ; from the shop's own texts and its buyers, never
made up.
"""

from __future__ import annotations

import re

from agent.explanations.evidence import field_evidence, quotable, review_evidence
from agent.knowledge.glossary import glossary
from agent.records import Evidence, Frozen
from agent.tools.asked import content
from agent.tools.context import ToolContext
from agent.tools.pages import pages
from agent.tools.passages import answering, coverage, rarity, sentences
from agent.tools.results import Quoted, fenced

GENERAL = "general knowledge"
ENOUGH = 0.75
"""Share of what is asked that the texts found must speak of; else more are read."""
READ, BUYERS_READ = 30, 8
"""Products whose descriptions are read, and those whose reviews are."""
MOST = 4
ANSWERS, COVERS = 0.55, 0.5
_EXPLAINING = re.compile(
    r"\b(?:means?|meant|meaning|stands? for|differences?|different|differ|explain\w*|better|worth|why|should|"
    r"matters?|"
    r"care|bother|actual(?:ly)?|newbie|beginner|total|ever|even|earth|everyone|always|see|says?|saying|keep\w*|versus|vs|"
    r"advice|between|sense|understand|basically|exactly)\b",
    re.IGNORECASE,
)
"""Words of asking for an explanation; what is left is what to explain."""


class Advice(Frozen):
    """Sentences of the shop's pages, descriptions and reviews that explain, surest first; none where it is
    not known.
    """

    passages: tuple[Quoted, ...] = ()
    known: bool = False

    def text(self) -> str:
        if not self.known:
            return "Nothing in this shop explains that. Say so; mark general knowledge as such."
        handles = (f"[{p.handle}] " if p.handle else "" for p in self.passages)
        return "\n".join(
            f"{handle}{fenced(p.source, 80)}: “{fenced(p.text, 300)}”"
            for handle, p in zip(handles, self.passages, strict=True)
        )


def advice(context: ToolContext, question: str) -> Advice:
    """What the shop's texts, buyers and terms of the trade say to a general question: "merino or synthetic".

    question: in the shopper's words.
    """
    asked = content(_EXPLAINING.sub(" ", question))
    if not asked:
        return Advice()
    found = [*pages(context, question).passages, *_in_general(question)]
    for more in (_of_products, _of_buyers):
        if coverage(context.desk, asked, " ".join(passage.text for passage in found)) < ENOUGH:
            found += more(context, question, asked)
    found.sort(key=lambda passage: -coverage(context.desk, asked, passage.text))
    chosen = _varied(found)
    context.shelf.back([passage.evidence for passage in chosen])
    return Advice(passages=tuple(chosen), known=bool(chosen))


def _in_general(question: str) -> list[Quoted]:
    """What the glossary of the trade says; no claim of this shop."""
    return [
        Quoted(
            text=entry.text,
            source=GENERAL,
            evidence=Evidence(
                evidence_id=f"general:{entry.name}", kind="document", source=GENERAL, text=entry.text
            ),
            score=1.0,
        )
        for entry in glossary().find(question)[:2]
    ]


def _varied(found: list[Quoted]) -> list[Quoted]:
    """The surest of each wording: descriptions repeat each other."""
    kept: list[Quoted] = []
    for passage in found:
        words = content(passage.text)
        if all(
            len(words & content(k.text)) < 0.6 * max(1, min(len(words), len(content(k.text)))) for k in kept
        ):
            kept.append(passage)
    return kept[:MOST]


def _of_products(context: ToolContext, question: str, asked: frozenset[str]) -> list[Quoted]:
    desk = context.desk
    hits = desk.shop.search.search(question, None, READ).hits
    owner: dict[str, str] = {}
    for product in desk.products(hit.item_id for hit in hits):
        for sentence in sentences(product.description, asked):
            owner.setdefault(sentence, product.item_id)
    found: list[Quoted] = []
    for text, score in answering(desk, tuple(owner), question)[:12]:
        (product,) = desk.products([owner[text]])
        if score < ANSWERS or coverage(desk, asked, f"{product.title} {text}") < COVERS:
            continue
        evidence = field_evidence(product, f"description:{len(found)}", text)
        handle = context.shelf.handle(product.item_id)
        quoted = Quoted(
            text=text, source=product.title, evidence=evidence, score=round(score, 3), handle=handle
        )
        found.append(quoted)
    return found


def _of_buyers(context: ToolContext, question: str, asked: frozenset[str]) -> list[Quoted]:
    """Sentences of reviews that speak of the rarest thing asked about."""
    desk = context.desk
    rarest = max(asked, key=lambda word: rarity(desk, word))
    hits = desk.shop.search.search(question, None, BUYERS_READ).hits
    found: list[Quoted] = []
    for quote in (
        desk.shop.reviews.find_sentences(question, [hit.item_id for hit in hits], 12) if hits else ()
    ):
        if (
            rarest not in content(quote.text)
            or not quotable(quote.text)
            or coverage(desk, asked, quote.text) < COVERS
        ):
            continue
        evidence: Evidence = review_evidence("", quote.review_id, quote.text)
        found.append(Quoted(text=quote.text, source="a buyer", evidence=evidence, side=quote.polarity))
    return found
