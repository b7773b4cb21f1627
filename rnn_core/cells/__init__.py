"""The registry of cells: what the rest of the core must know of a cell, in one line each.

A cell is two kernels over a whole sequence of one layer in one direction.

    forward(gates, weight_hh, own, hidden, cell, extra, scratch, reverse, begin, end)
        gates    (T, B, G*H)  holds W_ih x + biases on entry (normalised: W_ih x), the activated gates on return
        weight_hh   (H, G*H)  transposed: h @ weight_hh
        own             (O,)  what stands outside the sums: b_hh of the candidate (GRU), peepholes, all biases and
                              gains (normalised); else empty
        hidden  (T+1, B, H)   index 0 the initial state (given), t+1 the state at step t (written)
        cell    (T+1, B, H)   the same for the LSTM's cell, else empty
        extra     (T, B, E)   what the backward pass needs besides, else empty
        scratch     (B, G*H)  room to work
        begin, end            only the sequences begin <= b < end of the batch are read and written

    backward(gates, weight_hh, own, hidden, cell, extra, d_hidden, d_cell, d_gates, d_gates_hh, first, last, chunk,
             reverse, begin, end)
        weight_hh   (G*H, H)  as PyTorch has it: dh += d_gates_hh @ weight_hh
        own             (O,)  parameters of the cell's own (peepholes; normalised: as above), else empty
        d_hidden (T+1, B, H)  on entry the gradient that enters each state from above; on return all paths summed
        d_cell   (T+1, B, H)  the same for the cell; zero on entry
        d_gates   (T, B, G*H) gradient of the pre-activations W_ih x + b_ih (normalised: of W_ih x)
        d_gates_hh            gradient of the pre-activations' hidden part W_hh h + b_hh (GRU; normalised: of W_hh h),
                              else the same array
        first, last           only states at steps first <= s < last receive gradient; step -1 (reverse: step T) is
                              the initial state; so full backpropagation is -1, T (reverse: 0, T + 1)
        chunk                 the gradient does not cross from step s to s - 1 where s is a multiple of chunk

A cell without gates has a third, slope(hidden, slopes): slopes (H,) = f'(a), where hidden is f(a). One with parameters
of its own, beside weights and biases, has

    own_gradient(gates, cell, extra, d_hidden, d_cell, d_gates, grads, reverse, number, of)
        grads           (O,)  gradient of the cell's own parameters: adds to it
        the others            as `backward` left them
        number, of            only this share of the units is changed
"""

from collections.abc import Callable
from typing import NamedTuple

from numba import types

from rnn_core.cells import gru, gru_reset_before, lstm, lstm_layer_norm, lstm_peephole, rnn
from rnn_core.kernels.linking import array, by_address


class Cell(NamedTuple):
    """One kind of cell; `gates` are named in the order of their blocks of H rows in PyTorch's weights."""

    forward: Callable
    backward: Callable
    blocks: int  # G: weight_ih has G * H rows
    gates: tuple[str, ...] = ()
    has_cell: bool = False
    extra: tuple[int, int] = (0, 0)  # E = how many times H, and how many numbers more
    separate_bias: bool = False  # the last block's b_hh lies inside the reset product (GRU)
    slope: Callable | None = None  # f' from h, of a cell without gates
    reset_before: bool = False  # the last block of weight_hh is multiplied with r * h_{t-1}, which `extra` keeps
    own: tuple[tuple[str, int], ...] = ()  # parameters beside weights and biases: (name, how many blocks of H numbers)
    own_gradient: Callable | None = None
    normalised: bool = False  # by layer normalisation: the cell applies the biases itself, after it

    def own_parameters(self, bias: bool) -> tuple[tuple[str, int], ...]:
        """Those of `own` that a network with or without biases has."""
        return tuple((name, blocks) for name, blocks in self.own if bias or not name.startswith("bias"))


CELLS = {
    "rnn_tanh": Cell(rnn.forward_tanh, rnn.backward_tanh, 1, slope=rnn.slope_tanh),
    "rnn_relu": Cell(rnn.forward_relu, rnn.backward_relu, 1, slope=rnn.slope_relu),
    "rnn_sigmoid": Cell(rnn.forward_sigmoid, rnn.backward_sigmoid, 1, slope=rnn.slope_sigmoid),
    "rnn_identity": Cell(rnn.forward_identity, rnn.backward_identity, 1, slope=rnn.slope_identity),
    "gru": Cell(gru.forward, gru.backward, 3, ("r", "z", "n"), extra=(1, 0), separate_bias=True),
    "gru_reset_before": Cell(
        gru_reset_before.forward, gru_reset_before.backward, 3, ("r", "z", "n"), extra=(1, 0), reset_before=True
    ),
    "lstm": Cell(lstm.forward, lstm.backward, 4, ("i", "f", "g", "o"), has_cell=True, extra=(1, 0)),
    "lstm_peephole": Cell(
        lstm_peephole.forward,
        lstm_peephole.backward,
        4,
        ("i", "f", "g", "o"),
        has_cell=True,
        extra=(1, 0),
        own=(("weight_ch", 3),),
        own_gradient=lstm_peephole.own_gradient,
    ),
    "lstm_layer_norm": Cell(
        lstm_layer_norm.forward,
        lstm_layer_norm.backward,
        4,
        ("i", "f", "g", "o"),
        has_cell=True,
        extra=(14, 3),
        own=(("gain_ih", 4), ("gain_hh", 4), ("gain_ch", 1), ("bias_ch", 1)),
        own_gradient=lstm_layer_norm.own_gradient,
        normalised=True,
    ),
}


def forward_signature(float_type):
    """The Numba signature of every cell's forward kernel for this float type."""
    one, two, three = (array(float_type, dimensions) for dimensions in (1, 2, 3))
    return types.void(three, two, one, three, three, three, two, types.boolean, types.int64, types.int64)


def backward_signature(float_type):
    """The Numba signature of every cell's backward kernel for this float type."""
    one, two, three = (array(float_type, dimensions) for dimensions in (1, 2, 3))
    steps = [types.int64] * 3
    return types.void(three, two, one, *[three] * 7, *steps, types.boolean, types.int64, types.int64)


def slope_signature(float_type):
    """The Numba signature of every slope for this float type."""
    return types.void(array(float_type, 1), array(float_type, 1))


def own_gradient_signature(float_type):
    """The Numba signature of every `own_gradient` for this float type."""
    three = array(float_type, 3)
    return types.void(*[three] * 6, array(float_type, 1), types.boolean, types.int64, types.int64)


call_forward, call_backward = by_address(forward_signature), by_address(backward_signature)
call_slope, call_own_gradient = by_address(slope_signature), by_address(own_gradient_signature)
