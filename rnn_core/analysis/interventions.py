"""Interventions: a network reads a text unchanged and with a change, and continues either of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.analysis.scoring import log_softmax
from rnn_core.analysis.steps import Clamp, Stepper, advance, check_clamps, stacks_of, start_of
from rnn_core.cells import CELLS
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import array_of, check, check_state, check_whole
from rnn_core.model import Model
from rnn_core.trace import State

MAX_STEPS = 20_000
TOLD_EVERY = 250  # steps of a layer and direction: some hundredths of a second


class Reading(NamedTuple):
    """Activations of reading one sequence; T steps, LD layers and directions, layer · directions + direction."""

    hidden: np.ndarray  # (LD, T, H): after each symbol was read, whichever way
    cell: np.ndarray | None  # (LD, T, H)
    gates: dict[str, np.ndarray]  # name -> (LD, T, H)
    log_probs: np.ndarray  # (T, K); (1, K) of a network that is read at the end
    state: tuple[np.ndarray, np.ndarray]  # (hidden, cell) after each direction's last step, each (LD, 1, H)

    def quantity(self, name: str) -> np.ndarray:
        """(LD, T, H): "hidden", "cell" or a gate."""
        return self.gates[name] if name in self.gates else getattr(self, name)


@dataclass(frozen=True)
class Change:
    """Changes made to a network while it reads.

    clamps : values that are fixed. symbols : (step, id) that take the place of others. state : what the state is
    exchanged for just before step `at`, as `Model.forward` takes it with B = 1; "zero" is the zero state. Of two
    directions only the forward one's is exchanged.
    """

    clamps: tuple[Clamp, ...] = ()
    symbols: tuple[tuple[int, int], ...] = ()
    state: State | Literal["zero"] | None = None
    at: int = 0


def read(
    model: Model,
    ids: ArrayLike,
    state: ArrayLike | None = None,
    change: Change | None = None,
    plain: Reading | None = None,
    progress: Callable[[float], bool] = lambda share: True,
) -> Reading | None:
    """The Reading of ids (T,) from a state (as `Model.forward` takes it, B = 1), with something changed.

    A step is a place in the text, for the direction that reads backwards too. The state is exchanged in the forward
    direction alone. plain : the Reading of the same ids from the same state without a change, where it is known: what
    begins with the same numbers is taken from it, which is as exact and faster. progress : called with the share done;
    the reading ends with None when it returns False.

    Raises InputError and ConfigError: the network must read ids, predict symbols and stay within the
    finite numbers.
    """
    try:
        return _read(model, ids, state, change, plain, progress)
    except _Stopped:
        return None


class _Stopped(Exception):
    """A reading that `progress` ended."""


def _read(
    model: Model,
    ids: ArrayLike,
    state: ArrayLike | None,
    change: Change | None,
    plain: Reading | None = None,
    progress: Callable[[float], bool] = lambda share: True,
) -> Reading:
    """`read`, which raises _Stopped when progress returns False."""
    given = array_of("ids", ids)
    ids, change = _checked(model, ids, state, change or Change())
    with np.errstate(over="ignore", invalid="ignore"):
        reading, logits = _pass(model, ids, state, change, plain, ids == given, progress)
    for part in (reading.hidden, reading.cell):
        wrong = np.zeros(0, int) if part is None else np.flatnonzero(~np.isfinite(part).all(axis=(0, 2)))
        if wrong.size:
            raise InputError(
                f"at step {wrong[0]} the network's numbers are no longer finite; hold fewer units, or at smaller values"
            )
    if not np.isfinite(logits).all():
        raise InputError("the network's outputs are no longer finite; hold fewer units, or at smaller values")
    return reading


def _pass(
    model: Model,
    ids: np.ndarray,
    state: ArrayLike | None,
    change: Change,
    plain: Reading | None,
    same: np.ndarray,
    progress: Callable[[float], bool],
) -> tuple[Reading, np.ndarray]:
    """(Reading, logits): layer by layer, in each direction on its own. same (T,): whether
    the symbol is as it was."""
    config, weights = model.config, model.state_dict()
    first = start_of(config, 1, state)
    exchanged = None
    if change.state is not None:
        exchanged = start_of(config, 1, None if isinstance(change.state, str) else change.state)
    size = (config.num_layers * config.directions, len(ids), config.hidden_size)
    hidden, cell = np.empty(size, config.dtype), np.empty(size, config.dtype)
    gates = {name: np.empty(size, config.dtype) for name in CELLS[config.cell].gates}
    last, below = (np.empty_like(first[0]), np.empty_like(first[1])), None
    for stack, own in enumerate(stacks_of(model)):
        backwards = stack % config.directions == 1
        from_input = own[0][:, ids].T if below is None else below @ own[0].T
        h, c = (part[stack] for part in first)
        follows = plain  # the plain reading, while the state is its
        for done, t in enumerate(reversed(range(len(ids))) if backwards else range(len(ids))):
            if done % TOLD_EVERY == 0 and not progress((stack + done / len(ids)) / len(hidden)):
                raise _Stopped
            if exchanged is not None and t == change.at and not backwards:
                h, c = (part[stack] for part in exchanged)
                follows = None
            active = [clamp for clamp in change.clamps if clamp.layer == stack and clamp.holds(t)]
            if follows is not None and same[t] and not active:
                h = follows.hidden[stack, t : t + 1]
                c = c if follows.cell is None else follows.cell[stack, t : t + 1]
                step_gates = {name: values[stack, t : t + 1] for name, values in follows.gates.items()}
            else:
                h, c, step_gates = advance(config.cell, own, from_input[t : t + 1], h, c, active)
                agrees = plain is not None and np.array_equal(h[0], plain.hidden[stack, t])
                if plain is not None and plain.cell is not None:
                    agrees = agrees and np.array_equal(c[0], plain.cell[stack, t])
                follows = plain if agrees else None
            hidden[stack, t], cell[stack, t] = h[0], c[0]
            for name, value in step_gates.items():
                gates[name][stack, t] = value[0]
        last[0][stack], last[1][stack] = h, c
        if (stack + 1) % config.directions == 0:
            both = slice(stack + 1 - config.directions, stack + 1)
            below = np.concatenate(hidden[both], axis=-1)
            if plain is not None:
                same = (hidden[both] == plain.hidden[both]).all(axis=(0, 2))
    if config.output == "last":
        below = np.concatenate(last[0][-config.directions :], axis=-1)  # where each direction has read everything
    logits = below @ weights["weight_ho"].T + weights.get("bias_o", 0)
    return Reading(hidden, cell if CELLS[config.cell].has_cell else None, gates, log_softmax(logits), last), logits


def write(
    model: Model,
    ids: ArrayLike,
    length: int,
    state: ArrayLike | None = None,
    change: Change | None = None,
    temperature: float = 1.0,
    seed: int = 0,
) -> np.ndarray:
    """(length,) ids that the network writes after reading ids (T,): clamps go on holding, counted from the first
    symbol read. Two calls with the same seed draw with the same random numbers.

    Raises InputError and ConfigError: the network must read ids in one direction and predict symbols after every step.
    """
    config = model.config
    if config.bidirectional or config.output != "every":
        raise ConfigError(
            f"the network has bidirectional={config.bidirectional}, output={config.output!r}; to write, it must read "
            "in one direction and predict symbols after every step"
        )
    ids, change = _checked(model, ids, state, change or Change())
    length = check_whole("length", length, 1, MAX_STEPS)
    reading = _read(model, ids, state, change)
    stepper, (hidden, cell), row = Stepper(model), reading.state, reading.log_probs[-1]
    rng, out = np.random.default_rng(seed), np.zeros(length, np.int64)
    for i in range(length):
        mass = np.cumsum(np.exp((row - row.max()) / temperature))
        out[i] = np.searchsorted(mass, rng.random() * mass[-1], side="right")
        hidden, cell, _gates, logits = stepper.step(out[i : i + 1], hidden, cell, change.clamps, len(ids) + i)
        row = log_softmax(logits)[0]
    return out


def divergence(log_p: ArrayLike, log_q: ArrayLike) -> np.ndarray:
    """(T,): Kullback-Leibler divergence of q from p in nats, sum p (log p - log q), of rows (T, K) of logarithms.

    >>> divergence(np.log([[0.5, 0.5]]), np.log([[0.75, 0.25]])).round(4).tolist()
    [0.1438]
    """
    log_p, log_q = (np.asarray(part, np.float64) for part in (log_p, log_q))
    return np.maximum((np.exp(log_p) * (log_p - log_q)).sum(axis=-1), 0)


def _checked(model: Model, ids: ArrayLike, state: ArrayLike | None, change: Change) -> tuple[np.ndarray, Change]:
    """(ids as they are read, the change) after all checks."""
    config = model.config
    if config.loss != "cross_entropy":
        raise ConfigError(f"the network has loss={config.loss!r}; expected one that predicts symbols, 'cross_entropy'")
    ids = array_of("ids", ids)
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
