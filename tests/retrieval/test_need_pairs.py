"""What the encoder learns from."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.training.need_pairs import NeedPairsError, name_pairs, need_pairs, read_kinds

TEXT = """\
# a comment
@Pets > Dogs > Dog raincoat
=Waterproof Dog Coat M | Taped seams.
=Pup Poncho S
-my beagle comes back soaked
2something tiny for my pocket
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "pairs.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_kind_has_its_products_and_needs(tmp_path: Path) -> None:
    (kind,) = read_kinds(written(tmp_path, TEXT))
    assert kind.path == ("Pets", "Dogs", "Dog raincoat")
    assert kind.products == ("Waterproof Dog Coat M. Taped seams", "Pup Poncho S")
    assert kind.needs == (("my beagle comes back soaked", ()), ("something tiny for my pocket", (1,)))


def test_a_need_of_one_product_is_paired_with_that_one_alone(tmp_path: Path) -> None:
    pairs = list(need_pairs(read_kinds(written(tmp_path, TEXT))))
    documents = [pair.document for pair in pairs if pair.said == "something tiny for my pocket"]
    assert all("Poncho" in document or document == "Dog raincoat" for document in documents)
    assert len(documents) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [("-a need", "line 1.*expected"), ("@A > B\n=T\n3a need", "no product 3"), ("@A\n?what", "line 2")],
)
def test_a_line_that_can_not_be_read_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(NeedPairsError, match=told):
        read_kinds(written(tmp_path, text))


def test_other_names_are_pairs() -> None:
    assert any({pair.said, pair.document} == {"hoover", "vacuum cleaner"} for pair in name_pairs())
