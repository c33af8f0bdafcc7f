"""The benchmarks that take anybody's files take them: their shape, their options, their last line."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import ROOT, copy_exported

JUDGED = 8


@pytest.fixture(scope="module")
def titles(demo_files: Path) -> dict[str, str]:
    with (demo_files / "products.csv").open(newline="", encoding="utf-8") as file:
        return {row["id"]: row["title"] for row in csv.DictReader(file)}


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def _judgments(titles: dict[str, str], part: int) -> list[tuple[str, str, float]]:
    """Two neighbouring words of a title as a query: 3 for titles with both, 2 with one, 1 with none."""
    rows = []
    for query in sorted({f"{a} {b}" for title in titles.values() for a, b in pairwise(title.split())})[
        part::2
    ]:
        wanted = set(query.split())
        grade = {item: 1 + len(wanted & set(title.split())) for item, title in titles.items()}
        best = sorted(grade, key=lambda item: (-grade[item], item))[:JUDGED]
        rows += [(query, item, grade[item]) for item in best[: JUDGED // 2]]
        rows += [(query, item, 1.0) for item in titles if grade[item] == 1][: JUDGED // 2]
    return rows


@pytest.mark.slow
def test_search_is_trained_on_the_judgments_given_for_it_and_reported_on_the_others(
    titles: dict[str, str], minilm_cache: Path, tmp_path: Path
) -> None:
    asked, learned = _judgments(titles, 0)[: 60 * JUDGED], _judgments(titles, 1)[: 90 * JUDGED]
    columns = ("search_term", "product_uid", "relevance")
    done = subprocess.run(
        [
            sys.executable, "-m", "benchmarks.search",
            "--products", _write(tmp_path / "p.csv", ("product_uid", "product_title"), titles.items()),
            "--judgments", _write(tmp_path / "j.csv", columns, asked),
            "--train-judgments", _write(tmp_path / "t.csv", columns, learned + asked[:JUDGED]),
            "--cache", copy_exported(minilm_cache, tmp_path / "cache"),
        ],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["queries"] == 60
    assert 0 < result["trained_queries"] <= 90  # the query of both files is reported, never learned from
    assert result["ndcg10"] >= result["ndcg10_bm25"]
    assert result["filtered_recall10_min"] == 1.0
