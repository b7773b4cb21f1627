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
from benchmarks.contenders import CONTENDERS, OURS
from benchmarks.process import ROOT, Process
from benchmarks.training import steps_of_a_turn

SHAPES = ("S1-rnn", "S1-gru", "S3-gru", "S4-gru", "S6-rnn")
WHOLE = "with all of them"


class Trick(NamedTuple):
    """How a trick is taken out: in a file of `rnn_core/kernels`, each text becomes the other; it stands there once."""

    file: str
    changes: tuple[tuple[str, str], ...]


TRICKS = {
    "tiles in registers (plain loops)": Trick("arithmetic.py", (("if columns < lanes:", "if columns >= 0:"),)),
    "two chains in narrow products": Trick("arithmetic.py", (("if columns <= 2 * lanes:", "if columns < 0:"),)),
    "sums in vectors (one by one)": Trick(
        "arithmetic.py",
        (
            ("whole = v.size // LANES * LANES", "whole = v.size * 0"),
            ("whole = row.size // LANES * LANES", "whole = row.size * 0"),
        ),
    ),
    "polynomials for exp and tanh (the C library's)": Trick(
        "arithmetic.py",
        (
            ("if x != types.float32:\n        return lambda x: math.exp(x)", "if True:\n        return math_exp"),
            ("if x != types.float32:\n        return lambda x: math.tanh(x)", "if True:\n        return math_tanh"),
            (
                "@overload(exp)\n",
                "def math_exp(x):\n    return math.exp(x)\n\n\ndef math_tanh(x):\n    return math.tanh(x)\n\n\n"
                "@overload(exp)\n",
            ),
        ),
    ),
    "arrays that begin a line of the cache": Trick(
        "vectors.py", (("return room[start : start + size].reshape(shape)", "return np.zeros(shape, number)"),)
    ),
    "only the columns of U that were read": Trick(
        "engine.py", (("return size if ids.size > 0 and", "return size if ids.size < 0 and"),)
    ),
    "no reference counts": Trick("jit.py", (("counts_references=allocates", "counts_references=True"),)),
    "shared kernels (compiled into each caller)": Trick(
        "linking.py",
        (
            (
                "        if config.DISABLE_JIT:\n            return function\n        name, dispatcher",
                "        if function:\n            return kernel(function, from_python=from_python)\n"
                "        name, dispatcher",
            ),
        ),
    ),
}


def rows(rounds: int):
    """(trick, how much longer a step takes without it at each of SHAPES) for the table in docs/speed.md."""
    times: dict[str, list[str]] = {name: [] for name in (WHOLE, *TRICKS)}
    with tempfile.TemporaryDirectory(prefix="rnn-lab-tricks-") as folder:
        copies = {WHOLE: copied(Path(folder) / "whole", None)}
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


def copied(folder: Path, trick: Trick | None) -> Path:
    """The core and the benchmarks there, without a trick."""
    for package in ("rnn_core", "benchmarks"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    if trick is not None:
        file = folder / "rnn_core" / "kernels" / trick.file
        file.write_text(without(file.read_text(encoding="utf-8"), trick), encoding="utf-8")
    return folder


def without(source: str, trick: Trick) -> str:
    """The source with the trick taken out; ValueError where it no longer reads as it did."""
    for old, new in trick.changes:
        if source.count(old) != 1:
            raise ValueError(f"{trick.file} has {old!r} {source.count(old)} times; expected once")
        source = source.replace(old, new)
    return source


def measured(shape: str, copies: dict[str, Path], rounds: int) -> dict[str, list[float]]:
    """Seconds per step of every round; all start compiled, and whose turn is first changes."""
    with ExitStack() as stack:
        processes = {}
        for name, folder in copies.items():
            environment = os.environ | CONTENDERS[OURS].environment | {"NUMBA_CACHE_DIR": str(folder / "cache")}
            process = Process(OURS, CASES[shape], folder, environment)
            processes[name] = stack.enter_context(closing(process))
            process.first_losses()
        steps = {name: steps_of_a_turn(process) for name, process in processes.items()}
        names = list(processes)
        for number in range(rounds):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                processes[name].seconds.append(processes[name].measure(steps[name]))
        return {name: process.seconds for name, process in processes.items()}
