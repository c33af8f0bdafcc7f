"""What became of each column of a file, told of every one (``records.ImportedColumn``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from retrieval.importers import values
from retrieval.importers.columns import AttributePlans, Column
from retrieval.importers.fields import FIELDS, quoted
from retrieval.importers.headers import Binding
from retrieval.records import ImportedColumn


def fates(
    file: str,
    columns: Iterable[str],
    raw: Mapping[str, Column],
    rows: int,
    binding: Binding,
    plans: AttributePlans,
) -> list[ImportedColumn]:
    """Every column of the file with what it became."""
    found = []
    for name in columns:
        seen = raw.get(name) or Column()
        became, reason = _fate(name, seen, binding, plans)
        found.append(
            ImportedColumn(
                file=file,
                column=name,
                became=became,
                reason=reason,
                option=f"--map {quoted(f'{name}=attributes.{values.attribute_name(name)}')}"
                if not became
                else "",
                filled=seen.filled / max(1, rows),
                example=values.line(seen.first)[:60],
            )
        )
    return found


def _fate(name: str, seen: Column, binding: Binding, plans: AttributePlans) -> tuple[str, str]:
    became = [_shown(field) for field in binding.fields.get(name, ())]
    if name in binding.named:
        became.append(binding.named[name].replace(".", " ", 1).replace("s ", " ", 1))
    if became:
        return ", ".join(became), ""
    if not seen.filled:
        return "", "empty"
    if name in binding.left_out:
        return "", binding.left_out[name]
    plan = plans[name]
    if plan.kind in ("rating", "rating_count"):
        return plan.kind, ""
    if plan.kind == "left" or not plan.name:
        return "", plan.reason or "a column without a name"
    return (f"text {plan.name}" if plan.kind == "text" else f"attribute {plan.name}{_told(plan.kind)}"), ""


def _told(kind: str) -> str:
    words = {
        "flag": "yes/no",
        "number": "number",
        "measure": "with its unit",
        "dimensions": "and its sides",
        "list": "list",
    }
    return f" ({words[kind]})" if kind in words else ""


_TOLD = frozenset(
    (
        *FIELDS["products"],
        "more_images",
        "short_description",
        "features",
        "weight",
        "height",
        "width",
        "depth",
        "length",
    )
)


def _shown(name: str) -> str:
    """A field as it is told; what a system writes about its rows (type, parent) is read and not kept."""
    plain = re.sub(r"\d+|_$|(?<=weight|length|height)_\w+|(?<=width)_\w+", "", name)
    return plain if plain in _TOLD else f"read: {plain.replace('_', ' ').strip()}"
