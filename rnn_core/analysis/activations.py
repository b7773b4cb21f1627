"""The functions of a plain network's units, in NumPy: value, slope, and the bounds of the states."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np


def sigmoid(a: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-a)), in the type of a."""
    return 0.5 + 0.5 * np.tanh(0.5 * a)


class Activation(NamedTuple):
    """One f of h = f(a). slope : f' from h. low, high : of the states."""

    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]
    low: float
    high: float


ACTIVATIONS = {
    "rnn_tanh": Activation(np.tanh, lambda h: 1 - h**2, -1, 1),
    "rnn_relu": Activation(lambda a: np.maximum(a, 0), lambda h: (h > 0).astype(h.dtype), 0, math.inf),
    "rnn_sigmoid": Activation(sigmoid, lambda h: h * (1 - h), 0, 1),
    "rnn_identity": Activation(lambda a: a, np.ones_like, -math.inf, math.inf),
}


def state_bounds(cell: str) -> tuple[float, float]:
    """Between what the hidden states of a cell lie.

    >>> state_bounds("rnn_relu"), state_bounds("gru")
    ((0, inf), (-1, 1))
    """
    activation = ACTIVATIONS.get(cell, ACTIVATIONS["rnn_tanh"])
    return activation.low, activation.high
