"""The sequence encoder as ONNX: exported once after training, checked against PyTorch, run by onnxruntime on
one thread.
"""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from cf_engine.base import FloatArray

if TYPE_CHECKING:
    from cf_engine.models.sasrec_network import Network

TOLERANCE = (
    1e-3  # largest difference from PyTorch that a parity check lets pass, on vectors of length about sqrt(d)
)


class ParityError(RuntimeError):
    """The exported encoder doesn't compute what PyTorch does."""


class SequenceEncoder:
    """Item vectors (n, length, d) of histories, oldest first -> (n, length, d): what comes after each
    position.
    """

    def __init__(self, onnx: bytes = b"") -> None:
        self._onnx = onnx
        self._session: Any = None
        self._network: Network | None = None
        self._size = (0, 0)

    @classmethod
    def of(cls, network: Network, d: int, max_length: int) -> Self:
        """Runs in PyTorch until `onnx` is asked for: an export takes seconds, and most fits are not saved."""
        encoder = cls()
        encoder._network, encoder._size = network.eval(), (d, max_length)
        return encoder

    @property
    def onnx(self) -> bytes:
        """The exported network; exported and checked when first asked for."""
        if self._network is not None:
            self._onnx = self.export(self._network, *self._size)._onnx
            self._network = None
        return self._onnx

    def __call__(self, vectors: FloatArray) -> FloatArray:
        if self._network is not None:
            import torch

            with torch.no_grad():
                states: FloatArray = self._network.encode(torch.from_numpy(vectors)).numpy()
            return states
        if self._session is None:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(
                self._onnx, options, providers=["CPUExecutionProvider"]
            )
        return self._session.run(None, {"vectors": np.ascontiguousarray(vectors, np.float32)})[0]

    @classmethod
    def export(cls, network: Network, d: int, max_length: int) -> Self:
        """Exports ``network.encode`` with free batch and length. ParityError when it differs by over
        `TOLERANCE`.
        """
        import torch

        class Encode(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.network = network

            def forward(self, vectors: torch.Tensor) -> torch.Tensor:
                return self.network.encode(vectors)

        logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it warns of torchvision, which nobody needs
        network.eval()
        sample = torch.randn(2, 5, d, generator=torch.Generator().manual_seed(0)) * 0.1
        buffer = io.BytesIO()
        program = torch.onnx.export(
            Encode().eval(),
            (sample,),
            dynamo=True,
            input_names=["vectors"],
            output_names=["states"],
            dynamic_shapes=({0: torch.export.Dim("n"), 1: torch.export.Dim("length", max=max_length)},),
            verbose=False,
        )
        assert program is not None
        program.save(buffer)  # type: ignore[arg-type]  # takes a file object too, as its docstring says
        encoder = cls(buffer.getvalue())
        encoder.check(network, d, max_length)
        return encoder

    def check(self, network: Network, d: int, max_length: int) -> None:
        """Compares with PyTorch at lengths 1, 2 and the longest."""
        import torch

        for length in (1, 2, max_length):
            vectors = torch.randn(3, length, d, generator=torch.Generator().manual_seed(length)) * 0.1
            with torch.no_grad():
                expected = network.encode(vectors).numpy()
            difference = float(np.abs(self(vectors.numpy()) - expected).max())
            if difference > TOLERANCE:
                raise ParityError(
                    f"the exported encoder differs from PyTorch by {difference:.2g} at length {length}, "
                    f"at most {TOLERANCE} is allowed: check the versions of torch, onnxscript and onnxruntime"
                )
