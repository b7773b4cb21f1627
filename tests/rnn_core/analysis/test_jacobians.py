"""Derivatives of states by earlier states: against differences, against itemised gradients, and exact products."""

import numpy as np
import pytest
from agreement import of_largest
from core_models import build
from reference import GATES, PAIRS
from samples import sample

from rnn_core import Model, ModelConfig, itemised_gradients
from rnn_core.analysis.jacobians import products, singular_values, slopes, spectrum, step_jacobians, suffix_of
from rnn_core.analysis.reach import decay, flow_matrix, kept, reach_of

pytestmark = pytest.mark.small


def one(cell, bidirectional=False, T=6, seed=3):
    """A sample of one sequence without an initial state."""
    return sample(cell, 1, bidirectional, T=T, B=1, seed=seed)._replace(state=None)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("cell", GATES)
def test_a_steps_jacobian_is_the_difference_quotient(cell, reverse):
    """Of the first step that the stack takes, by its initial state."""
    s = sample(cell, 1, reverse, T=3, B=1, seed=5)
    model, stack, size = build(s), int(reverse), s.sizes[1]
    jacobian = step_jacobians(model, model.forward(s.x, s.state), stack)[2 if reverse else 0]
    parts = [np.array(part) for part in (s.state if cell in PAIRS else (s.state,))]
    columns = []
    for part in parts:
        for unit in range(size):
            ends = []
            for step in (1e-6, -1e-6):
                moved = [np.array(other) for other in parts]
                moved[[id(p) for p in parts].index(id(part))][stack, 0, unit] += step
                trace = model.forward(s.x, tuple(moved) if cell in PAIRS else moved[0])
                at = 3 if reverse else 1
                ends.append(np.concatenate([a[stack, at, 0] for a in (trace.hidden, trace.cell) if a is not None]))
            columns.append((ends[0] - ends[1]) / 2e-6)
    assert of_largest(jacobian, np.stack(columns, axis=1)) < 1e-8


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", GATES)
def test_a_gradient_is_the_last_one_times_the_product_of_the_steps(cell, bidirectional):
    s = one(cell, bidirectional)
    model = build(s)
    trace, items = model.forward(s.x), itemised_gradients(model, s.x, s.targets)
    for stack in range(1 + bidirectional):
        reverse = bool(stack)
        jacobians = step_jacobians(model, trace, stack)
        for t in range(6):
            start = items[t, stack, t + 1, 0]
            for lag, product in enumerate(products(jacobians, t, reverse)):
                k = t + lag if reverse else t - lag
                expected = start @ product[: len(start), : len(start)]
                assert of_largest(items[t, stack, k + 1, 0], expected) < 1e-10


def linear(scale, size=8, steps=51):
    """A tanh network with W = scale * Q, and inputs so small that tanh is the identity to the last digits."""
    model = Model(ModelConfig("rnn_tanh", 3, size, 3, bias=False, init="orthogonal", dtype="float64", seed=2))
    weights = model.state_dict()
    weights["weight_hh_l0"] *= scale
    weights["weight_ih_l0"] *= 1e-12
    model.load_state_dict(weights)
    rng = np.random.default_rng(0)
    return model, rng.integers(0, 3, (steps, 1)), rng.integers(0, 3, (steps, 1))


@pytest.mark.parametrize(("scale", "after_50"), [(1.1, 117.4), (0.5, 8.9e-16)])
def test_an_orthogonal_matrix_times_s_multiplies_by_s_at_each_step(scale, after_50):
    model, x, targets = linear(scale)
    flow = flow_matrix(model, x, targets)
    assert flow[50, 0] / flow[50, 50] == pytest.approx(after_50, rel=2e-2 if scale < 1 else 1e-3)
    lags = np.arange(51)
    assert np.allclose(flow[50, ::-1] / flow[50, 50], scale**lags, rtol=1e-9, atol=0)
    found = decay(flow)
    assert found.factor == pytest.approx(scale, rel=1e-9)
    assert (found.half, found.hundredth) == ((1, 7) if scale == 0.5 else (None, None))
    values = singular_values(products(step_jacobians(model, model.forward(x)), 50))
    assert np.allclose(values, (scale**lags)[:, None], rtol=1e-9)


@pytest.mark.parametrize("radius", [0.5, 1.2, 2.0])
def test_the_bound_of_a_tanh_network_holds_everywhere(radius):
    model = Model(ModelConfig("rnn_tanh", 5, 12, 5, spectral_radius=radius, dtype="float64", seed=1))
    rng = np.random.default_rng(1)
    x, targets = rng.integers(0, 5, (2, 30, 1))
    largest = spectrum(model).largest[0]
    jacobians, flow = step_jacobians(model, model.forward(x)), flow_matrix(model, x, targets)
    for t in range(30):
        bound = largest ** np.arange(t + 1) * (1 + 1e-12)
        assert (singular_values(products(jacobians, t))[:, 0] <= bound).all()
        assert (flow[t, t::-1] <= flow[t, t] * bound).all()


@pytest.mark.parametrize(("bias", "gate"), [(0, 0.5), (1, 0.7311), (2, 0.8808), (3, 0.9526), (5, 0.9933)])
def test_the_cell_of_an_lstm_keeps_what_its_forget_bias_says(bias, gate):
    model = Model(ModelConfig("lstm", 3, 4, 3, forget_bias=bias, dtype="float64"))
    weights = model.state_dict()
    weights["weight_hh_l0"][:] = 0
    weights["weight_ih_l0"][4:8] = 0  # the forget gate sees its bias alone
    model.load_state_dict(weights)
    steps = 20
    trace = model.forward(np.zeros((steps, 1), int))
    assert np.allclose(slopes(trace), gate, atol=5e-5)
    exact = 1 / (1 + np.exp(-bias))
    jacobians = step_jacobians(model, trace)
    whole = products(jacobians, steps - 1)[-1] @ jacobians[0]  # back to the initial state
    assert np.allclose(whole[4:, 4:], exact**steps * np.eye(4), rtol=1e-12)


@pytest.mark.parametrize("truncation", ["windowed", "chunked"])
@pytest.mark.parametrize("cell", GATES)
def test_truncation_masks_the_itemised_gradients(cell, truncation):
    s = one(cell, T=7)
    model = build(s)
    items = itemised_gradients(model, s.x, s.targets)[:, 0, 1:, 0]
    full = model.backward(s.x, s.targets).d_hidden[0, 1:, 0]
    assert of_largest(items.sum(axis=0) / 7, full) < 1e-10
    left = (items * kept(7, 3, truncation)[:, :, None]).sum(axis=0) / 7
    cut = model.backward(s.x, s.targets, truncate=3, truncation=truncation).d_hidden[0, 1:, 0]
    assert of_largest(left, cut) < 1e-10 and of_largest(full, cut) > 1e-6


def test_losses_that_do_not_count_have_no_row():
    s = one("rnn_tanh", T=5)
    mask = np.array([[0.0], [1.0], [0.0], [1.0], [1.0]])
    flow = flow_matrix(build(s), s.x, s.targets, mask)
    assert np.isnan(flow[[0, 2]]).all() and np.isfinite(flow[[1, 3, 4]]).all()
    assert np.isfinite(decay(flow).factor)


def test_a_network_read_at_the_end_has_one_row():
    s = sample("gru", output="last", T=5, B=1)._replace(state=None)
    model = build(s)
    flow = flow_matrix(model, s.x, s.targets)
    assert np.isnan(flow[:-1]).all() and (flow[-1] > 0).all()
    assert reach_of(model, s.x, s.targets).mean[0] == 1


def test_the_reverse_direction_decays_towards_the_end():
    s = one("rnn_tanh", bidirectional=True, T=8)
    model = build(s)
    flow = flow_matrix(model, s.x, s.targets, stack=1)
    assert (flow[np.tril_indices(8, -1)] == 0).all()
    lagged = decay(flow, reverse=True)
    assert lagged.high[7] == lagged.low[7] == pytest.approx(flow[0, 7] / flow[0, 0])
    assert suffix_of(model.config, 1) == "l0_reverse"


def test_what_never_arrives_reaches_nowhere():
    flow = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    found = decay(flow)
    assert (found.half, found.hundredth) == (1, 1) and np.isnan(found.factor)
