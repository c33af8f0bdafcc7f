"""Export of a sentence-transformers model to ONNX int8, checked against the model it comes from."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.inference.encoders import EncoderError, OnnxEncoder, load_reference, model_key, unit_rows

MIN_MEAN_COSINE = 0.98
MIN_WORST_COSINE = 0.95

_log = logging.getLogger(__name__)

_PROBES = (
    "waterproof hiking boots for women",
    "1/2 in. copper pipe 10 ft.",
    "DEWALT 20-Volt MAX Lithium-Ion Cordless Drill/Driver Kit (2-Tool)",
    "does the battery last all day?",
    "The strap broke after two weeks, but the seller replaced it at once.",
    "gift for a 7 year old who likes dinosaurs",
    "Stainless steel double-walled travel mug, 16 oz, keeps drinks hot for six hours",
    "usb c hub",
    "Returns are accepted within 30 days of delivery if the item is unused and in its original packaging.",
    "Kenyan single-origin coffee beans, light roast, notes of blackcurrant and citrus, 1 kg bag",
    "red",
    "noise cancelling headphones under 100 dollars, not for gaming",
)


def export_onnx(source: str, folder: Path) -> None:
    """Write ``model.onnx`` (int8), ``tokenizer.json`` and ``encoder.json`` into ``folder``, whole or not at
    all.

    Only MatMuls are quantised, per channel and with reduced range: what keeps the cosine to the reference
    high on processors without VNNI too.

    Raises:
        EncoderError: the model can't be exported, or the export drifts from the reference.
    """
    model = load_reference(source)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".export-", dir=folder.parent))
    try:
        with quiet_export():
            _write(model, source, staging)
        mean, worst = _agreement(model, OnnxEncoder(staging))
        if mean < MIN_MEAN_COSINE or worst < MIN_WORST_COSINE:
            raise EncoderError(
                f"the int8 export of {source} drifts from the reference (cosine {mean:.3f} on average, "
                f"{worst:.3f} at worst; expected {MIN_MEAN_COSINE} and {MIN_WORST_COSINE}); "
                "use the backend `torch`"
            )
        _log.info("exported %s: cosine to the reference %.4f on average, %.4f at worst", source, mean, worst)
        try:
            os.replace(staging, folder)
        except OSError:
            if not (folder / "encoder.json").exists():  # else: another process was first, its export serves
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextlib.contextmanager
def quiet_export() -> Iterator[None]:
    """The exporters warn about much that is none of the shopkeeper's business."""
    before = logging.root.manager.disable
    logging.disable(max(before, logging.WARNING))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _write(model: Any, source: str, folder: Path) -> None:
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise EncoderError(f"{source} has no fast tokenizer to export; use the backend `torch`")
    tokenizer.save(str(folder / "tokenizer.json"))
    _export_graph(model, source, folder)
    prompts = dict(getattr(model, "prompts", None) or {})
    facts = {
        "model_id": f"{model_key(source)}:int8",
        "dimensions": int(model.get_embedding_dimension()),
        "max_length": int(model.max_seq_length or 512),
        "pad_id": int(model.tokenizer.pad_token_id or 0),
        "query_prompt": prompts.get("query", ""),
        "document_prompt": prompts.get("document", "") or prompts.get("passage", ""),
    }
    (folder / "encoder.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")


def _export_graph(model: Any, source: str, folder: Path) -> None:
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Pooled(torch.nn.Module):
        """Token ids to one vector: the whole chain of the model's modules."""

        def __init__(self) -> None:
            super().__init__()
            self.chain = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            for module in self.chain:
                features = module(features)
            return features["sentence_embedding"]

    model.to("cpu").eval()
    encoded = model.tokenizer(
        ["a short text", "a text that is somewhat longer"], padding=True, return_tensors="pt"
    )
    batch, length = (
        torch.export.Dim("batch"),
        torch.export.Dim("length", max=int(model.max_seq_length or 512)),
    )
    plain = folder / "plain.onnx"
    try:
        torch.onnx.export(
            Pooled().eval(),
            (encoded["input_ids"], encoded["attention_mask"]),
            str(plain),
            input_names=["input_ids", "attention_mask"],
            output_names=["vector"],
            dynamic_shapes={
                "input_ids": {0: batch, 1: length},
                "attention_mask": {0: batch, 1: length},
            },
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        quantize_dynamic(
            plain,
            folder / "model.onnx",
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
    except Exception as error:
        raise EncoderError(f"{source} can't be exported to ONNX ({type(error).__name__}: {error})") from error
    finally:
        plain.unlink(missing_ok=True)


def _agreement(model: Any, exported: OnnxEncoder) -> tuple[float, float]:
    """Mean and worst cosine between the export and the reference, over queries and documents."""
    cosines = [
        (
            unit_rows(np.asarray(reference(list(_PROBES), show_progress_bar=False), dtype=np.float32))
            * ours(_PROBES)
        ).sum(axis=1)
        for reference, ours in (
            (model.encode_query, exported.encode_query),
            (model.encode_document, exported.encode_document),
        )
    ]
    return float(np.mean(cosines)), float(np.min(cosines))
