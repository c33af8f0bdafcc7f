"""Whom a product is for, as conditions on the fields by which the shop marks that."""

from __future__ import annotations

from agent.conditions import CHILDREN, TITLE, Prefer, Where
from agent.dialogue import Topic
from agent.tools.schema import Field
from agent.understanding.interpretation import SURE
from agent.understanding.kind_fields import STATED, KindFields
from agent.understanding.people import EVERYONE, GROWN, Person, read_person
from agent.understanding.resolved import Resolved
from retrieval.text.word_set import word_set

MADE_FOR = word_set("gender made_for made for audience sex department age_group age group target")
"""Names of fields that say whom a product is made for."""
MARKED = 0.4
"""They bind when this share of the kind's products state one."""
CHILDISH = 0.8
"""Of a kind that is so much for children, a grown person wants just that: a doll for a collector."""
SMALL = 12
"""The age up to which a child wants what is made for children."""
_SAID = {"kid": ("kids", "children", "junior"), "woman": ("women", "ladies"), "man": ("men", "gents")}
"""How titles say whom a product is for."""
_UPPER = frozenset(["to", "max", "until", "maximum"])
"""In the name of a field of ages, these make it the highest age."""


def person_conditions(who: Person, kind: KindFields) -> Resolved:
    """Whom it is made for, where most products of the kind are marked so, else at least nothing for others; an age by
    the shop's own bounds, what is nearest to it first.
    """
    found: list[Where] = []
    near: list[Prefer] = []
    for own in kind.schema.fields.values():
        if own.type == "text" and (values := _made_for(who, own)):
            if kind.states(own, MARKED):
                found.append(Where(field=own.name, op="in", value=values))
            elif others := _made_for_others(who, own):
                found.append(Where(field=own.name, op="not in", value=others))
        if own.type == "number" and who.age is not None and "age" in own.stems and kind.states(own, STATED):
            upper = bool(_UPPER & set(own.name.lower().split("_")))
            if upper or who.age < GROWN:  # whoever is grown is old enough for what states no age
                found.append(Where(field=own.name, op=">=" if upper else "<=", value=who.age))
            # Who is seventy wants nothing that is from twenty-one rather than from ten.
            if who.age <= GROWN + 2:
                near.append(Prefer(field=own.name, aim="near", value=who.age))
    if not found and _is_small(who) and kind.is_any and kind.count(kind.schema.for_children):
        return Resolved((Where(field=CHILDREN, op="=", value=True),), _of_that_age(who, kind))
    if not found and who.group and not who.is_self:
        for word in _SAID.get(who.group, ()):  # no field says it: then a title may
            if (titled := kind.titled(word)) is not None:
                return Resolved(prefer=(Prefer(field=TITLE, value=titled),))
    if who.grown and 0 < kind.count(kind.schema.for_children) < CHILDISH * kind.total:
        found.append(Where(field=CHILDREN, op="!=", value=True))
    return Resolved(tuple(found), tuple(near))


def _of_that_age(who: Person, kind: KindFields) -> tuple[Prefer, ...]:
    """What is for children of an age, by the fields of ages that anything states."""
    ages = (own for own in kind.schema.fields.values() if own.type == "number" and "age" in own.stems)
    return tuple(
        Prefer(field=own.name, aim="near", value=who.age)
        for own in ages
        if who.age is not None and kind.is_own(own.name)
    )


def conditions_of(who: Person, kind: KindFields, confidence: float) -> Resolved:
    """The same, of all that the shop has where a kind is only guessed and none of it is marked for them."""
    found = person_conditions(who, kind)
    return found if found.where or confidence >= SURE else person_conditions(who, KindFields(kind.desk))


def _is_small(who: Person) -> bool:
    """Whether it is for a child who wants what is made for children."""
    return who.group == "kid" and (who.age is None or who.age <= SMALL)


def told_of_another(who: Person | None, topic: Topic) -> tuple[str, ...]:
    """What was said of whom it was for, by its words, where it now is for somebody else: "and one for me"."""
    before = read_person(topic.recipient)
    if who is None or not (who.is_self or (who.group and before.group and who.group != before.group)):
        return ()
    titles = {word for words in _SAID.values() for word in words}
    marks = (w for w in topic.where if w.field.lower() in MADE_FOR and not w.is_negative)
    wishes = (p for p in topic.prefer if p.field == TITLE and str(p.value).lower() in titles)
    told = (*(text for w in marks for text in w.texts), *(str(p.value) for p in wishes), topic.recipient)
    return tuple(dict.fromkeys(text for text in told if text))


def is_made_for(own: Field) -> bool:
    """Whether a field says whom a product is made for."""
    return own.name.lower() in MADE_FOR or own.label in MADE_FOR


def _made_for(who: Person, own: Field) -> tuple[str, ...]:
    """The values of a field that suit a person; none where the field does not say whom it is made for."""
    if not is_made_for(own):
        return ()
    have = {v.lower(): v for v in own.values}
    mine = [have[v] for v in who.values if v in have] or [have[v] for v in who.grown_values if v in have]
    if not mine:
        return ()
    everyone = [have[v] for v in EVERYONE if v in have and who.group != "kid"]
    return tuple(dict.fromkeys((*mine, *everyone)))


def _made_for_others(who: Person, own: Field) -> tuple[str, ...]:
    """The values of a field that are for grown people of the other sex alone."""
    other = {"woman": "man", "man": "woman"}.get(who.group, "")
    alone = set(Person(other).values) - set(who.values)
    return tuple(value for value in own.values if value.lower() in alone)
