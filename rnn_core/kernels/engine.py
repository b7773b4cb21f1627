"""The one compiled call: a single forward pass, or many training steps in a row.

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
    Part,
    Share,
    Work,
    batches_type,
    calls_type,
    parameters_type,
    span_type,
    truncation_type,
)
from rnn_core.kernels.arithmetic import copy, fill, share_of, squared_norm
from rnn_core.kernels.backward import ALL, THROUGH_TIME, TURN, WEIGHTS, backward
from rnn_core.kernels.ctc import align
from rnn_core.kernels.dropout import call_draw, draw, draw_signature
from rnn_core.kernels.jit import inlined, kernel
from rnn_core.kernels.linking import address, address_of_shared, array, entry, shared
from rnn_core.kernels.network import (
    call_loss,
    call_pass,
    forward,
    loss_and_gradient,
    loss_signature,
    network_types,
    pass_signature,
)
from rnn_core.kernels.penalty import call_penalise, penalise, penalise_signature
from rnn_core.kernels.scheduled_sampling import UPDATE, read
from rnn_core.kernels.vectors import flat, part_of, view
from rnn_core.optimizers import OPTIMIZERS, Setting, call_update
from rnn_core.parameters import WEIGHT_IH


class Until(IntEnum):
    """Stages of a pass."""

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
def accept(grads, loss, norm, settings, row):
    """Clip the gradient; whether loss and gradient are finite, and small enough to be applied."""
    factor = clip(grads, norm, settings[Setting.CLIP_NORM], settings[Setting.CLIP_VALUE])
    row[CLIP_FACTOR] = factor
    return np.isfinite(loss) and np.isfinite(norm) and norm * factor < LARGEST_NORM


@inlined
def start(buffers, reset):
    """The initial states are zero, or the last ones of the pass before."""
    for stack in range(buffers.hidden.shape[0]):
        _start(part_of(buffers.hidden, stack), reset)
        if buffers.cell.size > 0:
            _start(part_of(buffers.cell, stack), reset)


@inlined
def _start(states, reset):
    if reset:
        fill(flat(part_of(states, 0)), 0)
    else:
        copy(flat(part_of(states, states.shape[0] - 1)), flat(part_of(states, 0)))


# With a large vocabulary a batch of ids reads few columns of U, and the gradient of all others is zero.
# U comes first among the parameters, a column in one piece: only those that were read are cleared, measured, and, by an
# optimiser without a memory, changed. A column of the list of ids counts where it stands first.


@inlined
def sparse_size(shape, offsets, ids):
    """Number of parameters, from the first on, that are U's, if few columns of it are read; else 0."""
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
def clear(grads, sparse, rows, before, share):
    """A share of grads = 0; of U only what `before`, the ids of the pass before, left there."""
    first, last = share_of(grads.size - sparse, share.number, share.of)
    fill(view(grads, sparse + first, (last - first,)), 0)
    if sparse > 0:
        for i in range(share.number, before.size, share.of):
            fill(view(grads, before[i] * rows, (rows,)), 0)


@inlined
def norm_of(grads, sparse, rows, ids):
    """The norm of the whole gradient."""
    total = squared_norm(view(grads, sparse, (grads.size - sparse,)))
    if sparse > 0:
        for i in range(ids.size):
            if not _again(ids, i):
                total += squared_norm(view(grads, ids[i] * rows, (rows,)))
    return np.sqrt(total)


@inlined
def update(address, params, grads, slots, settings, step, sparse, rows, ids, share):
    """Change a share of the parameters."""
    sparse = 0 if slots.size > 0 else sparse
    first, last = share_of(params.size - sparse, share.number, share.of)
    begin, count = sparse + first, last - first
    call_update(address, view(params, begin, (count,)), view(grads, begin, (count,)), slots, settings, step, begin)
    if sparse > 0:
        for i in range(share.number, ids.size, share.of):
            if not _again(ids, i):
                column, size = ids[i] * rows, (rows,)
                call_update(address, view(params, column, size), view(grads, column, size), slots, settings, step, 0)


@kernel
def run(calls, shape, offsets, parameters, batches, span, until, truncation, buffers, history):
    """Passes over the batches of span; returns how many were finished before a loss or a gradient overflowed.

    Below Stage.UPDATE the state in `buffers` stands, whatever `batches.reset` says.
    history[u - first] = loss, gradient norm, clip factor.
    """
    params, grads, slots, settings = parameters
    ids, values, target_ids, target_values, weights, reset = batches
    first, last, done, number = span
    some_weights = weights.size > 0
    sparse = sparse_size(shape, offsets, ids[first])
    whole, all_of_it = Part(0, 0, buffers.gates.shape[2]), Share(0, 1)
    for u in range(first, last):
        if until >= Until.UPDATE:
            start(buffers, reset[u])
            if buffers.masks.size > 0:
                call_draw(
                    calls.draw,
                    buffers.masks,
                    settings[Setting.DROPOUT],
                    int(settings[Setting.SEED]),
                    number + u,
                    0,
                    whole.end,
                )
        if buffers.sampling.size > 0:
            buffers.sampling[UPDATE] = number + u
        call_pass(
            calls.pass_forward, calls.forward, shape, offsets, params, part_of(ids, u), part_of(values, u), buffers,
            whole,
        )  # fmt: skip
        if until < Until.LOSS:
            continue
        weights_now = part_of(weights, u if some_weights else 0)
        loss = call_loss(
            calls.loss, buffers.logits, buffers.probs, shape.squared, part_of(target_ids, u), part_of(target_values, u),
            weights_now, buffers.loss, buffers.d_logits, buffers.alignments, whole,
        )  # fmt: skip
        history[u - first, LOSS] = loss
        if until < Until.BACKWARD:
            continue
        if u == first:
            fill(grads, 0)
        else:
            clear(grads, sparse, shape.rows, flat(part_of(ids, u - 1)), all_of_it)
        penalised = buffers.penalty.size > 0
        steps = TURN | THROUGH_TIME if penalised else ALL
        for _ in range(2 if penalised else 1):  # one call in the code: it takes the compiler a fifth of a second
            backward(
                calls, shape, offsets, params, grads, part_of(ids, u), part_of(values, u), buffers, truncation,
                Work(steps, whole, all_of_it),
            )  # fmt: skip
            if steps == TURN | THROUGH_TIME:
                call_penalise(calls.penalise, calls.slope, shape, settings[Setting.VANISHING_PENALTY], buffers, whole)
                steps = WEIGHTS
        norm = norm_of(grads, sparse, shape.rows, flat(part_of(ids, u)))
        history[u - first, GRAD_NORM] = norm
        if until < Until.UPDATE:
            continue
        if not accept(grads, loss, norm, settings, history[u - first]):
            return u - first
        step = done + u - first + 1
        update(calls.update, params, grads, slots, settings, step, sparse, shape.rows, flat(part_of(ids, u)), all_of_it)
    return last - first


def _run_signature(float_type):
    """`run`'s Numba signature: it depends on the float type alone."""
    shape, offsets, buffers = network_types(float_type)
    return types.int64(
        calls_type(), shape, offsets, parameters_type(float_type), batches_type(float_type), span_type(), types.int64,
        truncation_type(), buffers, array(types.float64, 2),
    )  # fmt: skip


@functools.cache
def calls_of(cell, optimizer, float_type, dropout=False, penalty=False, sampling=False, ctc=False):
    """The `Calls` of this cell and optimiser, None: for passes that update nothing. Compiles or loads what it needs."""
    kind = CELLS[cell]
    own, slope = kind.own_gradient, kind.slope
    return Calls(
        address(kind.forward, cells.forward_signature(float_type)),
        address(kind.backward, cells.backward_signature(float_type)),
        address(own, cells.own_gradient_signature(float_type)) if own is not None else 0,
        0 if optimizer is None else address(OPTIMIZERS[optimizer].update, optimizers.signature(float_type)),
        address(draw, draw_signature(float_type)) if dropout else 0,
        address(penalise, penalise_signature(float_type)) if penalty else 0,
        address(slope, cells.slope_signature(float_type)) if penalty else 0,
        address(read, pass_signature(float_type)) if sampling else address_of_shared(forward, float_type),
        address(align, loss_signature(float_type)) if ctc else address_of_shared(loss_and_gradient, float_type),
    )


@functools.cache
def passes(cell, optimizer, dtype, dropout=False, penalty=False, sampling=False, ctc=False):
    """`run` for this cell and optimiser: a function of `run`'s other arguments. Compiles or loads what it needs."""
    float_type = numba.from_dtype(np.dtype(dtype))
    return functools.partial(
        entry(run, _run_signature(float_type)), calls_of(cell, optimizer, float_type, dropout, penalty, sampling, ctc)
    )
