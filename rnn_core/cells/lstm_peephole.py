"""Long short-term memory with peepholes: Gers & Schmidhuber (2000); Gers, Schraudolph & Schmidhuber (2002).

    i_t = sigmoid(W_ii x_t + b_ii + W_hi h_{t-1} + b_hi + p_i * c_{t-1})        input gate
    f_t = sigmoid(W_if x_t + b_if + W_hf h_{t-1} + b_hf + p_f * c_{t-1})        forget gate
    g_t =    tanh(W_ig x_t + b_ig + W_hg h_{t-1} + b_hg)                        candidate
    c_t = f_t * c_{t-1} + i_t * g_t
    o_t = sigmoid(W_io x_t + b_io + W_ho h_{t-1} + b_ho + p_o * c_t)            output gate
    h_t = o_t * tanh(c_t)

A gate sees the cell that it guards even while the output gate is shut: the output gate the new state, the two others
the old one, each unit its own alone. [p_i, p_f, p_o] is the parameter `weight_ch`; all else is as in
`rnn_core.cells.lstm`. The gradient is the whole one, through the peepholes too. Backwards, from dh_t = dL/dh_t and what
comes to c_t from step t+1:

    da_o  = dh_t * tanh(c_t) * o_t * (1 - o_t)
    dc_t += dh_t * o_t * (1 - tanh(c_t)^2) + da_o * p_o
    da_i  = dc_t * g_t * i_t * (1 - i_t)        da_f = dc_t * c_{t-1} * f_t * (1 - f_t)
    da_g  = dc_t * i_t * (1 - g_t^2)
    dc_{t-1} += dc_t * f_t + da_i * p_i + da_f * p_f
    dh_{t-1} += [da_i, da_f, da_g, da_o] W_hh
    dp_i += da_i * c_{t-1}                      dp_f += da_f * c_{t-1}          dp_o += da_o * c_t

`rnn_core.cells` explains the kernels' arguments; here `own` is [p_i, p_f, p_o] and `extra` keeps tanh(c_t).
"""

from rnn_core.cells.steps import (
    backward_step,
    block,
    flows_on,
    forward_step,
    previous_state,
    sequences,
    steps_between,
)
from rnn_core.kernels.arithmetic import add_product, share_of, sigmoid, tanh
from rnn_core.kernels.jit import kernel
from rnn_core.kernels.vectors import view


@kernel
def forward(gates, weight_hh, own, hidden, cell, extra, scratch, reverse, begin, end):
    """i, f, g, c, o and h over a whole sequence."""
    steps, _batch, size = extra.shape
    p_i, p_f, p_o = block(own, 0, size), block(own, 1, size), block(own, 2, size)
    for k in range(steps):
        t = forward_step(k, steps, reverse)
        before = previous_state(t, steps, reverse)
        add_product(sequences(hidden, before, begin, end), weight_hh, sequences(gates, t, begin, end))
        for b in range(begin, end):
            row, c_before, c, h, tanh_c = gates[t, b], cell[before, b], cell[t + 1, b], hidden[t + 1, b], extra[t, b]
            i, f, g, o = block(row, 0, size), block(row, 1, size), block(row, 2, size), block(row, 3, size)
            # i_t, f_t = sigmoid(... + p * c_{t-1}); g_t = tanh(...)
            for j in range(size):
                i[j] = sigmoid(i[j] + p_i[j] * c_before[j])
            for j in range(size):
                f[j] = sigmoid(f[j] + p_f[j] * c_before[j])
            for j in range(size):
                g[j] = tanh(g[j])
            # c_t = f_t * c_{t-1} + i_t * g_t
            for j in range(size):
                c[j] = f[j] * c_before[j] + i[j] * g[j]
            # o_t = sigmoid(... + p_o * c_t)
            for j in range(size):
                o[j] = sigmoid(o[j] + p_o[j] * c[j])
            # h_t = o_t * tanh(c_t)
            for j in range(size):
                tanh_c[j] = tanh(c[j])
            for j in range(size):
                h[j] = o[j] * tanh_c[j]


@kernel
def backward(
    gates, weight_hh, own, hidden, cell, extra, d_hidden, d_cell, d_gates, d_gates_hh, first, last, chunk, reverse,
    begin, end,
):  # fmt: skip
    """The gradient through i, f, g, c, o and h."""
    steps, _batch, size = extra.shape
    one = gates.dtype.type(1)
    p_i, p_f, p_o = block(own, 0, size), block(own, 1, size), block(own, 2, size)
    for k in range(steps_between(first, last, steps)):
        t = backward_step(k, first, last, steps, reverse)
        before = previous_state(t, steps, reverse)
        goes_on = flows_on(t, first, last, chunk, steps, reverse)
        for b in range(begin, end):
            row, c_before, tanh_c = gates[t, b], cell[before, b], extra[t, b]
            i, f, g, o = block(row, 0, size), block(row, 1, size), block(row, 2, size), block(row, 3, size)
            dh, dc, d_row = d_hidden[t + 1, b], d_cell[t + 1, b], d_gates[t, b]
            da_i, da_f = block(d_row, 0, size), block(d_row, 1, size)
            da_g, da_o = block(d_row, 2, size), block(d_row, 3, size)
            # h_t = o_t * tanh(c_t); o_t = sigmoid(... + p_o * c_t)
            for j in range(size):
                da_o[j] = dh[j] * tanh_c[j] * o[j] * (one - o[j])
            for j in range(size):
                dc[j] += dh[j] * o[j] * (one - tanh_c[j] * tanh_c[j]) + da_o[j] * p_o[j]
            # c_t = f_t * c_{t-1} + i_t * g_t
            for j in range(size):
                da_i[j] = dc[j] * g[j] * i[j] * (one - i[j])
            for j in range(size):
                da_f[j] = dc[j] * c_before[j] * f[j] * (one - f[j])
            for j in range(size):
                da_g[j] = dc[j] * i[j] * (one - g[j] * g[j])
            if goes_on:
                dc_before = d_cell[before, b]
                for j in range(size):
                    dc_before[j] += dc[j] * f[j] + da_i[j] * p_i[j] + da_f[j] * p_f[j]
        if goes_on:
            add_product(sequences(d_gates, t, begin, end), weight_hh, sequences(d_hidden, before, begin, end))


@kernel
def own_gradient(gates, cell, extra, d_hidden, d_cell, d_gates, grads, reverse, number, of):
    """dp_i, dp_f and dp_o: sums over all steps and sequences."""
    steps, batch, rows = d_gates.shape
    size = rows // 4
    first, last = share_of(size, number, of)
    count = last - first
    dp_i, dp_f = view(grads, first, (count,)), view(grads, size + first, (count,))
    dp_o = view(grads, 2 * size + first, (count,))
    for t in range(steps):
        before = previous_state(t, steps, reverse)
        for b in range(batch):
            d_row, c_before, c = d_gates[t, b], cell[before, b], cell[t + 1, b]
            da_i, da_f = view(d_row, first, (count,)), view(d_row, size + first, (count,))
            da_o = view(d_row, 3 * size + first, (count,))
            old, new = view(c_before, first, (count,)), view(c, first, (count,))
            for j in range(count):
                dp_i[j] += da_i[j] * old[j]
            for j in range(count):
                dp_f[j] += da_f[j] * old[j]
            for j in range(count):
                dp_o[j] += da_o[j] * new[j]
