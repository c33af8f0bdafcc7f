"""A shop imported again: the newer row wins, nothing changes by itself, and a file may replace what was there."""

from __future__ import annotations

import pytest

from retrieval.importers import ImportFileError
from tests.retrieval.importing import Target


def test_the_same_file_again_changes_nothing(target: Target) -> None:
    content = "id,title\na,One\nb,Tent\na,Two\n"
    first = target.read(content)
    before = target.catalog.content_hash()
    second = target.read(content)
    assert (first.files[0].added, first.files[0].duplicates) == (2, 1)
    assert (second.files[0].added, second.files[0].updated) == (0, 0)
    assert target.catalog.content_hash() == before
    assert target.titles() == {"a": "Two", "b": "Tent"}


def test_of_a_repeated_id_the_newer_row_wins_wherever_it_stands(target: Target) -> None:
    target.read("id,title,updated_at\na,New,2026-05-01\nb,x,2026-01-01\na,Old,2026-04-01\n")
    assert target.titles()["a"] == "New"


def test_an_older_export_does_not_undo_a_newer_one(target: Target) -> None:
    target.read("id,title,updated_at\na,New,2026-05-01\n")
    target.read("id,title,updated_at\na,Old,2026-04-01\n")
    assert target.titles() == {"a": "New"}


def test_replace_removes_what_the_file_lacks_and_keeps_what_is_only_rejected(target: Target) -> None:
    target.read("id,title,price\na,Kettle,5\nb,Tent,6\nc,Lamp,7\n")
    summary = target.read("id,title,price\na,Kettle,8\nb,Tent,1e3\n", replace=True)
    assert target.titles() == {"a": "Kettle", "b": "Tent"}
    assert any("1 product was removed, which the files lack" in notice for notice in summary.notices)


def test_replace_never_empties_a_shop(target: Target) -> None:
    target.read("id,title,price\na,Kettle,5\n")
    with pytest.raises(ImportFileError, match="no good row"):
        target.read("id,title,price\nb,Tent,1e3\n", replace=True)
    assert target.titles() == {"a": "Kettle"}
