"""Batches that are given, not drawn: for tests, benchmarks and data of one's own."""

import operator
import reprlib
from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, get_args

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.ctc import even_loss
from rnn_core.errors import ConfigError, InputError
from rnn_core.tasks.base import Batch, Block, Loss, Output, Task

MAX_SIZE = 65_536  # of a model's input and output
MAX_FLOAT = float(np.finfo(np.float32).max)  # batches are kept in float32


class FixedBatches(Task):
    """A task that cycles through given batches: update u trains on batch u mod their number.

    batches : one or more (x, targets) or (x, targets, mask), all of the same shapes. x: (T, B) ids or (T, B,
    D) floats. targets: (T, B) ids, or (T, B, K) floats for mean squared error; with loss="ctc" the ids of a path to the
    labels, whose places do not count; with an output only after the
    last step (B,) or (1, B), or (B, K) or (1, B, K). mask: weights ≥ 0 of each predicted step, shaped like
    the targets without K. input_size, output_size, output, loss : inferred from the arrays unless given; a
    size inferred from ids is the largest of them plus one. vocabulary : symbols of the ids, if they have any.
    Nothing is held out: `held_out()` is the first batch. `best` is unknown; `chance` of float targets is
    their variance. Raises InputError for arrays that do not fit, ConfigError for options that do not.

    >>> task = FixedBatches([([[0], [1], [2]], [[1], [2], [0]])])
    >>> task.input_size, task.output_size, task.output, task.loss
    (3, 3, 'every', 'cross_entropy')
    """

    name: ClassVar[str] = "fixed"
    best: ClassVar[float | None] = None

    output: Output
    loss: Loss
    sequence_length: int
    batch_size: int
    input_size: int
    output_size: int
    vocabulary: tuple[str, ...] | None

    def __init__(
        self,
        batches: Sequence[tuple[ArrayLike, ...]],
        *,
        input_size: int | None = None,
        output_size: int | None = None,
        output: Output | None = None,
        loss: Loss | None = None,
        vocabulary: Sequence[str] | None = None,
    ) -> None:
        check_option("output", output, ("every", "last"))
        check_option("loss", loss, get_args(Loss))
        x, targets, mask = parts(batches)
        if x.ndim - 1 != (2 if is_ids(x) else 3):
            raise InputError(
                f"x has shape {x.shape[1:]} and type {x.dtype}; "
                "expected (T, B) integer ids or (T, B, D) floats: add a batch axis with x[:, None]"
            )
        for name, array in {"x": x, "targets": targets}.items():
            if array.size == 0:
                raise InputError(f"{name} has shape {array.shape[1:]}; every axis needs at least one entry")
        self.sequence_length, self.batch_size = x.shape[1:3]
        self.loss = loss or ("cross_entropy" if is_ids(targets) else "mse")
        if is_ids(targets) != (self.loss != "mse"):
            raise InputError(
                f"targets have type {targets.dtype}, which does not fit loss={self.loss!r}; "
                "cross_entropy and ctc need integer ids, mse needs floats"
            )
        self.output, targets = with_step_axis(targets, self.loss, self.sequence_length, self.batch_size, output)
        steps = targets.shape[1]
        if mask is not None:
            if mask.shape[1:] not in [(steps, self.batch_size)] + [(self.batch_size,)] * (steps == 1):
                raise InputError(f"mask has shape {mask.shape[1:]}; expected {(steps, self.batch_size)}")
            mask = mask.reshape(len(mask), steps, self.batch_size)
            if (mask < 0).any() or (mask.sum(axis=(1, 2)) == 0).any():
                raise InputError("mask needs weights >= 0, in each batch at least one above 0")
            if self.loss == "ctc" and not np.isin(mask, (0, 1)).all():
                raise InputError("mask needs, with loss='ctc', 1 for each step that counts and 0 for the others")
        self.input_size = size_of("input_size", "x", x, input_size)
        self.output_size = size_of("output_size", "targets", targets, output_size)
        if not isinstance(vocabulary, Sequence | None):
            raise ConfigError(f"vocabulary is a {type(vocabulary).__name__}; it must be a list of symbols")
        self.vocabulary = None if vocabulary is None else tuple(vocabulary)
        if self.vocabulary is not None and len(self.vocabulary) != self.input_size:
            raise ConfigError(f"vocabulary has {len(self.vocabulary)} symbols; input_size is {self.input_size}")
        self.x = x.astype(np.int32) if is_ids(x) else x  # the sizes have shown that the ids are small enough
        self.targets = targets.astype(np.int32) if is_ids(targets) else targets
        self.mask = mask

    @cached_property
    def chance(self) -> float:
        """ln K, with CTC the loss of equal probabilities, for float targets the error of always saying their mean over
        the steps that count."""
        if self.loss == "cross_entropy":
            return super().chance
        if self.loss == "ctc":
            return even_loss(np.concatenate([*self.targets], axis=1), self._masks, self.output_size)
        weight: np.ndarray = np.ones(self.targets.shape[:3]) if self.mask is None else self.mask.astype(np.float64)
        values, weight = self.targets.reshape(-1, self.output_size), weight.ravel()
        mean = np.average(values, axis=0, weights=weight)
        return float(np.average(np.square(values - mean).mean(axis=1), weights=weight))

    @property
    def _masks(self) -> np.ndarray | None:
        return None if self.mask is None else np.concatenate([*self.mask], axis=1)

    def make_block(self, index: int, seed: int, stateful: bool) -> Block:
        n = self.block_size
        chosen = (index * n + np.arange(n)) % len(self.x)
        mask = None if self.mask is None else self.mask[chosen]
        return Block(self.x[chosen], self.targets[chosen], mask, np.ones(n, bool))

    def make_held_out(self) -> Batch:
        return Batch(self.x[0], self.targets[0], None if self.mask is None else self.mask[0])

    def accuracy(self, outputs: np.ndarray, batch: Batch) -> float:
        """Share of right answers of outputs (S, B, K) for a batch of this task; with mean squared error the share of
        the variance that is explained."""
        if self.loss != "mse":
            return super().accuracy(outputs, batch)
        squares = np.square(self.checked_outputs(outputs, batch) - batch.targets).mean(axis=-1)
        weight = np.ones(squares.shape) if batch.mask is None else batch.mask
        return float(max(0.0, 1 - np.average(squares, weights=weight) / self.chance)) if self.chance else 0.0


def parts(batches: Sequence[tuple[ArrayLike, ...]]) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """x, targets and mask (None where no batch has one), each with a leading axis for the batches.

    Raises InputError for what is no list of batches of one shape.
    """
    try:
        batches = [tuple(batch) for batch in batches]
    except TypeError:
        raise InputError("batches must be a list of (x, targets) or (x, targets, mask)") from None
    if not batches:
        raise InputError("batches is empty; give at least one (x, targets)")
    for number, batch in enumerate(batches):
        if len(batch) not in (2, 3):
            raise InputError(f"batch {number} has {len(batch)} parts; needed are (x, targets) or (x, targets, mask)")
    masks = [batch[2] for batch in batches if len(batch) == 3 and batch[2] is not None]
    if masks and len(masks) < len(batches):
        raise InputError("some batches have a mask and others none; give all of them one (ones where all count)")
    x, targets = (stacked(name, [batch[i] for batch in batches]) for i, name in enumerate(("x", "targets")))
    return x, targets, stacked("mask", masks).astype(np.float32) if masks else None


def check_option(name: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise ConfigError(
            f"{name} is {reprlib.repr(value)}; it must be one of {', '.join(map(repr, allowed))}, or left out"
        )


def stacked(name: str, given: list[Any]) -> np.ndarray:
    """The batches' arrays with a leading axis, numbers and finite, or an InputError."""
    try:
        arrays = [np.asarray(a) for a in given]
    except ValueError as error:
        raise InputError(f"{name} is no array: {error}; give rows of equal length") from None
    for number, array in enumerate(arrays):
        if array.shape != arrays[0].shape or is_ids(array) != is_ids(arrays[0]):
            raise InputError(
                f"{name} of batch {number} has shape {array.shape} and type {array.dtype}, of batch 0 "
                f"{arrays[0].shape} and {arrays[0].dtype}; all batches must be alike: pad and mask them"
            )
        if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
            raise InputError(f"{name} of batch {number} (type {array.dtype}) holds something that is no finite number")
        if array.dtype.kind == "f" and np.abs(array.astype(np.float64)).max(initial=0) > MAX_FLOAT:
            raise InputError(f"{name} of batch {number} holds a number beyond {MAX_FLOAT:g}: scale it down")
    stack = np.stack(arrays)
    return stack if is_ids(stack) else stack.astype(np.float32)


def is_ids(array: np.ndarray) -> bool:
    return array.dtype.kind in "iu"


def with_step_axis(
    targets: np.ndarray, loss: Loss, steps: int, batch: int, output: Output | None
) -> tuple[Output, np.ndarray]:
    """The read-out these targets (n, …) belong to, and the targets as (n, S, B) or (n, S, B, K).

    Raises InputError where they fit none.
    """
    shape, full = targets.shape[1:], 3 if loss == "mse" else 2
    if output != "every" and len(shape) == full - 1 and shape[0] == batch:
        return "last", targets[:, None]
    if output != "every" and len(shape) == full and shape[:2] == (1, batch) and (steps > 1 or output == "last"):
        return "last", targets
    if output != "last" and len(shape) == full and shape[:2] == (steps, batch):
        return "every", targets
    values = ", K" if loss == "mse" else ""
    expected = {"every": f"(T={steps}, B={batch}{values})", "last": f"(B={batch}{values})"}
    raise InputError(
        f"targets have shape {shape}; expected "
        + " or ".join(f"{s} for output={o!r}" for o, s in expected.items() if output in (None, o))
    )


def size_of(option: str, name: str, array: np.ndarray, given: int | None) -> int:
    """The given size, checked against the array, or the size that the array shows.

    Raises InputError or ConfigError where they do not agree.
    """
    if is_ids(array) and array.min() < 0:
        raise InputError(f"{name} holds the id {array.min()}; ids must be 0 or more")
    shown = int(array.max()) + 1 if is_ids(array) else array.shape[-1]
    try:
        size = shown if given is None else operator.index(given)
    except TypeError:
        raise ConfigError(f"{option} is {reprlib.repr(given)}; it must be a whole number, or left out") from None
    if not shown <= size <= MAX_SIZE or (not is_ids(array) and size != shown):
        raise ConfigError(
            f"{option} is {size}; {name} needs {'at least ' * is_ids(array)}{shown} (and {MAX_SIZE} is the most)"
        )
    return size
