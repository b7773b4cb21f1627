"""Central differences in float64, step 1e-5, by parameters, input and initial state; gradient_flow."""

import numpy as np
import pytest
from agreement import in_norm, of_largest
from core_models import backward, build, loss_at
from reference import GATES, PAIRS, itemised
from samples import Sample, sample
from uncompiled import one_uncompiled

from rnn_core import check_gradients, gradient_flow, itemised_gradients
from rnn_core.kernels.buffers import TRANSPOSED

pytestmark = pytest.mark.small

STEP, BOUND = 1e-5, 1e-7
WIDE = "lstm_layer_norm"  # two numbers that are normalised are ±1, whatever they were: no gradient to be measured
SHAPES = [(1, False, "every"), (1, True, "last"), (2, False, "last"), (2, True, "every")]


def difference(value: np.ndarray, loss) -> np.ndarray:
    """d loss() / d value, entry by entry; value is changed in place and restored."""
    found = np.zeros_like(value)
    for index in np.ndindex(value.shape):
        keep = value[index]
        value[index] = keep + STEP
        above = loss()
        value[index] = keep - STEP
        found[index] = (above - loss()) / (2 * STEP)
        value[index] = keep
    return found


def numeric(s: Sample) -> dict[str, np.ndarray]:
    """Quantity -> its derivative by differences; the input has to be floats."""
    model, params = build(s), {name: p.copy() for name, p in s.params.items()}

    def loss_of_parameters():
        model.load_state_dict(params)
        return loss_at(model, s)

    found = {name: difference(p, loss_of_parameters) for name, p in params.items()}
    x, model = s.x.copy(), build(s)
    found["input"] = difference(x, lambda: loss_at(model, s, x=x))
    parts = [a.copy() for a in (s.state if isinstance(s.state, tuple) else (s.state,))]
    state = tuple(parts) if isinstance(s.state, tuple) else parts[0]
    for name, part in zip(("initial_hidden", "initial_cell"), parts, strict=False):
        found[name] = difference(part, lambda: loss_at(model, s, state=state))
    return found


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
@pytest.mark.parametrize("shape", one_uncompiled(SHAPES, SHAPES[1]), ids=str)
@pytest.mark.parametrize("cell", GATES)
def test_every_gradient(cell, shape, loss):
    num_layers, bidirectional, output = shape
    small = {"sizes": (2, 6 if cell == WIDE else 2, 3), "T": 3, "B": 2, "ids": False, "masked": True}
    s = sample(cell, num_layers, bidirectional, output=output, loss=loss, **small)
    trace = backward(build(s), s)
    exact = trace.grads | {"input": trace.d_input, "initial_hidden": trace.d_hidden[:, 0]}
    exact |= {"initial_cell": trace.d_cell[:, 0]} if cell in PAIRS else {}
    expected = numeric(s)
    assert set(exact) == set(expected)
    errors = {name: in_norm(exact[name], value) for name, value in expected.items()}
    assert {name: e for name, e in errors.items() if not e <= BOUND} == {}


@pytest.mark.parametrize("outputs", [TRANSPOSED, TRANSPOSED + 1, 2 * TRANSPOSED + 37])
def test_many_outputs_against_the_oracle(outputs):
    """The read-out's weight is turned a block at a time."""
    s = sample("gru", bidirectional=True, sizes=(3, 9, outputs), T=3)
    trace, expected = backward(build(s), s), s.reference()
    assert of_largest(trace.d_hidden, expected.d_hidden) <= 1e-12
    for name, grad in expected.grads.items():
        assert of_largest(trace.grads[name], grad) <= 1e-12, name


@pytest.mark.parametrize("shape", one_uncompiled(SHAPES, SHAPES[2]), ids=str)
@pytest.mark.parametrize("cell", GATES)
def test_check_gradients(cell, shape):
    num_layers, bidirectional, output = shape
    sizes = (2, 6 if cell == WIDE else 2, 3)
    s = sample(cell, num_layers, bidirectional, output=output, sizes=sizes, T=3, ids=False)
    errors = check_gradients(build(s, "float32"), s.x.astype(np.float32), s.targets)
    assert set(s.params) | {"initial_hidden", "input"} <= set(errors)
    assert ("initial_cell" in errors) == (cell in PAIRS)
    assert {name: e for name, e in errors.items() if not 0 <= e <= BOUND} == {}


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("cell", GATES)
def test_gradient_flow_is_the_itemised_gradient(cell, layer):
    s = sample(cell, 2, T=5, B=1)._replace(state=None)
    flow = gradient_flow(build(s), s.x, s.targets, layer=layer)
    parts = itemised(*s.arguments)[:, layer, 1:, 0]
    assert flow.shape == (5, 5)
    assert of_largest(flow, np.linalg.norm(parts, axis=-1)) <= 1e-10
    assert (flow[np.triu_indices(5, 1)] == 0).all()
    assert (flow[np.tril_indices(5)] > 0).all()


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", GATES)
def test_itemised_gradients(cell, bidirectional):
    """Each entry as the oracle has it; summed over the losses they are dL/dh_k of the mean loss."""
    s = sample(cell, 2, bidirectional, T=6)._replace(state=None)
    model = build(s)
    items = itemised_gradients(model, s.x, s.targets)
    assert of_largest(items, itemised(*s.arguments) / s.x.shape[1]) <= 1e-12
    assert of_largest(items.sum(axis=0) / 6, backward(model, s).d_hidden) <= 1e-10


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("cell", GATES)
def test_itemised_gradients_cut_at_k_are_windowed_truncation(cell, k):
    s = sample(cell, T=6)._replace(state=None)
    model = build(s)
    items = itemised_gradients(model, s.x, s.targets)
    far = np.arange(6)[:, None] - np.arange(-1, 6) > k
    items = items * ~far[:, None, :, None, None]
    assert of_largest(items.sum(axis=0) / 6, backward(model, s, k, "windowed").d_hidden) <= 1e-10
