"""Scheduled sampling (Bengio, Vinyals, Jaitly & Shazeer 2015): in training, some inputs are the network's own guesses.

    x_t = the true symbol with probability e_i, else one drawn from p_{t-1}         e_i = k / (k + exp(i / k))

p_{t-1} is what the network predicted a step earlier, after reading its own symbols where it got any; i counts the
updates, and e_i is the paper's inverse sigmoid decay: at first nearly every symbol is the true one, after k ln k
updates every second one. The first symbol of a sequence is always the true one, and the targets stay what they are. No
gradient flows through the choice.

Which symbols are drawn is a function of the seed, the update's number, the step and the sequence, as in
`rnn_core.kernels.dropout`.
"""

import math

from rnn_core.cells import call_forward
from rnn_core.kernels.arithmetic import add_product, copy_to_rows, gather
from rnn_core.kernels.dropout import BITS, GOLDEN, hashed, multiply
from rnn_core.kernels.jit import kernel, part
from rnn_core.kernels.network import biases, read_out_rows
from rnn_core.kernels.vectors import rows_of, view
from rnn_core.parameters import WEIGHT_HH, WEIGHT_IH

STREAM = 0x5C4ED01D  # keeps these numbers apart from those of dropout
MOST = 700.0  # exp of more overflows
K, SEED, UPDATE = range(3)  # positions in `Buffers.sampling`


@kernel
def share_of_true(k, update):
    """e_i: the probability that a symbol is the true one."""
    return k / (k + math.exp(min(update / k, MOST)))


@part
def uniform(key, number):
    """A number from 0 to below 1, for each key and number."""
    return hashed(hashed(number ^ key) ^ hashed(key ^ GOLDEN)) / (BITS + 1)


@kernel
def read(cell_forward, shape, offsets, params, ids, values, buffers, part):
    """As `rnn_core.kernels.network.forward`, step by step, of a network that reads in one direction; ids (T, B) become
    what it has read."""
    steps, batch = buffers.gates.shape[1], buffers.gates.shape[2]
    hidden, rows = shape.hidden, shape.rows
    number, begin, end = part
    size = end - begin
    bias = view(buffers.bias, number * rows, (rows,))
    has_cell, has_extra, kept = int(buffers.cell.size > 0), int(buffers.extra.size > 0), buffers.extra.shape[3]
    seed, update = int(buffers.sampling[SEED]), int(buffers.sampling[UPDATE])
    true = share_of_true(buffers.sampling[K], update)
    coins = hashed((update + hashed((seed ^ STREAM) & BITS)) & BITS)
    draws = hashed(coins ^ STREAM)
    for t in range(steps):
        if t > 0:
            for b in range(begin, end):
                place = t * batch + b
                if uniform(coins, place) >= true:
                    left, probs = uniform(draws, place), buffers.probs[t - 1, b]
                    symbol = 0
                    for k in range(probs.size):  # the last that is possible at all, where rounding leaves a rest
                        if probs[k] > 0.0:
                            symbol = k
                            left -= probs[k]
                            if left < 0.0:
                                break
                    ids[t, b] = symbol
        row = t * batch + begin
        for layer in range(shape.layers):
            own = biases(shape, offsets, params, layer, bias)
            gates = rows_of(buffers.gates, layer, row, size)
            if layer == 0:
                weight_ih = view(params, offsets[0, WEIGHT_IH], (shape.inputs, rows))
                gather(weight_ih, view(ids, row, (size,)), bias, gates)
            else:
                copy_to_rows(bias, gates)
                below = rows_of(buffers.outputs, layer - 1, batch + row, size)
                if buffers.dropped.size > 0:
                    below = rows_of(buffers.dropped, layer - 1, row, size)
                add_product(below, view(params, offsets[layer, WEIGHT_IH], (hidden, rows)), gates)
            states = (layer * (steps + 1) + t) * batch * hidden
            call_forward(
                cell_forward, view(buffers.gates, (layer * steps + t) * batch * rows, (1, batch, rows)),
                view(params, offsets[layer, WEIGHT_HH], (hidden, rows)), own,
                view(buffers.hidden, states, (2, batch, hidden)),
                view(buffers.cell, states * has_cell, (2 * has_cell, batch * has_cell, hidden * has_cell)),
                view(
                    buffers.extra, (layer * steps + t) * batch * kept, (has_extra, batch * has_extra, kept),
                ),
                buffers.scratch, False, begin, end,
            )  # fmt: skip
            if layer + 1 < shape.layers and buffers.masks.size > 0:
                multiply(buffers.masks, buffers.outputs, buffers.dropped, layer, t, t + 1, 0, begin, end)
        features = rows_of(buffers.outputs, shape.layers - 1, batch + row, size)
        read_out_rows(shape, offsets, params, buffers, features, row)
