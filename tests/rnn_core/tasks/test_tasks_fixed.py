"""Batches that are given."""

import math

import numpy as np
import pytest
from task_cases import check_arrays, make, same

from rnn_core.errors import ConfigError, InputError
from rnn_core.tasks import TASKS, FixedBatches

# fixed batches


def test_fixed_batches_cycle_through_what_was_given():
    rng = np.random.default_rng(0)
    given_batches = [(rng.integers(0, 5, (300, 8)), rng.integers(0, 4, (300, 8))) for _ in range(5)]
    task = FixedBatches(given_batches)
    assert (task.input_size, task.output_size, task.output, task.loss) == (5, 4, "every", "cross_entropy")
    assert task.block_size == 13 and task.chance == math.log(4)
    for index in range(3):
        block = task.block(index, seed=index)
        check = task.block_size * index + np.arange(task.block_size)
        assert block.x.dtype == block.targets.dtype == np.int32 and block.mask is None and block.reset.all()
        for row, update in enumerate(check):
            assert np.array_equal(block.x[row], given_batches[update % 5][0])
            assert np.array_equal(block.targets[row], given_batches[update % 5][1])
    assert np.array_equal(task.held_out().x, given_batches[0][0])
    assert np.array_equal(task.example(9).x[:, 0], given_batches[1][0][:, 1])
    with pytest.raises(ConfigError, match="stateful"):
        task.block(0, 0, stateful=True)


@pytest.mark.parametrize(
    ("x", "targets", "options", "expected"),
    [
        ((5, 2), (5, 2), {}, ("every", "cross_entropy", (5, 2))),
        ((5, 2), (2,), {}, ("last", "cross_entropy", (1, 2))),
        ((5, 2), (1, 2), {}, ("last", "cross_entropy", (1, 2))),
        ((1, 2), (1, 2), {}, ("every", "cross_entropy", (1, 2))),
        ((1, 2), (1, 2), {"output": "last"}, ("last", "cross_entropy", (1, 2))),
        ((5, 2, 3), (5, 2, 4), {}, ("every", "mse", (5, 2, 4))),
        ((5, 2, 3), (2, 4), {}, ("last", "mse", (1, 2, 4))),
        ((5, 2, 3), (1, 2, 4), {}, ("last", "mse", (1, 2, 4))),
        ((5, 2, 3), (2,), {"input_size": 3, "output_size": 9}, ("last", "cross_entropy", (1, 2))),
    ],
)
def test_fixed_batches_infer_the_read_out(x, targets, options, expected):
    def array(shape, ids):
        return np.ones(shape, int) if ids else np.linspace(0, 1, math.prod(shape)).reshape(shape)

    task = FixedBatches([(array(x, len(x) == 2), array(targets, expected[1] != "mse"))] * 2, **options)
    assert (task.output, task.loss, task.held_out().targets.shape) == expected
    check_shape = (task.block_size, *expected[2])
    assert task.block(0, 0).targets.shape == check_shape
    assert task.output_size == options.get("output_size", 2 if expected[1] != "mse" else 4)
    if expected[1] == "mse":
        values = task.held_out().targets.reshape(-1, 4).astype(float)
        assert task.chance == pytest.approx(values.var(axis=0).mean(), rel=1e-5)
        assert task.accuracy(task.held_out().targets, task.held_out()) == 1


@pytest.mark.parametrize("name", TASKS)
def test_fixed_batches_take_the_batches_of_every_task(name):
    task = make(name)
    fixed = FixedBatches(
        [task.held_out(), task.held_out()],
        input_size=task.input_size,
        output_size=task.output_size,
        output=task.output,
        vocabulary=task.vocabulary,
    )
    assert same(fixed.held_out(), task.held_out())
    assert (fixed.loss, fixed.output, fixed.vocabulary) == (task.loss, task.output, task.vocabulary)
    check_arrays(fixed, fixed.block(0, 0), (fixed.block_size,))


IDS, FLOATS = np.ones((5, 2), int), np.ones((5, 2, 3))


@pytest.mark.parametrize(
    ("batches", "options", "error", "message"),
    [
        ([], {}, InputError, "empty"),
        (3, {}, InputError, "must be a list"),
        ([3], {}, InputError, "must be a list"),
        ([(IDS,)], {}, InputError, "1 parts"),
        ([(IDS[:, 0], IDS)], {}, InputError, r"x has shape \(5,\).*x\[:, None\]"),
        ([(FLOATS[0], IDS)], {}, InputError, r"x has shape \(2, 3\)"),
        ([(IDS, IDS[:3])], {}, InputError, r"targets have shape \(3, 2\).*T=5, B=2.*last"),
        ([(IDS, IDS[0])], {"output": "every"}, InputError, r"targets have shape \(2,\).*every"),
        ([(IDS, IDS)], {"output": "last"}, InputError, r"targets have shape \(5, 2\).*\(B=2\)"),
        ([(IDS, IDS), (IDS[:4], IDS[:4])], {}, InputError, "batch 1 has shape .*alike"),
        ([(IDS, FLOATS)], {"loss": "cross_entropy"}, InputError, "does not fit"),
        ([(IDS, IDS)], {"loss": "mse"}, InputError, "does not fit"),
        ([(IDS, -IDS)], {}, InputError, "targets holds the id -1"),
        ([(FLOATS * np.nan, IDS)], {}, InputError, "x of batch 0 .*finite"),
        ([(FLOATS * 1e300, IDS)], {}, InputError, "x of batch 0 .*scale"),
        ([([["a"]], [[0]])], {}, InputError, "x of batch 0"),
        ([([[1, 2], [3]], [[0]])], {}, InputError, "x is no array"),
        ([(IDS[:0], IDS[:0])], {}, InputError, "x has shape .*at least one"),
        ([(IDS, np.ones((5, 2, 0)))], {}, InputError, "targets has shape .*at least one"),
        ([(IDS, IDS, IDS), (IDS, IDS)], {}, InputError, "others none"),
        ([(IDS, IDS, IDS[:2])], {}, InputError, r"mask has shape \(2, 2\).*\(5, 2\)"),
        ([(IDS, IDS, -IDS)], {}, InputError, "mask needs weights"),
        ([(IDS, IDS, 0 * IDS)], {}, InputError, "mask needs weights"),
        ([(IDS, IDS)], {"input_size": 1}, ConfigError, "input_size is 1.*at least 2"),
        ([(IDS, IDS)], {"output_size": 70000}, ConfigError, "output_size is 70000"),
        ([(IDS * 10**9, IDS)], {}, ConfigError, "input_size is 1000000001"),
        ([(FLOATS, FLOATS)], {"output_size": 4}, ConfigError, "output_size is 4; targets needs 3"),
        ([(IDS, IDS)], {"input_size": "2"}, ConfigError, "whole number"),
        ([(IDS, IDS)], {"output": "first"}, ConfigError, "output is 'first'"),
        ([(IDS, IDS)], {"loss": "mae"}, ConfigError, "loss is 'mae'"),
        ([(IDS, IDS)], {"vocabulary": "abc"}, ConfigError, "vocabulary has 3"),
        ([(IDS, IDS)], {"vocabulary": 3}, ConfigError, "vocabulary is a int"),
    ],
)
def test_fixed_batches_that_do_not_fit(batches, options, error, message):
    with pytest.raises(error, match=message):
        FixedBatches(batches, **options)


def test_fixed_masks():
    mask = np.array([[0, 1], [2, 0.5]])
    task = FixedBatches([([[0, 1], [1, 0]], [[1, 0], [0, 1]], mask)])
    assert task.block(0, 0).mask.dtype == np.float32 and np.array_equal(task.block(0, 0).mask[3], mask)
    last = FixedBatches([([[0, 1], [1, 0]], [1, 0], [1, 0])])
    assert last.held_out().mask.tolist() == [[1, 0]]
    weighted = FixedBatches([(np.ones((2, 1), int), [[[1.0]], [[3.0]]], [[1], [3]])])
    assert weighted.chance == pytest.approx(0.75)  # mean 2.5: (1·2.25 + 3·0.25) / 4
