"""How exported models are opened: on the processor, with a given number of threads, without torch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["open_session"]

_SLOWER = ["SkipLayerNormFusion"]
"""Optimisations left out: onnxruntime's fused sum and layer norm has no vector code on processors and takes
ten times as long as the two apart, a fifth to a quarter of a whole int8 MiniLM (seen with onnxruntime 1.31).
"""


def open_session(model: Path, *, threads: int) -> InferenceSession:
    """The ONNX model in ``model``, ready to run. About 0.1 s for MiniLM."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(model), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )
