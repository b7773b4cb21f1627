"""Arguments of the compiled passes, in named tuples: a kernel has at most ten of them."""

from typing import NamedTuple

import numpy as np
from numba import types

from rnn_core.kernels.buffers import Buffers
from rnn_core.kernels.linking import array
from rnn_core.parameters import Shape

NO_WINDOW, NO_CHUNK = -1, 1 << 62
# Words among the arguments that nobody reads. A pass hands all of its buffers on by value, some four kilobytes on the
# stack. Where the copy lies about a multiple of 4096 bytes from what is copied, a processor that compares the last
# twelve bits of addresses waits at every word. Without these words an update took 1.7 µs longer, with 4 of them 0.7.
PADDING = 16


class Calls(NamedTuple):
    """Addresses of the compiled cell and optimiser, chosen at run time."""

    forward: int
    backward: int
    own_gradient: int  # 0 for a cell without parameters of its own
    update: int
    draw: int  # of the masks of dropout; 0 without it
    penalise: int  # 0 without it, as the next
    slope: int
    pass_forward: int  # of the network: `forward`, or what takes its place with scheduled sampling
    loss: int  # `loss_and_gradient`, or what takes its place with CTC
    padding: tuple[int, ...] = (0,) * PADDING


class Parameters(NamedTuple):
    """Parameters, their gradient, and the state of the optimiser."""

    params: np.ndarray  # (P,)
    grads: np.ndarray  # (P,), or (0,) below a backward pass
    slots: np.ndarray  # (2, P or 0) the optimiser's memory
    settings: np.ndarray  # float64, indexed by `Setting`


class Batches(NamedTuple):
    """The batches of a block. Empty, with as many dimensions, is what it does not have."""

    ids: np.ndarray  # (n, T, B) int32, or
    values: np.ndarray  # (n, T, B, D)
    target_ids: np.ndarray  # (n, S, B) int32, or
    target_values: np.ndarray  # (n, S, B, K)
    weights: np.ndarray  # (n, S, B), or empty
    reset: np.ndarray  # (n,) bool: starts from a zero state, else from the last state of the pass before


class Span(NamedTuple):
    """Which batches of the block: first <= u < last."""

    first: int
    last: int
    done: int  # updates that came before, with this memory of the optimiser
    number: int  # of the block's first batch among all: with it and the seed the masks of dropout are drawn


class Truncation(NamedTuple):
    """Truncation of the backward pass."""

    window: int = NO_WINDOW  # < 0: no limit
    chunk: int = NO_CHUNK  # not across any multiple of it


class Part(NamedTuple):
    """A part of the batch, on which one thread computes."""

    number: int  # of those that are computed at the same time: which room is its own
    begin: int  # its sequences: begin <= b < end
    end: int


class Share(NamedTuple):
    """A share of the gradient's or of the parameters' numbers, on which one thread computes."""

    number: int
    of: int


class Work(NamedTuple):
    """Part of the backward pass that one call computes."""

    steps: int  # of those of `rnn_core.kernels.backward`
    part: Part
    share: Share


class Crew(NamedTuple):
    """Work arrays and counters that are shared by the threads of one update."""

    words: np.ndarray  # (WORDS,) int64, of `rnn_core.kernels.parallel`
    parts: np.ndarray  # (parts + 1,) int64: where each part of the batch begins, and where the last one ends
    shares: int  # into which gradients and parameters are divided


class Half(NamedTuple):
    """The encoder or the decoder: parts of the parameters and of their gradient."""

    shape: Shape
    offsets: np.ndarray  # (stacks + 1, 5)
    params: np.ndarray
    grads: np.ndarray


class Attention(NamedTuple):
    """Attention's part of the parameters and of their gradient, and its room. A = H; all are empty where there is none.

    `rnn_core.encoder_decoder.attention` explains the letters.
    """

    params: np.ndarray
    grads: np.ndarray
    blank: int  # steps of x with this id are not attended to; -1: there is no such id
    keys: np.ndarray  # (T, B, A) U_a h_j
    query: np.ndarray  # (B, A) W_a s_{t-1}
    mixed: np.ndarray  # (S, B, T, A) tanh of the two together
    weights: np.ndarray  # (S, B, T) alpha
    context: np.ndarray  # (S, B, H)
    d_keys: np.ndarray  # (T, B, A)
    d_query: np.ndarray  # (S, B, A)
    d_context: np.ndarray  # (B, H)
    d_weights: np.ndarray  # (T,)
    products: np.ndarray  # (A,) room for a sum of products
    turned: np.ndarray  # W_a, U_a and C as PyTorch has them: the flat array holds them transposed


class PairBatches(NamedTuple):
    """The pairs of a block."""

    x: np.ndarray  # (n, T, B) int32
    reads: np.ndarray  # (n, S, B) int32, the targets one step later
    targets: np.ndarray  # (n, S, B) int32
    weights: np.ndarray  # (n, S, B)
    forced: np.ndarray  # (n,) bool: the decoder reads `reads`, else its own likeliest symbols


class PairRoom(NamedTuple):
    """Buffers of an encoder-decoder."""

    encoder: Buffers
    decoder: Buffers
    single: Buffers  # of one step of the decoder
    attention: Attention
    symbols: np.ndarray  # (1, B) int32
    guesses: np.ndarray  # (S, B) int32
    no_values: np.ndarray  # (0, 0, 0)


class Choice(NamedTuple):
    """Options of sampling a symbol."""

    temperature: float  # 0: the likeliest
    top_k: int
    top_p: float


class WritingRoom(NamedTuple):
    """Buffers of generation."""

    ids: np.ndarray  # (1, 1) int32, the symbol that is read
    no_values: np.ndarray  # (0, 0, 0)
    weights: np.ndarray  # (K,) float64
    order: np.ndarray  # (K,) int64


def bundle(kind, *parts):
    """The Numba type of one of these with parts of these types."""
    return types.BaseTuple.from_types(parts, kind)


def calls_type():
    """The Numba type of `Calls`."""
    return bundle(Calls, *[types.int64] * 9, types.UniTuple(types.int64, PADDING))


def parameters_type(float_type):
    """The Numba type of `Parameters`."""
    row = array(float_type, 1)
    return bundle(Parameters, row, row, array(float_type, 2), array(types.float64, 1))


def batches_type(float_type):
    """The Numba type of `Batches`."""
    ids, numbers = types.int32[:, :, ::1], array(float_type, 4)
    return bundle(Batches, ids, numbers, ids, numbers, array(float_type, 3), types.boolean[::1])


def span_type():
    """The Numba type of `Span`."""
    return bundle(Span, *[types.int64] * 4)


def part_type():
    """The Numba type of `Part`."""
    return bundle(Part, *[types.int64] * 3)


def share_type():
    """The Numba type of `Share`."""
    return bundle(Share, *[types.int64] * 2)


def truncation_type():
    """The Numba type of `Truncation`."""
    return bundle(Truncation, *[types.int64] * 2)
