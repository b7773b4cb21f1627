"""Networks of one unit, in which a gradient explodes for a reason that can be drawn.

The cliff (Pascanu et al. 2013, fig. 6):  x_t = w sigmoid(x_{t-1}) + b,  x_0 = 0.5,  E = (sigmoid(x_50) - 0.7)^2.
The bifurcation (Doya 1993): the same unit, whose fixed points x = w sigmoid(x) + b appear and vanish in pairs.
The latch (Bengio et al. 1994):  x_t = tanh(w x_{t-1} + u), which holds a bit where w > 1.
"""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

START, STEPS, TARGET = 0.5, 50, 0.7  # Pascanu's x_0, T and wanted output


class Walk(NamedTuple):
    """Gradient descent on the error surface: one entry for the start and for each update."""

    w: np.ndarray
    b: np.ndarray
    error: np.ndarray
    norm: np.ndarray  # of the gradient, before clipping


class Latch(NamedTuple):
    """Fixed points and switching inputs of a one-unit latch with weight w > 1."""

    attractor: float  # the stable state above 0; there is another below
    slope: float  # the derivative of a step there: what a gradient is multiplied by
    threshold: float  # a constant input beyond -threshold .. threshold switches it


def sigmoid(x: ArrayLike) -> np.ndarray:
    """1 / (1 + exp(-x))."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x, np.float64)))


def cliff(w: ArrayLike, b: ArrayLike, steps: int = STEPS) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(E, dE/dw, dE/db), each of the shape that w and b have together.

    >>> error, by_w, by_b = cliff(5.2, -2.2)
    >>> round(float(error), 6)
    0.055051
    """
    w, b = np.broadcast_arrays(np.asarray(w, np.float64), np.asarray(b, np.float64))
    x, by_w, by_b = np.full(w.shape, START), np.zeros(w.shape), np.zeros(w.shape)
    for _step in range(steps):
        y = sigmoid(x)
        slope = w * y * (1 - y)  # dx_t / dx_{t-1}
        by_w, by_b = y + slope * by_w, 1 + slope * by_b
        x = w * y + b
    y = sigmoid(x)
    outer = 2 * (y - TARGET) * y * (1 - y)
    return (y - TARGET) ** 2, outer * by_w, outer * by_b


def walk(w: float, b: float, rate: float = 0.1, updates: int = 2000, clip: float | None = None) -> Walk:
    """Gradient descent from (w, b), the gradient's norm clipped to `clip`; it ends where numbers are no longer finite.

    >>> steps = walk(5.2, -2.2, updates=3, clip=1.0)
    >>> len(steps.w), bool((steps.error[1:] <= steps.error[:-1]).all())
    (4, True)
    """
    rows = []
    for update in range(updates + 1):
        error, by_w, by_b = _cliff_at(w, b)
        norm = math.hypot(by_w, by_b)
        rows.append((w, b, error, norm))
        if update == updates:
            break
        scale = rate * (clip / norm if clip is not None and norm > clip else 1.0)
        w, b = w - scale * by_w, b - scale * by_b
        if not (math.isfinite(w) and math.isfinite(b) and abs(w) < 1e6 and abs(b) < 1e6):
            break
    return Walk(*np.array(rows).T)


def _cliff_at(w: float, b: float) -> tuple[float, float, float]:
    """`cliff` for plain numbers, many times faster than for arrays of one."""
    x, by_w, by_b = START, 0.0, 0.0
    for _step in range(STEPS):
        y = 0.5 * (1 + math.tanh(0.5 * x))
        slope = w * y * (1 - y)
        by_w, by_b, x = y + slope * by_w, 1 + slope * by_b, w * y + b
    y = 0.5 * (1 + math.tanh(0.5 * x))
    outer = 2 * (y - TARGET) * y * (1 - y)
    return (y - TARGET) ** 2, outer * by_w, outer * by_b


def folds(w: float) -> tuple[float, float] | None:
    """The two b at which a pair of fixed points appears or vanishes, the lower first; None where w <= 4.

    There w sigmoid'(x) = 1, so sigmoid(x) = (1 +- sqrt(1 - 4 / w)) / 2.

    >>> [round(b, 4) for b in folds(5.0)]
    [-2.6556, -2.3444]
    """
    if not w > 4:
        return None
    root = math.sqrt(1 - 4 / w)
    ends = [math.log(y / (1 - y)) - w * y for y in ((1 + root) / 2, (1 - root) / 2)]
    return min(ends), max(ends)


def fixed_points(w: float, b: float) -> list[tuple[float, float]]:
    """(x, slope there) of every fixed point x = w sigmoid(x) + b, from the lowest; it attracts where |slope| < 1.

    >>> [(round(x, 3), slope < 1) for x, slope in fixed_points(5.0, -2.5)]
    [(-1.776, True), (0.0, False), (1.776, True)]
    """
    turns = []
    if w > 4:
        root = math.sqrt(1 - 4 / w)
        turns = sorted(math.log(y / (1 - y)) for y in ((1 + root) / 2, (1 - root) / 2))
    bounds = [min(0.0, w) + b - 1, *turns, max(0.0, w) + b + 1]

    def excess(x: float) -> float:
        return x - w * float(sigmoid(x)) - b

    found = []
    for low, high in pairwise(bounds):
        below, above = excess(low), excess(high)
        if below * above > 0:
            continue
        for _halving in range(200):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if excess(middle) * above > 0 else (middle, high)
        y = float(sigmoid(0.5 * (low + high)))
        found.append((0.5 * (low + high), w * y * (1 - y)))
    return found


def states(w: float, b: float, start: float = START, steps: int = STEPS) -> np.ndarray:
    """(steps + 1,): x_0 .. x_T of the cliff's unit."""
    x = np.empty(steps + 1)
    x[0] = start
    for t in range(steps):
        x[t + 1] = w * sigmoid(x[t]) + b
    return x


def latch(w: float) -> Latch:
    """The latch of weight w > 1.

    >>> [round(number, 4) for number in latch(2.0)]
    [0.9575, 0.1664, 0.5328]
    """
    if not w > 1:
        return Latch(0.0, w, 0.0)
    x = 1.0
    for _round in range(10_000):
        before, x = x, math.tanh(w * x)
        if x == before:
            break
    edge = math.sqrt(1 - 1 / w)
    return Latch(x, w * (1 - x * x), w * edge - math.atanh(edge))


def latched(w: float, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(x (T+1,), dx_T/dx_t (T+1,)) of a latch that starts at its upper attractor and reads `inputs`."""
    x = np.empty(len(inputs) + 1)
    x[0] = latch(w).attractor
    for t, u in enumerate(inputs):
        x[t + 1] = math.tanh(w * x[t] + u)
    slopes = w * (1 - x[1:] ** 2)
    return x, np.concatenate([np.cumprod(slopes[::-1])[::-1], [1.0]])
