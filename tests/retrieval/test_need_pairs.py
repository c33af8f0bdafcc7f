"""What the encoder learns from, and the weights that it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from retrieval.inference.encoder_weights import lay_over, save_layers
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


def test_weights_in_eight_bits_come_back_nearly_as_they_were(tmp_path: Path) -> None:
    model = torch.nn.ModuleDict(
        {"embeddings": torch.nn.Embedding(5, 4), "layer": torch.nn.Linear(4, 3, bias=True)}
    )
    save_layers(model, tmp_path / "weights.safetensors", {"pairs": 1})
    save_file({name: torch.zeros_like(t) for name, t in model.state_dict().items()}, tmp_path / "whole")
    lay_over(tmp_path / "whole", tmp_path / "weights.safetensors")
    back = load_file(tmp_path / "whole")
    assert torch.allclose(back["layer.weight"], model["layer"].weight, atol=0.01)
    assert torch.allclose(back["layer.bias"], model["layer"].bias, atol=0.001)
    assert not back["embeddings.weight"].any()  # word embeddings stay the package's
