"""Recording of a network on a long text: one quantity of every unit at every symbol, the best guesses, the surprise.

A text of 100,000 symbols is read in parts, and only what is asked for is kept. Of a network that reads in one direction
the state at each part's start is kept too, so that everything at any one symbol can be computed again, exactly.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.analysis.parts import read_in_parts
from rnn_core.cells import CELLS
from rnn_core.config import ModelConfig
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import array_of, check_whole
from rnn_core.model import Model
from rnn_core.trace import State, Trace

CHUNK = 500  # steps read at once, times the number of sequences
GUESSES = 5


States = tuple[np.ndarray | None, np.ndarray | None]


class Recording(NamedTuple):
    """A reading of S sequences of T symbols, one after the other: N = S·T symbols, sequence by sequence."""

    model: Model  # a copy that is not trained
    ids: np.ndarray  # (N,) int32
    targets: np.ndarray  # (N,) int32: what should come next; -1 where nothing is asked
    steps: int  # T
    quantity: str
    stack: int  # the layer and direction
    values: np.ndarray  # (N, H) float32: the quantity of every unit
    guesses: np.ndarray  # (N, G) int32: the most probable next symbols, the best first
    odds: np.ndarray  # (N, G) float32: their probabilities
    surprise: np.ndarray  # (N,) float32: -log p(target) in nats; NaN where nothing is asked
    chunk: int  # steps between two of the kept states
    # (hidden, cell or None), each (C, LD, S, H): before step 0, chunk, 2·chunk, ... A network that reads both ways can
    # only be taken up at the beginning: chunk is T, and both are None, which is zero.
    states: States


def quantities(cell: str) -> tuple[str, ...]:
    """Quantities of each unit of this cell that can be recorded: the state, the memory cell, the gates.

    >>> quantities("lstm")
    ('hidden', 'cell', 'i', 'f', 'g', 'o')
    """
    kind = CELLS[cell]
    return ("hidden", *(("cell",) if kind.has_cell else ()), *kind.gates)


def record(
    model: Model,
    x: ArrayLike,
    targets: ArrayLike | None = None,
    quantity: str = "hidden",
    stack: int = 0,
    progress: Callable[[float], bool] = lambda share: True,
) -> Recording | None:
    """The Recording of ids x (T, S).

    Parameters
    ----------
    targets : (T, S) ids, -1 where nothing is asked; None: the next symbol of each sequence.
    quantity : one of `quantities`. stack : the layer (layer · directions + direction where there are two).
    progress : called with the share that is done after each chunk; the reading ends with None when it returns False.

    Raises InputError and ConfigError: the network must read ids and predict symbols.

    >>> from rnn_core import ModelConfig
    >>> recording = record(Model(ModelConfig("gru", 4, 3, 4)), np.array([[0], [3], [1]]))
    >>> recording.values.shape, recording.targets.tolist(), recording.guesses.shape
    ((3, 3), [3, 1, -1], (3, 4))
    """
    config = model.config
    x, targets = _checked(config, x, targets, quantity, stack)
    steps, sequences = x.shape
    chunk = max(1, min(steps, CHUNK // sequences))
    kept, size = min(GUESSES, config.output_size), (steps, sequences)
    values = np.empty((*size, config.hidden_size), np.float32)
    guesses, odds = np.zeros((*size, kept), np.int32), np.zeros((*size, kept), np.float32)
    surprise = np.full(size, np.nan, np.float32)
    kept_states = []
    for part in read_in_parts(model, x, quantity, stack, chunk):
        if part.before is not None:
            kept_states.append(part.before)
        if part.values is not None:
            values[part.steps] = part.values
        if part.probs is not None:
            at = part.steps if config.output == "every" else slice(steps - 1, steps)
            guesses[at], odds[at], surprise[at] = _outputs(part.probs, targets[at], kept)
        if not progress(part.share):
            return None
    rows = (np.ascontiguousarray(array.swapaxes(0, 1)) for array in (x, targets, values, guesses, odds, surprise))
    x, targets, values, guesses, odds, surprise = (array.reshape(-1, *array.shape[2:]) for array in rows)
    if kept_states:
        cells = [cell for _hidden, cell in kept_states if cell is not None]
        states: States = np.stack([hidden for hidden, _cell in kept_states]), np.stack(cells) if cells else None
    else:
        chunk, states = steps, (None, None)
    return Recording(
        model, x, targets, steps, quantity, stack, values, guesses, odds, surprise, chunk, states
    )  # fmt: skip


def state_before(recording: Recording, at: int) -> State | None:
    """The state (hidden, or the pair with the cell; each (LD, 1, H)) with which the network reads symbol `at`; None is
    zero.

    Raises InputError for a symbol that there is not.

    >>> from rnn_core import ModelConfig
    >>> recording = record(Model(ModelConfig("gru", 4, 3, 4)), np.arange(4)[:, None])
    >>> np.array_equal(state_before(recording, 3)[0, 0], recording.values[2])
    True
    """
    at = check_whole("at", at, 0, len(recording.ids) - 1)
    begin, state = _kept_state(recording, at)
    if begin == at:
        return state
    return recording.model.forward(recording.ids[begin:at, None], state).state


def trace_at(recording: Recording, begin: int, end: int) -> Trace:
    """The Trace of symbols begin <= t < end of one sequence, with the states they were read with."""
    return recording.model.forward(recording.ids[begin:end, None], state_before(recording, begin))


def _kept_state(recording: Recording, at: int) -> tuple[int, State | None]:
    """(where it was kept, the last kept state at or before that symbol)."""
    sequence, step = divmod(at, recording.steps)
    number = step // recording.chunk
    begin = sequence * recording.steps + number * recording.chunk
    hidden, cell = recording.states
    if hidden is None:
        return begin, None
    own = hidden[number, :, sequence][:, None]
    return begin, own if cell is None else (own, cell[number, :, sequence][:, None])


def _outputs(probs: np.ndarray, targets: np.ndarray, kept: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(guesses, their probabilities, surprise) of outputs (T, S, K)."""
    best = np.argpartition(-probs, kept - 1, axis=-1)[..., :kept] if kept < probs.shape[-1] else None
    if best is None:
        best = np.broadcast_to(np.arange(kept), (*probs.shape[:-1], kept))
    p = np.take_along_axis(probs, best, axis=-1)
    order = np.argsort(-p, axis=-1, kind="stable")
    asked = np.take_along_axis(probs, np.maximum(targets, 0)[..., None], axis=-1)[..., 0].astype(np.float64)
    surprise = np.where(targets >= 0, -np.log(np.maximum(asked, 1e-45)), np.nan)
    return np.take_along_axis(best, order, axis=-1), np.take_along_axis(p, order, axis=-1), surprise


def _checked(
    config: ModelConfig, x: ArrayLike, targets: ArrayLike | None, quantity: str, stack: int
) -> tuple[np.ndarray, np.ndarray]:
    if config.loss != "cross_entropy":
        raise ConfigError(f"the network has loss={config.loss!r}; expected one that predicts symbols, 'cross_entropy'")
    if quantity not in quantities(config.cell):
        raise InputError(f"quantity is {quantity!r}; {config.cell} has {', '.join(quantities(config.cell))}")
    check_whole("stack", stack, 0, config.num_layers * config.directions - 1)
    x = array_of("x", x)
    if x.ndim != 2 or x.dtype.kind not in "iu" or 0 in x.shape:
        raise InputError(f"x has shape {x.shape} and type {x.dtype}; expected (T, S) integer ids")
    if x.min() < 0 or x.max() >= config.input_size:
        raise InputError(f"x holds ids from {x.min()} to {x.max()}; expected 0 to {config.input_size - 1}")
    x = x.astype(np.int32)
    if targets is None:
        targets = np.full_like(x, -1)
        targets[:-1] = x[1:]
    targets = array_of("targets", targets)
    if targets.shape != x.shape or targets.max() >= config.output_size:
        raise InputError(
            f"targets have shape {targets.shape}; expected {x.shape}, ids below {config.output_size} or -1"
        )
    return x, targets.astype(np.int32)
