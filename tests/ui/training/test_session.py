"""The training session: commands, snapshots, failures, and the life of its thread."""

import dataclasses
import io
import threading
import time

import numpy as np
import pytest
from sessions import TEXT, paused, setup, training
from visits import PATIENCE, until

import ui.training.presence
import ui.training.run
import ui.training.session
from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.checkpoint import dump, read_checkpoint
from rnn_core.tasks import TASKS
from ui.training.named import session_named
from ui.training.snapshot import SampleChoice, Setup, Training


def test_it_trains_and_publishes(session):
    session.request(setup(), Training())
    first = training(session)
    until(lambda: session.snapshot.view.update > first.update + 200)
    view = session.snapshot.view
    assert view.curve.loss[-1] < view.chance and view.held_out[0][0] == 0
    assert view.trace.d_hidden is not None
    assert view.parameters == 8 * (view.trace.config.input_size + 8 + 2) + len(view.vocabulary) * 9
    assert view.samples[0].update == 0 and set(view.samples[0].text) <= set(TEXT)
    assert view.updates_per_second > 0


def test_snapshots_are_immutable(session):
    session.request(setup(), Training())
    training(session)
    snapshot = paused(session)
    before = snapshot.view.trace.hidden.copy()
    with pytest.raises(dataclasses.FrozenInstanceError):
        snapshot.status = "other"
    session.play()
    training(session, updates=snapshot.view.update + 50)
    assert np.array_equal(snapshot.view.trace.hidden, before)


def test_pause_holds_and_one_step_is_one_update(session):
    session.request(setup(), Training())
    training(session)
    update = paused(session).view.update
    time.sleep(0.2)
    assert session.snapshot.view.update == update
    session.step()
    until(lambda: session.snapshot.view.update == update + 1)
    assert session.snapshot.view.updates_per_second == 0
    time.sleep(0.1)
    assert (session.snapshot.status, session.snapshot.view.update) == ("paused", update + 1)


def test_commands_are_answered_at_once_at_full_speed(session):
    session.request(setup(), Training())
    training(session)
    delays = []
    for _attempt in range(5):
        begin = time.monotonic()
        session.pause()
        until(lambda: session.snapshot.status == "paused")
        delays.append(time.monotonic() - begin)
        session.play()
        until(lambda: session.snapshot.status == "running")
    assert min(delays) < 0.2


def test_the_speed_is_kept(session):
    session.pace(20)
    session.request(setup(), Training())
    start = training(session).update
    begin = time.monotonic()
    time.sleep(1.5)
    done = session.snapshot.view.update - start
    assert done <= 20 * (time.monotonic() - begin) + 10


def test_a_slow_pace_does_not_delay_a_command(session):
    session.pace(1)
    session.request(setup(), Training())
    training(session)
    begin = time.monotonic()
    paused(session)
    assert time.monotonic() - begin < 0.9


def test_the_run_is_that_of_the_core(session):
    """The page shows the numbers that the same settings give in a notebook, to the last bit."""
    session.pause()
    chosen = setup(seed=3)
    session.request(chosen, Training(learning_rate=0.02))
    until(lambda: session.snapshot.view is not None)
    session.step(30)
    until(lambda: session.snapshot.view.update == 30)
    task = TASKS["text"](**dict(chosen.task_options))
    model = Model(ModelConfig("rnn_tanh", task.input_size, 8, task.output_size, seed=3))
    history = Trainer(model, task, TrainConfig(learning_rate=0.02, clip_norm=1.0, seed=3)).step(30)
    assert session.snapshot.view.curve.loss.tolist() == history.loss.tolist()


def test_a_step_makes_all_updates_that_were_asked_for(session, monkeypatch):
    """However long they take: a slice of training that ends sooner is followed by another."""
    monkeypatch.setattr("ui.training.run.SLICE", 0.0)
    session.pause()
    session.request(setup(), Training())
    until(lambda: session.snapshot.view is not None)
    session.step(5)
    until(lambda: session.snapshot.view.update == 5)


def test_training_settings_keep_the_model_and_others_make_a_new_one(session):
    session.request(setup(), Training())
    training(session)
    session.request(setup(), Training(learning_rate=0.001, clip_norm=None, clip_value=0.5, optimizer="sgd"))
    until(lambda: session.snapshot.view.training.learning_rate == 0.001)
    view = session.snapshot.view
    assert view.run == 1 and view.update > 0
    session.request(setup(hidden_size=5), Training())
    assert training(session, run=2).trace.hidden.shape[-1] == 5


def test_reset_starts_the_same_again(session):
    session.request(setup(), Training())
    training(session)
    session.pause()
    curves = []
    for run in (2, 3):
        session.reset()
        for update in range(1, 6):
            session.step()
            view = training(session, run=run, updates=update)
        assert view.update == 5
        curves.append(view.curve.loss.tolist())
    assert curves[0] == curves[1]
    assert len(set(curves[0])) == 5


def test_another_sequence(session):
    session.request(setup(), Training())
    training(session)
    session.choose_sample(SampleChoice("held_out", 2))
    until(lambda: session.snapshot.view.sample_choice == SampleChoice("held_out", 2))
    task = TASKS["text"](**dict(setup().task_options))
    assert np.array_equal(session.snapshot.view.trace.x, task.example(2, "held_out").x)


def test_a_typed_text_is_read_and_what_is_unknown_left_out(session):
    session.request(setup(), Training())
    training(session)
    session.choose_sample(SampleChoice("typed", typed="the ZXcat"))
    until(lambda: session.snapshot.view.sample_choice.split == "typed")
    view = session.snapshot.view
    assert "".join(view.vocabulary[i] for i in view.trace.x[:, 0]) == "the ca"
    assert "".join(view.vocabulary[i] for i in view.trace.targets[:, 0]) == "he cat"
    assert view.unread == "ZX"
    session.choose_sample(SampleChoice("typed", typed="Z"))  # nothing to read: training data instead
    until(lambda: session.snapshot.view.sample_choice.split == "train")
    assert session.snapshot.view.unread == "Z"


def test_what_training_changed_in_the_states(session):
    session.pause()
    session.request(setup(), Training())
    until(lambda: session.snapshot.view is not None)
    first = session.snapshot.view
    assert first.before is None
    session.step()
    until(lambda: session.snapshot.view.update == 1)
    second = session.snapshot.view
    assert second.before_update == 0 and np.array_equal(second.before, first.trace.hidden[:, :, 0])
    assert not np.array_equal(second.before, second.trace.hidden[:, :, 0])


def test_texts_are_written_every_so_many_updates_and_the_first_are_kept(session):
    session.choose_sample(SampleChoice(sample_every=10))
    session.request(setup(), Training())
    until(lambda: session.snapshot.view and len(session.snapshot.view.samples) >= 3)
    updates = [sample.update for sample in session.snapshot.view.samples]
    assert updates[0] == 0 and all(np.diff(updates) >= 10)


def test_the_network_before_can_be_brought_back(session):
    session.request(setup(), Training(learning_rate=0.02))
    training(session, updates=20)
    session.pause()
    session.request(setup(hidden_size=5), Training())
    until(lambda: session.snapshot.view.run == 2)
    assert session.snapshot.former >= 20
    assert session.bring_back() == (setup(), Training(learning_rate=0.02))
    session.request(setup(), Training(learning_rate=0.02))  # what the page asks for then
    until(lambda: session.snapshot.view.run == 1)
    assert session.snapshot.view.update >= 20 and session.snapshot.view.trace.hidden.shape[-1] == 8


def test_nothing_to_bring_back(session):
    session.request(setup(), Training())
    training(session)
    assert session.bring_back() is None and session.snapshot.former is None


def test_a_checkpoint_goes_on_where_it_was_saved(session):
    session.request(setup(), Training())
    training(session, updates=20)
    session.pause()
    data = session.ask(lambda run: dump(run.trainer)).result(PATIENCE)
    saved = session.ask(lambda run: (run.update, run.trainer.evaluate())).result(PATIENCE)
    session.request(setup(hidden_size=5), Training())
    until(lambda: session.snapshot.view.run == 2)
    session.load(read_checkpoint(io.BytesIO(data)))
    session.request(setup(), Training(learning_rate=0.005))  # the page describes it in its own words
    until(lambda: session.snapshot.view.run == 3 and session.snapshot.view.training.learning_rate == 0.005)
    assert (session.snapshot.status, session.snapshot.view.update) == ("paused", saved[0])
    assert session.snapshot.view.held_out[-1] == saved
    assert len(session.snapshot.view.curve.loss) == 0
    session.step(3)
    until(lambda: session.snapshot.view.update == saved[0] + 3)
    assert session.snapshot.view.curve.update.tolist() == [saved[0] + 1, saved[0] + 2, saved[0] + 3]


def test_an_answer_and_an_error_come_back_to_whoever_asks(session):
    assert session.ask(lambda run: run).result(PATIENCE) is None  # nothing trains yet
    session.request(setup(), Training())
    training(session)
    assert session.ask(lambda run: run.task.name).result(PATIENCE) == "text"
    with pytest.raises(ZeroDivisionError):
        session.ask(lambda run: 1 / 0).result(PATIENCE)
    training(session, updates=session.snapshot.view.update + 10)  # it goes on


def test_only_who_knows_the_key_finds_a_session(session):
    assert session_named(session.key) is session
    assert session_named(session.key[:-1]) is None


@pytest.mark.parametrize("name", TASKS)
def test_every_task_runs(session, name):
    session.request(Setup(name, (("batch_size", 2),), hidden_size=4), Training())
    view = training(session)
    assert view.vocabulary == TASKS[name]().vocabulary
    assert bool(view.samples) == TASKS[name].supports_stateful


def test_what_takes_long_is_done_less_often(monkeypatch):
    """A held-out loss that takes 50 ms is measured anew after 450, not after 400; one that takes long, after 2 s."""
    clock = [100.0]
    monkeypatch.setattr("ui.training.pace.time.monotonic", lambda: clock[0])
    clock[0] = 100.001
    assert ui.training.pace.not_before(100.0, 0.4) == pytest.approx(100.401)
    clock[0] = 100.05
    assert ui.training.pace.not_before(100.0, 0.4) == pytest.approx(100.5)
    clock[0] = 110.0
    assert ui.training.pace.not_before(100.0, 0.4) == pytest.approx(112.0)


def test_the_same_button_pressed_a_thousand_times_is_one_command(session):
    session.request(setup(), Training())
    training(session)
    paused(session)
    busy = threading.Event()
    session.ask(lambda run: busy.wait(PATIENCE))
    run = session.snapshot.view.run
    assert all(session.reset() for _press in range(1000))
    assert all(session.step() for _press in range(3))
    busy.set()
    assert session.ask(lambda run: run.update).result(PATIENCE) == 3
    assert session.snapshot.view.run == run + 1


def test_commands_that_wait_are_bounded(session):
    at_it, busy = threading.Event(), threading.Event()
    session.ask(lambda run: at_it.set() or busy.wait(PATIENCE))
    assert at_it.wait(PATIENCE)  # from here on nobody takes a command away
    steps = [(session.step(), session.play())[0] for _press in range(1000)]
    busy.set()
    assert steps == [True] * 50 + [False] * 950
