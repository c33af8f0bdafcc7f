"""What makes a row a record: its id, and the checks of its model."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from retrieval.importers import values
from retrieval.importers.records import BadValueError
from retrieval.records import Record

R = TypeVar("R", bound=Record)


def stable_id(prefix: str, *parts: object) -> str:
    """An id made of what a record says."""
    text = "\x1f".join(part.isoformat() if isinstance(part, datetime) else str(part) for part in parts)
    return f"{prefix}-{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"


def identity(field: str, raw: Any) -> str:
    found = values.text(raw)
    if re.fullmatch(r"\d(?:[.,]\d+)?[eE]\+\d+", found):
        expected = "an id, not a number that a spreadsheet shortened: make the column text and export again"
        raise BadValueError(field, found, expected)
    if not found or len(found) > 200:
        made = (
            ""
            if found or field != "item_id"
            else "; --id-from title makes the ids of a table that has none in some rows"
        )
        raise BadValueError(field, found, f"an id of at most 200 characters{made}")
    return found


def validated(model: type[R], **fields: Any) -> R:
    try:
        return model(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = str(first["loc"][0]) if first["loc"] else "(row)"
        raise BadValueError(where, first.get("input"), first["msg"]) from None
