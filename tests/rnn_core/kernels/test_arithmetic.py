"""The machine-minded arithmetic: its stated errors, its fixed order of summation, and NaN."""

import numpy as np
import pytest

from rnn_core.kernels import arithmetic
from rnn_core.kernels.jit import kernel


@kernel
def exp_in_place(row):
    for j in range(row.size):
        row[j] = arithmetic.exp(row[j])


@kernel
def tanh_in_place(row):
    for j in range(row.size):
        row[j] = arithmetic.tanh(row[j])


@kernel
def sigmoid_in_place(row):
    for j in range(row.size):
        row[j] = arithmetic.sigmoid(row[j])


FUNCTIONS = {
    "exp": (exp_in_place, np.exp, (-87, 88), 2),
    "tanh": (tanh_in_place, np.tanh, (-20, 20), 3),
    "sigmoid": (sigmoid_in_place, lambda x: 1 / (1 + np.exp(-x)), (-86, 86), 4),
}


def errors_in_ulp(function, exact, x):
    y = x.copy()
    function(y)
    true = exact(x.astype(np.float64))
    return np.abs(y - true) / np.spacing(np.abs(true).astype(x.dtype))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_float32_functions_are_within_their_stated_error(name):
    function, exact, (low, high), ulp = FUNCTIONS[name]
    rng = np.random.default_rng(0)
    tiny = rng.choice([-1, 1], 200_000) * 10.0 ** rng.uniform(-30, 0, 200_000)
    x = np.concatenate([np.linspace(low, high, 400_001), tiny]).astype(np.float32)
    assert errors_in_ulp(function, exact, x).max() <= ulp


@pytest.mark.parametrize("name", FUNCTIONS)
def test_float64_functions_are_the_library_s(name):
    function, exact, (low, high), _ = FUNCTIONS[name]
    assert errors_in_ulp(function, exact, np.linspace(low, high, 10_001)).max() <= 4


@pytest.mark.small
def test_sigmoid_is_never_subnormal():
    row = np.concatenate([np.linspace(-110, -80, 30_001), -np.geomspace(100, 1e30, 1000)]).astype(np.float32)
    sigmoid_in_place(row)
    assert ((row == 0) | (row >= np.finfo(np.float32).tiny)).all() and (row[:7000] == 0).all() and row[-1] == 0
    assert (np.diff(row[:30_001]) >= 0).all()


@pytest.mark.small
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extremes_saturate_and_nan_stays(dtype):
    row = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30], dtype)
    tanh, sigmoid = row.copy(), row.copy()
    tanh_in_place(tanh)
    sigmoid_in_place(sigmoid)
    assert np.isnan(tanh[0]) and np.isnan(sigmoid[0])
    assert tanh[1:].tolist() == [1, -1, 1, -1]
    np.testing.assert_allclose(sigmoid[1:], [1, 0, 1, 0], atol=1e-37)


@pytest.mark.small
def test_nan_in_the_logits_reaches_the_probabilities():
    logits, probs = np.array([[0.5, np.nan, 1.0]], np.float32), np.zeros((1, 3), np.float32)
    arithmetic.softmax(logits, probs, np.zeros(1))
    assert np.isnan(probs).all()


@pytest.mark.small
@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 5, 3), (3, 67, 18), (2, 4, 1)])
def test_products_equal_numpy_s(shape):
    m, k, n = shape
    rng = np.random.default_rng(1)
    a, b, c = rng.standard_normal((m, k)), rng.standard_normal((k, n)), rng.standard_normal((m, n))
    expected = c + a @ b
    transposed = c.copy()
    arithmetic.add_product(a, b, c)
    arithmetic.add_product(np.ascontiguousarray(a.T).T, b, transposed)
    np.testing.assert_allclose(c, expected, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(transposed, expected, rtol=1e-13, atol=1e-13)


@pytest.mark.small
def test_a_row_of_a_product_does_not_depend_on_the_other_rows():
    rng = np.random.default_rng(2)
    a, b = rng.standard_normal((7, 70)).astype(np.float32), rng.standard_normal((70, 9)).astype(np.float32)
    together, alone = np.zeros((7, 9), np.float32), np.zeros((1, 9), np.float32)
    arithmetic.add_product(a, b, together)
    arithmetic.add_product(a[4:5], b, alone)
    assert (together[4] == alone[0]).all()


@pytest.mark.small
def test_transpose_softmax_norm_and_sums_equal_numpy_s():
    rng = np.random.default_rng(3)
    a, b = rng.standard_normal((19, 35)), np.zeros((35, 19))
    arithmetic.transpose(a, b)
    assert (b == a.T).all()
    sums = np.ones(35)
    arithmetic.add_columns(a, sums, 0, 1)
    np.testing.assert_allclose(sums, 1 + a.sum(axis=0), rtol=1e-13)
    np.testing.assert_allclose(arithmetic.squared_norm(a.ravel()), (a**2).sum(), rtol=1e-13)
    probs, log_totals = np.zeros((19, 35)), np.zeros(19)
    arithmetic.softmax(a + 500, probs, log_totals)
    np.testing.assert_allclose(probs, np.exp(a) / np.exp(a).sum(axis=1, keepdims=True), rtol=1e-12)
    np.testing.assert_allclose(log_totals, 500 + np.log(np.exp(a).sum(axis=1)), rtol=1e-13)
