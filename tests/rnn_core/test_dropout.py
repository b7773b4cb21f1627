"""Dropout between layers: the masks against another way to compute them; gradients, bits, refusals."""

import io
from dataclasses import replace

import numpy as np
import pytest
from agreement import in_norm
from dropout_reference import masks, samples, trainer

from rnn_core import ConfigError, EncoderDecoder, EncoderDecoderConfig, EncoderDecoderTrainer, TrainConfig
from rnn_core.checkpoint import dump, read_checkpoint
from rnn_core.kernels import threads
from rnn_core.kernels.dropout import draw
from rnn_core.tasks.pairs import ReverseTask


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


@pytest.mark.small
def test_against_central_differences():
    """The gradient of the first update, by the loss that the same update has with a number moved."""
    given = samples("lstm", layers=2, count=1, T=4, B=2, sizes=(3, 3, 3))

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
