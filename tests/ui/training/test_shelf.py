"""The runs of a session: those that others have replaced wait on a shelf of bounded size."""

import numpy as np
import pytest
from sessions import paused, setup, training
from visits import PATIENCE, until

from ui.training import keeping, shelf
from ui.training.kept_run import unpack
from ui.training.run import Run
from ui.training.shelf import Shelf, shelved
from ui.training.snapshot import SampleChoice, Training


@pytest.fixture(autouse=True)
def every_run_is_kept(monkeypatch):
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 0.0)


def run(ordinal, updates=2):
    made = Run(ordinal, setup(), Training(), SampleChoice())
    for _update in range(updates):
        made.train(1)
    return made


def test_the_oldest_go_first_and_are_named(monkeypatch):
    monkeypatch.setattr(shelf, "MOST_RUNS", 3)
    kept = Shelf()
    runs = [shelved(run(ordinal), False, "") for ordinal in (2, 1, 3, 4)]
    for one in runs:
        kept.put(one)
    assert [one.ordinal for one in kept.runs] == [2, 3, 4] and kept.forgotten == (runs[1].identity,)
    monkeypatch.setattr(shelf, "MOST_BYTES", 10)
    kept.put(shelved(run(5), False, ""))
    assert [one.ordinal for one in kept.runs] == [5]  # one is kept, whatever its size


def test_a_new_name_is_in_the_file():
    kept, made = Shelf(), run(1)
    kept.put(shelved(made, True, "page"))
    stamp = kept.runs[0].stamp
    kept.rename(made.identity, "<b>名字</b>")
    again = unpack(kept.runs[0].file, 9, SampleChoice())
    assert kept.runs[0].name == again.run.name == "<b>名字</b>" and again.playing and kept.runs[0].stamp != stamp
    kept.rename("nobody", "x")
    assert len(kept.runs) == 1


def test_a_run_is_returned_to_as_it_was(session):
    session.request(setup(), Training())
    first = training(session, 1, 5)
    paused(session)
    session.rename(session.runs[0].identity, "first")
    left, weights = session.ask(lambda run: (run.update, run.trainer.model.parameters.copy())).result(PATIENCE)
    session.request(setup(hidden_size=5), Training())
    until(lambda: session.snapshot.view.run == 2)
    assert [(one.ordinal, one.name, bool(one.file)) for one in session.runs] == [(1, "first", True), (2, "", False)]
    run = session.return_to(session.runs[0].identity)
    session.request(run.setup, run.training)  # as the page does
    until(lambda: session.snapshot.view.setup.hidden_size == first.setup.hidden_size)
    update, there = session.ask(lambda run: (run.update, run.trainer.model.parameters.copy())).result(PATIENCE)
    assert update == left and np.array_equal(there, weights) and session.snapshot.status == "paused"
    names = [(one.ordinal, one.name, bool(one.file)) for one in session.runs]
    assert names == [(1, "first", False)]  # the other made no update
    assert session.return_to("nobody") is None


def test_runs_have_numbers_of_their_own_also_after_one_came_back(session):
    session.request(setup(), Training())
    training(session, 1, 3)
    for hidden_size in (5, 6):
        session.request(setup(hidden_size=hidden_size), Training())
        until(lambda size=hidden_size: (view := session.snapshot.view).setup.hidden_size == size and view.update > 1)
    session.return_to(session.runs[0].identity)
    until(lambda: session.snapshot.view.setup.hidden_size == 8)
    session.reset()
    until(lambda: len(session.runs) == 4)
    assert len({one.ordinal for one in session.runs}) == 4
    session.shelf.delete(session.runs[0].identity)
    assert len(session.runs) == 3


def test_a_run_that_was_hardly_there_is_not_listed(session, monkeypatch):
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 1000.0)
    session.request(setup(), Training())
    training(session, 1, 3)
    session.request(setup(hidden_size=5), Training())
    training(session, 2, 1)
    assert [one.ordinal for one in session.runs] == [2]


@pytest.mark.parametrize("instead", [True, False])
def test_a_run_that_came_back_is_listed_however_soon_another_takes_its_place(session, monkeypatch, instead):
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 1000.0)
    session.request(setup(), Training())
    training(session, 1, 3)
    came = unpack(shelved(run(1), False, "").file, 0, SampleChoice())
    session.bring(came, instead)
    session.take_up()
    session.request(came.run.setup, came.run.training)  # as the page does
    until(lambda: session.snapshot.view.run == came.run.number)
    session.request(setup(hidden_size=5), Training())
    until(lambda: session.snapshot.view.setup.hidden_size == 5)
    assert [one.identity for one in session.shelf.runs] == [came.run.identity]


def test_a_run_has_the_settings_that_asked_for_it(session):
    session.settings = "first"
    session.request(setup(), Training())
    training(session, 1, 3)
    session.settings = "second"  # as the page does, before the thread has another network
    session.request(setup(hidden_size=5), Training())
    training(session, 2, 3)
    session.reset()
    training(session, 3, 1)
    assert [run.settings for run in session.shelf.runs] == ["first", "second"]


def test_a_run_trains_when_only_a_divergence_stopped_the_one_before(session):
    session.request(setup(), Training())
    training(session, 1, 3)
    session.request(setup(cell="rnn_relu"), Training("sgd", 1000.0, None, None))
    until(lambda: session.snapshot.status == "diverged")
    run = session.return_to(session.shelf.runs[0].identity)
    session.request(run.setup, run.training)  # as the page does
    until(lambda: session.snapshot.view.setup == run.setup and session.snapshot.status == "running")


def test_a_name_that_is_too_long_for_a_file_is_cut(session):
    session.request(setup(), Training())
    training(session, 1, 3)
    session.rename(session.runs[0].identity, "x" * 1000)
    session.request(setup(hidden_size=5), Training())
    training(session, 2, 1)
    [first] = session.shelf.runs
    session.rename(first.identity, "y" * 1000)
    assert session.shelf.runs[0].name == unpack(session.shelf.runs[0].file, 1, SampleChoice()).run.name == "y" * 60


def test_the_present_run_is_listed_once(session):
    """It is on the shelf already, for a moment, while another takes its place."""
    session.request(setup(), Training())
    training(session, 1, 3)
    session.ask(lambda run: session.shelf.put(shelved(run, True, ""))).result(PATIENCE)
    [listed] = session.runs
    assert listed.file == b"" and [run.identity for run in session.shelf.runs] == [listed.identity]
