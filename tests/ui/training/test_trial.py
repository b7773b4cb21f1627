"""A remedy that is tried: the run goes on from an update with other settings, or as another network, beside the one
before."""

from dataclasses import replace

import numpy as np
import pytest
from sessions import entered, setup, stepped, training
from visits import PATIENCE, until

from ui.training.looking_back import LEAST_TRIAL
from ui.training.run import new_trainer
from ui.training.snapshot import Remedy, Training


@pytest.fixture
def session():
    with entered() as made:
        yield made


def test_other_settings_are_tried_from_that_update_on(session):
    stepped(session, setup(), 60)
    slower = Training(learning_rate=0.001)
    session.pace(1.0)
    session.try_out(Remedy("noisy", 20, setup(), slower))
    view = training(session, run=2)
    assert session.snapshot.status == "running"
    assert view.trial == ("noisy", setup(), Training(), 20, 20 + LEAST_TRIAL)
    assert view.parent.update == 20 and view.parent.curve.update[-1] == 60 and view.training == slower
    session.request(setup(), slower)  # the page's controls say the same by now
    run, parameters, update = session.ask(
        lambda run: (run.number, run.trainer.model.parameters.copy(), run.update)
    ).result(PATIENCE)
    alone = new_trainer(setup(), Training())
    alone.step(20)
    alone.configure(learning_rate=0.001)
    alone.step(update - 20)
    assert run == 2 and np.array_equal(parameters, alone.model.parameters)
    assert session.bring_back() == (setup(), Training())
    until(lambda: session.snapshot.view.run == 1 and session.snapshot.view.trial is None)


def test_another_network_is_tried_from_its_beginning(session):
    stepped(session, setup(), 60)
    session.pace(1.0)
    other = replace(setup(), cell="gru", hidden_size=5)
    session.try_out(Remedy("vanishing", 0, other, Training()))
    view = training(session, run=2)
    assert view.setup == other and view.trial[3:] == (0, LEAST_TRIAL) and view.update < 60
    assert view.parent.update == 0 and view.parent.curve.update[-1] == 60
    assert session.bring_back() == (setup(), Training())


def test_what_was_tried_is_known_from_both_sides_once_it_is_judged(session):
    stepped(session, setup(), 60)
    slower, slowest = Training(learning_rate=0.001), Training(learning_rate=0.0001)
    assert session.tried == []
    session.pace(1.0)
    session.try_out(Remedy("noisy", 20, setup(), slower))
    training(session, run=2)
    assert session.tried == [(setup(), Training())]
    session.bring_back()
    until(lambda: session.snapshot.view.run == 1)
    assert session.tried == []  # it was broken off
    session.bring_back()
    until(lambda: session.snapshot.view.run == 2)
    session.pace(None)
    session.play()
    until(lambda: session.snapshot.view.run == 2 and session.snapshot.view.update > 20 + LEAST_TRIAL)
    session.bring_back()
    until(lambda: session.snapshot.view.run == 1)
    assert session.tried == [(setup(), slower)]
    session.bring_back()
    until(lambda: session.snapshot.view.run == 2)
    session.try_out(Remedy("noisy", 20, setup(), slowest))
    until(lambda: session.snapshot.view.run == 3)
    assert session.tried == [(setup(), slower), (setup(), Training())]
    session.bring_back()
    until(lambda: session.snapshot.view.run == 2)
    assert (setup(), Training()) in session.tried


def test_a_replay_is_not_taken_up_where_another_network_has_come_meanwhile(session):
    stepped(session, setup(), 60)
    past = session.ask(lambda run: run.rewind(20)(lambda *share: True)).result(PATIENCE)
    session.reset()
    until(lambda: session.snapshot.view.run == 2)
    session._commands.put(session._do_fork_to_try, past, Remedy("noisy", 20, setup(), Training()))
    assert session.ask(lambda run: (run.number, run.trial)).result(PATIENCE) == (2, None)
