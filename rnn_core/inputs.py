"""The door of the core: arrays are checked and converted here, once, and nowhere behind it."""

import functools
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells import CELLS
from rnn_core.config import ModelConfig
from rnn_core.errors import InputError

MAX_STEPS, MAX_BATCH, MAX_WEIGHT = 100_000, 100_000, 1e30


class Inputs(NamedTuple):
    """One batch as the kernels take it; what a batch does not have is empty."""

    ids: np.ndarray  # (T, B) int32
    values: np.ndarray  # (T, B, D)
    target_ids: np.ndarray  # (S, B) int32
    target_values: np.ndarray  # (S, B, K)
    weights: np.ndarray  # (S, B)

    @property
    def steps(self) -> int:
        """T."""
        return max(self.ids.shape[0], self.values.shape[0])

    @property
    def batch(self) -> int:
        """B."""
        return max(self.ids.shape[1], self.values.shape[1])


def check(config: ModelConfig, x: ArrayLike, targets: ArrayLike | None = None, mask: ArrayLike | None = None) -> Inputs:
    """x, targets and mask as kernels take them; InputError says what is wrong with them, and what to do."""
    ids, values = _sequence(config, x)
    steps, batch = (ids if ids.size else values).shape[:2]
    read = steps if config.output == "every" else 1
    target_ids, target_values = np.zeros((0, 0), np.int32), np.zeros((0, 0, 0), config.dtype)
    if targets is not None and config.loss != "mse":
        target_ids = _ids("targets", _steps(config, "targets", targets, 0), (read, batch), config.output_size)
    elif targets is not None:
        target_values = _floats(
            "targets", _steps(config, "targets", targets, 1), (read, batch, config.output_size), config.dtype
        )
    weights = np.zeros((0, 0), config.dtype)
    if mask is not None:
        weights = _floats("mask", _steps(config, "mask", mask, 0), (read, batch), config.dtype)
        if weights.min() < 0 or not 0 < weights.sum(dtype=np.float64) < MAX_WEIGHT:
            raise InputError(
                f"mask has values from {weights.min():g} to {weights.max():g}; "
                f"expected weights of at least 0 with a sum above 0 and below {MAX_WEIGHT:g}"
            )
        if config.loss == "ctc" and not np.isin(weights, (0, 1)).all():
            raise InputError("mask has weights between 0 and 1; expected, with loss='ctc', 1 for each step that counts")
    return Inputs(ids, values, target_ids, target_values, weights)


def check_state(
    config: ModelConfig, state: ArrayLike | None, batch: int, name: str = "state"
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """(hidden, cell), each (L * directions, B, H) or None, from what `state=` was given.

    Raises InputError for anything else.
    """
    if state is None:
        return None, None
    shape = (config.num_layers * config.directions, batch, config.hidden_size)
    if not CELLS[config.cell].has_cell:
        return _floats(name, array_of(name, state), shape, config.dtype), None
    if not isinstance(state, tuple | list) or len(state) != 2:
        raise InputError(f"{name} of an LSTM is {type(state).__name__}; expected a pair (hidden, cell), each {shape}")
    hidden = _floats(f"{name}[0]", array_of(f"{name}[0]", state[0]), shape, config.dtype)
    return hidden, _floats(f"{name}[1]", array_of(f"{name}[1]", state[1]), shape, config.dtype)


def check_whole(name: str, value: Any, low: int, high: int) -> int:
    """value as an int; InputError unless it is a whole number from low to high."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise InputError(f"{name} is {value!r}; expected a whole number from {low} to {high}")
    return int(value)


def check_number(name: str, value: Any, low: float, high: float) -> float:
    """value as a float; InputError unless it is a number from low to high."""
    kinds = (int, float, np.integer, np.floating)
    if isinstance(value, bool | np.bool_) or not isinstance(value, kinds) or not low <= value <= high:
        raise InputError(f"{name} is {value!r}; expected a number from {low:g} to {high:g}")
    return float(value)


def _sequence(config: ModelConfig, x: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    x = array_of("x", x)
    no_ids, no_values = np.zeros((0, 0), np.int32), np.zeros((0, 0, 0), config.dtype)
    if x.dtype.kind in "iu" and x.ndim != 3:
        if x.ndim == 1:
            raise InputError(f"x has shape {x.shape}; expected (T, B) ids: add a batch axis with x[:, None]")
        _size("x", x, 2, "(T, B) ids")
        return _ids("x", x, x.shape, config.input_size), no_values
    if x.ndim == 2:
        raise InputError(
            f"x has shape {x.shape} and type {x.dtype}; expected (T, B) integer ids or (T, B, input_size="
            f"{config.input_size}) floats: convert ids with x.astype(int), or add a batch axis with x[:, None]"
        )
    _size("x", x, 3, f"(T, B, input_size={config.input_size})")
    return no_ids, _floats("x", x, (*x.shape[:2], config.input_size), config.dtype)


def _size(name: str, x: np.ndarray, dimensions: int, needed: str) -> None:
    if x.ndim != dimensions or min(x.shape) == 0 or x.shape[0] > MAX_STEPS or x.shape[1] > MAX_BATCH:
        raise InputError(
            f"{name} has shape {x.shape}; expected {needed} with 1 to {MAX_STEPS} steps and 1 to {MAX_BATCH} sequences"
        )


def _steps(config: ModelConfig, name: str, value: ArrayLike, more: int) -> np.ndarray:
    """value with its axis of read-outs: for output="last" a (B, ...) array becomes (1, B, ...)."""
    value = array_of(name, value)
    return value[None] if config.output == "last" and value.ndim == 1 + more else value


def array_of(name: str, value: Any) -> np.ndarray:
    """value as an array of numbers; InputError if it is none: ragged lists, texts, objects."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, OverflowError):
        array = np.zeros(0, object)
    if array.dtype.kind not in "fiub":
        raise InputError(f"{name} is a {type(value).__name__} of type {array.dtype}; expected an array of real numbers")
    return array


def _ids(name: str, value: np.ndarray, shape: tuple[int, ...], count: int) -> np.ndarray:
    if value.shape != shape or value.dtype.kind not in "iu":
        raise InputError(
            f"{name} has shape {value.shape} and type {value.dtype}; expected integer ids of shape {shape}"
        )
    # one look for both ends: as an unsigned number a negative one is larger than any count
    if value.size and value.view(_unsigned(value.dtype)).max() >= count:
        raise InputError(f"{name} holds ids from {value.min()} to {value.max()}; expected 0 to {count - 1}")
    return np.array(value, np.int32, order="C")  # a copy: the caller may change the original later


@functools.cache
def _unsigned(kind: np.dtype) -> np.dtype:
    return np.dtype(kind.str.replace("i", "u"))


def _floats(name: str, value: np.ndarray, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    if value.shape != shape:
        raise InputError(f"{name} has shape {value.shape}; expected {shape}")
    with np.errstate(over="ignore"):
        value = np.array(value, dtype, order="C")  # a copy: the caller may change the original later
    if not np.isfinite(value).all():
        raise InputError(f"{name} holds values that are not finite in {np.dtype(dtype)}; expected finite numbers")
    return value
