"""Whether a build's files are those that were written: size and SHA-256, taken once, checked before use.

About 1.5 GB a second and thread; reading them also warms the pages that the memory maps read next.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from agent.faults import EXHAUSTED
from retrieval.inference.checksums import sha256_of
from retrieval.reviews.store import ADDED

Inventory = dict[str, dict[str, Any]]
"""``bytes`` and ``sha256`` by path within the folder, with slashes."""


def inventory(folder: Path, leave_out: Iterable[str] = ()) -> Inventory:
    """Take down every file below ``folder`` but those named, and but reviews that may be added later."""
    left = set(leave_out)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [path.relative_to(folder).as_posix() for path in paths]
    kept = [name for name in names if name not in left and not Path(name).name.startswith(ADDED)]
    with ThreadPoolExecutor(_threads()) as pool:
        digests = pool.map(lambda name: sha256_of(folder / name), kept)
        return {
            name: {"bytes": (folder / name).stat().st_size, "sha256": digest}
            for name, digest in zip(kept, digests, strict=True)
        }


def first_damaged(folder: Path, files: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The first of ``files`` that is missing or not as it was written; None where all are.

    Raises:
        OSError: no file can be opened, for too many are.
    """

    def whole(name: str) -> bool:
        try:
            return sha256_of(folder / name) == files[name]["sha256"]
        except OSError as error:
            if error.errno in EXHAUSTED:
                raise
            return False
        except (ValueError, KeyError, TypeError):
            return False

    for name, file in files.items():  # sizes first: most damage is seen without reading
        if _size(folder / name) != file.get("bytes"):
            return name
    with ThreadPoolExecutor(_threads()) as pool:
        return next(
            (name for name, good in zip(files, pool.map(whole, files), strict=True) if not good), None
        )


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """A manifest with the hash of itself."""
    return {**manifest, "sha256": _own_digest(manifest)}


def is_sealed(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest is still as `sealed` left it."""
    return manifest.get("sha256") == _own_digest(manifest)


def _own_digest(manifest: Mapping[str, Any]) -> str:
    content = {name: value for name, value in manifest.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return None


def _threads() -> int:
    return min(4, os.cpu_count() or 1)
