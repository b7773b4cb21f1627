"""The one compiled call: from a look at a network to many training steps on end.

A pass is forward -> loss -> backpropagation -> clipping -> update, each going as far as `Stage` says. Traces and
training are thus the same code, compiled once for each float type whatever the cell, and what a page shows of a
training step is what training does.
"""

import functools
from enum import IntEnum

import numba
import numpy as np
from numba import types

from rnn_core import cells, optimizers
from rnn_core.cells import CELLS
from rnn_core.kernels.arguments import (
    Calls,
    batches_type,
    calls_type,
    parameters_type,
    span_type,
    truncation_type,
)
from rnn_core.kernels.arithmetic import copy, fill, squared_norm
from rnn_core.kernels.jit import inlined, kernel
from rnn_core.kernels.linking import address, array, entry, shared
from rnn_core.kernels.network import backward, forward, loss_and_gradient, network_types
from rnn_core.kernels.vectors import flat, view
from rnn_core.optimizers import OPTIMIZERS, Setting, call_update
from rnn_core.parameters import WEIGHT_IH


class Stage(IntEnum):
    """How far a pass goes."""

    FORWARD = 0
    LOSS = 1
    BACKWARD = 2
    UPDATE = 3


LOSS, GRAD_NORM, CLIP_FACTOR = range(3)  # columns of the history
LARGEST_NORM = 1e15  # a clipped gradient beyond it would soon overflow float32 in the parameters: it is not applied


@shared(lambda f: types.float64(array(f, 1), types.float64, types.float64, types.float64))
def clip(grads, norm, clip_norm, clip_value):
    """Scale grads to the global norm clip_norm, then cut its entries at +-clip_value; returns norm after / before.

    The factor is PyTorch's min(1, clip_norm / (norm + 1e-6)) (Pascanu et al. 2013, algorithm 1).
    """
    factor = clip_norm / (norm + 1e-6)
    if factor < 1.0:
        scale = grads.dtype.type(factor)
        for i in range(grads.size):
            grads[i] *= scale
    else:
        factor = 1.0
    if clip_value < np.inf and norm > 0.0:
        limit = grads.dtype.type(clip_value)
        for i in range(grads.size):
            g = limit if grads[i] > limit else grads[i]
            grads[i] = -limit if g < -limit else g
        factor = np.sqrt(squared_norm(grads)) / norm
    return factor


@inlined
def _start(states, reset):
    """states (T+1, B, H)[0] = zero, or the last state of the pass before."""
    if reset:
        fill(flat(states[0]), 0)
    else:
        copy(flat(states[-1]), flat(states[0]))


# A batch of ids has read few of the columns of U where the vocabulary is large, and the gradient of all others is zero.
# U comes first among the parameters, a column in one piece: only those that were read are cleared, measured, and, by an
# optimiser without a memory, changed. A column of the list of ids counts where it stands first.


@inlined
def _sparse(shape, offsets, ids):
    """How many parameters from the first on are U's, if few columns of it are read; else 0."""
    size = shape.inputs * shape.rows
    return size if ids.size > 0 and ids.size * ids.size < size and offsets[0, WEIGHT_IH] == 0 else 0


@inlined
def _again(ids, i):
    """Whether ids[i] stands before i too."""
    j = 0
    while ids[j] != ids[i]:
        j += 1
    return j < i


@inlined
def _clear(grads, sparse, rows, before):
    """grads = 0; of U only what `before`, the ids of the pass before, left there."""
    fill(view(grads, sparse, (grads.size - sparse,)), 0)
    if sparse > 0:
        for i in range(before.size):
            fill(view(grads, before[i] * rows, (rows,)), 0)


@inlined
def _squared_norm(grads, sparse, rows, ids):
    total = squared_norm(view(grads, sparse, (grads.size - sparse,)))
    if sparse > 0:
        for i in range(ids.size):
            if not _again(ids, i):
                total += squared_norm(view(grads, ids[i] * rows, (rows,)))
    return total


@inlined
def _update(update, params, grads, slots, settings, step, sparse, rows, ids):
    if sparse == 0 or slots.size > 0:
        call_update(update, params, grads, slots, settings, step)
    else:
        rest = (params.size - sparse,)
        call_update(update, view(params, sparse, rest), view(grads, sparse, rest), slots, settings, step)
        for i in range(ids.size):
            if not _again(ids, i):
                column, size = ids[i] * rows, (rows,)
                call_update(update, view(params, column, size), view(grads, column, size), slots, settings, step)


@kernel
def run(calls, shape, offsets, parameters, batches, span, stage, truncation, buffers, history):
    """Passes over the batches of span; returns how many were finished before a loss or a gradient overflowed.

    Below Stage.UPDATE the state in `buffers` stands, whatever `batches.reset` says.
    history[u - first] = loss, gradient norm, clip factor.
    """
    params, grads, slots, settings = parameters
    ids, values, target_ids, target_values, weights, reset = batches
    first, last, done = span
    some_weights = weights.size > 0
    sparse = _sparse(shape, offsets, ids[first])
    for u in range(first, last):
        if stage >= Stage.UPDATE:
            for stack in range(buffers.hidden.shape[0]):
                _start(buffers.hidden[stack], reset[u])
                if buffers.cell.size > 0:
                    _start(buffers.cell[stack], reset[u])
        forward(calls.forward, shape, offsets, params, ids[u], values[u], buffers)
        if stage < Stage.LOSS:
            continue
        loss = loss_and_gradient(
            buffers.logits, buffers.probs, shape.squared, target_ids[u], target_values[u],
            weights[u if some_weights else 0], buffers.loss, buffers.d_logits,
        )  # fmt: skip
        history[u - first, LOSS] = loss
        if stage < Stage.BACKWARD:
            continue
        if u == first:
            fill(grads, 0)
        else:
            _clear(grads, sparse, shape.rows, flat(ids[u - 1]))
        backward(
            calls.backward, shape, offsets, params, grads, ids[u], values[u], buffers, truncation.window,
            truncation.chunk,
        )  # fmt: skip
        norm = np.sqrt(_squared_norm(grads, sparse, shape.rows, flat(ids[u])))
        history[u - first, GRAD_NORM] = norm
        if stage < Stage.UPDATE:
            continue
        factor = clip(grads, norm, settings[Setting.CLIP_NORM], settings[Setting.CLIP_VALUE])
        if not (np.isfinite(loss) and np.isfinite(norm) and norm * factor < LARGEST_NORM):
            return u - first
        history[u - first, CLIP_FACTOR] = factor
        step = done + u - first + 1
        _update(calls.update, params, grads, slots, settings, step, sparse, shape.rows, flat(ids[u]))
    return last - first


def _run_signature(float_type):
    """`run`'s Numba signature: it depends on the float type alone."""
    shape, offsets, buffers = network_types(float_type)
    return types.int64(
        calls_type(), shape, offsets, parameters_type(float_type), batches_type(float_type), span_type(), types.int64,
        truncation_type(), buffers, array(types.float64, 2),
    )  # fmt: skip


@functools.cache
def calls_of(cell, optimizer, float_type):
    """The `Calls` of this cell and optimiser. Compiles or loads what it needs."""
    return Calls(
        address(CELLS[cell].forward, cells.forward_signature(float_type)),
        address(CELLS[cell].backward, cells.backward_signature(float_type)),
        address(OPTIMIZERS[optimizer].update, optimizers.signature(float_type)),
    )


@functools.cache
def passes(cell, optimizer, dtype):
    """`run` for this cell and optimiser: a function of `run`'s other arguments. Compiles or loads what it needs."""
    float_type = numba.from_dtype(np.dtype(dtype))
    return functools.partial(entry(run, _run_signature(float_type)), calls_of(cell, optimizer, float_type))
