"""What every task promises: shapes, purity, split, errors, accuracy."""

import dataclasses
import json
import math

import numpy as np
import pytest
from task_cases import SEEDED, STREAMS, check_arrays, make, same

from rnn_core.errors import ConfigError, InputError
from rnn_core.tasks import TASKS, AddingTask, SineTask

SPLIT = ("recall", "adding", "copy", "order", "flipflop", "reber", "sine", "sentiment", "sentiment_zh", "agreement")
OWN_GENERATOR = (
    "grammar",
    "recall",
    "adding",
    "copy",
    "order",
    "count",
    "flipflop",
    "sine",
    "sentiment",
    "agreement",
    "strokes",
)

# every task


@pytest.mark.parametrize("name", TASKS)
def test_arrays_have_the_promised_shapes_and_types(name):
    task = make(name)
    assert task.name == name
    n = task.block_size
    assert n == max(1, 32768 // (task.sequence_length * task.batch_size))
    block = task.block(index=1, seed=5)
    assert check_arrays(task, block, (n,)) == task.batch_size
    assert block.reset.dtype == bool and block.reset.shape == (n,) and block.reset.all()
    assert 1 <= check_arrays(task, task.held_out(), ()) <= 64
    for split in ("train", "held_out"):
        assert check_arrays(task, task.example(3, split), ()) == 1


@pytest.mark.parametrize("name", TASKS)
def test_can_be_made_without_arguments_and_from_json(name):
    task = TASKS[name]()
    again = TASKS[name](**json.loads(json.dumps(dataclasses.asdict(task), allow_nan=False)))
    assert again == task and hash(again) == hash(task)
    assert same(again.block(0, 0), task.block(0, 0)) and same(again.held_out(), task.held_out())
    with pytest.raises(dataclasses.FrozenInstanceError):
        task.batch_size = 2
    names = {f.name for f in dataclasses.fields(task)}
    assert set(task.difficulty) <= names
    assert task.chance > 0 and (task.best is None or 0 <= task.best < task.chance)


@pytest.mark.parametrize("name", TASKS)
def test_block_is_a_pure_function(name):
    task = make(name)
    state = np.random.get_state()[1].copy()
    first = task.block(2, seed=7)
    task.block(3, seed=7), task.block(2, seed=8), task.held_out(), task.example(1)
    assert same(task.block(2, seed=7), first)
    assert same(make(name).block(np.int64(2), seed=7), first)
    assert not same(task.block(3, seed=7), first)
    assert not same(task.block(2, seed=8), first)
    assert np.array_equal(np.random.get_state()[1], state)


@pytest.mark.parametrize("name", SEEDED)
def test_the_data_sets_seed_matters(name):
    assert not same(make(name, seed=1).block(0, 0), make(name, seed=2).block(0, 0))
    assert not same(make(name, seed=1).held_out(), make(name, seed=2).held_out())


@pytest.mark.parametrize("name", TASKS)
def test_held_out_is_built_once_and_examples_come_from_their_split(name):
    task = make(name)
    held_out, block = task.held_out(), task.block(0, seed=0)
    assert task.held_out() is held_out
    sequences = held_out.x.shape[1]
    for index in (0, 1, sequences - 1, sequences):
        shown = task.example(index, "held_out")
        assert np.array_equal(shown.x[:, 0], held_out.x[:, index % sequences])
        assert np.array_equal(shown.targets[:, 0], held_out.targets[:, index % sequences])
    for index, (row, column) in {0: (0, 0), 2: (0, 2), 3: (1, 0), 10: (3, 1)}.items():
        shown = task.example(index)
        assert np.array_equal(shown.x[:, 0], block.x[row, :, column])
        assert np.array_equal(shown.targets[:, 0], block.targets[row, :, column])
    n = task.block_size * task.batch_size
    assert np.array_equal(task.example(n).x[:, 0], task.block(1, seed=0).x[0, :, 0])


@pytest.mark.parametrize("name", SPLIT)
def test_no_held_out_sequence_is_trained_on(name):
    longer = {
        "recall": {"delay": 20},
        "copy": {"length": 9},
        "order": {"sequence_length": 40},
        "flipflop": {"sequence_length": 40},
    }
    task = make(name, **longer.get(name, {}))
    trained = set()
    for index in range(3):
        x = task.block(index, seed=index).x
        trained |= {x[u, :, b].tobytes() for u in range(x.shape[0]) for b in range(x.shape[2])}
    x = task.held_out().x
    assert not trained & {x[:, b].tobytes() for b in range(x.shape[1])}


@pytest.mark.parametrize("name", OWN_GENERATOR)
def test_held_out_data_has_a_generator_of_its_own(name, monkeypatch):
    seeds, task, default_rng = [], make(name), np.random.default_rng
    monkeypatch.setattr(np.random, "default_rng", lambda seed: seeds.append(tuple(seed)) or default_rng(seed))
    task.held_out()
    held_out = set(seeds)
    seeds.clear()
    task.block(0, seed=0), task.block(1, seed=0), task.block(0, seed=1)
    assert held_out and not held_out & set(seeds) and len(set(seeds)) == len(seeds)


@pytest.mark.parametrize("name", TASKS)
def test_long_sequences_are_fewer_in_the_held_out_batch(name):
    if name in ("text", "grammar"):
        changes = {"text": {"text": "abc " * 80_000}, "grammar": {"sentences": 100_000}}[name]
        assert make(name, sequence_length=2000, **changes).held_out().x.shape == (2000, 8)
    elif name not in ("reber", "sentiment", "sentiment_zh", "agreement"):  # whose longest are short
        field = {"recall": "delay", "copy": "delay", "count": "longest"}.get(name, "sequence_length")
        steps = 500 if name == "count" else 1000
        assert make(name, **{field: steps}).held_out().x.shape[1] == 16
    assert make(name).held_out().x.shape[1] == {"text": 3, "grammar": 53}.get(name, 64)


# arguments and parameters


@pytest.mark.parametrize("name", TASKS)
def test_numbers_out_of_range_are_refused_with_field_value_and_range(name):
    for field in dataclasses.fields(TASKS[name]):
        if "low" not in field.metadata:
            continue
        low, high = field.metadata["low"], field.metadata["high"]
        for wrong in (low - 1, high + 1, math.nan, math.inf, -math.inf, None, "3", True, [4], 10**30):
            with pytest.raises(ConfigError) as error:
                make(name, **{field.name: wrong})
            message = str(error.value)
            assert message.startswith(field.name) and str(low) in message and str(high) in message
            assert len(message) < 300
        if type(field.default) is int:
            with pytest.raises(ConfigError, match="whole number"):
                make(name, **{field.name: 2.5})
            assert type(getattr(make(name, **{field.name: np.int32(field.default)}), field.name)) is int
        else:
            assert type(getattr(make(name, **{field.name: np.float32(field.default)}), field.name)) is float


@pytest.mark.parametrize("name", TASKS)
def test_bounds_themselves_work(name):
    for field in dataclasses.fields(TASKS[name]):
        for end in ("low", "high"):
            if end in field.metadata and (name, field.name, end) != ("text", "sequence_length", "high"):
                task = make(name, **{field.name: field.metadata[end]})
                check_arrays(task, task.block(0, 0), (task.block_size,))
                check_arrays(task, task.held_out(), ())
    with pytest.raises(ConfigError, match=r"text has 240 characters.*4002.*at most 119"):
        make("text", sequence_length=2000)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("wrong", [-1, 1.5, None, 2**32, True, "0"])
def test_wrong_arguments_of_calls(name, wrong):
    task = make(name)
    with pytest.raises(InputError, match="index"):
        task.block(wrong, seed=0)
    with pytest.raises(InputError, match="seed"):
        task.block(0, seed=wrong)
    with pytest.raises(InputError, match="index"):
        task.example(wrong)
    with pytest.raises(InputError, match="split"):
        task.example(0, split=wrong)
    if name not in STREAMS:
        with pytest.raises(ConfigError, match="stateful"):
            task.block(0, seed=0, stateful=True)


# accuracy


@pytest.mark.parametrize("name", TASKS)
def test_accuracy_of_right_and_wrong_outputs(name):
    task = make(name)
    batch = task.held_out()
    if task.loss == "mse":
        assert task.accuracy(batch.targets, batch) == 1
        far = batch.targets + 5 if name != "strokes" else -batch.targets  # no digit is its own reflection
        assert task.accuracy(far, batch) == 0 if name != "strokes" else task.accuracy(far, batch) < 0.5
    elif name not in ("reber", "copy", "count"):  # which do not take one step for one answer
        right = np.eye(task.output_size)[batch.targets]
        assert task.accuracy(right, batch) == 1 and task.accuracy(-right, batch) == 0
        rng = np.random.default_rng(0)
        outputs = rng.random(right.shape)
        hits = [
            outputs[i].tolist().index(max(outputs[i])) == batch.targets[i]
            for i in np.ndindex(batch.targets.shape)
            if batch.mask is None or batch.mask[i]
        ]
        assert task.accuracy(outputs, batch) == pytest.approx(np.mean(hits))
    shape = (*batch.targets.shape[:2], task.output_size)
    with pytest.raises(InputError, match=r"outputs have shape .*expected"):
        task.accuracy(np.zeros(shape[1:]), batch)
    with pytest.raises(InputError, match="finite"):
        task.accuracy(np.full(shape, np.nan), batch)


def test_accuracy_by_hand():
    adding = AddingTask(sequence_length=4)
    batch = adding.held_out()
    outputs = batch.targets + np.where(np.arange(64) % 4 == 0, 0.05, 0.03)[None, :, None]
    assert adding.accuracy(outputs, batch) == 0.75
    sine = SineTask(noise=0.2)
    batch = sine.held_out()
    expected = 1 - np.square(batch.targets - 0.5).mean() / 0.54
    assert sine.accuracy(np.full_like(batch.targets, 0.5), batch) == pytest.approx(max(0, expected), abs=1e-6)
