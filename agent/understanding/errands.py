"""Whether what names no thing is another errand than the one talked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.dialogue import DialogueState, Topic
from agent.shop_context import ShopContext
from agent.understanding.labels import SpanLabel
from agent.understanding.language.errand_cues import ANOTHER_MATTER, BESIDES, SAME, SCRAPPED
from agent.understanding.language.follow_up_cues import LINKED, VERSION
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.gift_cues import GIFT
from agent.understanding.language.request_cues import AMONG, SOMETHING
from agent.understanding.language.text import stems
from agent.understanding.utterance import Utterance, only_denies, without

TOLD, APART = 1.0, 0.35
"""A need is another one where a kind serves it as surely as this, and so much more surely than what was shown does. In some
160 later turns of development dialogues, on which they were chosen, no refinement comes to this.
"""
TOLD_BESIDES, APART_BESIDES = 0.9, 0.15
"""The same where the words say that it comes on top ("and then the other thing is")."""
_SHOWN = 3
_ASKING = frozenset(("seek", "refine", "reject"))
_WANTED = (SpanLabel.THING, SpanLabel.CONDITION, SpanLabel.WISH, SpanLabel.ORDER)
_BOUND = frozenset((SpanLabel.CONDITION, SpanLabel.EXCLUDED, SpanLabel.TAKEN_BACK, SpanLabel.ORDER))


@dataclass(frozen=True)
class Errands:
    """Tells another need from more said of the one before: by the kinds that serve either."""

    desk: ShopContext

    def is_another(self, said: Utterance, moves: Sequence[str], state: DialogueState) -> bool:
        """Whether an utterance without a thing leaves the topic in force."""
        topic, text = state.topic, said.text
        if topic.is_empty or moves[0] not in _ASKING or not _tells_more(said) or only_denies(text):
            return False
        given_up = text.replace(topic.thing, "it") if topic.thing else text  # for which "it" stood
        if SCRAPPED.search(given_up) and (SOMETHING.search(text) or GIFT.search(text)):
            return True
        besides = BESIDES.search(text) is not None
        if said.marked(SpanLabel.EXCLUDED) and not (besides or any(map(said.marked, _WANTED))):
            return False  # "no candles, she has asthma" is said of what is looked for
        if said.marked(SpanLabel.REFERENCE) or AMONG.search(text) or SAME.search(text):
            return False
        if _is_in_vain(topic) or (moves[0] == "seek" and "refine" not in moves):
            return True
        linked = LINKED.search(text) and not ANOTHER_MATTER.search(text)
        if moves[0] == "reject" or linked or VERSION.search(text):
            return False
        refused = [*said.marked(SpanLabel.EXCLUDED), *said.marked(SpanLabel.TAKEN_BACK)]
        need = text if besides else without(text, refused)  # "no candles" tells no need of candles
        return (besides and "seek" in moves) or self._is_served_elsewhere(need, topic, besides)

    def _is_served_elsewhere(self, need: str, topic: Topic, besides: bool) -> bool:
        """Whether another kind serves the need, and what was shown hardly does."""
        search = self.desk.shop.search
        last = topic.lists[-1] if topic.lists else ()
        shown = [search.table.row_of[i] for i in last[:_SHOWN] if i in search.table.row_of]
        told, apart = (TOLD_BESIDES, APART_BESIDES) if besides else (TOLD, APART)
        ranked = search.serving(need)
        if not (shown and ranked) or ranked[0].score < told:
            return False
        for served in ranked:
            if ranked[0].score - served.score >= apart:
                return True
            masks = (
                search.table.mask(f) for k in served.names if (f := search.kinds.filter_of(k)) is not None
            )
            if any(mask[row] for mask in masks for row in shown):
                return False
        return True


def _is_in_vain(topic: Topic) -> bool:
    """Whether a thing was asked for and nothing could be shown for it."""
    return bool(topic.thing) and not topic.lists


def _tells_more(said: Utterance) -> bool:
    """Whether more is said than conditions."""
    left = without(said.text, [span for span in said.spans if span.label in _BOUND])
    return any(stem not in FUNCTION_WORDS for stem in stems(left))
