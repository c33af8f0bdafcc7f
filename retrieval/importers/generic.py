"""Any table of products: the columns found by name or by ``--map``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from retrieval.importers import values
from retrieval.importers.fields import Columns


def drafts(
    rows: Iterable[tuple[int, Mapping[str, Any]]], columns: Columns
) -> Iterator[tuple[int, dict[str, Any]]]:
    """One product a row; a reduced price is the price, the other one the attribute ``regular_price``."""
    for number, row in rows:
        draft = columns.pick(row)
        draft["description"] = [draft.get("description"), draft.pop("features", None)]
        price, sale = draft.pop("price", None), draft.pop("sale_price", None)
        if values.text(sale) and values.text(price):
            draft["columns"]["regular_price"] = price
        draft["prices"] = [sale if values.text(sale) else price, draft.pop("price_max", None)]
        yield number, draft
