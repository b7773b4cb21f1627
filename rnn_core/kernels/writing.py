"""Drawing from a distribution, and writing with what is drawn: the compiled part of `rnn_core.generation`."""

import functools
import math

import numba
import numpy as np
from numba import types

from rnn_core import cells
from rnn_core.cells import CELLS
from rnn_core.kernels.arguments import Choice, Part, WritingRoom, bundle
from rnn_core.kernels.arithmetic import copy
from rnn_core.kernels.jit import inlined, kernel, part
from rnn_core.kernels.linking import address, array, entry, shared
from rnn_core.kernels.network import forward, network_types
from rnn_core.kernels.vectors import flat

_WEIGHTS, _ORDER = array(types.float64, 1), types.int64[::1]


@inlined
def _before(weights, a, b):
    return weights[a] > weights[b] or (weights[a] == weights[b] and a < b)


@part
def _sift_down(weights, order, place, size):
    """Makes order[:size] a heap again, the most probable symbol on top, where only order[place] may be out of order."""
    symbol = order[place]
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and _before(weights, order[child + 1], order[child]):
            child += 1
        if not _before(weights, order[child], symbol):
            break
        order[place] = order[child]
        place = child
    order[place] = symbol


@part
def _pop(weights, order, size):
    """Moves the most probable of the heap order[:size] to its end; returns the size of the heap that is left."""
    order[0], order[size - 1] = order[size - 1], order[0]
    _sift_down(weights, order, np.int64(0), size - 1)  # a plain 0 would be another type, compiled anew
    return size - 1


@shared(lambda f: types.float64(array(f, 1), types.float64, types.int64, types.float64, _WEIGHTS, _ORDER))
def sampling_weights(logits, temperature, top_k, top_p, weights, order):
    """weights (K,) = the distribution drawn from, not normalised; returns its sum. order (K,) is room to sort.

    softmax(logits / temperature), of which only the top_k most probable symbols are kept, then the fewest most
    probable ones whose probabilities sum to at least top_p (Holtzman et al. 2020). Of equal ones the first come first.
    """
    count = logits.size
    largest = logits[0]
    for k in range(1, count):
        largest = max(largest, logits[k])
    total = 0.0
    for k in range(count):
        weights[k] = math.exp((float(logits[k]) - float(largest)) / temperature)
        total += weights[k]
    if top_k >= count and top_p >= 1.0:
        return total
    for k in range(count):
        order[k] = k
    for k in range(count // 2 - 1, -1, -1):
        _sift_down(weights, order, k, count)
    # The most probable leave the heap for the end of `order`, one after the other; no more of them than are needed.
    left, among = count, total
    if top_k < count:
        among = 0.0
        while left > count - top_k:
            left = _pop(weights, order, left)
            among += weights[order[left]]
    kept, mass = 0, 0.0
    while kept < min(top_k, count) and (kept == 0 or mass < top_p * among):
        kept += 1
        if count - kept < left:
            left = _pop(weights, order, left)
        mass += weights[order[count - kept]]
    for i in range(count - kept):
        weights[order[i]] = 0.0
    return mass


@kernel
def write(cell_forward, shape, offsets, params, buffers, prompt, choice, draws, room, out):
    """Fill out (N,) with symbols that follow prompt (M,), read one at a time; returns how many before an overflow.

    draws (N,): a random number from 0 to 1 for each.
    """
    ids, no_values, weights, order = room
    for i in range(prompt.size + out.size - 1):
        ids[0, 0] = prompt[i] if i < prompt.size else out[i - prompt.size]
        forward(cell_forward, shape, offsets, params, ids, no_values, buffers, Part(0, 0, 1))
        for stack in range(buffers.hidden.shape[0]):
            copy(flat(buffers.hidden[stack, 1]), flat(buffers.hidden[stack, 0]))
            if buffers.cell.size > 0:
                copy(flat(buffers.cell[stack, 1]), flat(buffers.cell[stack, 0]))
        if i >= prompt.size - 1:
            logits = buffers.logits[0, 0]
            for k in range(logits.size):
                if not np.isfinite(logits[k]):
                    return i - prompt.size + 1
            if choice.temperature == 0.0:
                symbol = 0
                for k in range(logits.size):
                    symbol = k if logits[k] > logits[symbol] else symbol
            else:
                total = sampling_weights(logits, choice.temperature, choice.top_k, choice.top_p, weights, order)
                left = draws[i - prompt.size + 1] * total
                symbol = -1
                for k in range(weights.size):
                    if weights[k] > 0.0:
                        symbol = k
                        left -= weights[k]
                        if left < 0.0:
                            break
            out[i - prompt.size + 1] = symbol
    return out.size


def _write_signature(float_type):
    shape, offsets, buffers = network_types(float_type)
    integers = types.int64[::1]
    return types.int64(
        types.int64, shape, offsets, array(float_type, 1), buffers, integers,
        bundle(Choice, types.float64, types.int64, types.float64), _WEIGHTS,
        bundle(WritingRoom, types.int32[:, ::1], array(float_type, 3), _WEIGHTS, _ORDER), integers,
    )  # fmt: skip


@functools.cache
def writer(cell, dtype):
    """`write` for this cell: a function of `write`'s other arguments. Compiles or loads what it needs."""
    float_type = numba.from_dtype(np.dtype(dtype))
    forward_address = address(CELLS[cell].forward, cells.forward_signature(float_type))
    return functools.partial(entry(write, _write_signature(float_type)), forward_address)
