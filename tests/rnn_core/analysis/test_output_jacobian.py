"""The output's dependence on each state, against a product of Jacobians and against differences."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_core import CELLS, Model, ModelConfig
from rnn_core.analysis.reach import output_jacobian

X = np.array([[0, 1, 2, 1, 0, 2], [2, 2, 0, 1, 1, 0]], np.int32).T


@pytest.mark.parametrize("output", ["every", "last"])
def test_it_is_the_product_of_the_steps(output):
    config = ModelConfig("rnn_tanh", 3, 5, 4, output=output, dtype="float64", seed=2)
    model = Model(config)
    weights, states = model.state_dict(), model.forward(X).hidden[0, 1:]
    expected = []
    for t in range(len(X)):
        squares = 0.0
        for b in range(X.shape[1]):
            product = weights["weight_ho"]
            for k in range(len(X) - 1, t, -1):
                product = product @ ((1 - states[k, b] ** 2)[:, None] * weights["weight_hh_l0"])
            squares += np.sum(product**2)
        expected.append(np.sqrt(squares / X.shape[1]))
    assert output_jacobian(model, X) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("cell", CELLS)
def test_the_state_before_the_last_against_differences(cell):
    model = Model(ModelConfig(cell, 3, 5, 4, dtype="float64", seed=1))
    trace, step, squares = model.forward(X), 1e-6, 0.0
    cells = None if trace.cell is None else trace.cell[:, -2]
    for unit in range(5):
        ends = []
        for sign in (1, -1):
            hidden = trace.hidden[:, -2].copy()
            hidden[..., unit] += sign * step
            state = hidden if cells is None else (hidden, cells.copy())
            ends.append(model.forward(X[-1:], state).logits[-1])
        squares += np.sum(((ends[0] - ends[1]) / (2 * step)) ** 2)
    assert output_jacobian(model, X)[-2] == pytest.approx(np.sqrt(squares / 2), rel=1e-6)


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
def test_neither_loss_nor_precision_matters(loss):
    config = ModelConfig("gru", 3, 5, 4, loss=loss, seed=1)
    expected = output_jacobian(Model(replace(config, dtype="float64")), X)
    assert output_jacobian(Model(config), X) == pytest.approx(expected, rel=1e-5)


def test_an_orthogonal_start_keeps_what_the_usual_one_loses():
    x = np.random.default_rng(0).integers(0, 3, (30, 8))
    ratio = {}
    for init in ("uniform", "orthogonal"):
        curve = output_jacobian(Model(ModelConfig("rnn_tanh", 3, 24, 8, init=init)), x)
        ratio[init] = curve[0] / curve[-1]
    assert ratio["uniform"] < 1e-4 < 1e-2 < ratio["orthogonal"]
