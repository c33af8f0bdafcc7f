"""The training loop: seeded, stopped early, resumable; the networks it trains, and their ONNX form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from cf_engine.interactions import Interactions
from cf_engine.losses import bpr, sampled_softmax
from cf_engine.models.ratings import RatingModel
from cf_engine.models.sasrec import SASRec
from cf_engine.models.sasrec_network import Network
from cf_engine.models.sasrec_training import principal_components
from cf_engine.models.sequence_encoder import ParityError, SequenceEncoder
from cf_engine.training import Curve, TrainSettings, plot_curves, train
from tests.cf_engine.test_contract import ring

SETTINGS = TrainSettings(epochs=6, patience=0, lr=0.05, average=0.5)


def line(
    settings: TrainSettings, checkpoint: Path | None = None, stop_at: int | None = None
) -> tuple[float, Curve]:
    """Fits y = 2 x with a noisy loss; returns the slope."""
    torch.manual_seed(0)
    module = torch.nn.Linear(1, 1, bias=False)

    def batches(rng: np.random.Generator) -> list[torch.Tensor]:
        return list(torch.from_numpy(rng.normal(size=(4, 8, 1)).astype(np.float32)))

    def loss(x: torch.Tensor) -> torch.Tensor:
        return ((module(x) - 2 * x - 0.1 * torch.randn_like(x)) ** 2).mean()

    curve = train(module, batches, loss, settings, steps_per_epoch=4, checkpoint=checkpoint, stop_at=stop_at)
    return module.weight.item(), curve


def test_the_same_seed_gives_the_same_weights() -> None:
    assert line(SETTINGS)[0] == line(SETTINGS)[0]
    assert line(SETTINGS)[0] != line(TrainSettings(epochs=6, patience=0, lr=0.05, average=0.5, seed=1))[0]


def test_a_run_stopped_and_resumed_ends_where_an_unbroken_one_does(tmp_path: Path) -> None:
    line(SETTINGS, tmp_path, stop_at=3)
    resumed, curve = line(SETTINGS, tmp_path)
    unbroken, _ = line(SETTINGS)
    assert resumed == pytest.approx(unbroken, rel=1e-6)
    assert len(curve.loss) == 6


def test_a_checkpoint_of_other_settings_is_not_resumed(tmp_path: Path) -> None:
    line(SETTINGS, tmp_path)
    other = TrainSettings(epochs=7, patience=0, lr=0.05)
    assert line(other, tmp_path)[0] == line(other)[0]


def test_training_stops_when_validation_does_not_improve_and_keeps_the_best() -> None:
    module = torch.nn.Linear(1, 1, bias=False)
    values, seen = iter([0.1, 0.5, 0.4, 0.3, 0.2, 0.9]), []

    def validate() -> float:
        seen.append(module.weight.item())
        return next(values)

    curve = train(
        module,
        lambda rng: [torch.ones(2, 1)],
        lambda x: (module(x) ** 2).mean() + module(x).mean(),
        TrainSettings(epochs=6, patience=2, lr=0.1),
        steps_per_epoch=1,
        validate=validate,
    )
    assert (curve.best, len(curve.validation)) == (2, 4)
    assert module.weight.item() == pytest.approx(seen[1])


def test_curves_become_a_picture(tmp_path: Path) -> None:
    plot_curves(
        {"model": Curve(loss=[2.0, 1.0], validation=[0.1, 0.2], seconds=[1, 1], best=2)}, tmp_path / "c.png"
    )
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def test_bpr_by_hand() -> None:
    value = bpr(torch.tensor([2.0]), torch.tensor([[0.0, 1.0]]))
    assert float(value) == pytest.approx((np.log1p(np.exp(-2)) + np.log1p(np.exp(-1))) / 2)


def test_sampled_softmax_by_hand_leaves_the_answer_out_of_the_negatives() -> None:
    query, items = torch.tensor([[1.0, 0.0]]), torch.tensor([[1.0, 0.0], [3.0, 0.0]])
    same = torch.tensor([[True, False]])
    value = sampled_softmax(query, items[:1], items, same)
    assert float(value) == pytest.approx(np.log(np.exp(1) + np.exp(3)) - 1)


def test_the_encoder_sees_no_future() -> None:
    network = Network(10, 8, 2, 2, 0.5, 6).eval()
    whole, part = network(torch.tensor([[1, 2, 3, 4]])), network(torch.tensor([[1, 2]]))
    torch.testing.assert_close(whole[:, :2], part)


def test_onnx_agrees_with_torch_and_a_difference_is_noticed() -> None:
    network = Network(10, 8, 1, 2, 0.5, 6).eval()
    encoder = SequenceEncoder.export(network, 8, 6)
    with torch.no_grad():
        network.norm.weight.mul_(1.5)
    with pytest.raises(ParityError, match="differs from PyTorch"):
        encoder.check(network, 8, 6)


def test_sasrec_watches_then_trains_as_long_as_was_best() -> None:
    data = ring(60)
    model = SASRec(d=8, epochs=3, batch=32, negatives=10, blocks=1)
    model.watch([s[:-1] for s in data.to_sequences()], np.array([s[-1] for s in data.to_sequences()]))
    model.fit(data.without_last(1))
    assert model.curve is not None
    best = model.curve.best
    model.fit(data)
    assert len(model.curve.loss) == best
    assert model.curve.validation == []


def test_items_start_from_the_main_directions_of_their_texts() -> None:
    vectors = np.array([[10.0, 0.1], [-10.0, -0.1], [0.0, 0.0]])
    start = principal_components(vectors, 1)
    assert start[0, 0] == pytest.approx(-start[1, 0])
    assert start[2, 0] == 0


def stars() -> Interactions:
    """Half the shoppers love even items and half odd ones."""
    rng = np.random.default_rng(0)
    rows = [rng.permutation(20)[:12].tolist() for _ in range(120)]
    given = [[5.0 if (item + user) % 2 else 2.0 for item in row] for user, row in enumerate(rows)]
    return Interactions.from_sequences(rows, 20, stars=given)


def test_stars_of_a_new_shopper_follow_from_the_history(tmp_path: Path) -> None:
    model = RatingModel(epochs=60, l2=0.01, fold_in=0.5, batch=256).fit(stars())
    even, odd = model.predict([0, 2, 4, 1, 3], [5, 5, 5, 2, 2], [6, 7])
    assert even > odd + 1
    model.save(tmp_path)
    np.testing.assert_allclose(
        RatingModel.load(tmp_path).predict([0], [5], [6]), model.predict([0], [5], [6])
    )


def test_stars_need_stars() -> None:
    with pytest.raises(ValueError, match="needs stars"):
        RatingModel().fit(ring())
