"""The format in which people annotate utterances."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.labels import MOVES, SPAN_LABELS, Move, SpanLabel
from agent.understanding.learning.annotated import (
    Annotated,
    AnnotationError,
    parse_line,
    read_files,
    read_text,
)
from agent.understanding.learning.check_labels import written


def marked(utterance: Annotated) -> list[tuple[str, SpanLabel]]:
    return [(utterance.text[start:end], label) for start, end, label in utterance.spans]


def test_a_line_is_moves_and_a_text_with_spans() -> None:
    read = parse_line("sk+ca: a [T kettle] [B under 40], and add [P it]")
    assert read.moves == (Move.SEEK, Move.ADD_TO_CART)
    assert read.text == "a kettle under 40, and add it"
    assert marked(read) == [
        ("kettle", SpanLabel.THING),
        ("under 40", SpanLabel.CONDITION),
        ("it", SpanLabel.REFERENCE),
    ]


def test_moves_may_be_joined_by_commas() -> None:
    assert parse_line("rf,cm: which is lighter").moves == (Move.REFINE, Move.COMPARE)


def test_a_colon_in_the_text_stays() -> None:
    assert parse_line("so: one thing: hi").text == "one thing: hi"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("just words", "expected `moves: text`"),
        ("zz: hello", "unknown move 'zz'"),
        ("sk: a [Q kettle]", "unknown span label 'Q'"),
        ("sk: a [T kettle", "never closed"),
        ("sk: a kettle]", "closes nothing"),
        ("sk: a [T red [B kettle]]", "inside another"),
        ("sk: ", "no text"),
    ],
)
def test_what_can_not_be_read_is_told(line: str, told: str) -> None:
    with pytest.raises(AnnotationError, match=told.replace("[", r"\[")):
        parse_line(line)


def test_an_error_names_the_file_and_the_line() -> None:
    with pytest.raises(AnnotationError, match="mine, line 3: unknown move"):
        read_text("# someone\nsk: a lamp\nqq: x", "mine")


def test_the_two_turns_before_are_the_context_and_a_blank_line_ends_it() -> None:
    turns = read_text("# someone\nsk: one\nrf: two\nrf: three\nrf: four\n\nsk: five", "mine")
    assert [turn.context for turn in turns] == [(), ("one",), ("one", "two"), ("two", "three"), ()]
    assert {turn.author for turn in turns} == {"mine"}


def test_files_come_from_folders_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("sk: second", encoding="utf-8")
    (tmp_path / "a.txt").write_text("sk: first", encoding="utf-8")
    assert [(u.author, u.text) for u in read_files([tmp_path])] == [("a", "first"), ("b", "second")]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="no annotated utterances in"):
        read_files([tmp_path / "none"])


@st.composite
def utterances(draw: st.DrawFn) -> Annotated:
    words = draw(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), min_size=1))
    text, spans = "", []
    for word in words:
        label = draw(st.none() | st.sampled_from(SPAN_LABELS))
        text += " " if text else ""
        if label is not None:
            spans.append((len(text), len(text) + len(word), label))
        text += word
    moves = draw(st.lists(st.sampled_from(MOVES), min_size=1, max_size=3, unique=True))
    return Annotated(text, tuple(moves), tuple(spans))


@given(utterances())
def test_what_is_written_reads_the_same(utterance: Annotated) -> None:
    assert parse_line(written(utterance)) == utterance
