"""Known mistakes, planted one at a time in a copy of rnn_core: the suite's checks have to go red for each.

Each bug is a replacement in one source file. The tests named beside it then run on the copy without the JIT.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from reference import GATES

TESTS = Path(__file__).parents[1]
GOLDEN, DIFFERENCES = (
    "rnn_core/test_golden.py::test_against_pytorch",
    "rnn_core/analysis/test_gradients.py::test_every_gradient",
)
ORACLE, UPDATES = "rnn_core/test_model.py::test_trace", "rnn_core/test_training.py::test_updates"


class Bug(NamedTuple):
    file: str
    right: str
    wrong: str
    caught_by: str
    cell: str = ""  # whose tests alone are run: the others' would go green first


BUGS = {
    "tanh's factor dropped": Bug("cells/rnn.py", "(one - h[j] * h[j]) * dh[j]", "dh[j]", DIFFERENCES, "rnn_tanh"),
    "sigmoid's factor dropped": Bug("cells/rnn.py", "h[j] * (one - h[j]) * dh[j]", "dh[j]", DIFFERENCES, "rnn_sigmoid"),
    "relu passes gradient when off": Bug("cells/rnn.py", "dh[j] if h[j] > zero else zero", "dh[j]", GOLDEN, "rnn_relu"),
    "cell gradient not carried": Bug("cells/lstm.py", "dc_before[j] += dc[j] * f[j]", "pass", DIFFERENCES),
    "cell gradient without the way through h": Bug(
        "cells/lstm.py", "dc[j] += dh[j] * o[j] * (one - tanh_c[j] * tanh_c[j])", "pass", DIFFERENCES
    ),
    "input and forget gate swapped": Bug(
        "cells/lstm.py",
        "in_gate, forget = block(row, 0, size), block(row, 1, size)",
        "forget, in_gate = block(row, 0, size), block(row, 1, size)",
        GOLDEN,
    ),
    "the output gate sees the old cell": Bug(
        "cells/lstm_peephole.py", "o[j] + p_o[j] * c[j]", "o[j] + p_o[j] * c_before[j]", DIFFERENCES
    ),
    "no way back through a peephole": Bug("cells/lstm_peephole.py", " + da_i[j] * p_i[j]", "", DIFFERENCES),
    "a peephole's gradient by the new cell": Bug(
        "cells/lstm_peephole.py", "dp_f[j] += da_f[j] * old[j]", "dp_f[j] += da_f[j] * new[j]", DIFFERENCES
    ),
    "normalisation's mean has no way back": Bug(
        "cells/lstm_layer_norm.py", "g_hh[j] - mean - n_h[j] * slant", "g_hh[j] - n_h[j] * slant", DIFFERENCES
    ),
    "the gain of the cell's normalisation without its share": Bug(
        "cells/lstm_layer_norm.py", "add_products(du, n_c, view", "add_products(du, q, view", DIFFERENCES
    ),
    "z = 1 takes the new state": Bug(
        "cells/gru.py",
        "(one - z[j]) * n[j] + z[j] * h_before[j]",
        "z[j] * n[j] + (one - z[j]) * h_before[j]",
        GOLDEN,
    ),
    "h_t for h_{t-1} in the update gate": Bug(
        "cells/gru.py", "dh[j] * (h_before[j] - n[j])", "dh[j] * (hidden[t + 1, b, j] - n[j])", DIFFERENCES
    ),
    "reset gate missing on the way back": Bug("cells/gru.py", "dm[j] = da_n[j] * r[j]", "dm[j] = da_n[j]", DIFFERENCES),
    "the whole state in dL/dW behind the reset gate": Bug(
        "kernels/backward.py", "rows - hidden if shape.reset_before else rows", "rows", DIFFERENCES, "gru_reset_before"
    ),
    "reset gate without its way back to the state": Bug(
        "cells/gru_reset_before.py", "dh[j] * z[j] + dk[j] * r[j]", "dh[j] * z[j]", DIFFERENCES
    ),
    "dropout's mask missing on the way back": Bug(
        "kernels/backward.py",
        "multiply(buffers.masks, buffers.d_outputs, buffers.d_outputs, layer - 1, begin, end, 1, b_from, b_to)",
        "pass",
        "rnn_core/test_dropout.py::test_against_central_differences",
    ),
    "guesses of the step itself": Bug(
        "kernels/scheduled_sampling.py",
        "buffers.probs[t - 1, b]",
        "buffers.probs[t, b]",
        "rnn_core/test_scheduled_sampling.py::test_updates",
    ),
    "the penalty's slope once": Bug(
        "kernels/penalty.py",
        "row[j] *= factor * slope[j]",
        "row[j] *= factor",
        "rnn_core/test_penalty.py::test_gradient",
    ),
    "h_t for h_{t-1} in dL/dW": Bug(
        "kernels/backward.py", "(0, 0) if direction == 0", "(batch, 0) if direction == 0", DIFFERENCES
    ),
    "reverse direction starts at h_T": Bug(
        "cells/steps.py", "t + 2 if t + 1 < steps else 0", "min(t + 2, steps)", GOLDEN
    ),
    "read-out of the reverse direction at its start": Bug(
        "kernels/network.py",
        "first_step = rows_of(buffers.outputs, top, batch + row, size)",
        "first_step = rows_of(buffers.outputs, top, steps * batch + row, size)",
        GOLDEN,
    ),
    "two equal labels without a blank between them": Bug(
        "kernels/ctc.py", " and symbols[s] != symbols[s - 2]", "", "rnn_core/test_ctc.py::test_against_every_path"
    ),
    "paths that step back past the end": Bug(
        "kernels/ctc.py", "if n < s + 2 or skips(symbols, n)", "if n < s + 2", "rnn_core/test_ctc.py::test_golden"
    ),
    "softmax without the target": Bug("kernels/network.py", "(p[target] - kind(1.0))", "p[target]", DIFFERENCES),
    "mask left out": Bug("kernels/network.py", "float(weights[s, b])) / total", "1.0) / total", ORACLE),
    "chunk cut one step late": Bug("cells/steps.py", "(t % chunk != 0 or t == 0)", "(t % chunk != 1)", ORACLE),
    "window one step short": Bug("kernels/backward.py", "loss_from - truncation", "loss_from + 1 - truncation", ORACLE),
    "lower layer gets no gradient": Bug(
        "kernels/backward.py",
        "if layer > 0:\n                for piece",
        "if False:\n                for piece",
        GOLDEN,
    ),
    "Adam without bias correction": Bug("optimizers.py", "/ (1.0 - b1**step)", "", UPDATES),
    "momentum forgets": Bug("optimizers.py", "v[i] = mu * v[i] + grads[i]", "v[i] = grads[i]", UPDATES),
}


def run_on_copy(folder: Path, *tests: str, bug: Bug | None = None) -> subprocess.CompletedProcess:
    shutil.copytree(TESTS.parent / "rnn_core", folder / "rnn_core", ignore=shutil.ignore_patterns("__pycache__"))
    if bug:
        path = folder / "rnn_core" / bug.file
        source = path.read_text(encoding="utf-8")
        assert source.count(bug.right) == 1, f"rnn_core/{bug.file} has changed: plant this bug anew"
        path.write_text(source.replace(bug.right, bug.wrong), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        f"pythonpath={folder} {TESTS}",
    ]
    if bug and (cell := bug.cell or Path(bug.file).stem) in GATES:
        command += ["-k", cell]
    plain = ("NUMBA_DISABLE_JIT", "PYTHONDONTWRITEBYTECODE", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    environment = os.environ | dict.fromkeys(plain, "1")
    chosen = [str(TESTS / test) for test in tests]
    return subprocess.run([*command, *chosen], cwd=TESTS.parent, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("bug", BUGS.values(), ids=list(BUGS))
def test_caught(bug, tmp_path):
    run = run_on_copy(tmp_path, bug.caught_by, bug=bug)
    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout + run.stderr
    assert "AssertionError" in run.stdout, run.stdout


def test_nothing_is_caught_in_a_faithful_copy(tmp_path):
    chosen = [f"{test}" for test in (GOLDEN, UPDATES)]
    run = run_on_copy(tmp_path, *chosen)
    assert run.returncode == pytest.ExitCode.OK, run.stdout + run.stderr
