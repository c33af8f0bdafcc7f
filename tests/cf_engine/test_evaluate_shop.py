"""The evaluation of a whole shop, as numbers and as a page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cf_engine.measuring.evaluate_shop import EvaluationReport, evaluate_report
from tests.cf_engine.shops import CATEGORIES, text_vectors, two_tastes


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> EvaluationReport:
    return evaluate_report(
        two_tastes(120),
        tmp_path_factory.mktemp("report"),
        item_vectors=text_vectors(),
        categories=CATEGORIES,
        folds=2,
    )


def test_every_member_stands_alone_beside_the_ensemble_on_every_split(report: EvaluationReport) -> None:
    assert list(report.splits) == ["fold 1", "fold 2", "leave one out"]
    for results in report.splits.values():
        assert set(results) >= {"ensemble", "popularity", "item_item", "content"}
        assert results["ensemble"].accuracy["ndcg@10"].low > results["popularity"].accuracy["ndcg@10"].mean


def test_the_ensemble_is_tested_against_each_member(report: EvaluationReport) -> None:
    against = {test.b: test for test in report.tests["leave one out"]}
    assert set(against) == set(report.splits["leave one out"]) - {"ensemble"}
    assert against["popularity"].a_is_better


def test_the_page_is_whole_and_asks_nothing_of_the_network(report: EvaluationReport) -> None:
    page = Path(report.html).read_text()
    assert page.count("<img ") == 6
    assert "gini" in page
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!data:)", page)
    numbers = json.loads(Path(report.json).read_text())
    assert numbers["splits"]["fold 1"]["ensemble"]["ndcg@10"] > 0


def test_the_table_has_a_row_a_model(report: EvaluationReport) -> None:
    header, rows = report.table()
    assert header == ("model", *report.splits)
    assert {row[0] for row in rows} == set(report.splits["fold 1"])


def test_too_small_a_log_is_refused_with_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs 20 shoppers with two items each"):
        evaluate_report(two_tastes(3), tmp_path, item_vectors={}, categories=CATEGORIES)
    with pytest.raises(ValueError, match="0 events are too few"):
        evaluate_report([], tmp_path, item_vectors={}, categories=CATEGORIES)
