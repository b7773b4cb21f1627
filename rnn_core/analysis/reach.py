"""How far back a gradient reaches: the matrix of itemised gradients, what truncation leaves of it, and its decay.

How strongly the last output depends on each state is measured too: it tells before training who can learn.

G[t, k] = ||d loss_t / d h_k|| for one sequence and one stack (a layer in one direction), t and k steps.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.analysis.gradients import itemised_gradients, matrix_of
from rnn_core.analysis.jacobians import is_reverse
from rnn_core.inputs import check
from rnn_core.model import Model

NEARLY = 1 + 1e-9  # a half that rounding made a little larger is a half


class Decay(NamedTuple):
    """Decay of a gradient with the lag. The ratio of a loss at lag l is G[t, t - l] / G[t, t]."""

    mean: np.ndarray  # (T,) geometric mean of the ratios at each lag; NaN where there is none above zero
    low: np.ndarray  # (T,) the smallest, zeros included
    high: np.ndarray  # (T,) the largest
    factor: float  # per step, of the line through log mean, weighted by the number of losses; NaN below two lags
    half: int | None  # the first lag at which the mean is at or below a half; None: it never is
    hundredth: int | None  # the same for 1 %
    level: float  # of that line at lag 0: far from 1 where the first steps are unlike the later ones


def flow_matrix(
    model: Model, x: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None, stack: int = -1
) -> np.ndarray:
    """(T, T): G of the first sequence, row t the loss of step t; rows of steps without a loss that counts are NaN.

    A network that is read only at the end has one row, the last.
    """
    if model.config.output == "last":
        trace = model.backward(x, targets, mask=mask)
        rows = np.full((len(trace.x), len(trace.x)), np.nan)
        rows[-1] = np.linalg.norm(trace.d_hidden[stack, 1:, 0].astype(np.float64), axis=-1)
        return rows
    stack = range(model.config.num_layers * model.config.directions)[stack]
    rows = matrix_of(itemised_gradients(model, x, targets)[:, stack : stack + 1, :, :1])
    if mask is not None:
        rows[np.asarray(mask)[:, 0] <= 0] = np.nan
    return rows


def kept(steps: int, truncate: int | None, truncation: str = "windowed") -> np.ndarray:
    """(T, T) bool: the entries of G that truncated backpropagation uses.

    >>> kept(3, 1).astype(int).tolist(), kept(4, 2, "chunked").astype(int)[2:].tolist()
    ([[1, 1, 0], [1, 1, 1], [0, 1, 1]], [[0, 0, 1, 1], [0, 0, 1, 1]])
    """
    t, k = np.arange(steps)[:, None], np.arange(steps)
    if truncate is None:
        return np.ones((steps, steps), bool)
    return t // truncate == k // truncate if truncation == "chunked" else np.abs(t - k) <= truncate


def by_lag(flow: np.ndarray, reverse: bool = False) -> np.ndarray:
    """(T, T): [t, lag] = G[t, t - lag], in the reverse direction G[t, t + lag]; NaN where there is no such step."""
    steps = len(flow)
    positions = np.arange(steps)[:, None] + (1 if reverse else -1) * np.arange(steps)
    inside = (positions >= 0) & (positions < steps)
    return np.where(inside, np.take_along_axis(flow, np.clip(positions, 0, steps - 1), axis=1), np.nan)


def decay(flow: np.ndarray, reverse: bool = False) -> Decay:
    """The decay of G along the lag.

    >>> flow = np.tril(0.5 ** (np.arange(9)[:, None] - np.arange(9.0)))
    >>> found = decay(flow)
    >>> round(found.factor, 9), found.half, found.hundredth, round(found.level, 9)
    (0.5, 1, 7, 1.0)
    """
    lagged = by_lag(flow, reverse)
    start = lagged[:, :1]
    ratios = np.where(start > 0, lagged, np.nan) / np.where(start > 0, start, 1)
    there = np.isfinite(ratios)
    any_there = there.any(axis=0)
    positive = there & (ratios > 0)
    counts = positive.sum(axis=0)
    logs = np.log(np.where(positive, ratios, 1)).sum(axis=0)
    mean = np.where(counts > 0, np.exp(logs / np.maximum(counts, 1)), np.nan)
    low = np.where(any_there, np.where(there, ratios, np.inf).min(axis=0), np.nan)
    high = np.where(any_there, np.where(there, ratios, -np.inf).max(axis=0), np.nan)
    # a gradient that is exactly zero has arrived nowhere
    fallen = np.where(any_there & (counts == 0), 0.0, mean)
    factor, level = _line(mean, counts)
    half, hundredth = _first(fallen <= 0.5 * NEARLY), _first(fallen <= 0.01 * NEARLY)
    return Decay(mean, low, high, factor, half, hundredth, level)


def _line(mean: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    """exp of the slope and of the intercept of log mean against the lag: least squares with the number of losses as
    weights; NaN where there are fewer than two lags."""
    used = (counts > 0) & np.isfinite(mean) & (mean > 0)
    if used.sum() < 2:
        return float("nan"), float("nan")
    lags, logs, weights = np.flatnonzero(used).astype(float), np.log(mean[used]), counts[used].astype(float)
    centred = lags - np.average(lags, weights=weights)
    slope = (weights * centred * logs).sum() / (weights * centred**2).sum()
    intercept = np.average(logs, weights=weights) - slope * np.average(lags, weights=weights)
    return float(np.exp(slope)), float(np.exp(intercept))


def _first(found: np.ndarray) -> int | None:
    """The first place that is True."""
    return int(found.argmax()) if found.any() else None


def reach_of(model: Model, x: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None, stack: int = -1) -> Decay:
    """The decay of a network's gradients on one sequence."""
    return decay(flow_matrix(model, x, targets, mask, stack), is_reverse(model.config, stack))


def output_jacobian(model: Model, x: ArrayLike) -> np.ndarray:
    """(T,): [t] is the Frobenius norm of d o_last / d h_t, the root of its mean square over the batch.

    o is the output before any softmax, h_t the state of the top layer (of both directions) after step t; the last
    entry is that of the read-out alone. Nothing here depends on targets or on the loss: it is a property of the
    network and of what it reads.

    Each output is differentiated by a backward pass of its own, side by side in one batch: the squared error of
    targets that lie 1 below an output has the gradient of that output, times 2 / (K · number of sequences).
    Raises InputError where x does not fit the model, ConfigError where it would take more than a gigabyte.

    >>> from rnn_core import ModelConfig
    >>> model = Model(ModelConfig("rnn_tanh", 3, 4, 2))
    >>> curve = output_jacobian(model, np.zeros((5, 1), np.int32))
    >>> bool(np.isclose(curve[-1], np.linalg.norm(model.state_dict()["weight_ho"])))
    True
    """
    check(model.config, x)
    x = np.asarray(x)
    batch, size = x.shape[1], model.config.output_size
    probe = Model(replace(model.config, loss="mse"))
    probe.load_state_dict(model.state_dict())
    repeated = np.repeat(x, size, axis=1)  # each sequence K times, once for each output
    outputs = probe.forward(repeated).logits
    targets = outputs.copy()
    targets[-1, np.arange(batch * size), np.tile(np.arange(size), batch)] -= 1
    if model.config.output == "last":
        trace = probe.backward(repeated, targets[0])
    else:
        mask = np.zeros(outputs.shape[:2])
        mask[-1] = 1
        trace = probe.backward(repeated, targets, mask=mask)
    directions = model.config.directions
    gradient = trace.d_hidden[-directions:, 1:].astype(np.float64) * (size * batch * size / 2)
    return np.sqrt(np.einsum("dtbh,dtbh->t", gradient, gradient) / batch)
