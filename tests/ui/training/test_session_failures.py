"""What the training session refuses, and what it does when training fails."""

import gc

import numpy as np
import pytest
from sessions import entered, paused, setup, training
from visits import until

import ui.training.holding
import ui.training.looking_back
import ui.training.presence
import ui.training.run
from ui.network.notices import SENTENCES, notices
from ui.training.memory import Budget
from ui.training.snapshot import SampleChoice, Training

LOUD = {"spectral_radius": 3.0, "steps": 16}
EXPLODING = Training("sgd", 1000.0, None, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "text_empty"),
        ("  \n", "text_empty"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaa", "text_one_symbol"),
        ("short", "text_short"),
        ("a", "text_short"),  # not: use two different ones, and then that it is still too short
    ],
)
def test_a_text_that_cannot_be_is_refused_and_nothing_is_lost(session, text, kind):
    session.request(setup(), Training())
    update = training(session).update
    session.request(setup(text), Training())
    until(lambda: session.snapshot.notice is not None and session.snapshot.notice.kind == kind)
    assert session.snapshot.notice.values["needed"] == 18
    assert "detail" not in session.snapshot.notice.values  # the error's own words name another number
    training(session, run=1, updates=update + 50)
    assert session.snapshot.notice.kind == kind  # until the next request is granted
    session.request(setup(), Training())
    until(lambda: session.snapshot.notice is None)


def test_settings_that_cannot_be_are_refused(session):
    session.request(setup(hidden_size=0), Training())
    until(lambda: session.snapshot.notice is not None)
    assert session.snapshot.notice.kind == "refused" and "hidden_size" in session.snapshot.notice.values["detail"]


@pytest.mark.parametrize(
    ("options", "rate"),
    [
        ({"seed": 3}, 3.0),
        (LOUD | {"seed": 2}, 3.0),
        (LOUD | {"seed": 3}, 1.0),
        ({"seed": 0}, 1000.0),
        ({"seed": 3}, 1e3),
    ],
)
def test_divergence_stops_and_shows_the_last_sound_state(session, options, rate):
    session.request(setup(cell="rnn_relu", **options), Training("sgd", rate, None, None))
    until(lambda: session.snapshot.status == "diverged", 20)
    assert session.snapshot.notice.kind == "diverged"
    view, kept = session.snapshot.view, session.snapshot.notice.values["kept"]
    trace = view.trace
    for numbers in (trace.hidden, trace.logits, trace.loss_per_step, trace.d_hidden, view.curve.loss, view.curve.norm):
        assert np.isfinite(numbers).all()
    assert all(np.isfinite(loss) for _update, loss in view.held_out) and view.held_out[-1][0] == view.update
    assert view.update == kept and (len(view.curve.update) == 0 or view.curve.update[-1] == view.update)
    session.choose_sample(SampleChoice("held_out", 1))
    until(lambda: session.snapshot.view.sample_choice.split == "held_out")
    assert session.snapshot.notice.values["kept"] == kept and np.isfinite(session.snapshot.view.trace.loss)
    number = session.snapshot.number
    session.play()
    until(lambda: session.snapshot.number > number)  # the same would happen again: it waits for other settings
    assert (session.snapshot.status, session.snapshot.view.update) == ("diverged", kept)


def test_after_a_divergence_it_can_be_helped(session):
    session.request(setup(cell="rnn_relu"), EXPLODING)
    until(lambda: session.snapshot.status == "diverged")
    session.request(setup(cell="rnn_relu"), Training("sgd", 0.01, 1.0, None))
    session.reset()
    session.play()
    until(lambda: session.snapshot.status == "running")
    assert session.snapshot.notice is None


@pytest.mark.parametrize("next_one", ["experiment", "start over", "rate"])
def test_what_comes_after_a_divergence_trains(session, next_one):
    session.request(setup(cell="rnn_relu"), EXPLODING)
    until(lambda: session.snapshot.status == "diverged")
    run = session.snapshot.view.run
    if next_one == "experiment":
        session.request(setup(hidden_size=5), Training())
        training(session, run=run + 1, updates=20)
    elif next_one == "rate":
        session.request(setup(cell="rnn_relu"), Training("sgd", 0.01, 1.0, None))
        training(session, run=run, updates=20)
    else:
        session.reset()
        until(lambda: session.snapshot.view.run == run + 1 and session.snapshot.status == "diverged", 20)
    session.untrain()
    until(lambda: session.snapshot.status == "paused" and session.snapshot.view.update == 0)


def test_what_comes_after_a_pause_stays_paused(session):
    session.request(setup(), Training())
    training(session, updates=5)
    paused(session)
    session.request(setup(hidden_size=5), Training())
    until(lambda: session.snapshot.view.run == 2)
    assert session.snapshot.status == "paused" and session.snapshot.view.update == 0


def test_any_exception_is_published_and_the_thread_lives(session, monkeypatch):
    session.request(setup(), Training())
    training(session)

    def fail(_run, _updates=None):
        raise RuntimeError("as if by accident")

    with monkeypatch.context() as patch:
        patch.setattr(ui.training.run.Run, "train", fail)
        until(lambda: session.snapshot.status == "error")
    assert session.snapshot.notice.values["detail"] == "RuntimeError: as if by accident"
    assert session.snapshot.view is not None
    update = session.snapshot.view.update
    session.play()
    training(session, updates=update + 10)


def sized(session, monkeypatch, networks: float) -> int:
    """Let the server have memory for so many networks like the session's; the bytes of one."""
    one = session.reserved
    monkeypatch.setattr(ui.training.holding, "BUDGET", budget := Budget(int(networks * one)))
    assert budget.take("networks", session.key, one)
    return one


def test_a_network_for_which_there_is_no_memory_is_refused_in_words_and_the_present_one_goes_on(session, monkeypatch):
    session.request(setup(hidden_size=64), Training())
    update = training(session).update
    sized(session, monkeypatch, 1.5)
    session.request(setup(hidden_size=256), Training())
    until(lambda: session.snapshot.notice is not None)
    assert session.snapshot.notice.kind == "memory" and session.snapshot.notice.values["needed"] >= 1
    [told] = notices(session.snapshot, SENTENCES, "train", str)
    assert "no memory left" in told["sentence"] and "continues unchanged" in told["sentence"]
    training(session, run=1, updates=update + 50)
    session.request(setup(hidden_size=64), Training(learning_rate=0.02))
    until(lambda: session.snapshot.notice is None)


def test_former_networks_make_room_ones_own_first_then_other_peoples(session, monkeypatch):
    for most in ("MOST_ROOM", "LARGE_ROOM"):  # the copies of what they were stay few
        monkeypatch.setattr(ui.training.looking_back, most, 0)
    session.request(setup(hidden_size=64), Training())
    training(session)
    one = sized(session, monkeypatch, 4.2)
    with entered() as other:
        other.request(setup(hidden_size=64), Training())
        training(other)
        other.request(setup(hidden_size=64, seed=1), Training())
        training(other, run=2)
        until(lambda: other.snapshot.former is not None)
        session.request(setup(hidden_size=64, seed=1), Training())
        training(session, run=2)
        assert session._former and other._former  # four networks
        assert ui.training.holding.BUDGET.used() == {"networks": session.reserved + other.reserved}
        session.request(setup(hidden_size=64, num_layers=2), Training())
        training(session, run=3)
        assert session._former is None and other._former
        session.request(setup(hidden_size=64, num_layers=3), Training())
        training(session, run=4)
        assert session._former is None and other._former is None and session.reserved > 2.2 * one
        assert ui.training.holding.BUDGET.used() == {"networks": session.reserved + other.reserved}


def test_a_session_that_is_gone_gives_its_memory_back(monkeypatch):
    monkeypatch.setattr(ui.training.holding, "BUDGET", budget := Budget(2**30))
    with entered() as gone:
        gone.request(setup(), Training())
        training(gone)
        assert budget.used()["networks"] == gone.reserved > 0
    del gone
    gc.collect()
    assert budget.used() == {}
