"""Which act an utterance is: its wording, what was found in it, and what was going on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.language import acts
from agent.language.review_questions import asks_of_buyers
from agent.language.safety import ASK_SAFETY
from agent.language.text import stems
from agent.meaning import Act
from agent.memory import asks_to_list, find_forgotten
from agent.reading.facts import Facts
from agent.reading.query import remaining_query
from agent.reading.vocabulary import Vocabulary
from agent.state import DialogueState
from retrieval.filters import And, Words

if TYPE_CHECKING:
    from agent.rules_understanding import Reading

_WH_QUESTION = re.compile(
    r"^\W*(?:who|what|when|where|why|how|which|is|are|does|do|did|can|could|will|was|were)\b", re.IGNORECASE
)
_LOOKING = re.compile(
    r"\b(?:looking|searching|shopping) for|\bi (?:need|want|would like)|\bneed (?:an?|some)\b|\bfind me"
    r"|(?<!never )(?<!not )\bshow me|\bdo you have",
    re.IGNORECASE,
)
_OF_IT = re.compile(
    r"^\W*(?:and )?(?:(?:is|are|does|do) (?:it|this|this one|that one|they|these)|would it|will it) "
    r"(?!possible|ok to|okay to|come|have to|you)",
    re.IGNORECASE,
)
""" "Is it safe for pregnant women?" asks; it looks for no women's things."""
_OF_A_PART = re.compile(
    r"^\W*(?:(?:and|but|so|ok(?:ay)?|also)\W+)*(?:is|are|was|were|does|do|did|has|have|can|will|would) "
    r"(?:the|its|their) (?!same\b)\w+",
    re.IGNORECASE,
)
""" "Is the zip of the second one sturdy"."""
_PRONOUN = re.compile(r"\b(?:ones?|it|them|that|those|these)\b", re.IGNORECASE)
_ANOTHER = re.compile(r"\b(?:an? (?:[\w-]+ )?one|ones|something|anything)\b", re.IGNORECASE)
_SHOPPING = re.compile(
    r"\b(?:buy|purchase|need|looking for|recommend|suggest|shop|sell|cheap|price|gift|order)\b", re.IGNORECASE
)


_ONLY_POINTS = re.compile(
    r"(?:\W|\b(?:and|ok(?:ay)?|so|then|well|what about|how about|show(?: me)?|let me see|let's see|i mean"
    r"|please|now|again|the|that|this|one|product)\b)*",
    re.IGNORECASE,
)
""" "The second one", "and what about the third?": what is left when the pointing is taken out."""


def decide_act(reading: Reading, state: DialogueState, vocabulary: Vocabulary, facts: Facts) -> Act:
    """The one act of the utterance; of several, the one that the shopper waits for."""
    text = reading.text
    if reading.taken_back:
        return Act.REFINE
    wants = bool(reading.constraints or reading.preferences)
    for act, pattern in acts.SIMPLE:
        if pattern.search(text) and not (wants and act not in (Act.UNDO, Act.START_OVER)):
            return act
    if find_forgotten(text) and not reading.wishes.indifferent:
        return Act.FORGET
    if asks_to_list(text) or _only_remembers(reading):
        return Act.REMEMBER
    if (
        state.pending is not None
        and _answers(reading, state)
        and not _another_kind(reading, state, vocabulary, facts)
    ):
        return Act.ANSWER
    return _about_shown(reading, state) or _about_shop(reading, state, vocabulary, facts)


def _only_remembers(reading: Reading) -> bool:
    """Whether a lasting preference is all that is said: nothing is looked for."""
    looked_for = any(c.kind == "category" and not c.negative for c in reading.constraints)
    return bool(reading.memory) and not looked_for and not _LOOKING.search(reading.text)


def _answers(reading: Reading, state: DialogueState) -> bool:
    """Whether this answers the pending question: its slot is named, or nothing matters."""
    assert state.pending is not None
    text, slot = reading.text, state.pending.slot
    if reading.critiques or reading.item_ids:
        return False
    if acts.INDIFFERENT.search(text) and not reading.constraints:
        return True
    if any(option.label.lower() == text.lower().strip(" .!") for option in state.pending.options):
        return True
    return any(c.slot == slot for c in reading.constraints) and not acts.COMPARE.search(text)


def _about_shown(reading: Reading, state: DialogueState) -> Act | None:
    """Acts on products that are on the screen."""
    text = reading.text
    pointed = bool(reading.item_ids)
    if state.shown and acts.WHY.search(text):
        return Act.ASK_PRODUCT
    of_a_kind = not pointed and _seeks_among_all(reading, state)
    if acts.COMPARE.search(text) and (state.shown or not reading.constraints) and not of_a_kind:
        return Act.COMPARE
    if acts.BUNDLE.search(text):
        return Act.BUNDLE
    if acts.LIKE_THIS.search(text) and pointed:
        return Act.CRITIQUE
    if ASK_SAFETY.search(text):
        return Act.ASK_PRODUCT
    if not state.shown:
        asked = acts.ASK_PRODUCT.search(text) and not (reading.constraints or acts.ASKING.search(text))
        if asked or _OF_IT.search(text):
            return Act.ASK_PRODUCT
        return Act.ACCEPT if acts.ACCEPT.search(text) and not reading.constraints else None
    if acts.CAN_I.search(text) and _asks_shop(reading) and not _ANOTHER.search(text):
        return Act.ASK_SHOP  # "can I send it back if I don't like it" rejects nothing
    if acts.REJECT.search(text) and (pointed or not reading.constraints):
        return Act.REJECT
    if reading.critiques:
        return Act.CRITIQUE
    if _asks_shop(reading):
        return Act.ASK_SHOP
    if asks_of_buyers(text) or (acts.ASK_BUYERS.search(text) and (pointed or not reading.constraints)):
        return Act.ASK_BUYERS
    if acts.ACCEPT.search(text):
        return Act.ACCEPT
    asks = acts.ASK_PRODUCT.search(text) or _OF_A_PART.search(text)
    if (asks and pointed) or _OF_IT.search(text) or _only_points(reading):
        return Act.ASK_PRODUCT
    if acts.MORE.search(text) and not reading.constraints:
        return Act.REFINE
    return None


def _only_points(reading: Reading) -> bool:
    """Whether products are pointed at and nothing is said of them: then they are what it is about."""
    rest = reading.text
    for pointing in sorted(reading.pointings, key=lambda p: p.start, reverse=True):
        rest = rest[: pointing.start] + " " + rest[pointing.end :]
    said = reading.constraints or reading.preferences  # "the most expensive" may ask for an order
    return bool(reading.item_ids) and not said and _ONLY_POINTS.fullmatch(rest) is not None


def _asks_shop(reading: Reading) -> bool:
    """Whether the shop's own documents are asked, not its products: "can I send things back", and no "tent
    with free shipping" or "do you have one with a warranty"."""
    text = reading.text
    if not acts.ASK_SHOP.search(text):
        return False
    asks = acts.CAN_I.search(text) and not acts.ASKING.search(text)
    return bool(asks) or not (reading.constraints or reading.preferences)


def _seeks_among_all(reading: Reading, state: DialogueState) -> bool:
    """Whether a kind of product is sought: "the cheapest tent" looks for tents, not at what is shown; "which
    tent is the cheapest" looks at the tents shown.
    """
    kinds = [c for c in reading.constraints if c.kind == "category" and not c.negative]
    if acts.WHICH_KIND.search(reading.text):
        return any(c.filter != old.filter for c in kinds for old in state.in_slot("category"))
    return bool(kinds) and acts.WHICH_IS.search(reading.text) is not None


def _about_shop(reading: Reading, state: DialogueState, vocabulary: Vocabulary, facts: Facts) -> Act:
    """Acts that need nothing on the screen."""
    text = reading.text
    wants = bool(reading.constraints or reading.preferences)
    if acts.OUT_OF_SCOPE.search(text) and not wants:
        return Act.OUT_OF_SCOPE
    if _asks_shop(reading):
        return Act.ASK_SHOP
    if asks_of_buyers(text) or (acts.ASK_BUYERS.search(text) and not wants):
        return Act.ASK_BUYERS
    query, unknown = remaining_query(reading, Act.ASK)
    if acts.RECOMMEND.search(text) and not any(word in vocabulary.kinds.heads for word in stems(query)):
        return Act.RECOMMEND  # "my kid wants to learn guitar, what do you recommend" seeks guitars
    if not wants and not query and acts.SMALL_TALK.search(text):
        return Act.SMALL_TALK
    if not state.query and not state.constraints and not state.shown:
        return _first(reading, query, wants)
    new = _new_request(reading, state, unknown) or _another_kind(reading, state, vocabulary, facts)
    return Act.ASK if new else Act.REFINE


def _first(reading: Reading, query: str, wants: bool) -> Act:
    if not wants and acts.WHOLE_SHOP.search(reading.text):
        return Act.RECOMMEND
    if (
        not query
        and not wants
        and not acts.GIFT.search(reading.text)
        and not acts.ASKING.search(reading.text)
    ):
        return Act.HELP
    unknown_question = _WH_QUESTION.search(reading.text) and not reading.wishes.loose
    if (
        unknown_question
        and not wants
        and not acts.ASKING.search(reading.text)
        and not _SHOPPING.search(reading.text)
    ):
        return Act.OUT_OF_SCOPE
    return Act.ASK


def _new_request(reading: Reading, state: DialogueState, unknown: tuple[str, ...]) -> bool:
    """Whether something else is wanted now: another category, or an unknown noun asked for with "a" or
    "some"."""
    if acts.WHOLE_SHOP.search(reading.text):
        return True
    categories = [c for c in reading.constraints if c.kind == "category" and not c.negative]
    if categories:
        return all(c.filter != old.filter for c in categories for old in state.in_slot("category"))
    if any(c.kind == "tag" and _asked_as_noun(c.words, reading.text) for c in reading.constraints):
        return all(c.filter != old.filter for c in reading.constraints for old in state.constraints)
    if not unknown or not acts.ASKING.search(reading.text):
        return False
    known = set(state.query.lower().split())
    fresh = [word for word in unknown if word not in known]
    if not fresh or _PRONOUN.search(reading.text):
        return False
    return _asked_as_noun(fresh[-1], reading.text, "|for|need|want|sell|have|me|about")


def _another_kind(reading: Reading, state: DialogueState, vocabulary: Vocabulary, facts: Facts) -> bool:
    """Whether a thing is asked for that has nothing to do with the last one: "a music stand" after "a capo".

    It has not when no product of the kind in force speaks of it, or no product's names hold both what is
    asked for now and what was asked for before. A bare word counts only where titles call products so.
    """
    thing = reading.sought
    if thing is None or reading.critiques or _PRONOUN.search(reading.text):
        return False
    said = [c for c in reading.constraints if c.negative or c.kind not in ("category", "tag")]
    if any(thing.head in stems(c.words) for c in said):
        return False
    if not (thing.asked or thing.head in vocabulary.kinds.heads) or _describes(
        thing.head, reading, vocabulary
    ):
        return False
    before = _heads_before(state)
    kinds = tuple(c.filter for c in state.in_slot("category"))
    if before and kinds and not facts.some(And((*kinds, Words(thing.phrase.split()[-1])))):
        return True
    return bool(before) and not any(
        thing.head == old or vocabulary.kinds.together(thing.head, old) for old in before
    )


def _describes(head: str, reading: Reading, vocabulary: Vocabulary) -> bool:
    """Whether the word is a value or brand here and no kind: "a red", "Nike"."""
    terms = vocabulary.phrases.get((head,), ())
    return bool(terms) and not vocabulary.kinds.is_kind(head) and terms[0].kind not in ("category", "tag")


def _heads_before(state: DialogueState) -> set[str]:
    """What was asked for: the last words of the kinds in force, else of the words searched for."""
    kinds = [stems(c.words or c.label) for c in state.in_slot("category")]
    searched = [] if kinds else [stems(state.query)]
    return {words[-1] for words in (*kinds, *searched) if words}


def _asked_as_noun(word: str, text: str, more_openings: str = "") -> bool:
    """Whether the word closes a phrase that is asked for: "a soft blanket", not "something in blue"."""
    noun = re.escape(word)
    if not noun:
        return False
    ends = re.search(
        rf"\b{noun}\b\s*(?:$|[,.;?!]|under|below|for|with|that|in|from|please|around|less|max)", text, re.I
    )
    asked = re.search(rf"\b(?:an?|some|any{more_openings})\s+(?:[\w-]+\s){{0,4}}{noun}\b", text, re.I)
    adjective = re.search(
        rf"\b(?:something|anything|more|less|with|good|better|it)\s+(?:[\w-]+\s){{0,3}}{noun}\b", text, re.I
    )
    return bool(ends and asked and not adjective)
