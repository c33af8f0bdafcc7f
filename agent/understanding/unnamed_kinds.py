"""The kind of a request that names no thing: mentioned in passing, or the one that serves what is needed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.shop_context import ShopContext
from agent.understanding.labels import SpanLabel
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.negation import Denials
from agent.understanding.language.request_cues import NO_KIND
from agent.understanding.utterance import Utterance
from retrieval.filters import And, Filter, Or

NAMED, MISSPELT = 0.9, 0.85
"""How surely a name that nothing marks as what is sought must be a kind's."""
VOTERS, MAJORITY = 12, 0.55
LIKELIEST, SERVES, AGREEING, SHARED = 30, 0.96, 0.3, 0.15
"""Of so many kinds that may serve a need, the one whose likeness and share of what is found for it come to this: three
in four needs of development dialogues that name nothing, of which .61 are right.
"""
TOLD, AHEAD = 0.97, 0.15
"""A kind so likely, and so much likelier than the next, needs no product found by the same words."""
_ALL_PLACES = sum(1 / (place + 3) for place in range(VOTERS))
_WORDS = re.compile(r"[\w'-]+")
_OTHERS = frozenset(("recipient", "reference", "excluded", "taken_back", "asked"))
"""Spans whose words name no thing that is sought."""
_SOMETHING = re.compile(
    r"\b(?:something|anything|s(?:ome)?thing|smth|sth|stuff|things?)\s+(?:to|for|that|which|so|i can)\b", re.I
)
"""What follows tells what it is for."""
_ELLIPSIS = re.compile(
    r"\b(?:show|find|get|give|bring|got|have|sell|stock|carry|see|need|want|recommend|suggest)\s+(?:me\s+)?"
    r"(?:some|any|one|a (?:few|couple)|several)\b[\s.?!]*(?:(?:please|pls|then|here)[\s.?!]*)*$",
    re.I,
)
"""An order for some of what was spoken of just before: "he's known for his loud socks, show me some"."""


@dataclass(frozen=True)
class UnnamedKinds:
    """Finds the kinds that nothing marks as what is sought."""

    desk: ShopContext

    def mentioned(self, text: str) -> tuple[str, ...]:
        """The kind that a text names in passing, longest name first; not one that it denies ("no fragrance"), nor what
        something else is sought for ("something to keep my guitar in").
        """
        text = _without_idioms(text)
        vague = _SOMETHING.search(text)
        words, denials = list(_WORDS.finditer(text[: vague.start()] if vague else text)), Denials(text)
        for size in (3, 2, 1):
            for first, last in zip(words, words[size - 1 :], strict=False):
                if {first[0].lower(), last[0].lower()} & FUNCTION_WORDS:
                    continue
                match = self.desk.shop.search.kinds.by_name(text[first.start() : last.end()])
                if match is None or match.confidence < MISSPELT:
                    continue
                if denials.of(first.start(), last.end()) != "unwanted":
                    return match.names
        return ()

    def in_passing(self, said: Utterance) -> tuple[str, ...]:
        """The kind that a long request names without being marked as its thing: "every mouse here is for the
        other hand". Right behind an order it is what is sought, else where search finds mostly such products.
        """
        ordered = {span.end for span in said.marked(SpanLabel.ORDER)}
        apart = [(span.start, span.end) for span in said.spans if span.label in _OTHERS]
        hits: list[str] | None = None
        denials = Denials(said.text)
        words = list(_WORDS.finditer(_without_idioms(said.text)))
        ellipsis = _ELLIPSIS.search(said.text)
        if ellipsis:
            words = [word for word in words if word.end() <= ellipsis.start()]
        for size in (3, 2, 1):
            runs = list(zip(words, words[size - 1 :], strict=False))
            for first, last in reversed(runs) if ellipsis else runs:
                if {first[0].lower(), last[0].lower()} & FUNCTION_WORDS:
                    continue
                if not ellipsis and any(start <= first.start() < end for start, end in apart):
                    continue
                match = self.desk.shop.search.kinds.by_name(said.text[first.start() : last.end()])
                if match is None or match.confidence < NAMED:
                    continue
                if denials.of(first.start(), last.end()) == "unwanted":
                    continue
                if ellipsis or any(0 <= first.start() - end <= 2 for end in ordered):
                    return match.names
                hits = hits if hits is not None else self._found(said.text)
                if self._share(hits, match.names) >= MAJORITY:
                    return match.names
        return ()

    def _found(self, text: str) -> list[str]:
        return [hit.item_id for hit in self.desk.shop.search.search(text, None, VOTERS).hits]

    def _share(self, items: Sequence[str], kinds: tuple[str, ...]) -> float:
        """How many of the products are of one of the kinds."""
        search = self.desk.shop.search
        if not items:
            return 0.0
        mask = search.table.mask(self._any_of(kinds))
        return sum(bool(mask[search.table.row_of[item]]) for item in items) / len(items)

    def implied(self, text: str, listed: Sequence[str], allowed: Filter) -> tuple[str, ...]:
        """The kind that a need without a thing points at: where most of what search finds for it stands, and
        of what was shown for it before.
        """
        search = self.desk.shop.search
        votes: dict[tuple[str, ...], float] = {}
        found = [hit.item_id for hit in search.search(text, allowed, VOTERS).hits]
        if serving := self._serving(text, found, allowed):
            return serving
        for items in (found, listed):
            for place, item_id in enumerate(items, start=1):
                path = search.table.paths[int(search.table.columns["path"][search.table.row_of[item_id]])]
                votes[path] = votes.get(path, 0.0) + 1.0 / (place + 2)
        best = max(votes, key=votes.__getitem__, default=())
        sure = bool(best) and votes[best] >= MAJORITY * sum(votes.values())
        return (" > ".join(best),) if sure else ()

    def _serving(self, need: str, found: Sequence[str], allowed: Filter) -> tuple[str, ...]:
        """The kind that people ask for with such words, where the products found for them say so, too, or where the
        words tell it far more surely than any other.
        """
        search = self.desk.shop.search
        best: tuple[str, ...] = ()
        most = SERVES
        places = [search.table.row_of[item_id] for item_id in found]
        ranked = search.serving(need)[:LIKELIEST]
        for served in ranked:
            mask = search.table.mask(And((allowed, self._any_of(served.names))))
            share = sum(mask[row] / (place + 3) for place, row in enumerate(places)) / _ALL_PLACES
            score = served.score + AGREEING * share
            told = served is ranked[0] and mask.any() and _is_far_ahead([one.score for one in ranked])
            if told:
                return served.names
            if share >= SHARED and score > most:
                best, most = served.names, score
        return best

    def _any_of(self, kinds: Sequence[str]) -> Filter:
        filters = (self.desk.shop.search.kinds.filter_of(kind) for kind in kinds)
        return Or(tuple(one for one in filters if one is not None))


def _is_far_ahead(scores: Sequence[float]) -> bool:
    """Whether the first of the scores, the best, is high and far above the second."""
    return scores[0] >= TOLD and (len(scores) < 2 or scores[0] - scores[1] >= AHEAD)


def _without_idioms(text: str) -> str:
    """The text, of the same length, without idioms whose words name no product."""
    return NO_KIND.sub(lambda match: " " * len(match[0]), text)
