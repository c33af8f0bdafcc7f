"""Who may import whom: `ui -> agent -> {retrieval, cf_engine, speech}`, and which file owns which library."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("retrieval", "cf_engine", "speech", "agent", "ui")
FORBIDDEN = {
    "retrieval": {"cf_engine", "speech", "agent", "ui"},
    "cf_engine": {"retrieval", "speech", "agent", "ui"},
    "speech": {"retrieval", "cf_engine", "agent", "ui"},
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
    "faster_whisper": {"speech/transcribing.py", "speech/activity.py"},
    "hibari": {"speech/speaking.py"},
    "piper": {"speech/speaking.py"},
    "av": {"speech/audio.py"},
    "num2words": {"speech/wording.py"},
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
    "faster_whisper",
    "hibari",
)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def dotted(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


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
        ("retrieval/search.py", "from cf_engine.base import HistoryModel"),
        ("cf_engine/models/bpr.py", "import retrieval.catalog"),
        ("agent/shop.py", "def f():\n    import ui.cli"),
        ("ui/cli/app.py", "from retrieval.catalog import Catalog"),
        ("agent/shop.py", "from langchain.agents import create_agent"),
        ("retrieval/search.py", "import chromadb"),
        ("agent/recommending/ranking.py", "import gradio as gr"),
    ],
)
def test_a_forbidden_import_is_found(file: str, line: str) -> None:
    assert violations(file, ast.parse(line))


def edges(trees: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """Module to the modules of the same top package that it imports, at the top or in a function; what only a
    type checker reads does not count.
    """
    found: dict[str, set[str]] = {}
    for name, tree in trees.items():
        targets = found.setdefault(name, set())
        for node in run_time(tree):
            if isinstance(node, ast.Import):
                targets |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = {f"{node.module}.{alias.name}" for alias in node.names}
                targets |= (names & trees.keys()) or {node.module}
        targets &= trees.keys() - {name}
    return found


def run_time(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            continue
        yield child
        yield from run_time(child)


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import each other, by Tarjan's algorithm."""
    order, low, stack, found = {}, {}, [], []

    def visit(node: str) -> None:
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in graph[node]:
            if other not in order:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == order[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in graph:
        if node not in order:
            visit(node)
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_no_modules_of_a_package_import_each_other(package: str) -> None:
    trees = {dotted(file): tree for file, tree in modules() if file.startswith(f"{package}/")}
    assert circles(edges(trees)) == []


def test_a_circle_is_found_and_one_of_types_alone_is_none() -> None:
    late = ast.parse("def f():\n    import p.b")
    typed = ast.parse("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import p.b")
    back = ast.parse("from p import a")
    assert circles(edges({"p.a": late, "p.b": back})) == [["p.a", "p.b"]]
    assert circles(edges({"p.a": typed, "p.b": back})) == []


def test_every_package_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {path.parent for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")}
    names = {folder.relative_to(ROOT).as_posix().replace("/", ".") for folder in folders}
    assert set(project["tool"]["setuptools"]["packages"]) == names


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    code = f"import sys, {package}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
