"""The gated recurrent unit of Cho et al. (2014), in PyTorch's variant: reset after the product, z = 1 keeps h.

    r_t = sigmoid(W_ir x_t + b_ir + W_hr h_{t-1} + b_hr)
    z_t = sigmoid(W_iz x_t + b_iz + W_hz h_{t-1} + b_hz)
    m_t =                           W_hn h_{t-1} + b_hn
    n_t = tanh(W_in x_t + b_in + r_t * m_t)
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

Cho et al. (2014, eqs. 5-8) reset h before the product, W_hn (r * h); Chung et al. (2014) give z the opposite
meaning. Backwards, from dh_t = dL/dh_t (all the paths into h_t but the ones through later steps' kernels summed):

    dn_t = dh_t * (1 - z_t)          da_n = dn_t * (1 - n_t^2)
    dz_t = dh_t * (h_{t-1} - n_t)    da_z = dz_t * z_t * (1 - z_t)
    dm_t = da_n * r_t                da_r = da_n * m_t * r_t * (1 - r_t)
    dh_{t-1} += dh_t * z_t + [da_r, da_z, dm_t] W_hh

`rnn_core.cells` explains the kernels' arguments; here `extra` keeps m_t, and `own` is b_hn where there are biases.
"""

from rnn_core.cells.steps import backward_step, flows_on, forward_step, previous_state, sequences, steps_between
from rnn_core.kernels.arithmetic import add_product, copy, fill, sigmoid, tanh
from rnn_core.kernels.jit import kernel
from rnn_core.kernels.vectors import flat, view


@kernel
def forward(gates, weight_hh, own, hidden, cell, extra, scratch, reverse, begin, end):
    """r, z, n and h over a whole sequence."""
    steps, _batch, size = extra.shape
    one, zero = gates.dtype.type(1), gates.dtype.type(0)
    for i in range(steps):
        t = forward_step(i, steps, reverse)
        before = previous_state(t, steps, reverse)
        products = view(scratch, begin * scratch.shape[1], (end - begin, scratch.shape[1]))
        fill(flat(products), zero)
        add_product(sequences(hidden, before, begin, end), weight_hh, products)
        for b in range(begin, end):
            from_h, row = scratch[b], gates[t, b]
            rz, n, m = row[: 2 * size], row[2 * size :], extra[t, b]
            # r_t, z_t = sigmoid(...)
            for j in range(2 * size):
                rz[j] = sigmoid(rz[j] + from_h[j])
            # m_t = W_hn h_{t-1} + b_hn
            copy(from_h[2 * size :], m)
            if own.size > 0:
                for j in range(size):
                    m[j] += own[j]
            # n_t = tanh(... + r_t * m_t)
            for j in range(size):
                n[j] = tanh(n[j] + rz[j] * m[j])
            # h_t = (1 - z_t) * n_t + z_t * h_{t-1}
            z, h, h_before = rz[size:], hidden[t + 1, b], hidden[before, b]
            for j in range(size):
                h[j] = (one - z[j]) * n[j] + z[j] * h_before[j]


@kernel
def backward(
    gates, weight_hh, own, hidden, cell, extra, d_hidden, d_cell, d_gates, d_gates_hh, first, last, chunk, reverse,
    begin, end,
):  # fmt: skip
    """The gradient through r, z, n and h."""
    steps, _batch, size = extra.shape
    one = gates.dtype.type(1)
    for i in range(steps_between(first, last, steps)):
        t = backward_step(i, first, last, steps, reverse)
        before = previous_state(t, steps, reverse)
        goes_on = flows_on(t, first, last, chunk, steps, reverse)
        for b in range(begin, end):
            row, m, h_before, dh = gates[t, b], extra[t, b], hidden[before, b], d_hidden[t + 1, b]
            r, z, n = row[:size], row[size : 2 * size], row[2 * size :]
            d_row = d_gates[t, b]
            da_r, da_z, da_n = d_row[:size], d_row[size : 2 * size], d_row[2 * size :]
            # h_t = (1 - z_t) * n_t + z_t * h_{t-1};  n_t = tanh(... + r_t * m_t)
            for j in range(size):
                da_n[j] = dh[j] * (one - z[j]) * (one - n[j] * n[j])
            for j in range(size):
                da_z[j] = dh[j] * (h_before[j] - n[j]) * z[j] * (one - z[j])
            for j in range(size):
                da_r[j] = da_n[j] * m[j] * r[j] * (one - r[j])
            # m_t = W_hn h_{t-1} + b_hn
            copy(d_row[: 2 * size], d_gates_hh[t, b, : 2 * size])
            dm = d_gates_hh[t, b, 2 * size :]
            for j in range(size):
                dm[j] = da_n[j] * r[j]
            if goes_on:
                d_before = d_hidden[before, b]
                for j in range(size):
                    d_before[j] += dh[j] * z[j]
        if goes_on:
            add_product(sequences(d_gates_hh, t, begin, end), weight_hh, sequences(d_hidden, before, begin, end))
