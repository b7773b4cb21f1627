"""Work arrays of the forward and backward pass: allocated once for (T, B), reused by every update."""

import functools
import math
from typing import NamedTuple

import numpy as np

from rnn_core.cells import CELLS
from rnn_core.errors import ConfigError
from rnn_core.kernels.vectors import LANES, aligned
from rnn_core.parameters import Layout

TRANSPOSED = 256  # rows of the read-out's weight that are transposed at a time: they stay in the second-level cache


class Buffers(NamedTuple):
    """Everything that one forward and backward pass leaves behind. S = T, or 1 when only the last state is read.

    LD = layers * directions, W = directions * H, R = G * H rows of gates. What a cell or a call has no use for is
    an array of the same number of dimensions without elements.
    """

    hidden: np.ndarray  # (LD, T+1, B, H), index 0 the initial state
    cell: np.ndarray  # (LD, T+1, B, H) LSTM
    gates: np.ndarray  # (LD, T, B, R)
    extra: np.ndarray  # (LD, T, B, E)
    outputs: np.ndarray  # (L, T+1, B, W) what each layer hands on; in one direction the same array as hidden
    masks: np.ndarray  # (L-1, T, B, W) with dropout: what the output of each layer but the last is multiplied by
    dropped: np.ndarray  # (L-1, T, B, W) what is left of it, for the layer above
    penalty: np.ndarray  # (LD, T, B, H) with the penalty on vanishing gradients: factors of d_gates in dL/dW_hh
    features: np.ndarray  # (1, B, W) what the read-out reads where only the last state counts
    logits: np.ndarray  # (S, B, K)
    probs: np.ndarray  # (S, B, K) cross-entropy
    d_logits: np.ndarray  # (S, B, K)
    d_features: np.ndarray  # (S, B, W)
    d_outputs: np.ndarray  # (L, T+1, B, W); in one direction the same array as d_hidden
    d_hidden: np.ndarray  # (LD, T+1, B, H)
    d_cell: np.ndarray  # (LD, T+1, B, H) LSTM
    d_last_hidden: np.ndarray  # (LD, B, H) gradient that enters through each last state, where a decoder reads it
    d_last_cell: np.ndarray  # (LD, B, H) the same of the LSTM's cell
    d_states: np.ndarray  # (T, B, W) gradient that enters the top layer's outputs, where attention reads them
    d_gates: np.ndarray  # (LD, T, B, R)
    d_gates_hh: np.ndarray  # (LD, T, B, R): the same array as d_gates but for the GRU and layer normalisation
    sum_hidden: np.ndarray  # (LD, T+1, B, H) sums over the losses' steps, windowed truncation
    sum_cell: np.ndarray  # (LD, T+1, B, H)
    sum_gates: np.ndarray  # (LD, T, B, R)
    sum_gates_hh: np.ndarray  # (LD, T, B, R)
    d_input: np.ndarray  # (T, B, D) where asked for
    flow: np.ndarray  # (T, LD, T+1, B, H) where asked for: [t] = gradient of the loss of step t alone
    weight_hh: np.ndarray  # (LD, R, H) as PyTorch has them: the flat array holds them transposed
    own: np.ndarray  # (LD, O) parameters of the cell's own
    weight_ih: np.ndarray  # (LD, R, W) of the layers above the first
    weight_in: np.ndarray  # (directions, R, D) of the first, where d_input is asked for
    weight_ho: np.ndarray  # (P, at most TRANSPOSED of K rows, W); P parts of the batch have their own
    bias: np.ndarray  # (P, R)
    scratch: np.ndarray  # (B, R)
    loss: np.ndarray  # (S, B) float64, per predicted step
    sampling: np.ndarray  # (3,) float64: k, seed and number of the update, with scheduled sampling
    alignments: np.ndarray  # (P, T + 3, 2 T + 2) float64: room for the paths of CTC


MAX_BYTES = 1 << 30  # a structured type can describe twice as much


def allocate(
    network: Layout,
    config,
    steps,
    batch,
    *,
    windowed=False,
    d_input=False,
    flow=False,
    d_last=False,
    dropout=False,
    d_states=False,
    penalty=False,
    sampling=False,
    parts=1,
) -> Buffers:
    """Buffers for `steps` and `batch`; the keywords ask for the room that only some calls need. parts: of the batch, at
    most, that are computed at the same time.

    Raises ConfigError where that would be more than a gigabyte. All lie in one piece of memory: thirty
    allocations took longer than a short pass.
    """
    size, kind, nothing, read = _plan(
        network.shape,
        config.cell,
        config.dtype,
        steps,
        batch,
        windowed,
        d_input,
        flow,
        d_last,
        dropout,
        d_states,
        penalty,
        parts,
    )
    room = np.ndarray((), kind, aligned((size,), config.dtype))
    rooms = [room[name] if none is None else none for name, none in nothing.items()]
    paths = (parts, steps + 3, 2 * steps + 2) if config.loss == "ctc" else (0, 0, 0)
    _check_bytes(8 * math.prod(paths), steps, batch)
    return Buffers(*rooms, np.zeros((read, batch)), np.zeros(3 if sampling else 0), np.zeros(paths))


def nbytes(buffers: Buffers) -> int:
    """Bytes of all of them: arrays that are the same one count once."""
    return sum({array.ctypes.data: array.nbytes for array in buffers}.values())


@functools.lru_cache(maxsize=64)
def _plan(shape, cell_name, dtype, steps, batch, windowed, d_input, flow, d_last, dropout, d_states, penalty, parts):
    """How many numbers the buffers take; where each lies, as a structured type, whose fields are looked at three times
    as fast as slices are reshaped; for each in the order of `Buffers`, an array where it has no elements; and S.
    """
    cell = CELLS[cell_name]
    stacks, width, rows = shape.layers * shape.directions, shape.directions * shape.hidden, shape.rows
    read = steps if shape.every else 1

    def some(there, *dimensions):
        return dimensions if there else (dimensions[0],) + (0,) * (len(dimensions) - 1)

    states, gates = (stacks, steps + 1, batch, shape.hidden), (stacks, steps, batch, rows)
    two_way, outputs = shape.directions == 2, (shape.layers, steps + 1, batch, width)
    same = {} if two_way else {"outputs": "hidden", "d_outputs": "d_hidden"}
    if not (cell.separate_bias or cell.normalised):
        same |= {"d_gates_hh": "d_gates", "sum_gates_hh": "sum_gates"}
    shapes = {
        "hidden": states,
        "cell": some(cell.has_cell, *states),
        "gates": gates,
        "extra": some(any(cell.extra), stacks, steps, batch, cell.extra[0] * shape.hidden + cell.extra[1]),
        "outputs": outputs,
        "masks": some(dropout, shape.layers - 1, steps, batch, width),
        "dropped": some(dropout, shape.layers - 1, steps, batch, width),
        "penalty": some(penalty, stacks, steps, batch, shape.hidden),
        "features": some(not shape.every, 1, batch, width),
        "logits": (read, batch, shape.outputs),
        "probs": some(not shape.squared, read, batch, shape.outputs),
        "d_logits": (read, batch, shape.outputs),
        "d_features": (read, batch, width),
        "d_outputs": outputs,
        "d_hidden": states,
        "d_cell": some(cell.has_cell, *states),
        "d_last_hidden": some(d_last, stacks, batch, shape.hidden),
        "d_last_cell": some(d_last and cell.has_cell, stacks, batch, shape.hidden),
        "d_states": some(d_states, steps, batch, width),
        "d_gates": gates,
        "d_gates_hh": gates,
        "sum_hidden": some(windowed, *states),
        "sum_cell": some(windowed and cell.has_cell, *states),
        "sum_gates": some(windowed, *gates),
        "sum_gates_hh": some(windowed, *gates),
        "d_input": some(d_input, steps, batch, shape.inputs),
        "flow": some(flow, steps, *states),
        "weight_hh": (stacks, rows, shape.hidden),
        "own": (stacks, shape.own),
        "weight_ih": some(shape.layers > 1, stacks, rows, width),
        "weight_in": some(d_input, shape.directions, rows, shape.inputs),
        "weight_ho": (parts, min(shape.outputs, TRANSPOSED), width),
        "bias": (parts, rows),
        "scratch": (batch, rows),
    }
    starts, size = {}, 0
    for name in (name for name in shapes if name not in same):
        starts[name] = size
        # the next begins at a line of the cache too, and at another place of it when the sizes are powers of two
        size += (-(-math.prod(shapes[name]) // LANES) + 5) * LANES
    starts |= {name: starts[other] for name, other in same.items()}
    number = np.dtype(dtype)
    _check_bytes(size * number.itemsize, steps, batch)
    nothing = {name: None if math.prod(shape) else np.zeros(shape, dtype) for name, shape in shapes.items()}
    full = [name for name in shapes if nothing[name] is None]
    kind = np.dtype({
        "names": full, "formats": [(number, shapes[name]) for name in full],
        "offsets": [starts[name] * number.itemsize for name in full], "itemsize": size * number.itemsize,
    })  # fmt: skip
    return size, kind, nothing, read


def _check_bytes(count, steps, batch):
    if count > MAX_BYTES:
        raise ConfigError(
            f"{steps} steps of {batch} sequences need {count / 1e9:.1f} GB of memory; expected "
            f"at most {MAX_BYTES / 1e9:.1f}: choose a shorter sequence, a smaller batch or a smaller network"
        )
