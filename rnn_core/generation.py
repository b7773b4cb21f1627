"""Writing with a network: each symbol is drawn from its distribution and read again as the next input."""

import functools
import math

import numba
import numpy as np
from numba import types

from rnn_core import cells
from rnn_core.cells import CELLS
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import array_of, check, check_number, check_whole
from rnn_core.kernels.arithmetic import copy
from rnn_core.kernels.buffers import allocate
from rnn_core.kernels.jit import inlined, kernel, part
from rnn_core.kernels.linking import address, array, compiled, shared
from rnn_core.kernels.network import forward, network_types
from rnn_core.kernels.vectors import flat
from rnn_core.model import Model

MAX_LENGTH = 1_000_000
_WEIGHTS, _ORDER = array(types.float64, 1), types.int64[::1]


@inlined
def _before(weights, a, b):
    return weights[a] > weights[b] or (weights[a] == weights[b] and a < b)


@part
def _sift_down(weights, order, place, size):
    """Makes order[:size] a heap again, the most probable symbol on top, where only order[place] may be out of order."""
    symbol = order[place]
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and _before(weights, order[child + 1], order[child]):
            child += 1
        if not _before(weights, order[child], symbol):
            break
        order[place] = order[child]
        place = child
    order[place] = symbol


@part
def _pop(weights, order, size):
    """Moves the most probable of the heap order[:size] to its end; returns the size of the heap that is left."""
    order[0], order[size - 1] = order[size - 1], order[0]
    _sift_down(weights, order, np.int64(0), size - 1)  # a plain 0 would be another type, compiled anew
    return size - 1


@shared(lambda f: types.float64(array(f, 1), types.float64, types.int64, types.float64, _WEIGHTS, _ORDER))
def sampling_weights(logits, temperature, top_k, top_p, weights, order):
    """weights (K,) = the distribution drawn from, not normalised; returns its sum. order (K,) is room to sort.

    softmax(logits / temperature), of which only the top_k most probable symbols are kept, then the fewest most
    probable ones whose probabilities sum to at least top_p (Holtzman et al. 2020). Of equal ones the first come first.
    """
    count = logits.size
    largest = logits[0]
    for k in range(1, count):
        largest = max(largest, logits[k])
    total = 0.0
    for k in range(count):
        weights[k] = math.exp((float(logits[k]) - float(largest)) / temperature)
        total += weights[k]
    if top_k >= count and top_p >= 1.0:
        return total
    for k in range(count):
        order[k] = k
    for k in range(count // 2 - 1, -1, -1):
        _sift_down(weights, order, k, count)
    # The most probable leave the heap for the end of `order`, one after the other; no more of them than are needed.
    left, among = count, total
    if top_k < count:
        among = 0.0
        while left > count - top_k:
            left = _pop(weights, order, left)
            among += weights[order[left]]
    kept, mass = 0, 0.0
    while kept < min(top_k, count) and (kept == 0 or mass < top_p * among):
        kept += 1
        if count - kept < left:
            left = _pop(weights, order, left)
        mass += weights[order[count - kept]]
    for i in range(count - kept):
        weights[order[i]] = 0.0
    return mass


@kernel
def write(
    cell_forward, shape, offsets, params, buffers, ids, values, prompt, temperature, top_k, top_p, draws, weights,
    order, out,
):  # fmt: skip
    """Fill out (N,) with symbols that follow prompt (M,), read one at a time; returns how many before an overflow.

    draws (N,): a random number from 0 to 1 for each.
    """
    for i in range(prompt.size + out.size - 1):
        ids[0, 0] = prompt[i] if i < prompt.size else out[i - prompt.size]
        forward(cell_forward, shape, offsets, params, ids, values, buffers)
        for stack in range(buffers.hidden.shape[0]):
            copy(flat(buffers.hidden[stack, 1]), flat(buffers.hidden[stack, 0]))
            if buffers.cell.size > 0:
                copy(flat(buffers.cell[stack, 1]), flat(buffers.cell[stack, 0]))
        if i >= prompt.size - 1:
            logits = buffers.logits[0, 0]
            for k in range(logits.size):
                if not np.isfinite(logits[k]):
                    return i - prompt.size + 1
            if temperature == 0.0:
                symbol = 0
                for k in range(logits.size):
                    symbol = k if logits[k] > logits[symbol] else symbol
            else:
                total = sampling_weights(logits, temperature, top_k, top_p, weights, order)
                left = draws[i - prompt.size + 1] * total
                symbol = -1
                for k in range(weights.size):
                    if weights[k] > 0.0:
                        symbol = k
                        left -= weights[k]
                        if left < 0.0:
                            break
            out[i - prompt.size + 1] = symbol
    return out.size


def _write_signature(float_type):
    shape, offsets, buffers = network_types(float_type)
    integers = types.int64[::1]
    return types.int64(
        types.int64, shape, offsets, array(float_type, 1), buffers, types.int32[:, ::1], array(float_type, 3), integers,
        types.float64, types.int64, types.float64, _WEIGHTS, _WEIGHTS, _ORDER, integers,
    )  # fmt: skip


@functools.cache
def writer(cell, dtype):
    """`write` for this cell: a function of `write`'s other arguments. Compiles or loads what it needs."""
    float_type = numba.from_dtype(np.dtype(dtype))
    forward_address = address(CELLS[cell].forward, cells.forward_signature(float_type))
    return functools.partial(compiled(write, _write_signature(float_type)), forward_address)


def generate(model, prompt_ids, length, temperature=1.0, top_k=None, top_p=None, seed=None) -> np.ndarray:
    """(length,) ids that continue prompt_ids (M,), M >= 1; starts from the zero state.

    Parameters
    ----------
    temperature : logits are divided by it; 0 always takes the most probable symbol.
    top_k : keep only so many of the most probable symbols, or None.
    top_p : keep only the fewest most probable symbols whose probabilities sum to at least this, or None.
    seed : of the draws; None is different every time.

    Raises
    ------
    InputError, ConfigError : say what was given and what is needed; the network must read ids in one direction and
        put out a distribution over the same ids after every step.
    """
    check_writer(model)
    config, prompt = model.config, check_symbols(model, "prompt_ids", prompt_ids)
    length = check_whole("length", length, 1, MAX_LENGTH)
    temperature, top_k, top_p = _settings(config, temperature, top_k, top_p)
    if seed is not None:
        seed = check_whole("seed", seed, 0, 2**63)
    out = np.zeros(length, np.int64)
    written = writer(config.cell, config.dtype)(
        model.layout.shape, model.layout.offsets, model.parameters, allocate(model.layout, config, 1, 1),
        np.zeros((1, 1), np.int32), np.zeros((0, 0, 0), config.dtype), prompt, temperature, top_k, top_p,
        np.random.default_rng(seed).random(length), np.zeros(config.output_size),
        np.zeros(config.output_size, np.int64), out,
    )  # fmt: skip
    if written < length:
        raise InputError(
            f"after {written} symbols the network's outputs are not finite: its weights, up to "
            f"{np.abs(model.parameters).max():g} in size, are too large; train at a lower learning rate"
        )
    return out


def drawn_from(model, logits, temperature=1.0, top_k=None, top_p=None) -> np.ndarray:
    """The probabilities (S, K) that `generate` draws from at each step, for logits (S, K) of this model's trace.

    temperature, top_k, top_p : as for `generate`; at temperature 0 the most probable symbol has them all.
    Raises InputError and ConfigError as `generate` does.

    >>> from rnn_core import ModelConfig
    >>> model = Model(ModelConfig("gru", 3, 4, 3))
    >>> drawn_from(model, np.log([[0.5, 0.3, 0.2]]), top_p=0.6).round(3).tolist()
    [[0.625, 0.375, 0.0]]
    """
    check_writer(model)
    logits = np.ascontiguousarray(logits, np.float64)
    if logits.ndim != 2 or logits.shape[1] != model.config.output_size or not np.isfinite(logits).all():
        raise InputError(f"logits have shape {logits.shape}; expected finite ones of (S, {model.config.output_size})")
    temperature, top_k, top_p = _settings(model.config, temperature, top_k, top_p)
    probs, order = np.zeros_like(logits), np.zeros(logits.shape[1], np.int64)
    if temperature == 0.0:
        probs[np.arange(len(logits)), logits.argmax(axis=1)] = 1.0
        return probs
    for row, weights in zip(logits, probs, strict=True):
        weights /= sampling_weights(row, temperature, top_k, top_p, weights, order)
    return probs


def check_writer(model) -> None:
    """Refuse what cannot write: the network must read ids one way and predict the same ids after every step.

    Raises InputError for what is no Model, ConfigError for another network.
    """
    if not isinstance(model, Model):
        raise InputError(f"model is a {type(model).__name__}; expected a Model")
    config = model.config
    if config.bidirectional or config.output != "every" or config.loss != "cross_entropy":
        raise ConfigError(
            f"the network has bidirectional={config.bidirectional}, output={config.output!r}, loss={config.loss!r}; "
            "to generate it must read in one direction and predict symbols after every step"
        )
    if config.input_size != config.output_size:
        raise ConfigError(f"input_size is {config.input_size}, output_size {config.output_size}; they must agree")


def check_symbols(model, name, ids) -> np.ndarray:
    """ids (M,) as int64, M >= 1, each below the network's input size; InputError says what is wrong."""
    ids = array_of(name, ids)
    if ids.ndim != 1 or ids.size == 0 or ids.dtype.kind not in "iu":
        raise InputError(f"{name} has shape {ids.shape}; expected (M,) integer ids with M at least 1")
    return check(model.config, ids[:, None]).ids[:, 0].astype(np.int64)


def _settings(config, temperature, top_k, top_p) -> tuple[float, int, float]:
    """temperature, top_k and top_p as the kernels take them."""
    return (
        check_number("temperature", temperature, 0, 1000),
        config.output_size if top_k is None else check_whole("top_k", top_k, 1, 10**9),
        1.0 if top_p is None else check_number("top_p", top_p, 0, 1),
    )
