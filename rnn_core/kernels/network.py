"""A whole network in compiled code: layers and directions, read-out and loss; the backward pass is in `backward`.

The only thing inside the loop over time is the cell's recurrent product and its gates. Input projections, the
read-out and the gradients of the weights are one product each over all steps and sequences. An array of a layer is
looked at as rows of all its steps and sequences, one after the other: row t * B + b.

No sequence of a batch knows of the others: a `Part` of it is computed without the rest, to the same bits.
"""

import functools

import numba
import numpy as np
from numba import types

from rnn_core.cells import call_forward
from rnn_core.config import ModelConfig
from rnn_core.kernels.arguments import part_type
from rnn_core.kernels.arithmetic import add, add_product, copy, copy_columns, copy_to_rows, fill, gather, softmax
from rnn_core.kernels.buffers import allocate
from rnn_core.kernels.dropout import multiply
from rnn_core.kernels.jit import inlined
from rnn_core.kernels.jit import part as scalar
from rnn_core.kernels.linking import array, by_address, shared
from rnn_core.kernels.vectors import flat, part_of, rows_of, view
from rnn_core.parameters import BIAS_HH, BIAS_IH, OWN, WEIGHT_HH, WEIGHT_IH, layout


@functools.cache
def network_types(float_type):
    """The Numba types of a network's shape and offsets, and of its buffers: they depend on the float type alone."""
    config = ModelConfig("rnn_tanh", 1, 1, 1, dtype=str(float_type))
    network = layout(config)
    return tuple(numba.typeof(each) for each in (network.shape, network.offsets, allocate(network, config, 1, 1)))


def pass_signature(float_type):
    """The Numba signature of every pass forwards for this float type."""
    shape, offsets, buffers = network_types(float_type)
    values = array(float_type, 3)
    return types.void(
        types.int64, shape, offsets, array(float_type, 1), types.int32[:, ::1], values, buffers, part_type()
    )


@scalar
def pieces_of(steps, batch, begin, end):
    """In how many pieces the rows of a part of the batch lie, and how many rows each has: in one if it is the whole
    batch, else in one for each step."""
    size = end - begin
    return (1, steps * batch) if size == batch else (steps, size)


@shared(pass_signature, from_python=False)
def forward(cell_forward, shape, offsets, params, ids, values, buffers, part):
    """hidden, cell, gates, outputs, logits (and probs) of a part of a batch; leaves log sum exp(logits) in loss.

    ids (T, B), or values (T, B, D) where ids is empty.
    """
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    hidden, rows = shape.hidden, shape.rows
    width, stacks, top = shape.directions * hidden, shape.layers * shape.directions, shape.layers - 1
    number, begin, end = part
    pieces, size = pieces_of(steps, batch, begin, end)
    bias = view(buffers.bias, number * rows, (rows,))
    for stack in range(stacks):
        layer, direction = stack // shape.directions, stack % shape.directions
        own = biases(shape, offsets, params, stack, bias)
        inputs = shape.inputs if layer == 0 else width
        weight_ih = view(params, offsets[stack, WEIGHT_IH], (inputs, rows))
        for piece in range(pieces):
            row = piece * batch + begin
            gates = rows_of(buffers.gates, stack, row, size)
            if layer == 0 and ids.size > 0:
                gather(weight_ih, view(ids, row, (size,)), bias, gates)
            else:
                copy_to_rows(bias, gates)
                if layer == 0:
                    add_product(view(values, row * inputs, (size, inputs)), weight_ih, gates)
                else:
                    below = rows_of(buffers.outputs, layer - 1, batch + row, size)
                    if buffers.dropped.size > 0:
                        below = rows_of(buffers.dropped, layer - 1, row, size)
                    add_product(below, weight_ih, gates)
        call_forward(
            cell_forward, part_of(buffers.gates, stack), view(params, offsets[stack, WEIGHT_HH], (hidden, rows)),
            own, part_of(buffers.hidden, stack), part_of(buffers.cell, stack), part_of(buffers.extra, stack),
            buffers.scratch, direction == 1, begin, end,
        )  # fmt: skip
        if shape.directions == 2:
            for piece in range(pieces):
                row = (1 + piece) * batch + begin
                states, outputs = rows_of(buffers.hidden, stack, row, size), rows_of(buffers.outputs, layer, row, size)
                copy_columns(states, 0, outputs, direction * hidden, hidden)
        if layer < top and direction + 1 == shape.directions and buffers.masks.size > 0:
            multiply(buffers.masks, buffers.outputs, buffers.dropped, layer, 0, steps, 0, begin, end)

    read_out(shape, offsets, params, buffers, part)


call_pass = by_address(pass_signature)  # `forward`, or what takes its place with scheduled sampling


@inlined
def biases(shape, offsets, params, stack, bias):
    """bias = b_ih + b_hh, what the gates begin with; returns what the cell applies itself: b_hh of the GRU's candidate,
    inside the reset product, or parameters of its own, with layer normalisation the biases among them."""
    rows = shape.rows
    fill(bias, 0)
    own = view(params, max(offsets[stack, OWN], 0), (shape.own,))
    if shape.bias and not shape.normalised:
        start_hh = offsets[stack, BIAS_HH]
        summed = rows - shape.hidden if shape.separate_bias else rows
        copy(view(params, offsets[stack, BIAS_IH], (rows,)), bias)
        add(view(params, start_hh, (summed,)), view(bias, 0, (summed,)))
        if shape.separate_bias:
            own = view(params, start_hh + summed, (rows - summed,))
    return own


@inlined
def read_out(shape, offsets, params, buffers, part):
    """logits = features V^T + b_o, probs = softmax(logits)"""
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    hidden = shape.hidden
    width, top = shape.directions * hidden, shape.layers - 1
    _number, begin, end = part
    pieces, size = pieces_of(buffers.logits.shape[0], batch, begin, end)
    for piece in range(pieces):
        row = piece * batch + begin
        features = rows_of(buffers.outputs, top, batch + row, size)
        if not shape.every:  # the last state of each direction, at steps T-1 and 0
            features = view(buffers.features, row * width, (size, width))
            copy_columns(rows_of(buffers.outputs, top, steps * batch + row, size), 0, features, 0, hidden)
            first_step = rows_of(buffers.outputs, top, batch + row, size)
            copy_columns(first_step, hidden, features, hidden, width - hidden)
        read_out_rows(shape, offsets, params, buffers, features, row)


@inlined
def read_out_rows(shape, offsets, params, buffers, features, row):
    """The same of some rows of features, which are one behind the other, as those of the outputs from `row` on."""
    size, width, outputs, stacks = features.shape[0], features.shape[1], shape.outputs, shape.layers * shape.directions
    logits = view(buffers.logits, row * outputs, (size, outputs))
    if shape.bias:
        copy_to_rows(view(params, offsets[stacks, BIAS_IH], (outputs,)), logits)
    else:
        fill(flat(logits), 0)
    add_product(features, view(params, offsets[stacks, WEIGHT_IH], (width, outputs)), logits)
    if not shape.squared:
        probs = view(buffers.probs, row * outputs, (size, outputs))
        softmax(logits, probs, view(buffers.loss, row, (size,)))


def loss_signature(float_type):
    numbers, weights, ids = array(float_type, 3), array(float_type, 2), types.int32[:, ::1]
    return types.float64(
        numbers, numbers, types.boolean, ids, numbers, weights, array(types.float64, 2), numbers,
        array(types.float64, 3), part_type(),
    )  # fmt: skip


@shared(loss_signature, from_python=False)
def loss_and_gradient(
    logits, probs, squared, target_ids, target_values, weights, loss_per_step, d_logits, alignments, part
):
    """The mean loss over the predicted steps, weighted, of which this is what a part of the batch adds; writes the loss
    of each step and d_logits = dL/dlogits.

    Cross-entropy: -log p[target], dL/dlogits = p - onehot. Mean squared error: mean over the outputs, 2 (o - y) / K.
    `weights` (S, B) is empty where all steps count alike. loss_per_step (S, B) holds log sum exp(logits) on entry.
    """
    read, _batch, outputs = logits.shape
    kind = logits.dtype.type
    total_weight, total = total_weight_of(weights, loss_per_step), 0.0
    for s in range(read):
        for b in range(part.begin, part.end):
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
                    part_of_d = scale * p[k]
                    d[k] = kind(0.0) if part_of_d < smallest else part_of_d  # see `sigmoid`: subnormal numbers are slow
                d[target] = scale * (p[target] - kind(1.0))
            loss_per_step[s, b] = loss
            if share > 0.0:
                total += share * loss
    return total


call_loss = by_address(loss_signature)  # `loss_and_gradient`, or what takes its place with CTC


@inlined
def total_weight_of(weights, loss_per_step):
    total_weight = float(loss_per_step.size)
    if weights.size > 0:
        total_weight = 0.0
        for s in range(weights.shape[0]):
            for b in range(weights.shape[1]):
                total_weight += weights[s, b]
    return total_weight
