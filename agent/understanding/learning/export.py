"""Export of the reader to ONNX int8, checked against the network it comes from."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from agent.understanding.encoding import MAX_CONTEXT, MAX_UTTERANCE, TextEncoder
from agent.understanding.learning.fitting import collate
from agent.understanding.learning.network import ReaderNetwork, build_network
from agent.understanding.weights import ReaderFiles, ReaderFilesError, load_weights
from retrieval.inference.classifier_export import quantize
from retrieval.inference.classifier_weights import base_folder
from retrieval.inference.encoder_export import quiet_export

__all__ = ["export_reader"]

MIN_AGREEMENT = 0.93
"""Share of the probes' tags that the export must give as the network does."""
_PROBES = (
    "I'm looking for a rain jacket under 80, waterproof, not black please",
    "it's for my mum, she's seventy and forever cold on the sofa of an evening",
    "can you add the second one to my basket",
    "how heavy is it and does it fit in a small car",
    "what do people say about the battery",
    "do you deliver to norway",
    "actually forget the blue, any colour is fine",
    "um so i need like a thing to keep my coffee hot on the train that wont leak in my bag",
    "cheapest of them",
    "hi",
    "what is the difference between merino and synthetic",
    "take the kettle out again and show me what it all comes to",
)


def export_reader(files: ReaderFiles, folder: Path) -> None:
    """Write ``model.onnx`` (int8), ``tokenizer.json`` and ``reader.json`` into ``folder``, whole or not at
    all. Only MatMuls are quantised, per channel and with reduced range. Costs about ten seconds.

    Raises:
        ReaderFilesError: the export fails, or does not say what the network says.
    """
    network = build_network(base_folder())
    load_weights(network, files.weights)
    network.eval()
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".export-", dir=folder.parent))
    try:
        with quiet_export():
            _write(network, staging)
        facts = {"model_id": files.key, **files.config["temperatures"]}
        (staging / "reader.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        agreement = _agreement(network, staging)
        if agreement < MIN_AGREEMENT:
            raise ReaderFilesError(
                f"the int8 export of {files.weights} agrees with the network on {agreement:.0%} of the probe "
                f"words, expected {MIN_AGREEMENT:.0%}; train the reader anew"
            )
        try:
            os.replace(staging, folder)
        except OSError:
            if not (folder / "reader.json").exists():  # else: another process was first, its export serves
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(network: ReaderNetwork, folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.save(str(folder / "tokenizer.json"))
    network.encoder.set_attn_implementation("eager")  # the others guard against rows without any token
    encoder = TextEncoder(tokenizer)
    example = collate([encoder.encode(text, ("hello",))[0] for text in _PROBES[:2]], encoder.pad_id)
    limit = MAX_CONTEXT + MAX_UTTERANCE + 2
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=limit)}
    names = ["input_ids", "attention_mask", "token_type_ids"]
    plain = folder / "plain.onnx"
    try:
        torch.onnx.export(
            network,
            example,
            str(plain),
            input_names=names,
            output_names=["tags", "main", "moves"],
            dynamic_shapes=dict.fromkeys(names, axes),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        quantize(plain, folder / "model.onnx")
    except Exception as error:
        raise ReaderFilesError(
            f"the reader can't be exported to ONNX ({type(error).__name__}: {error})"
        ) from error
    finally:
        plain.unlink(missing_ok=True)


def _agreement(network: ReaderNetwork, folder: Path) -> float:
    """Share of the probes' pieces that the export tags as ``network`` does."""
    from retrieval.inference.onnx_session import open_session

    encoder = TextEncoder(Tokenizer.from_file(str(folder / "tokenizer.json")))
    session = open_session(folder / "model.onnx", threads=1)
    same = []
    for text in _PROBES:
        window = encoder.encode(text)[0]
        ids, mask, segments = collate([window], encoder.pad_id)
        with torch.inference_mode():
            expected = network(ids, mask, segments)[0][0].argmax(dim=-1).numpy()
        given = {
            "input_ids": ids.numpy(),
            "attention_mask": mask.numpy(),
            "token_type_ids": segments.numpy(),
        }
        got = session.run(None, given)[0][0].argmax(axis=-1)
        same.append(expected[window.first] == got[window.first])
    return float(np.mean(np.concatenate(same)))
