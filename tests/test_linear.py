"""Many small linear systems: against NumPy, singular ones, and those that are no numbers."""

import numpy as np
import pytest

from rnn_core.linear import product, solve

pytestmark = pytest.mark.small


@pytest.mark.parametrize("size", [1, 2, 7, 20])
def test_solutions_are_numpys(size):
    rng = np.random.default_rng(size)
    matrices, right = rng.standard_normal((5, size, size)), rng.standard_normal((5, size))
    kept = matrices.copy(), right.copy()
    assert solve(matrices, right) == pytest.approx(np.linalg.solve(matrices, right[:, :, None])[:, :, 0], rel=1e-8)
    assert np.array_equal(matrices, kept[0]) and np.array_equal(right, kept[1])


def test_rows_are_exchanged_where_a_pivot_is_zero():
    assert solve([[[0.0, 1.0], [1.0, 0.0]]], [[2.0, 3.0]]).tolist() == [[3.0, 2.0]]


def test_a_singular_system_has_its_least_squares_and_spoils_no_other():
    matrices = np.array([[[1.0, 1.0], [1.0, 1.0]], [[2.0, 0.0], [0.0, 4.0]], [[np.nan, 0.0], [0.0, 1.0]]])
    found = solve(matrices, np.array([[2.0, 2.0], [2.0, 4.0], [1.0, 1.0]]))
    assert found[0] == pytest.approx([1, 1]) and found[1] == pytest.approx([1, 1])
    assert np.isfinite(found[2]).all()


def test_products():
    rng = np.random.default_rng(0)
    rows, matrix = rng.standard_normal((6, 4)), rng.standard_normal((3, 4))
    assert product(rows, matrix) == pytest.approx(rows @ matrix.T)
