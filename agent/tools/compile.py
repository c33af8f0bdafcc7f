"""From conditions to exact filters on the shop's own fields; what the shop does not have is told, not
guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from agent.conditions import KIND, Where
from agent.tools.absence import absence
from agent.tools.labels import number_of
from agent.tools.schema import NEAR, Field, Schema
from agent.understanding.language.absence import is_allergen, is_substance
from agent.understanding.language.units import convert
from retrieval.filters import (
    And,
    Attribute,
    Brand,
    Category,
    Filter,
    InStock,
    Items,
    Not,
    Or,
    Price,
    Stars,
    Tags,
    Words,
)
from retrieval.search import SearchEngine
from retrieval.text.normalization import fold, fold_plural

STEP = 0.005
"""Prices differ by cents at least: "under 50" is up to 49.995."""
SPARSE = 0.6
"""A field that fewer products of the kind carry is completed from their texts before it binds."""
EXACT = 0.025
"""A measure without a bound may be off by this share, for rounding and changed units."""
MOST_VALUES = 60
_TRUE = {"yes", "true", "1", "y", "on"}
STATES_KIND = 0.25
"""From this share of the products with a value on whose titles call so, the value tells what they are."""


@dataclass(frozen=True)
class Compiled:
    """A condition with its filter; ``problem`` tells why there is none."""

    where: Where
    filter: Filter | None = None
    problem: str = ""
    sure: Filter | None = None
    """Of an exclusion: what is known to meet it; the rest of ``filter`` only may."""
    firm: bool = False
    """Whether it never gives way: what contains a thing is not shown to who asks to be without it."""
    allergen: bool = False

    @property
    def trusted(self) -> Filter | None:
        """What may be offered without a word of caution: for an allergen only what is known to be without it."""
        return self.sure if self.allergen else self.filter


def filters_of(compiled: Sequence[Compiled]) -> tuple[Filter, ...]:
    """The filters of those that have one."""
    return tuple(one.filter for one in compiled if one.filter is not None)


class Compiler:
    """Compiles the conditions of one `find`; ``within`` is the kind asked for, which tells how full fields
    are.
    """

    def __init__(self, search: SearchEngine, schema: Schema) -> None:
        self._search, self._schema = search, schema

    def compile(self, where: Sequence[Where]) -> list[Compiled]:
        """One result a condition, in order. Microseconds each, and a mask where a field may be sparse."""
        kinds = [self._one(w, None) for w in where if self._schema.field(w.field) == KIND]
        kind = And(tuple(c.filter for c in kinds if c.filter is not None and not c.where.is_negative))
        return [self._one(w, kind) for w in where]

    def _one(self, where: Where, kind: Filter | None) -> Compiled:
        field = self._schema.field(where.field)
        if field is None:
            near = ", ".join(self._schema.nearest_fields(where.field))
            return Compiled(where, problem=f"there is no field {where.field!r} here; there are {near}")
        if len(fields := self._schema.called(where.field)) > 1:
            return self._shared(where, fields, kind)
        if isinstance(field, Field):
            return self._attribute(where.model_copy(update={"field": field.name}), field, kind)
        where = where.model_copy(update={"field": field})
        match field:
            case "price":
                return self._bounds(where, lambda low, high: Price(min=low, max=high), STEP)
            case "stars":
                return self._bounds(where, lambda low, high: Stars(min=low, max=high), 0.0)
            case "brand":
                return self._named(where, self._schema.brands, lambda names: Brand(names), fold)
            case "category":
                return self._kind(where)
            case "stock":
                return Compiled(where, _signed(where, InStock()))
            case "title":
                return self._title(where)
            case "for children":
                return Compiled(where, _signed(where, self._schema.for_children))
        return self._text(where)

    # --- the common fields --------------------------------------------------------------------------------

    def _bounds(self, where: Where, make: object, step: float) -> Compiled:
        value = number_of(where.value)
        if value is None:
            return Compiled(where, problem=f"{where.field} takes a number, got {where.value!r}")
        bounds = _range(where.op, value, step)
        if bounds is None:
            return Compiled(where, problem=f"{where.field} takes =, <, <=, > or >=, got {where.op!r}")
        return Compiled(where, make(*bounds))  # type: ignore[operator]

    def _named(self, where: Where, known: object, make: object, key: object) -> Compiled:
        wanted, names, missing = where.texts, [], []
        folded: dict[str, str] = {key(name): name for name in known}  # type: ignore[attr-defined, operator]
        for name in wanted:
            match = folded.get(key(name))  # type: ignore[operator]
            names.extend([match] if match else [])
            missing.extend([] if match else [name])
        if not names and not where.is_negative:
            near = process.extract(
                missing[0],
                list(folded.values()),
                scorer=fuzz.WRatio,
                processor=fold,
                limit=3,
                score_cutoff=NEAR,
            )
            hint = f"; the nearest are {', '.join(m[0] for m in near)}" if near else ""
            return Compiled(where, problem=f"nothing here has the {where.field} {missing[0]!r}{hint}")
        if not names:
            return Compiled(where, And())
        return Compiled(
            where.model_copy(update={"value": tuple(names) if len(names) > 1 else names[0]}),
            _signed(where, make(tuple(names))),  # type: ignore[operator]
        )

    def _kind(self, where: Where) -> Compiled:
        """A category by its name or path (``A > B``), a kind by what titles call it, else a tag of
        that name.
        """
        names = where.texts
        parts: list[Filter] = []
        for name in names:
            if self._search.table.path_codes([name]):
                parts.append(Category((name,)))
            elif (meant := self._search.kinds.filter_of(name)) is not None:
                parts.extend((meant, *self._stated_as(name, meant)))
            elif fold_plural(name) in {fold_plural(tag) for tag in self._schema.tags}:
                parts.append(Tags((name,)))
        if parts:
            return Compiled(where, _signed(where, parts[0] if len(parts) == 1 else Or(tuple(parts))))
        near = process.extract(
            names[0] if names else "",
            list(self._schema.categories),
            scorer=fuzz.WRatio,
            processor=fold,
            limit=3,
        )
        return Compiled(
            where,
            problem=f"there is no kind {names[0] if names else ''!r}; there are {', '.join(m[0] for m in near)} and others",
        )

    def _stated_as(self, kind: str, called: Filter) -> Iterator[Filter]:
        """What a field says to be of a kind that stands in titles: a form factor of "Smartphone". Not what only fits
        one ("suitable for: Notebook"): of that hardly a product is called so.
        """
        count = self._search.count
        for name, values in self._schema.saying(kind).items():
            stated = Attribute(name, values)
            if count(And((called, stated))) >= STATES_KIND * count(stated):
                yield stated

    def _title(self, where: Where) -> Compiled:
        """Products whose name has all the words of one of the texts."""
        found = [item for text in where.texts for item in self._search.titled(text)]
        return Compiled(where, _signed(where, Items(tuple(dict.fromkeys(found)))))

    def _text(self, where: Where) -> Compiled:
        parts = tuple(Words(text) for text in where.texts)
        if where.is_negative:
            return self._lacking(where)
        return Compiled(where, parts[0] if len(parts) == 1 else Or(parts))

    def _lacking(self, where: Where, named: Filter | None = None) -> Compiled:
        """Without a thing; ``named``: values of a field that are out as well, where any other value will do."""
        things = where.texts
        possible: tuple[Filter, ...] = tuple(absence(self._search, thing) for thing in things)
        sure: tuple[Filter, ...] = tuple(absence(self._search, thing, sure=True) for thing in things)
        firm, allergen = any(map(is_substance, things)), any(map(is_allergen, things))
        if named is not None:
            assert isinstance(named, Attribute)
            possible = (Not(named), *possible)
            stated = And((Attribute(named.name), *possible))
            sure = (Or((stated, And(sure))) if not allergen else And((Not(named), *sure)),)
        if named is None and not firm:  # "no knives" is no question of what a product is made of
            return Compiled(where, And(possible))
        return Compiled(where, And(possible), sure=And(sure), firm=firm, allergen=allergen)

    # --- attributes ---------------------------------------------------------------------------------------

    def _shared(self, where: Where, fields: Sequence[Field], kind: Filter | None) -> Compiled:
        """A condition on what several fields are called: met by any of them, and ruled out by all."""
        if where.is_negative and all(_is_by_name(field, where) for field in fields):
            return Compiled(where, _other_value(where, fields))
        each = [self._attribute(where.model_copy(update={"field": f.name}), f, kind) for f in fields]
        parts = tuple(one.filter for one in each if one.filter is not None)
        if not parts:
            return Compiled(where, problem=each[0].problem)
        return Compiled(where, And(parts) if where.is_negative else Or(parts))

    def _attribute(self, where: Where, field: Field, kind: Filter | None) -> Compiled:
        if field.type == "flag":
            said = where.value if isinstance(where.value, str) else str(where.value)
            wanted = (fold(said) in _TRUE or fold(said) == fold(field.label)) != where.is_negative
            return Compiled(
                where, Attribute(field.name, ("yes",)) if wanted else Not(Attribute(field.name, ("yes",)))
            )
        number = number_of(where.value) if field.type == "number" else None
        if number is not None and where.op != "lacks":
            return self._measure(where, field, number)
        values: list[str] = []
        for text in where.texts:
            values.extend(field.values_like(text))
        if where.value is True:
            return Compiled(where, _signed(where, Attribute(field.name)))
        if where.is_negative and any(map(is_substance, where.texts)):
            return self._lacking(where, Attribute(field.name, tuple(values) or ("\0",)))
        if where.is_negative:
            return Compiled(where, _other_value(where, [field]))
        if not values and not self._is_sparse(field, kind):
            here = self._values_of(field, kind)
            near = process.extract(
                str(where.value), here, scorer=fuzz.WRatio, processor=fold, limit=4, score_cutoff=NEAR
            )
            have = [m[0] for m in near] or here[:6]
            return Compiled(
                where, problem=f"no {field.label} is {where.value!r} here; there are {', '.join(have)}"
            )
        stated: tuple[Filter, ...] = (Attribute(field.name, tuple(dict.fromkeys(values))),) if values else ()
        if self._is_sparse(field, kind):  # what does not state the field may say it in words
            stated = (*stated, And((Not(Attribute(field.name)), self._told(where, field, kind))))
        return Compiled(where, stated[0] if len(stated) == 1 else Or(stated))

    def _told(self, where: Where, field: Field, kind: Filter | None) -> Filter:
        """That texts say a value; of a color that none of the kind states, that titles do: a kettle "for green tea" is not
        green.
        """
        forms = [form for text in where.texts for form in _forms(text)]
        if field.is_color and not self._search.count(And((kind or And(), Attribute(field.name)))):
            return Items(tuple(dict.fromkeys(item for form in forms for item in self._search.titled(form))))
        return Or(tuple(Words(form) for form in forms))

    def _measure(self, where: Where, field: Field, value: float) -> Compiled:
        if where.unit and field.unit and where.unit != field.unit:
            converted = convert(value, where.unit, field.unit)
            if converted is None:
                return Compiled(
                    where, problem=f"{field.label} is measured in {field.unit}, not in {where.unit}"
                )
            value = converted
        if field.spans and (spanning := _spanning(where, field, value)) is not None:
            return Compiled(where, spanning)
        if where.op in ("=", "has"):
            slack = EXACT * abs(value)
            return Compiled(where, Attribute(field.name, min=value - slack, max=value + slack))
        bounds = _range(where.op, value, 1e-6 * max(1.0, abs(value)))
        if bounds is None:
            slack = EXACT * abs(value)
            return Compiled(where, Not(Attribute(field.name, min=value - slack, max=value + slack)))
        return Compiled(where, Attribute(field.name, min=bounds[0], max=bounds[1]))

    def _values_of(self, field: Field, kind: Filter | None) -> list[str]:
        """The values that products of the kind have, most frequent first; a count each."""
        if kind is None or kind == And(()):
            return list(field.values)
        count = self._search.count
        here = [
            v for v in list(field.values)[:MOST_VALUES] if count(And((kind, Attribute(field.name, (v,)))))
        ]
        return here or list(field.values)

    def _is_sparse(self, field: Field, kind: Filter | None) -> bool:
        condition: Filter = Attribute(field.name)
        within = And() if kind is None else kind
        total = self._search.count(within)
        return not total or self._search.count(And((within, condition))) < SPARSE * total


def _forms(text: str) -> tuple[str, ...]:
    """A value as texts write it: "touch screen" is "touchscreen", too."""
    parts = text.replace("-", " ").split()
    joined = ("".join(parts),) if len(parts) == 2 and len(text) > 6 else ()
    return (text, *joined)


def _is_by_name(field: Field, where: Where) -> bool:
    """Whether a condition on a field is on its values as texts, and not on what things are made of."""
    return field.type == "text" and where.value is not True and not any(map(is_substance, where.texts))


def _other_value(where: Where, fields: Sequence[Field]) -> Filter:
    """That a field has none of the values; where none of the fields is stated, that no text says one."""
    named = tuple(
        Attribute(field.name, values)
        for field in fields
        if (values := tuple(dict.fromkeys(v for text in where.texts for v in field.values_like(text))))
    )
    stated = tuple(Attribute(field.name) for field in fields)
    unsaid = Not(Or(tuple(Words(text) for text in where.texts)))
    return And((Not(Or(named)), Or((*stated, unsaid))))


def _signed(where: Where, condition: Filter) -> Filter:
    return Not(condition) if where.is_negative else condition


def _spanning(where: Where, field: Field, value: float) -> Filter | None:
    """An amount on a field of which values are ranges: of "2-8" players, eight are within, and nine are not. A plain
    value is met as ever.
    """
    if where.is_negative:
        return None
    low, high = _range(where.op, value, 1e-6) or (value, value)
    reaches = [
        text
        for text, (least, most) in field.spans.items()
        if (low is None or most >= low) and (high is None or least <= high)
    ]
    plain = And((Not(Attribute(field.name, tuple(field.spans))), Attribute(field.name, min=low, max=high)))
    return Or((Attribute(field.name, tuple(reaches)), plain)) if reaches else plain


def _range(op: str, value: float, step: float) -> tuple[float | None, float | None] | None:
    match op:
        case "<":
            return None, value - step
        case "<=":
            return None, value
        case ">":
            return value + step, None
        case ">=":
            return value, None
        case "=":
            return value, value
    return None
