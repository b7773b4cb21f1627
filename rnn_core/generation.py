"""Writing with a network: each symbol is drawn from its distribution and read again as the next input."""

import functools
import math

import numba
import numpy as np

from rnn_core import cells
from rnn_core.arithmetic import copy, flat
from rnn_core.buffers import allocate
from rnn_core.cells import CELLS
from rnn_core.engine import driver_types
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import check, check_number, check_whole
from rnn_core.jit import compiled, kernel, pointer_to
from rnn_core.model import Model
from rnn_core.network import forward

MAX_LENGTH = 1_000_000


@functools.partial(kernel, allocates=True)
def sampling_weights(logits, temperature, top_k, top_p, weights):
    """weights (K,) = the distribution drawn from, not normalised; returns its sum.

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
    order = np.argsort(-weights, kind="mergesort")
    kept, mass = 0, 0.0
    among = 0.0
    for i in range(min(top_k, count)):
        among += weights[order[i]]
    for i in range(min(top_k, count)):
        if kept == 0 or mass < top_p * among:
            mass += weights[order[i]]
            kept += 1
    for i in range(kept, count):
        weights[order[i]] = 0.0
    return mass


@kernel
def write(
    cell_forward, shape, offsets, params, buffers, ids, values, prompt, temperature, top_k, top_p, rng, weights, out
):  # fmt: skip
    """Fill out (N,) with symbols that follow prompt (M,), read one at a time; returns how many before an overflow."""
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
                left = rng.random() * sampling_weights(logits, temperature, top_k, top_p, weights)
                symbol = -1
                for k in range(weights.size):
                    if weights[k] > 0.0:
                        symbol = k
                        left -= weights[k]
                        if left < 0.0:
                            break
            out[i - prompt.size + 1] = symbol
    return out.size


@functools.cache
def writer(cell, dtype):
    """`write` for this cell: a function of `write`'s other arguments. Compiles or loads what it needs."""
    float_type = numba.from_dtype(np.dtype(dtype))
    forward_type = cells.signatures(float_type)[0]
    shape, offsets, params, *_, buffers, _ = driver_types(dtype)
    row = numba.types.Array(numba.float64, 1, "C")
    symbols, ids = numba.types.Array(numba.int64, 1, "C"), numba.types.Array(numba.int32, 2, "C")
    values = numba.types.Array(float_type, 3, "C")
    generator = numba.typeof(np.random.default_rng(0))
    signature = numba.int64(
        pointer_to(forward_type), shape, offsets, params, buffers, ids, values, symbols, numba.float64,
        numba.int64, numba.float64, generator, row, symbols,
    )  # fmt: skip
    return functools.partial(compiled(write, signature), compiled(CELLS[cell].forward, forward_type))


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
    prompt = np.asarray(prompt_ids)
    if prompt.ndim != 1 or prompt.size == 0 or prompt.dtype.kind not in "iu":
        raise InputError(f"prompt_ids has shape {prompt.shape}; expected (M,) integer ids with M at least 1")
    prompt = check(config, prompt[:, None]).ids[:, 0].astype(np.int64)
    length = check_whole("length", length, 1, MAX_LENGTH)
    temperature = check_number("temperature", temperature, 0, 1000)
    top_k = config.output_size if top_k is None else check_whole("top_k", top_k, 1, 10**9)
    top_p = 1.0 if top_p is None else check_number("top_p", top_p, 0, 1)
    if seed is not None:
        seed = check_whole("seed", seed, 0, 2**63)
    out = np.zeros(length, np.int64)
    written = writer(config.cell, config.dtype)(
        model.layout.shape, model.layout.offsets, model.parameters, allocate(model.layout, config, 1, 1),
        np.zeros((1, 1), np.int32), np.zeros((0, 0, 0), config.dtype), prompt, temperature, top_k, top_p,
        np.random.default_rng(seed), np.zeros(config.output_size), out,
    )  # fmt: skip
    if written < length:
        raise InputError(
            f"after {written} symbols the network's outputs are not finite: its weights, up to "
            f"{np.abs(model.parameters).max():g} in size, are too large; train at a lower learning rate"
        )
    return out
