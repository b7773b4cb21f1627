"""Kernels that are compiled once: from Python, from other kernels, after a load from the cache, and by address."""

import gc
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba import config, float32, float64, types

from rnn_core.encoder_decoder import engine as pairs
from rnn_core.kernels import arithmetic, engine, linking, network, parallel
from rnn_core.kernels.jit import kernel
from rnn_core.kernels.vectors import aligned, flat, rows_of, transposed, view
from rnn_core.kernels.writing import _write_signature as write

SIGNATURES = [engine._run_signature, parallel._signature, pairs._run_signature, pairs._follow_signature, write]

compiled_only = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is linked without compilation")


@kernel
def twice(row):
    arithmetic.add(row, row)


def add_signature(float_type):
    return types.void(linking.array(float_type, 1), linking.array(float_type, 1))


call_add = linking.by_address(add_signature)


@kernel
def by_address(where, row):
    call_add(where, row, row)


@pytest.mark.small
@pytest.mark.parametrize("kind", [float32, float64])
def test_a_kernel_calls_a_shared_one(kind):
    row = np.arange(4, dtype=str(kind))
    linking.compiled(twice, types.void(linking.array(kind, 1)))(row)
    assert row.tolist() == [0, 2, 4, 6]


@pytest.mark.small
def test_a_kernel_calls_another_by_its_address():
    @kernel
    def triple(source, target):
        for j in range(target.size):
            target[j] += 2 * source[j]

    row = np.ones(3, np.float32)
    where = linking.address(triple, add_signature(float32))
    linking.compiled(by_address, types.void(types.int64, linking.array(float32, 1)))(where, row)
    assert row.tolist() == [3, 3, 3]


@compiled_only
def test_a_kernel_for_kernels_says_so_to_python():
    with pytest.raises(TypeError, match="by kernels only"):
        network.forward(np.zeros(1, np.float32))


@compiled_only
def test_a_fresh_process_links_kernels_from_the_cache():
    """The second one, at least, loads `run` without compiling it; what it calls has to be in place by then. The cache
    is that of all tests: to compile it for this one alone took ten seconds."""
    code = (
        "import numpy as np; from rnn_core import Model, ModelConfig;"
        "print(Model(ModelConfig('gru', 3, 4, 3, seed=1)).backward([[0], [1]], [[1], [2]]).grad_norm.hex())"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", code]
    first, second = (subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120) for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert first.stdout == second.stdout != ""


@kernel
def view_and_fill(a):
    block = view(a, 4, (2, 3))
    for i in range(2):
        for j in range(3):
            block[i, j] = 10 * i + j
    whole = flat(a)
    whole[0] = whole.size


@pytest.mark.small
def test_views_are_the_array_itself():
    a = np.zeros((3, 4), np.float32)
    view_and_fill(a)
    assert a.ravel().tolist() == [12, 0, 0, 0, 0, 1, 2, 10, 11, 12, 0, 0]


@kernel
def number_rows(a, layer, first, count):
    rows = rows_of(a, layer, first, count)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[1]):
            rows[i, j] = 10 * i + j + 1


@pytest.mark.small
def test_the_rows_of_a_layer():
    a = np.zeros((2, 5, 3, 2), np.float32)
    number_rows(a, 1, 6, 6)
    assert a[1, 2:4].reshape(6, 2).tolist() == [[10 * i + 1, 10 * i + 2] for i in range(6)]
    a[1, 2:4] = 0
    assert not a.any()


@kernel
def number_columns(a, first, count):
    columns = transposed(a, first, count)
    for i in range(columns.shape[0]):
        for j in range(columns.shape[1]):
            columns[i, j] = 10 * i + j + 1


@pytest.mark.small
def test_columns_as_rows():
    a = np.zeros((3, 4), np.float32)
    number_columns(a, 1, 2)
    assert a.tolist() == [[0, 1, 11, 0], [0, 2, 12, 0], [0, 3, 13, 0]]


@pytest.mark.small
@pytest.mark.skipif(not config.BOUNDSCHECK or config.DISABLE_JIT, reason="only the run with bounds checks sees it")
def test_a_view_beyond_its_array():
    with pytest.raises(IndexError):
        view_and_fill(np.zeros((3, 3), np.float32))
    with pytest.raises(IndexError):
        number_rows(np.zeros((2, 5, 3, 2), np.float32), 1, 9, 7)
    with pytest.raises(IndexError):
        number_columns(np.zeros((3, 4), np.float32), 2, 3)


@pytest.mark.small
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_aligned_arrays_begin_a_line_of_the_cache(dtype):
    for shape in ((1,), (3, 5)):
        a = aligned(shape, dtype)
        assert a.shape == shape and a.dtype == dtype and not a.any() and a.flags.c_contiguous
        assert a.ctypes.data % 64 == 0


@compiled_only
def test_what_the_linker_could_not_find_again_is_refused():
    """A kernel loaded from the cache finds what it calls by name and float type: both have to be unmistakable."""
    with pytest.raises(TypeError, match="name of its own"):
        linking.shared(add_signature)(arithmetic.add.__wrapped__)

    def always_double(row):
        """An array that has the same type in a network of either float type."""

    with pytest.raises(TypeError, match="always_double needs"):
        linking.shared(lambda f: types.void(linking.array(float64, 1)))(always_double)


def test_no_garbage_is_looked_for_while_a_kernel_is_compiled():
    class Failing:
        __name__ = "failing"
        overloads = ()

        def compile(self, _signature):
            assert not gc.isenabled()
            raise RuntimeError("no compiler")

    assert gc.isenabled()
    with pytest.raises(RuntimeError, match="no compiler"):
        linking._compiled(Failing(), types.void(types.int64))
    assert gc.isenabled()


@pytest.mark.small
@pytest.mark.parametrize("kind", [float32, float64])
@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_pass_takes_the_shared_kernels_of_its_float_type(signature, kind):
    """Those of the first array of floats, in a bundle or not: what is loaded from the cache calls no other."""
    assert linking._float_type(signature(kind).args) == kind and len(signature(kind).args) <= 10
