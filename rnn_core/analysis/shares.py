"""Contribution of each step of a sequence to a gradient that sums over the steps."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnn_core.analysis.jacobians import slopes
from rnn_core.errors import ConfigError
from rnn_core.trace import BackwardTrace


class Shares(NamedTuple):
    """Shares of one weight: each step's part of the gradient, and the norm of what it adds.

    The part is the projection of the step's matrix on the gradient, divided by the gradient's squared norm: the parts
    sum to 1, and a step that pulls the other way has a negative one. All are 0 where the gradient is.
    """

    part: np.ndarray  # (T,)
    norm: np.ndarray  # (T,)


def shares_of(added: Sequence[np.ndarray]) -> Shares:
    """The Shares of the sum of `added`, one array for each step.

    >>> shares_of([np.array([3.0, 0.0]), np.array([1.0, 0.0]), np.array([0.0, 0.0])]).part.tolist()
    [0.75, 0.25, 0.0]
    """
    total = np.sum(added, axis=0).ravel()
    square = float(total @ total)
    part = np.array([one.ravel() @ total / square if square > 0 else 0.0 for one in added])
    return Shares(part, np.array([np.linalg.norm(one) for one in added]))


def recurrent_terms(trace: BackwardTrace, stack: int = 0) -> np.ndarray:
    """(T, H, H): what each step adds to dL/dW of a plain network, for the first sequence; stack : one that reads
    forwards.

    W is used at every step, so that dL/dW is the sum over t of (dL/ds_t * f'_t) s_{t-1}^T. Raises ConfigError for a
    cell with gates.

    >>> from rnn_core import Model, ModelConfig
    >>> trace = Model(ModelConfig("rnn_tanh", 3, 4, 3)).backward([[0], [2], [1]], [[2], [1], [0]])
    >>> bool(np.allclose(recurrent_terms(trace).sum(axis=0), trace.grads["weight_hh_l0"], atol=1e-6))
    True
    """
    if trace.gates:
        raise ConfigError(f"cell is {trace.config.cell!r}; expected a plain network, such as 'rnn_tanh'")
    inner = trace.d_hidden[stack, 1:, 0].astype(np.float64) * slopes(trace, stack)
    return inner[:, :, None] * trace.hidden[stack, :-1, 0].astype(np.float64)[:, None, :]
