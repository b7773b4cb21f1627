"""The bag of words: a sentence judged by which words it has and how often, whatever their order.

Logistic regression on word counts, fitted by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani
& Friedman, 2009, section 4.4.1) with a ridge. What it gets wrong needs the order of the words.
"""

import numpy as np

from rnn_core.errors import InputError
from rnn_core.inputs import array_of

ROUNDS, RIDGE = 25, 0.1


class BagOfWords:
    """p(1 | words) = sigmoid(w · counts + b).

    >>> x, y = np.array([[0, 1], [1, 0], [2, 2]]), np.array([1, 1])
    >>> bag = BagOfWords(3)
    >>> bag.fit(np.array([[0, 1, 0, 1]]), np.array([1, 0, 1, 0]))
    >>> bool(bag.predict(np.array([[0], [0]]))[0] > 0.5), bool(bag.predict(np.array([[1], [1]]))[0] > 0.5)
    (True, False)
    """

    def __init__(self, size: int, ignored: int | None = None) -> None:
        self.weights, self.bias = np.zeros(size), 0.0
        self._ignored = ignored  # an id that does not count, such as the blank

    def fit(self, x: np.ndarray, y: np.ndarray) -> None:
        """Fit to sentences x (T, N) ids with their answers y (N,), 0 or 1; InputError where these are others."""
        y = array_of("y", y)
        if y.shape != np.shape(x)[1:] or not np.isin(y, (0, 1)).all():
            raise InputError(f"y has shape {y.shape}; expected {np.shape(x)[1:]} zeros and ones")
        features = np.column_stack([self.counts(x), np.ones(len(y))])
        solution = np.zeros(features.shape[1])
        for _ in range(ROUNDS):
            p = 1 / (1 + np.exp(-features @ solution))
            slope = features.T @ (y - p) - RIDGE * solution
            curvature = (features * (p * (1 - p))[:, None]).T @ features + RIDGE * np.eye(len(solution))
            step = np.linalg.solve(curvature, slope)
            solution += step
            if np.abs(step).max() < 1e-6:
                break
        self.weights, self.bias = solution[:-1], float(solution[-1])

    def counts(self, x: np.ndarray) -> np.ndarray:
        """(N, size): how often each id occurs in each sentence of x (T, N)."""
        counts = np.zeros((np.shape(x)[1], len(self.weights)))
        np.add.at(counts, (np.arange(np.shape(x)[1])[None], x), 1)
        if self._ignored is not None:
            counts[:, self._ignored] = 0
        return counts

    def predict(self, x: np.ndarray) -> np.ndarray:
        """(N,) the probability of 1 for each sentence of x (T, N)."""
        return 1 / (1 + np.exp(-(self.counts(x) @ self.weights + self.bias)))
