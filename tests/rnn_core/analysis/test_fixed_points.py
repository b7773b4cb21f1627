"""Fixed points and their stability: systems with known answers, the map against the model, the Jacobian against
differences, the search against its own claims.
"""

import numpy as np
import pytest
from agreement import of_largest
from core_models import build
from reference import GATES
from samples import sample

from rnn_core import Model, ModelConfig
from rnn_core.analysis.dynamics import latch
from rnn_core.analysis.fixed_points import SETTLE, fixed_points, index, newton, spread, step_map

pytestmark = pytest.mark.small


def network(cell, recurrent, bias=None, inputs=1):
    """A network with these recurrent weights (G*H, H), biases (G*H,), and zeros elsewhere."""
    recurrent = np.array(recurrent, float)
    model = Model(ModelConfig(cell, inputs, recurrent.shape[1], 1, dtype="float64"))
    weights = {name: np.zeros_like(value) for name, value in model.state_dict().items()}
    weights["weight_hh_l0"] = recurrent
    if bias is not None:
        weights["bias_hh_l0"] = np.array(bias, float)
    model.load_state_dict(weights)
    return model


def box(size, seed=0, count=200):
    return np.random.default_rng(seed).uniform(-1, 1, (count, size))


# systems with known answers


@pytest.mark.parametrize("w", [1.25, 1.5, 2.0, 3.0])
def test_one_tanh_unit_is_the_latch(w):
    found, known = fixed_points(step_map(network("rnn_tanh", [[w]])), box(1)), latch(w)
    assert found.states.ravel() == pytest.approx([-known.attractor, known.attractor, 0], abs=1e-8)
    assert found.largest == pytest.approx([known.slope, known.slope, w], abs=1e-8)
    assert found.unstable.tolist() == [0, 0, 1] and found.index == 1


def test_the_published_latch():
    found = fixed_points(step_map(network("rnn_tanh", [[2.0]])), box(1))
    assert found.states[1, 0] == pytest.approx(0.9575, abs=5e-5)
    assert found.largest[1] == pytest.approx(0.1664, abs=5e-5)


@pytest.mark.parametrize(("factor", "count"), [(0.999, 3), (1.001, 1)])
def test_an_input_beyond_the_threshold_leaves_the_latch_one_fixed_point(factor, count):
    model = network("rnn_tanh", [[2.0]])
    model.load_state_dict(model.state_dict() | {"weight_ih_l0": np.ones((1, 1))})
    push = latch(2.0).threshold * factor
    assert len(fixed_points(step_map(model, 0, [push]), box(1)).states) == count
    assert len(fixed_points(step_map(model), box(1)).states) == 3


@pytest.mark.parametrize(("radius", "unstable"), [(0.9, 0), (1.1, 2)])
def test_a_rotation_has_its_eigenvalues_at_the_origin(radius, unstable):
    angle = 0.7
    turn = radius * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found = fixed_points(step_map(network("rnn_tanh", turn)), box(2))
    assert len(found.states) == 1 and np.abs(found.states).max() < 1e-9
    assert np.abs(found.eigenvalues[0]) == pytest.approx([radius, radius], abs=1e-8)
    assert np.sort(np.angle(found.eigenvalues[0])) == pytest.approx([-angle, angle], abs=1e-8)
    assert found.unstable.tolist() == [unstable]


def test_a_linear_relu_system_rests_where_linear_algebra_says():
    recurrent, bias = [[0.5, 0.2], [0.1, 0.3]], [0.4, 0.6]
    found = fixed_points(step_map(network("rnn_relu", recurrent, bias)), 3 * np.abs(box(2)))
    expected = np.linalg.solve(np.eye(2) - np.array(recurrent), bias)
    assert (expected > 0).all()
    assert found.states == pytest.approx(expected[None], abs=1e-9)
    assert np.sort(found.eigenvalues[0].real) == pytest.approx(np.sort(np.linalg.eigvals(recurrent)), abs=1e-9)
    assert found.unstable.tolist() == [0] and found.index is None


def test_a_relu_system_that_grows_without_bound_has_none():
    assert len(fixed_points(step_map(network("rnn_relu", [[1.0]], [0.5])), np.abs(box(1))).states) == 0


def test_two_coupled_bits_have_nine():
    found = fixed_points(step_map(network("rnn_tanh", [[2.0, 0.1], [0.0, 1.5]])), box(2))
    assert np.bincount(found.unstable).tolist() == [4, 4, 1] and found.index == 4 - 4 + 1


def test_an_lstm_with_an_open_forget_gate_keeps_its_cell():
    """Zero weights: c* = sigma(f) c* + sigma(i) tanh(g), and the slope along the cell is sigma(f)."""
    model = network("lstm", np.zeros((4, 1)), [0.5, 2.0, 0.8, 0.3])
    found = fixed_points(step_map(model), box(2))
    i, f, o = (1 / (1 + np.exp(-b)) for b in (0.5, 2.0, 0.3))
    cell = i * np.tanh(0.8) / (1 - f)
    assert found.states == pytest.approx(np.array([[o * np.tanh(cell), cell]]), abs=1e-9)
    assert found.largest == pytest.approx([f], abs=1e-9) and found.unstable.tolist() == [0]


def test_a_gate_that_is_almost_closed_does_not_make_a_fixed_point():
    """z = sigma(30): no state moves by more than 1e-12 per step, and one only is fixed, h = n = tanh(0.5)."""
    step = step_map(network("gru", np.zeros((3, 1)), [0.0, 30.0, 1.0]))
    far = np.array([[-0.7], [0.1]])
    assert np.abs(step(far) - far).max() < 1e-12 and step.misses(far).min() > 0.1
    found = fixed_points(step, box(1))
    assert found.states == pytest.approx(np.array([[np.tanh(0.5)]]), abs=1e-6)


# the map and the search


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", GATES)
def test_the_map_is_a_step_of_the_model(cell, bidirectional):
    s = sample(cell, 1, bidirectional, T=1, B=4, ids=False, seed=7)
    model = build(s)
    x = np.repeat(s.x[:, :1], 4, axis=1)
    trace = model.forward(x, s.state)
    for stack in range(1 + bidirectional):
        parts = [part[stack] for part in (trace.hidden, trace.cell) if part is not None]
        before, after = (np.concatenate([part[at] for part in parts], axis=1) for at in (0, 1))
        assert of_largest(step_map(model, stack, x[0, 0])(before), after) < 1e-12


@pytest.mark.parametrize("cell", GATES)
def test_the_jacobians_are_difference_quotients(cell):
    step = step_map(build(sample(cell, seed=2)), 0, [0.3, -0.2, 0.9])
    states = 0.7 * box(step.size, count=5)
    shifts = 1e-6 * np.eye(step.size)
    for function, jacobians in ((step, step.jacobians), (step.pull, step.pull_jacobians)):
        columns = [(function(states + shift) - function(states - shift)) / 2e-6 for shift in shifts]
        assert of_largest(jacobians(states), np.stack(columns, axis=2)) < 1e-8


@pytest.mark.parametrize("cell", ["rnn_tanh", "gru", "lstm"])
def test_an_upper_layer_reads_what_the_lower_one_settles_to(cell):
    model = build(sample(cell, 2, seed=4))
    x = np.array([0.2, -0.4, 0.1])
    rest = model.forward(np.tile(x, (SETTLE, 1, 1)))
    below = fixed_points(step_map(model, 0, x), box(step_map(model).size), 50)
    lower = rest.hidden[0, SETTLE // 2, 0]
    assert np.abs(below.states[:, : len(lower)] - lower).max(axis=1).min() < 1e-6
    upper = rest.hidden[1, -1, 0]
    above = fixed_points(step_map(model, 1, x), box(step_map(model).size), 50)
    assert np.abs(above.states[:, : len(upper)] - upper).max(axis=1).min() < 1e-6


@pytest.mark.parametrize("cell", GATES)
@pytest.mark.parametrize("seed", range(3))
def test_what_is_found_is_fixed_distinct_and_stable_as_told(cell, seed):
    model = Model(ModelConfig(cell, 3, 6, 3, spectral_radius=2.0, seed=seed, dtype="float64"))
    step = step_map(model)
    found = fixed_points(step, box(step.size, seed), 100, seed)
    assert np.abs(step(found.states) - found.states).max(initial=0) <= 1e-9 * max(
        1, np.abs(found.states).max(initial=0)
    )
    assert found.residuals == pytest.approx(step.misses(found.states))
    apart = np.abs(found.states[:, None] - found.states[None]).max(axis=2) + np.eye(len(found.states))
    assert apart.min(initial=1) > 1e-4
    assert found.hits.sum() == found.converged <= found.starts
    assert (np.diff(found.unstable) >= 0).all()
    if step.bounded:
        assert len(found.states) >= 1 and found.index == 1
    for state, unstable, largest in zip(found.states, found.unstable, found.largest, strict=True):
        moved = state + 1e-7 * np.random.default_rng(1).standard_normal(step.size)
        for _step in range(60):
            moved = step(moved[None])[0]
        far = np.abs(moved - state).max()
        if unstable and largest > 1.1:
            assert far > 1e-6
        elif largest < 0.9:
            assert far < 1e-7


def test_newton_converges_quadratically_where_iterating_does_not_converge():
    step = step_map(network("rnn_tanh", [[3.0]]))
    assert abs(newton(step, np.array([[0.05]]))[0, 0]) < 1e-10
    iterated = np.array([[0.05]])
    for _step in range(100):
        iterated = step(iterated)
    assert abs(iterated[0, 0]) > 0.9


def test_the_index_tells_that_one_is_missing():
    step = step_map(network("rnn_tanh", [[2.0]]))
    found = fixed_points(step, box(1))
    assert index(step, found.states) == 1
    assert index(step, found.states[:2]) == 2


def test_a_stopped_search_ends():
    found = fixed_points(step_map(network("rnn_tanh", [[2.0]])), box(1), stop=lambda: True)
    assert found.states.shape == (0, 1) and found.starts == 0 and found.eigenvalues.shape == (0, 1)


def test_starts_are_visited_states_and_means_of_them():
    visited = box(3, count=7)
    starts = spread(visited, 40, seed=1)
    same = (starts[:, None] == visited[None]).all(axis=2).any(axis=1)
    assert same[:20].all() and not same[20:].all()
    assert np.abs(starts).max() <= np.abs(visited).max() and np.array_equal(starts, spread(visited, 40, seed=1))
