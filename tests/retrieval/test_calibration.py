"""Probabilities that mean what they say: temperature, the bias of classes, the error that is left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.inference.calibration import best_bias, best_temperature, expected_calibration_error
from retrieval.inference.classifier import softmax


@given(temperature=st.floats(0.5, 3.0))
@settings(max_examples=15, deadline=None)
def test_the_temperature_of_overconfident_logits_is_found(temperature: float) -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(4000, 3)).astype(np.float32) * 2
    chances = softmax(logits)
    labels = np.array([generator.choice(3, p=row / row.sum()) for row in chances.astype(np.float64)])

    assert best_temperature(logits * np.float32(temperature), labels) == pytest.approx(temperature, rel=0.1)


@given(
    bias=st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)),
    temperature=st.floats(0.5, 2.0),
)
@settings(max_examples=10, deadline=None)
def test_what_the_classes_lack_is_found(bias: tuple[float, float, float], temperature: float) -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(6000, 3)).astype(np.float32) * 2
    labels = np.array([generator.choice(3, p=row / row.sum()) for row in softmax(logits).astype(np.float64)])
    two_sided = labels != 1
    masked = np.where([False, True, False], np.float32(-1e4), logits)[two_sided]
    lacking = np.array(bias, dtype=np.float32)

    found = best_bias(
        [(logits * np.float32(temperature) - lacking, labels), (masked - lacking, labels[two_sided])]
    )

    assert found == pytest.approx(lacking - lacking.mean(), abs=0.15)


def test_calibration_error_of_a_known_case() -> None:
    sure = np.tile(np.array([[0.9, 0.05, 0.05]], dtype=np.float32), (10, 1))
    half_right = np.array([0, 1] * 5)

    assert expected_calibration_error(sure, half_right) == pytest.approx(0.4, abs=1e-6)
