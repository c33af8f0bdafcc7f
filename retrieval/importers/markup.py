"""Product feeds in XML: RSS, Atom, or any file that repeats an element for each product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from retrieval.importers.records import ImportFileError

_ITEMS = ("item", "entry", "product", "offer", "article", "produkt", "produit")
_LOOKED_AT = 3000  # elements looked at to see which one repeats


def xml_rows(source: IO[bytes], again: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields ``(line number, {element: text})`` for each product; a repeated element becomes a list.

    ``source`` and ``again`` are two readers of the same file. Entities other than XML's own are not resolved.

    Raises:
        ImportFileError: not well-formed, or nothing in it repeats.
    """
    from lxml import etree

    options: dict[str, Any] = {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
    }
    try:
        tag = _repeated(etree.iterparse(source, events=("start",), **options))
        for _, element in etree.iterparse(again, events=("end",), **options):
            if element.tag == tag:
                yield element.sourceline or 0, _row(element)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise ImportFileError(f"this is not valid XML: {error}") from error


def _repeated(starts: Any) -> Any:
    """The tag of a product: one of the usual names, else what stands most often two levels below the root."""
    depths: Counter[Any] = Counter()
    for _, element in islice(starts, _LOOKED_AT):
        if isinstance(element.tag, str):
            depth = sum(1 for _ in element.iterancestors())
            if _local(element.tag) in _ITEMS and depth:
                return element.tag
            if depth in (1, 2) and (depth == 1 or element.getparent().getprevious() is None):
                depths[element.tag] += 1
    tag, count = next(iter(depths.most_common(1)), (None, 0))
    if count < 2:
        raise ImportFileError("no element of this XML repeats; expected one for each product (RSS: <item>)")
    return tag


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].casefold()


def _row(element: Any) -> dict[str, Any]:
    row: dict[str, Any] = {str(name): value for name, value in element.attrib.items()}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = child.tag.rpartition("}")[2]
        value: Any = _row(child) if len(child) else (child.text or "").strip()
        for given, said in child.attrib.items():  # <price currency="EUR">
            if len(element) and not str(given).startswith("{") and value:
                row.setdefault(f"{name}_{given}", said)
        if name == "link" and not value:
            value = child.get("href", "")  # Atom
        if name not in row:
            row[name] = value
        elif isinstance(row[name], list):
            row[name].append(value)
        else:
            row[name] = [row[name], value]
    return row
