"""The life of a session's thread: it waits its turn, rests while nobody looks, and comes back."""

import gc
import threading
import weakref

import pytest
from sessions import paused, setup, training
from visits import PATIENCE, until

import ui.training.presence
import ui.training.run
import ui.training.worker
from ui.training.capacity import Capacity
from ui.training.scheduler import Scheduler
from ui.training.session import TrainingSession
from ui.training.snapshot import Training


def test_nobody_looks_for_a_minute_and_it_pauses(session, monkeypatch):
    monkeypatch.setattr(ui.training.worker, "SLEEP_AFTER", 0.3)
    session.request(setup(), Training())
    until(lambda: session.snapshot.status == "paused")
    assert session.snapshot.notice.kind == "asleep"
    update = session.snapshot.view.update
    monkeypatch.setattr(ui.training.worker, "SLEEP_AFTER", 60.0)
    session.play()
    training(session, updates=update + 10)
    assert session.snapshot.notice is None


def test_sessions_take_turns_on_a_full_server(monkeypatch):
    scheduler = Scheduler(places=1, turn=0.05)
    monkeypatch.setattr(ui.training.worker, "SCHEDULER", scheduler)
    sessions = [TrainingSession() for _ in range(3)]
    for number, session in enumerate(sessions):
        session.enter()
        session.request(setup(seed=number), Training())
    for session in sessions:
        training(session, updates=200)  # nobody starves
    places = set()
    until(lambda: places.update(session.place for session in sessions) or {0, 1, 2} <= places)
    paused(sessions[2])  # one that waits answers too
    until(lambda: scheduler.training + scheduler.waiting == 2)
    for session in sessions:
        session.leave()
    until(lambda: not any(session.alive for session in sessions))
    assert scheduler.training == scheduler.waiting == 0


def test_nobody_looks_the_thread_ends_and_somebody_returns():
    session = TrainingSession()
    session.enter()
    session.request(setup(), Training())
    training(session)
    session.leave()
    until(lambda: not session.alive, 5)
    assert not any(thread is session._thread for thread in threading.enumerate())
    update = session.snapshot.view.update
    session.enter()
    session.enter()  # twice is once
    training(session, run=1, updates=update + 10)
    session.leave()
    until(lambda: not session.alive, 5)


def test_a_session_left_while_idle_ends_too():
    session = TrainingSession()
    session.enter()
    session.leave()
    until(lambda: not session.alive, 5)


def test_a_look_after_a_lost_connection_starts_the_thread_again():
    """Streamlit ends the session's cache when its web socket is cut, and runs no script when it is back."""
    session = TrainingSession()
    assert session.admit("Ada")
    session.enter()
    assert session.watched
    session.request(setup(), Training())
    training(session)
    session.leave()
    until(lambda: not session.alive, 5)
    update = session.snapshot.view.update
    assert session.resume() and not session.watched
    training(session, run=1, updates=update + 10)
    session.enter()  # a run of the script
    assert session.watched
    session.leave()
    until(lambda: not session.alive, 5)


def test_without_a_place_nobody_resumes(monkeypatch):
    places = Capacity(1)
    monkeypatch.setattr(ui.training.presence, "CAPACITY", places)
    session = TrainingSession()
    assert session.admit("Ada")
    session.enter()
    session.leave()
    assert places.admit("Bo")
    assert not session.resume()
    until(lambda: not session.alive, 5)
    places.release("Bo")
    assert session.resume() and places.admitted == 1
    session.leave()


@pytest.mark.parametrize("playing", [True, False])
def test_a_thread_that_a_look_has_started_ends_when_nobody_looks_any_more(monkeypatch, playing):
    places = Capacity(1)
    monkeypatch.setattr(ui.training.presence, "CAPACITY", places)
    monkeypatch.setattr(ui.training.worker, "SLEEP_AFTER", 0.3)
    session = TrainingSession()
    assert session.resume() and places.admitted == 1
    if playing:
        session.request(setup(), Training())
    until(lambda: not session.alive, PATIENCE)
    assert places.admitted == 0


def test_what_was_left_is_freed_without_a_collection():
    """Who comes while the server warms up belongs to what no collection takes note of any more."""
    gc.collect()
    gc.disable()
    try:
        session = TrainingSession()
        session.enter()
        session.request(setup(), Training())
        training(session, updates=30)
        session.leave()
        session._thread.join(PATIENCE)
        held = weakref.ref(session), weakref.ref(session._run)
        del session
        assert [one() for one in held] == [None, None]
    finally:
        gc.enable()
