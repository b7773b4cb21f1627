"""What happens if: a network reads a text as it is and with something changed, and goes on writing in either way."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import check, check_state, check_whole
from rnn_core.steps import Clamp, Stepper, check_clamps

MAX_STEPS = 20_000


class Reading(NamedTuple):
    """What reading one sequence left behind; T steps."""

    hidden: np.ndarray  # (L, T, H)
    cell: np.ndarray | None  # (L, T, H)
    gates: dict[str, np.ndarray]  # name -> (L, T, H)
    log_probs: np.ndarray  # (T, K)
    state: tuple[np.ndarray, np.ndarray]  # (hidden, cell) after the last step, each (L, 1, H)

    def quantity(self, name: str) -> np.ndarray:
        """(L, T, H): "hidden", "cell" or a gate."""
        return self.gates[name] if name in self.gates else getattr(self, name)


@dataclass(frozen=True)
class Change:
    """What is done to a network while it reads.

    clamps : numbers that are held. symbols : (step, id) that take the place of others. state : what the state is
    exchanged for just before step `at`, as `Model.forward` takes it with B = 1; "zero" is the zero state.
    """

    clamps: tuple[Clamp, ...] = ()
    symbols: tuple[tuple[int, int], ...] = ()
    state: object = None
    at: int = 0


def read(model, ids, state=None, change: Change | None = None) -> Reading:
    """The Reading of ids (T,) from a state (as `Model.forward` takes it, B = 1), with something changed.

    Raises InputError and ConfigError: the network must read ids in one direction, have an output at every step, and
    stay within the finite numbers.
    """
    ids, change = _checked(model, ids, state, change or Change())
    stepper, config = Stepper(model), model.config
    hidden, cell = stepper.start(1, state)
    exchanged = None
    if change.state is not None:
        exchanged = stepper.start(1, None if isinstance(change.state, str) else change.state)
    size = (config.num_layers, len(ids), config.hidden_size)
    hiddens, cells = np.empty(size, config.dtype), np.empty(size, config.dtype)
    gates, logits = {}, np.empty((len(ids), config.output_size), config.dtype)
    for t in range(len(ids)):
        if exchanged is not None and t == change.at:
            hidden, cell = exchanged
        hidden, cell, made, row = stepper.step(ids[t : t + 1], hidden, cell, change.clamps, t)
        hiddens[:, t], cells[:, t], logits[t] = hidden[:, 0], cell[:, 0], row[0]
        for name, values in made.items():
            gates.setdefault(name, np.empty(size, config.dtype))[:, t] = values[:, 0]
    return Reading(hiddens, cells if config.cell == "lstm" else None, gates, log_softmax(logits), (hidden, cell))


def write(model, ids, length, state=None, change: Change | None = None, temperature=1.0, seed=0) -> np.ndarray:
    """(length,) ids that the network writes after reading ids (T,): clamps go on holding, counted from the first
    symbol read. Two calls with the same seed draw with the same random numbers.

    Raises InputError and ConfigError as `read` does.
    """
    ids, change = _checked(model, ids, state, change or Change())
    length = check_whole("length", length, 1, MAX_STEPS)
    reading = read(model, ids, state, change)
    stepper, (hidden, cell), row = Stepper(model), reading.state, reading.log_probs[-1]
    rng, out = np.random.default_rng(seed), np.zeros(length, np.int64)
    for i in range(length):
        mass = np.cumsum(np.exp((row - row.max()) / temperature))
        out[i] = np.searchsorted(mass, rng.random() * mass[-1], side="right")
        hidden, cell, _gates, logits = stepper.step(out[i : i + 1], hidden, cell, change.clamps, len(ids) + i)
        row = log_softmax(logits)[0]
    return out


def divergence(log_p, log_q) -> np.ndarray:
    """(T,): Kullback-Leibler divergence of q from p in nats, sum p (log p - log q), of rows (T, K) of logarithms.

    >>> divergence(np.log([[0.5, 0.5]]), np.log([[0.75, 0.25]])).round(4).tolist()
    [0.1438]
    """
    log_p, log_q = (np.asarray(part, np.float64) for part in (log_p, log_q))
    return np.maximum((np.exp(log_p) * (log_p - log_q)).sum(axis=-1), 0)


def log_softmax(logits) -> np.ndarray:
    """The logarithms of the probabilities, in float64.

    >>> log_softmax(np.zeros((1, 4))).round(4).tolist()
    [[-1.3863, -1.3863, -1.3863, -1.3863]]
    """
    logits = np.asarray(logits, np.float64)
    logits = logits - logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def _checked(model, ids, state, change):
    """(ids as they are read, the change) after all checks."""
    config = model.config
    if config.bidirectional or config.output != "every" or config.loss != "cross_entropy":
        raise ConfigError(
            f"the network has bidirectional={config.bidirectional}, output={config.output!r}, loss={config.loss!r}; "
            "it must read in one direction and predict symbols after every step"
        )
    ids = np.asarray(ids)
    if ids.ndim != 1 or not 1 <= ids.size <= MAX_STEPS or ids.dtype.kind not in "iu":
        raise InputError(f"ids has shape {ids.shape}; expected (T,) integer ids with T from 1 to {MAX_STEPS:,}")
    ids = ids.copy()
    for step, symbol in change.symbols:
        ids[check_whole("step", step, 0, len(ids) - 1)] = symbol
    check(config, ids[:, None])
    check_state(config, state, 1)
    if isinstance(change.state, str):
        if change.state != "zero":
            raise InputError(f"state is {change.state!r}; expected 'zero' or arrays as Model.forward takes them")
    else:
        check_state(config, change.state, 1)
    return ids, replace(change, clamps=check_clamps(config, change.clamps))
