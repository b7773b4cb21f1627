"""An order of the units in which those that do alike stand together."""

import numpy as np


def by_similarity(states: np.ndarray) -> np.ndarray:
    """The units of states (T, H) as a permutation (H,): along the chain that goes from each unit to the most similar
    one left, by correlation over time. It starts with the unit that is least like the others.

    >>> wave = np.sin(np.arange(20))
    >>> by_similarity(np.stack([wave, -wave, wave + 0.1, 0.1 - wave], axis=1)).tolist()
    [0, 2, 1, 3]
    """
    centred = states.astype(np.float64) - states.mean(axis=0, dtype=np.float64)
    length = np.linalg.norm(centred, axis=0)
    alike = centred.T @ centred / np.maximum(np.outer(length, length), 1e-300)
    chain = [int(alike.sum(axis=0).round(9).argmin())]
    left = np.ones(len(alike), bool)
    left[chain] = False
    while left.any():
        chain.append(int(np.where(left, alike[chain[-1]].round(9), -np.inf).argmax()))
        left[chain[-1]] = False
    return np.array(chain)
