"""Networks that are kept: at which updates, how many, and that they are the ones of those updates."""

import numpy as np
import pytest
from sessions import entered, setup, training

from rnn_core import Model, ModelConfig
from ui.live.model_picker import NEWEST, NOW, network_of, networks_payload
from ui.training.model_history import ModelHistory
from ui.training.run import Run, new_trainer
from ui.training.snapshot import SampleChoice, Training


@pytest.fixture
def session():
    with entered() as made:
        yield made


def small(seed=0):
    return Model(ModelConfig("rnn_tanh", 3, 4, 3, seed=seed))


def through(model_history, updates):
    """Models that can be networks_payload apart, noted one after the other."""
    for update in updates:
        model_history.note(update, small(update))
    return model_history


def same(one, other) -> bool:
    return np.array_equal(one.parameters, other.parameters)


def test_it_keeps_the_first_and_some_that_lie_ever_farther_apart():
    model_history = through(ModelHistory(), range(200))
    assert model_history.updates == (0, 1, 3, 10, 30, 100)
    assert all(same(model_history.at(update), small(update)) for update in model_history.updates)
    assert model_history.at(2) is None and model_history.to_go(199) == 101


def test_a_checkpoint_begins_with_its_own_update():
    assert through(ModelHistory(), range(250, 320)).updates == (250, 300)


def test_slices_that_pass_by_are_kept_under_their_own_number():
    assert through(ModelHistory(), (0, 7, 8, 45, 50, 99, 1000)).updates == (0, 7, 45, 1000)


def test_a_kept_network_does_not_train_on():
    model, model_history = small(), ModelHistory()
    model_history.note(0, model)
    model.parameters[:] = 7
    assert same(model_history.at(0), small())


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_there_are_never_more_than_fit_and_the_first_stays(most):
    model_history = through(ModelHistory(most=most), range(4000))
    assert len(model_history.updates) == most and model_history.updates[0] == 0
    assert most == 1 or model_history.updates[-1] == 3000  # the newest stays too


def test_large_networks_keep_fewer():
    size = small().parameters.nbytes
    assert len(through(ModelHistory(room=3 * size), range(4000)).updates) == 3
    assert through(ModelHistory(room=size // 2), range(4000)).updates == (0,)


def test_the_reader_holds_one_beside_them():
    model_history = through(ModelHistory(most=2), range(40))
    assert model_history.hold(39, small(39)) == 39 and model_history.updates == (0, 30, 39)
    model_history.hold(41, small(41))  # in its place
    assert model_history.updates == (0, 30, 41) and same(model_history.at(41), small(41))
    model_history.hold(30, small(9))  # it is kept already
    assert same(model_history.at(30), small(30))


def test_a_run_comes_by_each_of_these_updates_exactly():
    run = Run(1, setup(), Training(), SampleChoice())
    while run.update < 150:
        run.train()
    assert run.model_history.updates[:6] == (0, 1, 3, 10, 30, 100)
    trainer = new_trainer(setup(), Training())
    trainer.step(30)
    assert same(run.model_history.at(30), trainer.model)


def test_starting_over_begins_anew_and_who_is_brought_back_has_its_copies(session):
    session.request(setup(), Training())
    training(session, updates=200)
    assert network_of(session, "100", 60).chosen == 100
    session.pace(50.0)
    session.reset()
    training(session, run=2)
    network = network_of(session, "100", 60)
    assert network.chosen is None and network.run == 2 and network.update < 100
    assert "not kept" in networks_payload(network, lambda text: text)["note"]
    session.bring_back()
    training(session, run=1, updates=201)
    assert network_of(session, "100", 60).chosen == 100


def test_now_is_held_while_it_trains_on(session):
    session.request(setup(), Training())
    training(session, updates=5)
    held = network_of(session, NOW, 60)
    before = held.model.parameters.copy()
    training(session, updates=held.update + 50)
    again = network_of(session, held.wanted, 60)
    assert again.update == held.update == int(held.wanted) and np.array_equal(again.model.parameters, before)
    assert network_of(session, NEWEST, 60).update > held.update
