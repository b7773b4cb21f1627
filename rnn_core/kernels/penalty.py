"""The penalty on vanishing gradients of Pascanu et al. (2013, eqs. 9 and 10), for networks without gates.

    g_t = dE/da_t, of all paths          v_{t-1} = f'(a_{t-1}) * (g_t W_hh) = g_t da_t/da_{t-1}
    Omega = sum over t of (|v_{t-1}| / |g_t| - 1)^2

of each layer and direction, over the steps that start from a state that the network made, and the mean over the batch.
It asks of every step that it neither shrinks nor stretches the gradient on its way back, in the direction that it has.
As in the paper, only the immediate derivative by W_hh is taken: g_t and a_{t-1} count as constants.

    dOmega/dW_hh = sum over t of 2 (|v| / |g| - 1) / (|g| |v|) g_t^T (v_{t-1} * f'(a_{t-1}))

A step whose g or v is zero adds nothing.
"""

import numpy as np
from numba import types

from rnn_core.cells import call_slope
from rnn_core.kernels.arguments import part_type
from rnn_core.kernels.arithmetic import CLEAR, add_product, combine, squared_norm
from rnn_core.kernels.jit import kernel
from rnn_core.kernels.linking import by_address
from rnn_core.kernels.network import network_types, pieces_of
from rnn_core.kernels.vectors import part_of, rows_of, view


def penalise_signature(float_type):
    """The Numba signature of `penalise` for this float type."""
    shape, _offsets, buffers = network_types(float_type)
    return types.void(types.int64, shape, types.float64, buffers, part_type())


call_penalise = by_address(penalise_signature)  # compiled only for who asks for the penalty


@kernel
def penalise(cell_slope, shape, weight, buffers, part):
    """What dL/dW_hh gains by weight * Omega, as factors of g_t^T, in buffers.penalty; of a part of the batch that has
    gone back through time."""
    steps, batch, hidden = buffers.penalty.shape[1], buffers.penalty.shape[2], shape.hidden
    _number, begin, end = part
    pieces, size = pieces_of(steps - 1, batch, begin, end)
    kind = buffers.penalty.dtype.type
    for stack in range(shape.layers * shape.directions):
        reverse = stack % shape.directions
        first, before = (0, 2) if reverse == 1 else (1, 1)  # the first step, and the index of the state before it
        penalty = part_of(buffers.penalty, stack)
        combine(CLEAR, buffers.penalty, buffers.penalty, stack, 0, 0, steps, begin, end)
        for piece in range(pieces):
            row = (first + piece) * batch + begin
            # g_t W_hh
            add_product(
                rows_of(buffers.d_gates, stack, row, size), part_of(buffers.weight_hh, stack),
                rows_of(buffers.penalty, stack, row, size),
            )  # fmt: skip
        for i in range(steps - 1):
            for b in range(begin, end):
                row, slope = view(penalty, ((first + i) * batch + b) * hidden, (hidden,)), buffers.scratch[b]
                call_slope(cell_slope, buffers.hidden[stack, before + i, b], slope)
                for j in range(hidden):
                    row[j] *= slope[j]
                g, v = squared_norm(buffers.d_gates[stack, first + i, b]), squared_norm(row)
                factor = kind(0.0)
                if g > 0.0 and v > 0.0:
                    factor = kind(2.0 * weight / batch * (np.sqrt(v / g) - 1.0) / np.sqrt(g * v))
                for j in range(hidden):
                    row[j] *= factor * slope[j]
