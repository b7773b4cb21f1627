"""Same seed, same bits: however updates are grouped into calls, whatever other threads do, in either float type."""

import hashlib
import threading
from pathlib import Path

import numpy as np
import pytest
from other_cpu import printed_there
from reference import GATES

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import TASKS

TEXT = "the quick brown fox jumps over the lazy dog and runs away from the small red hen. " * 6
GROUPINGS = {"one by one": [1] * 24, "uneven": [7, 1, 2, 9, 5], "one call": [24]}


def trainer(cell: str, dtype: str, seed: int = 3, **settings) -> Trainer:
    task = TASKS["text"](text=TEXT, sequence_length=8, batch_size=3)
    config = ModelConfig(cell, task.input_size, 7, task.output_size, num_layers=2, dtype=dtype, seed=seed)
    return Trainer(Model(config), task, TrainConfig(**{"clip_norm": 1.0, "seed": seed} | settings))


def result(one: Trainer, grouping: list[int]) -> bytes:
    """Every bit that 24 updates leave: losses, norms, factors, parameters."""
    histories = [one.step(n) for n in grouping]
    columns = [np.concatenate([getattr(h, name) for h in histories]) for name in ("loss", "grad_norm", "clip_factor")]
    assert len(columns[0]) == one.update == 24
    assert np.concatenate([h.update for h in histories]).tolist() == list(range(1, 25))
    return b"".join(array.tobytes() for array in [*columns, *one.model.state_dict().values()])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cell", GATES)
def test_grouping_into_calls(cell, dtype):
    results = {name: result(trainer(cell, dtype), calls) for name, calls in GROUPINGS.items()}
    assert len(set(results.values())) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"stateful": True},
        {"truncate": 3},
        {"truncate": 3, "truncation": "chunked", "stateful": True},
        {"optimizer": "rmsprop"},
    ],
    ids=str,
)
def test_grouping_with_other_settings(settings):
    results = {name: result(trainer("lstm", "float32", **settings), calls) for name, calls in GROUPINGS.items()}
    assert len(set(results.values())) == 1


def test_looking_changes_nothing():
    """Held-out loss, traces and samples between the updates leave training as it is."""
    alone, watched = trainer("gru", "float32"), trainer("gru", "float32")
    expected = result(alone, [24])
    step = watched.step

    def step_and_look(n):
        history = step(n)
        watched.evaluate()
        x, targets, _ = watched.task.held_out()
        watched.model.backward(x, targets)
        return history

    watched.step = step_and_look
    assert result(watched, GROUPINGS["uneven"]) == expected


def test_seeds_matter():
    first, other = trainer("gru", "float32", seed=1), trainer("gru", "float32", seed=2)
    assert result(first, [24]) != result(other, [24])
    same_weights = trainer("gru", "float32", seed=1)
    same_weights.configure(seed=2)
    assert result(trainer("gru", "float32", seed=1), [24]) != result(same_weights, [24])


def test_another_thread_trains_at_the_same_time():
    expected = result(trainer("lstm", "float32"), [24])
    result(trainer("gru", "float64"), [24])  # compiled before the race
    stop, ready, rounds = threading.Event(), threading.Event(), []

    def other():
        while not stop.is_set():
            rounds.append(result(trainer("gru", "float64"), [24]))
            ready.set()

    thread = threading.Thread(target=other)
    thread.start()
    try:
        assert ready.wait(60)
        for _ in range(100):
            assert result(trainer("lstm", "float32"), GROUPINGS["uneven"]) == expected
    finally:
        stop.set()
        thread.join()
    assert len(set(rounds)) == 1


def digests() -> list[str]:
    """One line for each cell: what 24 updates in float32 leave behind."""
    return [f"{cell} {hashlib.sha256(result(trainer(cell, 'float32'), [24])).hexdigest()}" for cell in GATES]


@pytest.mark.slow
def test_another_cpu_model():
    """Compiled for a processor without vector units or fused multiply-add: the same bits."""
    code = "import test_determinism; print(*test_determinism.digests(), sep='\\n')"
    assert printed_there(code, Path(__file__).parent) == digests()
