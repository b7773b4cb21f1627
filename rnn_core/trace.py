"""Everything that one forward and backward pass left behind."""

from dataclasses import dataclass

import numpy as np

from rnn_core.cells import CELLS
from rnn_core.config import ModelConfig


@dataclass(frozen=True, eq=False)
class Trace:
    """The inside of one pass over one batch, in arrays that nobody changes any more. Time comes first.

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
    loss_per_step: np.ndarray | None  # (S, B) float64, not weighted
    grads: dict[str, np.ndarray] | None  # names and shapes of state_dict()
    grad_norm: float | None  # global norm of grads
    d_logits: np.ndarray | None  # (S, B, K)
    d_hidden: np.ndarray | None  # (LD, T+1, B, H), all paths summed
    d_cell: np.ndarray | None  # (LD, T+1, B, H)
    d_input: np.ndarray | None  # (T, B, D); for ids with respect to their one-hot vectors

    @property
    def state(self):
        """The final state of every layer and direction, as `state=` takes it: (LD, B, H), for the LSTM a pair."""
        hidden = self._final(self.hidden)
        return hidden if self.cell is None else (hidden, self._final(self.cell))

    def _final(self, states):
        final = states[:, -1].copy()
        if self.config.bidirectional:
            final[1::2] = states[1::2, 1]  # the reverse direction ends at step 0
        return final


def trace_of(config, inputs, buffers, loss=None, grads=None, grad_norm=None) -> Trace:
    """The Trace of a finished pass; loss and grads say how far it went. Takes the buffers over."""
    cell, hidden = CELLS[config.cell], config.hidden_size
    with_loss, with_grads = loss is not None, grads is not None
    targets = inputs.target_values if config.loss == "mse" else inputs.target_ids
    for array in (
        buffers.hidden, buffers.cell, buffers.gates, buffers.logits, buffers.probs, buffers.loss, buffers.d_logits,
        buffers.d_hidden, buffers.d_cell, buffers.d_input,
    ):  # fmt: skip
        if array.size:
            array.setflags(write=False)
    return Trace(
        config=config,
        x=inputs.ids if inputs.ids.size else inputs.values,
        targets=targets if with_loss else None,
        mask=inputs.weights if inputs.weights.size else None,
        hidden=buffers.hidden,
        cell=buffers.cell if cell.has_cell else None,
        gates={name: buffers.gates[..., g * hidden : (g + 1) * hidden] for g, name in enumerate(cell.gates)},
        pre_activation=None if cell.gates else buffers.gates,
        logits=buffers.logits,
        probs=None if config.loss == "mse" else buffers.probs,
        loss=loss,
        loss_per_step=buffers.loss if with_loss else None,
        grads=grads,
        grad_norm=grad_norm,
        d_logits=buffers.d_logits if with_loss else None,
        d_hidden=buffers.d_hidden if with_grads else None,
        d_cell=buffers.d_cell if with_grads and cell.has_cell else None,
        d_input=buffers.d_input if with_grads else None,
    )
