"""The same weights at every step, and the same network with weights of its own at each: what does sharing buy?

Both learn the reader's sentence, read around and around from every place in it, in sequences of T steps; then both
read sequences three times as long. Plain NumPy over the few sequences at once, Adam, in the background.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rnn_core.analysis.activations import ACTIVATIONS
from rnn_core.analysis.normalisation import derivative, normalised
from rnn_core.cells import CELLS

Arrays = dict[str, np.ndarray]

UPDATES, RATE = 300, 0.02
LONGER = 3  # sequences read at the end are so many times as long


class Outcome(NamedTuple):
    """Losses of both networks at each step, in nats, averaged over the sequences; the first `trained` were trained."""

    trained: int
    shared: np.ndarray
    separate: np.ndarray  # weights of steps that training never reached are as they were at the start
    repeated: np.ndarray  # the same network, whose last step's weights go on
    parameters: tuple[int, int]  # shared, separate, both for the trained length
    chance: float
    updates: int


def sigmoid(a: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-a))."""
    return 0.5 * (1 + np.tanh(0.5 * a))


def sequences(ids: Sequence[int], end: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """(steps, B) inputs and targets: the sentence with its end mark, around and around, from each of its places.

    >>> sequences((0, 1), 2, 4)[0].T.tolist()
    [[0, 1, 2, 0], [1, 2, 0, 1], [2, 0, 1, 2]]
    """
    ring = np.array([*ids, end])
    positions = np.add.outer(np.arange(steps + 1), np.arange(len(ring))) % len(ring)
    return ring[positions[:-1]], ring[positions[1:]]


def experiment(
    cell: str,
    weights: Mapping[str, np.ndarray],
    ids: Sequence[int],
    end: int,
    *,
    seed: int = 0,
    updates: int = UPDATES,
    stop: Callable[[], bool] = lambda: False,
) -> Outcome | None:
    """The Outcome of training both networks, or None if `stop()` is True. Both have the same weights at step 0."""
    steps = len(ids)
    x, targets = sequences(ids, end, steps)
    rng = np.random.default_rng(seed)

    def drawn(value: np.ndarray) -> np.ndarray:  # each later step draws its own, as widely spread as the first
        spread = np.abs(value).max() or 0.1
        own = rng.uniform(-spread, spread, (steps * LONGER, *value.shape))
        own[0] = value
        return own

    start = {name: np.asarray(value, np.float64) for name, value in weights.items()}
    shared = {name: value[None].copy() for name, value in start.items()}
    separate = {name: drawn(value) for name, value in start.items()}
    for network in (shared, separate):
        optimizer = Adam(network)
        for _update in range(updates):
            if stop():
                return None
            optimizer.step(gradients(cell, network, x, targets)[1])
    long_x, long_targets = sequences(ids, end, steps * LONGER)
    last = {name: np.concatenate([value[:steps], np.repeat(value[steps - 1 : steps], steps * (LONGER - 1), axis=0)])
            for name, value in separate.items()}  # fmt: skip
    count = sum(value.size for value in start.values())
    return Outcome(
        trained=steps,
        shared=losses(cell, shared, long_x, long_targets),
        separate=losses(cell, separate, long_x, long_targets),
        repeated=losses(cell, last, long_x, long_targets),
        parameters=(count, count * steps),
        chance=float(np.log(len(start["weight_ho"]))),
        updates=updates,
    )


class Adam:
    """Kingma & Ba 2015, updating a mapping of arrays in place."""

    def __init__(self, values: Arrays, rate: float = RATE) -> None:
        self.values, self.rate, self.count = values, rate, 0
        self.first = {name: np.zeros_like(value) for name, value in values.items()}
        self.second = {name: np.zeros_like(value) for name, value in values.items()}

    def step(self, gradient: Arrays) -> None:
        """One update."""
        self.count += 1
        for name, value in self.values.items():
            g, m, v = gradient[name], self.first[name], self.second[name]
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            value -= self.rate * m / (1 - 0.9**self.count) / (np.sqrt(v / (1 - 0.999**self.count)) + 1e-8)


def forward(cell: str, weights: Arrays, x: np.ndarray) -> list[Arrays]:
    """Everything that the way back needs, one dictionary for each step. weights: name -> (1 or steps, ...)."""
    size, batch = weights["weight_hh_l0"].shape[2], x.shape[1]
    s, c = np.zeros((batch, size)), np.zeros((batch, size))
    passed: list[Arrays] = []
    for t, symbols in enumerate(x):
        w = {name: value[t % len(value)] for name, value in weights.items()}
        ux, ws = w["weight_ih_l0"][:, symbols].T, s @ w["weight_hh_l0"].T
        here = {"symbols": symbols, "before": s, "c_before": c}
        if CELLS[cell].normalised:
            here |= {"ux": ux, "ws": ws, "gain_ih": w["gain_ih_l0"], "gain_hh": w["gain_hh_l0"]}
            ux, ws = w["gain_ih_l0"] * normalised(ux), w["gain_hh_l0"] * normalised(ws)
        ux, ws = ux + w.get("bias_ih_l0", 0.0), ws + w.get("bias_hh_l0", 0.0)
        if cell in ACTIVATIONS:
            s = ACTIVATIONS[cell].value(ux + ws)
        elif "z" in CELLS[cell].gates:
            m = ws[:, 2 * size :]
            r, z = np.split(sigmoid((ux + ws)[:, : 2 * size]), 2, axis=1)
            k = r * s
            before = m + (k - s) @ w["weight_hh_l0"][2 * size :].T  # W k + b
            reset = before if CELLS[cell].reset_before else r * m
            n = np.tanh(ux[:, 2 * size :] + reset)
            s = (1 - z) * n + z * s
            here |= {"r": r, "z": z, "n": n, "m": m, "k": k}
        else:
            i, f, g, o = np.split(ux + ws, 4, axis=1)
            p_i, p_f, p_o = peepholes = np.split(w.get("weight_ch_l0", np.zeros(3 * size)), 3)
            i, f, g = sigmoid(i + p_i * c), sigmoid(f + p_f * c), np.tanh(g)
            c = f * c + i * g
            gain_ch, bias_ch = w.get("gain_ch_l0", np.zeros(size)), w.get("bias_ch_l0", np.zeros(size))
            o, q = sigmoid(o + p_o * c), np.tanh(gain_ch * normalised(c) + bias_ch if CELLS[cell].normalised else c)
            s = o * q
            here["gain_ch"] = gain_ch
            here |= {"i": i, "f": f, "g": g, "o": o, "q": q, "c": c, "peepholes": np.array(peepholes)}
        v = s @ w["weight_ho"].T + w.get("bias_o", 0.0)
        e = np.exp(v - v.max(axis=1, keepdims=True))
        passed.append(here | {"s": s, "p": e / e.sum(axis=1, keepdims=True)})
    return passed


def losses(cell: str, weights: Arrays, x: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(steps,) nats, averaged over the sequences."""
    passed, rows = forward(cell, weights, x), np.arange(x.shape[1])
    return np.array([-np.log(here["p"][rows, y]).mean() for here, y in zip(passed, targets, strict=True)])


def gradients(cell: str, weights: Arrays, x: np.ndarray, targets: np.ndarray) -> tuple[float, Arrays]:
    """(mean loss, name -> gradient); where a weight is shared its steps' gradients are summed."""
    passed, (steps, batch) = forward(cell, weights, x), x.shape
    rows, size = np.arange(batch), weights["weight_hh_l0"].shape[2]
    grads = {name: np.zeros_like(value) for name, value in weights.items()}
    ds, dc, loss = np.zeros((batch, size)), np.zeros((batch, size)), 0.0
    for t in reversed(range(steps)):
        here, own = passed[t], {name: t % len(value) for name, value in weights.items()}
        loss -= np.log(here["p"][rows, targets[t]]).sum() / (steps * batch)
        dv = here["p"].copy()
        dv[rows, targets[t]] -= 1
        dv /= steps * batch
        ds = ds + dv @ weights["weight_ho"][own["weight_ho"]]
        weight_hh = weights["weight_hh_l0"][own["weight_hh_l0"]]
        shown = ds * here["o"] * (1 - here["q"] ** 2) if "q" in here else ds  # what came through an LSTM's tanh
        da, inner, ds, dc = _cell_back(cell, here, weight_hh, ds, dc)
        outer, sums = da, inner
        if CELLS[cell].normalised:
            outer, inner = (_back(here[name], here[gain] * da) for name, gain in (("ux", "gain_ih"), ("ws", "gain_hh")))
        ds = ds + inner @ weight_hh
        onehot = np.eye(weights["weight_ih_l0"].shape[2])[here["symbols"]]
        found = {"weight_ih_l0": outer.T @ onehot, "weight_hh_l0": inner.T @ here["before"],
                 "weight_ho": dv.T @ here["s"], "bias_ih_l0": da.sum(axis=0), "bias_hh_l0": sums.sum(axis=0),
                 "bias_o": dv.sum(axis=0)}  # fmt: skip
        if CELLS[cell].reset_before:
            found["weight_hh_l0"][2 * size :] = da[:, 2 * size :].T @ here["k"]
            found["bias_hh_l0"] = found["bias_ih_l0"]
        if "weight_ch_l0" in grads:
            da_i, da_f, _da_g, da_o = np.split(da, 4, axis=1)
            seen = [da_i * here["c_before"], da_f * here["c_before"], da_o * here["c"]]
            found["weight_ch_l0"] = np.hstack(seen).sum(axis=0)
        if CELLS[cell].normalised:
            found |= {"gain_ih_l0": (da * normalised(here["ux"])).sum(axis=0), "bias_ch_l0": shown.sum(axis=0),
                      "gain_hh_l0": (da * normalised(here["ws"])).sum(axis=0),
                      "gain_ch_l0": (shown * normalised(here["c"])).sum(axis=0)}  # fmt: skip
        for name in grads:
            grads[name][own[name]] += found[name]
    return loss, grads


def _back(numbers: np.ndarray, d: np.ndarray) -> np.ndarray:
    """The gradient by what was normalised, row by row, of what has the gradient d by the result."""
    return np.einsum("bij,bi->bj", derivative(numbers), d)


def _cell_back(
    cell: str, here: Arrays, weight_hh: np.ndarray, ds: np.ndarray, dc: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(gradient of U x, of W s, what goes to the state before beside W s, the same for the cell)."""
    if cell in ACTIVATIONS:
        da = ds * ACTIVATIONS[cell].slope(here["s"])
        return da, da, np.zeros_like(ds), dc
    if "z" in here:
        r, z, n, m = (here[name] for name in "rznm")
        d_n = ds * (1 - z) * (1 - n * n)
        d_z, d_r = ds * (here["before"] - n) * z * (1 - z), d_n * m * r * (1 - r)
        if CELLS[cell].reset_before:
            dk = d_n @ weight_hh[2 * r.shape[1] :]
            d_r = dk * here["before"] * r * (1 - r)
            return np.hstack([d_r, d_z, d_n]), np.hstack([d_r, d_z, np.zeros_like(d_n)]), ds * z + dk * r, dc
        return np.hstack([d_r, d_z, d_n]), np.hstack([d_r, d_z, d_n * r]), ds * z, dc
    i, f, g, o, q = (here[name] for name in "ifgoq")
    p_i, p_f, p_o = here["peepholes"]
    d_o = ds * q * o * (1 - o)
    shown = ds * o * (1 - q * q)
    dc = dc + (_back(here["c"], here["gain_ch"] * shown) if CELLS[cell].normalised else shown) + d_o * p_o
    d_i, d_f = dc * g * i * (1 - i), dc * here["c_before"] * f * (1 - f)
    da = np.hstack([d_i, d_f, dc * i * (1 - g * g), d_o])
    return da, da, np.zeros_like(ds), dc * f + d_i * p_i + d_f * p_f
