"""Probabilities that mean what they say: temperature scaling and the error that is left (Guo et al. 2017)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from retrieval.inference.classifier import FloatMatrix, softmax

__all__ = ["best_temperature", "expected_calibration_error"]


def best_temperature(logits: FloatMatrix, labels: npt.NDArray[np.int_]) -> float:
    """The temperature in 0.25..4 that makes ``labels`` (n,) most likely under ``logits`` (n, classes)."""
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(labels))

    def surprise(log_temperature: float) -> float:
        probabilities = softmax(logits / np.exp(log_temperature))
        return float(-np.log(np.maximum(probabilities[rows, labels], 1e-9)).mean())

    found = minimize_scalar(surprise, bounds=(np.log(0.25), np.log(4)), method="bounded")
    return round(float(np.exp(found.x)), 4)


def expected_calibration_error(
    probabilities: FloatMatrix, labels: npt.NDArray[np.int_], bins: int = 10
) -> float:
    """Mean gap between confidence and accuracy over ``bins`` equal slices of confidence, weighed by their
    size.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    slices = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(float(right[inside].mean()) - float(confidence[inside].mean())) * float(inside.mean())
        for number in range(bins)
        if (inside := slices == number).any()
    ]
    return float(sum(gaps))
