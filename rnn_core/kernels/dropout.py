"""Dropout between layers (Srivastava et al. 2014; without the recurrent connections Zaremba et al. 2014).

    y_t = m_t * h_t        m = 0 with probability p, else 1 / (1 - p)

What a layer hands to the one above it at step t is m_t * h_t, with an m of its own for each unit, step, sequence and
update; what it hands to its own next step is h_t. Outside of training m is 1. So PyTorch's `dropout=` has it.

Every m is a function of the seed, the update's number and its place among the others alone: counters that are hashed
(Salmon et al. 2011). Nothing has to be kept to make an update again, and threads need not know of one another.
"""

from numba import types

from rnn_core.kernels.jit import kernel, part
from rnn_core.kernels.linking import array, by_address, shared
from rnn_core.kernels.vectors import view

BITS = 0xFFFFFFFF
GOLDEN = 0x9E3779B9


@part
def hashed(x):
    """A permutation of the numbers of 32 bits that leaves no pattern of its argument (Wellons 2018, lowbias32)."""
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & BITS
    x = ((x ^ (x >> 15)) * 0x846CA68B) & BITS
    return x ^ (x >> 16)


def draw_signature(float_type):
    """The Numba signature of `draw` for this float type."""
    return types.void(array(float_type, 4), types.float64, *[types.int64] * 4)


call_draw = by_address(draw_signature)  # compiled only for who asks for dropout


@kernel
def draw(masks, rate, seed, update, begin, end):
    """masks (L-1, T, B, W) of an update: 0 with probability `rate`, else 1 / (1 - rate); of the sequences begin <= b <
    end of the batch."""
    layers, steps, batch, width = masks.shape
    one = hashed((update + hashed(seed & BITS)) & BITS)
    other = hashed(one ^ GOLDEN)
    threshold, kept, zero = int(rate * (BITS + 1)), masks.dtype.type(1.0 / (1.0 - rate)), masks.dtype.type(0.0)
    for row in range(layers * steps):
        start = (row * batch + begin) * width
        drawn = view(masks, start, ((end - begin) * width,))
        for j in range(drawn.size):
            drawn[j] = zero if hashed(hashed((start + j) ^ one) ^ other) < threshold else kept


@shared(lambda f: types.void(array(f, 4), array(f, 4), array(f, 4), *[types.int64] * 6))
def multiply(masks, source, target, layer, t_from, t_to, skipped, begin, end):
    """target[layer] = masks[layer] * source[layer] at the steps t_from <= t < t_to of the sequences begin <= b < end.

    source (L, T + 1, B, W) starts with the initial state, target (L, T + skipped, B, W) perhaps too.
    """
    _layers, steps, batch, width = masks.shape
    for t in range(t_from, t_to):
        row, count = t * batch + begin, ((end - begin) * width,)
        m = view(masks, (layer * steps * batch + row) * width, count)
        a = view(source, (layer * (steps + 1) * batch + batch + row) * width, count)
        c = view(target, (layer * (steps + skipped) * batch + skipped * batch + row) * width, count)
        for j in range(m.size):
            c[j] = m[j] * a[j]
