"""A row by field to a validated Product."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from retrieval.importers import headers, money, values
from retrieval.importers.columns import AttributePlans
from retrieval.importers.identity import identity, validated
from retrieval.importers.records import BadValueError, ImportOptions
from retrieval.importers.survey import Survey
from retrieval.importers.systems.common import option_name
from retrieval.records import AttributeValue, Product
from retrieval.variants import Variant

Fields = Mapping[str, Any]

_MOST_STOCK = 2**31 - 1
_MOST_PATHS = 20
_MOST_IMAGES = 12


class ProductBuilder:
    """Builds the products of one file; ``seen`` counts what should be told at the end."""

    def __init__(
        self, survey: Survey, options: ImportOptions, columns: AttributePlans, currency: str = ""
    ) -> None:
        """``currency``: what the price's header says ("Price (EUR)")."""
        self._survey = survey
        self._said = currency
        self._currency = options.currency
        self._image_base = options.image_base.rstrip("/")
        self._columns = columns
        self.seen: Counter[str] = Counter()

    def build(self, draft: Fields) -> Product:
        """
        Raises:
            BadValueError: the first field that does not hold what it should.
        """
        low, high, currency = self._prices(draft.get("prices", ()))
        given = values.text(draft.get("currency")).upper()
        if given and not (given := money.currency(given, self._currency) or ""):
            raise BadValueError("currency", draft.get("currency"), "a code of three letters, e.g. USD")
        description = values.plain(draft.get("description"))
        kept = self._survey.without_boilerplate(description)
        named = named_values(draft.get("attributes"))
        attributes, texts = self._columns.read(
            {**draft.get("columns", {}), **named} if named else draft["columns"]
        )
        brand = re.sub(r"^by\s+(?=\S)", "", values.line(draft.get("brand"))) or _brand(attributes)
        given_paths = _paths(draft.get("paths", ()))
        paths = [path for path in given_paths if any(level.casefold() not in _NO_KINDS for level in path)]
        options = _options(draft.get("options"))
        rating, count = self._rating(draft)
        images = self._images(draft.get("image_url"))
        product = validated(
            Product,
            item_id=identity("item_id", draft.get("item_id")),
            title=values.title(draft.get("title")),
            description=kept,
            brand=brand or None,
            category=paths[0] if paths else (),
            more_categories=tuple(paths[1:_MOST_PATHS]),
            stated_category=given_paths[0] if given_paths and not paths else None,
            price=low,
            price_max=high,
            currency=given or currency or self._said or self._currency,
            attributes=attributes,
            texts=texts,
            tags=values.words(draft.get("tags"), ",;|")[:100],
            options=options,
            variants=self._variants(draft.get("variants", ()), options),
            image_url=images[0] if images else None,
            more_images=tuple(images[1:_MOST_IMAGES]),
            url=self._link(draft.get("url")),
            stock=self._stock(draft.get("stock")),
            rating=rating,
            rating_count=count,
            updated_at=values.time("updated_at", draft.get("updated_at")),
        )
        # Told of products that are kept, so counted last.
        self.seen["no currency"] += low is not None and not (given or currency or self._said)
        self.seen["boilerplate"] += kept != description
        self.seen["no kind"] += bool(given_paths) and not paths
        return product

    def _prices(self, raw: Any) -> tuple[float | None, float | None, str | None]:
        low = high = currency = None
        zero = placeholder = False
        for cell in raw:
            if not values.text(cell):
                continue
            read = money.price(_amount(cell), self._survey.numerals, self._currency)
            currency = currency or read.currency
            zero |= read.low is None
            for price in (read.low, read.high):
                if price in self._survey.placeholders:
                    placeholder = True
                elif price is not None:
                    low = price if low is None else min(low, price)
                    high = price if high is None else max(high, price)
        if low is None:
            self.seen["zero price"] += zero
            self.seen["placeholder price"] += placeholder
        return low, high, currency

    def _variants(self, given: Sequence[Fields], options: Mapping[str, Sequence[str]]) -> tuple[Variant, ...]:
        """The combinations of options that are sold, the first of each; none where there is nothing to choose."""
        seen = self.seen.copy()  # what their cells hold was counted with the product's
        found: dict[tuple[tuple[str, str], ...], Variant] = {}
        for fields in given:
            chosen = {n: v for n, v in fields["options"].items() if v in options.get(n, ())}
            if chosen:
                variant = Variant(
                    options=chosen,
                    sku=values.text(fields.get("sku"))[:200],
                    price=self._prices((fields.get("price"),))[0],
                    stock=self._stock(fields.get("stock")),
                )
                found.setdefault(tuple(sorted(chosen.items())), variant)
        self.seen = seen
        return tuple(found.values())

    def _stock(self, raw: Any) -> int | None:
        """How many there are; 0 where it says sold out; None where it says only that there are some."""
        if isinstance(raw, bool):
            return None if raw else 0
        if isinstance(raw, str):
            said = re.sub(r"https?://schema\.org/", "", values.text(raw).casefold())
            if _SOLD_OUT.search(said):
                return 0
            counted = _COUNT.fullmatch(said)
            if said and counted is None:
                self.seen["unclear stock"] += re.sub(r"[\s_-]+", "", said) not in _IN_STOCK
                return None
            raw = counted[1] if counted else None
        amount = values.number("stock", raw)
        return None if amount is None else max(0, min(int(amount), _MOST_STOCK))

    def _rating(self, draft: Fields) -> tuple[float | None, int | None]:
        """Mean stars of 5 and how many gave them; a mean on another scale is left out, and counted."""
        try:
            given = {name: cell for name, cell in draft.items() if cell is not None}
            rated = self._columns.rated(draft.get("columns", {})) | given
            mean = values.number("rating", rated.get("rating"), self._survey.numerals)
            count = values.number("rating_count", rated.get("rating_count"), self._survey.numerals)
        except BadValueError:
            self.seen["bad rating"] += 1
            return None, None
        if mean is not None and not 0 <= mean <= 5:
            self.seen["bad rating"] += 1
            mean = None
        known = mean is not None and mean > 0 and count != 0
        return mean if known else None, None if count is None or count < 0 else min(int(count), _MOST_STOCK)

    def _link(self, raw: Any) -> str | None:
        found = next(iter(_links(raw)), "")
        link = values.link(found)
        self.seen["bad url"] += link is None and bool(found)
        return link

    def _images(self, raw: Any) -> list[str]:
        """Addresses of pictures, the first one first; relative ones below the shop's web address, if given."""
        found = _links(raw)
        links = [link for part in found if (link := values.link(part))]
        self.seen["bad image"] += len(links) < len(found)
        if self._image_base:
            outside = re.compile(r"(?i)https?:|data:")
            links = [k if outside.match(k) else f"{self._image_base}/{k.lstrip('/')}" for k in links]
        return list(dict.fromkeys(links))


_LINK_NAMES = ("url", "src", "href", "link", "hi_res", "original", "large", "high", "HighPic", "medium")
_BETWEEN_LINKS = re.compile(r"[,;|\s]+(?=https?://)|\|")


def _links(raw: Any) -> list[str]:
    """The addresses in a cell: one, several between separators, or a list or dict of such; as they stand."""
    found = values.structure(raw)
    if isinstance(found, dict):
        named = next((found[name] for name in _LINK_NAMES if found.get(name)), None)
        found = list(found.values()) if named is None else [named]
    if isinstance(found, list):
        return [link for part in found for link in _links(part)]
    return [part for piece in _BETWEEN_LINKS.split(values.text(found)) if (part := piece.strip())]


def _amount(cell: Any) -> Any:
    """JSON's ``{"amount": 12, "currency": "EUR"}`` as text."""
    if isinstance(cell, dict):
        return " ".join(values.text(part) for part in cell.values())
    return values.text(cell) if isinstance(cell, (list, tuple)) else cell


def _paths(given: Any) -> list[tuple[str, ...]]:
    """Category paths, the product's own first: the first of the longest stays where it is first already."""
    paths = (tuple(filter(None, map(values.line, path))) for path in given)
    return list(dict.fromkeys(path for path in paths if path))


_NO_KINDS = frozenset((
    "combinations", "uncategorized", "uncategorised", "default category", "default", "misc", "miscellaneous", "other",
    "others", "various", "unkategorisiert", "nicht kategorisiert", "allgemein", "sonstiges", "non classé", "divers",
    "sin categoría", "sin categorizar", "senza categoria", "varie", "geen categorie", "niet gecategoriseerd", "overig",
    "sem categoria", "outros", "bez kategorii", "inne", "all", "all products", "products", "product", "none", "n/a",
    "unknown", "not specified", "simple", "variable", "configurable", "physical",
))  # fmt: skip
"""Categories that tell nothing of what a product is: shop systems' own, and kinds of records."""


def _brand(attributes: dict[str, AttributeValue]) -> str:
    """The brand, where it is an attribute by one of its usual names."""
    for name in attributes:
        if headers.key(name) in _BRANDS and isinstance(attributes[name], str):
            return str(attributes.pop(name))
    return ""


_BRANDS = frozenset(
    ("brand", "brandname", "marke", "marque", "marca", "merk", "marka", "manufacturer", "hersteller")
)


def named_values(raw: Any) -> dict[str, Any]:
    """Attributes in one cell: a dict, JSON, ``a=1,b=x|y``, or a list of ``Name: value``."""
    if raw is None:
        return {}
    found = values.structure(raw)
    if isinstance(found, dict):
        return {str(name).strip(" :"): value for name, value in found.items()}
    if isinstance(found, (list, tuple)) and found and all(isinstance(part, dict) for part in found):
        return _of_objects(found)
    if isinstance(found, str):
        found = re.split(r"[,;\n](?=[^,;=:\n]+[=:])", found)
    if not isinstance(found, (list, tuple)):
        return {}
    pairs = (
        re.split(r"\s*[=:]\s*", values.line(part), maxsplit=1) for part in found if isinstance(part, str)
    )
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and len(pair[0]) <= 60}


def _of_objects(found: Any) -> dict[str, Any]:
    """``[{"name": "Material", "value": "Oak"}, …]``, whatever the two keys are called."""
    named: dict[str, Any] = {}
    for part in found:
        group = next((cell for cell in part.values() if _is_objects(cell)), None)
        if group is not None:  # features in groups
            named |= _of_objects(group)
            continue
        name = values.line(next((part[k] for k in _NAME_KEYS if part.get(k)), None))
        value = next((part[k] for k in _VALUE_KEYS if k in part), None)
        if name and value not in (None, ""):
            named[name] = value
    return named


_NAME_KEYS = ("name", "Name", "key", "label", "attribute", "title", "feature", "Feature")
_VALUE_KEYS = ("PresentationValue", "value", "Value", "values", "val", "text")


def _is_objects(cell: Any) -> bool:
    return isinstance(cell, list) and bool(cell) and all(isinstance(part, dict) for part in cell)


def _options(raw: Any) -> dict[str, tuple[str, ...]]:
    found = values.structure(raw)
    if not isinstance(found, dict):
        found = {name: values.words(value, "|") for name, value in named_values(found).items()}
    options = {option_name(str(name)): values.words(value, "|") for name, value in found.items()}
    return {name: choices for name, choices in options.items() if name and choices}


_IN_STOCK = frozenset((
    "instock", "yes", "true", "available", "auflager", "vorrätig", "lieferbar", "sofortlieferbar", "disponible",
    "enstock", "disponibile", "disponibilità", "opvoorraad", "dostępny", "namagazynie", "emestoque", "emstock",
    "preorder", "backorder", "limitedavailability", "onlineonly",
))  # fmt: skip
_SOLD_OUT = re.compile(
    r"(?:out[\s_-]*of[\s_-]*stock|sold[\s_-]*out|unavailable|not[\s_-]available|discontinued|^(?:no|false|n|nein|non)$"
    r"|nicht[\s_-](?:vorr|verf|liefer|auf)|ausverkauft|vergriffen|rupture|épuis|indispon|agotad|sin[\s_-](?:stock|exist)"
    r"|no[\s_-]disponible|esaurit|non[\s_-]disponib|uitverkocht|niet[\s_-](?:op|lever|beschik)|niedost|brak\b|wyprzedan"
    r"|esgotad|sem[\s_-](?:estoque|stock))"
)
"""What says sold out in the languages whose exports are read, on folded text."""
_COUNT = re.compile(
    r"[^\d-]{0,20}(-?\d[\d.,' ]*)\s*\+?\s*(?:x|left|in stock|available|pcs?|pieces|units?|items?|stück|stk|auf lager|"
    r"verfügbar|vorrätig|en stock|disponibles?|unidades|op voorraad|stuks|szt|sztuk|pezzi|disponibili|em estoque)?\.?"
)
"""A cell that counts, and says nothing else: "12", "> 10", "only 3 left", not "2-3 days"."""
