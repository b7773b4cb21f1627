"""Linear probes (Alain & Bengio 2016): how much of the input d steps back can be read off a layer's state."""

import numpy as np

from rnn_core.errors import InputError

RIDGE = 1e-2


def memory(hidden: np.ndarray, x: np.ndarray, lags: int) -> np.ndarray:
    """(L, lags): R² of the best linear guess of the one-hot input d = 0 .. lags-1 steps back, from each layer's state.

    hidden (L, T+1, B, H) as in `Trace`, x (T, B) ids. Fitted with a ridge on the first half of the sequences, measured
    on the second, below 0 counted as 0: 1 means that the symbol can be read off, 0 that guessing the mean is as good.
    Raises InputError where x and the states do not fit, or are too few.

    >>> x = np.random.default_rng(0).integers(0, 3, (9, 40))
    >>> states = np.zeros((1, 10, 40, 3)); states[0, 1:] = np.eye(3)[x]
    >>> memory(states, x, 2).round(2).tolist()
    [[1.0, 0.0]]
    """
    layers, steps, batch, size = np.shape(hidden)
    if np.shape(x) != (steps - 1, batch) or batch < 4 or not 1 <= lags < steps:
        raise InputError(f"x has shape {np.shape(x)} for states {np.shape(hidden)}; expected (T, B), B >= 4, lags <= T")
    symbols, ids = np.unique(x, return_inverse=True)
    wanted = np.eye(len(symbols))[ids.reshape(x.shape)]
    half, found = batch // 2, np.zeros((layers, lags))
    for layer in range(layers):
        for lag in range(lags):
            states = hidden[layer, 1 + lag :].astype(np.float64)
            targets = wanted[: steps - 1 - lag]
            known = [part[:, :half].reshape(-1, part.shape[-1]) for part in (states, targets)]
            new = [part[:, half:].reshape(-1, part.shape[-1]) for part in (states, targets)]
            means = [part.mean(axis=0) for part in known]
            a, b = (part - mean for part, mean in zip(known, means, strict=True))
            weights = np.linalg.solve(a.T @ a + RIDGE * np.eye(size), a.T @ b)
            error = np.square((new[0] - means[0]) @ weights - (new[1] - means[1])).sum()
            found[layer, lag] = max(0.0, 1 - error / np.square(new[1] - means[1]).sum())
    return found
