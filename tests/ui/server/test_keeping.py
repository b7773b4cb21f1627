"""The addresses by which a browser keeps a session's network, and brings it back."""

import gzip
import json
import threading
from dataclasses import replace

import numpy as np
import pytest
from answers import app, ask
from sessions import entered, paused, setup, stepped, training
from visits import PATIENCE, until

from ui.arena.records import Contender, Match
from ui.arena.session import ArenaSession
from ui.lab.renderer import LabRenderer
from ui.lab.view import LAYOUT
from ui.server import keeping, pace
from ui.training.kept_file import compressed
from ui.training.memory import Budget
from ui.training.snapshot import Training


@pytest.fixture
def session():
    """A paused session with a network after 10 updates."""
    with entered() as made:
        stepped(made, setup(hidden_size=6), 10)
        yield made


def keep(session, stamp=""):
    status, headers, body = ask(app(), f"/live/{session.key}/kept", f"stamp={stamp}")
    return status, json.loads(headers.get(keeping.KEPT, "{}")), body


def bring(session, file, query="instead=1"):
    return ask(app(), f"/live/{session.key}/kept", query, "POST", body=file)[0]


def weights(session):
    return session.ask(lambda run: (run.update, run.trainer.model.parameters.copy())).result(PATIENCE)


def test_a_network_is_fetched_once_for_each_state(session):
    status, about, file = keep(session)
    assert status == 200 and about["update"] == 10 and about["content"] is None and len(file) > 1000
    assert keep(session, about["stamp"])[::2] == (204, b"")
    session.step()
    status, later, _file = keep(session, about["stamp"])
    assert (status, later["update"], later["identity"]) == (200, 11, about["identity"])
    session.request(session.snapshot.view.setup, Training(learning_rate=0.5))
    assert keep(session, later["stamp"])[0] == 200


def test_that_the_training_thread_is_busy_is_no_error(session, monkeypatch):
    """A browser writes an error into its console for every status from 400 on."""
    monkeypatch.setattr(keeping, "PATIENCE", 0.05)
    busy, go_on = threading.Event(), threading.Event()
    asked = session.ask(lambda run: busy.set() or go_on.wait(PATIENCE))
    try:
        assert busy.wait(PATIENCE) and keep(session)[::2] == (202, b"")
    finally:
        go_on.set()
    assert asked.result(PATIENCE)
    monkeypatch.undo()
    assert keep(session)[0] == 200


def test_the_newest_is_kept_while_the_reader_looks_at_the_past(session):
    session.look(3)
    until(lambda: session.shown.view.update == 3)
    assert keep(session)[1]["update"] == 10


def test_fetching_does_not_count_as_looking(session):
    session._seen -= 100
    before = session._seen
    keep(session)
    assert session._seen == before


def test_another_session_goes_on_with_it_bit_for_bit(session):
    file = keep(session)[2]
    stepped(session, setup(hidden_size=6), 5)
    with entered() as other:
        other.request(setup(hidden_size=20), Training())
        training(other)
        paused(other)
        assert bring(other, file) == 204
        run = other.take_up()
        assert (run.update, run.identity) == (10, keep(session)[1]["identity"])
        other.request(run.setup, run.training)  # as the page does
        until(lambda: other.snapshot.view.update == 10)
        assert other.snapshot.status == "paused" and other.snapshot.former is None
        assert keep(other)[1]["identity"] == run.identity
        other.step(5)
        (update, there), (known, here) = weights(other), weights(session)
        assert update == known == 15 and np.array_equal(there, here)


def test_what_trained_trains_on_and_a_copy_is_a_run_of_its_own(session):
    session.play()
    until(lambda: session.snapshot.view.update > 12)
    _status, about, file = keep(session)
    with entered() as other:
        other.request(setup(hidden_size=20), Training())
        before = training(other, updates=3).update
        assert bring(other, file, "") == 204
        run = other.take_up()
        other.request(run.setup, run.training)
        until(lambda: (now := other.snapshot.view).setup.hidden_size == 6 and now.update > about["update"])
        until(lambda: other.snapshot.status == "running")
        assert run.identity != about["identity"] and other.snapshot.former >= before


def test_a_frame_says_that_the_own_network_is_on_its_way_until_it_is_there(session):
    file = keep(session)[2]
    with entered() as other:
        other.renderer = LabRenderer(LAYOUT)
        stepped(other, setup(hidden_size=20), 3)

        def returning():
            return json.loads(ask(app(), f"/live/{other.key}")[2])["returning"]

        assert not returning() and bring(other, file, "shelf=1") == 204
        assert not returning() and bring(other, file) == 204
        assert returning() and keep(other)[0] == 202  # the network in its place is nobody's
        run = other.take_up()
        other.request(run.setup, run.training)
        until(lambda: not returning())
        assert other.snapshot.view.update == 10 and keep(other)[1]["identity"] == keep(session)[1]["identity"]


def test_a_network_is_fetched_as_often_as_the_others_allow(session, monkeypatch):
    monkeypatch.setattr(pace, "_counted", (float("inf"), 1))
    assert keep(session)[1]["rate"] == pace.ALL_FILES > 15 * 2**20 / 8  # the largest that is kept, in ten seconds
    monkeypatch.setattr(pace, "_counted", (float("inf"), 10**6))
    assert keep(session)[1]["rate"] == pace.LEAST_OF_FILES


def test_nothing_but_a_kept_network_is_taken(session, monkeypatch):
    file = keep(session)[2]
    for wrong in (b"", b"x" * 100, gzip.compress(b"x" * 100), file[:-1]):
        assert bring(session, wrong) == 422
    assert session.take_up() is None
    assert ask(app(), "/live/nobody/kept")[0] == ask(app(), "/live/nobody/kept", method="POST")[0] == 404
    monkeypatch.setattr(keeping, "MOST", len(file) - 1)
    assert bring(session, file) == 413
    for limit in (100, keeping.WHILE_UNPACKED * len(gzip.decompress(file))):  # and what it becomes
        monkeypatch.setattr(keeping, "MOST", len(file))
        monkeypatch.setattr(keeping, "BUDGET", Budget(limit=limit))
        assert bring(session, file) == 503
    monkeypatch.setattr(keeping, "BUDGET", Budget(limit=2 * len(file)))  # what is too large in any case is no question
    assert bring(session, file[:-4] + b"\xff\xff\xff\xff") == 422  # of room: the browser shall forget the file


MATCH = Match("recall", (("batch_size", 4), ("delay", 6), ("symbols", 3)), (Contender("gru", 4), Contender("lstm", 3)))


def test_networks_in_lockstep_come_back_in_the_place_of_those_of_the_same_setup():
    with entered(ArenaSession) as arena, entered(ArenaSession) as other:
        assert keep(arena)[0] == 202 and arena.settings == ""
        update = stepped(arena, MATCH, 10).update
        _status, about, file = keep(arena)
        assert (about["update"], about["kind"], about["settings"]) == (update, "arena", arena.settings)
        assert keep(arena, about["stamp"])[::2] == (204, b"")
        stepped(other, replace(MATCH, seed=7), 3)
        assert bring(other, file) == 422 and keep(other)[1]["update"] == 3
        other.play()
        other.request(MATCH, Training())
        until(lambda: other.snapshot.view.setup == MATCH)
        assert other.settings == arena.settings and bring(other, file) == 204
        until(lambda: other.snapshot.status == "paused" and other.snapshot.view.update == update)
        assert other.snapshot.former is None
        arena.step(5)
        other.step(5)
        until(lambda: {one.snapshot.view.update for one in (arena, other)} == {update + 5})
        one, two = (session.snapshot.view.competitors for session in (arena, other))
        assert all(np.array_equal(a.curve.loss, b.curve.loss) for a, b in zip(one, two, strict=True))


def test_a_busy_thread_takes_networks_in_lockstep_later(monkeypatch):
    monkeypatch.setattr(keeping, "PATIENCE", 0.05)
    busy, go_on = threading.Event(), threading.Event()
    with entered(ArenaSession) as arena:
        stepped(arena, MATCH, 10)
        file = arena.keep("").result(PATIENCE).content
        arena.reset()
        arena.ask(lambda run: busy.set() or go_on.wait(PATIENCE))
        try:
            assert busy.wait(PATIENCE) and bring(arena, compressed(file)) == 204
        finally:
            go_on.set()
        until(lambda: arena.snapshot.view.update == 10)


def test_other_sites_bring_nothing(session):
    file, headers = keep(session)[2], (("host", "localhost"), ("origin", "https://elsewhere.example"))
    assert ask(app(), f"/live/{session.key}/kept", "", "POST", headers, file)[0] == 403


def test_runs_of_the_list_are_fetched_and_come_back_to_a_list(session, monkeypatch):
    monkeypatch.setattr("ui.training.keeping.WORTH_KEEPING", 0.0)
    session.request(setup(hidden_size=7), Training())
    until(lambda: session.snapshot.view.setup.hidden_size == 7)
    [shelved] = session.shelf.runs
    status, headers, file = ask(app(), f"/live/{session.key}/kept", f"run={shelved.identity}")
    about = json.loads(headers[keeping.KEPT])
    assert (status, about["identity"], about["update"], file) == (200, shelved.identity, 10, shelved.file)
    with entered() as other:
        assert bring(other, file, "shelf=1&settings=abcdef01") == 204
        [there] = other.shelf.runs
        assert (there.identity, there.update, there.ordinal) == (shelved.identity, 10, 1)
        assert there.settings == "abcdef01"  # its own, whatever the page is set to now
        assert other.take_up() is None  # the present network stays
