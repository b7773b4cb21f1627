"""The compiled passes of an encoder-decoder: many updates in one call, and following one's own outputs."""

import functools

import numba
import numpy as np
from numba import types

from rnn_core import cells, optimizers
from rnn_core.cells import CELLS
from rnn_core.kernels.arithmetic import copy, fill, squared_norm
from rnn_core.kernels.engine import CLIP_FACTOR, GRAD_NORM, LARGEST_NORM, LOSS, NO_CHUNK, NO_WINDOW, clip
from rnn_core.kernels.jit import kernel
from rnn_core.kernels.linking import address, array, compiled
from rnn_core.kernels.network import backward, forward, loss_and_gradient, network_types
from rnn_core.kernels.vectors import flat
from rnn_core.optimizers import OPTIMIZERS, Setting, call_update


@kernel
def follow(cell_forward, shape, offsets, params, buffers, symbols, no_values, out):
    """Fill out (S, B) with the likeliest symbol of each step, which is read at the next; whether all was finite.

    buffers, of one step, hold the initial state; symbols (1, B) is what is read first.
    """
    finite = True
    for step in range(out.shape[0]):
        forward(cell_forward, shape, offsets, params, symbols, no_values, buffers)
        for b in range(out.shape[1]):
            logits = buffers.logits[0, b]
            best = 0
            for k in range(logits.size):
                finite = finite and np.isfinite(logits[k])
                best = k if logits[k] > logits[best] else best
            out[step, b] = best
            symbols[0, b] = best
        for stack in range(buffers.hidden.shape[0]):
            copy(flat(buffers.hidden[stack, 1]), flat(buffers.hidden[stack, 0]))
            if buffers.cell.size > 0:
                copy(flat(buffers.cell[stack, 1]), flat(buffers.cell[stack, 0]))
    return finite


@kernel
def run(
    cell_forward, cell_backward, update, encoder_shape, encoder_offsets, encoder_params, encoder_grads, decoder_shape,
    decoder_offsets, decoder_params, decoder_grads, params, grads, slots, settings, x, reads, targets, weights, forced,
    first, last, done, encoder, decoder, single, symbols, guesses, no_values, history,
):  # fmt: skip
    """Updates on the batches first <= u < last; returns how many were made before a loss or a gradient overflowed.

    x (n, T, B), reads and targets (n, S, B) ids, weights (n, S, B). forced[u]: the decoder reads `reads`; else its own
    likeliest symbols, found first with `single`, buffers of one step, into guesses (S, B). history[u - first] = loss,
    gradient norm, clip factor.
    """
    for u in range(first, last):
        for stack in range(encoder.hidden.shape[0]):
            fill(flat(encoder.hidden[stack, 0]), 0)
            if encoder.cell.size > 0:
                fill(flat(encoder.cell[stack, 0]), 0)
        forward(cell_forward, encoder_shape, encoder_offsets, encoder_params, x[u], no_values, encoder)
        # s_{-1} = h_{T-1}
        for stack in range(encoder.hidden.shape[0]):
            copy(flat(encoder.hidden[stack, -1]), flat(decoder.hidden[stack, 0]))
            copy(flat(encoder.hidden[stack, -1]), flat(single.hidden[stack, 0]))
            if encoder.cell.size > 0:
                copy(flat(encoder.cell[stack, -1]), flat(decoder.cell[stack, 0]))
                copy(flat(encoder.cell[stack, -1]), flat(single.cell[stack, 0]))
        read = reads[u]
        if not forced[u]:
            for b in range(symbols.shape[1]):
                symbols[0, b] = reads[u, 0, b]
            follow(cell_forward, decoder_shape, decoder_offsets, decoder_params, single, symbols, no_values, guesses)
            for s in range(guesses.shape[0] - 1, 0, -1):
                for b in range(guesses.shape[1]):
                    guesses[s, b] = guesses[s - 1, b]
            for b in range(guesses.shape[1]):
                guesses[0, b] = reads[u, 0, b]
            read = guesses
        forward(cell_forward, decoder_shape, decoder_offsets, decoder_params, read, no_values, decoder)
        loss = loss_and_gradient(
            decoder.logits, decoder.probs, False, targets[u], no_values, weights[u], decoder.loss, decoder.d_logits
        )
        fill(grads, 0)
        backward(
            cell_backward, decoder_shape, decoder_offsets, decoder_params, decoder_grads, read, no_values, decoder,
            NO_WINDOW, NO_CHUNK,
        )  # fmt: skip
        # dL/dh_{T-1} = dL/ds_{-1}
        for stack in range(encoder.hidden.shape[0]):
            copy(flat(decoder.d_hidden[stack, 0]), flat(encoder.d_last_hidden[stack]))
            if encoder.cell.size > 0:
                copy(flat(decoder.d_cell[stack, 0]), flat(encoder.d_last_cell[stack]))
        fill(flat(encoder.d_logits), 0)
        backward(
            cell_backward, encoder_shape, encoder_offsets, encoder_params, encoder_grads, x[u], no_values, encoder,
            NO_WINDOW, NO_CHUNK,
        )  # fmt: skip
        norm = np.sqrt(squared_norm(grads))
        history[u - first, LOSS] = loss
        history[u - first, GRAD_NORM] = norm
        factor = clip(grads, norm, settings[Setting.CLIP_NORM], settings[Setting.CLIP_VALUE])
        if not (np.isfinite(loss) and np.isfinite(norm) and norm * factor < LARGEST_NORM):
            return u - first
        history[u - first, CLIP_FACTOR] = factor
        call_update(update, params, grads, slots, settings, done + u - first + 1)
    return last - first


def _run_signature(float_type):
    shape, offsets, buffers = network_types(float_type)
    row, ids, step, table = array(float_type, 1), types.int32[:, :, ::1], types.int64, array(types.float64, 2)
    half = (shape, offsets, row, row)
    return step(
        step, step, step, *half, *half, row, row, array(float_type, 2), array(types.float64, 1), ids, ids, ids,
        array(float_type, 3), types.boolean[::1], step, step, step, buffers, buffers, buffers, types.int32[:, ::1],
        types.int32[:, ::1], array(float_type, 3), table,
    )  # fmt: skip


def _follow_signature(float_type):
    shape, offsets, buffers = network_types(float_type)
    ids = types.int32[:, ::1]
    return types.boolean(types.int64, shape, offsets, array(float_type, 1), buffers, ids, array(float_type, 3), ids)


@functools.cache
def updates(cell, optimizer, dtype):
    """`run` for this cell and optimiser: a function of `run`'s other arguments. Compiles or loads what it needs."""
    float_type = numba.from_dtype(np.dtype(dtype))
    chosen = (
        address(CELLS[cell].forward, cells.forward_signature(float_type)),
        address(CELLS[cell].backward, cells.backward_signature(float_type)),
        address(OPTIMIZERS[optimizer].update, optimizers.signature(float_type)),
    )
    compiled(follow, _follow_signature(float_type))
    return functools.partial(compiled(run, _run_signature(float_type)), *chosen)


@functools.cache
def followed(cell, dtype):
    """`follow` for this cell: a function of `follow`'s other arguments. Compiles or loads what it needs."""
    float_type = numba.from_dtype(np.dtype(dtype))
    forward_address = address(CELLS[cell].forward, cells.forward_signature(float_type))
    return functools.partial(compiled(follow, _follow_signature(float_type)), forward_address)
