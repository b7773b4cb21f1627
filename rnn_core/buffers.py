"""The room in which a network computes: allocated once for T steps and B sequences, used for every update."""

from typing import NamedTuple

import numpy as np

from rnn_core.cells import CELLS
from rnn_core.errors import ConfigError
from rnn_core.parameters import Layout
from rnn_core.vectors import aligned


class Buffers(NamedTuple):
    """Everything that one forward and backward pass leaves behind. S = T, or 1 when only the last state is read.

    LD = layers * directions, W = directions * H, R = G * H rows of gates. What a cell or a call has no use for is
    an array of the same number of dimensions without elements.
    """

    hidden: np.ndarray  # (LD, T+1, B, H), index 0 the initial state
    cell: np.ndarray  # (LD, T+1, B, H) LSTM
    gates: np.ndarray  # (LD, T, B, R)
    extra: np.ndarray  # (LD, T, B, H)
    outputs: np.ndarray  # (L, T+1, B, W) what each layer hands on; in one direction the same array as hidden
    features: np.ndarray  # (1, B, W) what the read-out reads where only the last state counts
    logits: np.ndarray  # (S, B, K)
    probs: np.ndarray  # (S, B, K) cross-entropy
    loss: np.ndarray  # (S, B) float64, per predicted step
    d_logits: np.ndarray  # (S, B, K)
    d_features: np.ndarray  # (S, B, W)
    d_outputs: np.ndarray  # (L, T+1, B, W); in one direction the same array as d_hidden
    d_hidden: np.ndarray  # (LD, T+1, B, H)
    d_cell: np.ndarray  # (LD, T+1, B, H) LSTM
    d_gates: np.ndarray  # (LD, T, B, R)
    d_gates_hh: np.ndarray  # (LD, T, B, R): the same array as d_gates but for the GRU
    sum_hidden: np.ndarray  # (LD, T+1, B, H) sums over the losses' steps, windowed truncation
    sum_cell: np.ndarray  # (LD, T+1, B, H)
    sum_gates: np.ndarray  # (LD, T, B, R)
    sum_gates_hh: np.ndarray  # (LD, T, B, R)
    d_input: np.ndarray  # (T, B, D) where asked for
    flow: np.ndarray  # (T, LD, T+1, B, H) where asked for: [t] = gradient of the loss of step t alone
    weight_hh: np.ndarray  # (LD, R, H) as PyTorch has them: the flat array holds them transposed
    weight_ih: np.ndarray  # (LD, R, W) of the layers above the first
    weight_in: np.ndarray  # (directions, R, D) of the first, where d_input is asked for
    weight_ho: np.ndarray  # (K, W)
    bias: np.ndarray  # (R,)
    scratch: np.ndarray  # (B, R)
    norms: np.ndarray  # (LD, T+1) norm of d_hidden over batch and units


MAX_NUMBERS = 1 << 28  # 1 GB in float32


def allocate(network: Layout, config, steps, batch, *, windowed=False, d_input=False, flow=False) -> Buffers:
    """Buffers for `steps` and `batch`; the keywords ask for the room that only some calls need.

    Raises ConfigError where that would be more than about a gigabyte.
    """
    shape, cell = network.shape, CELLS[config.cell]
    stacks, width, rows = shape.layers * shape.directions, shape.directions * shape.hidden, shape.rows
    read = steps if shape.every else 1
    numbers = steps * batch * (stacks * (3 * rows + 4 * shape.hidden) + 3 * shape.outputs)
    numbers += steps * steps * batch * stacks * shape.hidden if flow else 0
    if numbers > MAX_NUMBERS:
        raise ConfigError(
            f"{steps} steps of {batch} sequences need room for {numbers} numbers; expected at most {MAX_NUMBERS}: "
            "choose a shorter sequence, a smaller batch or a smaller network"
        )

    def array(*dimensions, there=True, dtype=config.dtype):
        return aligned(dimensions if there else (dimensions[0],) + (0,) * (len(dimensions) - 1), dtype)

    states, gates = (stacks, steps + 1, batch, shape.hidden), (stacks, steps, batch, rows)
    d_gates, hidden, d_hidden = array(*gates), array(*states), array(*states)
    two_way, outputs = shape.directions == 2, (shape.layers, steps + 1, batch, width)
    sum_gates = array(*gates, there=windowed)
    return Buffers(
        hidden=hidden,
        cell=array(*states, there=cell.has_cell),
        gates=array(*gates),
        extra=array(stacks, steps, batch, shape.hidden, there=cell.has_extra),
        outputs=array(*outputs) if two_way else hidden,
        features=array(1, batch, width, there=not shape.every),
        logits=array(read, batch, shape.outputs),
        probs=array(read, batch, shape.outputs, there=not shape.squared),
        loss=array(read, batch, dtype="float64"),
        d_logits=array(read, batch, shape.outputs),
        d_features=array(read, batch, width),
        d_outputs=array(*outputs) if two_way else d_hidden,
        d_hidden=d_hidden,
        d_cell=array(*states, there=cell.has_cell),
        d_gates=d_gates,
        d_gates_hh=array(*gates) if cell.separate_bias else d_gates,
        sum_hidden=array(*states, there=windowed),
        sum_cell=array(*states, there=windowed and cell.has_cell),
        sum_gates=sum_gates,
        sum_gates_hh=array(*gates, there=windowed) if cell.separate_bias else sum_gates,
        d_input=array(steps, batch, shape.inputs, there=d_input),
        flow=array(steps, *states, there=flow),
        weight_hh=array(stacks, rows, shape.hidden),
        weight_ih=array(stacks, rows, width, there=shape.layers > 1),
        weight_in=array(shape.directions, rows, shape.inputs, there=d_input),
        weight_ho=array(shape.outputs, width),
        bias=array(rows),
        scratch=array(batch, rows),
        norms=array(stacks, steps + 1),
    )
