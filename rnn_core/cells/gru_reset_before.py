"""The gated recurrent unit as Cho et al. (2014, eqs. 5-8) have it: the reset gate comes before the product.

    r_t = sigmoid(W_ir x_t + b_ir + W_hr h_{t-1} + b_hr)        eq. 5
    z_t = sigmoid(W_iz x_t + b_iz + W_hz h_{t-1} + b_hz)        eq. 6
    k_t = r_t * h_{t-1}
    n_t = tanh(W_in x_t + b_in + W_hn k_t + b_hn)               eq. 8
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}                       eq. 7: z = 1 keeps h

The paper has no biases; they and the order of the gates are those of `rnn_core.cells.gru`, PyTorch's variant, which
resets W_hn h_{t-1} + b_hn. Keras calls this one reset_after=False. Here a unit that is reset is hidden from the
candidates of all others; there it only hides the others from its own. Backwards, from dh_t = dL/dh_t:

    dn_t = dh_t * (1 - z_t)          da_n = dn_t * (1 - n_t^2)
    dz_t = dh_t * (h_{t-1} - n_t)    da_z = dz_t * z_t * (1 - z_t)
    dk_t = da_n W_hn                 da_r = dk_t * h_{t-1} * r_t * (1 - r_t)
    dh_{t-1} += dh_t * z_t + dk_t * r_t + [da_r, da_z] [W_hr, W_hz]

`rnn_core.cells` explains the kernels' arguments; here `extra` keeps k_t, by which dL/dW_hn = sum over t of da_n k_t^T.
"""

from rnn_core.cells.steps import backward_step, flows_on, forward_step, previous_state, sequences, steps_between
from rnn_core.kernels.arithmetic import add_product, add_product_to_columns, fill, sigmoid, tanh
from rnn_core.kernels.jit import kernel
from rnn_core.kernels.vectors import view


@kernel
def forward(gates, weight_hh, own, hidden, cell, extra, scratch, reverse, begin, end):
    """r, z, n and h over a whole sequence."""
    steps, _batch, size = extra.shape
    one = gates.dtype.type(1)
    for i in range(steps):
        t = forward_step(i, steps, reverse)
        before = previous_state(t, steps, reverse)
        sums = sequences(gates, t, begin, end)
        add_product_to_columns(sequences(hidden, before, begin, end), weight_hh, sums, 0, 2 * size)
        for b in range(begin, end):
            rz, k, h_before = gates[t, b, : 2 * size], extra[t, b], hidden[before, b]
            # r_t, z_t = sigmoid(...)
            for j in range(2 * size):
                rz[j] = sigmoid(rz[j])
            # k_t = r_t * h_{t-1}
            for j in range(size):
                k[j] = rz[j] * h_before[j]
        add_product_to_columns(sequences(extra, t, begin, end), weight_hh, sums, 2 * size, 3 * size)
        for b in range(begin, end):
            row, h, h_before = gates[t, b], hidden[t + 1, b], hidden[before, b]
            z, n = row[size : 2 * size], row[2 * size :]
            # n_t = tanh(...)
            for j in range(size):
                n[j] = tanh(n[j])
            # h_t = (1 - z_t) * n_t + z_t * h_{t-1}
            for j in range(size):
                h[j] = (one - z[j]) * n[j] + z[j] * h_before[j]


@kernel
def backward(
    gates, weight_hh, own, hidden, cell, extra, d_hidden, d_cell, d_gates, d_gates_hh, first, last, chunk, reverse,
    begin, end,
):  # fmt: skip
    """The gradient through r, z, n and h."""
    steps, _batch, size = extra.shape
    zero, one = gates.dtype.type(0), gates.dtype.type(1)
    weight_rz, weight_n = view(weight_hh, 0, (2 * size, size)), view(weight_hh, 2 * size * size, (size, size))
    for i in range(steps_between(first, last, steps)):
        t = backward_step(i, first, last, steps, reverse)
        before = previous_state(t, steps, reverse)
        goes_on = flows_on(t, first, last, chunk, steps, reverse)
        for b in range(begin, end):
            row, h_before, dh, d_row = gates[t, b], hidden[before, b], d_hidden[t + 1, b], d_gates[t, b]
            z, n = row[size : 2 * size], row[2 * size :]
            da_z, da_n = d_row[size : 2 * size], d_row[2 * size :]
            # h_t = (1 - z_t) * n_t + z_t * h_{t-1};  n_t = tanh(...)
            for j in range(size):
                da_n[j] = dh[j] * (one - z[j]) * (one - n[j] * n[j])
            for j in range(size):
                da_z[j] = dh[j] * (h_before[j] - n[j]) * z[j] * (one - z[j])
            fill(d_row[:size], zero)
        # ... + W_hn k_t: dk_t takes the room of da_r
        d_sums = sequences(d_gates, t, begin, end)
        add_product_to_columns(d_sums[:, 2 * size :], weight_n, d_sums, 0, size)
        for b in range(begin, end):
            row, h_before, dk = gates[t, b], hidden[before, b], d_gates[t, b, :size]
            r, z = row[:size], row[size : 2 * size]
            if goes_on:
                dh, d_before = d_hidden[t + 1, b], d_hidden[before, b]
                for j in range(size):
                    d_before[j] += dh[j] * z[j] + dk[j] * r[j]
            # k_t = r_t * h_{t-1};  r_t = sigmoid(...)
            for j in range(size):
                dk[j] *= h_before[j] * r[j] * (one - r[j])
        if goes_on:
            add_product(d_sums[:, : 2 * size], weight_rz, sequences(d_hidden, before, begin, end))
