"""The bag of words, the read-out at every step and by direction, probes."""

import numpy as np
import pytest

from rnn_core import ConfigError, InputError, Model, ModelConfig
from rnn_core.analysis.bag import BagOfWords
from rnn_core.analysis.probes import memory
from rnn_core.analysis.readouts import at_every_step, by_direction
from rnn_core.cells import CELLS
from rnn_core.tasks import SentimentTask


def test_a_bag_cannot_tell_two_orders_apart_and_knows_plain_words():
    task = SentimentTask(batch_size=64)
    block, held_out = task.block(0, 0), task.held_out()
    bag = BagOfWords(task.input_size, ignored=2)
    bag.fit(block.x.transpose(1, 0, 2).reshape(task.sequence_length, -1), block.targets.reshape(-1))
    one, other = (bag.predict(task.read(text)[0])[0] for text in (
        "the room was noisy but the staff was kind", "the staff was kind but the room was noisy"))  # fmt: skip
    assert one == pytest.approx(other, abs=1e-12)
    assert bag.predict(task.read("the food was good")[0])[0] > 0.5 > bag.predict(task.read("the food was bad")[0])[0]
    right = ((bag.predict(held_out.x) > 0.5) == held_out.targets[0]).mean()
    assert 0.4 < right < 0.85
    longer = np.concatenate([np.full((4, 64), 2), held_out.x])
    assert np.allclose(bag.predict(longer), bag.predict(held_out.x))  # blanks do not count
    with pytest.raises(InputError, match="zeros and ones"):
        bag.fit(held_out.x, np.full(64, 2))


def test_the_fit_is_where_the_gradient_vanishes():
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 5, (6, 200)), rng.integers(0, 2, 200)
    bag = BagOfWords(5)
    bag.fit(x, y)
    features = np.column_stack([bag.counts(x), np.ones(200)])
    slope = features.T @ (y - bag.predict(x)) - 0.1 * np.append(bag.weights, bag.bias)
    assert np.abs(slope).max() < 1e-4


@pytest.mark.parametrize("cell", CELLS)
def test_every_prefix_has_the_verdict_of_the_sentence_that_ends_there(cell):
    model = Model(ModelConfig(cell, 6, 5, 2, num_layers=2, output="last", dtype="float64", seed=2))
    x = np.random.default_rng(0).integers(0, 6, (5, 3))
    running = at_every_step(model, x)
    for end in range(1, 6):
        assert np.allclose(running.probs[end - 1], model.forward(x[:end]).probs[0], atol=1e-12)
    with pytest.raises(ConfigError, match="bidirectional"):
        at_every_step(Model(ModelConfig(cell, 6, 5, 2, output="last", bidirectional=True)), x)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bias", [True, False])
def test_the_directions_add_up(layers, bias):
    model = Model(ModelConfig("lstm", 4, 3, 5, num_layers=layers, bidirectional=True, bias=bias, dtype="float64"))
    trace = model.forward(np.random.default_rng(0).integers(0, 4, (6, 2)))
    shares = by_direction(model, trace)
    assert np.allclose(shares.forwards + shares.backwards + shares.bias, trace.logits, atol=1e-12)
    assert np.abs(shares.forwards).max() > 0 < np.abs(shares.backwards).max()
    with pytest.raises(ConfigError, match="expected True"):
        by_direction(Model(ModelConfig("lstm", 4, 3, 5)), trace)


def test_a_shift_register_remembers_exactly_as_long_as_it_is():
    x = np.random.default_rng(0).integers(0, 3, (20, 60))
    one_hot = np.eye(3)[x]
    states = np.zeros((2, 21, 60, 6))
    states[0, 1:, :, :3] = one_hot
    states[1, 1:, :, :3], states[1, 3:, :, 3:] = one_hot, one_hot[:-2]  # the symbol now and two steps back
    found = memory(states, x, 5)
    assert np.allclose(found[0], [1, 0, 0, 0, 0], atol=0.02) and np.allclose(found[1], [1, 0, 1, 0, 0], atol=0.02)
    with pytest.raises(InputError, match="lags"):
        memory(states, x[:-1], 5)
