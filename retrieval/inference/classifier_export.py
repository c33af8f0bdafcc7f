"""Export of a text classifier to ONNX int8, checked against the model it comes from."""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.inference.classifier import MAX_TOKENS, OnnxClassifier, TorchClassifier
from retrieval.inference.classifier_weights import ModelFilesError

__all__ = ["export_classifier", "quantize"]

MIN_AGREEMENT = 0.9
"""Share of the probe sentences that the export must call as the reference does."""
MAX_DIVERGENCE = 0.02
"""Mean Kullback-Leibler divergence on them above which the export is made less coarse. Larger models have
single activations so large that eight bits leave little for the others (Dettmers et al. 2022, "LLM.int8()").
"""
_PROBES = (
    "The battery lasts all day and the screen is gorgeous.",
    "It broke after two weeks and nobody answered my mails.",
    "I bought it in March for my daughter.",
    "not worth the money",
    "Works exactly as described.",
    "The sound is great but the strap broke.",
    "It comes with a charger and two cables.",
    "I would not recommend this to anyone.",
    "Absolutely love it, best purchase this year!",
    "Delivery took three weeks, the box was torn, and one of the four cups inside was in pieces.",
    "five stars",
    "cheaply made",
    "it does what it should, though the manual is of little help",
    "i had hoped for more , but for the price nobody can complain",
    "The zoom is fine outdoors; indoors, anything past arm's length turns to mush.",
    "you can't go wrong with this one",
    "not bad at all, once you have turned off half of the settings",
    "The second one arrived sooner than the first.",
    "My old one had a better remote, but this picture leaves it far behind.",
    "would have given it four stars if the cap didn't fall off every time i open it",
    "there is no way to change the language without the app",
    "It weighs about as much as a bag of sugar and takes two batteries.",
    "the menus take getting used to",
    "Customer service was polite, quick, and of no use whatsoever.",
    "a film that looks better than it is and knows it",
    "perhaps it's me, but i could not find anything to dislike",
)

_log = logging.getLogger(__name__)


def export_classifier(reference: TorchClassifier, folder: Path) -> None:
    """Write ``model.onnx`` (int8), ``tokenizer.json`` and ``classifier.json`` into ``folder``, whole or not
    at all.

    Only MatMuls are quantised, per channel and with reduced range, which is exact enough on processors
    without VNNI too; those that narrow (the second of a feed-forward layer, where activations are largest)
    stay in float where the export would drift otherwise. Costs about ten seconds for MiniLM.

    Raises:
        ModelFilesError: the model can't be exported, or the export does not say what the reference says.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".export-", dir=folder.parent))
    try:
        with _quiet():
            _write(reference, staging)
        agreement, _ = _compare(reference, staging)
        if agreement < MIN_AGREEMENT:
            raise ModelFilesError(
                f"the int8 export of {reference.model_id} agrees with the reference on {agreement:.0%} of "
                f"the probe sentences, expected {MIN_AGREEMENT:.0%}; use the backend `torch`"
            )
        _log.info("exported %s: agrees with the reference on %.0f%%", reference.model_id, 100 * agreement)
        try:
            os.replace(staging, folder)
        except OSError:
            if not (
                folder / "classifier.json"
            ).exists():  # else: another process was first, its export serves
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(reference: TorchClassifier, folder: Path) -> None:
    tokenizer = getattr(reference.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise ModelFilesError(
            f"{reference.model_id} has no fast tokenizer to export; use the backend `torch`"
        )
    tokenizer.save(str(folder / "tokenizer.json"))
    inputs = [
        name for name in ("input_ids", "attention_mask", "token_type_ids") if name in _inputs(reference)
    ]
    facts = {
        "model_id": f"{reference.model_id}:int8",
        "temperature": reference.temperature,
        "label_map": reference.label_map.tolist(),
        "max_length": MAX_TOKENS,
        "pad_id": int(reference.tokenizer.pad_token_id or 0),
        "inputs": inputs,
    }
    (folder / "classifier.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    plain = folder / "plain.onnx"
    try:
        _export_graph(reference, inputs, plain)
        quantize(plain, folder / "model.onnx")
        if _compare(reference, folder)[1] > MAX_DIVERGENCE:
            quantize(plain, folder / "model.onnx", narrowing=False)
    finally:
        plain.unlink(missing_ok=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the exporter's remarks on torchvision, axis names and pre-processing: nobody can act on
    them.
    """
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def _inputs(reference: TorchClassifier) -> set[str]:
    return set(reference.tokenizer.model_input_names)


def _export_graph(reference: TorchClassifier, inputs: Sequence[str], plain: Path) -> None:
    import torch

    class Logits(torch.nn.Module):
        """Token ids to logits, positional arguments in the order of ``inputs``."""

        def __init__(self) -> None:
            super().__init__()
            self.classifier = reference.model

        def forward(self, *arguments: Any) -> Any:
            return self.classifier(**dict(zip(inputs, arguments, strict=True))).logits

    reference.model.set_attn_implementation("eager")  # the others guard against rows without any token
    texts = ["a short text", "a text that is somewhat longer"]
    encoded = reference.tokenizer(texts, texts, padding=True, return_tensors="pt")
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=MAX_TOKENS)}
    try:
        torch.onnx.export(
            Logits().eval(),
            tuple(encoded[name] for name in inputs),
            str(plain),
            input_names=inputs,
            output_names=["logits"],
            dynamic_shapes={"arguments": tuple(axes for _ in inputs)},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    except Exception as error:
        raise ModelFilesError(
            f"{reference.model_id} can't be exported to ONNX ({type(error).__name__}: {error})"
        ) from error


def quantize(plain: Path, out: Path, *, narrowing: bool = True) -> None:
    """Int8 products; those by a matrix of more rows than columns only if ``narrowing``."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(plain)
    model.graph.ClearField("value_info")  # the quantizer turns Gemm into MatMul and trips over the old shapes
    narrow = {matrix.name for matrix in model.graph.initializer if matrix.dims[:1] > matrix.dims[1:2]}
    spared = [node.name for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in narrow]
    quantize_dynamic(
        model,
        out,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=[] if narrowing else spared,
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )


def _compare(reference: TorchClassifier, folder: Path) -> tuple[float, float]:
    """(share of the probes called alike, mean divergence of the export's probabilities on them)."""
    expected, got = reference.classify(_PROBES), OnnxClassifier(folder).classify(_PROBES)
    surprise = expected * np.log((expected + 1e-9) / (got + 1e-9))
    return float(np.mean(expected.argmax(axis=1) == got.argmax(axis=1))), float(surprise.sum(axis=1).mean())
