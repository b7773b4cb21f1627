"""Writing with a network: each symbol is drawn from its distribution and read again as the next input."""

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.config import ModelConfig
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import array_of, check, check_number, check_whole
from rnn_core.kernels.arguments import Choice, WritingRoom
from rnn_core.kernels.buffers import allocate
from rnn_core.kernels.writing import sampling_weights, writer
from rnn_core.model import Model

MAX_LENGTH = 1_000_000


def generate(
    model: Model,
    prompt_ids: ArrayLike,
    length: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | None = None,
) -> np.ndarray:
    """(length,) ids that continue prompt_ids (M,), M >= 1; starts from the zero state.

    Parameters
    ----------
    model : whose output is a distribution over the ids that it reads. prompt_ids : (M,) symbols to read first.
    length : number of symbols to write.
    temperature : logits are divided by it; 0 always takes the most probable symbol.
    top_k : number of most probable symbols to keep (Fan et al. 2018), or None.
    top_p : keep only the fewest most probable symbols whose probabilities sum to at least this (Holtzman et al. 2020),
        or None.
    seed : of the draws; None is different every time.

    Raises
    ------
    InputError, ConfigError : say what was given and what is needed; the network must read ids in one direction and
        put out a distribution over the same ids after every step.
    """
    check_writer(model)
    config, prompt = model.config, check_symbols(model, "prompt_ids", prompt_ids)
    length = check_whole("length", length, 1, MAX_LENGTH)
    choice = _settings(config, temperature, top_k, top_p)
    if seed is not None:
        seed = check_whole("seed", seed, 0, 2**63)
    out = np.zeros(length, np.int64)
    room = WritingRoom(
        ids=np.zeros((1, 1), np.int32),
        no_values=np.zeros((0, 0, 0), config.dtype),
        weights=np.zeros(config.output_size),
        order=np.zeros(config.output_size, np.int64),
    )
    written = writer(config.cell, config.dtype)(
        model.layout.shape, model.layout.offsets, model.parameters, allocate(model.layout, config, 1, 1), prompt,
        choice, np.random.default_rng(seed).random(length), room, out,
    )  # fmt: skip
    if written < length:
        raise InputError(
            f"after {written} symbols the network's outputs are not finite: its weights, up to "
            f"{np.abs(model.parameters).max():g} in size, are too large; train at a lower learning rate"
        )
    return out


def drawn_from(
    model: Model, logits: ArrayLike, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None
) -> np.ndarray:
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


def check_writer(model: Model) -> None:
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


def check_symbols(model: Model, name: str, ids: ArrayLike) -> np.ndarray:
    """ids (M,) as int64, M >= 1, each below the network's input size; InputError says what is wrong."""
    ids = array_of(name, ids)
    if ids.ndim != 1 or ids.size == 0 or ids.dtype.kind not in "iu":
        raise InputError(f"{name} has shape {ids.shape}; expected (M,) integer ids with M at least 1")
    return check(model.config, ids[:, None]).ids[:, 0].astype(np.int64)


def _settings(config: ModelConfig, temperature: float, top_k: int | None, top_p: float | None) -> Choice:
    """temperature, top_k and top_p as the kernels take them."""
    return Choice(
        check_number("temperature", temperature, 0, 1000),
        config.output_size if top_k is None else check_whole("top_k", top_k, 1, 10**9),
        1.0 if top_p is None else check_number("top_p", top_p, 0, 1),
    )
