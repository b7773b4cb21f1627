"""Dropout between layers: the masks against another way to compute them, the rest against PyTorch with these masks."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from agreement import in_norm, of_largest
from core_models import build
from samples import sample
from torch_network import OPTIMIZERS as TORCH_OPTIMIZERS
from torch_network import as_torch, loss_of

from rnn_core import ConfigError, EncoderDecoder, EncoderDecoderConfig, EncoderDecoderTrainer, TrainConfig, Trainer
from rnn_core.checkpoint import dump, read_checkpoint
from rnn_core.kernels import threads
from rnn_core.kernels.dropout import draw
from rnn_core.tasks import FixedBatches
from rnn_core.tasks.pairs import ReverseTask

T, B, SIZES = 6, 3, (5, 4, 5)


def hashed(x: np.ndarray) -> np.ndarray:
    """lowbias32 in NumPy's own arithmetic of 32 bits, which wraps."""
    x = x.astype(np.uint32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    return x ^ (x >> np.uint32(16))


def masks(seed: int, update: int, rate: float, *shape: int) -> np.ndarray:
    """(L-1, T, B, W), as rnn_core.kernels.dropout says that they are."""
    one = hashed(hashed(np.array([seed])) + np.uint32(update))
    other = hashed(one ^ np.uint32(0x9E3779B9))
    drawn = hashed(hashed(np.arange(np.prod(shape)) ^ one) ^ other) / 2**32
    return np.where(drawn < rate, 0.0, 1 / (1 - rate)).reshape(shape)


def samples(cell="lstm", layers=3, count=3, **more):
    return [sample(cell, layers, T=T, B=B, sizes=SIZES, seed=seed, **more) for seed in range(count)]


def trainer(given, **settings) -> Trainer:
    first = given[0]
    task = FixedBatches(
        [(one.x, one.targets) for one in given], input_size=5, output_size=5, output=first.network.output
    )
    return Trainer(build(first), task, TrainConfig(**{"optimizer": "sgd", "dropout": 0.4, "seed": 9} | settings))


@pytest.mark.small
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_masks(rate):
    for seed, update in ((0, 0), (3, 70_000), (2**32 - 1, 2**31)):
        for dtype in (np.float32, np.float64):
            found = np.full((2, 5, 4, 7), 99, dtype)
            draw(found, rate, seed, update, 1, 3)
            assert (found[:, :, [0, 3]] == 99).all()  # sequences of other threads
            draw(found, rate, seed, update, 0, 4)
            assert found == pytest.approx(masks(seed, update, rate, 2, 5, 4, 7), rel=1e-6)


@pytest.mark.small
def test_masks_have_no_pattern():
    """As many zeros as the rate says; those of two updates, seeds, layers, steps, sequences or units are unrelated."""
    rate, shape = 0.3, (2, 50, 20, 30)
    count = int(np.prod(shape))
    drawn = [masks(seed, update, rate, *shape) == 0 for seed, update in ((0, 0), (0, 1), (1, 0), (1, 1), (7, 4000))]
    for zero in drawn:
        assert abs(zero.mean() - rate) < 5 * np.sqrt(rate * (1 - rate) / count)
    pairs = [(a, b) for i, a in enumerate(drawn) for b in drawn[:i]]
    pairs += [(zero.take(range(1, n), axis), zero.take(range(n - 1), axis)) for axis, n in enumerate(shape)
              for zero in drawn]  # fmt: skip
    for a, b in pairs:
        assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 5 / np.sqrt(a.size)


@pytest.mark.parametrize(
    ("cell", "more", "truncate", "truncation"),
    [
        ("lstm", {}, None, "windowed"),
        ("gru", {"bidirectional": True}, None, "windowed"),
        ("gru_reset_before", {"bias": False}, None, "windowed"),
        ("rnn_tanh", {"output": "last"}, None, "windowed"),
        ("rnn_relu", {"bidirectional": True, "output": "last"}, None, "windowed"),
        ("lstm", {"bidirectional": True}, 2, "chunked"),
        ("gru", {}, 2, "windowed"),
    ],
)
def test_updates_are_pytorchs_with_these_masks(cell, more, truncate, truncation):
    """Thirty updates of a network of three layers, whose gradient autograd finds through the masked outputs."""
    given = samples(cell, **more)
    one = trainer(given, learning_rate=0.1, truncate=truncate, truncation=truncation)
    history = one.step(30)
    net = as_torch(given[0])[0]
    descent, k, dirs = TORCH_OPTIMIZERS["sgd"](net.parameters(), 0.1), truncate, 1 + net.rnn.bidirectional
    width = 4 * dirs
    zero = torch.zeros(3 * dirs, B, 4, dtype=torch.float64)
    state = (zero, zero) if cell == "lstm" else zero
    for update in range(30):
        mask = torch.tensor(masks(9, update, 0.4, 2, T, B, width))
        x = torch.tensor(np.eye(5)[given[update % 3].x])
        targets = torch.tensor(given[update % 3].targets).long().reshape(-1, B)

        def losses(cut, x=x, mask=mask, targets=targets):
            logits, _states = net.unroll(x, state, cut, lambda layer, outputs: outputs * mask[layer])
            return [
                loss_of("cross_entropy", row[None], target[None]) for row, target in zip(logits, targets, strict=True)
            ]

        descent.zero_grad()
        if truncation == "windowed" and k is not None:
            loss = sum(losses(lambda d, s, p, t=t: abs(t - p) > k)[t] for t in range(T)) / T
        else:
            each = losses(lambda d, s, p: k is not None and 0 <= p < T and max(s, p) % k == 0)
            loss = sum(each) / len(each)
        loss.backward()
        assert history.loss[update] == pytest.approx(loss.item(), rel=1e-12)
        norm = np.sqrt(sum(float((p.grad**2).sum()) for p in net.parameters()))
        assert history.grad_norm[update] == pytest.approx(norm, rel=1e-10)
        descent.step()
    for name, value in one.model.state_dict().items():
        assert of_largest(value, net.named()[name].detach().numpy()) <= 1e-11, name


@pytest.mark.small
def test_against_central_differences():
    """The gradient of the first update, by the loss that the same update has with a number moved."""
    given = samples("lstm", layers=2, count=1)

    def loss(params) -> float:
        one = trainer([given[0]._replace(params=params)], learning_rate=0)
        return float(one.step(1).loss[0])

    one, params = trainer(given, learning_rate=1.0), given[0].params
    one.step(1)
    after = one.model.state_dict()
    for name, value in params.items():
        slopes = np.empty_like(value)
        for at in np.ndindex(value.shape):
            moved = [params | {name: value.copy()} for _ in range(2)]
            moved[0][name][at] += 1e-5
            moved[1][name][at] -= 1e-5
            slopes[at] = (loss(moved[0]) - loss(moved[1])) / 2e-5
        assert in_norm(value - after[name], slopes) < 1e-6, name


@pytest.mark.small
def test_outside_of_updates_nothing_is_dropped():
    given = samples(count=1)
    one = trainer(given)
    before = one.evaluate()
    assert before == trainer(given, dropout=0.0).evaluate()
    assert one.step(1).loss[0] != pytest.approx(before, rel=1e-3)
    assert one.evaluate() == one.model.loss(*one.task.held_out()[:2])


def test_no_bit_depends_on_how_updates_are_grouped_or_interrupted(monkeypatch):
    monkeypatch.setattr(threads, "MIN_WORK", 1)
    monkeypatch.setattr(threads, "POOL", threads.Pool(3))
    whole, parts, together = (trainer(samples(), threads=count) for count in (1, 1, 2))
    whole.step(24), together.step(24)
    for count in (1, 7, 2):
        parts.step(count)
    parts = read_checkpoint(io.BytesIO(dump(parts)))
    parts.step(14)
    for other in (parts, together):
        assert other.model.parameters.tobytes() == whole.model.parameters.tobytes()
    again = trainer(samples(), seed=10)
    again.step(24)
    assert again.model.parameters.tobytes() != whole.model.parameters.tobytes()


def test_it_can_be_switched_on_and_off_and_back():
    """An update depends on its number, not on the past of the setting."""
    one, other = trainer(samples(), learning_rate=0), trainer(samples(), learning_rate=0)
    expected = one.step(9).loss
    found = [other.step(3).loss]
    other.configure(dropout=0.0)
    plain = other.step(3).loss
    other.configure(dropout=0.4)
    found.append(other.step(3).loss)
    assert (np.concatenate(found) == expected[[0, 1, 2, 6, 7, 8]]).all() and (plain != expected[3:6]).all()


@pytest.mark.small
def test_what_cannot_be_is_refused():
    for rate in (-0.1, 1.0, float("nan"), None, True):
        with pytest.raises(ConfigError, match="dropout is"):
            TrainConfig(dropout=rate)
    with pytest.raises(ConfigError, match="for a network of one layer"):
        trainer(samples(layers=1))
    pairs = ReverseTask(longest=3, kinds=3)
    network = EncoderDecoder(EncoderDecoderConfig("gru", pairs.input_size, 3, pairs.output_size, num_layers=2))
    with pytest.raises(ConfigError, match="an encoder-decoder is trained without"):
        EncoderDecoderTrainer(network, pairs, replace(TrainConfig(), dropout=0.5))
