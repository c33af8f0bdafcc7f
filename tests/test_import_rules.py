"""Who may import whom: `ui -> agent -> {retrieval, cf_engine}`, and which file owns which library."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("retrieval", "cf_engine", "agent", "ui")
FORBIDDEN = {
    "retrieval": {"cf_engine", "agent", "ui"},
    "cf_engine": {"retrieval", "agent", "ui"},
    "agent": {"ui"},
    "ui": {"retrieval", "cf_engine"},
}
LANGCHAIN = {
    "langchain",
    "langchain_core",
    "langgraph",
    "langchain_openai",
    "langchain_anthropic",
    "langchain_ollama",
}
LANGCHAIN_OWNERS = {
    f"agent/llm/{name}.py" for name in ("answer", "limits", "loop", "models", "prompt", "writer")
}
LANGCHAIN_OWNERS |= {"agent/tools/langchain.py"}
OWNERS = {
    **dict.fromkeys(LANGCHAIN, LANGCHAIN_OWNERS),
    "langchain_community": {"retrieval/importers/documents.py", "agent/llm/models.py"},
    "chromadb": {"retrieval/vector_index.py"},
    "gradio": {"ui/"},
    "fastapi": {"ui/"},
    "typer": {"ui/"},
    "rich": {"ui/"},
}
HEAVY = (
    "torch",
    "transformers",
    "sentence_transformers",
    "gradio",
    "chromadb",
    "langchain",
    "pandas",
    "matplotlib",
    "optuna",
    "lightgbm",
)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def violations(file: str, tree: ast.Module) -> list[str]:
    package = file.split("/")[0]
    wrong = []
    for name in imported(tree):
        if name in FORBIDDEN[package]:
            wrong.append(f"{file}: {package} must not import {name}")
        owners = OWNERS.get(name)
        if owners is not None and not any(
            file == owner or (owner.endswith("/") and file.startswith(owner)) for owner in owners
        ):
            wrong.append(f"{file}: only {', '.join(sorted(owners))} may import {name}")
    return wrong


def test_every_owner_of_langchain_imports_it() -> None:
    users = {file for file, tree in modules() if LANGCHAIN & set(imported(tree))}
    assert users == LANGCHAIN_OWNERS


def test_no_module_imports_what_its_package_must_not() -> None:
    assert [wrong for file, tree in modules() for wrong in violations(file, tree)] == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("retrieval/search.py", "from cf_engine.base import Recommender"),
        ("cf_engine/models/bpr.py", "import retrieval.catalog"),
        ("agent/shop.py", "def f():\n    import ui.cli"),
        ("ui/cli/app.py", "from retrieval.catalog import Catalog"),
        ("agent/shop.py", "from langchain.agents import create_agent"),
        ("retrieval/search.py", "import chromadb"),
        ("agent/ranking.py", "import gradio as gr"),
    ],
)
def test_a_forbidden_import_is_found(file: str, line: str) -> None:
    assert violations(file, ast.parse(line))


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    code = f"import sys, {package}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
