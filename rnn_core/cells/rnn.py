"""The plain recurrent network of Elman (1990), with tanh, ReLU, the logistic sigmoid or no function at all.

    a_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh
    h_t = f(a_t)                                      f = tanh, max(0, .), sigmoid or identity

The article's s_t = f(U x_t + W s_{t-1}) is this without biases; Elman's own f was the sigmoid, and PyTorch has the
first two. Backwards (Werbos 1990), from dh_t = dL/dh_t:

    da_t      = f'(a_t) * dh_t                        tanh: f' = 1 - h^2;      ReLU: f' = 1 where h > 0;
    dh_{t-1} += da_t W_hh                             sigmoid: f' = h (1 - h);  identity: f' = 1

`rnn_core.cells` explains the kernels' arguments; here `gates` keeps the pre-activations a_t.
"""

from rnn_core.cells.steps import backward_step, flows_on, forward_step, previous_state, sequences, steps_between
from rnn_core.kernels.arithmetic import add_product, copy, sigmoid, tanh
from rnn_core.kernels.jit import inlined, kernel
from rnn_core.kernels.vectors import flat

TANH, RELU, SIGMOID, IDENTITY = range(4)


@inlined
def _forward(gates, weight_hh, hidden, reverse, begin, end, activation):
    steps = gates.shape[0]
    zero = gates.dtype.type(0)
    for i in range(steps):
        t = forward_step(i, steps, reverse)
        # a_t = ... + W_hh h_{t-1}
        pre_activation = sequences(gates, t, begin, end)
        add_product(sequences(hidden, previous_state(t, steps, reverse), begin, end), weight_hh, pre_activation)
        a = flat(pre_activation)
        h = flat(sequences(hidden, t + 1, begin, end))
        # h_t = f(a_t)
        if activation == TANH:
            for j in range(h.size):
                h[j] = tanh(a[j])
        elif activation == RELU:
            for j in range(h.size):
                h[j] = zero if a[j] < zero else a[j]  # NaN stays NaN
        elif activation == SIGMOID:
            for j in range(h.size):
                h[j] = sigmoid(a[j])
        else:
            copy(a, h)


@inlined
def _backward(weight_hh, hidden, d_hidden, d_gates, first, last, chunk, reverse, begin, end, activation):
    steps = d_gates.shape[0]
    zero, one = hidden.dtype.type(0), hidden.dtype.type(1)
    for i in range(steps_between(first, last, steps)):
        t = backward_step(i, first, last, steps, reverse)
        h = flat(sequences(hidden, t + 1, begin, end))
        dh = flat(sequences(d_hidden, t + 1, begin, end))
        da = flat(sequences(d_gates, t, begin, end))
        # h_t = f(a_t)
        if activation == TANH:
            for j in range(h.size):
                da[j] = (one - h[j] * h[j]) * dh[j]
        elif activation == RELU:
            for j in range(h.size):
                da[j] = dh[j] if h[j] > zero else zero
        elif activation == SIGMOID:
            for j in range(h.size):
                da[j] = h[j] * (one - h[j]) * dh[j]
        else:
            copy(dh, da)
        # a_t = ... + W_hh h_{t-1}
        if flows_on(t, first, last, chunk, steps, reverse):
            before = sequences(d_hidden, previous_state(t, steps, reverse), begin, end)
            add_product(sequences(d_gates, t, begin, end), weight_hh, before)


@kernel
def forward_tanh(gates, weight_hh, own, hidden, cell, extra, scratch, reverse, begin, end):
    """h_t = tanh(a_t) over a whole sequence."""
    _forward(gates, weight_hh, hidden, reverse, begin, end, TANH)


@kernel
def forward_relu(gates, weight_hh, own, hidden, cell, extra, scratch, reverse, begin, end):
    """h_t = max(0, a_t) over a whole sequence."""
    _forward(gates, weight_hh, hidden, reverse, begin, end, RELU)


@kernel
def forward_sigmoid(gates, weight_hh, own, hidden, cell, extra, scratch, reverse, begin, end):
    """h_t = 1 / (1 + exp(-a_t)) over a whole sequence."""
    _forward(gates, weight_hh, hidden, reverse, begin, end, SIGMOID)


@kernel
def forward_identity(gates, weight_hh, own, hidden, cell, extra, scratch, reverse, begin, end):
    """h_t = a_t over a whole sequence."""
    _forward(gates, weight_hh, hidden, reverse, begin, end, IDENTITY)


@kernel
def backward_tanh(
    gates, weight_hh, own, hidden, cell, extra, d_hidden, d_cell, d_gates, d_gates_hh, first, last, chunk, reverse,
    begin, end,
):  # fmt: skip
    """The gradient through h_t = tanh(a_t)."""
    _backward(weight_hh, hidden, d_hidden, d_gates, first, last, chunk, reverse, begin, end, TANH)


@kernel
def backward_relu(
    gates, weight_hh, own, hidden, cell, extra, d_hidden, d_cell, d_gates, d_gates_hh, first, last, chunk, reverse,
    begin, end,
):  # fmt: skip
    """The gradient through h_t = max(0, a_t)."""
    _backward(weight_hh, hidden, d_hidden, d_gates, first, last, chunk, reverse, begin, end, RELU)


@kernel
def backward_sigmoid(
    gates, weight_hh, own, hidden, cell, extra, d_hidden, d_cell, d_gates, d_gates_hh, first, last, chunk, reverse,
    begin, end,
):  # fmt: skip
    """The gradient through h_t = 1 / (1 + exp(-a_t))."""
    _backward(weight_hh, hidden, d_hidden, d_gates, first, last, chunk, reverse, begin, end, SIGMOID)


@kernel
def backward_identity(
    gates, weight_hh, own, hidden, cell, extra, d_hidden, d_cell, d_gates, d_gates_hh, first, last, chunk, reverse,
    begin, end,
):  # fmt: skip
    """The gradient through h_t = a_t."""
    _backward(weight_hh, hidden, d_hidden, d_gates, first, last, chunk, reverse, begin, end, IDENTITY)


@kernel
def slope_tanh(hidden, slopes):
    """f' = 1 - h^2."""
    for j in range(hidden.size):
        slopes[j] = hidden.dtype.type(1) - hidden[j] * hidden[j]


@kernel
def slope_relu(hidden, slopes):
    """f' = 1 where h > 0."""
    for j in range(hidden.size):
        slopes[j] = hidden.dtype.type(1 if hidden[j] > 0 else 0)


@kernel
def slope_sigmoid(hidden, slopes):
    """f' = h (1 - h)."""
    for j in range(hidden.size):
        slopes[j] = hidden[j] * (hidden.dtype.type(1) - hidden[j])


@kernel
def slope_identity(hidden, slopes):
    """f' = 1."""
    for j in range(hidden.size):
        slopes[j] = hidden.dtype.type(1)
