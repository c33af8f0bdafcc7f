"""Bars are for stages that have a length."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from ui.cli import progress as progress_module
from ui.cli.progress import progress_bars


def test_a_stage_without_a_length_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(progress_module, "err", Console(file=screen, force_terminal=True, width=100))
    with progress_bars() as progress:
        progress("train stars", 0, None)
        progress("nothing to encode", 0, 0)
        progress("epochs", 3, 3)
    told = screen.getvalue()
    assert "epochs" in told
    assert "3/3" in told
    assert "0/0" not in told
    assert "train stars" not in told


def test_a_log_names_each_stage_once(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bars() as progress:
        for done in (0, 5, 10):
            progress("encode", done, 10)
        progress("train", 1, 2)
    assert capsys.readouterr().err.splitlines() == ["encode …", "train …"]


def test_a_log_is_told_when_each_stage_begins(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bars() as progress:
        progress("encode", 0, 10)
        assert "encode …" in capsys.readouterr().err
        progress("encode", 10, 10)
        assert "encode …" not in capsys.readouterr().err
