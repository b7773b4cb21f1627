"""A whole network in compiled code: layers and directions, read-out, loss, and backpropagation through time.

These functions are written out into the kernel that calls them, `engine.run`: apart they compiled a quarter longer.
The only thing inside the loop over time is the cell's recurrent product and its gates. Input projections, the
read-out and the gradients of the weights are one product each over all steps and sequences.
"""

import numpy as np

from rnn_core.arithmetic import (
    add,
    add_columns,
    add_product,
    add_product_transposed,
    copy,
    copy_columns,
    fill,
    flat,
    softmax,
    squared_norm,
    transpose,
)
from rnn_core.jit import inlined
from rnn_core.parameters import BIAS_HH, BIAS_IH, WEIGHT_HH, WEIGHT_IH


@inlined
def matrix(parameters, start, rows, columns):
    """The weight that starts there in a flat array, (inputs, outputs)."""
    return parameters[start : start + rows * columns].reshape(rows, columns)


@inlined
def forward(cell_forward, shape, offsets, params, ids, values, buffers):
    """hidden, gates, features, logits (and probs) of one batch: ids (T, B), or values (T, B, D) where ids is empty."""
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    count, hidden, rows = steps * batch, shape.hidden, shape.rows
    width = shape.directions * hidden
    bias = buffers.bias
    for layer in range(shape.layers):
        for direction in range(shape.directions):
            stack = layer * shape.directions + direction
            gates = buffers.gates[stack].reshape(count, rows)
            # gates = b_ih + b_hh (+ W_ih x below); the GRU's candidate keeps its b_hh for the reset product
            fill(bias, 0)
            bias_hn = bias[:0]
            if shape.bias:
                start_ih, start_hh = offsets[stack, BIAS_IH], offsets[stack, BIAS_HH]
                bias_hh = params[start_hh : start_hh + rows]
                summed = rows - hidden if shape.separate_bias else rows
                copy(params[start_ih : start_ih + rows], bias)
                add(bias_hh[:summed], bias[:summed])
                bias_hn = bias_hh[summed:]
            inputs = shape.inputs if layer == 0 else width
            weight_ih = matrix(params, offsets[stack, WEIGHT_IH], inputs, rows)
            if layer == 0 and ids.size > 0:
                symbols = ids.reshape(count)
                for i in range(count):
                    column, row = weight_ih[symbols[i]], gates[i]
                    for j in range(rows):
                        row[j] = bias[j] + column[j]
            else:
                for i in range(count):
                    copy(bias, gates[i])
                source = (
                    values.reshape(count, inputs) if layer == 0 else buffers.outputs[layer - 1].reshape(count, inputs)
                )
                add_product(source, weight_ih, gates)
            weight_hh = matrix(params, offsets[stack, WEIGHT_HH], hidden, rows)
            cell_forward(
                buffers.gates[stack], weight_hh, bias_hn, buffers.hidden[stack], buffers.cell[stack],
                buffers.extra[stack], buffers.scratch, direction == 1,
            )  # fmt: skip
            outputs, states = buffers.outputs[layer], buffers.hidden[stack, 1:]
            copy_columns(states.reshape(count, hidden), 0, outputs.reshape(count, width), direction * hidden, hidden)
    read_out(shape, offsets, params, buffers)


@inlined
def read_out(shape, offsets, params, buffers):
    """logits = features V^T + b_o, and probs = softmax(logits); leaves log sum exp(logits) in loss."""
    hidden, width = shape.hidden, shape.directions * shape.hidden
    steps, top = buffers.gates.shape[1], shape.layers - 1
    features, logits, probs = buffers.features, buffers.logits, buffers.probs
    if shape.every:
        copy(flat(buffers.outputs[top]), flat(features))
    else:  # the last state of each direction: forwards at step T-1, backwards at step 0
        copy_columns(buffers.outputs[top, steps - 1], 0, features[0], 0, hidden)
        copy_columns(buffers.outputs[top, 0], hidden, features[0], hidden, width - hidden)
    read, batch, outputs = logits.shape
    stacks = shape.layers * shape.directions
    fill(flat(logits), 0)
    if shape.bias:
        start = offsets[stacks, BIAS_IH]
        for s in range(read):
            for b in range(batch):
                copy(params[start : start + outputs], logits[s, b])
    weight = matrix(params, offsets[stacks, WEIGHT_IH], width, outputs)
    add_product(features.reshape(read * batch, width), weight, logits.reshape(read * batch, outputs))
    if not shape.squared:
        for s in range(read):
            for b in range(batch):
                buffers.loss[s, b] = softmax(logits[s, b], probs[s, b])


@inlined
def loss_and_gradient(shape, target_ids, target_values, weights, buffers):
    """The mean loss over the predicted steps, weighted; loss per step and d_logits = dL/dlogits are left in buffers.

    Cross-entropy: -log p[target], dL/dlogits = p - onehot. Mean squared error: mean over the outputs, 2 (o - y) / K.
    `weights` (S, B) is empty where all steps count alike.
    """
    read, batch, outputs = buffers.logits.shape
    kind = buffers.logits.dtype.type
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
            d_logits, logits = buffers.d_logits[s, b], buffers.logits[s, b]
            if shape.squared:
                loss, scale = 0.0, kind(2.0 * share / outputs)
                for k in range(outputs):
                    error = logits[k] - target_values[s, b, k]
                    loss += np.float64(error) * np.float64(error)
                    d_logits[k] = scale * error
                loss /= outputs
            else:
                probs, scale, target = buffers.probs[s, b], kind(share), target_ids[s, b]
                loss = buffers.loss[s, b] - logits[target]
                for k in range(outputs):
                    d_logits[k] = scale * probs[k]
                d_logits[target] = scale * (probs[target] - kind(1.0))
            buffers.loss[s, b] = loss
            if share > 0.0:
                total += share * loss
    return total


@inlined
def backward(cell_backward, shape, offsets, params, grads, ids, values, buffers, window, chunk):
    """grads (P,), d_hidden, d_cell and norms from d_logits. window < 0: full; chunk: cut at every multiple of it."""
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    read, outputs = buffers.logits.shape[0], buffers.logits.shape[2]
    width, stacks = shape.directions * shape.hidden, shape.layers * shape.directions
    _transpose_weights(shape, offsets, params, buffers)

    # logits = features V^T + b_o
    fill(grads, 0)
    features, d_logits = buffers.features.reshape(read * batch, width), buffers.d_logits.reshape(read * batch, outputs)
    add_product_transposed(features, d_logits, matrix(grads, offsets[stacks, WEIGHT_IH], width, outputs))
    if shape.bias:
        start = offsets[stacks, BIAS_IH]
        add_columns(d_logits, grads[start : start + outputs])
    fill(flat(buffers.d_features), 0)
    add_product(d_logits, buffers.weight_ho, buffers.d_features.reshape(read * batch, width))

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
        _backward_window(cell_backward, shape, buffers, loss_from, loss_to, first, last, chunk)
        if windowed:
            _add_window(buffers, t, max(first, 0), min(last, steps), shape.separate_bias)
    d_gates, d_gates_hh = buffers.d_gates, buffers.d_gates_hh
    if windowed:
        copy(flat(buffers.sum_hidden), flat(buffers.d_hidden))
        copy(flat(buffers.sum_cell), flat(buffers.d_cell))
        d_gates, d_gates_hh = buffers.sum_gates, buffers.sum_gates_hh
    _weight_gradients(shape, offsets, grads, ids, values, buffers, d_gates, d_gates_hh)
    for stack in range(stacks):
        for t in range(steps + 1):
            buffers.norms[stack, t] = np.sqrt(squared_norm(buffers.d_hidden[stack, t].reshape(batch * shape.hidden)))


@inlined
def _transpose_weights(shape, offsets, params, buffers):
    width, stacks = shape.directions * shape.hidden, shape.layers * shape.directions
    for stack in range(stacks):
        transpose(matrix(params, offsets[stack, WEIGHT_HH], shape.hidden, shape.rows), buffers.weight_hh[stack])
        if stack >= shape.directions:
            transpose(matrix(params, offsets[stack, WEIGHT_IH], width, shape.rows), buffers.weight_ih[stack])
        elif buffers.d_input.size > 0:
            transpose(matrix(params, offsets[stack, WEIGHT_IH], shape.inputs, shape.rows), buffers.weight_in[stack])
    transpose(matrix(params, offsets[stacks, WEIGHT_IH], width, shape.outputs), buffers.weight_ho)


@inlined
def _backward_window(cell_backward, shape, buffers, loss_from, loss_to, first, last, chunk):
    """d_hidden, d_cell, d_gates of the losses at loss_from <= t < loss_to, within the states first <= s < last."""
    steps, batch, hidden = buffers.gates.shape[1], buffers.gates.shape[2], shape.hidden
    width, top = shape.directions * hidden, shape.layers - 1
    begin, end = max(first, 0), min(last, steps)
    count = (end - begin) * batch
    # the read-out's features are the top layer's outputs
    fill(flat(buffers.d_outputs[top, begin:end]), 0)
    if shape.every:
        copy(flat(buffers.d_features[loss_from:loss_to]), flat(buffers.d_outputs[top, loss_from:loss_to]))
    else:
        copy_columns(buffers.d_features[0], 0, buffers.d_outputs[top, steps - 1], 0, hidden)
        copy_columns(buffers.d_features[0], hidden, buffers.d_outputs[top, 0], hidden, width - hidden)
    for above in range(shape.layers):
        layer = top - above
        if layer > 0:
            fill(flat(buffers.d_outputs[layer - 1, begin:end]), 0)
        for direction in range(shape.directions):
            stack = layer * shape.directions + direction
            d_hidden, d_cell = buffers.d_hidden[stack], buffers.d_cell[stack]
            fill(flat(d_hidden[0]), 0)
            copy_columns(
                buffers.d_outputs[layer, begin:end].reshape(count, width), direction * hidden,
                d_hidden[begin + 1 : end + 1].reshape(count, hidden), 0, hidden,
            )  # fmt: skip
            if d_cell.size > 0:
                fill(flat(d_cell[0]), 0)
                fill(flat(d_cell[begin + 1 : end + 1]), 0)
            cell_backward(
                buffers.gates[stack], buffers.weight_hh[stack], buffers.hidden[stack], buffers.cell[stack],
                buffers.extra[stack], d_hidden, d_cell, buffers.d_gates[stack], buffers.d_gates_hh[stack],
                first, last, chunk, direction == 1,
            )  # fmt: skip
            if layer > 0:
                add_product(
                    buffers.d_gates[stack, begin:end].reshape(count, shape.rows),
                    buffers.weight_ih[stack],
                    buffers.d_outputs[layer - 1, begin:end].reshape(count, width),
                )


@inlined
def _add_window(buffers, t, begin, end, separate):
    for stack in range(buffers.gates.shape[0]):
        d_hidden, d_cell = buffers.d_hidden[stack], buffers.d_cell[stack]
        if buffers.flow.size > 0:
            copy(flat(d_hidden[0]), flat(buffers.flow[t, stack, 0]))
            copy(flat(d_hidden[begin + 1 : end + 1]), flat(buffers.flow[t, stack, begin + 1 : end + 1]))
        add(flat(d_hidden[0]), flat(buffers.sum_hidden[stack, 0]))
        add(flat(d_hidden[begin + 1 : end + 1]), flat(buffers.sum_hidden[stack, begin + 1 : end + 1]))
        if d_cell.size > 0:
            add(flat(d_cell[0]), flat(buffers.sum_cell[stack, 0]))
            add(flat(d_cell[begin + 1 : end + 1]), flat(buffers.sum_cell[stack, begin + 1 : end + 1]))
        add(flat(buffers.d_gates[stack, begin:end]), flat(buffers.sum_gates[stack, begin:end]))
        if separate:
            add(flat(buffers.d_gates_hh[stack, begin:end]), flat(buffers.sum_gates_hh[stack, begin:end]))


@inlined
def _weight_gradients(shape, offsets, grads, ids, values, buffers, d_gates, d_gates_hh):
    """Each weight's gradient as one product over all steps: every step's share is summed."""
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    count, hidden, rows = steps * batch, shape.hidden, shape.rows
    width = shape.directions * hidden
    fill(flat(buffers.d_input), 0)
    for layer in range(shape.layers):
        for direction in range(shape.directions):
            stack = layer * shape.directions + direction
            da, da_hh = d_gates[stack].reshape(count, rows), d_gates_hh[stack].reshape(count, rows)
            inputs = shape.inputs if layer == 0 else width
            d_weight_ih = matrix(grads, offsets[stack, WEIGHT_IH], inputs, rows)
            if layer > 0:
                add_product_transposed(buffers.outputs[layer - 1].reshape(count, width), da, d_weight_ih)
            elif ids.size > 0:  # the gradient of a gather: each step adds to the column of its symbol
                symbols = ids.reshape(count)
                for i in range(count):
                    column, row = d_weight_ih[symbols[i]], da[i]
                    for j in range(rows):
                        column[j] += row[j]
            else:
                add_product_transposed(values.reshape(count, inputs), da, d_weight_ih)
            d_weight_hh = matrix(grads, offsets[stack, WEIGHT_HH], hidden, rows)
            states = buffers.hidden[stack].reshape((steps + 1) * batch, hidden)
            if direction == 0:
                add_product_transposed(states[:count], da_hh, d_weight_hh)
            else:  # step t started from the state of step t+1, the last step from the initial state
                add_product_transposed(states[2 * batch :], da_hh[: count - batch], d_weight_hh)
                add_product_transposed(states[:batch], da_hh[count - batch :], d_weight_hh)
            if shape.bias:
                start_ih, start_hh = offsets[stack, BIAS_IH], offsets[stack, BIAS_HH]
                add_columns(da, grads[start_ih : start_ih + rows])
                add_columns(da_hh, grads[start_hh : start_hh + rows])
            if layer == 0 and buffers.d_input.size > 0:
                add_product(da, buffers.weight_in[stack], buffers.d_input.reshape(count, inputs))
