"""Dropout between layers (Srivastava et al. 2014; without the recurrent connections Zaremba et al. 2014).

    y_t = m_t * h_t        m = 0 with probability p, else 1 / (1 - p)

What a layer hands to the one above it at step t is m_t * h_t, with an m of its own for each unit, step, sequence and
update; what it hands to its own next step is h_t. Outside of training m is 1. So PyTorch's `dropout=` has it.

Every m is a function of the seed, the update's number and its place among the others alone: counters that are hashed
(Salmon et al. 2011). Nothing has to be kept to make an update again, and threads need not know of one another.
"""

from numba import types

from rnn_core.kernels.jit import part
from rnn_core.kernels.linking import array, shared
from rnn_core.kernels.vectors import view

BITS = 0xFFFFFFFF
GOLDEN = 0x9E3779B9


@part
def hashed(x):
    """A permutation of the numbers of 32 bits that leaves no pattern of its argument (Wellons 2018, lowbias32)."""
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & BITS
    x = ((x ^ (x >> 15)) * 0x846CA68B) & BITS
    return x ^ (x >> 16)


@shared(lambda f: types.void(array(f, 4), types.float64, *[types.int64] * 4))
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


@shared(lambda f: types.void(array(f, 1), array(f, 1), array(f, 1)))
def multiply(a, b, target):
    """target (N,) = a (N,) * b (N,)."""
    for j in range(target.size):
        target[j] = a[j] * b[j]
