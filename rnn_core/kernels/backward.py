"""Backpropagation through time, and the gradients of the weights: the backward pass of `rnn_core.kernels.network`.

No sequence of a batch knows of the others before the gradients of the weights are summed: through time, a `Part` of the
batch is computed without the rest. Of the weights' gradients a `Share` of each matrix is: every number of it is the
same sum in the same order, whatever the parts and shares are.
"""

from numba import types

from rnn_core.cells import call_backward, call_own_gradient
from rnn_core.kernels.arguments import Work, bundle, calls_type, part_type, share_type, truncation_type
from rnn_core.kernels.arithmetic import (
    ADD,
    CLEAR,
    COPY,
    add,
    add_columns,
    add_outer_products,
    add_product,
    combine,
    copy,
    copy_columns,
    fill,
    scatter,
    transpose,
)
from rnn_core.kernels.dropout import multiply
from rnn_core.kernels.jit import inlined
from rnn_core.kernels.linking import array, shared
from rnn_core.kernels.network import network_types, pieces_of
from rnn_core.kernels.vectors import flat, part_of, rows_of, view
from rnn_core.parameters import BIAS_HH, BIAS_IH, OWN, WEIGHT_HH, WEIGHT_IH

# what `backward` does, of which a part of the batch, or of the gradient, makes a choice
TURN, THROUGH_TIME, WEIGHTS, ALL = 1, 2, 4, 7


def _backward_signature(float_type):
    shape, offsets, buffers = network_types(float_type)
    row, ids, values = array(float_type, 1), types.int32[:, ::1], array(float_type, 3)
    work = bundle(Work, types.int64, part_type(), share_type())
    return types.void(calls_type(), shape, offsets, row, row, ids, values, buffers, truncation_type(), work)


@shared(_backward_signature, from_python=False)
def backward(calls, shape, offsets, params, grads, ids, values, buffers, truncation, work):
    """d_hidden and d_cell from d_logits, and d_last_hidden, d_last_cell, d_states where there is room; adds to grads.

    work.steps : TURN, the weights into the layout that is needed here; THROUGH_TIME, of work.part; WEIGHTS, of
    work.share of the gradient, when all parts have gone through time. Gradients that enter through states need the
    whole batch and full backpropagation.
    """
    if work.steps & TURN:
        _transpose_weights(shape, offsets, params, buffers)
    if work.steps & THROUGH_TIME:
        _through_time(calls.backward, shape, offsets, params, buffers, truncation, work.part)
    if work.steps & WEIGHTS:
        windowed = truncation.window >= 0
        d_gates = buffers.sum_gates if windowed else buffers.d_gates
        d_gates_hh = buffers.sum_gates_hh if windowed else buffers.d_gates_hh
        _weight_gradients(
            calls.own_gradient, shape, offsets, grads, ids, values, buffers, d_gates, d_gates_hh, work.share
        )


@inlined
def _transpose_weights(shape, offsets, params, buffers):
    width, stacks = shape.directions * shape.hidden, shape.layers * shape.directions
    for stack in range(stacks):
        transpose(
            view(params, offsets[stack, WEIGHT_HH], (shape.hidden, shape.rows)), part_of(buffers.weight_hh, stack)
        )
        if shape.own > 0:
            copy(view(params, offsets[stack, OWN], (shape.own,)), part_of(buffers.own, stack))
        if stack >= shape.directions:
            transpose(view(params, offsets[stack, WEIGHT_IH], (width, shape.rows)), part_of(buffers.weight_ih, stack))
        elif buffers.d_input.size > 0:
            transpose(
                view(params, offsets[stack, WEIGHT_IH], (shape.inputs, shape.rows)), part_of(buffers.weight_in, stack)
            )


@inlined
def through_read_out(shape, offsets, params, buffers, part):
    """d_features from d_logits"""
    batch, outputs = buffers.gates.shape[2], shape.outputs
    width, stacks = shape.directions * shape.hidden, shape.layers * shape.directions
    number, b_from, b_to = part
    # logits = features V^T + b_o
    read = buffers.d_features.shape[0]
    features = view(buffers.d_features, 0, (1, read, batch, width))
    combine(CLEAR, features, features, 0, 0, 0, read, b_from, b_to)
    pieces, size = pieces_of(read, batch, b_from, b_to)
    block = buffers.weight_ho.shape[1]
    for begin in range(0, outputs, block):
        end = min(begin + block, outputs)
        weight_ho = view(buffers.weight_ho, number * block * width, (end - begin, width))
        transpose(view(params, offsets[stacks, WEIGHT_IH], (width, outputs))[:, begin:end], weight_ho)
        for piece in range(pieces):
            row = piece * batch + b_from
            d_logits = view(buffers.d_logits, row * outputs, (size, outputs))
            add_product(d_logits[:, begin:end], weight_ho, view(buffers.d_features, row * width, (size, width)))


@inlined
def _through_time(cell_backward, shape, offsets, params, buffers, truncation, part):
    steps, stacks = buffers.gates.shape[1], shape.layers * shape.directions
    _number, b_from, b_to = part
    through_read_out(shape, offsets, params, buffers, part)
    windowed = truncation.window >= 0
    if windowed:
        for stack in range(stacks):
            combine(CLEAR, buffers.sum_hidden, buffers.sum_hidden, stack, 1, 0, steps, b_from, b_to)
            combine(CLEAR, buffers.sum_cell, buffers.sum_cell, stack, 1, 0, steps, b_from, b_to)
            combine(CLEAR, buffers.sum_gates, buffers.sum_gates, stack, 0, 0, steps, b_from, b_to)
            combine(CLEAR, buffers.sum_gates_hh, buffers.sum_gates_hh, stack, 0, 0, steps, b_from, b_to)
    for t in range(steps if windowed and shape.every else 1):
        loss_from, loss_to, first, last = 0, steps, -1, steps + 1
        if windowed:  # the loss of one step alone
            loss_from = t if shape.every else steps - 1
            loss_to = loss_from + 1
            first = loss_from - truncation.window
            last = loss_to + (truncation.window if shape.directions == 2 else 0)
        _backward_window(cell_backward, shape, buffers, loss_from, loss_to, first, last, truncation.chunk, b_from, b_to)
        if windowed:
            separate = shape.separate_bias or shape.normalised
            _add_window(buffers, t, max(first, 0), min(last, steps), separate, b_from, b_to)
    if windowed:
        for stack in range(stacks):
            combine(COPY, buffers.sum_hidden, buffers.d_hidden, stack, 1, 0, steps, b_from, b_to)
            combine(COPY, buffers.sum_cell, buffers.d_cell, stack, 1, 0, steps, b_from, b_to)


@inlined
def _backward_window(cell_backward, shape, buffers, loss_from, loss_to, first, last, chunk, b_from, b_to):
    """d_hidden, d_cell, d_gates of the losses at loss_from <= t < loss_to, within the states first <= s < last."""
    steps, batch, hidden = buffers.gates.shape[1], buffers.gates.shape[2], shape.hidden
    width, top = shape.directions * hidden, shape.layers - 1
    begin, end, sequences = max(first, 0), min(last, steps), b_to - b_from
    pieces, size = pieces_of(end - begin, batch, b_from, b_to)
    start = begin * batch + b_from  # the first row that is visited
    # the read-out's features are the top layer's outputs
    combine(CLEAR, buffers.d_outputs, buffers.d_outputs, top, 0, begin + 1, end + 1, b_from, b_to)
    if shape.every:
        losses, many = pieces_of(loss_to - loss_from, batch, b_from, b_to)
        for piece in range(losses):
            row = (loss_from + piece) * batch + b_from
            d_features = view(buffers.d_features, row * width, (many * width,))
            copy(d_features, flat(rows_of(buffers.d_outputs, top, batch + row, many)))
    else:
        d_features = view(buffers.d_features, b_from * width, (sequences, width))
        last_step = rows_of(buffers.d_outputs, top, steps * batch + b_from, sequences)
        copy_columns(d_features, 0, last_step, 0, hidden)
        first_step = rows_of(buffers.d_outputs, top, batch + b_from, sequences)
        copy_columns(d_features, hidden, first_step, hidden, width - hidden)
    if buffers.d_states.size > 0:  # computed whole
        add(flat(buffers.d_states), flat(rows_of(buffers.d_outputs, top, batch, steps * batch)))
    for above in range(shape.layers):
        layer = top - above
        if layer > 0:
            combine(CLEAR, buffers.d_outputs, buffers.d_outputs, layer - 1, 0, begin + 1, end + 1, b_from, b_to)
        for direction in range(shape.directions):
            stack = layer * shape.directions + direction
            d_hidden, d_cell = part_of(buffers.d_hidden, stack), part_of(buffers.d_cell, stack)
            combine(CLEAR, buffers.d_hidden, buffers.d_hidden, stack, 0, 0, 1, b_from, b_to)
            if shape.directions == 2:
                for piece in range(pieces):
                    row = (1 + piece) * batch + start
                    d_outputs = rows_of(buffers.d_outputs, layer, row, size)
                    copy_columns(d_outputs, direction * hidden, rows_of(buffers.d_hidden, stack, row, size), 0, hidden)
            combine(CLEAR, buffers.d_cell, buffers.d_cell, stack, 1, begin, end, b_from, b_to)
            if buffers.d_last_hidden.size > 0:  # computed whole
                last_state = 1 if direction == 1 else steps
                add(flat(part_of(buffers.d_last_hidden, stack)), flat(part_of(d_hidden, last_state)))
                if d_cell.size > 0:
                    add(flat(part_of(buffers.d_last_cell, stack)), flat(part_of(d_cell, last_state)))
            call_backward(
                cell_backward, part_of(buffers.gates, stack), part_of(buffers.weight_hh, stack),
                part_of(buffers.own, stack), part_of(buffers.hidden, stack), part_of(buffers.cell, stack),
                part_of(buffers.extra, stack), d_hidden, d_cell, part_of(buffers.d_gates, stack),
                part_of(buffers.d_gates_hh, stack), first, last, chunk, direction == 1, b_from, b_to,
            )  # fmt: skip
            if layer > 0:
                for piece in range(pieces):
                    add_product(
                        rows_of(buffers.d_gates, stack, piece * batch + start, size),
                        part_of(buffers.weight_ih, stack),
                        rows_of(buffers.d_outputs, layer - 1, (1 + piece) * batch + start, size),
                    )
        if layer > 0 and buffers.masks.size > 0:
            multiply(buffers.masks, buffers.d_outputs, buffers.d_outputs, layer - 1, begin, end, 1, b_from, b_to)


@inlined
def _add_window(buffers, t, begin, end, separate, b_from, b_to):
    """Add to the sums what one window left, in the initial state and at the steps begin <= s < end."""
    for stack in range(buffers.gates.shape[0]):
        if buffers.flow.size > 0:
            combine(COPY, buffers.d_hidden, part_of(buffers.flow, t), stack, 1, begin, end, b_from, b_to)
        combine(ADD, buffers.d_hidden, buffers.sum_hidden, stack, 1, begin, end, b_from, b_to)
        combine(ADD, buffers.d_cell, buffers.sum_cell, stack, 1, begin, end, b_from, b_to)
        combine(ADD, buffers.d_gates, buffers.sum_gates, stack, 0, begin, end, b_from, b_to)
        if separate:
            combine(ADD, buffers.d_gates_hh, buffers.sum_gates_hh, stack, 0, begin, end, b_from, b_to)


@inlined
def _weight_gradients(own_gradient, shape, offsets, grads, ids, values, buffers, d_gates, d_gates_hh, share):
    """Each weight's gradient as one product over all steps: every step's part is summed."""
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    count, hidden, rows, outputs = steps * batch, shape.hidden, shape.rows, shape.outputs
    number, of = share
    width, stacks, top = shape.directions * hidden, shape.layers * shape.directions, shape.layers - 1
    # logits = features V^T + b_o
    features = rows_of(buffers.outputs, top, batch, count)
    if not shape.every:
        features = view(buffers.features, 0, (batch, width))
    d_logits = view(buffers.d_logits, 0, (features.shape[0], outputs))
    add_outer_products(features, d_logits, grads, offsets[stacks, WEIGHT_IH], 0, outputs, number, of)
    if shape.bias:
        add_columns(d_logits, view(grads, offsets[stacks, BIAS_IH], (outputs,)), number, of)
    if number == 0:
        fill(flat(buffers.d_input), 0)
    for stack in range(stacks):
        layer, direction = stack // shape.directions, stack % shape.directions
        da, da_hh = rows_of(d_gates, stack, 0, count), rows_of(d_gates_hh, stack, 0, count)
        start, start_hh = offsets[stack, WEIGHT_IH], offsets[stack, WEIGHT_HH]
        if layer > 0:
            below = rows_of(buffers.outputs, layer - 1, batch, count)
            if buffers.dropped.size > 0:
                below = rows_of(buffers.dropped, layer - 1, 0, count)
            add_outer_products(below, da, grads, start, 0, rows, number, of)
        elif ids.size > 0:
            scatter(da, flat(ids), view(grads, start, (shape.inputs, rows)), number, of)
        else:
            add_outer_products(view(values, 0, (count, shape.inputs)), da, grads, start, 0, rows, number, of)
        # step t started from the state of step t-1, in the other direction of step t+1; the last one from the initial
        before, skipped = (0, 0) if direction == 0 else (2 * batch, batch)
        by_state = rows - hidden if shape.reset_before else rows
        states = rows_of(buffers.hidden, stack, before, count - skipped)
        add_outer_products(states, da_hh[: count - skipped], grads, start_hh, 0, by_state, number, of)
        if direction == 1:
            states = rows_of(buffers.hidden, stack, 0, batch)
            add_outer_products(states, da_hh[count - batch :], grads, start_hh, 0, by_state, number, of)
        if buffers.penalty.size > 0:
            add_outer_products(rows_of(buffers.penalty, stack, 0, count), da, grads, start_hh, 0, rows, number, of)
        if by_state < rows:
            add_outer_products(rows_of(buffers.extra, stack, 0, count), da, grads, start_hh, by_state, rows, number, of)
        if shape.bias and not shape.normalised:
            add_columns(da, view(grads, offsets[stack, BIAS_IH], (rows,)), number, of)
            add_columns(da_hh, view(grads, offsets[stack, BIAS_HH], (rows,)), number, of)
        if shape.own > 0:
            d_own = view(grads, offsets[stack, OWN], (shape.own,))
            call_own_gradient(
                own_gradient, part_of(buffers.gates, stack), part_of(buffers.cell, stack),
                part_of(buffers.extra, stack), part_of(buffers.d_hidden, stack), part_of(buffers.d_cell, stack),
                part_of(d_gates, stack), d_own, direction == 1, number, of,
            )  # fmt: skip
        if layer == 0 and buffers.d_input.size > 0 and number == 0:
            add_product(da, part_of(buffers.weight_in, stack), view(buffers.d_input, 0, (count, shape.inputs)))
