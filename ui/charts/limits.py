"""The ranges of the axes: round numbers that only grow, so that nothing jumps while a network trains."""

import math
from collections.abc import Hashable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.analysis.activations import state_bounds
from rnn_core.trace import Trace

DECADES = 12  # a log axis shows no more than this, from its top


class Limits(NamedTuple):
    """Ranges of the score's axes. Those of `gradient` are exponents: of the powers of ten at its ends."""

    state: float = 1.0  # hidden states, -state .. state
    cell: float = 1.0  # LSTM cell states, -cell .. cell
    loss: float = 0.0  # loss per step, 0 .. loss
    gradient: tuple[int, int] | None = None
    inputs: tuple[float, float] | None = None  # of a task of real numbers
    outputs: tuple[float, float] | None = None  # the same: targets and outputs


def limits(trace: Trace, layer: int = -1, previous: Limits | None = None) -> Limits:
    """The ranges that hold this trace and everything that `previous` held.

    >>> round_up(3.2), round_up(0.013), decades(np.array([3e-4, 0.0, 0.2]))
    (4.0, 0.015, (-4, 0))
    """
    before = previous or Limits()
    state, cell, loss = before[:3]
    if math.isinf(state_bounds(trace.config.cell)[1]):
        state = max(state, round_up(np.abs(finite(trace.hidden[layer])).max(initial=0)))
    if trace.cell is not None:
        cell = max(cell, round_up(np.abs(finite(trace.cell[layer])).max(initial=0)))
    if trace.loss_per_step is not None:
        counted = trace.loss_per_step if trace.mask is None else trace.loss_per_step[trace.mask > 0]
        loss = max(loss, round_up(finite(counted).max(initial=0)))
    gradient, inputs, outputs = before[3:]
    if trace.d_hidden is not None:
        gradient = decades(gradient_norms(trace, layer), gradient)
    if np.ndim(trace.x) == 3:
        inputs = spread([trace.x], inputs)
    if trace.config.loss == "mse":
        outputs = spread([trace.logits, *([] if trace.targets is None else [trace.targets])], outputs)
    return Limits(state, cell, loss, gradient, inputs, outputs)


class Growing:
    """The ranges of a live chart: they only grow, and begin anew where something else is shown or where a run that
    diverged has fallen back to an earlier update."""

    def __init__(self) -> None:
        self._key: Hashable = None
        self._update = 0
        self._ranges: Limits | None = None

    def hold(self, key: Hashable, update: int, trace: Trace, layer: int = -1) -> Limits:
        """The ranges for this trace. key : of the sequence and the network. update : number of updates."""
        goes_on = key == self._key and update >= self._update
        self._ranges = limits(trace, layer, self._ranges if goes_on else None)
        self._key, self._update = key, update
        return self._ranges


def spread(arrays: Iterable[ArrayLike], before: tuple[float, float] | None = None) -> tuple[float, float]:
    """Round numbers around 0, all the arrays' entries, and what `before` enclosed."""
    shown = np.concatenate([finite(array) for array in arrays] + [np.zeros(1)])
    low, high = -round_up(-shown.min()) if shown.min() < 0 else 0.0, round_up(shown.max())
    return (min(low, before[0]), max(high, before[1])) if before else (low, high)


def there(array: np.ndarray | None) -> np.ndarray:
    """An array of a trace that a chart cannot do without; ValueError where the pass has not made it."""
    if array is None:
        raise ValueError("the trace has no such array; expected one of a pass that made it")
    return array


def gradient_norms(trace: Trace, layer: int = -1) -> np.ndarray:
    """‖∂L/∂s_t‖ for t = 0 .. T-1, shape (T,): of the first sequence of the batch."""
    return np.linalg.norm(there(trace.d_hidden)[layer, 1:, 0].astype(np.float64), axis=-1)


def decades(numbers: ArrayLike, before: tuple[int, int] | None = None, most: float = DECADES) -> tuple[int, int]:
    """Exponents of the powers of ten that enclose the positive numbers, and what `before` enclosed.

    Of more than `most` decades, those at the top.
    """
    positive = finite(numbers)
    positive = positive[positive > 0]
    if not positive.size:
        return before or (-3, 0)
    low, high = math.floor(math.log10(positive.min())), math.ceil(math.log10(positive.max()))
    if before:
        low, high = min(low, before[0]), max(high, before[1])
    return int(max(low, high - most)), max(high, low + 1)


def round_up(number: float) -> float:
    """The next round number at or above: one of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten."""
    if not number > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(number))
    step = next(step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if number <= step * power * (1 + 1e-9))
    return float(f"{step * power:.6g}")


def finite(numbers: ArrayLike) -> np.ndarray:
    """The finite ones, flat, in float64."""
    numbers = np.asarray(numbers, dtype=np.float64).ravel()
    return numbers[np.isfinite(numbers)]
