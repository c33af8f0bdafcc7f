"""Ask the shop's own documents: delivery, returns, warranty, sizes, care, payment, and whatever else they
hold.
"""

from __future__ import annotations

import re

from agent.explanations.evidence import quotable
from agent.records import Evidence, Frozen
from agent.tools.context import ToolContext
from agent.tools.results import Quoted, fenced

MOST = 3


class Pages(Frozen):
    """Passages that answer, word for word, best first; none where the documents do not say."""

    passages: tuple[Quoted, ...] = ()
    topics: tuple[str, ...] = ()
    """What the shop has documents on."""

    def text(self) -> str:
        if self.passages:
            return "\n".join(f"{p.source}: “{fenced(p.text, 600)}”" for p in self.passages)
        about = f" They are about: {', '.join(self.topics)}." if self.topics else ""
        return f"The shop's pages do not say that; tell the shopper to ask the shop.{about}"


def pages(context: ToolContext, question: str, kind: str = "") -> Pages:
    """What the shop's own pages say on delivery, returns, warranty, sizes, care, payment and the like.

    question: in the shopper's words. kind: of product, where one is meant.
    """
    documents = context.desk.shop.documents
    if documents is None:
        return Pages()
    found = [passage for passage in documents.answers(question, kind, k=MOST) if quotable(passage.text)]
    passages = tuple(
        Quoted(
            text=passage.text,
            source=passage.source,
            score=passage.score,
            evidence=Evidence(
                evidence_id=f"document:{passage.source}",
                kind="document",
                source=passage.source,
                text=passage.text,
            ),
        )
        for passage in found
    )
    context.shelf.back([passage.evidence for passage in passages])
    return Pages(passages=passages, topics=documents.topics)


def as_read(text: str) -> str:
    """A text as it is read aloud: no marks for bold, no lines of a table."""
    text = re.sub(r"^[ \t]*\|[ \t:|-]*-{2,}[ \t:|-]*$\n?", "", text, flags=re.M)
    text = re.sub(r"\*\*|__|`", "", text)
    text = re.sub(r"\|\s*\n\s*\|", "; ", text)
    text = re.sub(r"^\s*\||\|\s*$", "", text, flags=re.M)
    return " ".join(re.sub(r"\s*\|\s*", ", ", text).replace(" ; ", "; ").split())
