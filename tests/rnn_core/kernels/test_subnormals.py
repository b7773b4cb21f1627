"""Subnormal numbers count as zero inside a training call, and nowhere else."""

import numpy as np
import pytest
from numba import config

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.kernels import threads
from rnn_core.kernels.subnormals import KNOWN, flushing
from rnn_core.tasks import FixedBatches

pytestmark = pytest.mark.skipif(not KNOWN or config.DISABLE_JIT, reason="of x86, compiled")
SMALL = np.array([1e-30], np.float32), np.array([1e-10], np.float32)  # their product is subnormal


def product():
    a, b = SMALL
    return float((a * b)[0])


def test_only_inside_the_call():
    assert product() > 0
    assert flushing(product)() == 0
    assert product() > 0


def test_also_where_the_call_raises():
    def fails():
        assert product() == 0
        raise ValueError

    with pytest.raises(ValueError):
        flushing(fails)()
    assert product() > 0


@pytest.mark.parametrize("count", [1, 2])
def test_a_memory_of_adams_that_has_faded_is_forgotten(monkeypatch, count):
    """Of symbols that no batch has; it stayed subnormal for good, as 0.9 times the smallest number is itself."""
    monkeypatch.setattr(threads, "MIN_WORK", 1)
    ids = np.zeros((4, 16), np.int32)
    task = FixedBatches([(ids, ids)], input_size=5, output_size=5)
    trainer = Trainer(Model(ModelConfig("lstm", 5, 8, 5)), task, TrainConfig(threads=count))
    trainer.slots[:] = 1e-42
    trainer.step(1)
    gates = 4 * 8
    read, unread = trainer.slots[:, :gates], trainer.slots[:, gates : 5 * gates]  # columns of U come first
    assert read.any() and not unread.any()
