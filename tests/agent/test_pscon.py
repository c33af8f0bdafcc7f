"""People's conversations: our reading must beat the most frequent label."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.simulation.pscon import evaluate_pscon


def test_beats_the_most_frequent_label(real_data: Path) -> None:
    path = real_data / "pscon" / "conversations.json"
    if not path.is_file():
        pytest.skip(f"no {path}")
    result = evaluate_pscon(path)
    assert result.acts > 500
    assert result.act_accuracy > result.majority_act
    assert result.decision_accuracy > result.majority_decision
