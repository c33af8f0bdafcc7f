"""Development data of the sentence model: it picks a mean of weights, the bias of the classes and the
temperature, and tells how good the model is. Nothing is trained on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from retrieval.inference.calibration import (
    best_bias,
    best_temperature,
    expected_calibration_error,
    surprise,
)
from retrieval.inference.classifier import FloatMatrix, softmax
from retrieval.inference.classifier_weights import LABELS
from retrieval.training.fine_tuning import predict_logits
from retrieval.training.sentiment_data import RatedSnippet

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

__all__ = ["Development", "add_bias", "blend"]

Sample = tuple[FloatMatrix, npt.NDArray[np.int_]]


@dataclass(frozen=True)
class Development:
    """Film sentences called 0 or 1, which have no neutral, and snippets of product reviews."""

    films: Sequence[tuple[str, int]]
    products: Sequence[RatedSnippet]
    implied: Sequence[tuple[str, int]] = ()
    """Sentences that imply an opinion, of frames that are not trained on, called 0, 1 or 2."""

    def read(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> tuple[Sample, Sample]:
        """Logits and labels of films, their neutral masked, and of products."""
        films, products = (
            predict_logits(model, tokenizer, [(text, None) for text in texts])
            for texts in ([text for text, _ in self.films], [snippet.text for snippet in self.products])
        )
        films[:, 1] = -1e4
        return (
            (films, np.array([2 * label for _, label in self.films])),
            (products, np.array([snippet.label for snippet in self.products])),
        )

    def pick_blend(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        before: Mapping[str, torch.Tensor],
        shares: Sequence[float],
    ) -> float:
        """Move ``model`` towards the weights ``before`` by that one of ``shares`` with the likeliest labels;
        returns it.
        """
        after = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        surprises = []
        for share in shares:
            model.load_state_dict(after)
            blend(model, before, share)
            samples = (*self.read(model, tokenizer), *self._read_implied(model, tokenizer))
            surprises.append(sum(surprise(*sample) for sample in samples))
        best = shares[int(np.argmin(surprises))]
        model.load_state_dict(after)
        blend(model, before, best)
        return best

    def _read_implied(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> tuple[Sample, ...]:
        if not self.implied:
            return ()
        logits = predict_logits(model, tokenizer, [(text, None) for text, _ in self.implied])
        return ((logits, np.array([label for _, label in self.implied])),)

    def correct_bias(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> list[float]:
        """Add to the head what the classes lack on development data; returns it, by class."""
        bias = best_bias(self.read(model, tokenizer))
        add_bias(model, bias)
        return [round(float(value), 4) for value in bias]

    def report(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> dict[str, Any]:
        """Temperature, from the products, and quality."""
        (films, sides), (products, labels) = self.read(model, tokenizer)
        positive = np.array([snippet.rating > 0 for snippet in self.products])
        temperature = best_temperature(products, labels)
        implied = [
            float(np.mean(logits.argmax(axis=1) == said))
            for logits, said in self._read_implied(model, tokenizer)
        ]
        return {
            "labels": LABELS,
            "temperature": temperature,
            "dev": {
                "sst2_accuracy": float(np.mean(films.argmax(axis=1) == sides)),
                "amazon_accuracy": float(np.mean((products[:, 2] > products[:, 0]) == positive)),
                "amazon_three_class_accuracy": float(np.mean(products.argmax(axis=1) == labels)),
                "implied_accuracy": implied[0] if implied else None,
                "calibration_error_before": expected_calibration_error(softmax(products), labels),
                "calibration_error": expected_calibration_error(softmax(products / temperature), labels),
            },
        }


def blend(model: PreTrainedModel, before: Mapping[str, torch.Tensor], kept: float) -> None:
    """Move the weights of ``model`` towards ``before`` by the share ``kept``."""
    after = model.state_dict()
    model.load_state_dict({name: tensor.lerp(before[name], kept) for name, tensor in after.items()})


def add_bias(model: PreTrainedModel, bias: npt.NDArray[np.float32]) -> None:
    """Add ``bias``, one number a class, to what the head of ``model`` says of every text."""
    import torch

    head = [tensor for name, tensor in model.named_parameters() if name.endswith("bias")][-1]
    with torch.no_grad():
        head.add_(torch.from_numpy(bias))
