"""What every description of a file says of shipping is removed there, and answers as a document of the shop."""

from __future__ import annotations

from pathlib import Path

from agent.operations.commands import import_files

LEAD = "Free shipping within 3 days, returns within 30 days."


def test_shipping_rules_in_descriptions_become_a_document(tmp_path: Path) -> None:
    rows = [f'p{i},Thing {i},"{LEAD} Thing number {i} is fine."' for i in range(40)]
    file = tmp_path / "export.csv"
    file.write_text("\n".join(["id,title,description", *rows]), encoding="utf-8")
    lines = import_files(tmp_path / "shop", products=file)
    assert LEAD in (tmp_path / "shop" / "documents" / "from-export-csv.md").read_text(encoding="utf-8")
    assert any(LEAD in line for line in lines)


def test_a_file_without_such_rules_makes_no_document(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text("id,title,description\na,Tent,A fine tent.\n", encoding="utf-8")
    import_files(tmp_path / "shop", products=file)
    assert not (tmp_path / "shop" / "documents").exists()
