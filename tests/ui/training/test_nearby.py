"""Copies on the way to the moment that is looked at: the next one is reached from them, if it can be."""

import numpy as np
import pytest
from sessions import setup

from ui.training.model_history import ModelHistory
from ui.training.nearby import MOST, Nearby
from ui.training.run import Run, new_trainer
from ui.training.snapshot import SampleChoice, Training


@pytest.fixture
def run(monkeypatch):
    """A run of which there is one copy, of its beginning."""
    monkeypatch.setattr("ui.training.nearby.REST", 0.0)
    monkeypatch.setattr("ui.training.model_history.SLICE", 0.001)  # seconds of a replay between two of them
    made = Run(1, setup(), Training(), SampleChoice())
    made.model_history = ModelHistory(made.trainer, rest=1e9)
    while made.update < 400:
        made.train(400 - made.update)
    return made


def looked_at(run, update, nearby):
    past = run.rewind(update, nearby)(lambda share: True)
    alone = new_trainer(setup(), Training())
    alone.step(update)
    assert np.array_equal(past.trainer.model.parameters, alone.model.parameters)
    np.testing.assert_array_equal(past.view().curve.loss[: run.update], run.view().curve.loss[:update])
    return past


def start(run, update, nearby):
    return run.model_history.replay(update, nearby.copies).start.update


def test_a_moment_beside_is_reached_from_near(run):
    nearby = Nearby(run.number, run.model_history)
    assert start(run, 399, nearby) == 0
    looked_at(run, 300, nearby)
    assert len(nearby.copies) <= MOST and start(run, 301, nearby) == 300 and start(run, 299, nearby) > 150
    following = Nearby(run.number, run.model_history, nearby)
    looked_at(run, 299, following)
    assert start(run, 298, following) > start(run, 299, nearby) - 1 and len(following.copies) <= MOST
    assert nearby.nbytes == len(nearby.copies) * run.model_history.nbytes


def test_another_run_has_other_copies(run):
    nearby = Nearby(run.number, run.model_history)
    looked_at(run, 300, nearby)
    assert Nearby(run.number + 1, run.model_history, nearby).copies == ()


def test_where_the_run_has_gone_another_way_they_are_of_no_use(run):
    ahead = Nearby(run.number, run.model_history)
    looked_at(run, 500, ahead)
    assert start(run, 500, ahead) == 500
    run.configure(Training(learning_rate=0.3))
    after = Nearby(run.number, run.model_history, ahead)
    assert all(copy.state.update <= 400 for copy in after.copies) and start(run, 500, after) <= 400


def test_they_take_no_more_than_their_room(run, monkeypatch):
    monkeypatch.setattr("ui.training.nearby.ROOM", 3 * run.model_history.nbytes)
    nearby = Nearby(run.number, run.model_history)
    looked_at(run, 400, nearby)
    assert 1 < len(nearby.copies) <= 3
