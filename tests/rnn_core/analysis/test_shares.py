"""The terms that the steps add to dL/dW, and their shares."""

import numpy as np
import pytest

from rnn_core import ConfigError, Model, ModelConfig
from rnn_core.analysis.shares import recurrent_terms, shares_of

pytestmark = pytest.mark.small

X, TARGETS = np.array([[0], [3], [1], [2], [3]]), np.array([[3], [1], [2], [3], [0]])


def trained_by(cell: str, mask=None):
    return Model(ModelConfig(cell, 4, 5, 4, dtype="float64", seed=3)).backward(X, TARGETS, mask=mask)


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu"])
def test_the_terms_sum_to_the_gradient_and_the_first_step_adds_nothing(cell):
    trace = trained_by(cell)
    terms = recurrent_terms(trace)
    np.testing.assert_allclose(terms.sum(axis=0), trace.grads["weight_hh_l0"], atol=1e-12)
    assert (terms[0] == 0).all()  # s_-1 = 0
    assert shares_of(list(terms)).part.sum() == pytest.approx(1)


def test_a_term_is_the_gradient_of_that_use_of_the_matrix():
    """W moved in one step alone: the loss changes as that step's term says."""
    model = Model(ModelConfig("rnn_tanh", 4, 5, 4, dtype="float64", seed=3))
    weights, term = model.state_dict(), recurrent_terms(trained_by("rnn_tanh"))[2]

    def loss(step: float) -> float:
        s, total = np.zeros(5), 0.0
        for t, (symbol, target) in enumerate(zip(X[:, 0], TARGETS[:, 0], strict=True)):
            w = weights["weight_hh_l0"].copy()
            w[1, 3] += step * (t == 2)
            s = np.tanh(weights["weight_ih_l0"][:, symbol] + w @ s + weights["bias_ih_l0"] + weights["bias_hh_l0"])
            o = weights["weight_ho"] @ s + weights["bias_o"]
            total += np.log(np.exp(o).sum()) - o[target]
        return total / len(X)

    assert term[1, 3] == pytest.approx((loss(1e-5) - loss(-1e-5)) / 2e-5, rel=1e-6)


def test_shares_of_nothing_are_none():
    assert shares_of([np.zeros(3), np.zeros(3)]).part.tolist() == [0, 0]
    assert shares_of([np.array([2.0]), np.array([-1.0])]).part.tolist() == [2, -1]


def test_a_gated_cell_is_refused():
    with pytest.raises(ConfigError, match="'gru'"):
        recurrent_terms(trained_by("gru"))
