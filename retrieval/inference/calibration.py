"""Probabilities that mean what they say: temperature scaling, the bias of classes and the error that is left
(Guo et al. 2017; Alexandari et al. 2020, "Maximum likelihood with bias-corrected calibration").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from retrieval.inference.classifier import FloatMatrix

__all__ = ["best_bias", "best_temperature", "expected_calibration_error", "surprise"]

_LEAST = -20.0
"""What one label can count at most: one that is far off does not decide."""


def surprise(logits: FloatMatrix, labels: npt.NDArray[np.int_]) -> float:
    """Mean negative log-likelihood of ``labels`` (n,) under ``logits`` (n, classes), in nats."""
    from scipy.special import log_softmax

    # In double precision: minimisers take differences of it.
    told = log_softmax(np.asarray(logits, dtype=np.float64), axis=1)[np.arange(len(labels)), labels]
    return float(-np.maximum(told, _LEAST).mean())


def best_temperature(logits: FloatMatrix, labels: npt.NDArray[np.int_]) -> float:
    """The temperature in 0.25..4 that makes ``labels`` (n,) most likely under ``logits`` (n, classes)."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda log_temperature: surprise(logits / np.exp(log_temperature), labels),
        bounds=(np.log(0.25), np.log(4)),
        method="bounded",
    )
    return round(float(np.exp(found.x)), 4)


def best_bias(samples: Sequence[tuple[FloatMatrix, npt.NDArray[np.int_]]]) -> npt.NDArray[np.float32]:
    """What to add to logits so that labels are most likely in every sample, each at a temperature of its own:
    float32 (classes,), its mean 0.

    A sample is logits (n, classes) with labels (n,); all samples count alike, whatever their size. A class
    that a sample's labeller could not choose is one whose logits are masked there.
    """
    from scipy.optimize import minimize

    classes = samples[0][0].shape[1]

    def total(parameters: npt.NDArray[np.float64]) -> float:
        bias, temperatures = parameters[:classes], np.exp(parameters[classes:])
        told = sum(
            surprise((logits + bias) / temperature, labels)
            for (logits, labels), temperature in zip(samples, temperatures, strict=True)
        )
        # Without it the sum of the biases is free.
        return told + float(bias.mean()) ** 2

    found = minimize(total, np.zeros(classes + len(samples)), method="BFGS")
    bias = found.x[:classes]
    return np.asarray(bias - bias.mean(), dtype=np.float32)


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
