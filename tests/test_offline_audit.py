"""The audit without the Internet: which pinned versions old databases name, and what must be accounted for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

Audit = Callable[..., tuple[int, str]]
TIME = 1_775_023_247  # 1 April 2026


def _module() -> ModuleType:
    spec = spec_from_file_location("offline_audit", ROOT / ".ci" / "offline_audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["offline_audit"] = module_from_spec(spec)  # where its dataclasses look for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def audit(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    """Run the audit of some pins; its exit code, and what it prints."""

    def run(pins: str, *options: str | Path) -> tuple[int, str]:
        constraints = folder / "constraints.txt"
        constraints.write_text(pins, encoding="utf-8")
        given = [constraints, "--safety-db", folder / "insecure.json", *options]
        monkeypatch.setattr(sys, "argv", ["audit", *map(str, given)])
        with pytest.raises(SystemExit) as ended:
            _module().main()
        return int(ended.value.code or 0), capsys.readouterr().out

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Databases that know that an `Old_Lamp` before 2, and `rope` from 1.1 to before 1.4, burn."""
    entries = {"$meta": {"timestamp": TIME}, "Old_Lamp": ["<2", "==1.0"]}
    (tmp_path / "insecure.json").write_text(json.dumps(entries), encoding="utf-8")
    advisory = tmp_path / "vulns" / "rope" / "PYSEC-1.yaml"
    advisory.parent.mkdir(parents=True)
    advisory.write_text(
        "id: PYSEC-1\nmodified: '2024-10-10T17:35:05Z'\naffected:\n- package: {name: rope, ecosystem: PyPI}\n"
        "  ranges:\n  - type: ECOSYSTEM\n    events: [{introduced: '1.1'}, {fixed: '1.4'}]\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.mark.parametrize(
    ("pin", "named"),
    [
        ("old-lamp==1.5", "<2"),
        ("rope==1.3.9", "PYSEC-1"),
        ("old.lamp==1.0", "==1.0"),
        ("rope==1.1", "PYSEC-1"),
    ],
)
def test_a_version_that_a_database_names_fails_the_audit(
    audit: Audit, folder: Path, pin: str, named: str
) -> None:
    code, told = audit(pin, "--advisories", folder)
    assert code == 1
    assert f"`{named}`" in told
    assert "not accounted for" in told


def test_other_versions_pass_and_the_databases_dates_are_told(audit: Audit, folder: Path) -> None:
    code, told = audit("old-lamp==2.0\nrope==1.4\n# rope==1.2\nbell==1.0\n", "--advisories", folder)
    assert code == 0
    assert "| pyup.io safety-db | 2026-04-01 | 1 of 3 | 0 |" in told
    assert "| Python Packaging Advisory Database | 2024-10-10 | 1 of 3 | 0 |" in told


def test_what_is_accounted_for_passes_with_its_reason(audit: Audit, folder: Path) -> None:
    entries = {"$meta": {"timestamp": TIME}, "gradio": [">=0"]}
    (folder / "insecure.json").write_text(json.dumps(entries), encoding="utf-8")
    code, _ = audit("gradio==6.31.0", "--report", folder / "report.md")
    assert code == 0
    assert "CVE-2024-39236" in (folder / "report.md").read_text(encoding="utf-8")
