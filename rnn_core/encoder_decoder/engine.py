"""The compiled passes of an encoder-decoder: one, or many updates in one call; and following one's own outputs."""

import functools

import numba
import numpy as np
from numba import types

from rnn_core import cells
from rnn_core.cells import CELLS
from rnn_core.encoder_decoder.attention import attend, attend_backward, attention_type, prepare
from rnn_core.kernels.arguments import (
    NO_CHUNK,
    NO_WINDOW,
    Half,
    PairBatches,
    PairRoom,
    Part,
    Share,
    Truncation,
    Work,
    bundle,
    calls_type,
    parameters_type,
    span_type,
)
from rnn_core.kernels.arithmetic import copy, fill, squared_norm
from rnn_core.kernels.backward import ALL, TURN, WEIGHTS, backward
from rnn_core.kernels.engine import CLIP_FACTOR, GRAD_NORM, LARGEST_NORM, LOSS, Until, calls_of, clip
from rnn_core.kernels.jit import kernel
from rnn_core.kernels.linking import address, array, compiled, entry
from rnn_core.kernels.network import forward, loss_and_gradient, network_types
from rnn_core.kernels.vectors import flat, part_of
from rnn_core.optimizers import Setting, call_update


@kernel
def follow(cell_forward, shape, offsets, params, buffers, attended, symbols, no_values, out):
    """Fill out (S, B) with the likeliest symbol of each step, which is read at the next; whether all was finite.

    buffers, of one step, hold the initial state; symbols (1, B) is what is read first. attended : (attention, x,
    states) as for `attend`, the keys prepared.
    """
    finite, whole = True, Part(0, 0, symbols.shape[1])
    attention, x, states = attended
    for step in range(out.shape[0]):
        if attention.params.size > 0:
            attend(cell_forward, shape, offsets, params, symbols, buffers, attention, x, states)
        else:
            forward(cell_forward, shape, offsets, params, symbols, no_values, buffers, whole)
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
def run(calls, encoder, decoder, parameters, pairs, span, until, room, history):
    """Passes over the batches of span, each as far as `until` says; returns how many were made before a loss or a
    gradient overflowed.

    Where a batch is not forced, the decoder's own likeliest symbols are found first, step by step.
    history[u - first] = loss, gradient norm, clip factor.
    """
    params, grads, slots, settings = parameters
    x, reads, targets, weights, forced = pairs
    first, last, done, _number = span
    reading, writing, single, attention, symbols, guesses, no_values = room
    whole = Part(0, 0, symbols.shape[1])
    full, share, attends = Truncation(NO_WINDOW, NO_CHUNK), Share(0, 1), attention.params.size > 0
    states = part_of(reading.hidden, reading.hidden.shape[0] - 1)
    for u in range(first, last):
        for stack in range(reading.hidden.shape[0]):
            fill(flat(reading.hidden[stack, 0]), 0)
            if reading.cell.size > 0:
                fill(flat(reading.cell[stack, 0]), 0)
        forward(calls.forward, encoder.shape, encoder.offsets, encoder.params, x[u], no_values, reading, whole)
        # s_{-1} = h_{T-1}
        for stack in range(reading.hidden.shape[0]):
            copy(flat(reading.hidden[stack, -1]), flat(writing.hidden[stack, 0]))
            copy(flat(reading.hidden[stack, -1]), flat(single.hidden[stack, 0]))
            if reading.cell.size > 0:
                copy(flat(reading.cell[stack, -1]), flat(writing.cell[stack, 0]))
                copy(flat(reading.cell[stack, -1]), flat(single.cell[stack, 0]))
        if attends:
            prepare(attention, states)
        read = reads[u]
        if not forced[u]:
            for b in range(symbols.shape[1]):
                symbols[0, b] = reads[u, 0, b]
            follow(
                calls.forward, decoder.shape, decoder.offsets, decoder.params, single, (attention, x[u], states),
                symbols, no_values, guesses,
            )  # fmt: skip
            for s in range(guesses.shape[0] - 1, 0, -1):
                for b in range(guesses.shape[1]):
                    guesses[s, b] = guesses[s - 1, b]
            for b in range(guesses.shape[1]):
                guesses[0, b] = reads[u, 0, b]
            read = guesses
        if attends:
            attend(
                calls.forward, decoder.shape, decoder.offsets, decoder.params, read, writing, attention, x[u], states
            )
        else:
            forward(calls.forward, decoder.shape, decoder.offsets, decoder.params, read, no_values, writing, whole)
        if until < Until.LOSS:
            continue
        loss = loss_and_gradient(
            writing.logits, writing.probs, False, targets[u], no_values, weights[u], writing.loss, writing.d_logits,
            writing.alignments, whole,
        )  # fmt: skip
        history[u - first, LOSS] = loss
        if until < Until.BACKWARD:
            continue
        fill(grads, 0)
        stages = ALL
        if attends:
            backward(
                calls, decoder.shape, decoder.offsets, decoder.params, decoder.grads, read, no_values,
                writing, full, Work(TURN, whole, share),
            )  # fmt: skip
            attend_backward(
                calls.backward, decoder.shape, decoder.offsets, decoder.params, writing, attention, states,
                reading.d_states,
            )  # fmt: skip
            stages = WEIGHTS
        backward(
            calls, decoder.shape, decoder.offsets, decoder.params, decoder.grads, read, no_values, writing,
            full, Work(stages, whole, share),
        )  # fmt: skip
        # dL/dh_{T-1} = dL/ds_{-1}
        for stack in range(reading.hidden.shape[0]):
            copy(flat(writing.d_hidden[stack, 0]), flat(reading.d_last_hidden[stack]))
            if reading.cell.size > 0:
                copy(flat(writing.d_cell[stack, 0]), flat(reading.d_last_cell[stack]))
        fill(flat(reading.d_logits), 0)
        backward(
            calls, encoder.shape, encoder.offsets, encoder.params, encoder.grads, x[u], no_values, reading,
            full, Work(ALL, whole, share),
        )  # fmt: skip
        norm = np.sqrt(squared_norm(grads))
        history[u - first, GRAD_NORM] = norm
        if until < Until.UPDATE:
            continue
        factor = clip(grads, norm, settings[Setting.CLIP_NORM], settings[Setting.CLIP_VALUE])
        if not (np.isfinite(loss) and np.isfinite(norm) and norm * factor < LARGEST_NORM):
            return u - first
        history[u - first, CLIP_FACTOR] = factor
        call_update(calls.update, params, grads, slots, settings, done + u - first + 1, 0)
    return last - first


def _run_signature(float_type):
    shape, offsets, buffers = network_types(float_type)
    row, ids, table = array(float_type, 1), types.int32[:, :, ::1], types.int32[:, ::1]
    half = bundle(Half, shape, offsets, row, row)
    pairs = bundle(PairBatches, ids, ids, ids, array(float_type, 3), types.boolean[::1])
    attention = attention_type(float_type)
    room = bundle(PairRoom, buffers, buffers, buffers, attention, table, table, array(float_type, 3))
    return types.int64(
        calls_type(), half, half, parameters_type(float_type), pairs, span_type(), types.int64, room,
        array(types.float64, 2),
    )  # fmt: skip


def _follow_signature(float_type):
    shape, offsets, buffers = network_types(float_type)
    ids = types.int32[:, ::1]
    attended = types.Tuple((attention_type(float_type), ids, array(float_type, 3)))
    return types.boolean(
        types.int64, shape, offsets, array(float_type, 1), buffers, attended, ids, array(float_type, 3), ids
    )


@functools.cache
def updates(cell, optimizer, dtype):
    """`run` for this cell and optimiser, None: for passes that update nothing. Compiles or loads what it needs.

    A function of `run`'s other arguments.
    """
    float_type = numba.from_dtype(np.dtype(dtype))
    compiled(follow, _follow_signature(float_type))
    return functools.partial(entry(run, _run_signature(float_type)), calls_of(cell, optimizer, float_type))


@functools.cache
def followed(cell, dtype):
    """`follow` for this cell: a function of `follow`'s other arguments. Compiles or loads what it needs."""
    float_type = numba.from_dtype(np.dtype(dtype))
    forward_address = address(CELLS[cell].forward, cells.forward_signature(float_type))
    return functools.partial(entry(follow, _follow_signature(float_type)), forward_address)
