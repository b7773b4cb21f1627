"""The history of a run: which copies there are, and that every update is reached from them to the last bit."""

import time
from dataclasses import asdict, replace

import numpy as np
import pytest
from sessions import TEXT

import ui.training.model_history
from rnn_core import CELLS, OPTIMIZERS, Model, ModelConfig, TrainConfig, Trainer, tasks
from ui.training.model_history import Change, ModelHistory
from ui.training.training_state import capture

WAYS = {
    "full": {},
    "clipped by norm": {"clip_norm": 0.1},
    "clipped by value": {"clip_value": 0.01},
    "windowed": {"truncate": 2},
    "chunked": {"truncate": 3, "truncation": "chunked"},
    "stateful": {"stateful": True},
    "stateful and windowed": {"stateful": True, "truncate": 2, "clip_norm": 0.5},
}


def trainer_of(cell="gru", dtype="float32", config=None, **options):
    """A new trainer of a small network on a text."""
    task = tasks.TASKS["text"](text=TEXT, sequence_length=6, batch_size=4)
    model = ModelConfig(cell, task.input_size, 5, task.output_size, dtype=dtype, seed=3, **options)
    return Trainer(Model(model), task, config or TrainConfig(learning_rate=0.05, seed=2))


def configure(trainer, model_history, **changes):
    """Change a setting, as a run does."""
    before = trainer.config
    trainer.configure(**changes)
    model_history.note_change(Change(trainer.update, before, trainer.config))


def train(trainer, model_history, updates, states, slices=(1, 2, 4)):
    """Train in slices of these lengths and note each; of every update that ends one its state."""
    done = 0
    while done < updates:
        n = min(slices[done % len(slices)], updates - done)
        trainer.step(n)
        model_history.note(trainer)
        states[trainer.update] = capture(trainer)
        done += n


def same(one, other) -> bool:
    arrays = (
        (one.parameters, other.parameters),
        (one.slots, other.slots),
        *zip(one.carried, other.carried, strict=True),
    )
    return (one.update, one.config, one.optimizer_updates) == (
        other.update,
        other.config,
        other.optimizer_updates,
    ) and all(a is b is None or np.array_equal(a, b) for a, b in arrays)


def all_the_same(model_history, states, **other) -> bool:
    """Whether the replay of each update comes to the state that it had."""
    return all(
        same(capture(model_history.replay(update).run(lambda share: True)), state) for update, state in states.items()
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("cell", CELLS)
def test_every_update_is_reached_again_to_the_last_bit(cell, optimizer):
    trainer, states = trainer_of(cell, config=TrainConfig(optimizer, learning_rate=0.05, clip_norm=0.5)), {}
    model_history = ModelHistory(trainer, room=4 * capture(trainer).nbytes, rest=0)
    train(trainer, model_history, 40, states)
    assert len(model_history.updates) < len(states) and all_the_same(model_history, states)


@pytest.mark.parametrize("options", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm"])
def test_it_is_so_however_the_network_learns(cell, options):
    trainer, states = trainer_of(cell, config=TrainConfig(learning_rate=0.05, **options)), {}
    model_history = ModelHistory(trainer, rest=1e9)  # no copy but the first
    train(trainer, model_history, 15, states)
    assert model_history.updates == (0,) and all_the_same(model_history, states)


@pytest.mark.parametrize("options", [{"num_layers": 2}, {"bidirectional": True}, {"dtype": "float64"}], ids=str)
def test_it_is_so_for_other_networks(options):
    trainer, states = trainer_of("lstm", **options), {}
    model_history = ModelHistory(trainer, rest=1e9)
    train(trainer, model_history, 15, states)
    assert all_the_same(model_history, states)


def test_it_is_so_on_other_numbers_of_threads():
    task = tasks.TASKS["text"](text=TEXT * 4, sequence_length=20, batch_size=32)
    model = Model(ModelConfig("lstm", task.input_size, 96, task.output_size))
    trainer, states = Trainer(model, task, TrainConfig(threads=2)), {}
    model_history = ModelHistory(trainer, rest=1e9)
    train(trainer, model_history, 4, states)
    replay = model_history.replay(4)
    alone = replay._replace(start=replay.start._replace(config=replace(replay.start.config, threads=1)))
    assert np.array_equal(alone.run(lambda share: True).model.parameters, states[4].parameters)


CHANGES = {
    "rate": [{"learning_rate": 0.3}, {"learning_rate": 0.001}],
    "clipping": [{"clip_norm": 0.05}, {"clip_norm": None, "clip_value": 0.01}],
    "optimiser": [{"optimizer": "sgd", "learning_rate": 0.5}, {"optimizer": "adam", "learning_rate": 0.01}],
    "memory of another kind": [{"optimizer": "rmsprop"}, {"optimizer": "momentum"}],
    "truncation": [{"truncate": 2}, {"truncate": 3, "truncation": "chunked"}],
    "state": [{"stateful": True}, {"stateful": False}],
    "dropout": [{"dropout": 0.5}, {"dropout": 0.2}],
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("rest", [0, 1e9], ids=["many copies", "one copy"])
def test_what_was_changed_on_the_way_is_changed_again(changes, rest):
    trainer, states = trainer_of(num_layers=2), {}
    model_history = ModelHistory(trainer, rest=rest)
    for change in changes:
        train(trainer, model_history, 9, states)
        configure(trainer, model_history, **change)
        train(trainer, model_history, 5, states)
        configure(trainer, model_history, **change)  # twice at once is as good as once
    assert len(model_history.changes) == 4
    last = states.pop(max(states))  # reached before the last change, which is none
    assert all_the_same(model_history, states | {last.update: last})


def test_there_and_back_at_one_update_empties_the_memory():
    trainer, states = trainer_of(), {}
    model_history = ModelHistory(trainer, rest=0)
    train(trainer, model_history, 9, states)
    configure(trainer, model_history, optimizer="sgd")
    configure(trainer, model_history, optimizer="adam")
    train(trainer, model_history, 9, states)
    assert all_the_same(model_history, states)


def test_copies_never_take_more_room_than_there_is_and_lie_evenly():
    trainer = trainer_of()
    size = capture(trainer).nbytes
    model_history, states = ModelHistory(trainer, room=8 * size, rest=0), {}
    train(trainer, model_history, 300, states, slices=(3,))
    updates = model_history.updates
    assert model_history.nbytes <= 8 * size and updates[0] == 0
    assert max(np.diff([*updates, 300])) <= 4 * 300 / len(updates)
    model_history.limit(3 * size)
    assert model_history.nbytes <= 3 * size and model_history.updates[0] == 0
    assert same(capture(model_history.replay(150).run(lambda share: True)), states[150])


def test_the_first_stays_however_small_the_room():
    trainer = trainer_of()
    model_history = ModelHistory(trainer, room=1, rest=0)
    train(trainer, model_history, 5, {})
    assert model_history.updates == (0,)


def test_a_copy_does_not_train_on():
    trainer, states = trainer_of(), {}
    train(trainer, model_history := ModelHistory(trainer, rest=0), 3, states)
    train(trainer, model_history, 20, {})
    assert same(capture(model_history.replay(3).run(lambda share: True)), states[3])


def test_a_replay_stops_when_it_is_not_wanted():
    trainer = trainer_of()
    model_history, seen = ModelHistory(trainer), []
    assert model_history.replay(10**9).run(lambda share: bool(seen.append(share))) is None
    assert len(seen) == 1 and 0 < seen[0] < 1


def test_a_branch_has_the_past_and_its_own_future():
    trainer, states = trainer_of(), {}
    model_history = ModelHistory(trainer, rest=0)
    train(trainer, model_history, 20, states)
    configure(trainer, model_history, learning_rate=0.3)
    train(trainer, model_history, 20, states)
    branch = model_history.until(20)
    assert branch.changes == () and max(branch.updates) <= 20
    other = branch.replay(20).run(lambda share: True)
    other.configure(optimizer="sgd")
    branch.note_change(Change(20, trainer_of().config, other.config))
    train(other, branch, 9, own := {})
    assert all_the_same(branch, own) and all_the_same(model_history, states)
    assert asdict(other.config)["optimizer"] == "sgd"


@pytest.mark.parametrize(
    ("seconds", "larger", "worth"), [(0.05, 1, False), (0.2, 1, True), (0.2, 10**4, False), (1.0, 10**4, True)]
)
def test_more_memory_is_worth_it_where_replays_would_take_long(seconds, larger, worth, monkeypatch):
    """seconds : of an update. larger : so many times as large are the copies, or as small what counts as large."""
    monkeypatch.setattr(ui.training.model_history, "LARGE", ui.training.model_history.LARGE // larger)
    trainer = trainer_of()
    model_history = ModelHistory(trainer, room=8 * capture(trainer).nbytes, rest=0)
    for _ in range(7):
        trainer.step(1)
        model_history.note(trainer, seconds=seconds)
    assert model_history.crowded is worth
    model_history.limit(2 * model_history.room)
    assert not model_history.crowded


def test_memory_is_asked_for_before_the_copies_need_it_however_rarely_that_is():
    trainer = trainer_of()
    model_history = ModelHistory(trainer, room=64 * capture(trainer).nbytes, rest=0)
    for _ in range(80):
        for _copy in range(5):  # between two looks whether more is needed
            trainer.step(1)
            model_history.note(trainer, seconds=1.0)
        if model_history.crowded:
            model_history.limit(2 * model_history.room)
    assert len(model_history.updates) == 401  # none had to go


def test_where_there_is_more_memory_the_next_copies_lie_nearer():
    trainer = trainer_of()
    model_history = ModelHistory(trainer, room=1, rest=0)  # less than one takes, as of a large network at first
    train(trainer, model_history, 9, {})
    assert model_history.updates == (0,)
    model_history.limit(64 * capture(trainer).nbytes)
    train(trainer, model_history, 20, {})
    assert max(np.diff(model_history.updates[1:])) <= 2  # there are one or two from one note to the next
    assert model_history.updates[1] <= 11


def test_a_copy_that_waited_for_the_processor_does_not_put_the_next_one_off(monkeypatch):
    trainer, late = trainer_of(), 0.3
    model_history, real = ModelHistory(trainer, room=10**6, rest=0.01), ui.training.model_history.capture

    def slow(trainer):
        time.sleep(late)
        return real(trainer)

    monkeypatch.setattr(ui.training.model_history, "capture", slow)
    for updates in (1, 2):
        end = time.monotonic() + 10 * late
        while len(model_history.updates) <= updates and time.monotonic() < end:
            trainer.step(1)
            model_history.note(trainer)
    assert len(model_history.updates) == 3


def test_a_film_stops_at_copies_where_they_are_near():
    trainer = trainer_of()
    model_history = ModelHistory(trainer, room=10**6, rest=0)
    train(trainer, model_history, 50, {})
    stops = model_history.stops(50, 5)
    assert stops[0] == 0 and stops[-1] == 50 and len(stops) == 5 and stops == sorted(stops)
    assert set(stops) <= {*model_history.updates, 50}
