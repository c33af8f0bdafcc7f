"""Arrays of a build: large ones stay on the disk and are mapped, small ones are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

MAPPED_FROM = 4 << 20  # bytes; a mapped file keeps a descriptor open for as long as the shop is


def worth_mapping(path: Path) -> bool:
    """Whether the file is so large that it should be mapped and not read."""
    return path.stat().st_size >= MAPPED_FROM


def open_array(path: Path) -> np.ndarray:
    """The array saved at ``path``, not to be written to."""
    array: np.ndarray = np.load(path, mmap_mode="r" if worth_mapping(path) else None, allow_pickle=False)
    if not isinstance(array, np.memmap):
        array.flags.writeable = False
    return array
