"""What buyers say of products, those praised most first; counts and quotes, no claims."""

from __future__ import annotations

from collections.abc import Sequence

from agent.records import Frozen
from agent.tools.buyer_questions import Wanted, asked_about, without_name
from agent.tools.context import ToolContext, missing
from agent.tools.opinion import Opinion, opinion_of
from agent.tools.results import fenced
from retrieval.reviews.answers import WORST

MOST_PRODUCTS = 10


class Buyers(Frozen):
    """The answer of `buyers`: one opinion a product, the most favourable first where several are compared."""

    opinions: tuple[Opinion, ...] = ()
    wanted: Wanted = "verdict"
    topic: str = ""
    """What the question is about, where not about the whole product."""
    worst_first: bool = False
    problem: str = ""

    @property
    def heard(self) -> tuple[Opinion, ...]:
        """Those of which any buyer takes a side on what was asked."""
        return tuple(o for o in self.opinions if o.mentioned and o.positive + o.negative)

    def text(self) -> str:
        if not self.opinions:
            return self.problem
        lines = [opinion.text() for opinion in self.opinions[:5]]
        if self.topic and not self.heard:
            lines.append(
                f"No review found that judges {fenced(self.topic, 60)}: say so, unless a quote above does."
            )
        return "\n".join([*lines, *([self.problem] if self.problem else [])])


def buyers(context: ToolContext, handles: Sequence[str], question: str = "") -> Buyers:
    """What buyers say of one product, or of several, the best by their words first.

    handles: one or several. question: what about, e.g. "battery life", "complaints", "are the reviews
    genuine"; empty for the verdict.
    """
    desk, shelf = context.desk, context.shelf
    known = {handle: item for handle in dict.fromkeys(handles) if (item := shelf.item(handle))}
    products = desk.products(list(dict.fromkeys(known.values()))[:MOST_PRODUCTS])
    unknown = [missing(context, handle) for handle in handles if handle not in known]
    if not products:
        return Buyers(problem=unknown[0] if unknown else "name at least one product by its handle")
    bare = question
    for one in products:
        bare = without_name(bare, one, desk.shop.reviews.aspects(one.category))
    wanted, topic = asked_about(bare)
    opinions = [opinion_of(context, one, question) for one in products]
    worst = bool(WORST.search(question))
    if len(opinions) > 1:
        opinions.sort(key=lambda o: (not o.mentioned, o.low if worst else -o.low, -o.positive))
    for opinion in opinions:
        shelf.back(opinion.evidence)
    return Buyers(
        opinions=tuple(opinions), wanted=wanted, topic=topic, worst_first=worst, problem="; ".join(unknown)
    )
