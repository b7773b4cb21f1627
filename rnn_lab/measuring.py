"""What `figures.gradient_matrix` draws, measured of a network of rnn_core."""

from dataclasses import replace
from typing import NamedTuple, TypeVar

import numpy as np

from rnn_core import InputError, Model, Trace
from rnn_core.inputs import check_whole
from rnn_core.trace import BackwardTrace
from ui.gradients.analysis import GradientFlow, alone_at, flow, input_norms

BATCH = ("x", "targets", "mask", "logits", "probs", "loss_per_step", "d_logits", "d_input")  # (T or S, B, ...)
AnyTrace = TypeVar("AnyTrace", bound=Trace)
STACKED = ("hidden", "cell", "pre_activation", "d_hidden", "d_cell")  # (LD, T or T+1, B, ...)


class Gradients(NamedTuple):
    """Gradients of the loss of each step by the state of each step, of one sequence and one layer and direction."""

    flow: GradientFlow  # flow.flow (T, T): the norm of d loss_t / d h_k; NaN in the rows of steps without a loss
    step: int  # the step whose loss is followed back to the inputs
    inputs: np.ndarray  # (T,): the norm of d loss_step / d x_k


def measure_gradients(
    model: Model,
    trace: Trace,
    *,
    sequence: int = 0,
    layer: int = -1,
    step: int | None = None,
    truncate: int | None = None,
    truncation: str = "windowed",
) -> Gradients:
    """The Gradients of a network on one sequence of a trace's batch.

    Parameters
    ----------
    model : the network that made the trace, as it was then.
    trace : of `model.backward`, T steps and B sequences.
    sequence : which of the batch, 0 .. B-1. layer : an index into `trace.hidden`: layer · directions + direction.
    step : whose loss is followed back to the inputs; None: the last that has one.
    truncate, truncation : as in `TrainConfig`; what truncated backpropagation does not see is left out of the matrix.

    Raises InputError where the trace is of a forward pass alone, or an index is out of range. Source: Pascanu, Mikolov,
    Bengio, “On the difficulty of training recurrent neural networks”, 2013, eq. 4 and 5.

    >>> from rnn_core import ModelConfig
    >>> model = Model(ModelConfig("gru", 3, 4, 3))
    >>> found = measure_gradients(model, model.backward([[0], [2], [1]], [[2], [1], [0]]))
    >>> found.flow.flow.shape, found.step, found.inputs.shape
    ((3, 3), 2, (3,))
    """
    if not isinstance(trace, BackwardTrace):
        raise InputError("trace is of a forward pass; expected one of model.backward(x, targets)")
    one, stack = one_sequence(trace, sequence), stack_of(trace, layer)
    found = flow(model, one, stack, truncate, truncation)
    at = found.loss_step(None if step is None else check_whole("step", step, 0, found.steps - 1))
    return Gradients(found, at, input_norms(alone_at(model, one, at)))


def one_sequence(trace: AnyTrace, sequence: int) -> AnyTrace:
    """The trace of one sequence of a batch, B = 1. Raises InputError."""
    at = check_whole("sequence", sequence, 0, trace.x.shape[1] - 1)
    part = slice(at, at + 1)
    kept = {name: value[:, part] for name in BATCH if (value := getattr(trace, name)) is not None}
    kept |= {name: value[:, :, part] for name in STACKED if (value := getattr(trace, name)) is not None}
    return replace(trace, **kept, gates={name: gate[:, :, part] for name, gate in trace.gates.items()})


def stack_of(trace: Trace, layer: int) -> int:
    """The index into `trace.hidden`, from 0 on. Raises InputError."""
    count = len(trace.hidden)
    return check_whole("layer", layer, -count, count - 1) % count
