"""What a later turn says of what came before, beside what the reader marked: a variety of it, a part that it needs,
a number put right, the other end of its order, what was named and is not wanted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.conditions import BRAND, PRICE, STARS, TITLE, Where
from agent.dialogue import DialogueState, Topic
from agent.understanding.interpretation import SEEKING
from agent.understanding.labels import SpanLabel
from agent.understanding.language.amounts import find_amounts
from agent.understanding.language.follow_up_cues import (
    FOR_LESS,
    FRAGMENT,
    GETTING,
    NEEDED,
    NEITHER,
    NOT_THE_OLD,
    OLD_BUT_NEW,
    OTHER_END,
    THAT_MAKER,
    TOO_DEAR,
    VARIETY,
    VARIETY_OF_ONE,
)
from agent.understanding.language.repairs import CORRECTION, corrected
from agent.understanding.language.request_cues import INTO_CART, OF_ONE, PUTTING, QUANTITIES, TAKING
from agent.understanding.lexicon import Lexicon
from agent.understanding.reader import Span
from agent.understanding.references import References
from agent.understanding.scales import Scale
from agent.understanding.utterance import Utterance

_FOR = re.compile(r"\s+(?:for|to fit|that fits?)\b", re.I)
_OF_THEM = re.compile(r"\s+(?:of|x)\b", re.I)
_PLACE = re.compile(r"\b(?:at|on|in|for|from|by|this|last|next)\s+$", re.I)
"""Before a name, these make it no product: "at Easter"."""
_OF_IT = ("seek", "refine", "ask_product")
"""Moves of which a thing named alone is a part of what is looked for: "speakers?", of a monitor."""
_OF_ONE_PRODUCT = ("ask_product", "ask_buyers", "add_to_cart")
"""Moves that are made of a product, not of a sort of it."""
_REFUSED = (SpanLabel.EXCLUDED, SpanLabel.TAKEN_BACK, SpanLabel.CONDITION, SpanLabel.REFERENCE)
_MODEL = re.compile(r"\b[a-z]{0,2}\d+[a-z]{0,2}\b", re.I)
_MODEL_MEANT = re.compile(
    r"\b(?:the|an?)\s+(?:\w+ )?(?P<new>[a-z]{0,2}\d{1,4}[a-z]{0,2})\b"
    r"(?:\W+(?:the\s+)?(?P<more>[a-z]{2,})\s+(?:one|version|model)\b)?",
    re.I,
)
_FACTORS = (1, 1000, 100, 10, 0.1, 0.01, 0.001)
"""Between a number as said and as kept: 0.5 l is 500 ml."""
_ENDS = {PRICE: ("cheapest", "most expensive"), STARS: ("lowest rated", "best rated")}
"""How the low and the high end of an order are called."""


def taken_up(
    said: Utterance, move: str, state: DialogueState, references: References, lexicon: Lexicon
) -> Utterance:
    """The utterance with what belongs to the thing talked about marked as asked of it: a variety ("one of those pod ones")
    and a part ("it needs some kind of liner"); a number that only counts ("two of those") is no condition, and a kind that
    nothing shown is of is looked for ("add the kettle").
    """
    spans = []
    takes = any(cue.search(said.text) for cue in (TAKING, PUTTING, INTO_CART))
    names_kind = move == "add_to_cart" or OF_ONE.search(said.text) is not None
    alone = FRAGMENT.fullmatch(said.text) is not None
    for span in said.spans:
        match span.label:
            case SpanLabel.ASKED | SpanLabel.WISH | SpanLabel.CONDITION if (
                alone and references.is_unshown_kind(span.text) and not references.is_told_of_kind(span.text)
            ):
                spans.append(replace(span, label=SpanLabel.THING))  # "toaster?", of washing machines
            case SpanLabel.WISH | SpanLabel.CONDITION if GETTING.search(
                said.text[: span.start]
            ) and references.is_unshown_kind(span.text.split()[-1]):
                spans.append(replace(span, label=SpanLabel.THING))  # "can I just get glowing wheels"
            case SpanLabel.REFERENCE | SpanLabel.ASKED if (
                names_kind or (span.label == SpanLabel.ASKED and _FOR.match(said.text[span.end :]))
            ) and references.is_unshown_kind(span.text):
                spans.append(replace(span, label=SpanLabel.THING))
            case SpanLabel.REFERENCE if (
                (variety := VARIETY.match(span.text) or VARIETY_OF_ONE.match(span.text))
                and (
                    not references.shows_or_names(variety["what"])
                    or (not takes and references.describes_some(variety["what"]))
                )
                and not (move in _OF_ONE_PRODUCT and references.told_of(span.text))
            ):
                start = span.start + variety.start("what")
                end = start + len(variety["what"])
                spans.append(
                    replace(span, label=SpanLabel.CONDITION, start=start, end=end, text=variety["what"])
                )
            case SpanLabel.THING if not state.topic.is_empty and NEEDED.search(said.text[: span.start]):
                spans.append(replace(span, label=SpanLabel.CONDITION))
            case SpanLabel.THING | SpanLabel.ASKED if (
                alone and move in _OF_IT and references.is_told_of_kind(span.text)
            ):
                spans.append(replace(span, label=SpanLabel.CONDITION))
            case SpanLabel.CONDITION if _counts_them(span, said.text):
                continue
            case SpanLabel.CONDITION | SpanLabel.WISH if name := _named_before(span.text, state, lexicon):
                spans.append(replace(span, label=SpanLabel.CONDITION, text=name))
            case _:
                spans.append(span)
    return replace(said, spans=tuple(spans))


def _named_before(word: str, state: DialogueState, lexicon: Lexicon) -> str:
    """The value of the shop that a word chooses of those the question before spoke of: "soft then", of soft and hard
    shells; empty where it chooses none.
    """
    before = state.exchanges[-1]
    if before.shown or " " in word or lexicon.exactly(word):
        return ""
    for match in re.finditer(rf"\b{re.escape(word)}[ -]\w+", before.said, re.I):
        if lexicon.exactly(match[0]):
            return match[0]
    return ""


def _counts_them(span: Span, text: str) -> bool:
    count = span.text.lower() in (*QUANTITIES, "one") or re.fullmatch(r"\d{1,2}", span.text)
    return bool(count) and _OF_THEM.match(text[span.end :]) is not None


def still_asked(said: Utterance, in_force: Sequence[Where]) -> Utterance:
    """The utterance with numbers marked as asked for that the reader took for given up, and that nothing in force has:
    "nothing over $30", after an undo.
    """
    given_up = [span for span in said.marked(SpanLabel.TAKEN_BACK) if _numbers(span.text)]
    amounts = find_amounts(said.text) if given_up else ()
    stated = [a for a in amounts if a.is_money or a.shape != "plain"]
    asked = [
        span
        for span in given_up
        if any(a.start < span.end and span.start < a.end for a in stated)
        and not any(_with_number(where, n, n) for n in _numbers(span.text) for where in in_force)
    ]
    spans = (replace(s, label=SpanLabel.CONDITION) if s in asked else s for s in said.spans)
    return replace(said, spans=tuple(spans))


def no_longer_asked(
    said: Utterance, where: Sequence[Where], state: DialogueState, lexicon: Lexicon
) -> tuple[str, ...]:
    """What in force an utterance gives up without saying so: a range of prices that one amount puts right ("sorry, I mean
    $60" is the most to be spent), and a value that is now refused, which nothing looked for has anyway.
    """
    wanted = {text.lower() for w in state.topic.where if not w.is_negative for text in w.texts}
    named = (match for span in said.marked(SpanLabel.EXCLUDED) for match in lexicon.find(span.text))
    refused = (meaning.where for match in named if not match.corrected for meaning in match.meanings)
    values = tuple(dict.fromkeys(text for w in refused for text in w.texts if text.lower() in wanted))
    return (*values, *_range_put_right(said.text, where, state))


def _range_put_right(text: str, where: Sequence[Where], state: DialogueState) -> tuple[str, ...]:
    """The price, where both its bounds were said at once and one amount takes their place."""
    if not corrected(text) or [(w.field, w.op[0]) for w in where] != [(PRICE, "<")]:
        return ()
    priced = {w for w in state.topic.where if w.field == PRICE}
    before = next((t.where for t in reversed(state.undo) if not priced <= set(t.where)), ())
    return (PRICE,) if len(priced) > 1 and priced.isdisjoint(before) else ()


def put_right(
    said: Utterance, state: DialogueState, references: References, titled: Callable[[str], Sequence[str]]
) -> tuple[Utterance, tuple[Where, ...]]:
    """What a later turn puts right: a number or a model in force, or who makes what is shown ("not that brand"); the
    utterance without the spans that hold it.
    """
    said, found = renumbered(said, state.topic.where)
    return said, found or remodelled(said.text, state.topic.where, titled) or without_maker(
        said.text, references
    )


def without_maker(text: str, references: References) -> tuple[Where, ...]:
    """That what is talked about, else what was shown first, is not to be of its maker again."""
    maker = references.maker() if THAT_MAKER.search(text) else None
    return (Where(field=BRAND, op="!=", value=maker),) if maker else ()


def renumbered(said: Utterance, in_force: Sequence[Where]) -> tuple[Utterance, tuple[Where, ...]]:
    """Numbers that are put right ("it's 12.5 inches, not 14"), as what was in force with the old one; the utterance
    without the spans that hold them.
    """
    found: list[Where] = []
    told: set[str] = set()
    for match in (*NOT_THE_OLD.finditer(said.text), *OLD_BUT_NEW.finditer(said.text)):
        right = next(
            (w for one in reversed(in_force) if (w := _with_number(one, match["old"], match["new"]))), None
        )
        if right is not None:
            found.append(right)
            told |= {match["old"], match["new"]}
    if not found:
        return said, ()
    spans = tuple(s for s in said.spans if s.label not in _REFUSED or not set(_numbers(s.text)) & told)
    return replace(said, spans=spans), tuple(found)


def remodelled(
    text: str, in_force: Sequence[Where], titled: Callable[[str], Sequence[str]]
) -> tuple[Where, ...]:
    """The model in force with another number, where that is what was meant: "I meant the 7, the plus one" of an iPhone 8;
    with the word that tells it apart, where titles have it.
    """
    meant = _MODEL_MEANT.search(text) if CORRECTION.search(text) else None
    if meant is None:
        return ()
    for where in reversed(in_force):
        if where.field != TITLE or where.op != "has" or not isinstance(where.value, str):
            continue
        name = _MODEL.sub(meant["new"].lower(), where.value)
        names = (f"{name} {meant['more'].lower()}",) if meant["more"] else ()
        for called in (*names, name):
            if called != where.value and titled(called):
                return (where.model_copy(update={"value": called}),)
    return ()


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


def _with_number(where: Where, old: str, new: str) -> Where | None:
    """A condition in force with another number in the old one's place; None where it does not hold that."""
    if isinstance(where.value, float | int) and not isinstance(where.value, bool):
        value, said = float(where.value), float(old)
        factor = next((k for k in _FACTORS if abs(value - k * said) < 1e-6 * max(1.0, value)), None)
        return None if factor is None else where.model_copy(update={"value": round(factor * float(new), 6)})
    if isinstance(where.value, str) and old in _numbers(where.value):
        return where.model_copy(
            update={"value": re.sub(rf"(?<![\d.]){re.escape(old)}(?![\d.])", new, where.value)}
        )
    return None


def mentioned_of(in_force: Sequence[Where], text: str) -> tuple[Where, ...]:
    """Those of the numbers in force that a text takes up ("no, 17 won't fit, 15.6 then"), and what else bounds the same;
    all of them where it takes up none.
    """
    numbers = {float(number) for number in _numbers(text)}
    taken = {
        w.field
        for w in in_force
        if (isinstance(w.value, float | int) and float(w.value) in numbers)
        or (isinstance(w.value, str) and {float(n) for n in _numbers(w.value)} & numbers)
    }
    return tuple(w for w in in_force if w.field in taken) or tuple(in_force)


def turned_round(text: str, topic: Topic) -> Scale | None:
    """The other end of the order in force, where it is asked for."""
    if topic.sort is None or not OTHER_END.search(text):
        return None
    direction = -1 if topic.sort.order == "desc" else 1
    word = _ENDS.get(topic.sort.field, ("", ""))[direction > 0]
    return Scale(topic.sort.field, direction, superlative=True, word=word)


def cheaper(text: str, move: str, state: DialogueState) -> Scale | None:
    """Less of the price than what is shown, where that is said without an order: "too steep. Something similar?"."""
    if not state.listed or move not in SEEKING or not (FOR_LESS.search(text) or TOO_DEAR.search(text)):
        return None
    return Scale(PRICE, -1, comparative=True, word="cheaper")


def unwanted_names(text: str, references: References, lexicon: Lexicon) -> tuple[Where, ...]:
    """What was just named and is wanted in neither case: "she has Rubble and Zuma, so neither of those"."""
    cue = NEITHER.search(text)
    if cue is None:
        return ()
    found: list[Where] = []
    for name, start in references.names.names_written(text[: cue.start()]):
        if _PLACE.search(text[:start]):
            continue
        brand = next((m.where for m in lexicon.exactly(name) if m.where.field == BRAND), None)
        found.append(
            (brand or Where(field=TITLE, op="has", value=name.lower())).model_copy(
                update={"op": "!=" if brand else "lacks"}
            )
        )
    return tuple(found)
