"""Costs of looking: recording, traces, gradient flow, generation; and whether networks cost what their parts cost."""

import numpy as np
from numba import float32, types

from benchmarks.networks import trainer
from benchmarks.timing import interleaved, steps, steps_of
from rnn_core import Model, ModelConfig, generate, gradient_flow
from rnn_core.kernels.arithmetic import squared_norm
from rnn_core.kernels.jit import kernel
from rnn_core.kernels.linking import array, compiled

REPEATS = 100
CELLS = {"RNN": "rnn_tanh", "GRU": "gru", "LSTM": "lstm"}


def rows(rounds: int):
    """(what, measured, goal) for the table in docs/speed.md."""
    for label, cell in CELLS.items():
        one = trainer(cell, 32, 32, 25, 1)
        share = recording(one, rounds) / steps(one, rounds)
        yield f"recording the norm at every step, {label} V32 H32 T25 B1", f"{100 * share:.1f} % of a step", "3 %"
    for label, cell in CELLS.items():
        for hidden, length in ((32, 25), (128, 100)):
            yield (
                f"`Trace` of one sequence, {label} H{hidden} T{length}",
                f"{trace_to_step(trainer(cell, 65, hidden, length, 1), rounds):.2f} × `Trainer.step(1)`",
                "2 ×",
            )
    for label, cell in CELLS.items():
        deep, two_way = parts(cell, rounds)
        yield f"two layers to their two networks of one, {label} V65 H64 T64 B16", f"{deep:.2f}", "1.1"
        yield f"two directions to twice one, {label}", f"{two_way:.2f}", "1.1"
    rng = np.random.default_rng(0)
    ids = rng.integers(0, 65, (2, 100, 1))
    for label, cell in CELLS.items():
        model = Model(ModelConfig(cell, 65, 64, 65))
        time = interleaved({"": lambda model=model: gradient_flow(model, *ids)}, rounds)[""]
        yield f"`gradient_flow`, {label} H64 T100", f"{1e3 * time:.1f} ms", "200 ms" if cell == "lstm" else "50 ms"
    for label, cell in CELLS.items():
        model = Model(ModelConfig(cell, 65, 128, 65))
        time = interleaved({"": lambda model=model: generate(model, [0], 10_000, seed=1)}, rounds)[""]
        yield f"`generate`, {label} V65 H128", f"{10_000 / time:,.0f} symbols/s", "100,000"


@kernel
def _norms(times, states, norms):
    for _ in range(times):
        for i in range(norms.size):
            norms[i] = np.sqrt(squared_norm(states[i]))


def recording(one, rounds: int) -> float:
    """Seconds for ||dL/ds_t|| of all steps. The norm before clipping is clipping's own, the factor too."""
    model, task = one.model.config, one.task
    states = np.ones((model.num_layers * (task.sequence_length + 1), task.batch_size * model.hidden_size), np.float32)
    run = compiled(_norms, types.void(types.int64, array(float32, 2), array(float32, 1)))
    norms = np.zeros(len(states), np.float32)
    return interleaved({"": lambda: run(REPEATS, states, norms)}, rounds)[""] / REPEATS


def trace_to_step(one, rounds: int) -> float:
    """Time of `Model.backward` in times of one update, both called from Python."""
    x, targets, _ = one.task.held_out()
    one.step(3)
    calls = {"step": lambda: one.step(1), "trace": lambda: one.model.backward(x, targets)}
    times = interleaved(calls, rounds)
    return times["trace"] / times["step"]


def parts(cell, rounds: int) -> tuple[float, float]:
    """Time of two layers to one that reads symbols and one that reads H values; of two directions to twice one."""
    times = steps_of(
        {
            "lower": trainer(cell, 65, 64, 64, 16),
            "upper": trainer(cell, 65, 64, 64, 16, values=64),
            "deep": trainer(cell, 65, 64, 64, 16, num_layers=2),
            "two-way": trainer(cell, 65, 64, 64, 16, bidirectional=True),
        },
        rounds,
    )
    return times["deep"] / (times["lower"] + times["upper"]), times["two-way"] / (2 * times["lower"])
