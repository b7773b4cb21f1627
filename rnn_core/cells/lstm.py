"""Long short-term memory: Hochreiter & Schmidhuber (1997) with the forget gate of Gers et al. (2000).

    i_t = sigmoid(W_ii x_t + b_ii + W_hi h_{t-1} + b_hi)        input gate
    f_t = sigmoid(W_if x_t + b_if + W_hf h_{t-1} + b_hf)        forget gate
    g_t =    tanh(W_ig x_t + b_ig + W_hg h_{t-1} + b_hg)        candidate
    o_t = sigmoid(W_io x_t + b_io + W_ho h_{t-1} + b_ho)        output gate
    c_t = f_t * c_{t-1} + i_t * g_t
    h_t = o_t * tanh(c_t)

The order of the gates is PyTorch's, i f g o; `lstm_peephole` has peepholes. The 1997 paper had no forget gate (f = 1).
Backwards, from dh_t = dL/dh_t and what comes to c_t from step t+1:

    dc_t += dh_t * o_t * (1 - tanh(c_t)^2)
    da_i  = dc_t * g_t * i_t * (1 - i_t)        da_f = dc_t * c_{t-1} * f_t * (1 - f_t)
    da_g  = dc_t * i_t * (1 - g_t^2)            da_o = dh_t * tanh(c_t) * o_t * (1 - o_t)
    dc_{t-1} += dc_t * f_t
    dh_{t-1} += [da_i, da_f, da_g, da_o] W_hh

`rnn_core.cells` explains the kernels' arguments; here `extra` keeps tanh(c_t).
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
from rnn_core.kernels.arithmetic import add_product, sigmoid, tanh
from rnn_core.kernels.jit import kernel


@kernel
def forward(gates, weight_hh, own, hidden, cell, extra, scratch, reverse, begin, end):
    """i, f, g, o, c and h over a whole sequence."""
    steps, _batch, size = extra.shape
    for i in range(steps):
        t = forward_step(i, steps, reverse)
        before = previous_state(t, steps, reverse)
        add_product(sequences(hidden, before, begin, end), weight_hh, sequences(gates, t, begin, end))
        for b in range(begin, end):
            row, c_before, c, h, tanh_c = gates[t, b], cell[before, b], cell[t + 1, b], hidden[t + 1, b], extra[t, b]
            in_gate, forget = block(row, 0, size), block(row, 1, size)
            candidate, out_gate = block(row, 2, size), block(row, 3, size)
            # i_t, f_t, o_t = sigmoid(...); g_t = tanh(...)
            for j in range(2 * size):
                row[j] = sigmoid(row[j])
            for j in range(size):
                candidate[j] = tanh(candidate[j])
            for j in range(size):
                out_gate[j] = sigmoid(out_gate[j])
            # c_t = f_t * c_{t-1} + i_t * g_t
            for j in range(size):
                c[j] = forget[j] * c_before[j] + in_gate[j] * candidate[j]
            # h_t = o_t * tanh(c_t)
            for j in range(size):
                tanh_c[j] = tanh(c[j])
            for j in range(size):
                h[j] = out_gate[j] * tanh_c[j]


@kernel
def backward(
    gates, weight_hh, own, hidden, cell, extra, d_hidden, d_cell, d_gates, d_gates_hh, first, last, chunk, reverse,
    begin, end,
):  # fmt: skip
    """The gradient through i, f, g, o, c and h."""
    steps, _batch, size = extra.shape
    one = gates.dtype.type(1)
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
            # h_t = o_t * tanh(c_t)
            for j in range(size):
                dc[j] += dh[j] * o[j] * (one - tanh_c[j] * tanh_c[j])
            for j in range(size):
                da_o[j] = dh[j] * tanh_c[j] * o[j] * (one - o[j])
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
                    dc_before[j] += dc[j] * f[j]
        if goes_on:
            add_product(sequences(d_gates, t, begin, end), weight_hh, sequences(d_hidden, before, begin, end))
