"""What phrases came to: conditions that bind, wishes that weigh, words for search; and how they are joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from agent.conditions import ANYWHERE, KIND, PRICE, Prefer, Where


@dataclass(frozen=True)
class Resolved:
    """What one span came to: conditions that bind, wishes that weigh, words for search."""

    where: tuple[Where, ...] = ()
    prefer: tuple[Prefer, ...] = ()
    words: str = ""
    """What is left for retrieval."""
    unmet: tuple[str, ...] = ()
    """Conditions that nothing of the kind speaks of."""

    def __add__(self, other: Resolved) -> Resolved:
        words = " ".join(part for part in (self.words, other.words) if part)
        unmet = (*self.unmet, *other.unmet)
        return Resolved((*self.where, *other.where), (*self.prefer, *other.prefer), words, unmet)

    def joined(self) -> Resolved:
        """With values of one field as alternatives: what is one colour can't be another as well."""
        merged: dict[str, Where] = {}
        rest: list[Where] = []
        for where in self.where:
            texts = values_of(where)
            if where.field == PRICE:  # of two bounds on one side, the later is meant
                rest = [old for old in rest if old.field != PRICE or old.op[0] != where.op[0]]
            if (span := _between(rest, where)) is not None:
                rest = [old for old in rest if old.field != where.field or old.op != "="]
                rest += span
                continue
            if where.op not in ("=", "in") or not texts or where.field in (KIND, ANYWHERE):
                rest.append(where)
            elif where.field in merged:
                values = tuple(dict.fromkeys((*values_of(merged[where.field]), *texts)))
                merged[where.field] = where.model_copy(update={"op": "in", "value": values})
            else:
                merged[where.field] = where
        return replace(self, where=(*merged.values(), *rest))


def _between(before: Iterable[Where], where: Where) -> tuple[Where, Where] | None:
    """Two amounts of one field as the range between them, as nothing is both."""
    if where.op != "=" or not _is_amount(where):
        return None
    same = [old for old in before if old.field == where.field and old.op == "=" and _is_amount(old)]
    if not same or same[0].unit != where.unit or same[0].value == where.value:
        return None
    low, high = sorted((same[0], where), key=lambda one: float(str(one.value)))
    return low.model_copy(update={"op": ">="}), high.model_copy(update={"op": "<="})


def _is_amount(where: Where) -> bool:
    return isinstance(where.value, int | float) and not isinstance(where.value, bool)


def values_of(where: Where) -> tuple[str, ...]:
    """The values of a condition on a text field."""
    if isinstance(where.value, str):
        return (where.value,)
    return where.value if isinstance(where.value, tuple) else ()


def denied_values(wanted: Iterable[Where]) -> tuple[Where, ...]:
    """None of these values, one condition a field."""
    fields: dict[str, list[Where]] = {}
    for where in wanted:
        fields.setdefault(where.field, []).append(where)
    found = []
    for wheres in fields.values():
        values = tuple(str(w.value) for w in wheres)
        one = wheres[0].model_copy(update={"op": "!="})
        found.append(one if len(wheres) == 1 else one.model_copy(update={"op": "not in", "value": values}))
    return tuple(found)


def without_values(where: Where, gone: set[tuple[str, str]]) -> Where | None:
    """A wanted condition without denied values; None where nothing of it is left."""
    if where.is_negative:
        return where
    values = where.value if isinstance(where.value, tuple) else (where.value,)
    left = tuple(v for v in values if (where.field, str(v)) not in gone)
    if len(left) == len(values):
        return where
    return where.model_copy(update={"value": left if len(left) > 1 else left[0]}) if left else None
