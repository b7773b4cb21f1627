"""Principal components: the few directions along which states differ most, as axes that stay when states move on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False)
class Basis:
    """A point and orthonormal directions. Fitted once, it shows states of any later moment."""

    mean: np.ndarray  # (S,)
    directions: np.ndarray  # (k, S)

    def project(self, states: ArrayLike) -> np.ndarray:
        """(..., k): the coordinates of states (..., S)."""
        return (np.asarray(states, np.float64) - self.mean) @ self.directions.T

    def lift(self, coordinates: ArrayLike) -> np.ndarray:
        """(..., S): the states with these coordinates that lie in the plane (or space) of the directions."""
        return np.asarray(coordinates, np.float64) @ self.directions + self.mean

    def shares(self, states: ArrayLike) -> np.ndarray:
        """(k,): the share of the variance of states (N, S) along each direction, from 0 to 1."""
        states = np.asarray(states, np.float64)
        total = ((states - states.mean(axis=0)) ** 2).sum()
        along = states @ self.directions.T
        return ((along - along.mean(axis=0)) ** 2).sum(axis=0) / total if total > 0 else np.zeros(len(self.directions))


def fit(states: ArrayLike, count: int = 3, like: Basis | None = None) -> Basis:
    """The first principal components of states (N, S): min(count, S) directions.

    A direction and its opposite are equally good: each points the way in which that of `like` does, without it the way
    in which its largest entry is positive.

    >>> basis = fit([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], 1)
    >>> basis.directions.round(4).tolist(), basis.shares([[0.0, 1.0], [4.0, 5.0]]).round(4).tolist()
    ([[0.7071, 0.7071]], [1.0])
    """
    states = np.asarray(states, np.float64)
    mean = states.mean(axis=0)
    directions = np.linalg.svd(states - mean, full_matrices=False)[2][: min(count, states.shape[1])]
    if len(directions) < min(count, states.shape[1]):  # fewer states than directions
        directions = np.linalg.svd(states - mean)[2][: min(count, states.shape[1])]
    if like is not None and like.directions.shape == directions.shape:
        signs = np.sign((directions * like.directions).sum(axis=1))
    else:
        signs = np.sign(np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)[:, 0])
    return Basis(mean, directions * np.where(signs == 0, 1, signs)[:, None])


def axes(size: int) -> Basis:
    """The basis of the units themselves, for networks that have no more of them than a chart has axes."""
    return Basis(np.zeros(size), np.eye(size))
