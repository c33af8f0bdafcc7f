"""From a reading and its act to the change it makes: what is added, replaced and dropped, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.language import acts
from agent.language.graded import freed_topics
from agent.language.text import singular, stems
from agent.language.units import NAMES
from agent.meaning import Act, Constraint, Preference, Understanding
from agent.memory import find_forgotten
from agent.reading.alternatives import merged, widens
from agent.reading.bounds import price_constraint
from agent.reading.facts import Facts
from agent.state import DialogueState, without_words
from retrieval.filters import And, Attribute, Price, Words, leaves

if TYPE_CHECKING:
    from agent.rules_understanding import Reading

_CHANGES = frozenset(
    (Act.ASK, Act.REFINE, Act.CRITIQUE, Act.ANSWER, Act.RECOMMEND, Act.START_OVER, Act.BUNDLE, Act.REJECT)
)
"""Acts that may change what is searched for; the others leave it as it is."""


def resolve(
    reading: Reading,
    act: Act,
    query: str,
    state: DialogueState,
    facts: Facts,
    currency: str,
) -> Understanding:
    """The understanding of a reading. Numbering of constraints follows the turn: ``c3a`` is the first of
    turn 3."""
    turn = state.turn + 1
    base = Understanding(
        act=act,
        query=state.query,
        referents=tuple(p.referent for p in reading.pointings),
        aspects=tuple(dict.fromkeys(reading.wishes.aspects)),
        attribute_names=tuple(dict.fromkeys(reading.wishes.attribute_names)),
        gift=_gift(reading.text),
        count=reading.count,
        memory=reading.memory,
        notices=(*reading.notices, *_missed(reading, state)),
    )
    if act is Act.REMEMBER:
        kept = tuple(m.constraint for m in reading.memory if m.constraint is not None)
        return base.model_copy(update={"add": _numbered(kept, turn), "question": reading.text})
    if act is Act.FORGET:
        words = {stem for what in find_forgotten(reading.text) for stem in stems(what)}
        gone = tuple(c.constraint_id for c in state.constraints if words & set(stems(f"{c.label} {c.words}")))
        return base.model_copy(update={"drop": gone, "memory": (), "question": reading.text})
    if act not in _CHANGES:
        return base.model_copy(update={"question": reading.text})
    if act is Act.START_OVER:
        state = DialogueState(session_id=state.session_id, turn=state.turn)
    changed = _changed(reading, act, query, state, facts, currency)
    return base.model_copy(update=changed)


def _changed(
    reading: Reading,
    act: Act,
    query: str,
    state: DialogueState,
    facts: Facts,
    currency: str,
) -> dict[str, object]:
    turn = state.turn + 1
    wanted = _joined(tuple(c for c in reading.constraints if not c.negative), currency, reading.text, facts)
    denied = tuple(c for c in reading.constraints if c.negative)
    new_topic = act is Act.ASK and bool(state.query or state.constraints)
    keep, notices = _kept(reading, wanted, state, facts, new_topic)
    wanted = tuple(_beside_old(c, keep, reading.text, currency) for c in wanted)
    gone = [c for c in state.constraints if c not in keep or any(_competes(new, c) for new in wanted)]
    gone += [c for c in reading.taken_back if c not in gone]
    gone += [c for c in keep if _taken_back(c, reading, wanted, denied) and c not in gone]
    if act is Act.ANSWER and not reading.constraints:
        query = ""
    text_query = query if new_topic or not state.query else state.query
    for constraint in gone:
        text_query = without_words(text_query, constraint.words)
    for constraint in denied:
        text_query = without_words(text_query, constraint.words)
    if not new_topic and state.query:
        text_query = _extended(text_query, query)
    similar, likes, rejected = _directions(reading, act)
    numbered = _numbered((*wanted, *denied), turn)
    slots = {c.slot for c in state.constraints}
    indifferent = list(reading.wishes.indifferent)
    if act is Act.ANSWER and state.pending is not None and not reading.constraints:
        indifferent += _answered_any(reading, state)
    return {
        "add": tuple(c for c in numbered if c.negative or c.slot not in slots),
        "replace": tuple(c for c in numbered if not c.negative and c.slot in slots),
        "drop": tuple(c.constraint_id for c in gone),
        "preferences": _numbered_preferences((*reading.preferences, *likes), turn),
        "drop_preferences": _old_preferences(reading, wanted, state, new_topic),
        "query": text_query.strip(),
        "new_topic": new_topic,
        "similar_to": similar,
        "rejected": rejected,
        "more": bool(acts.MORE.search(reading.text)) or act is Act.REJECT,
        "indifferent": tuple(dict.fromkeys(indifferent)),
        "notices": (*reading.notices, *reading.told_of_critiques, *_missed(reading, state), *notices),
    }


def _missed(reading: Reading, state: DialogueState) -> tuple[str, ...]:
    """What to say of "the second one" where the list last shown has no second."""
    missed = [p.referent for p in reading.pointings if p.referent.item_id is None]
    if not missed:
        return ()
    many = len(state.last_shown())
    listed = "one product" if many == 1 else f"{many} products"
    return (f"I showed {listed} last, so I don't know which you mean by “{missed[0].text}”.",)


def _joined(wanted: tuple[Constraint, ...], currency: str, text: str, facts: Facts) -> tuple[Constraint, ...]:
    """One constraint a slot: two colours in one breath are alternatives, two price bounds hold together.

    So do two values side by side, where anything has both: "a black leather jacket".
    """
    by_slot: dict[str, Constraint] = {}
    for constraint in wanted:
        old = by_slot.get(constraint.slot)
        if old is None or constraint.kind in ("stars", "stock"):
            by_slot[constraint.slot] = constraint
        elif constraint.kind == "price":
            by_slot[constraint.slot] = _both_bounds(old, constraint, currency)
        elif f"{old.words} {constraint.words}" in text.lower() and facts.some(
            And((old.filter, constraint.filter))
        ):
            slot = f"{constraint.slot}:{constraint.words}"
            by_slot[slot] = constraint.model_copy(update={"slot": slot})
        else:
            by_slot[constraint.slot] = merged(old, constraint)
    return tuple(by_slot.values())


def _both_bounds(old: Constraint, new: Constraint, currency: str) -> Constraint:
    """ "Over 50" after "under 100" is 50 to 100; any other new price takes the old one's place."""
    first, second = old.filter, new.filter
    if not isinstance(first, Price) or not isinstance(second, Price):
        return new
    one_sided = (first.min is None) != (first.max is None) and (second.min is None) != (second.max is None)
    low = second.min if second.min is not None else first.min
    high = second.max if second.max is not None else first.max
    if not one_sided or low is None or high is None or low > high:
        return new
    return price_constraint(low, high, currency).model_copy(update={"source": new.source})


def _beside_old(constraint: Constraint, keep: tuple[Constraint, ...], text: str, currency: str) -> Constraint:
    old = next((c for c in keep if c.slot == constraint.slot and not c.negative), None)
    if old is None:
        return constraint
    if constraint.kind == "price":
        return _both_bounds(old, constraint, currency)
    return merged(old, constraint) if widens(text) and constraint.kind != "stars" else constraint


def _kept(
    reading: Reading, wanted: tuple[Constraint, ...], state: DialogueState, facts: Facts, new_topic: bool
) -> tuple[tuple[Constraint, ...], list[str]]:
    """The constraints that outlive this utterance. A new topic keeps the price and what is excluded, and of
    the rest what products of the new kind can meet; what goes is told."""
    if not new_topic:
        return state.constraints, []
    whole = bool(acts.WHOLE_SHOP.search(reading.text))
    fresh = bool(acts.NEXT_TOPIC.search(reading.text))
    target = [c.filter for c in wanted]
    if not target and reading.sought is not None:
        target = [Words(reading.sought.phrase)]
    kept: list[Constraint] = []
    dropped: list[str] = []
    for constraint in state.constraints:
        stays = not whole and (constraint.negative or constraint.kind in ("price", "stars", "stock"))
        if not stays and constraint.kind != "category" and not fresh and target:
            stays = facts.count is not None and facts.some(And((*target, constraint.filter)))
        if stays or constraint.source == "memory":
            kept.append(constraint)
        else:
            dropped.append(constraint.label)
    if not dropped:
        return tuple(kept), []
    return tuple(kept), [f"New search: I let go of {', '.join(dropped)}."]


def _competes(new: Constraint, old: Constraint) -> bool:
    """Whether a new wish takes an old one's place: the same slot, or values of the same attribute."""
    if old.negative or new.negative:
        return False
    return new.slot == old.slot or bool(_valued(new) & _valued(old))


def _valued(constraint: Constraint) -> set[str]:
    """The attributes of which the constraint demands a value (not a bound)."""
    found = (leaf for leaf in leaves(constraint.filter) if isinstance(leaf, Attribute) and leaf.values)
    return {leaf.name.lower() for leaf in found} if constraint.kind == "attribute" else set()


def _taken_back(
    constraint: Constraint, reading: Reading, wanted: tuple[Constraint, ...], denied: tuple[Constraint, ...]
) -> bool:
    """Whether the utterance frees this constraint: its slot no longer matters, or its words are now said
    otherwise."""
    freed = {slot.lower() for slot in reading.wishes.indifferent}
    measured = {f"attribute:{f.name.lower()}" for f in leaves(constraint.filter) if isinstance(f, Attribute)}
    if constraint.slot.lower() in freed or (measured and measured <= freed):
        return True
    topics = {stem for slot in measured for stem in stems(slot.partition(":")[2].replace("_", " "))}
    if topics & _freed_topics(reading):  # "heavy ones are fine" frees what "must be light" bound
        return True
    own = set(stems(constraint.words))
    if own and any(own & set(stems(phrase)) for phrase in reading.wishes.dropped_words):
        return True
    against = wanted if constraint.negative else denied
    return bool(own) and any(own == set(stems(other.words)) for other in against)


def _extended(query: str, more: str) -> str:
    """The topic's words, and after them the new ones."""
    known = {singular(word.lower()) for word in query.split()}
    fresh = [word for word in more.split() if singular(word) not in known]
    while fresh and fresh[0] in ("and", "of", "to", "in"):
        fresh.pop(0)
    return " ".join((*query.split(), *fresh))


def _directions(reading: Reading, act: Act) -> tuple[str | None, tuple[Preference, ...], tuple[str, ...]]:
    """ "Like the second", "less like that", "not that one": nearness and rejection."""
    items = reading.item_ids
    if act is Act.REJECT:
        return None, (), items
    like = acts.LIKE_THIS.search(reading.text)
    if not items or like is None:
        return None, (), ()
    less = acts.LESS_LIKE.search(reading.text)
    liked: list[str] = []
    unliked: list[str] = []
    for pointing in reading.pointings:
        if pointing.referent.item_id:
            away = less is not None and pointing.start >= less.start() and pointing.start - less.end() < 5
            (unliked if away else liked).append(pointing.referent.item_id)
    preferences = tuple(_near(item, 1.0) for item in liked) + tuple(_near(item, -1.0) for item in unliked)
    return (liked[0] if liked else None), preferences, ()


def _near(item_id: str, direction: float) -> Preference:
    label = "more like it" if direction > 0 else "less like it"
    return Preference(preference_id="", kind="similar", label=label, item_id=item_id, direction=direction)


def _answered_any(reading: Reading, state: DialogueState) -> list[str]:
    assert state.pending is not None
    return [state.pending.slot] if acts.INDIFFERENT.search(reading.text) else []


def _gift(text: str) -> bool | None:
    if acts.FOR_ME.search(text):
        return False
    return True if acts.GIFT.search(text) else None


def _old_preferences(
    reading: Reading, wanted: tuple[Constraint, ...], state: DialogueState, new_topic: bool
) -> tuple[str, ...]:
    if new_topic:
        return tuple(p.preference_id for p in state.preferences)
    gone = {slot.split(":")[0] for slot in reading.wishes.indifferent}
    freed = _freed_topics(reading)
    return tuple(p.preference_id for p in state.preferences if p.kind in gone or freed & _topics_of(p))


def _freed_topics(reading: Reading) -> set[str]:
    """What no longer matters, as stems: "noise doesn't matter", "heavy ones are fine" (the weight)."""
    names = [slot.partition(":")[2].replace("_", " ") for slot in reading.wishes.indifferent]
    words = reading.wishes.dropped_words
    topics = [topic for word in words for topic in freed_topics(word)[:1]]
    return {stem for text in (*names, *words, *topics) for stem in stems(text)} - NAMES.keys()


def _topics_of(preference: Preference) -> set[str]:
    """What a preference is about, as stems: its words, the number or opinion it goes by, its adjective's
    topic."""
    if preference.kind not in ("attribute", "aspect", "condition"):
        return set()
    said = preference.label.removeprefix("not ").split(",")[0]
    texts = (said, preference.key.replace("_", " "), *freed_topics(said))
    return {stem for text in texts for stem in stems(text)} - NAMES.keys()


def _numbered(constraints: tuple[Constraint, ...], turn: int) -> tuple[Constraint, ...]:
    return tuple(
        c.model_copy(update={"constraint_id": f"c{turn}{_letter(index)}", "origin_turn": turn})
        for index, c in enumerate(constraints)
    )


def _numbered_preferences(preferences: tuple[Preference, ...], turn: int) -> tuple[Preference, ...]:
    return tuple(
        p.model_copy(update={"preference_id": f"p{turn}{_letter(index)}", "origin_turn": turn})
        for index, p in enumerate(preferences)
    )


def _letter(index: int) -> str:
    return chr(ord("a") + index % 26) * (index // 26 + 1)
