"""Copy memory, temporal order, counting, flip-flop: their data and reference lines against their descriptions."""

import math
from itertools import product

import numpy as np
import pytest

from rnn_core.tasks import CopyTask, CountTask, FlipFlopTask, OrderTask

# copy memory


@pytest.mark.parametrize(("delay", "length", "symbols"), [(1, 1, 2), (5, 3, 8), (30, 10, 8)])
def test_copy_against_its_description(delay, length, symbols):
    task = CopyTask(delay=delay, length=length, symbols=symbols, batch_size=4)
    assert task.sequence_length == delay + 2 * length and task.output == "every"
    block = task.block(0, seed=1)
    assert block.mask is None
    for u, b in product(range(0, task.block_size, 7), range(4)):
        words = "".join(task.vocabulary[i] for i in block.x[u, :, b])
        answer = "".join(task.vocabulary[i] for i in block.targets[u, :, b])
        copied = words[:length]
        assert set(copied) <= set("ABCDEFGH"[:symbols])
        assert words == copied + "-" * (delay - 1) + "?" + "-" * length
        assert answer == "-" * (delay + length) + copied
    shares = np.bincount(block.x[:, :length].ravel(), minlength=symbols)[:symbols] / block.x[:, :length].size
    assert np.abs(shares - 1 / symbols).max() < 0.06


def test_the_published_setting_and_its_baseline():
    task = CopyTask(delay=30, length=3, symbols=8)
    assert (task.input_size, task.output_size, task.sequence_length) == (10, 9, 36)
    assert task.chance == pytest.approx(3 * math.log(8) / (30 + 2 * 3), abs=1e-12)
    assert task.chance == pytest.approx(0.17328679, abs=1e-8)


def test_the_baseline_is_what_the_predictor_without_memory_pays():
    task = CopyTask(delay=6, length=2, symbols=4)
    targets = task.held_out().targets
    logp = np.full((*targets.shape, task.output_size), -np.inf)
    logp[: -task.length, :, task.symbols] = 0
    logp[-task.length :, :, : task.symbols] = -math.log(task.symbols)
    loss = -np.take_along_axis(logp, targets[..., None], axis=-1).mean()
    assert loss == pytest.approx(task.chance, rel=1e-12)


def test_copying_is_measured_where_something_is_to_be_copied():
    task = CopyTask(delay=4, length=2, symbols=4)
    batch = task.held_out()
    right = np.eye(task.output_size)[batch.targets]
    assert task.accuracy(right, batch) == 1
    blanks = np.zeros_like(right)
    blanks[..., task.symbols] = 1
    assert task.accuracy(blanks, batch) == 0  # although most steps are blanks
    half = right.copy()
    half[-1] = blanks[-1]
    assert task.accuracy(half, batch) == 0.5


# temporal order


@pytest.mark.parametrize("steps", [10, 23, 100])
def test_order_against_its_description(steps):
    task = OrderTask(sequence_length=steps, batch_size=4)
    assert (task.output, task.chance, task.best) == ("last", math.log(4), 0)
    block, seen = task.block(0, seed=1), set()
    for u, b in product(range(task.block_size), range(4)):
        words = [task.vocabulary[i] for i in block.x[u, :, b]]
        places = [t for t, word in enumerate(words) if word in ("X", "Y")]
        assert words[0] == "E" and words[-1] == "B" and len(places) == 2
        assert set(words[1:-1]) <= set("abcdXY")
        assert steps // 10 <= places[0] <= steps // 5 and steps // 2 <= places[1] <= 3 * steps // 5
        assert task.vocabulary[block.targets[u, 0, b]] == words[places[0]] + words[places[1]]
        seen.add(tuple(places))
    assert len(seen) > (steps // 5 - steps // 10) * (3 * steps // 5 - steps // 2) / 2
    assert np.bincount(block.targets.ravel(), minlength=4) / block.targets.size == pytest.approx(0.25, abs=0.06)


def test_the_published_places():
    block = OrderTask(sequence_length=100).block(0, seed=0)
    t, _u, _b = np.nonzero(np.moveaxis((block.x == 4) | (block.x == 5), 1, 0))
    first = t.reshape(2, -1)[0], t.reshape(2, -1)[1]
    assert (first[0].min(), first[0].max()) == (10, 20) and (first[1].min(), first[1].max()) == (50, 60)


# counting


def test_counting_against_its_description():
    task = CountTask(longest=6, batch_size=4)
    assert task.sequence_length == 12
    block, seen = task.block(0, seed=1), set()
    for u, b in product(range(0, task.block_size, 3), range(4)):
        words = "".join(task.vocabulary[i] for i in block.x[u, :, b])
        n = words.count("a")
        assert words == "a" * n + "b" * n + "#" * (12 - 2 * n)
        assert "".join(task.vocabulary[i] for i in block.targets[u, :, b]) == (words + "#")[1:]
        assert block.mask[u, :, b].tolist() == [float(n <= t < 2 * n) for t in range(12)]
        seen.add(n)
    assert seen == set(range(1, 7))


@pytest.mark.parametrize("longest", [2, 15, 50])
def test_the_chance_of_counting_is_that_of_the_best_constant_guess(longest):
    task = CountTask(longest=longest)
    batch = task.strings(range(1, longest + 1))
    counted = batch.mask > 0
    ends = (batch.targets[counted] == 2).mean()
    assert set(np.unique(batch.targets[counted])) <= {1, 2}
    assert task.chance == pytest.approx(-ends * math.log(ends) - (1 - ends) * math.log(1 - ends), rel=1e-9)
    assert 0 < task.chance < math.log(2)


def test_a_string_counts_as_right_only_as_a_whole():
    task = CountTask(longest=4)
    batch = task.strings([1, 2, 3, 4])
    right = np.eye(3)[batch.targets]
    assert task.accuracy(right, batch) == 1
    wrong = right.copy()
    wrong[6, 3] = [0, 0, 1]  # the longest ends one step too early
    assert task.accuracy(wrong, batch) == 0.75
    other = right.copy()
    other[:1] = -1  # where an a was read, everything is allowed
    assert task.accuracy(other[:, 1:], type(batch)(*(a[:, 1:] for a in batch))) == 1


def test_strings_longer_than_those_of_training():
    batch = CountTask(longest=4).strings([9])
    assert batch.x.shape == (18, 1) and batch.x[:, 0].tolist() == [0] * 9 + [1] * 9
    assert batch.mask.sum() == 9 and batch.targets[-1, 0] == 2


# flip-flop


@pytest.mark.parametrize(("bits", "pulses"), [(1, 1.0), (3, 0.5), (4, 0.0)])
def test_the_flip_flop_against_its_description(bits, pulses):
    task = FlipFlopTask(sequence_length=20, bits=bits, pulses=pulses, batch_size=4)
    block = task.block(0, seed=1)
    held = np.zeros_like(block.x[:, 0])
    for t in range(20):
        pulse = block.x[:, t]
        assert set(np.unique(pulse)) <= {-1.0, 0.0, 1.0}
        counts = (pulse != 0).sum(axis=-1)
        assert (counts == bits).all() if t == 0 else (counts <= 1).all()
        held = np.where(pulse != 0, pulse, held)
        assert np.array_equal(block.targets[:, t], held)
    share = (block.x[:, 1:] != 0).any(axis=-1).mean()
    assert share == pytest.approx(pulses, abs=0.02)
    assert block.targets.mean() == pytest.approx(0, abs=0.05)


def test_a_bit_is_right_when_its_sign_is():
    task = FlipFlopTask(sequence_length=6, bits=2, batch_size=2)
    batch = task.held_out()
    assert task.accuracy(0.1 * batch.targets, batch) == 1
    wrong = 0.1 * batch.targets
    wrong[:, :, 0] *= -1
    assert task.accuracy(wrong, batch) == 0.5
    assert np.square(batch.targets).mean() == task.chance == 1
