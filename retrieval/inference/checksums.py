"""SHA-256 of model files, in one ``SHA256SUMS`` beside them, as ``sha256sum`` writes and checks it."""

from __future__ import annotations

import hashlib
from pathlib import Path

FILE = "SHA256SUMS"


def damaged(folder: Path, *names: str) -> str:
    """What is wrong with these files of ``folder``, as a sentence; empty where they are what was delivered.

    A folder without ``SHA256SUMS`` is somebody's own, and not checked. About 20 ms for Aisle's largest file.
    """
    known = _read(folder)
    for name in names if known else ():
        found = sha256_of(folder / name)
        if found != known.get(name):
            return (
                f"{folder / name} is not the file that came with Aisle: its SHA-256 is {found[:12]}…, "
                f"expected {known.get(name, 'none')[:12]}… ({FILE}); install Aisle again, or train it again"
            )
    return ""


def record(folder: Path, *names: str) -> None:
    """Keep the checksums of files written anew, where ``folder`` has any."""
    known = _read(folder)
    if known:
        known |= {name: sha256_of(folder / name) for name in names}
        lines = (f"{digest}  {name}\n" for name, digest in sorted(known.items()))
        (folder / FILE).write_text("".join(lines), encoding="utf-8")


def _read(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
