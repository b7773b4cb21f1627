"""Layer normalisation (Ba, Kiros & Hinton 2016) of vectors, and its derivative, in NumPy."""

import numpy as np

from rnn_core.cells.lstm_layer_norm import EPSILON


def normalised(vectors: np.ndarray) -> np.ndarray:
    """(..., N): each vector minus its mean, divided by its standard deviation; without gain and bias.

    >>> normalised(np.array([1.0, 3.0])).round(4).tolist()
    [-1.0, 1.0]
    """
    centred = vectors - vectors.mean(axis=-1, keepdims=True)
    return centred * _factors(centred)


def derivative(vectors: np.ndarray) -> np.ndarray:
    """(..., N, N): the derivative of `normalised` by what it was given.

    >>> derivative(np.array([[1.0, 3.0, 2.0]])).sum(axis=-1).round(6).tolist()  # a shift of all changes nothing
    [[0.0, 0.0, 0.0]]
    """
    count = vectors.shape[-1]
    centred = vectors - vectors.mean(axis=-1, keepdims=True)
    factors = _factors(centred)
    normal = centred * factors
    slant = normal[..., :, None] * normal[..., None, :] / count
    return factors[..., None] * (np.eye(count) - 1 / count - slant)


def _factors(centred: np.ndarray) -> np.ndarray:
    variance = (centred**2).mean(axis=-1, keepdims=True)
    return 1 / np.sqrt(variance + EPSILON)
