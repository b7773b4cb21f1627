"""A run looked at as it was, or as it will be, while its session trains it on; and forks of it."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from sessions import entered, paused, setup, stepped, training
from visits import PATIENCE, until

from rnn_core.checkpoint import dump, read_checkpoint
from ui.live.model_copy import network_of
from ui.training.memory import MEGABYTE, Budget
from ui.training.model_history import ModelHistory
from ui.training.run import Run, new_trainer
from ui.training.snapshot import SampleChoice, Training


@pytest.fixture
def session():
    with entered() as made:
        yield made


def looked_at(session, update):
    """Look at an update; the snapshot once it is there."""
    session.look(update)
    until(lambda: (shown := session.shown).look.newest is not None and shown.view.update == update)
    return session.shown


def alone(updates, setup_, training_=None):
    """Trainer of the same network after so many updates, that nothing else was done with."""
    trainer = new_trainer(setup_, training_ or Training())
    if updates:
        trainer.step(updates)
    return trainer


def same(model, other) -> bool:
    return np.array_equal(model.parameters, other.parameters)


def test_any_update_is_looked_at_while_it_trains_on(session):
    session.request(setup(), Training())
    training(session, updates=300)
    for update in (0, 123, 7, 299):
        shown = looked_at(session, update)
        assert shown.view.run == 1 and shown.look.newest.update >= 300
        network = network_of(session, PATIENCE)
        assert network.past and network.update == update and same(network.model, alone(update, setup()).model)
    before = shown.look.newest.update
    training(session, updates=before + 20)  # meanwhile
    session.look(None)
    until(lambda: session.shown.look.newest is None)
    network = network_of(session, PATIENCE)
    assert not network.past and network.update >= before + 20


def test_what_is_shown_of_the_past_was_so(session):
    seen = [stepped(session, setup(), updates) for updates in (5, 40, 1)]
    stepped(session, setup(), 90)
    for view in seen:
        update = view.update
        past = looked_at(session, update).view
        np.testing.assert_array_equal(past.trace.hidden, view.trace.hidden)
        np.testing.assert_array_equal(past.trace.d_hidden, view.trace.d_hidden)
        assert past.held_out[-1] == view.held_out[-1] and past.samples[-1] == view.samples[-1]
        np.testing.assert_array_equal(past.curve.loss, view.curve.loss)
        np.testing.assert_array_equal(past.curve.norm_high, view.curve.norm_high)


def test_another_sequence_of_the_past_is_shown(session):
    stepped(session, setup(), 60)
    first = looked_at(session, 30).view
    session.choose_sample(SampleChoice("held_out", 1))
    until(lambda: session.shown.view.sample_choice.split == "held_out")
    until(lambda: session.shown.look.newest.sample_choice.split == "held_out")  # that one comes from another thread
    past = session.shown.view
    assert past.update == 30
    assert not np.array_equal(past.trace.x, first.trace.x)


def test_a_link_looks_ahead_of_the_training(session):
    session.pause()
    session.look(250)
    session.request(setup(), Training())
    until(lambda: session.shown.look.newest is not None)
    assert session.shown.view.update == 250 and session.snapshot.view.update < 5
    assert same(network_of(session, PATIENCE).model, alone(250, setup()).model)
    assert session.past.wanted == 250


def test_a_replay_of_something_far_tells_how_far_it_is_and_stops(session):
    session.pause()
    session.request(setup(), Training())
    session.look(10**8)
    until(lambda: session.shown.look.share is not None)
    assert session.shown.look.newest is None and 0 < session.shown.look.share < 1
    session.look(None)
    until(lambda: session.shown.look == session.snapshot.look)
    assert session.past.wanted is None


def test_a_network_that_diverges_before_that_update_says_so(session):
    session.pause()
    explodes = setup(cell="rnn_relu", spectral_radius=3.0, steps=16)
    session.request(explodes, Training("sgd", 100.0, None, None))
    session.look(10**6)
    until(lambda: session.shown.look.problem)
    shown = session.shown
    assert shown.look.problem == "diverged" and shown.view.update < 1000


def test_another_network_is_looked_at_as_it_is_now(session):
    stepped(session, setup(), 60)
    looked_at(session, 30)
    session.reset()
    training(session, run=2, updates=0)
    assert session.shown.look.newest is None and session.past.wanted is None
    session.bring_back()
    until(lambda: session.snapshot.view.run == 1)
    assert looked_at(session, 30).view.run == 1


def test_a_setting_that_was_changed_on_the_way_is_changed_on_the_way_back(session):
    other = Training("sgd", 0.5, None, 0.1, truncate=3)
    stepped(session, setup(), 40)
    session.request(setup(), other)
    session.step(30)
    until(lambda: session.snapshot.view.update == 70)
    trainer = alone(40, setup())
    trainer.configure(**vars(other))
    trainer.step(20)
    shown = looked_at(session, 60)
    assert same(network_of(session, PATIENCE).model, trainer.model) and shown.view.training == other
    assert looked_at(session, 40).view.training == Training()
    assert same(network_of(session, PATIENCE).model, alone(40, setup()).model)
    assert [change.update for change in session.snapshot.view.changes] == [40]


def test_a_loaded_network_goes_back_to_where_it_was_loaded(session):
    saved = alone(50, setup(), Training(stateful=True))
    session.request(setup(), Training())
    training(session)
    session.load(read_checkpoint(BytesIO(dump(saved))))
    training(session, run=2, updates=50)
    session.step(30)
    until(lambda: session.snapshot.view.update == 80)
    saved.step(12)
    shown = looked_at(session, 62)
    assert same(network_of(session, PATIENCE).model, saved.model) and shown.look.newest.first == 50
    session.look(3)
    until(lambda: session.shown.view.update == 50)


@pytest.mark.parametrize("rate", [0.01, 0.3])
def test_a_fork_goes_on_from_there_with_other_settings(session, rate):
    stepped(session, setup(), 80)
    before = looked_at(session, 30)
    assert session.fork()
    until(lambda: session.snapshot.view.run == 2 and session.snapshot.notice)  # is told once the network is there
    assert session.snapshot.status == "paused" and session.snapshot.notice.kind == "forked"
    assert session.past.wanted is None and session.snapshot.former == 80
    session.request(setup(), Training(learning_rate=rate))
    session.step(20)
    until(lambda: session.snapshot.view.update == 50)
    view, trainer = session.snapshot.view, alone(30, setup())
    trainer.configure(learning_rate=rate)
    trainer.step(20)
    assert same(network_of(session, PATIENCE).model, trainer.model)
    np.testing.assert_array_equal(view.curve.loss[:30], before.look.newest.curve.loss[:30])
    assert view.parent.run == 1 and view.parent.update == 30
    np.testing.assert_array_equal(view.parent.curve.loss, before.look.newest.curve.loss[30:])
    assert [change.update for change in view.changes] == ([30] if rate != 0.01 else [])
    trainer = alone(12, setup())
    looked_at(session, 12)  # what it has in common with the run before
    assert same(network_of(session, PATIENCE).model, trainer.model)
    session.bring_back()
    until(lambda: session.snapshot.view.run == 1)
    assert session.snapshot.view.update == 80


def test_a_fork_takes_the_settings_of_now():
    run = Run(1, setup(), Training(), SampleChoice())
    run.train(20)
    run.configure(replace(run.training, learning_rate=0.3))
    run.train(5)
    past = run.rewind(10)(lambda share: True)
    assert past.training.learning_rate == 0.01
    fork = past.fork(2, run)
    assert fork.training.learning_rate == fork.trainer.config.learning_rate == 0.3 and not fork.past
    assert past.trainer.config.learning_rate == 0.01


def test_without_the_past_there_is_nothing_to_fork(session):
    stepped(session, setup(), 20)
    session.fork()
    assert paused(session).view.run == 1


def test_a_diverged_run_goes_back_too():
    exploding = setup(cell="rnn_relu", spectral_radius=3.0, steps=16)
    run = Run(1, exploding, Training("momentum", 0.3, None, None), SampleChoice())
    run.model_history = ModelHistory(run.trainer, rest=0)
    run.view(complete=True)
    while not run.diverged:
        run.train()
        run.view()
    fallen = run.update
    run.configure(Training("momentum", 0.001, 1.0, None))
    run.train(10)
    assert run.update > fallen
    again = run.rewind(run.update)(lambda share: True)
    assert same(again.trainer.model, run.trainer.model) and np.array_equal(again.trainer.slots, run.trainer.slots)


def test_the_copies_take_more_memory_while_the_server_has_some(session, monkeypatch):
    monkeypatch.setattr("ui.training.holding.BUDGET", budget := Budget(60 * MEGABYTE))
    monkeypatch.setattr("ui.training.model_history.REST", 0.0)
    session.request(setup(hidden_size=64), Training())

    def copies():
        return session.ask(lambda run: run.model_history).result(PATIENCE)

    first = copies().room
    until(lambda: copies().room > first)
    assert budget.take("other", "Bo", budget.free)  # somebody else takes the rest
    most = copies().room
    training(session, updates=session.snapshot.view.update + 100)
    assert copies().nbytes <= copies().room == most and budget.free == 0
    assert looked_at(session, 10).view.run == 1


def test_a_large_network_gets_its_memory_at_once(session, monkeypatch):
    monkeypatch.setattr("ui.training.holding.BUDGET", budget := Budget(2000 * MEGABYTE))
    monkeypatch.setattr("ui.training.looking_back.BUDGET", budget)
    monkeypatch.setattr("ui.training.model_history.ROOM", 2000)  # less than one copy takes
    monkeypatch.setattr("ui.training.model_history.LONG", 0.0)  # every replay is long
    monkeypatch.setattr("ui.training.model_history.REST", 0.0)
    session.pause()
    session.request(setup(hidden_size=64), Training())
    for update in range(1, 7):
        session.step(1)
        until(lambda done=update: session.snapshot.view is not None and session.snapshot.view.update == done)
        session.ask(lambda run: session._take_room()).result(PATIENCE)
    copies = session.ask(lambda run: run.model_history).result(PATIENCE)
    assert copies.room >= 3 * copies.nbytes // len(copies.updates) and len(copies.updates) >= 6
