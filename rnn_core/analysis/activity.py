"""The condition of a network's units and of its gradient, measured on a few sequences in one pass."""

from typing import NamedTuple

import numpy as np

from rnn_core.model import Model
from rnn_core.tasks.base import Batch
from rnn_core.trace import BackwardTrace, Trace

SATURATED = 0.97  # |tanh| from there on: its slope is below 0.06, of the largest, 1
SIGMOIDS = ("r", "z", "i", "f", "o")  # gates


class Activity(NamedTuple):
    """Condition of a network: shares from 0 to 1, and the gradient of one loss."""

    dead: float  # of the ReLU units: zero at every step of every sequence; other cells have none
    saturated: float  # of the states of a tanh network with |s| > 0.97; of a sigmoid one, and of gates, on tanh's scale
    flow: np.ndarray  # (T,) [lag]: norm of d loss / d h, so many steps before the loss, all layers together


def activity(model: Model, batch: Batch) -> Activity:
    """Condition of the network on this batch. The loss is that of the last step that counts, in every sequence.

    >>> from rnn_core import ModelConfig, tasks
    >>> task = tasks.TASKS["recall"](delay=4)
    >>> found = activity(Model(ModelConfig("rnn_relu", task.input_size, 8, task.output_size)), task.held_out())
    >>> found.flow.shape, found.dead < 1, found.saturated
    ((5,), True, 0.0)
    """
    counted = batch.counted
    last = len(counted) - 1 - counted[::-1].argmax(axis=0)  # of each sequence
    mask = np.zeros(counted.shape, np.float32)
    mask[last, np.arange(len(last))] = counted.any(axis=0)
    trace = model.backward(batch.x, batch.targets, mask=mask if mask.any() else None)
    steps = len(batch.x)
    squares = np.einsum("ltbh,ltbh->tb", trace.d_hidden[:, 1:], trace.d_hidden[:, 1:], dtype=np.float64)
    ends = last + steps - len(counted)  # an output at the end only is the last step's
    positions = ends[None] - np.arange(steps)[:, None]  # (lag, sequence)
    found = np.take_along_axis(squares, np.maximum(positions, 0), axis=0) * (positions >= 0)
    return Activity(_dead(trace), _saturated(trace), np.sqrt(found.sum(axis=1)))


def _dead(trace: Trace) -> float:
    if trace.config.cell != "rnn_relu":
        return 0.0
    return float((trace.hidden[:, 1:] == 0).all(axis=(1, 2)).mean())


def _saturated(trace: Trace) -> float:
    cell = trace.config.cell
    states = trace.hidden[:, 1:]
    if cell == "rnn_tanh":
        return float((np.abs(states) > SATURATED).mean())
    gates = [states] if cell == "rnn_sigmoid" else [gate for name, gate in trace.gates.items() if name in SIGMOIDS]
    return float(np.mean([(np.abs(2 * gate - 1) > SATURATED).mean() for gate in gates])) if gates else 0.0


class Overflow(NamedTuple):
    """First number of a pass that is not finite."""

    kind: str  # "state", "loss" or "gradient"
    step: int  # at which; of a gradient the last one, for it goes backwards


def first_overflow(trace: BackwardTrace) -> Overflow | None:
    """Where a pass, forwards and then backwards, first left the finite numbers; None where it did not.

    >>> from rnn_core import ModelConfig
    >>> model = Model(ModelConfig("rnn_relu", 2, 1, 2, bias=False))
    >>> model.parameters[:] = 1e15
    >>> first_overflow(model.backward(np.zeros((4, 1), np.int32), np.zeros((4, 1), np.int32)))
    Overflow(kind='state', step=2)
    """
    states = np.isfinite(trace.hidden[:, 1:]).all(axis=(0, 2, 3))
    outputs = np.isfinite(trace.logits).all(axis=(1, 2))
    shift = len(states) - len(outputs)
    for kind, finite, first in (
        ("state", states, 0),
        ("loss", outputs & np.isfinite(trace.loss_per_step).all(axis=1), shift),
    ):
        if not finite.all():
            return Overflow(kind, first + int(np.argmin(finite)))
    gradients = np.isfinite(trace.d_hidden[:, 1:]).all(axis=(0, 2, 3))
    if not gradients.all():
        return Overflow("gradient", len(gradients) - 1 - int(np.argmin(gradients[::-1])))
    return None if np.isfinite(trace.grad_norm) else Overflow("gradient", 0)
