"""The additive attention of Bahdanau, Cho & Bengio (2015, section 3.1 and appendix A.1.2).

    e_tj = v . tanh(W_a s_{t-1} + U_a h_j)      how well what is to come fits what was read at step j
    alpha_t = softmax(e_t)                      over the steps of the input that are no blanks
    c_t = sum_j alpha_tj h_j                    the context
    s_t = cell(y_{t-1}, c_t, s_{t-1})           C c_t is added to the pre-activations of the gates, as W_ih y_{t-1} is

The decoder has one layer. The paper's encoder reads in both directions, here in one; the paper's output also sees
y_{t-1} and c_t once more, here s_t alone. Backwards, from da_t, the gradient of the pre-activations:

    dc_t = C^T da_t                             dC += da_t c_t^T
    dalpha_tj = dc_t . h_j                      dh_j += alpha_tj dc_t
    de_tj = alpha_tj (dalpha_tj - sum_k alpha_tk dalpha_tk)
    du_tj = de_tj v (1 - u_tj^2)                dv += de_tj u_tj              where u_tj is the tanh
    dW_a += sum_j du_tj s_{t-1}^T               ds_{t-1} += W_a^T sum_j du_tj
    dU_a += sum_t du_tj h_j^T                   dh_j += U_a^T sum_t du_tj
"""

import numpy as np
from numba import types

from rnn_core.cells import call_backward, call_forward
from rnn_core.kernels.arguments import NO_CHUNK, Attention, Part, bundle
from rnn_core.kernels.arithmetic import (
    add_outer_products,
    add_product,
    copy,
    exp,
    fill,
    gather,
    sum_of,
    tanh,
    transpose,
)
from rnn_core.kernels.backward import through_read_out
from rnn_core.kernels.jit import inlined, kernel
from rnn_core.kernels.linking import array
from rnn_core.kernels.network import biases, read_out
from rnn_core.kernels.vectors import LANES, flat, part_of, view
from rnn_core.parameters import WEIGHT_HH, WEIGHT_IH, Entry


def entries_of(hidden: int, rows: int, start: int) -> tuple[Entry, ...]:
    """Layout of the parameters of attention, from this place of the flat array on; rows : G * H of the decoder."""
    sizes = {"query": (hidden, hidden), "key": (hidden, hidden), "score": (1, hidden), "context": (rows, hidden)}
    entries = []
    for name, shape in sizes.items():
        entries.append(Entry(f"attention.weight_{name}", shape, start))
        start += shape[0] * shape[1]
    return tuple(entries)


def room(params, grads, blank, steps, batch, hidden, rows) -> Attention:
    """Room for T, S = `steps` of input and output, B, H and G * H; without attention, for nothing.

    params, grads : attention's part of the flat arrays, (0,) where there is no attention.
    """
    reading, writing = steps if params.size else (0, 0)
    batch, hidden, rows = (batch, hidden, rows) if params.size else (0, 0, 0)
    shapes = {
        "keys": (reading, batch, hidden),
        "query": (batch, hidden),
        "mixed": (writing, batch, reading, hidden),
        "weights": (writing, batch, reading),
        "context": (writing, batch, hidden),
        "d_keys": (reading, batch, hidden),
        "d_query": (writing, batch, hidden),
        "d_context": (batch, hidden),
        "d_weights": (reading,),
        "products": (hidden,),
        "turned": ((2 * hidden + rows) * hidden,),
    }
    return Attention(params, grads, blank, **{name: np.zeros(shape, params.dtype) for name, shape in shapes.items()})


def attention_type(float_type):
    """The Numba type of `Attention`."""
    one, two, three = (array(float_type, dimensions) for dimensions in (1, 2, 3))
    return bundle(
        Attention, one, one, types.int64, three, two, array(float_type, 4), three, three, three, three, two, one, one,
        one,
    )  # fmt: skip


@inlined
def matrix(numbers, which, hidden, rows):
    """W_a (0), U_a (1) or C (2) of an array that is laid out like attention's parameters, (inputs, outputs)."""
    start = which * hidden * hidden + (hidden if which == 2 else 0)
    return view(numbers, start, (hidden, rows if which == 2 else hidden))


@inlined
def score(numbers, hidden):
    """v of such an array."""
    return view(numbers, 2 * hidden * hidden, (hidden,))


@kernel
def prepare(attention, states):
    """The keys of what the encoder read: states (T+1, B, H), its first layer's or its only one's."""
    steps, batch, hidden = attention.keys.shape
    keys = view(attention.keys, 0, (steps * batch, hidden))
    fill(flat(keys), 0)
    add_product(view(states, batch * hidden, (steps * batch, hidden)), matrix(attention.params, 1, hidden, 0), keys)


@kernel
def attend(cell_forward, shape, offsets, params, ids, buffers, attention, x, states):
    """As `rnn_core.kernels.network.forward`, each step with a context of its own.

    ids (S, B) is what the decoder reads; x (T, B) what was read before, states (T+1, B, H) the encoder's.
    """
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    hidden, rows = shape.hidden, shape.rows
    bias = view(buffers.bias, 0, (rows,))
    own = biases(shape, offsets, params, 0, bias)
    weight_ih = view(params, offsets[0, WEIGHT_IH], (shape.inputs, rows))
    weight_hh = view(params, offsets[0, WEIGHT_HH], (hidden, rows))
    gather(weight_ih, flat(ids), bias, view(buffers.gates, 0, (steps * batch, rows)))
    has_cell, has_extra, width = int(buffers.cell.size > 0), int(buffers.extra.size > 0), buffers.extra.shape[3]
    for t in range(steps):
        before = t * batch * hidden
        _weigh(attention, t, view(buffers.hidden, before, (batch, hidden)), x, states)
        gates = view(buffers.gates, t * batch * rows, (batch, rows))
        add_product(part_of(attention.context, t), matrix(attention.params, 2, hidden, rows), gates)
        call_forward(
            cell_forward, view(gates, 0, (1, batch, rows)), weight_hh, own,
            view(buffers.hidden, before, (2, batch, hidden)),
            view(buffers.cell, before * has_cell, (2 * has_cell, batch * has_cell, hidden * has_cell)),
            view(buffers.extra, t * batch * width, (has_extra, batch * has_extra, width)),
            buffers.scratch, False, 0, batch,
        )  # fmt: skip
    read_out(shape, offsets, params, buffers, Part(0, 0, batch))


@kernel
def _weigh(attention, t, before, x, states):
    """mixed, alpha and c of step t, from the states before (B, H)."""
    steps, batch, hidden = attention.keys.shape
    kind = attention.weights.dtype.type
    query, v = attention.query, score(attention.params, hidden)
    fill(flat(query), 0)
    add_product(before, matrix(attention.params, 0, hidden, 0), query)
    for b in range(batch):
        weights, context, q = attention.weights[t, b], attention.context[t, b], query[b]
        largest = kind(-np.inf)
        for j in range(steps):
            u, key = attention.mixed[t, b, j], attention.keys[j, b]
            for a in range(hidden):
                u[a] = tanh(q[a] + key[a])
            weights[j] = kind(dot(v, u, attention.products))
            if x[j, b] != attention.blank and weights[j] > largest:
                largest = weights[j]
        total = 0.0
        for j in range(steps):
            weights[j] = exp(weights[j] - largest) if x[j, b] != attention.blank else kind(0.0)
            total += weights[j]
        fill(context, 0)
        for j in range(steps):
            if weights[j] > 0.0:  # else all may be blank
                weights[j] = kind(weights[j] / total)
                w, h = weights[j], states[j + 1, b]
                for i in range(hidden):
                    context[i] += w * h[i]


@kernel
def attend_backward(cell_backward, shape, offsets, params, buffers, attention, states, d_states):
    """d_hidden, d_cell and d_gates of the decoder from its d_logits, d_states (T, B, H) of the encoder's; adds to
    attention.grads. The decoder's weights must have been turned; their gradient is not yet computed."""
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    hidden, rows = shape.hidden, shape.rows
    reading = attention.keys.shape[0]
    through_read_out(shape, offsets, params, buffers, Part(0, 0, batch))
    fill(view(buffers.d_hidden, 0, (batch * hidden,)), 0)
    copy(flat(buffers.d_features), view(buffers.d_hidden, batch * hidden, (steps * batch * hidden,)))
    fill(flat(buffers.d_cell), 0)
    fill(flat(attention.d_keys), 0)
    fill(flat(attention.d_query), 0)
    fill(flat(d_states), 0)
    turned_query = view(attention.turned, 0, (hidden, hidden))
    turned_key = view(attention.turned, hidden * hidden, (hidden, hidden))
    turned_context = view(attention.turned, 2 * hidden * hidden, (rows, hidden))
    transpose(matrix(attention.params, 0, hidden, 0), turned_query)
    transpose(matrix(attention.params, 1, hidden, 0), turned_key)
    transpose(matrix(attention.params, 2, hidden, rows), turned_context)
    has_cell, has_extra, width = int(buffers.cell.size > 0), int(buffers.extra.size > 0), buffers.extra.shape[3]
    weight_hh = part_of(buffers.weight_hh, 0)
    for i in range(steps):
        t = steps - 1 - i
        before = t * batch * hidden
        d_gates = view(buffers.d_gates, t * batch * rows, (1, batch, rows))
        cell_shape = (2 * has_cell, batch * has_cell, hidden * has_cell)
        call_backward(
            cell_backward, view(buffers.gates, t * batch * rows, (1, batch, rows)), weight_hh, part_of(buffers.own, 0),
            view(buffers.hidden, before, (2, batch, hidden)), view(buffers.cell, before * has_cell, cell_shape),
            view(buffers.extra, t * batch * width, (has_extra, batch * has_extra, width)),
            view(buffers.d_hidden, before, (2, batch, hidden)), view(buffers.d_cell, before * has_cell, cell_shape),
            d_gates, view(buffers.d_gates_hh, t * batch * rows, (1, batch, rows)), -1, 1, NO_CHUNK, False, 0, batch,
        )  # fmt: skip
        fill(flat(attention.d_context), 0)
        add_product(part_of(d_gates, 0), turned_context, attention.d_context)
        _weigh_backward(attention, t, states, d_states)
        add_product(part_of(attention.d_query, t), turned_query, view(buffers.d_hidden, before, (batch, hidden)))
    d_query = view(attention.d_query, 0, (steps * batch, hidden))
    d_keys = view(attention.d_keys, 0, (reading * batch, hidden))
    grads, square = attention.grads, hidden * hidden
    add_outer_products(view(buffers.hidden, 0, (steps * batch, hidden)), d_query, grads, 0, 0, hidden, 0, 1)
    read = view(states, batch * hidden, (reading * batch, hidden))
    add_outer_products(read, d_keys, grads, square, 0, hidden, 0, 1)
    add_outer_products(
        view(attention.context, 0, (steps * batch, hidden)), view(buffers.d_gates, 0, (steps * batch, rows)), grads,
        2 * square + hidden, 0, rows, 0, 1,
    )  # fmt: skip
    add_product(d_keys, turned_key, view(d_states, 0, (reading * batch, hidden)))


@kernel
def _weigh_backward(attention, t, states, d_states):
    """d_query of step t; adds to d_keys, d_states and the gradient of v."""
    steps, batch, hidden = attention.keys.shape
    kind = attention.weights.dtype.type
    v, d_v = score(attention.params, hidden), score(attention.grads, hidden)
    d_weights = attention.d_weights
    for b in range(batch):
        weights, d_context, d_query = attention.weights[t, b], attention.d_context[b], attention.d_query[t, b]
        mean = 0.0
        for j in range(steps):
            d_weights[j] = kind(dot(d_context, states[j + 1, b], attention.products))
            mean += weights[j] * d_weights[j]
        for j in range(steps):
            w = weights[j]
            if w > 0.0:
                u, d_key, d_state = attention.mixed[t, b, j], attention.d_keys[j, b], d_states[j, b]
                d_energy = w * kind(d_weights[j] - mean)
                for i in range(hidden):
                    d_state[i] += w * d_context[i]
                for a in range(hidden):
                    d = d_energy * v[a] * (kind(1.0) - u[a] * u[a])
                    d_query[a] += d
                    d_key[a] += d
                for a in range(hidden):
                    d_v[a] += d_energy * u[a]


@kernel
def dot(a, b, products):
    """Sum of a (N,) * b (N,), in float64."""
    for i in range(a.size):
        products[i] = a[i] * b[i]
    return sum_of(products, products.size // LANES * LANES)
