"""Reads attributes that a seller only tells in words, and keeps what the shop's own stated values bear out."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from retrieval.absence.substances import phrase_of
from retrieval.filters import numbers_in
from retrieval.records import AttributeValue, Product
from retrieval.text.normalization import fold
from retrieval.text_attributes.cues import (
    COLOR_SAYS,
    MATERIAL_SAYS,
    NUMBERS,
    PERSONS_SAYS,
    SEVERAL,
    is_of_the_whole,
)
from retrieval.text_attributes.passages import Phrases, Text, Told
from retrieval.text_attributes.properties import PERSONS, general_properties

BORNE_OUT, SOME = 0.97, 8
"""A shop's own word tells a value where so large a share of so many products that state the field agree."""
DOUBTFUL, FEW = 0.9, 5
"""A general word is left out where fewer of so many agree."""
MOST_VALUES, LONGEST_VALUE = 200, 30
_HALF_TOLD = re.compile(
    r"\w/(?:queen|king|twin|full|round|square|oval)\b|\b(?:queen|king|twin|full|round|square)/\w"
)
"""Two sizes or shapes, of which the words may know one: "Full/Queen"."""


@dataclass(frozen=True)
class FieldReader:
    """One attribute: which property it is, or none; the words that tell its values."""

    name: str
    role: str
    values: dict[str, str]
    """Phrase (words joined by a space) -> the value as the shop writes it."""
    kinds: tuple[str, ...] = ()
    """Of an attribute that is no general property: the innermost categories that it is stated in."""

    @cached_property
    def excluding(self) -> Phrases:
        own = general_properties().get(self.role)
        return Phrases(dict.fromkeys(own.unless if own else (), ""))

    @cached_property
    def only(self) -> Phrases:
        own = general_properties().get(self.role)
        return Phrases(dict.fromkeys(own.only if own else (), ""))

    @cached_property
    def phrases(self) -> Phrases:
        own = general_properties().get(self.role)
        return Phrases(
            {tuple(p.split()): v for p, v in self.values.items()}, own.others if own else frozenset()
        )


@dataclass(frozen=True)
class TextReader:
    """Reads products; learned from a shop once a build. About 0.1 ms a product."""

    fields: tuple[FieldReader, ...] = ()

    def read(self, product: Product) -> dict[str, tuple[AttributeValue, str]]:
        """Values with the passage that tells each, of fields that the product does not state."""
        stated = {fold(name) for name in (*product.attributes, *product.options)}
        texts = _Texts(product)
        found = {}
        for one in self.fields:
            if fold(one.name) not in stated and (told := _read(one, product, texts)) is not None:
                found[one.name] = told
        return found

    def completed(self, product: Product) -> Product:
        """The product with what its texts tell; ``product.read`` has the passages."""
        found = self.read(product)
        if not found:
            return product
        values = {name: value for name, (value, _) in found.items()}
        passages = {name: passage for name, (_, passage) in found.items()}
        return product.model_copy(update={"attributes": {**product.attributes, **values}, "read": passages})

    def save(self, path: Path) -> None:
        made = [
            {"name": one.name, "role": one.role, "values": one.values, "kinds": one.kinds}
            for one in self.fields
        ]
        path.write_text(json.dumps(made, ensure_ascii=False), "utf-8")

    @classmethod
    def open(cls, path: Path) -> TextReader:
        made = json.loads(path.read_text("utf-8"))
        return cls(tuple(FieldReader(**{**one, "kinds": tuple(one["kinds"])}) for one in made))

    @classmethod
    def learn(cls, products: Iterable[Product]) -> TextReader:
        """The fields of a shop with the words that its own stated values bear out. Two passes."""
        survey = _Survey()
        for product in products:
            survey.add(product)
        drafts = survey.drafts()
        agreed: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
        for product in products:
            texts = _Texts(product)
            for one in drafts:
                stated = _stated(product, one.name)
                if stated is None or (told := _read(one, product, texts)) is None:
                    continue
                values = told[0] if isinstance(told[0], tuple) else (told[0],)
                for value in values:
                    agreed[one.name][str(value), _agree(value, stated)] += 1
        return cls(tuple(kept for one in drafts if (kept := _borne_out(one, agreed[one.name])) is not None))


@dataclass
class _Survey:
    """What a shop states: the values of each column, and where."""

    values: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kinds: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    options: set[str] = field(default_factory=set)

    def add(self, product: Product) -> None:
        leaf = product.category[-1] if product.category else ""
        for name, value in (*product.attributes.items(), *product.options.items()):
            texts = (
                value
                if isinstance(value, tuple)
                else ("yes" if value else "no",)
                if isinstance(value, bool)
                else (str(value),)
            )
            self.values[name].update(texts)
            self.kinds[name][leaf] += 1
        self.options.update(product.options)

    def drafts(self) -> list[FieldReader]:
        """A reader for each general property, under the shop's own name for it, and one for each other text column."""
        found: dict[str, FieldReader] = {}
        taken: set[str] = set()
        for role, own in general_properties().items():
            named = [n for n in self.values if phrase_of(n) in own.columns and self._speaks_of(n, role)]
            if not named and role in self.values:
                continue  # the shop's column of that name is about something else
            name = max(named, key=lambda n: sum(self.values[n].values()), default=role)
            found[role] = FieldReader(name, role, self._own_spelling(name, role))
            taken.update(named)
        for name, values in self.values.items():
            if name in taken or len(values) > MOST_VALUES or sum(values.values()) < 2 * SOME:
                continue
            words = {" ".join(phrase_of(v)): v for v in values if _tells(v)}
            kinds = tuple(kind for kind in self.kinds[name] if kind)
            if words and kinds and not _is_flag(values):
                found[name] = FieldReader(name, "", words, kinds)
        return list(found.values())

    def _speaks_of(self, name: str, role: str) -> bool:
        """Whether a column has the values of a property, not its name alone ("connector gender")."""
        if role == PERSONS:
            return sum(bool(numbers_in(v)) for v in self.values[name]) >= 0.8 * len(self.values[name])
        known = general_properties()[role].values
        said = sum(n for v, n in self.values[name].items() if any((w,) in known for w in phrase_of(v)))
        return said >= 0.3 * sum(self.values[name].values())

    def _own_spelling(self, name: str, role: str) -> dict[str, str]:
        """The words of a property with its values as the shop writes them."""
        own: dict[str, str] = {}
        known = general_properties()[role].values
        for value, _ in reversed(self.values.get(name, Counter()).most_common()):
            label = known.get(phrase_of(value))
            if label is not None:
                own[label] = value
        return {" ".join(phrase): own.get(label, label) for phrase, label in known.items()}


class _Texts:
    """The texts of one product, made ready when asked for."""

    def __init__(self, product: Product) -> None:
        self._product = product

    @cached_property
    def title(self) -> Text:
        return Text.of(self._product.title)

    @cached_property
    def categories(self) -> tuple[Text, ...]:
        paths = (self._product.category, *self._product.more_categories)
        return tuple(Text.of(level) for path in paths for level in reversed(path))

    @cached_property
    def description(self) -> Text:
        return Text.of(self._product.description[:2_000])

    @cached_property
    def brand(self) -> frozenset[str]:
        return frozenset(phrase_of(self._product.brand or ""))


def _read(one: FieldReader, product: Product, texts: _Texts) -> tuple[AttributeValue, str] | None:
    match one.role:
        case "persons":
            return _persons(texts)
        case "gender":
            return _gender(one, texts)
        case "arms":
            return _flag(one, texts)
        case "color":
            return _named(one, texts, texts.title) or _after(one, texts.description, COLOR_SAYS, texts.title)
        case "material":
            return _named(one, texts, texts.title) or _after(
                one, texts.description, MATERIAL_SAYS, texts.title
            )
        case "shape" | "style" | "bed_size":
            beside = any(any(one.only.find(t.folded, t.words)) for t in (texts.title, *texts.categories))
            found = _named(one, texts, texts.title) if beside else None
            return None if found and _HALF_TOLD.search(texts.title.folded) else found
    if not product.category or product.category[-1] not in one.kinds:
        return None
    return _named(one, texts, texts.title)


def _named(one: FieldReader, texts: _Texts, text: Text) -> tuple[AttributeValue, str] | None:
    """The value that a title names; none where it names several apart from each other."""
    if one.excluding and any(one.excluding.find(text.folded, text.words)):
        return None
    found = [t for t in one.phrases.find(text.folded, text.words) if text.is_own(t)]
    if one.role == "material":
        found = [t for t in found if not _shades(text, t)]
    found = [t for t in found if not set(phrase_of(text.folded[t.start : t.end])) & texts.brand]
    values = list(dict.fromkeys(t.value for t in found))
    if not values or (len(values) > 1 and not text.joined(found)):
        return None
    return (values[0] if len(values) == 1 else tuple(values)), text.text


def _shades(text: Text, told: Told) -> bool:
    """Whether a colour follows: "Marble White" is no marble."""
    after = next((word.text for word in text.words if word.start >= told.end), "")
    return (after,) in general_properties()["color"].values


def _after(
    one: FieldReader, text: Text, cue: re.Pattern[str], title: Text
) -> tuple[AttributeValue, str] | None:
    """The value that a description says outright: "made of oak", "Color: black"."""
    cues = {m.end(): m.start() for m in cue.finditer(text.folded)}
    if not cues:
        return None
    found = [
        told
        for told in one.phrases.find(text.folded, text.words)
        if told.start in cues
        and text.told.kind_at(told.start) is None
        and is_of_the_whole(text, cues[told.start], title)
    ]
    if not found or len({told.value for told in found}) > 1:
        return None
    return found[0].value, text.sentence(found[0])


def _gender(one: FieldReader, texts: _Texts) -> tuple[AttributeValue, str] | None:
    """For whom it is, by title, else by category; for both is unisex."""
    unisex = one.values.get("unisex", "unisex")
    if any(one.excluding.find(texts.title.folded, texts.title.words)):
        return None
    for text in (texts.title, *texts.categories):
        values = {
            t.value for t in one.phrases.find(text.folded, text.words) if text.told.kind_at(t.start) is None
        }
        if len(values) == 1:
            return values.pop(), text.text
        if values:
            adults = {one.values.get("woman", "women"), one.values.get("men", "men"), unisex}
            return (unisex, text.text) if values <= adults else None
    return None


def _persons(texts: _Texts) -> tuple[AttributeValue, str] | None:
    for text in (texts.title, texts.description):
        found = {}
        for m in PERSONS_SAYS.finditer(text.folded):
            if text.told.kind_at(m.start()) is not None or SEVERAL.search(text.folded[: m.start()]):
                return None
            said = next(g for g in m.groups() if g)
            found[float(NUMBERS.get(said, 0) or said)] = Told(said, m.start(), m.end())
        if len(found) == 1:
            ((number, told),) = found.items()
            return number, text.sentence(told) if text is texts.description else text.text
        if found:
            return None
    return None


def _flag(one: FieldReader, texts: _Texts) -> tuple[AttributeValue, str] | None:
    for text in (texts.title, texts.description):
        found = list(one.phrases.find(text.folded, text.words))
        if len({t.value for t in found}) == 1:
            return found[0].value == "yes", text.sentence(found[0])
    return None


def _borne_out(one: FieldReader, agreed: Mapping[tuple[str, bool], int]) -> FieldReader | None:
    """The field with the words that what the shop states does not speak against; None where nothing is left."""
    right = sum(n for (_, yes), n in agreed.items() if yes)
    total = sum(agreed.values())
    if one.role and total >= 4 * FEW and right < DOUBTFUL * total:
        return None
    kept = {}
    for phrase, value in one.values.items():
        yes, no = agreed.get((value, True), 0), agreed.get((value, False), 0)
        trusted = yes + no < FEW or yes >= DOUBTFUL * (yes + no)
        if trusted if one.role else yes + no >= SOME and yes >= BORNE_OUT * (yes + no):
            kept[phrase] = value
    return FieldReader(one.name, one.role, kept, one.kinds) if kept or one.role == PERSONS else None


def _stated(product: Product, name: str) -> AttributeValue | None:
    return product.attributes.get(name, product.options.get(name))


def _agree(value: object, stated: AttributeValue) -> bool:
    """Whether a value read is among those stated, as a word of one of them at least ("Black Pinstripe")."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return value in numbers_in(stated)
    texts = stated if isinstance(stated, tuple) else (str(stated),)
    words = phrase_of(str(value))
    return any(set(words) <= set(phrase_of(text)) for text in texts)


def _tells(value: str) -> bool:
    """Whether a value is a word that can be looked for: neither a number nor one letter nor a sentence."""
    words = phrase_of(value)
    return 3 <= len(value) <= LONGEST_VALUE and 0 < len(words) <= 3 and not any(c.isdigit() for c in value)


def _is_flag(values: Iterable[str]) -> bool:
    return {fold(v) for v in values} <= {"yes", "no", "true", "false"}
