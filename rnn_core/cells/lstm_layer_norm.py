"""Long short-term memory with layer normalisation: Ba, Kiros & Hinton (2016), supplementary material, eqs. 20-22.

    LN(a; g) = g * (a - mean(a)) / sqrt(var(a) + 1e-5)        over all numbers of the vector a

    [a_i, a_f, a_g, a_o] = LN(W_ih x_t; g_ih) + b_ih + LN(W_hh h_{t-1}; g_hh) + b_hh
    i_t = sigmoid(a_i)                                        input gate
    f_t = sigmoid(a_f)                                        forget gate
    g_t =    tanh(a_g)                                        candidate
    o_t = sigmoid(a_o)                                        output gate
    c_t = f_t * c_{t-1} + i_t * g_t
    h_t = o_t * tanh(LN(c_t; g_ch) + b_ch)

The products of all four gates are one vector of 4H numbers and have one mean and one variance. The paper adds a further
bias b beside those of the two normalisations, at the same place: here it is in b_ih and b_hh. The cell itself goes on
as it is; only what leaves it is normalised. 1e-5 is PyTorch's; the paper names none. The gains are the parameters
`gain_ih`, `gain_hh` and `gain_ch`, and b_ch is `bias_ch`; they start at 1 and 0. Backwards, from dh_t = dL/dh_t and
what comes to c_t from step t+1, where n are the numbers that are normalised and not yet multiplied by their gain:

    dLN(d; g, n) = (d * g - mean(d * g) - n * mean(d * g * n)) / sqrt(var(a) + 1e-5)

    du    = dh_t * o_t * (1 - q_t^2)            with u = LN(c_t) + b_ch and q_t = tanh(u)
    dc_t += dLN(du; g_ch, n_c)
    da_i  = dc_t * g_t * i_t * (1 - i_t)        da_f = dc_t * c_{t-1} * f_t * (1 - f_t)
    da_g  = dc_t * i_t * (1 - g_t^2)            da_o = dh_t * q_t * o_t * (1 - o_t)
    dc_{t-1} += dc_t * f_t
    dh_{t-1} += dLN(da; g_hh, n_h) W_hh         and dLN(da; g_ih, n_x) belongs to W_ih x_t
    db_ih += da      db_hh += da      dg_ih += da * n_x      dg_hh += da * n_h      dg_ch += du * n_c      db_ch += du

`rnn_core.cells` explains the kernels' arguments. Here `gates` holds W_ih x alone on entry, `own` is [b_ih, b_hh, g_ih,
g_hh, g_ch, b_ch], without biases [g_ih, g_hh, g_ch], and `extra` keeps n_x, n_h, n_c, q_t, the three factors
1 / sqrt(var + 1e-5), of x, h and c, and room for da.
"""

import math

import numpy as np

from rnn_core.cells.steps import (
    backward_step,
    block,
    flows_on,
    forward_step,
    previous_state,
    sequences,
    steps_between,
)
from rnn_core.kernels.arithmetic import add, add_product, fill, share_of, sigmoid, squared_norm, sum_of, tanh
from rnn_core.kernels.jit import kernel, part
from rnn_core.kernels.vectors import LANES, flat, view

EPSILON = 1e-5
GAINS = 9  # blocks of H: g_ih, g_hh, g_ch
BIASES = 8  # blocks of H: b_ih, b_hh, which come first


@part
def normalise(numbers, normal):
    """normal (N,) = (numbers - mean) / sqrt(var + EPSILON); returns the factor 1 / sqrt(var + EPSILON)."""
    count = numbers.size
    mean = numbers.dtype.type(sum_of(numbers, count // LANES * LANES) / count)
    for j in range(count):
        normal[j] = numbers[j] - mean
    factor = numbers.dtype.type(1 / math.sqrt(squared_norm(normal) / count + EPSILON))
    for j in range(count):
        normal[j] *= factor
    return factor


@part
def means_back(d, gain, normal, room):
    """(mean(d * gain), mean(d * gain * normal)); room (N,) to work."""
    count = d.size
    whole = count // LANES * LANES
    for j in range(count):
        room[j] = d[j] * gain[j]
    first = sum_of(room, whole) / count
    for j in range(count):
        room[j] *= normal[j]
    return d.dtype.type(first), d.dtype.type(sum_of(room, whole) / count)


@part
def flush(numbers):
    """Zero in place of subnormal numbers, which are slow. Sums that are normalised shut no gate so far that `sigmoid`
    does it."""
    zero, smallest = numbers.dtype.type(0), numbers.dtype.type(np.finfo(numbers.dtype.type).tiny)
    for j in range(numbers.size):
        numbers[j] = zero if abs(numbers[j]) < smallest else numbers[j]


@kernel
def forward(gates, weight_hh, own, hidden, cell, extra, scratch, reverse, begin, end):
    """i, f, g, o, c and h over a whole sequence."""
    steps, size, rows = gates.shape[0], hidden.shape[2], gates.shape[2]
    biased = own.size > GAINS * size
    gains = BIASES * size if biased else 0
    g_ih, g_hh = view(own, gains, (rows,)), view(own, gains + rows, (rows,))
    g_ch = view(own, gains + 2 * rows, (size,))
    zero = gates.dtype.type(0)
    for k in range(steps):
        t = forward_step(k, steps, reverse)
        before = previous_state(t, steps, reverse)
        products = view(scratch, begin * rows, (end - begin, rows))
        fill(flat(products), zero)
        add_product(sequences(hidden, before, begin, end), weight_hh, products)
        for b in range(begin, end):
            row, c_before, c, h, kept = gates[t, b], cell[before, b], cell[t + 1, b], hidden[t + 1, b], extra[t, b]
            i, f, g, o = block(row, 0, size), block(row, 1, size), block(row, 2, size), block(row, 3, size)
            n_x, n_h, n_c = view(kept, 0, (rows,)), view(kept, rows, (rows,)), view(kept, 2 * rows, (size,))
            q, factors = view(kept, 2 * rows + size, (size,)), view(kept, 2 * rows + 2 * size, (3,))
            # [a_i, a_f, a_g, a_o] = LN(W_ih x_t) + b_ih + LN(W_hh h_{t-1}) + b_hh
            factors[0], factors[1] = normalise(row, n_x), normalise(scratch[b], n_h)
            for j in range(rows):
                row[j] = g_ih[j] * n_x[j] + g_hh[j] * n_h[j]
            if biased:
                b_ih, b_hh = view(own, 0, (rows,)), view(own, rows, (rows,))
                for j in range(rows):
                    row[j] += b_ih[j] + b_hh[j]
            for j in range(2 * size):
                row[j] = sigmoid(row[j])
            for j in range(size):
                g[j] = tanh(g[j])
            for j in range(size):
                o[j] = sigmoid(o[j])
            # c_t = f_t * c_{t-1} + i_t * g_t
            for j in range(size):
                c[j] = f[j] * c_before[j] + i[j] * g[j]
            flush(c)
            # h_t = o_t * tanh(LN(c_t) + b_ch)
            factors[2] = normalise(c, n_c)
            for j in range(size):
                q[j] = g_ch[j] * n_c[j]
            if biased:
                b_ch = view(own, gains + GAINS * size, (size,))
                for j in range(size):
                    q[j] += b_ch[j]
            for j in range(size):
                q[j] = tanh(q[j])
            for j in range(size):
                h[j] = o[j] * q[j]


@kernel
def backward(
    gates, weight_hh, own, hidden, cell, extra, d_hidden, d_cell, d_gates, d_gates_hh, first, last, chunk, reverse,
    begin, end,
):  # fmt: skip
    """The gradient through i, f, g, o, c and h, and through what was normalised."""
    steps, size, rows = gates.shape[0], hidden.shape[2], gates.shape[2]
    one = gates.dtype.type(1)
    gains = BIASES * size if own.size > GAINS * size else 0
    g_ih, g_hh = view(own, gains, (rows,)), view(own, gains + rows, (rows,))
    g_ch = view(own, gains + 2 * rows, (size,))
    for k in range(steps_between(first, last, steps)):
        t = backward_step(k, first, last, steps, reverse)
        before = previous_state(t, steps, reverse)
        goes_on = flows_on(t, first, last, chunk, steps, reverse)
        for b in range(begin, end):
            row, c_before, kept = gates[t, b], cell[before, b], extra[t, b]
            i, f, g, o = block(row, 0, size), block(row, 1, size), block(row, 2, size), block(row, 3, size)
            n_x, n_h, n_c = view(kept, 0, (rows,)), view(kept, rows, (rows,)), view(kept, 2 * rows, (size,))
            q, factors = view(kept, 2 * rows + size, (size,)), view(kept, 2 * rows + 2 * size, (3,))
            dh, dc, d_row, d_row_hh = d_hidden[t + 1, b], d_cell[t + 1, b], d_gates[t, b], d_gates_hh[t, b]
            da_i, da_f = block(d_row, 0, size), block(d_row, 1, size)
            da_g, da_o = block(d_row, 2, size), block(d_row, 3, size)
            # h_t = o_t * tanh(LN(c_t) + b_ch)
            du = da_i  # its room
            for j in range(size):
                du[j] = dh[j] * o[j] * (one - q[j] * q[j])
            mean, slant = means_back(du, g_ch, n_c, da_f)
            for j in range(size):
                dc[j] += factors[2] * (du[j] * g_ch[j] - mean - n_c[j] * slant)
            flush(dc)
            for j in range(size):
                da_o[j] = dh[j] * q[j] * o[j] * (one - o[j])
            # c_t = f_t * c_{t-1} + i_t * g_t
            for j in range(size):
                da_i[j] = dc[j] * g[j] * i[j] * (one - i[j])
            for j in range(size):
                da_f[j] = dc[j] * c_before[j] * f[j] * (one - f[j])
            for j in range(size):
                da_g[j] = dc[j] * i[j] * (one - g[j] * g[j])
            # [a_i, a_f, a_g, a_o] = LN(W_ih x_t) + b_ih + LN(W_hh h_{t-1}) + b_hh
            mean_x, slant_x = means_back(d_row, g_ih, n_x, d_row_hh)
            mean, slant = means_back(d_row, g_hh, n_h, d_row_hh)
            for j in range(rows):
                d_row_hh[j] = factors[1] * (d_row[j] * g_hh[j] - mean - n_h[j] * slant)
            for j in range(rows):
                d_row[j] = factors[0] * (d_row[j] * g_ih[j] - mean_x - n_x[j] * slant_x)
            flush(d_row_hh)
            flush(d_row)
            if goes_on:
                dc_before = d_cell[before, b]
                for j in range(size):
                    dc_before[j] += dc[j] * f[j]
                flush(dc_before)
        if goes_on:
            add_product(sequences(d_gates_hh, t, begin, end), weight_hh, sequences(d_hidden, before, begin, end))


@kernel
def own_gradient(gates, cell, extra, d_hidden, d_cell, d_gates, grads, reverse, number, of):
    """Those of biases and gains: sums over all steps and sequences."""
    steps, batch, rows = gates.shape
    size = rows // 4
    one = gates.dtype.type(1)
    first, last = share_of(size, number, of)
    count = last - first
    biased = grads.size > GAINS * size
    gains = BIASES * size if biased else 0
    for t in range(steps):
        before = previous_state(t, steps, reverse)
        for b in range(batch):
            row, kept = gates[t, b], extra[t, b]
            i, f = view(row, first, (count,)), view(row, size + first, (count,))
            g, o = view(row, 2 * size + first, (count,)), view(row, 3 * size + first, (count,))
            q, c_before = view(kept, 2 * rows + size + first, (count,)), view(cell[before, b], first, (count,))
            dh, dc = view(d_hidden[t + 1, b], first, (count,)), view(d_cell[t + 1, b], first, (count,))
            room = 2 * rows + 2 * size + 3 + first
            da_i, da_f = view(kept, room, (count,)), view(kept, room + size, (count,))
            da_g, da_o = view(kept, room + 2 * size, (count,)), view(kept, room + 3 * size, (count,))
            du, n_c = da_i, view(kept, 2 * rows + first, (count,))
            for j in range(count):
                du[j] = dh[j] * o[j] * (one - q[j] * q[j])
            add_products(du, n_c, view(grads, gains + 2 * rows + first, (count,)))
            if biased:
                add(du, view(grads, gains + GAINS * size + first, (count,)))
            for j in range(count):
                da_i[j] = dc[j] * g[j] * i[j] * (one - i[j])
            for j in range(count):
                da_f[j] = dc[j] * c_before[j] * f[j] * (one - f[j])
            for j in range(count):
                da_g[j] = dc[j] * i[j] * (one - g[j] * g[j])
            for j in range(count):
                da_o[j] = dh[j] * q[j] * o[j] * (one - o[j])
            for block_of in range(4):
                at = block_of * size + first
                da = view(kept, room + block_of * size, (count,))
                add_products(da, view(kept, at, (count,)), view(grads, gains + at, (count,)))
                add_products(da, view(kept, rows + at, (count,)), view(grads, gains + rows + at, (count,)))
                if biased:
                    add(da, view(grads, at, (count,)))
                    add(da, view(grads, rows + at, (count,)))


@part
def add_products(a, b, sums):
    """sums (N,) += a * b."""
    for j in range(sums.size):
        sums[j] += a[j] * b[j]
