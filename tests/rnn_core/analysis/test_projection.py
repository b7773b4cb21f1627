"""Principal components against NumPy's singular values; a basis that stays."""

import numpy as np
import pytest

from rnn_core.analysis.projection import axes, fit

pytestmark = pytest.mark.small


def cloud(seed=0, count=200, size=6):
    rng = np.random.default_rng(seed)
    return (
        rng.standard_normal((count, size)) * np.arange(size, 0, -1) @ np.linalg.qr(rng.standard_normal((size, size)))[0]
    )


def test_the_shares_are_those_of_the_singular_values():
    states = cloud() + 3.0
    basis = fit(states, 3)
    values = np.linalg.svd(states - states.mean(axis=0), compute_uv=False) ** 2
    assert basis.shares(states) == pytest.approx(values[:3] / values.sum(), abs=1e-12)
    assert basis.directions @ basis.directions.T == pytest.approx(np.eye(3), abs=1e-12)
    coordinates = basis.project(states)
    assert coordinates.mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-10)
    assert np.cov(coordinates.T, bias=True) == pytest.approx(np.diag(values[:3] / len(states)), abs=1e-9)


def test_all_directions_lose_nothing():
    states = cloud(size=3)
    basis = fit(states, 3)
    assert basis.lift(basis.project(states)) == pytest.approx(states)
    assert basis.shares(states).sum() == pytest.approx(1)


def test_a_basis_that_is_like_another_does_not_flip():
    before = fit(cloud(), 3)
    for seed in range(1, 6):
        moved = cloud() + 0.05 * cloud(seed)
        turned = type(before)(before.mean, -before.directions)
        after, opposite = fit(moved, 3, before), fit(moved, 3, turned)
        assert ((after.directions * before.directions).sum(axis=1) > 0.5).all()
        assert opposite.directions == pytest.approx(-after.directions)


def test_the_first_basis_is_the_same_every_time_and_points_upwards():
    basis = fit(cloud(), 3)
    largest = np.abs(basis.directions).argmax(axis=1)
    assert (basis.directions[np.arange(3), largest] > 0).all()


def test_an_old_basis_shows_new_states_and_says_how_much_of_them():
    basis, later = fit(cloud(0), 2), cloud(9)
    shares = basis.shares(later)
    along = ((later - later.mean(axis=0)) @ basis.directions.T).var(axis=0)
    assert shares == pytest.approx(along / later.var(axis=0).sum())
    assert shares.sum() < fit(later, 2).shares(later).sum()


@pytest.mark.parametrize("states", [np.zeros((5, 4)), np.ones((1, 4)), np.eye(4)[:2]])
def test_few_or_equal_states_have_a_basis(states):
    basis = fit(states, 3)
    assert basis.directions.shape == (3, 4)
    assert basis.directions @ basis.directions.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.isfinite(basis.shares(states)).all()


def test_the_units_themselves():
    states = cloud(size=2)
    assert np.array_equal(axes(2).project(states), states)
