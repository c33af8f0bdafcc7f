"""The reader that comes with Aisle: what anybody would expect of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agent.understanding.labels import Move, SpanLabel
from agent.understanding.reader import Read, Reader
from agent.understanding.weights import ReaderFiles
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="module")
def reader(exports: Path) -> Reader:
    return Reader.open(exports)


def said(read: Read, label: SpanLabel) -> str:
    return " | ".join(span.text for span in read.of(label))


def test_a_request_is_taken_apart(reader: Reader) -> None:
    read = reader.read("I'm looking for a rain jacket under 80 for my gran, waterproof, not black")
    assert read.main is Move.SEEK
    assert "rain jacket" in said(read, SpanLabel.THING)
    assert "under 80" in said(read, SpanLabel.CONDITION)
    assert "waterproof" in said(read, SpanLabel.CONDITION)
    assert "black" in said(read, SpanLabel.EXCLUDED)
    assert "my gran" in said(read, SpanLabel.RECIPIENT)


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("put the second one in my basket", Move.ADD_TO_CART),
        ("take the kettle out of my cart again", Move.REMOVE_FROM_CART),
        ("what's in my basket?", Move.SHOW_CART),
        ("do you deliver to Norway?", Move.ASK_SHOP),
        ("what do other buyers say about the battery", Move.ASK_BUYERS),
        ("how heavy is the second one?", Move.ASK_PRODUCT),
        ("which of these two is lighter? compare them", Move.COMPARE),
        ("thanks, bye!", Move.SOCIAL),
        ("start over", Move.START_OVER),
        ("what's the weather like tomorrow", Move.OUT_OF_SCOPE),
    ],
)
def test_what_is_done_in_a_shop_is_told_apart(reader: Reader, text: str, move: Move) -> None:
    assert reader.read(text, ["I'm looking for an electric kettle"]).main is move


def test_the_turns_before_decide_what_a_few_words_do(reader: Reader) -> None:
    assert reader.read("a blue one", ["I need a rain jacket for my son"]).main is Move.REFINE


def test_several_moves_are_read_in_one_utterance(reader: Reader) -> None:
    read = reader.read("put it in and take out the grinder", ["a kettle please"])
    assert {scored.move for scored in read.moves} == {Move.ADD_TO_CART, Move.REMOVE_FROM_CART}


@pytest.mark.parametrize("text", ["a red kettle", "hiking boots", "waterproof hiking boots size 44"])
def test_keywords_seek(reader: Reader, text: str) -> None:
    read = reader.read(text)
    assert read.main is Move.SEEK
    assert read.of(SpanLabel.THING)


def test_it_is_small() -> None:
    assert ReaderFiles.find().weights.stat().st_size < 23e6


def test_once_exported_it_is_opened_without_torch(reader: Reader, exports: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from agent.understanding.reader import Reader; "
        f"print(Reader.open(Path({str(exports)!r})).read('a red kettle').main, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["seek", "False"]
