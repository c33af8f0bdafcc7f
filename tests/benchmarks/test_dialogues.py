"""The scripted dialogues of `dialogues/`, through the real assistant on the demo shop; and random ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.assistant import ShoppingAssistant
from benchmarks.simulation.dialogues import Dialogue, DialogueFileError, load_dialogues
from benchmarks.simulation.random_dialogues import run_random
from benchmarks.simulation.runner import run_dialogue, run_dialogues

FOLDER = Path(__file__).parent / "dialogues"
DIALOGUES = load_dialogues(FOLDER)
SHARE = 0.6


@pytest.fixture(scope="module")
def assistant(demo_shop: Path) -> ShoppingAssistant:
    return ShoppingAssistant.open(demo_shop)


def test_there_are_enough_dialogues() -> None:
    assert len(DIALOGUES) >= 150


@pytest.mark.slow
def test_most_dialogues_hold_in_full(assistant: ShoppingAssistant) -> None:
    """They are a measure: what is read wrong is mended by training and resolution, never for one sentence."""
    result = run_dialogues(assistant, DIALOGUES)
    assert result.checks > 1000
    assert result.passed >= SHARE * result.total, "\n".join(map(str, result.failures))


def test_random_dialogues_are_counted(assistant: ShoppingAssistant) -> None:
    result = run_random(assistant, 3, seed=17, turns=3)
    assert result.dialogues == 3
    assert result.products > 0


def test_a_check_that_does_not_hold_fails(assistant: ShoppingAssistant) -> None:
    wrong = Dialogue.model_validate(
        {
            "name": "wrong",
            "turns": [{"say": "blender under 60", "move": "compare", "price": {"max": 1}, "table": True}],
        }
    )
    failures, _ = run_dialogue(assistant, wrong)
    checks = {failure.check.split(" ")[0] for failure in failures}
    assert {"move", "price", "table:"} <= checks


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- {name: a, turns: [{say: hi, pricee: {max: 3}}]}", "pricee"),
        ("- {name: a, turns: [{move: seek}]}", "either says or presses"),
        ("- {name: a, turns: []}", "turns"),
        ("name: a", "expected a list"),
        ("- {name: a, turns: [{say: 'hi}]}", "is no YAML"),
        ("- {name: a, turns: [{say: hi}]}\n- {name: a, turns: [{say: hi}]}", "more than one"),
    ],
)
def test_a_bad_file_is_told(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(DialogueFileError, match=problem):
        load_dialogues(tmp_path)
