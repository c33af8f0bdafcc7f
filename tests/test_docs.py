"""The documents name only modules, files and folders that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TOP = ("agent", "retrieval", "cf_engine", "ui", "benchmarks", "examples", "tests")
CODE = re.compile(r"`([^`\n]+)`")
DOTTED = re.compile(rf"(?:{'|'.join(TOP)})(?:\.\w+)+")
FILE = re.compile(r"[\w./-]+\.py")
FOLDER = re.compile(rf"(?:{'|'.join(TOP)})(?:/[\w.-]+)+")


def missing(text: str) -> list[str]:
    """What a text names as code that is nowhere in the project."""
    names = CODE.findall(text)
    files = [path for name in names for path in FILE.findall(name) if path.endswith(".py")]
    folders = [name for name in names if FOLDER.fullmatch(name)]
    dotted = [found for name in names for found in DOTTED.findall(name) if not FILE.search(name)]
    gone = [path for path in files if not is_file(path)]
    gone += [path for path in folders if not (ROOT / path).exists()]
    return gone + [name for name in dotted if not is_module(name)]


def is_file(path: str) -> bool:
    """Whether a file is there, named from the root or from one of the rooms."""
    return (ROOT / path).is_file() or any(any((ROOT / top).rglob(path)) for top in TOP)


def is_module(name: str) -> bool:
    """Whether a dotted name is a module, or something in one that its text speaks of."""
    parts = name.split(".")
    for size in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:size])
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                return size == len(parts) or parts[size] in file.read_text(encoding="utf-8")
        if path.is_dir():
            return size == len(parts)
    return False


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_only_what_exists(document: Path) -> None:
    assert missing(document.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "name", ["agent/nothing", "nothing.py", "agent.nothing.at_all", "agent.shop.nothing_here"]
)
def test_what_does_not_exist_is_found(name: str) -> None:
    assert missing(f"see `{name}`") == [name]
