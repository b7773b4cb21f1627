"""How a state depends on an earlier one: the derivative of each step, and the products of these along time.

The state of a plain network or a GRU is h (H,), that of an LSTM the pair h, c (2H,), h first. Everything concerns one
stack, a layer in one direction, and the first sequence of a batch. In float64, whatever the network's own type.

    RNN     dh/dh' = diag(f') W                        f' = 1 - h^2 (tanh), 1 where h > 0 (ReLU),
                                         h (1 - h) (sigmoid), 1 (identity)
    GRU     dh/dh' = diag(z) + diag((h' - n) z (1 - z)) W_z
                     + diag((1 - z) (1 - n^2)) (diag(r) W_n + diag(m r (1 - r)) W_r)         m = W_n h' + b_hn
            reset before the product:   W_n (diag(r) + diag(h' r (1 - r)) W_r) in the last bracket
    LSTM    dc/dc' = diag(f)
            dc/dh' = diag(g i (1 - i)) W_i + diag(c' f (1 - f)) W_f + diag(i (1 - g^2)) W_g
            dh/d.  = diag(o (1 - tanh(c)^2)) dc/d.  (+ diag(tanh(c) o (1 - o)) W_o by h')
            with peepholes:  dc/dc' = diag(f + g i (1 - i) p_i + c' f (1 - f) p_f)
                             dh/d.  = diag(o (1 - tanh(c)^2) + tanh(c) o (1 - o) p_o) dc/d.  (+ ...)
            with layer normalisation:  diag(g_hh) LN'(W h') W in place of W, all four blocks in one,
                             dh/d.  = diag(o (1 - q^2) g_ch) LN'(c) dc/d.  (+ diag(q o (1 - o)) W_o by h')

A product of these along a path is what backpropagation through time multiplies by (Pascanu et al. 2013, eq. 5).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rnn_core.analysis.activations import ACTIVATIONS
from rnn_core.analysis.normalisation import derivative, normalised
from rnn_core.cells import CELLS
from rnn_core.config import ModelConfig
from rnn_core.model import Model
from rnn_core.trace import Trace

# the gate that hands the old state on, unit by unit
CARRIERS = {"lstm": "f", "lstm_peephole": "f", "lstm_layer_norm": "f", "gru": "z", "gru_reset_before": "z"}


class Spectrum(NamedTuple):
    """The recurrent weights of one stack, a block of H x H for each gate (a plain network has one block)."""

    names: tuple[str, ...]  # of the gates; one empty name for a plain network
    eigenvalues: np.ndarray  # (G, H) complex
    radius: np.ndarray  # (G,) largest |eigenvalue|
    largest: np.ndarray  # (G,) largest singular value


def suffix_of(config: ModelConfig, stack: int) -> str:
    """How PyTorch's names of this stack's parameters end.

    >>> from rnn_core import ModelConfig
    >>> suffix_of(ModelConfig("gru", 2, 2, 2, num_layers=2, bidirectional=True), 3)
    'l1_reverse'
    """
    layer, reverse = divmod(stack % (config.num_layers * config.directions), config.directions)
    return f"l{layer}" + ("_reverse" if reverse else "")


def is_reverse(config: ModelConfig, stack: int) -> bool:
    """Whether this stack reads the sequence from its end."""
    return bool(config.bidirectional and stack % 2)


def recurrent(model: Model, stack: int) -> np.ndarray:
    """(G, H, H): the recurrent weights of a stack, gate by gate."""
    size = model.config.hidden_size
    weight = model.state_dict()[f"weight_hh_{suffix_of(model.config, stack)}"]
    return weight.astype(np.float64).reshape(-1, size, size)


def spectrum(model: Model, stack: int = 0) -> Spectrum:
    """Eigenvalues and largest singular value of the recurrent weights."""
    blocks = recurrent(model, stack)
    eigenvalues = np.linalg.eigvals(blocks)
    names = CELLS[model.config.cell].gates or ("",)
    largest = np.linalg.svd(blocks, compute_uv=False)[:, 0]
    return Spectrum(names, eigenvalues.astype(complex), np.abs(eigenvalues).max(axis=1), largest)


def slopes(trace: Trace, stack: int = 0) -> np.ndarray:
    """(T, H): factor by which each unit scales a gradient backwards through a step, without the weights.

    |f'| of a plain network; the forget gate f of an LSTM, along its cell; the update gate z of a GRU.
    """
    carrier = CARRIERS.get(trace.config.cell)
    if carrier:
        return trace.gates[carrier][stack, :, 0].astype(np.float64)
    states = trace.hidden[stack, 1:, 0].astype(np.float64)
    return ACTIVATIONS[trace.config.cell].slope(states)


def step_jacobians(model: Model, trace: Trace, stack: int = 0) -> np.ndarray:
    """(T, S, S): [t] is the derivative of the state at step t by the state that step starts from.

    >>> from rnn_core import Model, ModelConfig
    >>> model = Model(ModelConfig("lstm", 3, 4, 3))
    >>> step_jacobians(model, model.forward([[0], [2]])).shape
    (2, 8, 8)
    """
    config, blocks = model.config, recurrent(model, stack)
    states = trace.hidden[stack, :, 0].astype(np.float64)
    before = _before(states, is_reverse(config, stack))
    if not trace.gates:
        return slopes(trace, stack)[:, :, None] * blocks[0]
    gates = {name: values[stack, :, 0].astype(np.float64)[:, :, None] for name, values in trace.gates.items()}
    if trace.cell is None:  # a GRU
        return gru_jacobians(config.cell, gates, blocks, before, bias_of_candidate(model, stack))
    cells = trace.cell[stack, :, 0].astype(np.float64)
    if CELLS[config.cell].normalised:
        return lstm_layer_norm_jacobians(
            gates, blocks, gains(model, stack), before, _before(cells, is_reverse(config, stack))[:, :, None], cells[1:]
        )
    return lstm_jacobians(
        gates, blocks, peepholes(model, stack), _before(cells, is_reverse(config, stack))[:, :, None],
        cells[1:, :, None],
    )  # fmt: skip


def _before(states: np.ndarray, reverse: bool) -> np.ndarray:
    """(T, H): the state that each step starts from; index 0 of `states` is the initial one in either direction."""
    return np.concatenate([states[2:], states[:1]]) if reverse else states[:-1]


def bias_of_candidate(model: Model, stack: int) -> np.ndarray:
    """(H,): b_hh of a GRU's candidate, where it lies inside the reset product, else zero."""
    size = model.config.hidden_size
    if not model.config.bias or not CELLS[model.config.cell].separate_bias:
        return np.zeros(size)
    return model.state_dict()[f"bias_hh_{suffix_of(model.config, stack)}"][2 * size :].astype(np.float64)


def peepholes(model: Model, stack: int) -> np.ndarray:
    """(3, H): weights by which the gates i, f, o see the cell; zero where the cell has none."""
    size = model.config.hidden_size
    weight = model.state_dict().get(f"weight_ch_{suffix_of(model.config, stack)}", np.zeros(3 * size))
    return weight.reshape(3, size).astype(np.float64)


class Gains(NamedTuple):
    """Of layer normalisation: what W h and the cell are multiplied by, and what is added to the cell then; one for
    each number."""

    state: np.ndarray  # (4·H,)
    cell: np.ndarray  # (H,)
    shift: np.ndarray  # (H,)


def gains(model: Model, stack: int) -> Gains:
    """Of a stack of an LSTM with layer normalisation."""
    weights, suffix = model.state_dict(), suffix_of(model.config, stack)
    state, cell = (weights[f"gain_{name}_{suffix}"].astype(np.float64) for name in ("hh", "ch"))
    return Gains(state, cell, weights.get(f"bias_ch_{suffix}", np.zeros_like(cell)).astype(np.float64))


def gru_jacobians(
    cell: str, gates: Mapping[str, np.ndarray], blocks: np.ndarray, before: np.ndarray, bias: np.ndarray
) -> np.ndarray:
    """(N, H, H) for N steps of a GRU: gates by name (N, H, 1), their recurrent weights (G, H, H), h' (N, H), and what
    lies inside the reset product, b_hn."""
    r, z, n = (gates[name] for name in "rzn")
    weight_r, weight_z, weight_n = blocks
    if CELLS[cell].reset_before:
        reset = before[:, :, None] * r * (1 - r) * weight_r
        reset[:, np.arange(before.shape[1]), np.arange(before.shape[1])] += r[:, :, 0]
        candidate = weight_n @ reset
    else:
        m = (before @ weight_n.T + bias)[:, :, None]
        candidate = r * weight_n + m * r * (1 - r) * weight_r
    jacobians = (before[:, :, None] - n) * z * (1 - z) * weight_z + (1 - z) * (1 - n**2) * candidate
    units = np.arange(before.shape[1])
    jacobians[:, units, units] += z[:, :, 0]
    return jacobians


def lstm_jacobians(
    gates: Mapping[str, np.ndarray], blocks: np.ndarray, peephole: np.ndarray, before: np.ndarray, cells: np.ndarray
) -> np.ndarray:
    """(N, 2H, 2H) for N steps of an LSTM: gates by name, c' and c (N, H, 1), recurrent weights (G, H, H), peepholes
    (3, H)."""
    i, f, g, o = (gates[name] for name in "ifgo")
    weight_i, weight_f, weight_g, weight_o = blocks
    by_hidden = g * i * (1 - i) * weight_i + before * f * (1 - f) * weight_f + i * (1 - g**2) * weight_g
    p_i, p_f, p_o = peephole[:, :, None]
    by_cell = (f + g * i * (1 - i) * p_i + before * f * (1 - f) * p_f) * np.eye(f.shape[1])
    squashed = np.tanh(cells)
    opening = o * (1 - squashed**2) + squashed * o * (1 - o) * p_o
    top = np.concatenate([opening * by_hidden + squashed * o * (1 - o) * weight_o, opening * by_cell], axis=2)
    return np.concatenate([top, np.concatenate([by_hidden, by_cell], axis=2)], axis=1)


def lstm_layer_norm_jacobians(
    gates: Mapping[str, np.ndarray], blocks: np.ndarray, of: Gains, hidden: np.ndarray, before: np.ndarray,
    cells: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """(N, 2H, 2H) for N steps of an LSTM with layer normalisation: gates by name (N, H, 1), recurrent weights
    (G, H, H), h' (N, H), c' (N, H, 1), c (N, H)."""
    i, f, g, o = (gates[name] for name in "ifgo")
    weight = blocks.reshape(-1, hidden.shape[1])
    by_state = of.state[:, None] * derivative(hidden @ weight.T) @ weight
    weight_i, weight_f, weight_g, weight_o = np.split(by_state, 4, axis=1)
    by_hidden = g * i * (1 - i) * weight_i + before * f * (1 - f) * weight_f + i * (1 - g**2) * weight_g
    by_cell = f * np.eye(f.shape[1])
    squashed = np.tanh(of.cell * normalised(cells) + of.shift)[:, :, None]
    opening = o * (1 - squashed**2) * of.cell[:, None] * derivative(cells)
    top = np.concatenate([opening @ by_hidden + squashed * o * (1 - o) * weight_o, opening @ by_cell], axis=2)
    return np.concatenate([top, np.concatenate([by_hidden, by_cell], axis=2)], axis=1)


def products(jacobians: np.ndarray, t: int, reverse: bool = False) -> np.ndarray:
    """(L, S, S): [lag] is the derivative of the state at step t by the state `lag` steps before it, for every such
    step of the sequence; [0] is the identity. In the reverse direction “before” is later.
    """
    path = jacobians[t:0:-1] if not reverse else jacobians[t:-1]
    found = np.empty((len(path) + 1, *jacobians.shape[1:]))
    found[0] = np.eye(jacobians.shape[1])
    for lag, step in enumerate(path, 1):
        np.matmul(found[lag - 1], step, out=found[lag])
    return found


def singular_values(matrices: np.ndarray) -> np.ndarray:
    """(..., S) from the largest on; those too small to be told from rounding beside the largest are NaN."""
    values = np.linalg.svd(matrices, compute_uv=False)
    return np.where(values > 1e-14 * values[..., :1], values, np.nan)
