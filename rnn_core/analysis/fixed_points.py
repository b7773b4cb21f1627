"""Where a network comes to rest under an input that does not change, and whether it stays there.

One step of a stack (a layer in one direction) is a map F of its state: h (H,), for an LSTM the pair h, c (2H,).
A fixed point is a state with F(s) = s. Near it a deviation is multiplied by the Jacobian of F at each step, so it is
stable where every eigenvalue lies inside the unit circle; each one outside is a direction in which the state leaves
(Sussillo & Barak 2013, who search for them as here, from states that the network visits). In float64.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.analysis.activations import ACTIVATIONS, state_bounds
from rnn_core.analysis.dynamics import sigmoid
from rnn_core.analysis.jacobians import (
    Gains,
    bias_of_candidate,
    gains,
    gru_jacobians,
    lstm_jacobians,
    lstm_layer_norm_jacobians,
    peepholes,
    recurrent,
    suffix_of,
)
from rnn_core.analysis.normalisation import normalised
from rnn_core.cells import CELLS
from rnn_core.model import Model

SETTLE = 400  # steps after which the layers below one are taken as settled
SEARCHES = 3  # further ones, among what was found
ROUNDS = 60  # of Newton's method
HALVINGS = 6  # of a step that does not bring a state nearer
TOLERANCE = 1e-9  # of what a state misses, by the largest entry of s where that is above 1
SAME = 1e-4  # states nearer to one another are one fixed point
CHUNK = 2**21  # numbers in the Jacobians that are computed at once


@dataclass(frozen=True, eq=False)
class StepMap:
    """One step of a stack under a constant input; N states at a time.

    >>> from rnn_core import Model, ModelConfig
    >>> step = step_map(Model(ModelConfig("lstm", 3, 4, 3)))
    >>> step(np.zeros((5, 8))).shape, step.jacobians(np.zeros((5, 8))).shape
    ((5, 8), (5, 8, 8))
    """

    cell: str
    blocks: np.ndarray  # (G, H, H) recurrent weights, gate by gate
    drive: np.ndarray  # (G, H): what input and biases add to every gate
    bias: np.ndarray  # (H,): GRU, reset after the product: the candidate's b_hh, inside it
    peephole: np.ndarray  # (3, H): LSTM: weights by which i, f, o see the cell
    gains: Gains | None = None  # of layer normalisation

    @property
    def size(self) -> int:
        """Entries of a state: H, or 2H for an LSTM."""
        return self.blocks.shape[1] * (2 if CELLS[self.cell].has_cell else 1)

    @property
    def bounded(self) -> bool:
        """Whether no state leaves a certain ball: the map then has a fixed point for certain. Forget gates that see
        their cell open to 1 with it: it can count on without end."""
        return math.isfinite(state_bounds(self.cell)[1]) and not self.peephole[1].any()

    def __call__(self, states: np.ndarray) -> np.ndarray:
        """(N, S): the states one step later."""
        return self._step(states)[0]

    def jacobians(self, states: np.ndarray) -> np.ndarray:
        """(N, S, S): the derivative of the states one step later by these."""
        after, gates = self._step(states)
        if self.cell in ACTIVATIONS:
            return ACTIVATIONS[self.cell].slope(after)[:, :, None] * self.blocks[0]
        gates = {name: gate[:, :, None] for name, gate in gates.items()}
        if "z" in gates:
            return gru_jacobians(self.cell, gates, self.blocks, states, self.bias)
        half = self.size // 2
        if self.gains is not None:
            hidden, before = states[:, :half], states[:, half:, None]
            return lstm_layer_norm_jacobians(gates, self.blocks, self.gains, hidden, before, after[:, half:])
        return lstm_jacobians(gates, self.blocks, self.peephole, states[:, half:, None], after[:, half:, None])

    def misses(self, states: np.ndarray) -> np.ndarray:
        """(N,): how far each state is from being fixed: the largest entry of |F(s) - s|. Where a gate almost closed
        makes that small everywhere, it is divided by what the gate lets through.
        """
        missed = np.abs(self.pull(states))
        if CELLS[self.cell].has_cell:
            missed[:, self.size // 2 :] /= np.maximum(1 - self._step(states)[1]["f"], 1e-12)
        return missed.max(axis=1, initial=0)

    def pull(self, states: np.ndarray) -> np.ndarray:
        """(N, S): F(s) - s; of a GRU without the factor 1 - z, which is positive: n - h, zero at the same states."""
        after, gates = self._step(states)
        return gates.get("n", after) - states

    def pull_jacobians(self, states: np.ndarray) -> np.ndarray:
        """(N, S, S): the derivative of `pull`."""
        gates = {name: gate[:, :, None] for name, gate in self._step(states)[1].items()}
        if "z" not in gates:
            return self.jacobians(states) - np.eye(self.size)
        gates["z"] = np.zeros_like(gates["z"])  # then a step leads to n
        return gru_jacobians(self.cell, gates, self.blocks, states, self.bias) - np.eye(self.size)

    def within(self, states: np.ndarray) -> np.ndarray:
        """The same states, none outside of what a step can reach."""
        if CELLS[self.cell].has_cell:
            half = self.size // 2
            return np.concatenate([states[:, :half].clip(-1, 1), states[:, half:]], axis=1)
        return states.clip(*state_bounds(self.cell))

    def _step(self, states: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        hidden = states[:, : self.blocks.shape[1]]
        sums = [hidden @ block.T + drive for block, drive in zip(self.blocks, self.drive, strict=True)]
        if self.cell in ACTIVATIONS:
            return ACTIVATIONS[self.cell].value(sums[0]), {}
        if "z" in CELLS[self.cell].gates:
            r, z = sigmoid(sums[0]), sigmoid(sums[1])
            if CELLS[self.cell].reset_before:
                reset = (r * hidden) @ self.blocks[2].T
            else:
                reset = r * (hidden @ self.blocks[2].T + self.bias)
            n = np.tanh(self.drive[2] + reset)
            return z * hidden + (1 - z) * n, {"r": r, "z": z, "n": n}
        before, (p_i, p_f, p_o) = states[:, hidden.shape[1] :], self.peephole
        if self.gains is not None:
            products = normalised(np.concatenate([hidden @ block.T for block in self.blocks], axis=1))
            sums = [*np.split(self.gains.state * products + self.drive.ravel(), 4, axis=1)]
        i, f, g = sigmoid(sums[0] + p_i * before), sigmoid(sums[1] + p_f * before), np.tanh(sums[2])
        cell = f * before + i * g
        o = sigmoid(sums[3] + p_o * cell)
        shown = cell if self.gains is None else self.gains.cell * normalised(cell) + self.gains.shift
        return np.concatenate([o * np.tanh(shown), cell], axis=1), {"i": i, "f": f, "g": g, "o": o}


@dataclass(frozen=True, eq=False)
class FixedPoints:
    """P fixed points, the stable ones first."""

    states: np.ndarray  # (P, S)
    residuals: np.ndarray  # (P,) what each misses: the largest entry of |F(s) - s|; see `StepMap.misses`
    eigenvalues: np.ndarray  # (P, S) complex, of the Jacobian there, the largest first
    unstable: np.ndarray  # (P,) eigenvalues outside the unit circle: directions in which the state leaves
    hits: np.ndarray  # (P,) starts that ended there
    starts: int  # of the search
    converged: int  # of them
    index: int | None  # of all together: 1 if none is missing; None where it is undefined (ReLU, identity)

    @property
    def largest(self) -> np.ndarray:
        """(P,): the largest |eigenvalue|: what the slowest deviation is multiplied by at each step."""
        return np.abs(self.eigenvalues[:, 0])


def step_map(model: Model, stack: int = 0, x: ArrayLike | None = None) -> StepMap:
    """The map of a stack that reads the same at every step.

    x : (D,) what the network reads, None for nothing (zeros). A layer above the first reads what those below it make
    of this after many steps.
    """
    config, weights, suffix = model.config, model.state_dict(), suffix_of(model.config, stack)
    blocks = recurrent(model, stack)
    size = config.hidden_size
    drive = weights[f"weight_ih_{suffix}"].astype(np.float64) @ _read(model, stack, x)
    if CELLS[config.cell].normalised:
        drive = weights[f"gain_ih_{suffix}"] * normalised(drive)
    inside = np.zeros(size)
    if config.bias:
        drive += weights[f"bias_ih_{suffix}"]
        outside = weights[f"bias_hh_{suffix}"].astype(np.float64)
        if CELLS[config.cell].separate_bias:
            inside = bias_of_candidate(model, stack)
            outside[2 * size :] = 0
        drive += outside
    return StepMap(
        config.cell, blocks, drive.reshape(-1, size), inside, peepholes(model, stack),
        gains(model, stack) if CELLS[config.cell].normalised else None,
    )  # fmt: skip


def _read(model: Model, stack: int, x: ArrayLike | None) -> np.ndarray:
    """Inputs of this stack at each step."""
    config = model.config
    x = np.zeros(config.input_size) if x is None else np.asarray(x, np.float64)
    layer = stack // config.directions
    if layer == 0:
        return x
    hidden = model.forward(np.tile(x.astype(np.float32), (SETTLE, 1, 1))).hidden[:, SETTLE // 2, 0]
    below = hidden[(layer - 1) * config.directions : layer * config.directions]
    return below.astype(np.float64).ravel()


def fixed_points(
    step: StepMap, visited: ArrayLike, starts: int = 400, seed: int = 0, stop: Callable[[], bool] = lambda: False
) -> FixedPoints:
    """The fixed points that Newton's method finds from many states; there may be others.

    visited : (M, S) states that the network was in. Half of the starts are some of these, half means of a few of them,
    where what lies between attractors is found; then the same among the fixed points found. stop : ends it early.

    >>> from rnn_core import Model, ModelConfig
    >>> model = Model(ModelConfig("rnn_tanh", 1, 1, 1, bias=False))
    >>> model.load_state_dict(model.state_dict() | {"weight_hh_l0": np.array([[2.0]])})
    >>> found = fixed_points(step_map(model), np.array([[-0.9], [0.9]]), starts=50)
    >>> found.states[:2].ravel().round(4).tolist(), found.unstable.tolist(), found.largest.round(4).tolist()
    ([-0.9575, 0.9575], [0, 0, 1], [0.1664, 0.1664, 2.0])
    """
    visited, wanted = np.asarray(visited, np.float64), starts
    found, hits, begun, converged = visited[:0], np.zeros(0, int), 0, 0
    for search in range(1 + SEARCHES):
        among = visited if search == 0 else found
        if not len(among) or stop():
            break
        begin = spread(among, wanted, seed + search)
        if step.gains is not None:
            begin = np.concatenate([begin, _levelled(begin, seed + search)])
        ends = _ends(step, begin, stop)
        begun, converged = begun + len(begin), converged + len(ends)
        found, hits = _distinct(np.concatenate([found, ends]), np.concatenate([hits, np.ones(len(ends), int)]))
        if search and step.bounded and index(step, found) == 1:
            break
        wanted = max(1, starts // 4)
    eigenvalues = np.linalg.eigvals(step.jacobians(found)).astype(complex).reshape(len(found), step.size)
    largest_first = np.argsort(-np.abs(eigenvalues), axis=1, kind="stable")
    eigenvalues = np.take_along_axis(eigenvalues, largest_first, axis=1)
    unstable = (np.abs(eigenvalues) > 1).sum(axis=1)
    order = np.lexsort([*found.T[:3][::-1], unstable])
    found = found[order]
    whole = index(step, found) if step.bounded else None
    return FixedPoints(
        found, step.misses(found), eigenvalues[order], unstable[order], hits[order], begun, converged, whole
    )


def index(step: StepMap, states: np.ndarray) -> int:
    """The sum of the signs of det(1 - J) over fixed points. Over all those of a map that keeps its states bounded it is
    1 (Lefschetz 1926, for isolated ones): another sum means that some are missing.
    """
    return int(np.linalg.slogdet(np.eye(step.size) - step.jacobians(states))[0].sum())


def _ends(step: StepMap, starts: np.ndarray, stop: Callable[[], bool]) -> np.ndarray:
    """(C, S): where the starts that converge end, a bounded number of Jacobians at a time."""
    rows, ends = max(1, CHUNK // step.size**2), [starts[:0]]
    for first in range(0, len(starts), rows):
        states = newton(step, starts[first : first + rows], stop)
        ends.append(states[step.misses(states) <= _allowed(states)])
    return np.concatenate(ends)


def spread(visited: np.ndarray, count: int, seed: int) -> np.ndarray:
    """(count, S): states to start from, half of them visited ones, half means of two to four."""
    rng = np.random.default_rng([seed])
    alone = visited[rng.integers(len(visited), size=count - count // 2)]
    shares = rng.dirichlet(np.ones(4), size=count // 2)
    shares = np.where(np.arange(4) < rng.integers(2, 5, size=(count // 2, 1)), shares, 0)
    shares /= shares.sum(axis=1, keepdims=True)
    mixed = np.einsum("nk,nks->ns", shares, visited[rng.integers(len(visited), size=(count // 2, 4))])
    return np.concatenate([alone, mixed])


def _levelled(states: np.ndarray, seed: int) -> np.ndarray:
    """The same states of an LSTM, their cells drawn towards their mean and h towards zero, by any power of ten down to
    1e-6: layer normalisation makes large what lies there, and the map bends within thousandths."""
    powers = 10.0 ** -np.random.default_rng([seed, 1]).uniform(0, 6, (2, len(states), 1))
    hidden, cell = np.split(states, 2, axis=1)
    mean = cell.mean(axis=1, keepdims=True)
    return np.concatenate([hidden * powers[0], mean + (cell - mean) * powers[1]], axis=1)


def newton(step: StepMap, states: np.ndarray, stop: Callable[[], bool] = lambda: False) -> np.ndarray:
    """(N, S): where Newton's method for `step.pull` = 0 ends, from every state at once; not every end is a solution.

    A move that would not bring a state nearer is halved, a few times; one that is longer than the state's own size,
    where the Jacobian is nearly singular, is cut.
    """
    states = step.within(states)
    left = np.arange(len(states))
    for _round in range(ROUNDS):
        left = left[step.misses(states[left]) > _allowed(states[left]) / 100]
        if not left.size or stop():
            break
        here = states[left]
        pull = step.pull(here)
        move = _solve(-step.pull_jacobians(here), pull)
        longest = np.maximum(1, np.abs(here).max(axis=1))
        move *= np.minimum(1, longest / np.maximum(np.abs(move).max(axis=1), 1e-300))[:, None]
        before, waiting = (pull**2).sum(axis=1), np.arange(len(left))
        for _halving in range(HALVINGS):
            moved = step.within(here[waiting] + move[waiting])
            states[left[waiting]] = moved
            after = (step.pull(moved) ** 2).sum(axis=1)
            waiting = waiting[~(after < before[waiting])]
            if not waiting.size:
                break
            move[waiting] /= 2
    return states


def _solve(matrices: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(N, S): the solutions of N systems; where one is singular, least squares."""
    try:
        return np.linalg.solve(matrices, right[..., None])[..., 0]
    except np.linalg.LinAlgError:
        if len(matrices) == 1:
            return np.linalg.lstsq(matrices[0], right[0])[0][None]
        half = len(matrices) // 2  # one of them is singular
        return np.concatenate([_solve(matrices[:half], right[:half]), _solve(matrices[half:], right[half:])])


def _allowed(states: np.ndarray) -> np.ndarray:
    return TOLERANCE * np.maximum(1, np.abs(states).max(axis=1, initial=0))


def _distinct(states: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(states without repetitions, the sum of the weights of each)."""
    kept, total = np.empty_like(states), np.zeros(len(states), int)
    count = 0
    for state, weight in zip(states, weights, strict=True):
        near = np.abs(kept[:count] - state).max(axis=1, initial=0) < SAME * max(1, np.abs(state).max())
        place = int(near.argmax()) if near.any() else count
        if place == count:
            kept[count] = state
            count += 1
        total[place] += weight
    return kept[:count], total[:count]
