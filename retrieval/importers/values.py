"""One value at a time: the text of a cell to what a field holds."""

from __future__ import annotations

import ast
import html
import json
import math
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from retrieval.importers.money import PLAIN, Numerals, amount
from retrieval.importers.records import BadValueError
from retrieval.text.controls import without_controls

_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]+);")
_JUNK = re.compile(r"<[a-zA-Z/!]|/>|\b(?:class|style|href|id)=[\"']|\{[^}]*:[^}]*\}|^\W*$")
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header "
        "hr li main nav ol p pre section table tbody td tfoot th thead tr ul",
    )
)
_SILENT = frozenset(("script", "style", "head", "noscript", "template", "svg", "iframe", "object"))
_NUMBER = re.compile(r"(?P<sign>[-+])?(?P<amount>[.,]?\d(?:[\d.,'’]| (?=\d{3}))*)(?P<exponent>[eE][-+]?\d)?")
NOTHING = frozenset(
    (
        "n/a",
        "na",
        "null",
        "none",
        "-",
        "–",
        "—",
        "nan",
        "not available",
        "k.a.",
        "n.v.t.",
        "does not apply",
        "not applicable",
        "nicht zutreffend",
        "no aplicable",
        "ne s'applique pas",
        "non applicabile",
    )
)
"""What systems write where there is no value."""
_SAYING = (
    "value", "Value", "name", "Name", "title", "label", "text", "en", "en_US", "default", "quantity", "amount",
    "LongDesc", "long", "html",
)  # fmt: skip
"""Where an object in a cell says what it is: ``{"id": 7, "name": "Sony"}``, ``{"en": "Chair", "de": "Stuhl"}``."""
_LINE_END = re.compile(r"(?<!:)(?:\\r)?\\n")
"""A line's end as some exports write it, in two characters; after a colon it is a path."""
_TRUE, _FALSE = frozenset(("true", "yes", "y")), frozenset(("false", "no", "n"))


def text(value: Any) -> str:
    """A cell as text: no NUL or bidirectional control, no space at the ends; lists become lines. The apostrophe by
    which a spreadsheet is told that a number is text goes.
    """
    if type(value) is str:
        found = without_controls(value).strip()
        return found[1:] if found[:1] == "'" and found[1:].replace(".", "", 1).isdigit() else found
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, (list, tuple)):
        return "\n".join(filter(None, map(text, value)))
    if isinstance(value, dict):
        said = next((value[name] for name in _SAYING if value.get(name) not in (None, "")), None)
        return without_controls(json.dumps(value, ensure_ascii=False)) if said is None else text(said)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return without_controls(str(value)).strip()


def plain(value: Any) -> str:
    """Text without HTML: tags dropped, blocks on their own lines, entities decoded (even twice)"""
    raw = text(value)
    if "\\n" in raw:
        raw = _LINE_END.sub("\n", raw)
    if raw.isascii() and raw.isprintable() and "<" not in raw and "&" not in raw:  # as most cells are
        return "" if raw == "-" else raw if "  " not in raw else " ".join(raw.split())
    if "<" in raw and _TAG.search(raw):
        raw = _html_text(raw)
    for _ in range(3 if "&" in raw else 0):
        if not _ENTITY.search(raw):
            break
        raw = html.unescape(raw)
        if _TAG.search(raw):
            raw = _html_text(raw)
    raw = without_controls(raw.replace("\ufeff", ""))  # entities may have stood for some
    lines = (" ".join(line.split()) for line in raw.splitlines()) if "\n" in raw else (" ".join(raw.split()),)
    return "\n".join(line for line in lines if line and line != "-")


def line(value: Any) -> str:
    """The same on one line, for titles and names."""
    found = plain(value)
    return " ".join(found.split()) if "\n" in found else found


def title(value: Any) -> str:
    """A title; what is left of a page's markup is not one.

    Raises:
        BadValueError: empty, too long, or HTML that holds no title.
    """
    found = re.sub(r"(?<![\"'\s])\s*/>\W*$", "", line(value))  # the end of a tag after a whole title
    if not found or _JUNK.search(found):
        raise BadValueError("title", text(value), "a title in words" if found else "a title")
    return found


def _html_text(raw: str) -> str:
    from lxml import etree
    from lxml import html as lxml_html

    try:
        root = lxml_html.fragment_fromstring(raw, create_parent="div")
    except (etree.ParserError, ValueError):  # nothing but comments, or characters XML forbids
        return _TAG.sub(" ", raw)
    parts: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if tag in _SILENT:
                walker.skip_subtree()
                continue
            if tag in _BLOCKS:
                parts.append("\n- " if tag == "li" else "\n")
            parts.append(node.text or "")
        else:
            if tag in _BLOCKS:
                parts.append("\n")
            if node is not root:
                parts.append(node.tail or "")
    return "".join(parts)


def number(field: str, value: Any, numerals: Numerals = PLAIN) -> float | None:
    """The first number of a cell as people write it: ``1,299.00``, ``1.299,00``, ``12,5``, ``4.5 of 5``.

    Empty is ``None``.

    Raises:
        BadValueError: no number, an exponent, or one that is no number as a whole (``12.34.56``).
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value) if math.isfinite(value) else None
    raw = re.sub(r"[\u00a0\u202f\u2009]", " ", text(value))
    if not raw:
        return None
    match = _NUMBER.search(raw)
    found = None if match is None or match["exponent"] else amount(match["amount"].rstrip(), numerals)
    if match is None or found is None:
        raise BadValueError(field, raw, "a number")
    return -found if match["sign"] == "-" else found


def time(field: str, value: Any) -> datetime | None:
    """Seconds or milliseconds since 1970, ISO 8601, or ``09 12, 2006``; without a zone it is UTC."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    raw = text(value)
    if not raw:
        return None
    try:
        if re.fullmatch(r"-?\d{9,}(\.\d+)?", raw):
            seconds = float(raw)
            return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= 1e11 else seconds, UTC)
        return _written_time(raw)
    except (ValueError, OverflowError, OSError):
        raise BadValueError(field, raw, "a time, e.g. 2026-03-14T09:30:00Z or seconds since 1970") from None


def _written_time(raw: str) -> datetime:
    try:
        found = datetime.fromisoformat(raw)
    except ValueError:
        for pattern in ("%m %d, %Y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%Y/%m/%d", "%Y/%m/%d %H:%M:%S"):
            try:
                found = datetime.strptime(raw, pattern)
                break
            except ValueError:
                continue
        else:
            raise
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def structure(value: Any) -> Any:
    """A list or dict, also where a cell holds it as JSON or as a Python literal; else the value itself."""
    raw = value.strip() if isinstance(value, str) else value
    if not isinstance(raw, str) or raw[:1] not in "[{" or raw[-1:] not in "]}" or not raw:
        return raw
    for parse in (json.loads, ast.literal_eval):
        try:
            return parse(raw)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return raw


_UNWRAPPED = frozenset(("value", "unit", "scale_min", "scale_max"))


def unwrapped(cell: Any) -> Any:
    """What shop systems hold as JSON: a value with its unit or scale as ``45 cm`` or ``4.6``, rich text as text."""
    found = structure(cell)
    if not isinstance(found, dict):
        return cell
    if found.get("type") == "root":
        return "\n".join(filter(None, (_rich_text(part) for part in found.get("children", ()))))
    if "value" in found and found.keys() <= _UNWRAPPED:
        return f"{text(found['value'])} {text(found.get('unit')).casefold()}".strip()
    return cell


def _rich_text(part: Any) -> str:
    if not isinstance(part, dict):
        return ""
    below = part.get("children")
    return "".join(map(_rich_text, below)) if isinstance(below, list) else text(part.get("value"))


def words(value: Any, separators: str = ",") -> tuple[str, ...]:
    """A list of short texts: a list, JSON, or parts between separators; repeats dropped, order kept."""
    found = structure(value)
    if isinstance(found, dict):
        found = list(found.values())
    parts = found if isinstance(found, (list, tuple)) else re.split(f"[{separators}]", text(found))
    return tuple(dict.fromkeys(filter(None, map(line, parts))))


def category(value: Any) -> tuple[str, ...]:
    """A path: ``A > B > C`` (also ``/``, ``|``, ``»``), a list, or, where there is no other mark, commas."""
    found = structure(value)
    if isinstance(found, (list, tuple)):
        found = found[0] if found and isinstance(found[0], (list, tuple)) else found
        return tuple(filter(None, map(line, found)))
    raw = line(found)
    led = raw.startswith("/")  # eBay begins a path with its mark: "/Home/Lamps", "/Lamps"
    if ">" in raw or "»" in raw:
        raw = raw.split(",")[0] if re.search(r">[^,]*,[^>]*>", raw) else raw
        separator = r"\s*[>»]\s*"
    elif "|" in raw or " / " in raw or led or raw.count("/") > 1:  # one bare slash is a name: "A/B boxes"
        separator = r"\s*\|\s*" if "|" in raw else r"\s*/\s*"
    else:
        separator = r",(?=\S)"
    return tuple(filter(None, (part.strip() for part in re.split(separator, raw))))


def category_paths(value: Any) -> list[tuple[str, ...]]:
    """One path or several: a list of them, or ``A > B, A > C`` (also parted by ``;``, ``|`` or lines)."""
    return list(_paths_of(value)) if isinstance(value, str) else _paths_in(value)


@lru_cache(maxsize=20_000)  # thousands of products share a path
def _paths_of(cell: str) -> tuple[tuple[str, ...], ...]:
    return tuple(_paths_in(cell))


def _paths_in(value: Any) -> list[tuple[str, ...]]:
    found = structure(value)
    if isinstance(found, (list, tuple)) and found:
        nested = all(isinstance(path, (list, tuple)) for path in found)
        marked = all(isinstance(path, str) and re.search(r" > |»", path) for path in found)
        paths = [category(path) for path in found] if nested or marked else [category(found)]
    else:
        raw = text(found)
        marks = re.findall(r">|»", raw)
        parts = re.split(r"\s*[,;|\n]\s*(?=[^,;|\n]*[>»])", raw) if len(marks) > 1 else [raw]
        paths = [category(part) for part in parts]
    return [path for path in dict.fromkeys(paths) if path]


def attribute(value: Any) -> str | float | bool | tuple[str, ...] | None:
    """An attribute as typed as its text allows: number, yes/no, several values, words; empty is ``None``."""
    found = structure(value)
    if isinstance(found, bool):
        return found
    if isinstance(found, (int, float)):
        return float(found) if math.isfinite(found) else None
    if isinstance(found, (list, tuple)):
        parts = tuple(filter(None, map(line, found)))
        return parts if len(parts) > 1 else (parts[0] if parts else None)
    if isinstance(found, dict):
        return None
    raw = line(found)
    if not raw or raw.casefold() in NOTHING:
        return None
    if raw.casefold() in _TRUE | _FALSE:
        return raw.casefold() in _TRUE
    if re.fullmatch(r"-?(0|[1-9]\d{0,11})(\.\d+)?", raw):
        return float(raw)
    if "|" in raw:
        return tuple(filter(None, (part.strip() for part in raw.split("|"))))
    return raw


@lru_cache(maxsize=20_000)
def attribute_name(name: str) -> str:
    """``Operating System`` and ``operatingSystem`` are ``operating_system``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.split("(product.metafields")[0])
    return re.sub(r"[\W_]+", "_", spaced.casefold()).strip("_")[:80]


def link(value: Any) -> str | None:
    """A web address, a picture inside the file (``data:image/``), or a relative path; never code."""
    raw = text(value)
    if re.match(r"(?i)https?://\S+$", raw) or re.match(r"(?i)data:image/[\w.+-]+[;,]", raw):
        return raw
    if raw.startswith("//"):
        return "https:" + raw
    if not raw or re.match(r"(?i)[a-z][a-z0-9+.-]*:", raw) or re.search(r"[<>\"\s]", raw):
        return None
    return raw
