"""The opened arithmetic: every number against the slow reference and against the core's Trace."""

import numpy as np
import pytest
import reference
from agreement import of_largest

from rnn_core import CELLS, Model, ModelConfig
from ui.unroll.tape import Computation, open_up
from ui.unroll.tape.operations import compute
from ui.unroll.tape.tape import GATES

CUTS = [(None, "windowed"), (1, "windowed"), (3, "windowed"), (1, "chunked"), (2, "chunked"), (4, "chunked")]


def computation(cell, cut=(None, "windowed"), bias=False, steps=7, hidden=4, symbols=6, seed=3, targets=None):
    rng = np.random.default_rng(seed)
    model = Model(ModelConfig(cell, symbols, hidden, symbols, bias=bias, dtype="float64", seed=seed))
    weights = {name: value * 2 for name, value in model.state_dict().items()}
    model.load_state_dict(weights)
    ids = tuple(rng.integers(0, symbols, steps).tolist())
    if targets is None:
        targets = tuple(rng.integers(0, symbols, steps).tolist())
    return Computation(cell, weights, ids, targets, *cut), model


def arrays(one):
    return np.array(one.ids)[:, None], np.array(one.targets)[:, None]


def over_steps(tape, name, first=0):
    return np.stack([tape[f"{name}.{t}"][:, 0] for t in range(first, tape.computation.steps)])


@pytest.mark.parametrize("bias", [False, True], ids=["no bias", "bias"])
@pytest.mark.parametrize("cut", CUTS, ids=str)
@pytest.mark.parametrize("cell", CELLS)
def test_every_number_is_the_references_and_the_cores(cell, cut, bias):
    one, model = computation(cell, cut, bias)
    tape, T = open_up(one), one.steps
    x, targets = arrays(one)
    slow = reference.run(
        reference.Network(cell), one.weights, x, targets, truncate=one.truncate, truncation=one.truncation
    )
    trace = model.backward(x, targets, truncate=one.truncate, truncation=one.truncation)
    for other in (slow, trace):
        assert of_largest(over_steps(tape, "s", -1), other.hidden[0, :, 0]) < 1e-12
        assert of_largest(over_steps(tape, "v"), other.logits[:, 0]) < 1e-12
        assert of_largest(over_steps(tape, "p"), other.probs[:, 0]) < 1e-12
        assert of_largest(over_steps(tape, "L")[:, 0], other.loss_per_step[:, 0]) < 1e-12
        assert abs(tape.loss / T - other.loss) < 1e-12
        for name in other.gates:
            assert of_largest(over_steps(tape, name), other.gates[name][0, :, 0]) < 1e-12
        if CELLS[cell].has_cell:
            assert of_largest(over_steps(tape, "c", -1), other.cell[0, :, 0]) < 1e-12
            assert of_largest(over_steps(tape, "dc", -1), T * other.d_cell[0, :, 0]) < 1e-12
        assert of_largest(over_steps(tape, "ds", -1), T * other.d_hidden[0, :, 0]) < 1e-12
        assert of_largest(over_steps(tape, "dv"), T * other.d_logits[:, 0]) < 1e-12
        for name, gradient in tape.gradients().items():
            assert of_largest(gradient, T * other.grads[name]) < 1e-12, name


@pytest.mark.parametrize("cut", CUTS, ids=str)
@pytest.mark.parametrize("cell", CELLS)
def test_the_shares_of_the_steps_sum_to_the_gradient(cell, cut):
    one, model = computation(cell, cut, bias=True, seed=8)
    tape = open_up(one)
    grads = model.backward(*arrays(one), truncate=one.truncate, truncation=one.truncation).grads
    for letter, name in (("U", "weight_ih_l0"), ("W", "weight_hh_l0"), ("V", "weight_ho")):
        gates = ("",) if letter == "V" else GATES[cell]
        shares = sum(
            np.vstack([tape[f"d{letter}{'_' + gate if gate else ''}.{t}"] for gate in gates]) for t in range(one.steps)
        )
        assert np.abs(shares - one.steps * grads[name]).max() < 1e-12


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("targets", [(-1, 2, -1, -1, 0, -1, 3), (0, -1, 3, -1, -1, 1, -1)], ids=["ends", "begins"])
def test_steps_without_a_target_and_one_step_alone(cell, targets):
    one, model = computation(cell, targets=targets)
    mask = np.array([target >= 0 for target in targets], float)[:, None]
    x, y = arrays(one)
    for cut in CUTS:
        tape = open_up(Computation(cell, one.weights, one.ids, targets, *cut))
        trace = model.backward(x, np.maximum(y, 0), mask=mask, truncate=cut[0], truncation=cut[1])
        for name, gradient in tape.gradients().items():
            assert of_largest(gradient, 3 * trace.grads[name]) < 1e-12
    short = open_up(Computation(cell, one.weights, (1,), (2,), 1))
    assert np.isfinite(short.loss)


@pytest.mark.parametrize("cell", CELLS)
def test_each_operation_makes_its_result_from_its_operands(cell):
    tape = open_up(computation(cell, (2, "windowed"), bias=True)[0])
    for operation in tape.operations:
        assert np.array_equal(compute(operation, tape.arrays), tape[operation.result]), operation
        assert len(tape[operation.result].shape) == 2
    assert len({operation.result for operation in tape.operations}) == len(tape.operations)


@pytest.mark.parametrize("cell", CELLS)
def test_the_gradient_step_goes_downhill(cell):
    one, _model = computation(cell)
    tape = open_up(one)
    after = open_up(Computation(cell, tape.stepped(), one.ids, one.targets))
    assert after.loss < tape.loss


def test_large_logits_do_not_overflow():
    one, _model = computation("rnn_relu")
    weights = {name: 60 * value for name, value in one.weights.items()}
    tape = open_up(Computation("rnn_relu", weights, one.ids, one.targets))
    assert all(np.isfinite(tape[f"p.{t}"]).all() for t in range(one.steps))
