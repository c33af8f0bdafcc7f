"""The review of annotated utterances: what is mechanical is mended, what takes judgement is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.understanding.learning.annotated import parse_line, read_files
from agent.understanding.learning.check_labels import main, mended, review_file, split_labels, written

TRAINING = Path(__file__).parents[3] / "agent" / "understanding" / "training"


@pytest.mark.parametrize(
    ("line", "better"),
    [
        ("sk: [T a rain jacket]", "sk: a [T rain jacket]"),
        ("rf: no [N the wool]", "rf: no the [N wool]"),
        ("rf: [N not wool]", "rf: not [N wool]"),
        ("rf: under [B 40 quid]", "rf: [B under 40 quid]"),
        ("rf: at least [B two metres]", "rf: [B at least two metres]"),
        ("rf: [B a hundred tops]", "rf: [B a hundred tops]"),
        ("ca: the [P red one]", "ca: [P the red one]"),
        ("sk: a lamp [H for my gran]", "sk: a lamp for [H my gran]"),
        ("rf: [B in blue, please]", "rf: [B in blue], please"),
        ("rf: [B waterproof,] and [W light.]", "rf: [B waterproof], and [W light]."),
        ("rf: [B -20 degrees]", "rf: [B -20 degrees]"),
    ],
)
def test_edges_of_spans_are_where_the_rules_put_them(line: str, better: str) -> None:
    assert written(mended(parse_line(line))[0]) == better


def test_nothing_is_told_of_what_is_right() -> None:
    assert mended(parse_line("sk: a [T kettle] [B under 40] for [H my gran]"))[1] == []


def test_comments_and_blank_lines_stay(tmp_path: Path) -> None:
    file = tmp_path / "hand.txt"
    file.write_text("# someone\n\nsk: [T a lamp]\n", encoding="utf-8")
    assert main([str(file), "--write"]) == 0
    assert file.read_text(encoding="utf-8") == "# someone\n\nsk: a [T lamp]\n"


def test_what_can_not_be_read_is_an_error_and_stays(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    file = tmp_path / "hand.txt"
    file.write_text("sk: [Q lamp]\n", encoding="utf-8")
    assert main([str(file), "--write"]) == 1
    assert "line 1: unknown span label 'Q'" in capsys.readouterr().out
    assert file.read_text(encoding="utf-8") == "sk: [Q lamp]\n"


def test_a_phrase_that_is_labelled_in_two_ways_is_told() -> None:
    lines = ["rf: [B leather]"] * 3 + ["rf: [W leather]"] * 3 + ["rf: [B blue]"] * 9
    assert list(split_labels(parse_line(line) for line in lines)) == ["leather"]


def test_the_utterances_that_come_with_aisle_are_in_order() -> None:
    reviews = [review_file(path) for path in sorted(TRAINING.glob("*.txt"))]
    assert [error for review in reviews for error in review.errors] == []
    assert sum((dict(review.changes) != {}) for review in reviews) == 0
    assert len(read_files([TRAINING])) == sum(len(review.utterances) for review in reviews)
