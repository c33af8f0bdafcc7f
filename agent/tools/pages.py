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
_SUBJECTS = tuple(
    (re.compile(asked, re.I), re.compile(told, re.I))
    for asked, told in (
        (
            r"\bprice[- ]?(?:match\w*|promise|beat\w*)|\bmatch\b.{0,25}\bprices?\b",
            r"\bmatch|price promise|cheaper elsewhere",
        ),
        (r"\bwrap(?:ped|ping)?\b", r"\bwrap"),
        (r"\bcancel\w*", r"\bcancel|\bwithdraw|\bchange (?:your|an|the) order"),
        (r"\bengrav\w*|\bmonogram\w*|\bpersonali[sz]\w*", r"\bengrav|\bmonogram|\bpersonali"),
        (
            r"\b(?:student|nhs|military|teachers?|senior|pensioner\w*)\b",
            r"\b(?:student|nhs|military|teacher|senior|pension)",
        ),
        (
            r"\b(?:vouchers?|coupons?|promo(?:tional)? codes?|discount codes?)\b",
            r"\b(?:voucher|coupon|code|promo)",
        ),
        (
            r"\b(?:financ\w*|instal\w*ments?|klarna|afterpay|pay (?:later|monthly|in \w+))\b",
            r"\b(?:financ|instal|klarna|afterpay|monthly|pay later)",
        ),
        (r"\brepairs?\b|\brepaired\b", r"\brepair|\bmend|\bfix"),
        (
            r"\b(?:saturdays?|sundays?|weekends?)\b",
            r"\b(?:saturday|sunday|weekend|mon|every day|seven days|working day)",
        ),
        (r"\b(?:newsletter|mailing list)\b", r"\bnewsletter|\bmailing"),
        (r"\b(?:my data|privacy|personal data|gdpr)\b", r"\bdata|\bprivacy"),
        (r"\b(?:jobs?|vacanc\w+|hiring|careers?)\b", r"\bjob|\bvacanc|\bcareer|\bhiring"),
        (r"\btrade (?:account|discount)|\bbulk\b|\bwholesale\b", r"\btrade|\bbulk|\bwholesale|\bquantit"),
        (r"\brecycl\w+|\b(?:take|taking) (?:away )?(?:my|the|our) old\b", r"\brecycl|\bold\b|\btake away"),
    )
)
"""What a question may be about, and what a passage that answers it must speak of: another subject answers nothing."""


class Pages(Frozen):
    """Passages that answer, word for word, best first; none where the documents do not say."""

    passages: tuple[Quoted, ...] = ()
    topics: tuple[str, ...] = ()
    """What the shop has documents on."""
    about: str = ""
    """What the question is about ("returns"), where nothing answers it."""

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
        return Pages(about=context.desk.about(question))
    found = [
        passage
        for passage in documents.answers(question, kind, k=MOST)
        if quotable(passage.text) and is_on_subject(question, passage.text)
    ]
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
    about = "" if passages else context.desk.about(question)
    return Pages(passages=passages, topics=documents.topics, about=about)


def is_on_subject(question: str, text: str) -> bool:
    """Whether a passage speaks of the subject that a question names outright; of others it need not."""
    return all(told.search(text) for asked, told in _SUBJECTS if asked.search(question))


def as_read(text: str) -> str:
    """A text as it is read aloud: no marks for bold, no lines of a table."""
    text = re.sub(r"^[ \t]*\|[ \t:|-]*-{2,}[ \t:|-]*$\n?", "", text, flags=re.M)
    text = re.sub(r"\*\*|__|`", "", text)
    text = re.sub(r"\|\s*\n\s*\|", "; ", text)
    text = re.sub(r"^\s*\||\|\s*$", "", text, flags=re.M)
    return " ".join(re.sub(r"\s*\|\s*", ", ", text).replace(" ; ", "; ").split())
