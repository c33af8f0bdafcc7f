"""Which column is which field: by name, by ``--map``, and what to say when one is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.importers.records import ImportFileError, Kind

_ID = "itemid productid id sku asin parentasin handle productcode itemcode code articleid"
_USER = "userid user reviewerid customerid shopperid visitorid memberid customer clientid"
_TIME = "time timestamp unixreviewtime date datetime reviewdate createdat eventtime reviewtime unixtime"
_STARS = "stars rating overall score ratingreview ratingvalue reviewrating reviewscore starrating"

# Field -> column names it goes by, best first, as `_key` writes them.
ALIASES: dict[Kind, dict[str, str]] = {
    "products": {
        "item_id": _ID,
        "title": "title name productname producttitle itemname titleitem itemtitle",
        "description": "description bodyhtml body longdescription productdescription desc shortdescription",
        "features": "features feature about bulletpoints highlights",
        "brand": "brand vendor manufacturer maker brandname store",
        "category": "category categories categorypath productcategory categoryname producttype type "
        "department maincategory maincat",
        "price": "price unitprice listprice regularprice currentprice priceusd amount",
        "price_max": "pricemax maxprice",
        "sale_price": "saleprice specialprice discountedprice",
        "currency": "currency currencycode pricecurrency",
        "attributes": "attributes additionalattributes specifications specs details more",
        "options": "options variants",
        "tags": "tags keywords labels",
        "image_url": "imageurl image imagelink imagesrc imurl picture pictureurl mainimage baseimage images",
        "url": "url link producturl permalink",
        "stock": "stock stockquantity inventory inventoryquantity quantity qty instockquantity",
        "updated_at": "updatedat modified lastmodified updated dateupdated modifiedat",
        "reviews": "reviews",
    },
    "reviews": {
        "review_id": "reviewid id",
        "item_id": "itemid productid asin sku handle producthandle productcode product parentasin",
        "user_id": _USER,
        "stars": _STARS,
        "title": "title summary titlereview reviewtitle headline subject",
        "text": "text reviewtext body review content comment reviewbody description",
        "time": _TIME,
        "helpful": "helpful vote votes helpfulvotes helpfulvote helpfulcount",
        "verified": "verified verifiedpurchase isverified",
    },
    "events": {
        "event_id": "eventid id",
        "user_id": _USER,
        "item_id": "itemid productid asin sku product parentasin",
        "kind": "kind event eventtype type action eventname behavior behaviour",
        "value": "value " + _STARS,
        "time": _TIME,
        "session_id": "sessionid session visitid usersession",
        "position": "position",
    },
}
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "products": ("item_id", "title"),
    "reviews": ("item_id",),
    "events": ("user_id", "item_id"),
}
_NEAR = 60  # percent of likeness from which a name is worth suggesting
# Columns that describe the listing or the shop's bookkeeping, not the product.
_NOT_ATTRIBUTES = re.compile(
    r"^(asin|id|rank|seo|meta|google|variant|review|rating|totalrating|averagerating|ratingitem|original|"
    r"cost|alsobuy|alsoview|related|similar|salesrank|tech\d|fit$|urlkey|small|thumbnail|additionalimage|"
    r"mainimage|baseimage|useconfig|newfrom|newto|specialprice|video|author$|contenttype|minsale|maxsale|"
    r"productwebsite|storeview|taxclass|visibility|position|unnamed|column\d)"
)


@dataclass(frozen=True)
class Columns:
    """The columns of a file by what they are: ``fields`` (field -> column) and the attributes."""

    fields: Mapping[str, str]
    attributes: Mapping[str, str]
    """Attribute name -> column."""
    note: str = ""

    def pick(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row by field; ``columns`` holds the attributes that stand in columns of their own."""
        found: dict[str, Any] = {field: row.get(column) for field, column in self.fields.items()}
        found["columns"] = {name: row.get(column) for name, column in self.attributes.items()}
        return found


def find_columns(kind: Kind, file: str, columns: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """Binds columns to fields: what ``mapping`` says, then by name; other product columns are attributes.

    Raises:
        ImportFileError: a required field has no column; the message names those found and the nearest.
    """
    given = mapped_columns(kind, columns, mapping)
    fields = {field: column for column, field in given.items() if field in ALIASES[kind]}
    free = [column for column in columns if column not in given]
    for field, aliases in ALIASES[kind].items():
        if field in fields:
            continue
        for alias in aliases.split():
            column = next((c for c in free if _key(c) == alias), None)
            if column is not None:
                fields[field] = column
                free.remove(column)
                break
    note = _title_from_description(file, fields) if kind == "products" else ""
    missing = [field for field in REQUIRED[kind] if field not in fields]
    if missing:
        raise ImportFileError(_missing(kind, file, missing[0], columns))
    named = {field[len("attributes.") :]: c for c, field in given.items() if field.startswith("attributes.")}
    others = {c: c for c in free if not _NOT_ATTRIBUTES.match(_key(c))} if kind == "products" else {}
    return Columns(fields, {**others, **named}, note)


def mapped_columns(kind: Kind, columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Those of ``--map`` that are about this kind of file and a column it has: column -> field."""
    known = {_key(column): column for column in columns}
    found = {}
    for column, target in mapping.items():
        scope, _, field = target.rpartition(".")
        if scope not in ALIASES:
            field = target
        elif scope != kind:
            continue
        if _key(column) in known and (
            field in ALIASES[kind] or field == "-" or field.startswith("attributes.")
        ):
            found[known[_key(column)]] = field
    return found


def check_mapping(mapping: Mapping[str, str], columns: Sequence[str]) -> None:
    """Refuses a ``--map`` that names no column of the files, or no field.

    Raises:
        ImportFileError: with what there is to choose from.
    """
    names = {_key(column) for column in columns}
    fields = sorted({field for known in ALIASES.values() for field in known} - {"position", "reviews"})
    for column, target in mapping.items():
        field = target.rpartition(".")[2] if target.rpartition(".")[0] in ALIASES else target
        if field not in fields and field != "-" and not field.startswith("attributes."):
            near = nearest(field, fields, 1, least=_NEAR)
            meant = f"did you mean {near[0]}? " if near else ""
            raise ImportFileError(
                f"--map {column}={target}: no such field; {meant}All: {', '.join(fields)}, "
                "attributes.NAME, or - to leave the column out"
            )
        if _key(column) not in names:
            raise ImportFileError(
                f"--map {column}={target}: no file has a column {column!r}. Columns: {', '.join(columns)}"
            )


def nearest(name: str, candidates: Sequence[str], count: int = 3, *, least: float = 0) -> list[str]:
    """The candidates most like a name, best first; those under ``least`` percent of likeness stay out."""
    from rapidfuzz import fuzz, process

    found = process.extract(
        name, candidates, scorer=fuzz.WRatio, processor=_key, limit=count, score_cutoff=least
    )
    return [match for match, _, _ in found]


def _key(column: str) -> str:
    return re.sub(r"[\W_]+", "", column.casefold())


def _title_from_description(file: str, fields: dict[str, str]) -> str:
    """A file without titles, but with descriptions, has its titles there."""
    if "title" in fields or "description" not in fields:
        return ""
    fields["title"] = fields.pop("description")
    return (
        f"{file}: no column for the title, so {fields['title']!r} is read as the title "
        f"(the same as --map {fields['title']}=title)"
    )


def _missing(kind: Kind, file: str, field: str, columns: Sequence[str]) -> str:
    found = ", ".join(columns[:40]) + (", …" if len(columns) > 40 else "")
    near = nearest(field.replace("_", " "), columns)
    return (
        f"{file}: no column for {field!r} of {kind}. Found: {found}. Nearest: {', '.join(near)}. "
        f"Say which one it is, e.g. --map {_quoted(near[0] if near else 'COLUMN')}={field}"
    )


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
