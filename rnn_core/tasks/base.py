"""Base of every task: checked parameters, blocks of training batches, one held-out batch, examples.

A task is an immutable recipe. The same task, block index and seed give the same data, bit for bit, in any
order of calls, so a training run can be stopped, resumed and repeated without storing any data.

Shapes: n batches in a block, T steps, B sequences, D inputs, K outputs; S = T where every step has an output
and 1 where only the last has. All arrays are C-contiguous; ids are int32, floats are float32.
"""

import math
import operator
import reprlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import Field, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import numpy as np

from rnn_core.ctc import best_path, columns, label_error_rate, labels_of
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import array_of

Split = Literal["train", "held_out"]
Output = Literal["every", "last"]
Loss = Literal["cross_entropy", "mse", "ctc"]

STEPS = (1, 2000)  # allowed range of a sequence length
SEQUENCES = (1, 1024)  # of a batch size
SEEDS = (0, 2**32 - 1)  # of a seed: one 32-bit word, so that lists of seeds stay distinct

STREAM_NUMBER = {"train": 0, "held_out": 1}  # a word in the seed that keeps the two kinds of data apart
BLOCK_STEPS = 32_768  # steps of all sequences of a block together, about
HELD_OUT_SEQUENCES = 64
HELD_OUT_STEPS = 16_384  # long sequences: fewer than 64, so that measuring them stays quick


class Block(NamedTuple):
    """The batches of n consecutive updates."""

    x: np.ndarray  # (n, T, B) ids or (n, T, B, D) floats
    targets: np.ndarray  # (n, S, B) ids or (n, S, B, K) floats
    mask: np.ndarray | None  # (n, S, B) weight of each predicted step; None: all weigh the same
    reset: np.ndarray  # (n,) bool: True where the update starts from a zero state


class Batch(NamedTuple):
    """One batch: a block without its leading axis."""

    x: np.ndarray  # (T, B) ids or (T, B, D) floats
    targets: np.ndarray  # (S, B) ids or (S, B, K) floats
    mask: np.ndarray | None  # (S, B) or None

    @property
    def counted(self) -> np.ndarray:
        """(S, B) bool: the steps that are predicted."""
        return np.ones(self.targets.shape[:2], bool) if self.mask is None else self.mask > 0

    def mapped(self, change: Callable[[np.ndarray], np.ndarray]) -> "Batch":
        """The batch with each of its arrays changed; change : from an array to another."""
        return Batch(change(self.x), change(self.targets), None if self.mask is None else change(self.mask))


def setting(default: int | float, low: float, high: float, later: bool = False) -> Any:
    """A dataclass field: a number of the default's type in low..high. `Task` checks it, pages offer it.

    later : it was added to a task of which there are saved files; where they lack it, the default is meant.
    """
    return field(default=default, metadata={"low": low, "high": high} | ({"later": True} if later else {}))


class Task(ABC):
    """Base of all tasks. A concrete task is a frozen dataclass whose fields are its parameters.

    Registered tasks can be made without arguments. Numeric fields are declared with `setting`, so their
    bounds stand in one place: `{f.name: f.metadata for f in dataclasses.fields(task)}` has `low` and `high`
    for each of them.
    """

    name: ClassVar[str]  # key in TASKS
    supports_stateful: ClassVar[bool] = False  # True for streams, where a state can be carried on
    difficulty: ClassVar[tuple[str, ...]] = ()  # the fields that make the task harder
    measure: ClassVar[str] = "right_answers"  # what `accuracy` is the share of
    groups: ClassVar[dict[str, tuple[str, ...]]] = {}  # symbols that play the same part, where that is known

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]  # of the concrete task

    if TYPE_CHECKING:  # what a concrete task has as a field, a class variable or a property

        @property
        def output(self) -> Output:
            """Whether every step has an output, or only the last."""

        @property
        def loss(self) -> Loss:
            """Loss function, which fixes the kind of targets: ids or floats."""

        @property
        def sequence_length(self) -> int:
            """T."""

        @property
        def batch_size(self) -> int:
            """B."""

        @property
        def input_size(self) -> int:
            """D."""

        @property
        def output_size(self) -> int:
            """K."""

        @property
        def vocabulary(self) -> tuple[str, ...] | None:
            """The symbol of each input id, as it is printed; those of the output ids are its first K; None: no ids."""

        @property
        def best(self) -> float | None:
            """The lowest possible loss per predicted step, where it is known."""

    else:
        output, loss = "every", "cross_entropy"

    def __post_init__(self) -> None:
        for item in fields(self):
            if "low" in item.metadata:
                low, high = item.metadata["low"], item.metadata["high"]
                number = checked_number(item.name, getattr(self, item.name), type(item.default), low, high)
                object.__setattr__(self, item.name, number)

    @property
    def chance(self) -> float:
        """Loss per predicted step of a predictor that knows nothing but the alphabet: ln K."""
        return math.log(self.output_size)

    @property
    def block_size(self) -> int:
        """Number of batches in a block: fixed by T and B alone."""
        return max(1, BLOCK_STEPS // (self.sequence_length * self.batch_size))

    def block(self, index: int, seed: int, stateful: bool = False) -> Block:
        """The batches of updates index·n … index·n + n − 1, where n = `block_size`.

        index : which block, from 0. seed : of the order in which training data is shown (the data set itself
        has its own seed, a field of the task). stateful : batches that continue one another, for a state that
        is carried on. Raises InputError for a bad index or seed, ConfigError if the task is no stream or too
        short for this.

        >>> from rnn_core.tasks import RecallTask
        >>> block = RecallTask(delay=9, batch_size=32).block(index=0, seed=1)
        >>> block.x.shape, block.targets.shape
        ((102, 10, 32), (102, 10, 32))
        """
        index, seed = checked_index("index", index), checked_index("seed", seed)
        if stateful and not self.supports_stateful:
            raise ConfigError(
                f"stateful is True, but the sequences of task {self.name!r} do not continue one another; "
                "set stateful=False, or take a stream: a text or the grammar"
            )
        return self.make_block(index, seed, bool(stateful))

    @abstractmethod
    def make_block(self, index: int, seed: int, stateful: bool) -> Block:
        """`block`, with arguments that have been checked: index, seed and stateful as there."""

    @abstractmethod
    def make_held_out(self) -> Batch:
        """`held_out`, made anew."""

    @property
    def held_out_size(self) -> int:
        """Number of held-out sequences: 64, fewer of them where they are long."""
        return min(HELD_OUT_SEQUENCES, max(8, HELD_OUT_STEPS // self.sequence_length))

    @cached_property
    def _held_out(self) -> Batch:
        return self.make_held_out()

    def held_out(self) -> Batch:
        """One fixed batch of data that is never trained on; always the same object: do not write into it."""
        return self._held_out

    def example(self, index: int, split: Split = "train") -> Batch:
        """A batch of one sequence to look at: the index-th of training (seed 0), or of the held-out batch.

        The held-out batch starts over when index runs past its end.
        Raises InputError for a bad index or split.
        """
        index = checked_index("index", index)
        if split == "held_out":
            batch = self.held_out()
            column = index % batch.x.shape[1]
        elif split == "train":
            update, column = divmod(index, self.batch_size)
            number, row = divmod(update, self.block_size)
            block = self.block(number, seed=0)
            batch = Batch(block.x[row], block.targets[row], None if block.mask is None else block.mask[row])
        else:
            raise InputError(f"split is {reprlib.repr(split)}; it must be 'train' or 'held_out'")
        return batch.mapped(lambda array: np.ascontiguousarray(array[:, column : column + 1]))

    def accuracy(self, outputs: np.ndarray, batch: Batch) -> float:
        """Share of the predicted steps at which the largest output is the right one, from 0 to 1.

        With CTC, 1 - the error rate of the labels on the best path, or 0 where that exceeds 1.

        outputs (S, B, K): probabilities or logits of `batch`, which is a batch of this task.
        """
        outputs = self.checked_outputs(outputs, batch)
        if self.loss == "ctc":
            found = [best_path(column) if len(column) else () for column in columns(outputs, batch.mask)]
            return max(
                0.0, 1 - label_error_rate(found, [labels_of(path) for path in columns(batch.targets, batch.mask)])
            )
        return masked_mean(outputs.argmax(axis=-1) == batch.targets, batch.mask)

    def checked_outputs(self, outputs: np.ndarray, batch: Batch) -> np.ndarray:
        """The outputs for a batch of this task as a finite array of shape (S, B, K), or an InputError."""
        outputs = array_of("outputs", outputs)
        expected = (*batch.targets.shape[:2], self.output_size)
        if outputs.shape != expected:
            raise InputError(
                f"outputs have shape {outputs.shape}; expected (S, B, K) = {expected}: give trace.probs "
                "(or trace.logits) of this very batch"
            )
        if outputs.dtype.kind not in "fiu" or not np.isfinite(outputs).all():
            raise InputError(
                f"outputs (type {outputs.dtype}) hold something that is no finite number; "
                "take them from a model that has not diverged"
            )
        return outputs


class GeneratedTask(Task):
    """Base of the tasks whose sequences are drawn one by one: a concrete task only says how to `draw` them.

    Training and held-out sequences come from generators with different seeds, and so does each block.
    """

    if TYPE_CHECKING:

        @property
        def seed(self) -> int:
            """Of the data."""

    @abstractmethod
    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        """`count` sequences as one batch."""

    def make_block(self, index: int, seed: int, stateful: bool) -> Block:
        n = self.block_size
        rng = np.random.default_rng([self.seed, STREAM_NUMBER["train"], seed, index])
        batch = self.draw(rng, n * self.batch_size, "train")
        x, targets, mask = batch.mapped(lambda array: split_updates(array, n))
        return Block(x, targets, mask, reset=np.ones(n, bool))

    def make_held_out(self) -> Batch:
        rng = np.random.default_rng([self.seed, STREAM_NUMBER["held_out"], 0, 0])
        return self.draw(rng, self.held_out_size, "held_out")


def split_updates(array: np.ndarray, n: int) -> np.ndarray:
    """(S, n·B, …) as (n, S, B, …), contiguous."""
    steps, sequences, *rest = array.shape
    return np.ascontiguousarray(array.reshape(steps, n, sequences // n, *rest).swapaxes(0, 1))


def masked_mean(values: np.ndarray, mask: np.ndarray | None) -> float:
    """Mean of values (S, B) over the steps that are predicted."""
    return float(values.mean() if mask is None else values[mask > 0].mean())


def checked_number(name: str, value: Any, kind: type, low: float, high: float) -> int | float:
    """The value as a plain int or float within low..high, or a ConfigError that names the field."""
    needed = f"it must be a {'whole ' if kind is int else ''}number from {low} to {high}"
    try:
        if isinstance(value, bool | np.bool_ | str | bytes):
            raise TypeError
        number = operator.index(value) if kind is int else float(value)
    except (TypeError, ValueError, OverflowError):
        raise ConfigError(f"{name} is {reprlib.repr(value)}; {needed}") from None
    if not low <= number <= high:
        raise ConfigError(f"{name} is {reprlib.repr(value)}; {needed}")
    return number


def checked_index(name: str, value: Any) -> int:
    """The value as a plain int that fits a seed, or an InputError that names the argument."""
    try:
        return int(checked_number(name, value, int, *SEEDS))
    except ConfigError as error:
        raise InputError(str(error)) from None
