"""Bars are for stages that have a length."""

from __future__ import annotations

import pytest

from ui.cli.progress import progress_bars


def test_a_stage_without_a_length_has_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bars() as progress:
        progress("train stars", 0, None)
        progress("nothing to encode", 0, 0)
        progress("epochs", 3, 3)
    told = capsys.readouterr().err
    assert "epochs" in told
    assert "3/3" in told
    assert "0/0" not in told
    assert "train stars" not in told


def test_a_log_is_told_when_each_stage_begins(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bars() as progress:
        progress("encode", 0, 10)
        assert "encode …" in capsys.readouterr().err
        progress("encode", 10, 10)
        assert "encode …" not in capsys.readouterr().err
