"""Distance of a training step from the limits of the machine."""

import numpy as np
from numba import float32, types

from benchmarks.cases import BLOCKS, CASES
from benchmarks.contenders import ours
from benchmarks.networks import multiplications
from benchmarks.timing import interleaved, steps
from rnn_core.kernels.arithmetic import add_product
from rnn_core.kernels.jit import kernel
from rnn_core.kernels.linking import array, compiled
from rnn_core.kernels.vectors import aligned

SIDE = 1024  # of the square matrices whose product is taken for the peak
REPEATS = 100


def rows(rounds: int):
    """(what, measured, goal) for the table in docs/speed.md."""
    peak = peak_flops(rounds)
    yield "peak of one thread (sgemm of OpenBLAS, 1024 x 1024 x 1024)", f"{peak / 1e9:.0f} GFLOP/s", ""
    for name in ("S4-rnn", "S4-gru", "S4-lstm", "S5-lstm"):
        case = CASES[name]
        count = multiplications(BLOCKS[case.cell], case.vocabulary, case.hidden, case.steps, case.batch)
        share = 2 * count / steps(ours.build(case).trainer, 3 if name == "S5-lstm" else rounds) / peak
        yield f"{name}: share of that peak", f"{100 * share:.0f} %", ""
    for name in ("S1-rnn", "S1-gru", "S1-lstm", "S2-rnn"):
        step, products = steps(ours.build(CASES[name]).trainer, rounds), raw_products(CASES[name], rounds)
        yield f"{name}: raw multiplications, of a step", f"{1e6 * products:.1f} of {1e6 * step:.1f} µs", ""


def peak_flops(rounds: int) -> float:
    """Multiplications and additions a second; the parent of this process has set one thread."""
    a, b = np.random.default_rng(0).random((2, SIDE, SIDE), np.float32)
    c = np.empty_like(a)
    return 2 * SIDE**3 / interleaved({"": lambda: np.matmul(a, b, out=c)}, rounds)[""]


@kernel
def _products(times, steps, state, w, w_back, gates, features, v, v_back, logits, d_v, d_w):
    for _ in range(times):
        for _ in range(steps):
            add_product(state, w, gates[:1])  # forwards
            add_product(gates[:1], w_back, state)  # backwards
        add_product(features, v, logits)
        add_product(logits, v_back, features)
        add_product(features.T, logits, d_v)
        add_product(features.T, gates, d_w)


def raw_products(case, rounds: int) -> float:
    """Seconds for the matrix products of one step with one sequence, and nothing else."""
    hidden, wide, outputs = case.hidden, BLOCKS[case.cell] * case.hidden, case.outputs
    shapes = [
        (1, hidden), (hidden, wide), (wide, hidden), (case.steps, wide), (case.steps, hidden), (hidden, outputs),
        (outputs, hidden), (case.steps, outputs), (hidden, outputs), (hidden, wide),
    ]  # fmt: skip
    arrays = [aligned(shape, np.float32) for shape in shapes]
    run = compiled(_products, types.void(types.int64, types.int64, *[array(float32, 2)] * len(shapes)))
    return interleaved({"": lambda: run(REPEATS, case.steps, *arrays)}, rounds)[""] / REPEATS
