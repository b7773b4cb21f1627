"""Analysis of one network's states at one moment: on the sequence on screen and on held-out data, what
it would say in each of them, and where each would go under an input that does not change.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np

from rnn_core.analysis.fixed_points import StepMap, step_map
from rnn_core.analysis.jacobians import is_reverse
from rnn_core.analysis.projection import Basis
from rnn_core.config import ModelConfig
from rnn_core.model import Model
from rnn_core.tasks.base import Task
from rnn_core.tasks.stream import StreamTask
from rnn_core.trace import Trace

SEQUENCES = 16  # of the held-out data, for the cloud
MOST_POINTS = 500  # of the cloud
SAMPLE = 20_000  # symbols that are counted
GRID = 21, 61  # points of the painted square each way, at least and at most
OUTPUTS = 2_000_000  # numbers that may be computed for it
ARROWS = 15  # of the field each way
NOTHING = -1  # the input that is none


@dataclass(frozen=True, eq=False)
class States:
    """N states h of one stack, in float64, and what belongs to each."""

    hidden: np.ndarray  # (N, H)
    cell: np.ndarray | None  # (N, H): an LSTM's c
    symbols: np.ndarray | None  # (N,): the id that was read before; -1: none; None: a task without ids
    steps: np.ndarray  # (N,): its step; -1: the initial state
    predictions: np.ndarray | None  # (N, K): probabilities or values that the read-out makes of it; None: unknown

    @property
    def whole(self) -> np.ndarray:
        """(N, S): h, for an LSTM h and c."""
        return self.hidden if self.cell is None else np.concatenate([self.hidden, self.cell], axis=1)


@dataclass(frozen=True, eq=False)
class StateAnalysis:
    """Everything about one stack at one moment."""

    run: int
    update: int
    stack: int
    model: Model
    task: Task
    path: States  # of the sequence on screen, the initial state first, in the order in which the stack reads
    cloud: States  # of held-out data
    often: np.ndarray  # see `by_frequency`

    @property
    def config(self) -> ModelConfig:
        """The network's."""
        return self.model.config

    @property
    def size(self) -> int:
        """H."""
        return self.config.hidden_size

    @property
    def flat(self) -> bool:
        """Whether the states need no projection: at most two units."""
        return self.size <= 2

    @property
    def kind(self) -> str:
        """Kind of the outputs: "symbols", "value" (one number) or "signs" (several)."""
        if self.config.loss == "cross_entropy":
            return "symbols"
        return "value" if self.config.output_size == 1 else "signs"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the kinds of output: symbols, or patterns of signs."""
        if self.kind == "symbols":
            return cast(tuple[str, ...], self.task.vocabulary)[: self.config.output_size]
        if self.kind == "value":
            return ()
        return tuple(" ".join(symbols) for symbols in np.where(_patterns(self.config.output_size), "+", "−"))

    def read_out(self, hidden: np.ndarray) -> np.ndarray | None:
        """(N, K): softmax(V h + b), or V h + b, of states (N, H); None where the outputs need more than this stack."""
        return _read_out(self.model, self.stack, hidden)

    def kinds(self, predictions: np.ndarray) -> np.ndarray:
        """(N,): the likeliest output of each row of (N, K), as an index into `names`; -1 for none."""
        if self.kind == "signs":
            return (predictions > 0) @ (2 ** np.arange(predictions.shape[1]))
        return predictions.argmax(axis=1)

    def input_of(self, symbol: int) -> np.ndarray | None:
        """(D,): a symbol as one-hot vector; of a task without symbols the mean input; None for NOTHING."""
        if symbol == NOTHING:
            return None
        if self.task.vocabulary is None:
            return self.task.held_out().x.mean(axis=(0, 1), dtype=np.float64)
        return np.eye(self.config.input_size)[symbol]

    def step(self, symbol: int) -> StepMap:
        """One step under a constant input."""
        return step_map(self.model, self.stack, self.input_of(symbol))


def _patterns(count: int) -> np.ndarray:
    """(2^count, count) bool: the bits of each number, the lowest first."""
    return (np.arange(2**count)[:, None] >> np.arange(count) & 1).astype(bool)


def by_frequency(task: Task) -> np.ndarray:
    """The symbols of a task's training data from the most frequent one on: the order in which they get colours."""
    if task.vocabulary is None:
        return np.arange(2**task.output_size if task.output_size > 1 else 0)
    ids = task.training_ids[:SAMPLE] if isinstance(task, StreamTask) else task.block(0, seed=0).x
    return np.argsort(-np.bincount(ids.ravel(), minlength=len(task.vocabulary)), kind="stable")


def measure(
    run: int, update: int, model: Model, task: Task, x: np.ndarray, stack: int, often: np.ndarray
) -> StateAnalysis:
    """Read the sequence on screen, x (T, 1) or (T, 1, D), and some held-out sequences with a model of that moment."""
    held_out = task.held_out().x[:, :SEQUENCES]
    path = _states(model, model.forward(x), x, stack, initial=True)
    cloud = _states(model, model.forward(held_out), held_out, stack, initial=False)
    return StateAnalysis(run, update, stack, model, task, path, cloud, often)


def _states(model: Model, trace: Trace, x: np.ndarray, stack: int, initial: bool) -> States:
    """The states of a trace: of one sequence in the order of reading, or some of those of a batch."""
    steps = np.arange(len(x))
    if is_reverse(model.config, stack):
        steps = steps[::-1]
    sequences = x.shape[1]
    parts = [part[stack].astype(np.float64) for part in (trace.hidden, trace.cell) if part is not None]
    if initial:
        positions = np.concatenate([[0], 1 + steps])
        parts = [part[positions, 0] for part in parts]
        ids = np.concatenate([[-1], x[steps, 0]]) if x.ndim == 2 else None
        when = np.concatenate([[-1], steps])
    else:
        every = max(1, -(-len(x) * sequences // MOST_POINTS))
        parts = [part[1:].reshape(-1, part.shape[2])[::every] for part in parts]
        ids = x.reshape(-1)[::every] if x.ndim == 2 else None
        when = np.repeat(np.arange(len(x)), sequences)[::every]
    hidden, cell = parts[0], parts[1] if len(parts) > 1 else None
    return States(hidden, cell, ids, when, _read_out(model, stack, hidden))


def _read_out(model: Model, stack: int, hidden: np.ndarray) -> np.ndarray | None:
    config = model.config
    if config.bidirectional or stack != config.num_layers - 1:
        return None
    weights = model.state_dict()
    sums = hidden @ weights["weight_ho"].T.astype(np.float64) + weights.get("bias_o", 0)
    if config.loss == "mse":
        return sums
    powers = np.exp(sums - sums.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@dataclass(frozen=True, eq=False)
class Square:
    """Background behind the states of a network of at most two units."""

    centres: np.ndarray  # (G,) along either axis
    kinds: np.ndarray | None  # (G, G) index of the likeliest output, rows upwards; None: no read-out
    sure: np.ndarray | None  # (G, G) its probability; of signs the smallest |output|, at most 1; of one value itself
    tails: np.ndarray  # (A, 2) where the arrows of the field begin
    heads: np.ndarray  # (A, 2) where one step leads from there


def square(measured: StateAnalysis, basis: Basis, symbol: int, low: float, high: float) -> Square:
    """The square low .. high each way: what the network says there, and the field of the input.

    An LSTM has a cell beside each state: an arrow of the field begins with the cell of that state of the sequence that
    is nearest to it.
    """
    points = int(np.clip((OUTPUTS / measured.config.output_size) ** 0.5, *GRID))
    centres = np.linspace(low, high, points)
    across, up = np.meshgrid(centres, centres)
    predictions = measured.read_out(basis.lift(np.stack([across, up], axis=-1).reshape(-1, 2)))
    kinds = sure = None
    if predictions is not None:
        kinds = measured.kinds(predictions).reshape(points, points)
        best = {
            "symbols": predictions.max(axis=1),
            "value": predictions[:, 0],
            "signs": np.minimum(1, np.abs(predictions).min(axis=1)),
        }
        sure = best[measured.kind].reshape(points, points)
    positions = low + (high - low) * (np.arange(ARROWS) + 0.5) / ARROWS
    tails = np.stack(np.meshgrid(positions, positions), axis=-1).reshape(-1, 2)
    begin = basis.lift(tails)
    if measured.path.cell is not None:
        near = np.abs(begin[:, None] - measured.path.hidden[None]).sum(axis=2).argmin(axis=1)
        begin = np.concatenate([begin, measured.path.cell[near]], axis=1)
    heads = basis.project(measured.step(symbol)(begin)[:, : measured.size])
    return Square(centres, kinds, sure, tails, heads)
