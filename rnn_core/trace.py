"""Trace: all values of one forward and backward pass."""

from dataclasses import dataclass

import numpy as np

from rnn_core.cells import CELLS
from rnn_core.config import ModelConfig
from rnn_core.inputs import Inputs
from rnn_core.kernels.buffers import Buffers

State = np.ndarray | tuple[np.ndarray, np.ndarray]  # of an LSTM the pair (hidden, cell)


@dataclass(frozen=True, eq=False)
class Trace:
    """Activations and gradients of one pass over one batch, in read-only arrays. Time comes first.

    LD = layers * directions in PyTorch's order, S = T or 1 (output="last"). `hidden` and `cell` have index 0 for the
    initial state and t+1 for the state at step t, in the reverse direction too. What a pass did not compute is None.
    """

    config: ModelConfig
    x: np.ndarray  # (T, B) ids or (T, B, D)
    targets: np.ndarray | None  # (S, B) ids or (S, B, K)
    mask: np.ndarray | None  # (S, B) weights of the predicted steps
    hidden: np.ndarray  # (LD, T+1, B, H)
    cell: np.ndarray | None  # (LD, T+1, B, H)
    gates: dict[str, np.ndarray]  # name -> (LD, T, B, H); none for the plain RNN
    pre_activation: np.ndarray | None  # (LD, T, B, H): a_t of the plain RNN
    logits: np.ndarray  # (S, B, K); the outputs themselves where the loss is "mse"
    probs: np.ndarray | None  # (S, B, K)
    loss: float | None  # weighted mean over the predicted steps; nats
    loss_per_step: np.ndarray | None  # (S, B) float64, not weighted; with CTC what each step adds to -ln p(labels)
    grads: dict[str, np.ndarray] | None  # names and shapes of state_dict()
    grad_norm: float | None  # global norm of grads
    d_logits: np.ndarray | None  # (S, B, K)
    d_hidden: np.ndarray | None  # (LD, T+1, B, H), all paths summed
    d_cell: np.ndarray | None  # (LD, T+1, B, H)
    d_input: np.ndarray | None  # (T, B, D); for ids with respect to their one-hot vectors

    @property
    def state(self) -> State:
        """The final state of every layer and direction, as `state=` takes it: (LD, B, H), for the LSTM a pair."""
        hidden = self._final(self.hidden)
        return hidden if self.cell is None else (hidden, self._final(self.cell))

    def _final(self, states: np.ndarray) -> np.ndarray:
        final = states[:, -1].copy()
        if self.config.bidirectional:
            final[1::2] = states[1::2, 1]  # the reverse direction ends at step 0
        return final


@dataclass(frozen=True, eq=False)
class BackwardTrace(Trace):
    """The Trace of a pass that went backwards too: it has loss and gradients."""

    targets: np.ndarray
    loss: float
    loss_per_step: np.ndarray
    grads: dict[str, np.ndarray]
    grad_norm: float
    d_logits: np.ndarray
    d_hidden: np.ndarray
    d_input: np.ndarray


def trace_of(config: ModelConfig, inputs: Inputs, buffers: Buffers) -> Trace:
    """The Trace of a finished forward pass. Takes the buffers over."""
    cell, hidden = CELLS[config.cell], config.hidden_size
    for array in (buffers.hidden, buffers.cell, buffers.gates, buffers.logits, buffers.probs):
        _close(array)
    return Trace(
        config=config,
        x=inputs.ids if inputs.ids.size else inputs.values,
        targets=None,
        mask=inputs.weights if inputs.weights.size else None,
        hidden=buffers.hidden,
        cell=buffers.cell if cell.has_cell else None,
        gates={name: buffers.gates[..., g * hidden : (g + 1) * hidden] for g, name in enumerate(cell.gates)},
        pre_activation=None if cell.gates else buffers.gates,
        logits=buffers.logits,
        probs=None if config.loss == "mse" else buffers.probs,
        loss=None,
        loss_per_step=None,
        grads=None,
        grad_norm=None,
        d_logits=None,
        d_hidden=None,
        d_cell=None,
        d_input=None,
    )


def backward_trace_of(
    config: ModelConfig, inputs: Inputs, buffers: Buffers, loss: float, grads: dict[str, np.ndarray], grad_norm: float
) -> BackwardTrace:
    """The Trace of a pass forwards and backwards. Takes the buffers over."""
    for array in (buffers.loss, buffers.d_logits, buffers.d_hidden, buffers.d_cell, buffers.d_input):
        _close(array)
    backwards = {
        "targets": inputs.target_values if config.loss == "mse" else inputs.target_ids,
        "loss": loss,
        "loss_per_step": buffers.loss,
        "grads": grads,
        "grad_norm": grad_norm,
        "d_logits": buffers.d_logits,
        "d_hidden": buffers.d_hidden,
        "d_cell": buffers.d_cell if CELLS[config.cell].has_cell else None,
        "d_input": buffers.d_input,
    }
    return BackwardTrace(**vars(trace_of(config, inputs, buffers)) | backwards)


def _close(array: np.ndarray) -> None:
    """Make an array read-only; an empty one is shared and stays writable."""
    if array.size:
        array.setflags(write=False)
