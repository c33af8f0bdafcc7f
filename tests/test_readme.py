"""What the README shows works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import ROOT, run_aisle


def test_the_python_lines_run(copied_shop: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert code
    found: dict[str, object] = {}
    exec(code[1].replace("myshop", str(copied_shop)), found)
    assert found["reply"].cards  # type: ignore[attr-defined]


def test_every_command_it_names_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("## The commands")[1].split("## Settings")[0]
    named = {name for line in table.splitlines() for name in re.findall(r"`aisle ([a-z-]+)", line)}
    known = run_aisle("--help").stdout
    assert named
    assert all(name in known for name in named)


def test_the_picture_of_the_page_is_there() -> None:
    assert (ROOT / "docs" / "page" / "answer-desk.jpg").stat().st_size > 10_000
