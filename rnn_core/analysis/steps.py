"""A network one step at a time, in NumPy, for what the compiled pass has no room for: holding a number where it is.

The equations are those of `rnn_core.cells` (GRU r z n, z = 1 keeps; LSTM i f g o), for a batch
of B sequences and every layer. A step costs some hundredths of a millisecond: enough for texts of a
few thousand symbols.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.analysis.activations import ACTIVATIONS, sigmoid
from rnn_core.analysis.normalisation import normalised
from rnn_core.analysis.recording import quantities
from rnn_core.cells import CELLS
from rnn_core.config import ModelConfig
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import check_number, check_whole
from rnn_core.model import Model


class Clamp(NamedTuple):
    """A quantity that is clamped to a value while a network reads.

    quantity : "hidden", "cell" or the name of a gate. unit : which, None for all of them. value : its fixed value;
    0 is an ablation. layer : whose; of two directions it is layer · 2 + direction. begin, end : from this step of the
    text on, and before that one (None: to the end), whichever way the direction reads.
    """

    quantity: str
    unit: int | None
    value: float
    layer: int = 0
    begin: int = 0
    end: int | None = None

    def holds(self, step: int) -> bool:
        """Whether it is in force at this step."""
        return step >= self.begin and (self.end is None or step < self.end)


def check_clamps(config: ModelConfig, clamps: Iterable[Clamp]) -> tuple[Clamp, ...]:
    """The clamps, checked against the network; InputError names what the network has not."""
    allowed = quantities(config.cell)
    for clamp in clamps:
        if clamp.quantity not in allowed:
            raise InputError(f"quantity is {clamp.quantity!r}; {config.cell} has {', '.join(allowed)}")
        check_whole("layer", clamp.layer, 0, config.num_layers * config.directions - 1)
        if clamp.unit is not None:
            check_whole("unit", clamp.unit, 0, config.hidden_size - 1)
        check_number("value", clamp.value, -1e6, 1e6)
    return tuple(clamps)


Gates = dict[str, np.ndarray]  # by name


class Weights(NamedTuple):
    """Weights of one layer in one direction, shaped as PyTorch's; a missing bias is None."""

    weight_ih: np.ndarray  # (G·H, D)
    weight_hh: np.ndarray  # (G·H, H)
    bias_ih: np.ndarray | None  # (G·H,)
    bias_hh: np.ndarray | None  # (G·H,)
    own: dict[str, np.ndarray]  # the cell's own parameters: peepholes weight_ch (3·H,) of i, f, o, gains


class Step(NamedTuple):
    """Result of one step."""

    hidden: np.ndarray  # (L, B, H)
    cell: np.ndarray  # (L, B, H)
    gates: Gates  # (L, B, H) each
    logits: np.ndarray  # (B, K)


class Stepper:
    """A copy of a network that reads symbol by symbol.

    >>> from rnn_core import Model, ModelConfig
    >>> stepper = Stepper(Model(ModelConfig("gru", 5, 3, 5, seed=1)))
    >>> hidden, cell = stepper.start(batch=2)
    >>> hidden, cell, gates, logits = stepper.step(np.array([0, 4]), hidden, cell)
    >>> hidden.shape, sorted(gates), logits.shape
    ((1, 2, 3), ['n', 'r', 'z'], (2, 5))

    Raises ConfigError for a network that reads in both directions.
    """

    def __init__(self, model: Model) -> None:
        if model.config.bidirectional:
            raise ConfigError("the network is bidirectional; step by step only one that reads in one direction can go")
        self.config = model.config
        self._layers, weights = stacks_of(model), model.state_dict()
        self._read_out, self._bias = weights["weight_ho"], weights.get("bias_o", 0)

    def start(self, batch: int = 1, state: ArrayLike | None = None) -> tuple[np.ndarray, np.ndarray]:
        """(hidden, cell), each (L, B, H), from a state as `Model.forward` takes it; None is zero."""
        return start_of(self.config, batch, state)

    def step(
        self, ids: np.ndarray, hidden: np.ndarray, cell: np.ndarray, clamps: Iterable[Clamp] = (), at: int = 0
    ) -> Step:
        """(hidden, cell, gates, logits) after reading ids (B,), with the clamps that hold at step `at`.

        gates : name -> (L, B, H). logits (B, K). Raises InputError where the numbers leave the finite ones.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            result = self._step(ids, hidden, cell, clamps, at)
        if not all(np.isfinite(part).all() for part in (result.hidden, result.cell, result.logits)):
            raise InputError(
                f"at step {at} the network's numbers are no longer finite; hold fewer units, or at smaller values"
            )
        return result

    def _step(self, ids: np.ndarray, hidden: np.ndarray, cell: np.ndarray, clamps: Iterable[Clamp], at: int) -> Step:
        config, new_hidden, new_cell = self.config, np.empty_like(hidden), np.empty_like(cell)
        gates = {name: np.empty_like(hidden) for name in CELLS[config.cell].gates}
        below = None
        for layer, weights in enumerate(self._layers):
            active = [clamp for clamp in clamps if clamp.layer == layer and clamp.holds(at)]
            from_input = weights.weight_ih[:, ids].T if below is None else below @ weights.weight_ih.T
            below, new_cell[layer], result = advance(
                config.cell, weights, from_input, hidden[layer], cell[layer], active
            )
            new_hidden[layer] = below
            for name, value in result.items():
                gates[name][layer] = value
        return Step(new_hidden, new_cell, gates, below @ self._read_out.T + self._bias)


def stacks_of(model: Model) -> list[Weights]:
    """The Weights of each layer and direction, in PyTorch's order."""
    weights, config = model.state_dict(), model.config
    ends = [f"_l{layer}{end}" for layer in range(config.num_layers) for end in ("", "_reverse")[: config.directions]]
    return [
        Weights(
            weights[f"weight_ih{end}"],
            weights[f"weight_hh{end}"],
            weights.get(f"bias_ih{end}"),
            weights.get(f"bias_hh{end}"),
            {name: weights[f"{name}{end}"] for name, _ in CELLS[config.cell].own_parameters(config.bias)},
        )
        for end in ends
    ]


def advance(
    cell: str, weights: Weights, from_input: np.ndarray, hidden: np.ndarray, memory: np.ndarray, active: Sequence[Clamp]
) -> tuple[np.ndarray, np.ndarray, Gates]:
    """(hidden, memory cell, gates), each (B, H), of one layer and direction after a step, with the clamps that hold.

    weights : from `stacks_of`. from_input (B, G·H): U x_t, without its bias.
    """
    gates: Gates = {}
    if weights.bias_ih is not None and not CELLS[cell].normalised:
        from_input = from_input + weights.bias_ih
    h, c = _STEPS.get(cell, _plain)(cell, weights, from_input, hidden, memory, active, gates)
    return _hold("hidden", h, active), c, gates


def start_of(config: ModelConfig, batch: int = 1, state: ArrayLike | None = None) -> tuple[np.ndarray, np.ndarray]:
    """(hidden, cell), each (LD, B, H), from a state as `Model.forward` takes it; None is zero. Without a memory cell,
    cell is zeros."""
    shape = (config.num_layers * config.directions, batch, config.hidden_size)
    hidden, cell = state if isinstance(state, tuple) else (state, None)
    result = [np.zeros(shape, config.dtype) if part is None else np.array(part) for part in (hidden, cell)]
    return result[0], result[1]


def _hold(quantity: str, values: np.ndarray, active: Sequence[Clamp]) -> np.ndarray:
    """The values (B, H), with the clamped ones replaced."""
    for clamp in active:
        if clamp.quantity == quantity:
            values = values.copy()
            values[:, slice(None) if clamp.unit is None else clamp.unit] = clamp.value
    return values


def _from_state(weights: Weights, hidden: np.ndarray) -> np.ndarray:
    """(B, G·H): W h_{t-1}, with its bias."""
    product = hidden @ weights.weight_hh.T
    return product if weights.bias_hh is None else product + weights.bias_hh


def _plain(
    cell: str,
    weights: Weights,
    from_input: np.ndarray,
    hidden: np.ndarray,
    c: np.ndarray,
    _held: Sequence[Clamp],
    _gates: Gates,
) -> tuple[np.ndarray, np.ndarray]:
    # h_t = f(U x_t + W h_{t-1} + b)
    a = from_input + _from_state(weights, hidden)
    return ACTIVATIONS[cell].value(a), c


def _gru(
    cell: str,
    weights: Weights,
    from_input: np.ndarray,
    hidden: np.ndarray,
    c: np.ndarray,
    active: Sequence[Clamp],
    gates: Gates,
) -> tuple[np.ndarray, np.ndarray]:
    x_r, x_z, x_n = np.split(from_input, 3, axis=1)
    h_r, h_z, m = np.split(_from_state(weights, hidden), 3, axis=1)
    r = gates["r"] = _hold("r", sigmoid(x_r + h_r), active)
    z = gates["z"] = _hold("z", sigmoid(x_z + h_z), active)
    reset = r * m
    if CELLS[cell].reset_before:
        reset = np.split(_from_state(weights, r * hidden), 3, axis=1)[2]
    n = gates["n"] = _hold("n", np.tanh(x_n + reset), active)
    return (1 - z) * n + z * hidden, c


def _lstm(
    _cell: str,
    weights: Weights,
    from_input: np.ndarray,
    hidden: np.ndarray,
    c: np.ndarray,
    active: Sequence[Clamp],
    gates: Gates,
) -> tuple[np.ndarray, np.ndarray]:
    a_i, a_f, a_g, a_o = np.split(from_input + _from_state(weights, hidden), 4, axis=1)
    p_i, p_f, p_o = np.split(weights.own["weight_ch"], 3) if weights.own else (0, 0, 0)
    i = gates["i"] = _hold("i", sigmoid(a_i + p_i * c), active)
    f = gates["f"] = _hold("f", sigmoid(a_f + p_f * c), active)
    g = gates["g"] = _hold("g", np.tanh(a_g), active)
    c = _hold("cell", f * c + i * g, active)
    o = gates["o"] = _hold("o", sigmoid(a_o + p_o * c), active)
    return o * np.tanh(c), c


def _lstm_layer_norm(
    _cell: str,
    weights: Weights,
    from_input: np.ndarray,
    hidden: np.ndarray,
    c: np.ndarray,
    active: Sequence[Clamp],
    gates: Gates,
) -> tuple[np.ndarray, np.ndarray]:
    own = weights.own
    a = own["gain_ih"] * normalised(from_input) + own["gain_hh"] * normalised(hidden @ weights.weight_hh.T)
    if weights.bias_ih is not None and weights.bias_hh is not None:
        a = a + weights.bias_ih + weights.bias_hh
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)
    i = gates["i"] = _hold("i", sigmoid(a_i), active)
    f = gates["f"] = _hold("f", sigmoid(a_f), active)
    g = gates["g"] = _hold("g", np.tanh(a_g), active)
    o = gates["o"] = _hold("o", sigmoid(a_o), active)
    c = _hold("cell", f * c + i * g, active)
    return o * np.tanh(own["gain_ch"] * normalised(c) + own.get("bias_ch", 0)), c


_STEPS = {
    "gru": _gru, "gru_reset_before": _gru, "lstm": _lstm, "lstm_peephole": _lstm, "lstm_layer_norm": _lstm_layer_norm,
}  # fmt: skip
