"""Which fields of a product are complete lists, by name and by content: only these prove that a thing is absent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retrieval.records import Product
from retrieval.text.normalization import fold

INGREDIENTS, ALLERGENS, MATERIALS = "ingredients", "allergens", "materials"
_NAMES = {
    INGREDIENTS: re.compile(
        r"(?:full |complete |all |product )?(?:list of )?(?:ingredients?(?: list)?|inci(?: list)?|"
        r"zutaten(?:liste|verzeichnis)?|"
        r"inhaltsstoffe|ingredienti|ingredientes|ingredients inci|inci ingredients)(?: text)?"
    ),
    ALLERGENS: re.compile(
        r"(?:food |contains )?(?:allergens?|allergene)(?: information| info| advice| statement| list| declaration|"
        r"hinweise?)?|contains allergens|enthaltene allergene"
    ),
    MATERIALS: re.compile(
        r"materials|(?:fabric|material|fibre|fiber|textile)? ?(?:composition|content)|material(?:ien|zusammensetzung)|"
        r"zusammensetzung|materials used|made of|material|fabric|fabrics"
    ),
}
_ONE_SHARE = re.compile(r"materials?|fabrics?|made of")
"""Names under which a value is complete only when its shares add up, or when it lists several (plural)."""
_CUT = re.compile(r"(?:\.\.\.|…|\betc\b\.?|\band more\b|\bund mehr\b|\bu\.\s?a\.|\bamong others\b)\s*$", re.I)
_ELSEWHERE = re.compile(
    r"\b(?:see|refer|check|siehe|on (?:the )?(?:pack|label|box))\b.{0,30}|\bmay vary\b|\bupon request\b|"
    r"\bn/?a\b|\bunknown\b"
    r"|\btbc\b|\btba\b",
    re.I,
)
_SOME = re.compile(
    r"\b(?:key|active|main|hero|star|featured|notable|other|hauptinhalts\w*|wirkstoffe?)\b", re.I
)
_NONE = re.compile(
    r"\W*(?:none|no(?: (?:known )?allergens?)?|keine?|nil|no allergens|free from allergens|0)\W*", re.I
)
_PART = re.compile(r"[,;•·\n|]|\s/\s|(?<=\w)\.\s")
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s?%")
_IN_TEXT = re.compile(
    r"(?P<some>\b(?:key|active|main|hero|star|featured|other|inactive|most|natural|our|the|finest|best|\w+ste\w*)\s+)?"
    r"\b(?:full )?(?:ingredients|inci|zutaten|inhaltsstoffe)\s*:\s*(?P<list>[^\n]{5,})",
    re.I,
)
_SENTENCE = re.compile(r"\.\s+(?=[A-Z])|\.$")


def text_of(value: object) -> str:
    """A field as one text; a list of values keeps its commas."""
    return ", ".join(value) if isinstance(value, tuple) else value if isinstance(value, str) else ""


def complete_lists(product: Product) -> Iterator[tuple[str, str, str]]:
    """``(sort, field, list)`` of every complete list: of ingredients, of allergens, of materials."""
    for name, value in (*product.texts.items(), *product.attributes.items()):
        said, folded = text_of(value), fold(name).replace("_", " ")
        if not said:
            continue
        for sort, names in _NAMES.items():
            if names.fullmatch(folded) and _is_complete(sort, folded, said):
                yield sort, name, said
    for found in _IN_TEXT.finditer(product.description):
        said = _SENTENCE.split(found["list"])[0]
        if not found["some"] and len(_parts(said)) >= 3 and _is_listing(said):
            yield INGREDIENTS, "description", said


def _is_complete(sort: str, name: str, said: str) -> bool:
    if _CUT.search(said) or _ELSEWHERE.search(said):
        return False
    match sort:
        case "allergens":
            return bool(_NONE.fullmatch(said)) or _is_listing(said)
        case "materials":
            shares = [float(share.replace(",", ".")) for share in _SHARE.findall(said)]
            if shares:
                whole = round(sum(shares) / 100)
                return whole > 0 and abs(sum(shares) - 100 * whole) <= 3
            if _ONE_SHARE.fullmatch(name) and not (name.endswith("s") and len(_parts(said)) > 1):
                return False
            return _is_listing(said)
    if _SOME.search(said[:40].partition(":")[0]) and ":" in said[:40]:
        return False
    return (len(_parts(said)) > 1 or "100" in said) and _is_listing(said)


def names_none(said: str) -> bool:
    """Whether a list of allergens says that there are none."""
    return _NONE.fullmatch(said) is not None


def _parts(said: str) -> list[str]:
    return [part for part in _PART.split(said) if part.strip()]


def _is_listing(said: str) -> bool:
    """Whether a text is a list of names, not sentences."""
    parts = _parts(said)
    short = sum(len(part.split()) <= 9 for part in parts)
    return bool(parts) and short >= 0.75 * len(parts)
