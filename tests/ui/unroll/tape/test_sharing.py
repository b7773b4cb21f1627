"""With and without sharing: the gradients are the core's, and sharing is what goes on beyond the trained length."""

import numpy as np
import pytest
from agreement import of_largest

from rnn_core import CELLS
from tests.ui.unroll.tape.test_tape import computation
from ui.unroll.tape.sharing import LONGER, experiment, gradients, sequences


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_are_the_cores(cell):
    one, model = computation(cell, bias=True)
    x, targets = sequences((0, 3, 1, 4), 5, 6)
    trace = model.backward(x, targets)
    shared = {name: value[None] for name, value in one.weights.items()}
    separate = {name: np.repeat(value[None], 6, axis=0) for name, value in one.weights.items()}
    for weights in (shared, separate):
        loss, grads = gradients(cell, weights, x, targets)
        assert abs(loss - trace.loss) < 1e-12
        for name, value in grads.items():
            assert of_largest(value.sum(axis=0), trace.grads[name]) < 1e-12


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm"])
def test_sharing_goes_on_beyond_the_trained_length(cell):
    one, _model = computation(cell, symbols=6)
    outcome = experiment(cell, one.weights, (0, 1, 2, 3, 4), 5)
    beyond = slice(outcome.trained, None)
    assert len(outcome.shared) == LONGER * 5
    assert outcome.separate[: outcome.trained].mean() < 0.3  # both have learned what they were trained on
    assert outcome.shared[: outcome.trained].mean() < 0.3
    assert outcome.shared[beyond].mean() < 0.3 < 1 < outcome.separate[beyond].mean()
    assert outcome.parameters[1] == 5 * outcome.parameters[0]


def test_it_stops_when_told():
    one, _model = computation("gru")
    assert experiment("gru", one.weights, (0, 1, 2), 5, stop=lambda: True) is None
