"""What each trick of `rnn_core/kernels` buys: copies of the sources with one of them taken out, which take turns.

A trick under 5 % at every shape is not worth its lines.
"""

import os
import shutil
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.cases import CASES
from benchmarks.contenders import CONTENDERS, OURS, OURS_ON_TWO
from benchmarks.process import ROOT, Process
from benchmarks.training import steps_of_a_turn

SHAPES = {  # column -> (case, contender)
    **{name: (name, OURS) for name in ("S1-rnn", "S1-gru", "S3-gru", "S4-gru", "S6-rnn")},
    "S4-gru, 2 threads": ("S4-gru", OURS_ON_TWO),
}
WHOLE = "with all of them"


DOT_PRODUCTS = '''@shared(lambda f: types.void(array(f, 2, "A"), array(f, 2, "A"), array(f, 2)))
def add_dot_products(a, w, c):
    """c (M, N) += a (M, K) @ w.T with w (N, K): eight sums at a time."""
    for m in range(c.shape[0]):
        row = a[m]
        eights = w.shape[0] // 8 * 8
        for n in range(0, eights, 8):
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = c.dtype.type(0)
            for k in range(row.size):
                x = row[k]
                s0, s1 = fma(x, w[n, k], s0), fma(x, w[n + 1, k], s1)
                s2, s3 = fma(x, w[n + 2, k], s2), fma(x, w[n + 3, k], s3)
                s4, s5 = fma(x, w[n + 4, k], s4), fma(x, w[n + 5, k], s5)
                s6, s7 = fma(x, w[n + 6, k], s6), fma(x, w[n + 7, k], s7)
            c[m, n] += s0
            c[m, n + 1] += s1
            c[m, n + 2] += s2
            c[m, n + 3] += s3
            c[m, n + 4] += s4
            c[m, n + 5] += s5
            c[m, n + 6] += s6
            c[m, n + 7] += s7
        for n in range(eights, w.shape[0]):
            total = c.dtype.type(0)
            for k in range(row.size):
                total = fma(row[k], w[n, k], total)
            c[m, n] += total


'''


class Change(NamedTuple):
    """Replacement of a text, which occurs once, in a file of `rnn_core`."""

    file: str
    old: str
    new: str


# name -> the changes that take the trick out
TRICKS: dict[str, tuple[Change, ...]] = {
    "tiles in registers (plain loops)": (Change("kernels/arithmetic.py", "if columns < lanes:", "if columns >= 0:"),),
    "two chains in narrow products": (Change("kernels/arithmetic.py", "if columns <= 2 * lanes:", "if columns < 0:"),),
    "sums in vectors (one by one)": (
        Change("kernels/arithmetic.py", "whole = v.size // LANES * LANES", "whole = v.size * 0"),
        Change("kernels/arithmetic.py", "whole = row.size // LANES * LANES", "whole = row.size * 0"),
    ),
    "polynomials for exp and tanh (the C library's)": (
        Change(
            "kernels/arithmetic.py",
            "if x != types.float32:\n        return lambda x: math.exp(x)",
            "if True:\n        return math_exp",
        ),
        Change(
            "kernels/arithmetic.py",
            "if x != types.float32:\n        return lambda x: math.tanh(x)",
            "if True:\n        return math_tanh",
        ),
        Change(
            "kernels/arithmetic.py",
            "@overload(exp)\n",
            "def math_exp(x):\n    return math.exp(x)\n\n\ndef math_tanh(x):\n    return math.tanh(x)\n\n\n"
            "@overload(exp)\n",
        ),
    ),
    "arrays that begin a line of the cache": (
        Change(
            "kernels/vectors.py",
            "return room[start : start + size].reshape(shape)",
            "return np.zeros(shape, number)",
        ),
    ),
    "only the columns of U that were read": (
        Change("kernels/engine.py", "return size if ids.size > 0 and", "return size if ids.size < 0 and"),
    ),
    "no reference counts": (Change("kernels/jit.py", "counts_references=allocates", "counts_references=True"),),
    "shared kernels (compiled into each caller)": (
        Change(
            "kernels/linking.py",
            "        if config.DISABLE_JIT:\n            return function\n        name, dispatcher",
            "        if function:\n            return kernel(function, from_python=from_python)\n"
            "        name, dispatcher",
        ),
    ),
    "transposed copies of the weights (dot products along their rows)": (
        Change("kernels/arithmetic.py", "@part\ndef share_of", f"{DOT_PRODUCTS}@part\ndef share_of"),
        Change("kernels/backward.py", "    add_product,\n", "    add_dot_products,\n    add_product,\n"),
        Change("kernels/backward.py", "if work.steps & TURN:", "if work.steps & TURN and shape.layers > 1:"),
        Change(
            "kernels/backward.py",
            "def _backward_window(cell_backward,",
            "def _backward_window(cell_backward, offsets, params,",
        ),
        Change(
            "kernels/backward.py",
            "        _backward_window(cell_backward,",
            "        _backward_window(cell_backward, offsets, params,",
        ),
        Change(
            "kernels/backward.py",
            "part_of(buffers.gates, stack), part_of(buffers.weight_hh, stack),",
            "part_of(buffers.gates, stack), view(params, offsets[stack, WEIGHT_HH], (shape.hidden, shape.rows)),",
        ),
        Change(
            "kernels/backward.py",
            "        transpose(view(params, offsets[stacks, WEIGHT_IH], (width, outputs))[:, begin:end], weight_ho)\n",
            "",
        ),
        Change(
            "kernels/backward.py",
            "add_product(d_logits[:, begin:end], weight_ho,",
            "add_dot_products(d_logits[:, begin:end], "
            "view(params, offsets[stacks, WEIGHT_IH], (width, outputs))[:, begin:end],",
        ),
        *(
            Change(f"cells/{cell}.py", "kernels.arithmetic import", "kernels.arithmetic import add_dot_products,")
            for cell in ("rnn", "gru", "lstm")
        ),
        Change("cells/rnn.py", "add_product(sequences(d_gates, t", "add_dot_products(sequences(d_gates, t"),
        Change("cells/gru.py", "add_product(sequences(d_gates_hh, t", "add_dot_products(sequences(d_gates_hh, t"),
        Change("cells/lstm.py", "add_product(sequences(d_gates, t", "add_dot_products(sequences(d_gates, t"),
    ),
    "read-out in blocks of 256 rows (whole)": (
        Change("kernels/buffers.py", "TRANSPOSED = 256 ", "TRANSPOSED = 1 << 30 "),
    ),
    "spinning threads (they yield at once)": (Change("kernels/parallel.py", "SPINS = 2000 ", "SPINS = 0 "),),
}


def rows(rounds: int):
    """(trick, how much longer a step takes without it at each of SHAPES) for the table in docs/speed.md."""
    times: dict[str, list[str]] = {name: [] for name in (WHOLE, *TRICKS)}
    with tempfile.TemporaryDirectory(prefix="rnn-lab-tricks-") as folder:
        copies = {WHOLE: copied(Path(folder) / "whole", ())}
        for number, (name, trick) in enumerate(TRICKS.items()):
            copies[name] = copied(Path(folder) / str(number), trick)
        for shape in SHAPES:
            print(f"{shape} ...", file=sys.stderr, flush=True)
            seconds = measured(shape, copies, rounds)
            times[WHOLE].append(f"{1e6 * median(seconds[WHOLE]):,.1f} µs")
            for name in TRICKS:  # beside the whole in the same round
                ratio = median(a / b for a, b in zip(seconds[name], seconds[WHOLE], strict=True))
                times[name].append(f"{100 * (ratio - 1):+.0f} %")
    for name, cells in times.items():
        yield name, *cells


def copied(folder: Path, changes: tuple[Change, ...]) -> Path:
    """The core and the benchmarks there, with these changes."""
    for package in ("rnn_core", "benchmarks"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for change in changes:
        file = folder / "rnn_core" / change.file
        file.write_text(changed(file.read_text(encoding="utf-8"), change), encoding="utf-8")
    return folder


def changed(source: str, change: Change) -> str:
    """The source with the change made; ValueError where it no longer reads as it did."""
    if source.count(change.old) != 1:
        raise ValueError(f"{change.file} has {change.old!r} {source.count(change.old)} times; expected once")
    return source.replace(change.old, change.new)


def measured(shape: str, copies: dict[str, Path], rounds: int) -> dict[str, list[float]]:
    """Seconds per step of every round; all start compiled, and whose turn is first changes. shape : one of SHAPES."""
    case, contender = SHAPES[shape]
    with ExitStack() as stack:
        processes = {}
        for name, folder in copies.items():
            environment = os.environ | CONTENDERS[contender].environment | {"NUMBA_CACHE_DIR": str(folder / "cache")}
            process = Process(contender, CASES[case], folder, environment)
            processes[name] = stack.enter_context(closing(process))
            process.first_losses()
        steps = {name: steps_of_a_turn(process) for name, process in processes.items()}
        names = list(processes)
        for number in range(rounds):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                processes[name].seconds.append(processes[name].measure(steps[name]))
        return {name: process.seconds for name, process in processes.items()}
