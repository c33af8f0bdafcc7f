"""What an utterance changes in the conversation: which topic it belongs to, and what then holds there."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence

from agent.conditions import KIND, PRICE, STARS, TITLE, Prefer, Sort, Where
from agent.dialogue import DialogueState, Topic
from agent.understanding.interpretation import LIKELY, SURE, Interpretation
from agent.understanding.language.forbidden import leads, told_afterwards
from agent.understanding.language.function_words import FUNCTION_WORDS, NAMING_WORDS
from agent.understanding.language.reactions import tells_harm
from agent.understanding.language.request_cues import ANOTHER, ELSE, OF_THE_SHOP, SAME_BUDGET
from agent.understanding.language.text import stems
from agent.understanding.people import read_person
from agent.understanding.references import References
from agent.understanding.scales import Scale
from agent.understanding.utterance import only_denies

MOST_WORDS = 60
MOST_UNMET = 5
_FINDING = frozenset(("seek", "refine", "more", "reject", "recommend", "undo"))
_NAMELESS = FUNCTION_WORDS - NAMING_WORDS
_CALLED = {PRICE: "budget cost limit money", STARS: "rating reviews"}
"""What a condition is called beside its field's name."""
Label = Callable[[Where], str]


def changed(
    state: DialogueState, meant: Interpretation, references: References, label: Label
) -> DialogueState:
    """The state once the utterance is understood, before anything is shown. Starts the next turn."""
    state = state.model_copy(update={"turn": state.turn + 1, "subject": meant.asked})
    moves = set(meant.moves)
    if meant.main == "start_over":
        topic = _only_kind(state.topic) if "seek" in moves and not meant.thing else Topic()
        state = state.started_over(topic)
    if "undo" in moves:
        state = _back(state, meant)
    if len(meant.pointed.item_ids) == 1:
        state = state.model_copy(update={"focus": meant.pointed.item_ids[0]})
    state = _with_health(state, meant)
    if not moves & _FINDING:
        return state
    if "reject" in moves and not meant.pointed.item_ids and state.focus and ELSE.search(meant.text):
        state = state.reject((state.focus,))
    if moves & {"refine", "seek", "more"} and state.focus and ANOTHER.search(meant.text):
        state = state.reject((state.focus,))
    if "reject" in moves:
        state = state.reject(meant.pointed.item_ids if not meant.pointed.whole_list else state.listed)
    if "undo" not in moves and (
        starts_topic(state.topic, meant) or set(meant.given_up) & set(state.topic.kinds)
    ):
        spent = [w for w in state.topic.where if w.field == PRICE and SAME_BUDGET.search(meant.text)]
        fresh = _corrected(state.topic) if meant.corrects else Topic(where=tuple(spent))
        topic = _filled(fresh, meant, references)
        return state.push(topic if meant.recipient else topic.with_where(state.without))
    left = _taken_back(state.topic, meant.taken_back, label)
    gone = set(state.topic.where) - {*left.where, *meant.where}
    state = state.model_copy(update={"without": tuple(w for w in state.without if w not in gone)})
    topic = _filled(left, meant, references)
    return state if "undo" in moves and topic == state.topic else state.with_topic(topic)


def taken_off_the_screen(meant: Interpretation, in_cart: Container[str]) -> Interpretation:
    """ "Remove the fourth one" refuses what is shown, where the cart has nothing of it."""
    if not meant.by_place or any(item_id in in_cart for item_id in meant.pointed.item_ids):
        return meant
    return meant.model_copy(update={"moves": ("reject", *meant.moves[1:])})


_OWN_HEALTH = re.compile(
    r"\b(?:i|i'm|im|i've|ive|my skin|my stomach|we're|we)\b[^.?!]{0,25}\b(?:allerg\w*|intoleran\w*|c(?:o)?eliacs?|react\w*|"
    r"can'?t (?:have|eat|tolerate|use)|sensitive to)\b",
    re.I,
)


def _with_health(state: DialogueState, meant: Interpretation) -> DialogueState:
    """With what the shopper says that they must be without, beside whatever else they ask: "I'm allergic to nuts. Do
    you deliver on Saturdays?"
    """
    told = tuple(where for where in meant.where if where.op == "lacks")
    text = meant.text
    is_own = _OWN_HEALTH.search(text) or leads(text) or told_afterwards(text) or tells_harm(text)
    for_another = meant.recipient and not read_person(meant.recipient).is_self
    if not told or for_another or not is_own:
        return state
    state = state.model_copy(update={"without": tuple(dict.fromkeys((*state.without, *told)))})
    return state if state.topic.is_empty else state.with_topic(state.topic.with_where(told))


def _only_kind(topic: Topic) -> Topic:
    """What is looked for, without any condition: "scrap all that. What matters is 5G"."""
    return Topic(thing=topic.thing, kinds=topic.kinds, sure=topic.sure)


def _corrected(topic: Topic) -> Topic:
    """What still holds of a topic whose kind was named wrongly: "no sorry, I meant shampoo", for curly hair."""
    kept = {"where", "chosen", "prefer", "recipient", "gift"}
    return Topic(**{name: getattr(topic, name) for name in kept})


def without_condition(state: DialogueState, part: str) -> DialogueState:
    """The state of the next turn, without the condition or wish of this id; an unknown one changes nothing
    else.
    """
    state = state.model_copy(update={"turn": state.turn + 1, "pending": None})
    topic = state.topic
    if any(where.id == part for where in topic.kind_where()):
        return state.with_topic(topic.model_copy(update={"thing": "", "kinds": (), "sure": False}))
    where = tuple(w for w in topic.where if w.id != part)
    prefer = tuple(p for p in topic.prefer if p.id != part)
    gone = {s for p in topic.prefer if p.id == part for s in stems(f"{p.field.replace('_', ' ')} {p.value}")}
    words = [word for word in topic.query.split() if not gone or not set(stems(word)) <= gone]
    update = {"where": where, "prefer": prefer, "query": " ".join(words)}
    return state.with_topic(topic.model_copy(update=update))


def starts_topic(topic: Topic, meant: Interpretation) -> bool:
    """Whether another thing is sought than before. A refinement named as a search stays one, and the other
    way
    round: what is sought decides more than how it is said.
    """
    if topic.is_empty:
        return True
    if meant.among or (meant.pointed.item_ids and not meant.thing) or only_denies(meant.text):
        return False
    if meant.kinds and meant.scale is not None and meant.scale.superlative and OF_THE_SHOP.search(meant.text):
        return True  # "what weighs the most of all your pans": whatever was asked of them before
    if meant.within and meant.main != "seek":
        return False
    if meant.afresh:
        return True
    if "seek" in meant.moves and any(w.field == TITLE and not w.is_negative for w in meant.where):
        return True
    if meant.main == "refine" and topic.query and not topic.thing:
        return False  # a need is told; now what is to serve it: "trousers, and warm ones"
    if meant.kinds and meant.kind_confidence >= LIKELY:
        if set(meant.kinds) & set(topic.kinds):
            renamed = not set(stems(meant.thing)) & set(stems(topic.thing))
            return meant.main == "seek" and renamed and not topic.sure
        return meant.main == "seek" or meant.kind_confidence >= SURE
    if meant.thing:
        shared = set(stems(meant.thing)) & set(stems(topic.thing))
        return meant.main == "seek" and not shared
    if meant.where and all(where.is_negative for where in meant.where):
        return False  # "anything but seagrass" is said of what is looked for
    if meant.where and not meant.words:  # "I want Pedalnord": only a value, so one of what is looked for
        return False
    return meant.main in ("seek", "recommend") and "refine" not in meant.moves


def _back(state: DialogueState, meant: Interpretation) -> DialogueState:
    """ "Back to the tents": the newest earlier topic that is about them, else one step back."""
    words = set(stems(meant.thing or meant.text)) - FUNCTION_WORDS
    for at in range(len(state.topics) - 2, -1, -1):
        topic = state.topics[at]
        named = {s for text in (topic.thing, *topic.kinds) for s in stems(text)}
        if set(meant.kinds) & set(topic.kinds) or words & named:
            return state.back_to(at)
    return state.undone()


def _filled(topic: Topic, meant: Interpretation, references: References) -> Topic:
    """The topic with what the utterance adds."""
    update: dict[str, object] = {}
    if meant.thing:
        update["thing"] = meant.thing
    if meant.kinds and not (topic.sure and meant.kind_confidence < SURE):
        update |= {"kinds": meant.kinds, "sure": meant.kind_confidence >= SURE}
        update |= {"parts": meant.parts, "shared": meant.shared}
    if meant.main == "recommend":
        update["personal"] = True
    words = meant.words if not topic.is_empty or meant.words else ""
    if topic.is_empty and not (words or meant.thing or meant.scale):
        words = meant.text
    update["query"] = " ".join(f"{topic.query} {words}".split()[-MOST_WORDS:])
    if meant.recipient:
        update |= {"recipient": meant.recipient}
    if meant.like:
        update["like"] = meant.like
    if meant.gift:
        update["gift"] = True
    if meant.unmet:
        update["unmet"] = tuple(dict.fromkeys((*topic.unmet, *meant.unmet)))[-MOST_UNMET:]
    topic = topic.model_copy(update=update)
    where = [w for w in meant.where if w.field != KIND or w.is_negative]
    prefer = list(meant.prefer)
    if meant.scale is not None:
        sort, bound, wish = _ordered(topic, meant, meant.scale, references)
        topic = topic.model_copy(update={"sort": sort})
        where.extend(bound)
        prefer.extend(wish)
    elif where or meant.thing:
        topic = topic.model_copy(update={"sort": None}) if meant.main == "seek" else topic
    return topic.with_where(tuple(where)).with_prefer(tuple(prefer))


def _ordered(
    topic: Topic, meant: Interpretation, scale: Scale, references: References
) -> tuple[Sort | None, list[Where], list[Prefer]]:
    """A superlative orders; a comparative bounds by what it is compared with; a graded word only weighs."""
    aim: Prefer = Prefer(field=scale.field, aim="high" if scale.direction > 0 else "low")
    if scale.field == "value":
        return None, [], [Prefer(field="stars", aim="high"), Prefer(field="price", aim="low")]
    if scale.superlative:
        return Sort(field=scale.field, order="desc" if scale.direction > 0 else "asc"), [], []
    if scale.comparative and scale.known and topic.parts:  # what is cheap for one of them is dear for another
        return Sort(field=scale.field, order="desc" if scale.direction > 0 else "asc"), [], []
    if scale.comparative and scale.known and topic.lists:
        shown = meant.pointed.item_ids or topic.lists[-1]
        values = [v for item in shown if (v := references.value(scale.field, item)) is not None]
        if values:
            edge = max(values) if scale.direction > 0 else min(values)
            op = ">" if scale.direction > 0 else "<"
            sort = topic.sort
            if sort and sort.field == scale.field and (sort.order == "desc") != (scale.direction > 0):
                sort = None  # cheaper than the dearest, not the dearest of those that are
            return sort, [Where(field=scale.field, op=op, value=edge)], []  # type: ignore[arg-type]
    return topic.sort, [], [aim]


def _taken_back(topic: Topic, phrases: Sequence[str], label: Label) -> Topic:
    """Without the conditions and wishes that the phrases name."""
    for phrase in phrases:
        asked = set(stems(phrase)) - _NAMELESS
        if not asked:
            continue
        where = tuple(w for w in topic.where if not asked & _named(w, label))
        prefer = tuple(
            p
            for p in topic.prefer
            if not asked & (set(stems(p.field.replace("_", " "))) | set(stems(str(p.value))))
        )
        words = [word for word in topic.query.split() if not set(stems(word)) & asked]
        unmet = tuple(one for one in topic.unmet if not asked & set(stems(one)))
        kept = {"where": where, "prefer": prefer, "query": " ".join(words), "unmet": unmet}
        topic = topic.model_copy(update=kept)
    return topic


def _named(where: Where, label: Label) -> set[str]:
    """The words by which a condition can be named: its field, its value, its label."""
    words = f"{where.field.replace('_', ' ')} {where.value} {label(where)} {_CALLED.get(where.field, '')}"
    return set(stems(words)) - _NAMELESS
