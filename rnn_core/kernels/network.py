"""A whole network in compiled code: layers and directions, read-out, loss, and backpropagation through time.

The only thing inside the loop over time is the cell's recurrent product and its gates. Input projections, the
read-out and the gradients of the weights are one product each over all steps and sequences. An array of a layer is
looked at as rows of all its steps and sequences, one after the other: row t * B + b.
"""

import functools

import numba
import numpy as np
from numba import types

from rnn_core.cells import call_backward, call_forward
from rnn_core.config import ModelConfig
from rnn_core.kernels.arithmetic import (
    add,
    add_columns,
    add_product,
    copy,
    copy_columns,
    copy_to_rows,
    fill,
    gather,
    scatter,
    softmax,
    squared_norm,
    transpose,
)
from rnn_core.kernels.buffers import allocate
from rnn_core.kernels.jit import inlined
from rnn_core.kernels.linking import array, shared
from rnn_core.kernels.vectors import flat, steps_of, view
from rnn_core.parameters import BIAS_HH, BIAS_IH, WEIGHT_HH, WEIGHT_IH, layout


@functools.cache
def network_types(float_type):
    """The Numba types of a network's shape and offsets, and of its buffers: they depend on the float type alone."""
    config = ModelConfig("rnn_tanh", 1, 1, 1, dtype=str(float_type))
    network = layout(config)
    return tuple(numba.typeof(each) for each in (network.shape, network.offsets, allocate(network, config, 1, 1)))


def _forward_signature(float_type):
    shape, offsets, buffers = network_types(float_type)
    values = array(float_type, 3)
    return types.void(types.int64, shape, offsets, array(float_type, 1), types.int32[:, ::1], values, buffers)


@shared(_forward_signature, from_python=False)
def forward(cell_forward, shape, offsets, params, ids, values, buffers):
    """hidden, cell, gates, outputs, logits (and probs) of one batch; leaves log sum exp(logits) in loss.

    ids (T, B), or values (T, B, D) where ids is empty.
    """
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    count, hidden, rows = steps * batch, shape.hidden, shape.rows
    width, stacks, top = shape.directions * hidden, shape.layers * shape.directions, shape.layers - 1
    bias = buffers.bias
    for stack in range(stacks):
        layer, direction = stack // shape.directions, stack % shape.directions
        gates = view(buffers.gates, stack * count * rows, (count, rows))
        # gates = b_ih + b_hh (+ W_ih x below); the GRU's candidate keeps its b_hh for the reset product
        fill(bias, 0)
        bias_hn = view(bias, 0, (0,))
        if shape.bias:
            start_hh = offsets[stack, BIAS_HH]
            summed = rows - hidden if shape.separate_bias else rows
            copy(view(params, offsets[stack, BIAS_IH], (rows,)), bias)
            add(view(params, start_hh, (summed,)), view(bias, 0, (summed,)))
            bias_hn = view(params, start_hh + summed, (rows - summed,))
        inputs = shape.inputs if layer == 0 else width
        weight_ih = view(params, offsets[stack, WEIGHT_IH], (inputs, rows))
        if layer == 0 and ids.size > 0:
            gather(weight_ih, flat(ids), bias, gates)
        else:
            copy_to_rows(bias, gates)
            if layer == 0:
                add_product(view(values, 0, (count, inputs)), weight_ih, gates)
            else:
                add_product(steps_of(buffers.outputs, layer - 1, 0, steps), weight_ih, gates)
        call_forward(
            cell_forward, buffers.gates[stack], view(params, offsets[stack, WEIGHT_HH], (hidden, rows)), bias_hn,
            buffers.hidden[stack], buffers.cell[stack], buffers.extra[stack], buffers.scratch, direction == 1,
        )  # fmt: skip
        if shape.directions == 2:
            states = steps_of(buffers.hidden, stack, 0, steps)
            copy_columns(states, 0, steps_of(buffers.outputs, layer, 0, steps), direction * hidden, hidden)

    # logits = features V^T + b_o, probs = softmax(logits)
    features = _features(shape, buffers, steps, top, hidden, width)
    read, outputs = features.shape[0], shape.outputs
    logits = view(buffers.logits, 0, (read, outputs))
    if shape.bias:
        copy_to_rows(view(params, offsets[stacks, BIAS_IH], (outputs,)), logits)
    else:
        fill(flat(logits), 0)
    add_product(features, view(params, offsets[stacks, WEIGHT_IH], (width, outputs)), logits)
    if not shape.squared:
        softmax(logits, view(buffers.probs, 0, (read, outputs)), flat(buffers.loss))


@inlined
def _features(shape, buffers, steps, top, hidden, width):
    """What the read-out reads: the top layer's outputs, or the last state of each direction, at steps T-1 and 0."""
    features = steps_of(buffers.outputs, top, 0, steps)
    if not shape.every:
        features = view(buffers.features, 0, (buffers.features.shape[1], width))
        copy_columns(steps_of(buffers.outputs, top, steps - 1, steps), 0, features, 0, hidden)
        copy_columns(steps_of(buffers.outputs, top, 0, 1), hidden, features, hidden, width - hidden)
    return features


def _loss_signature(float_type):
    numbers, weights, ids = array(float_type, 3), array(float_type, 2), types.int32[:, ::1]
    return types.float64(numbers, numbers, types.boolean, ids, numbers, weights, array(types.float64, 2), numbers)


@shared(_loss_signature, from_python=False)
def loss_and_gradient(logits, probs, squared, target_ids, target_values, weights, loss_per_step, d_logits):
    """The mean loss over the predicted steps, weighted; writes the loss of each step and d_logits = dL/dlogits.

    Cross-entropy: -log p[target], dL/dlogits = p - onehot. Mean squared error: mean over the outputs, 2 (o - y) / K.
    `weights` (S, B) is empty where all steps count alike. loss_per_step (S, B) holds log sum exp(logits) on entry.
    """
    read, batch, outputs = logits.shape
    kind = logits.dtype.type
    total_weight = float(read * batch)
    if weights.size > 0:
        total_weight = 0.0
        for s in range(read):
            for b in range(batch):
                total_weight += weights[s, b]
    total = 0.0
    for s in range(read):
        for b in range(batch):
            share = (1.0 if weights.size == 0 else float(weights[s, b])) / total_weight
            d, o = d_logits[s, b], logits[s, b]
            if squared:
                loss, scale = 0.0, kind(2.0 * share / outputs)
                for k in range(outputs):
                    error = o[k] - target_values[s, b, k]
                    loss += np.float64(error) * np.float64(error)
                    d[k] = scale * error
                loss /= outputs
            else:
                p, scale, target = probs[s, b], kind(share), target_ids[s, b]
                loss = loss_per_step[s, b] - o[target]
                smallest = kind(np.finfo(kind).tiny)
                for k in range(outputs):
                    part = scale * p[k]
                    d[k] = kind(0.0) if part < smallest else part  # see `sigmoid`: subnormal numbers are slow
                d[target] = scale * (p[target] - kind(1.0))
            loss_per_step[s, b] = loss
            if share > 0.0:
                total += share * loss
    return total


def _backward_signature(float_type):
    shape, offsets, buffers = network_types(float_type)
    row, ids, values, step = array(float_type, 1), types.int32[:, ::1], array(float_type, 3), types.int64
    return types.void(step, shape, offsets, row, row, ids, values, buffers, step, step)


@shared(_backward_signature, from_python=False)
def backward(cell_backward, shape, offsets, params, grads, ids, values, buffers, window, chunk):
    """Adds to grads (P,); d_hidden, d_cell and norms from d_logits, and from d_last_hidden and d_last_cell where there
    is room. window < 0: full, which those of the last state need; chunk: cut at every multiple of it.
    """
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    hidden, outputs = shape.hidden, shape.outputs
    width, stacks, top = shape.directions * hidden, shape.layers * shape.directions, shape.layers - 1
    _transpose_weights(shape, offsets, params, buffers)

    # logits = features V^T + b_o
    features = steps_of(buffers.outputs, top, 0, steps)
    if not shape.every:
        features = view(buffers.features, 0, (batch, width))
    read = features.shape[0]
    d_logits, d_features = view(buffers.d_logits, 0, (read, outputs)), view(buffers.d_features, 0, (read, width))
    add_product(features.T, d_logits, view(grads, offsets[stacks, WEIGHT_IH], (width, outputs)))
    if shape.bias:
        add_columns(d_logits, view(grads, offsets[stacks, BIAS_IH], (outputs,)))
    fill(flat(d_features), 0)
    turned = buffers.weight_ho.shape[0]
    for begin in range(0, outputs, turned):
        end = min(begin + turned, outputs)
        weight_ho = view(buffers.weight_ho, 0, (end - begin, width))
        transpose(view(params, offsets[stacks, WEIGHT_IH], (width, outputs))[:, begin:end], weight_ho)
        add_product(d_logits[:, begin:end], weight_ho, d_features)

    windowed = window >= 0
    if windowed:
        fill(flat(buffers.sum_hidden), 0)
        fill(flat(buffers.sum_cell), 0)
        fill(flat(buffers.sum_gates), 0)
        fill(flat(buffers.sum_gates_hh), 0)
    for t in range(steps if windowed and shape.every else 1):
        loss_from, loss_to, first, last = 0, steps, -1, steps + 1
        if windowed:  # the loss of one step alone
            loss_from = t if shape.every else steps - 1
            loss_to = loss_from + 1
            first, last = loss_from - window, loss_to + (window if shape.directions == 2 else 0)
        _backward_window(cell_backward, shape, buffers, d_features, loss_from, loss_to, first, last, chunk)
        if windowed:
            _add_window(buffers, t, max(first, 0), min(last, steps), shape.separate_bias)
    d_gates, d_gates_hh = buffers.d_gates, buffers.d_gates_hh
    if windowed:
        copy(flat(buffers.sum_hidden), flat(buffers.d_hidden))
        copy(flat(buffers.sum_cell), flat(buffers.d_cell))
        d_gates, d_gates_hh = buffers.sum_gates, buffers.sum_gates_hh
    _weight_gradients(shape, offsets, grads, ids, values, buffers, d_gates, d_gates_hh)
    states, norms = view(buffers.d_hidden, 0, (stacks * (steps + 1), batch * hidden)), flat(buffers.norms)
    for i in range(norms.size):
        norms[i] = np.sqrt(squared_norm(states[i]))


@inlined
def _transpose_weights(shape, offsets, params, buffers):
    width, stacks = shape.directions * shape.hidden, shape.layers * shape.directions
    for stack in range(stacks):
        transpose(view(params, offsets[stack, WEIGHT_HH], (shape.hidden, shape.rows)), buffers.weight_hh[stack])
        if stack >= shape.directions:
            transpose(view(params, offsets[stack, WEIGHT_IH], (width, shape.rows)), buffers.weight_ih[stack])
        elif buffers.d_input.size > 0:
            transpose(view(params, offsets[stack, WEIGHT_IH], (shape.inputs, shape.rows)), buffers.weight_in[stack])


@inlined
def _backward_window(cell_backward, shape, buffers, d_features, loss_from, loss_to, first, last, chunk):
    """d_hidden, d_cell, d_gates of the losses at loss_from <= t < loss_to, within the states first <= s < last."""
    steps, batch, hidden = buffers.gates.shape[1], buffers.gates.shape[2], shape.hidden
    rows, width, top = shape.rows, shape.directions * hidden, shape.layers - 1
    begin, end = max(first, 0), min(last, steps)
    count = (end - begin) * batch
    # the read-out's features are the top layer's outputs
    fill(flat(steps_of(buffers.d_outputs, top, begin, end)), 0)
    if shape.every:
        losses = view(d_features, loss_from * batch * width, ((loss_to - loss_from) * batch * width,))
        copy(losses, flat(steps_of(buffers.d_outputs, top, loss_from, loss_to)))
    else:
        copy_columns(d_features, 0, steps_of(buffers.d_outputs, top, steps - 1, steps), 0, hidden)
        copy_columns(d_features, hidden, steps_of(buffers.d_outputs, top, 0, 1), hidden, width - hidden)
    for above in range(shape.layers):
        layer = top - above
        if layer > 0:
            fill(flat(steps_of(buffers.d_outputs, layer - 1, begin, end)), 0)
        for direction in range(shape.directions):
            stack = layer * shape.directions + direction
            d_hidden, d_cell = buffers.d_hidden[stack], buffers.d_cell[stack]
            fill(flat(d_hidden[0]), 0)
            if shape.directions == 2:
                d_states = steps_of(buffers.d_hidden, stack, begin, end)
                copy_columns(steps_of(buffers.d_outputs, layer, begin, end), direction * hidden, d_states, 0, hidden)
            if d_cell.size > 0:
                fill(flat(d_cell[0]), 0)
                fill(flat(steps_of(buffers.d_cell, stack, begin, end)), 0)
            if buffers.d_last_hidden.size > 0:
                last_state = 1 if direction == 1 else steps
                add(flat(buffers.d_last_hidden[stack]), flat(d_hidden[last_state]))
                if d_cell.size > 0:
                    add(flat(buffers.d_last_cell[stack]), flat(d_cell[last_state]))
            call_backward(
                cell_backward, buffers.gates[stack], buffers.weight_hh[stack], buffers.hidden[stack],
                buffers.cell[stack], buffers.extra[stack], d_hidden, d_cell, buffers.d_gates[stack],
                buffers.d_gates_hh[stack], first, last, chunk, direction == 1,
            )  # fmt: skip
            if layer > 0:
                add_product(
                    view(buffers.d_gates, (stack * steps + begin) * batch * rows, (count, rows)),
                    buffers.weight_ih[stack],
                    steps_of(buffers.d_outputs, layer - 1, begin, end),
                )


@inlined
def _add_window(buffers, t, begin, end, separate):
    steps, batch, rows = buffers.gates.shape[1], buffers.gates.shape[2], buffers.gates.shape[3]
    for stack in range(buffers.gates.shape[0]):
        d_hidden, inside = flat(buffers.d_hidden[stack, 0]), flat(steps_of(buffers.d_hidden, stack, begin, end))
        if buffers.flow.size > 0:
            flow = buffers.flow[t]
            copy(d_hidden, flat(flow[stack, 0]))
            copy(inside, flat(steps_of(flow, stack, begin, end)))
        add(d_hidden, flat(buffers.sum_hidden[stack, 0]))
        add(inside, flat(steps_of(buffers.sum_hidden, stack, begin, end)))
        if buffers.d_cell.size > 0:
            add(flat(buffers.d_cell[stack, 0]), flat(buffers.sum_cell[stack, 0]))
            add(
                flat(steps_of(buffers.d_cell, stack, begin, end)),
                flat(steps_of(buffers.sum_cell, stack, begin, end)),
            )
        start, size = (stack * steps + begin) * batch * rows, ((end - begin) * batch * rows,)
        add(view(buffers.d_gates, start, size), view(buffers.sum_gates, start, size))
        if separate:
            add(view(buffers.d_gates_hh, start, size), view(buffers.sum_gates_hh, start, size))


@inlined
def _weight_gradients(shape, offsets, grads, ids, values, buffers, d_gates, d_gates_hh):
    """Each weight's gradient as one product over all steps: every step's share is summed."""
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    count, hidden, rows = steps * batch, shape.hidden, shape.rows
    width = shape.directions * hidden
    fill(flat(buffers.d_input), 0)
    for stack in range(shape.layers * shape.directions):
        layer, direction = stack // shape.directions, stack % shape.directions
        da = view(d_gates, stack * count * rows, (count, rows))
        da_hh = view(d_gates_hh, stack * count * rows, (count, rows))
        inputs = shape.inputs if layer == 0 else width
        d_weight_ih = view(grads, offsets[stack, WEIGHT_IH], (inputs, rows))
        if layer > 0:
            add_product(steps_of(buffers.outputs, layer - 1, 0, steps).T, da, d_weight_ih)
        elif ids.size > 0:
            scatter(da, flat(ids), d_weight_ih)
        else:
            add_product(view(values, 0, (count, inputs)).T, da, d_weight_ih)
        d_weight_hh = view(grads, offsets[stack, WEIGHT_HH], (hidden, rows))
        states = view(buffers.hidden, stack * (count + batch) * hidden, (count + batch, hidden))
        if direction == 0:
            add_product(states[:count].T, da_hh, d_weight_hh)
        else:  # step t started from the state of step t+1, the last step from the initial state
            add_product(states[2 * batch :].T, da_hh[: count - batch], d_weight_hh)
            add_product(states[:batch].T, da_hh[count - batch :], d_weight_hh)
        if shape.bias:
            add_columns(da, view(grads, offsets[stack, BIAS_IH], (rows,)))
            add_columns(da_hh, view(grads, offsets[stack, BIAS_HH], (rows,)))
        if layer == 0 and buffers.d_input.size > 0:
            add_product(da, buffers.weight_in[stack], view(buffers.d_input, 0, (count, inputs)))
