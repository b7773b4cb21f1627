"""Cores of a run: as many as there are for it, taken and given back between two slices, without a number changed."""

import numpy as np
import pytest
from numba import config
from sessions import setup
from visits import until

from rnn_core.kernels import threads
from ui.training.run import Run, new_trainer
from ui.training.snapshot import SampleChoice, Training


@pytest.fixture
def large(monkeypatch):
    """Every network counts as one for which threads pay, and there are cores for them."""
    monkeypatch.setattr(threads, "MIN_WORK", 1)
    monkeypatch.setattr(threads, "POOL", threads.Pool(3))


def run() -> Run:
    return Run(1, setup(), Training(), SampleChoice())


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="without compilation products round otherwise with fewer rows")
def test_cores_that_come_and_go_change_no_number(large):
    one, alone = run(), new_trainer(setup(), Training())
    one.view()
    for cores in (1, 2, 4, 1, 3):
        until(lambda cores=cores: one.use_cores(cores) or one.trainer.config.threads == cores)
        one.train(20)
    one.view()
    alone.step(one.update)
    assert one.update >= 5
    assert np.array_equal(one.trainer.model.parameters, alone.model.parameters)
    assert one.view().changes == ()  # no setting of the reader's


def test_a_small_network_keeps_to_one(monkeypatch):
    monkeypatch.setattr("ui.training.threads._ready", None)  # nothing is compiled for it
    one = run()
    one.use_cores(8)
    assert one.trainer.config.threads == 1


def test_it_trains_on_one_while_the_kernels_are_made(large, monkeypatch):
    monkeypatch.setattr("ui.training.threads._ready", lambda trainer: False)
    one = run()
    one.use_cores(2)
    assert one.trainer.config.threads == 1


def test_what_diverged_stays_so(large):
    one = run()
    one.trainer.diverged = True
    one.use_cores(2)
    assert one.diverged
