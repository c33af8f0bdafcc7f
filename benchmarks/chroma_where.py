"""Filters as Chroma's ``where``, for those that it can say exactly: what our own filtering is measured against.

Chroma has no ``$not``, and its ``$ne`` and ``$nin`` also return rows that lack the key. So every row
carries every key, an unknown value is a sentinel (-1) that no positive condition reaches, and negation is
pushed to the leaves. Names are compiled to the codes of the shop's own columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from retrieval.filtering.row_metadata import UNKNOWN
from retrieval.filtering.table import FilterTable
from retrieval.filters import And, Brand, Category, Filter, InStock, Not, Or, Price, Stars

Where = dict[str, Any]
_ALWAYS: Where = {"stock": {"$gte": UNKNOWN}}
_NEVER: Where = {"stock": {"$lt": UNKNOWN}}


def compile_where(condition: Filter, table: FilterTable) -> Where | None:
    """The ``where`` with exactly the filter's meaning, or ``None`` where Chroma can't say it."""
    return _compile(condition, table, positive=True)


def _compile(condition: Filter, table: FilterTable, *, positive: bool) -> Where | None:
    match condition:
        case And(parts) | Or(parts):
            together = isinstance(condition, And) == positive
            wheres = [_compile(part, table, positive=positive) for part in parts]
            return _join("$and" if together else "$or", wheres)
        case Not(part):
            return _compile(part, table, positive=not positive)
        case Price(low, high, currency):
            bounds = _range("price", low, high, positive)
            if currency is None:
                return bounds
            code = table.currency_code(currency)
            same: Where = {"currency": {"$eq" if positive else "$ne": code}}
            return _join("$and" if positive else "$or", [bounds, same])
        case Brand(names):
            return _among("brand", table.brand_codes_of(names), positive)
        case Category(names):
            if table.has_more_paths:  # a collection holds one path of each product
                return None
            return _among("path", table.path_codes(names), positive)
        case Stars(low, high, min_count):
            enough: Where = {"rating_count": {"$gte" if positive else "$lt": min_count}}
            return _join("$and" if positive else "$or", [_range("stars", low, high, positive), enough])
        case InStock():
            return {"stock": {"$gt" if positive else "$lte": 0}}
        case _:
            return None


def _range(key: str, low: float | None, high: float | None, positive: bool) -> Where | None:
    """In the range and known; negated: outside of it or unknown. All known values are at least 0."""
    low = max(0.0, low or 0.0)
    if positive:
        bounds: list[Where | None] = [{key: {"$gte": float(low)}}]
        bounds += [{key: {"$lte": float(high)}}] if high is not None else []
        return _join("$and", bounds)
    bounds = [{key: {"$lt": float(low)}}]  # the sentinel is below every known value
    bounds += [{key: {"$gt": float(high)}}] if high is not None else []
    return _join("$or", bounds)


def _among(key: str, codes: list[int], positive: bool) -> Where:
    if not codes:
        return _NEVER if positive else _ALWAYS
    return {key: {"$in" if positive else "$nin": [int(code) for code in np.unique(codes)]}}


def _join(operator: str, wheres: list[Where | None]) -> Where | None:
    known = [where for where in wheres if where is not None]
    if len(known) < len(wheres):
        return None
    if not known:
        return _ALWAYS if operator == "$and" else _NEVER
    return known[0] if len(known) == 1 else {operator: known}
