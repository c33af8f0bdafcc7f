"""Models on disk: one `model.json` and one `.npy` file an array. No pickle; arrays are opened memory-mapped.

Files are written under temporary names and renamed, `model.json` last, so a folder without it is no model.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

FILE = "model.json"
MAPPED_FROM = 4 << 20  # bytes; a smaller array is read: a mapped one keeps a descriptor open


class ModelFileError(ValueError):
    """A saved model that can't be used; the message says what was found, what was expected and what to do."""


def save_model(
    folder: Path, kind: str, version: int, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
) -> None:
    """Writes a model. ``settings`` must be JSON; ``arrays`` plain numeric arrays (see `pack_csr`)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        temporary = folder / f".{name}.tmp.npy"
        np.save(temporary, np.ascontiguousarray(array), allow_pickle=False)
        os.replace(temporary, folder / f"{name}.npy")
    described = {
        name: {"shape": list(array.shape), "dtype": str(array.dtype)} for name, array in arrays.items()
    }
    text = json.dumps(
        {"kind": kind, "version": version, "settings": dict(settings), "arrays": described}, indent=1
    )
    temporary = folder / f".{FILE}.tmp"
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, folder / FILE)


def load_model(folder: Path, kind: str, version: int) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Settings and memory-mapped arrays of a saved model.

    Raises:
        ModelFileError: nothing there, another kind or version, an array missing or of another shape or type.
    """
    found = read_header(folder)
    if (found.get("kind"), found.get("version")) != (kind, version):
        raise ModelFileError(
            f"{folder / FILE}: found a model of kind {found.get('kind')!r} version {found.get('version')!r}, "
            f"expected {kind!r} version {version}: train it again with this version of Aisle"
        )
    return found["settings"], {
        name: _load_array(folder, name, about) for name, about in found["arrays"].items()
    }


def read_header(folder: Path) -> dict[str, Any]:
    """The content of `model.json`. ModelFileError when there is none or it is no JSON object."""
    try:
        header = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelFileError(
            f"{folder}: no {FILE}: not a saved model, or a save that was cut off; train again"
        ) from None
    except ValueError as error:
        raise ModelFileError(f"{folder / FILE}: not readable as JSON ({error}); train again") from None
    if not isinstance(header, dict) or not {"kind", "version", "settings", "arrays"} <= header.keys():
        raise ModelFileError(
            f"{folder / FILE}: expected the keys kind, version, settings, arrays; train again"
        )
    return header


def _load_array(folder: Path, name: str, about: Mapping[str, Any]) -> np.ndarray:
    path = folder / f"{name}.npy"
    try:
        mapped = path.stat().st_size >= MAPPED_FROM
        array = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{path}: not readable ({error}); train again") from None
    if list(array.shape) != about["shape"] or str(array.dtype) != about["dtype"]:
        raise ModelFileError(
            f"{path}: found shape {list(array.shape)} of {array.dtype}, "
            f"expected {about['shape']} of {about['dtype']} ({FILE}); train again"
        )
    return np.asarray(array)  # where mapped, it still is; slices of the memmap class cost three times as much


def pack_csr(name: str, matrix: sparse.csr_matrix) -> dict[str, np.ndarray]:
    """A CSR matrix as arrays for `save_model`; its shape is kept in the fourth."""
    return {
        f"{name}_data": matrix.data.astype(np.float32),
        f"{name}_indices": matrix.indices.astype(np.int32),
        f"{name}_indptr": matrix.indptr.astype(np.int64),
        f"{name}_shape": np.array(matrix.shape, np.int64),
    }


def unpack_csr(name: str, arrays: Mapping[str, np.ndarray]) -> sparse.csr_matrix:
    """The inverse of `pack_csr`, on the mapped arrays (nothing is copied). ModelFileError when parts don't
    fit.
    """
    parts = [arrays.get(f"{name}_{part}") for part in ("data", "indices", "indptr", "shape")]
    if any(part is None for part in parts):
        raise ModelFileError(f"the sparse matrix {name!r} is incomplete in {FILE}; train again")
    data, indices, indptr, shape = parts
    rows, columns = (int(n) for n in shape)  # type: ignore[union-attr]
    if len(indptr) != rows + 1 or len(data) != len(indices) or indptr[-1] != len(data):  # type: ignore[arg-type,index]
        raise ModelFileError(
            f"the sparse matrix {name!r} has parts that don't fit its shape {rows}x{columns}; train again"
        )
    matrix = sparse.csr_matrix((rows, columns), dtype=np.float32)
    matrix.data, matrix.indices, matrix.indptr = data, indices, indptr
    return matrix
