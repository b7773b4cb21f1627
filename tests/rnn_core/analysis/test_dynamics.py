"""The one-unit networks: the published numbers, and gradients against differences."""

import numpy as np
import pytest

from rnn_core.analysis.dynamics import cliff, fixed_points, folds, latch, latched, states, walk


def test_the_gradient_of_the_cliff_is_the_difference_quotient():
    w, b = np.meshgrid(np.linspace(4, 8, 9), np.linspace(-4, 0, 9))
    _error, by_w, by_b = cliff(w, b)
    step = 1e-7
    for exact, ends in (
        (by_w, (cliff(w + step, b)[0], cliff(w - step, b)[0])),
        (by_b, (cliff(w, b + step)[0], cliff(w, b - step)[0])),
    ):
        assert np.allclose(exact, (ends[0] - ends[1]) / (2 * step), rtol=1e-4, atol=1e-6)


def test_the_cliff_is_steep():
    w, b = np.meshgrid(np.linspace(4, 8, 401), np.linspace(-4, 0, 401))
    _error, by_w, by_b = cliff(w, b)
    norms = np.hypot(by_w, by_b)
    assert norms.max() / np.median(norms) >= 1e4


def test_clipping_keeps_the_walk_from_being_thrown_off():
    free, clipped = walk(5.2, -2.2), walk(5.2, -2.2, clip=1.0)
    jumps = np.hypot(np.diff(free.w), np.diff(free.b))
    assert jumps.max() > 5 and (jumps > 5).sum() == 1
    assert free.error[-1] > 0.05
    assert clipped.error[-1] < 1e-3
    assert np.hypot(np.diff(clipped.w), np.diff(clipped.b)).max() <= 0.1 * (1 + 1e-12)


def test_the_walk_is_on_the_surface():
    steps = walk(6.0, -3.0, updates=20, clip=0.5)
    error, by_w, by_b = cliff(steps.w, steps.b)
    assert np.allclose(steps.error, error, rtol=1e-9)
    assert np.allclose(steps.norm, np.hypot(by_w, by_b), rtol=1e-6)


def test_the_folds():
    assert np.allclose(folds(5.0), (-2.6556, -2.3444), atol=5e-5)
    assert folds(4.0) is None and folds(3.0) is None
    low, high = folds(5.0)
    assert [len(fixed_points(5.0, b)) for b in (low - 1e-3, low + 1e-3, -2.5, high - 1e-3, high + 1e-3)] == [
        1,
        3,
        3,
        3,
        1,
    ]


def test_fixed_points_are_fixed_and_attract_as_their_slope_says():
    for w, b in ((5.0, -2.5), (3.0, -1.0), (-3.0, 1.0), (7.5, -3.6)):
        for x, slope in fixed_points(w, b):
            assert states(w, b, x, 1)[1] == pytest.approx(x, abs=1e-10)
            moved = abs(states(w, b, x + 1e-5, 1)[1] - x) / 1e-5
            assert moved == pytest.approx(abs(slope), abs=1e-3)


@pytest.mark.parametrize(
    ("w", "attractor", "slope", "threshold"),
    [
        (1.25, 0.7104, 0.6191, 0.07781),
        (1.5, 0.8586, 0.3943, 0.20755),
        (2, 0.9575, 0.1664, 0.53284),
        (3, 0.9949, 0.0305, 1.30327),
    ],
)
def test_the_latch(w, attractor, slope, threshold):
    found = latch(w)
    assert (found.attractor, found.slope) == (pytest.approx(attractor, abs=5e-5), pytest.approx(slope, abs=5e-5))
    assert found.threshold == pytest.approx(threshold, abs=5e-6)
    for inputs, held in ((-0.99 * threshold, True), (-1.01 * threshold, False)):
        x, _derivative = latched(w, np.full(3000, inputs))
        assert (x[-1] > 0) == held


def test_what_a_latch_holds_it_cannot_learn():
    """At the attractor each step multiplies the gradient by the slope."""
    x, derivative = latched(2.0, np.zeros(20))
    assert np.allclose(x, latch(2.0).attractor) and derivative[-1] == 1
    assert np.allclose(derivative, latch(2.0).slope ** np.arange(20, -1, -1))


def test_below_one_there_is_nothing_to_hold():
    assert latch(0.8) == (0.0, 0.8, 0.0)
