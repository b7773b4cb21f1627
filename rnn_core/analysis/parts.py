"""A long text read in parts: with its progress, a way to stop, and no memory of what is not kept.

A network of one direction carries its state from part to part. One that reads both ways is taken apart: each layer and
direction is a network of one direction, over the text or over the reversed text, and both directions of a layer
are read to their ends before the next layer begins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rnn_core.config import ModelConfig
from rnn_core.errors import InputError
from rnn_core.kernels.arithmetic import add_product, softmax
from rnn_core.model import Model
from rnn_core.trace import Trace

OUTPUTS = 1_000_000  # numbers of output in memory at once, about


class Part(NamedTuple):
    """Measurements of n of T steps of S sequences."""

    share: float  # of the whole work, that is done by now
    steps: slice
    values: np.ndarray | None = None  # (n, S, H): the quantity that is asked for
    probs: np.ndarray | None = None  # (n, S, K); (1, S, K) of a network that is read at the end, once it is there
    before: tuple[np.ndarray, np.ndarray | None] | None = (
        None  # (hidden, cell or None), each (LD, S, H), of one direction: the state they begin with
    )


def read_in_parts(model: Model, x: np.ndarray, quantity: str, stack: int, chunk: int) -> Iterator[Part]:
    """The Parts of reading ids x (T, S), `chunk` steps at a time, with a quantity of one layer and direction.

    Raises InputError where the network's numbers are no longer finite.
    """
    return (_both_ways if model.config.bidirectional else _one_way)(model, x, quantity, stack, chunk)


def values_of(trace: Trace, quantity: str) -> np.ndarray:
    """(LD, T, B, H): a quantity of a Trace at each step; InputError where its cell has no such quantity."""
    if quantity in trace.gates:
        return trace.gates[quantity]
    states = {"hidden": trace.hidden, "cell": trace.cell}.get(quantity)
    if states is None:
        raise InputError(f"quantity is {quantity!r}; {trace.config.cell} has {', '.join(['hidden', *trace.gates])}")
    return states[:, 1:]


def _one_way(model: Model, x: np.ndarray, quantity: str, stack: int, chunk: int) -> Iterator[Part]:
    state, every = None, model.config.output == "every"
    for part in _slices(len(x), chunk):
        trace = model.forward(x[part], state)
        _check_finite(part, trace.hidden, trace.logits)
        # copies: a view would keep everything else of the trace
        before = trace.hidden[:, 0].copy(), None if trace.cell is None else trace.cell[:, 0].copy()
        state = trace.state
        probs = trace.probs if every or part.stop == len(x) else None
        yield Part(part.stop / len(x), part, values_of(trace, quantity)[stack], probs, before)


def _both_ways(model: Model, x: np.ndarray, quantity: str, stack: int, chunk: int) -> Iterator[Part]:
    config, weights, size = model.config, model.state_dict(), model.config.hidden_size
    parts, every = _slices(len(x), chunk), config.output == "every"
    outputs = _slices(len(x) if every else 1, max(1, min(chunk, OUTPUTS // (x.shape[1] * config.output_size))))
    done, total, below = 0, 2 * config.num_layers * len(parts) + len(outputs), x
    for layer in range(config.num_layers):
        above = np.empty((*x.shape, 2 * size), config.dtype)
        for direction, turn in enumerate((slice(None), slice(None, None, -1))):
            one, state = _alone(config, weights, layer, direction), None
            columns = slice(direction * size, (direction + 1) * size)
            for part in parts[turn]:
                trace = one.forward(below[part][turn], state)
                _check_finite(part, trace.hidden)
                above[part, :, columns] = trace.hidden[0, 1:][turn]
                state, done = trace.state, done + 1
                asked = stack == 2 * layer + direction
                yield Part(done / total, part, values_of(trace, quantity)[0][turn] if asked else None)
        below = above
    if not every:  # each direction's state where it has read everything
        below = np.concatenate([below[-1:, :, :size], below[:1, :, size:]], axis=-1)
    weight, bias = np.ascontiguousarray(weights["weight_ho"].T), weights.get("bias_o", 0)
    for part in outputs:
        features = below[part].reshape(-1, 2 * size)
        logits = np.empty((len(features), config.output_size), config.dtype)
        logits[:] = bias
        add_product(features, weight, logits)
        _check_finite(part, logits)
        probs, done = np.empty_like(logits), done + 1
        softmax(logits, probs, np.empty(len(logits)))
        yield Part(done / total, part, probs=probs.reshape(-1, x.shape[1], config.output_size))


def _slices(steps: int, chunk: int) -> list[slice]:
    """The steps in chunks."""
    return [slice(begin, min(begin + chunk, steps)) for begin in range(0, steps, chunk)]


def _alone(config: ModelConfig, weights: Mapping[str, np.ndarray], layer: int, direction: int) -> Model:
    """One layer and direction as a network of its own, over steps in the order in which it reads them. Its
    read-out is a dummy of size 1."""
    inputs = config.input_size if layer == 0 else 2 * config.hidden_size
    one = Model(replace(
        config, input_size=inputs, output_size=1, num_layers=1, bidirectional=False, output="last", loss="mse",
        init="uniform", spectral_radius=None,
    ))  # fmt: skip
    own, end = one.state_dict(), f"_l{layer}" + ("_reverse" if direction else "")
    one.load_state_dict(own | {name: weights[name.replace("_l0", end)] for name in own if name.endswith("_l0")})
    return one


def _check_finite(part: slice, *arrays: np.ndarray) -> None:
    if not all(np.isfinite(array).all() for array in arrays):
        raise InputError(
            f"the network's state leaves the finite numbers between symbols {part.start} and {part.stop}; "
            "give a shorter text, or a network with smaller weights"
        )
