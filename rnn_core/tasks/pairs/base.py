"""Base of every task of pairs: an input sequence, and the output sequence that it must become.

As with `rnn_core.tasks.base`: an immutable recipe; the same task, block and seed give the same pairs, bit for bit. The
input stands at the end of its T steps, blanks before it: the encoder's last state has just read its last symbol. The
output stands at the beginning of its S steps and closes with the symbol END.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import Field, fields
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from rnn_core.errors import InputError
from rnn_core.tasks.base import BLOCK_STEPS, STREAM_NUMBER, Split, checked_index, checked_number, split_updates
from rnn_core.tasks.splitting import held_out_rows

BLANK, END = "·", "⏎"
HELD_OUT_PAIRS = 256


class Pairs(NamedTuple):
    """Pairs side by side; those of a block have a leading axis of updates."""

    x: np.ndarray  # (T, B) ids
    targets: np.ndarray  # (S, B) ids, END after the last symbol, anything behind it
    mask: np.ndarray  # (S, B) 1 up to END, 0 behind it


class PairTask(ABC):
    """Base of the tasks of pairs. A concrete task is a frozen dataclass that says how to `draw` pairs.

    An input is trained on or held out, never both: a hash of it decides (`rnn_core.tasks.splitting`).
    """

    name: ClassVar[str]  # key in PAIRS
    difficulty: ClassVar[tuple[str, ...]] = ()
    separator: ClassVar[str] = ""  # between two symbols of the input
    output_separator: ClassVar[str] = ""  # of the output
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]  # of the concrete task

    if TYPE_CHECKING:  # what a concrete task has as a field, a class variable or a property

        @property
        def symbols(self) -> tuple[str, ...]:
            """Of the input; BLANK is the first."""

        @property
        def letters(self) -> tuple[str, ...]:
            """Of the output; END is the last."""

        @property
        def input_length(self) -> int:
            """T."""

        @property
        def output_length(self) -> int:
            """S, END included."""

        @property
        def batch_size(self) -> int:
            """B."""

        @property
        def seed(self) -> int:
            """Of the data."""

    def __post_init__(self) -> None:
        for item in fields(self):
            if "low" in item.metadata:
                number = checked_number(item.name, getattr(self, item.name), type(item.default), **item.metadata)
                object.__setattr__(self, item.name, number)

    @property
    def input_size(self) -> int:
        """D."""
        return len(self.symbols)

    @property
    def output_size(self) -> int:
        """K."""
        return len(self.letters)

    @property
    def chance(self) -> float:
        """Loss per predicted symbol of one that knows nothing but the letters: ln K."""
        return math.log(self.output_size)

    @property
    def block_size(self) -> int:
        """Number of batches in a block."""
        return max(1, BLOCK_STEPS // ((self.input_length + self.output_length) * self.batch_size))

    @abstractmethod
    def draw(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """(inputs (count, T), outputs (count, S)) ids; -1 where there is no symbol, anywhere in the input, behind the
        last one in the output."""

    @abstractmethod
    def answer(self, text: str) -> str | None:
        """Right output for this input; None where the input is none of this task's."""

    def block(self, index: int, seed: int) -> Pairs:
        """The pairs of updates index·n … index·n + n − 1, n = `block_size`; InputError for a bad index or seed.

        >>> from rnn_core.tasks.pairs import ReverseTask
        >>> ReverseTask(batch_size=16).block(0, seed=1).x.shape
        (120, 8, 16)
        """
        index, seed = checked_index("index", index), checked_index("seed", seed)
        rng = np.random.default_rng([self.seed, STREAM_NUMBER["train"], seed, index])
        pairs = self._pairs(rng, self.block_size * self.batch_size, "train")
        return Pairs(*(split_updates(array, self.block_size) for array in pairs))

    @cached_property
    def _held_out(self) -> Pairs:
        return self._pairs(
            np.random.default_rng([self.seed, STREAM_NUMBER["held_out"], 0, 0]), HELD_OUT_PAIRS, "held_out"
        )

    def held_out(self) -> Pairs:
        """256 pairs whose inputs are never trained on; always the same object: do not write into it."""
        return self._held_out

    def _pairs(self, rng: np.random.Generator, count: int, split: Split) -> Pairs:
        _deciding, x, targets = held_out_rows(lambda n: self._aligned(rng, n), count, split)
        lengths = (targets >= 0).sum(axis=1)
        end = self.output_size - 1
        mask = np.arange(self.output_length) <= lengths[:, None]
        targets = np.where(targets < 0, end, targets).astype(np.int32)
        arrays = x, targets, mask.astype(np.float32)
        return Pairs(*(np.ascontiguousarray(array.T) for array in arrays))

    def _aligned(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        x, targets = self.draw(rng, count)
        x = at_the_end(x)
        return self.split_rows(x, targets), x, targets

    def split_rows(self, x: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """(count, ...) ids whose hash decides which pairs are held out: those of the inputs."""
        return x

    def matches(self, ids: np.ndarray, pairs: Pairs) -> np.ndarray:
        """(B,) bool: whether ids (S, B) say each output to its END."""
        return ((ids == pairs.targets) | (pairs.mask == 0)).all(axis=0)

    def symbols_of(self, text: str) -> list[str]:
        """The symbols of an input as a person types it."""
        return text.strip().lower().split() if self.separator else list(text.strip().lower())

    def letters_of(self, text: str) -> list[str]:
        """The letters of an output as it is written."""
        return list(text)

    def encode(self, text: str) -> np.ndarray:
        """(T, 1) ids of an input as a person types it; InputError says what is wrong with it."""
        symbols, place = self.symbols_of(text), {symbol: i for i, symbol in enumerate(self.symbols)}
        unknown = list(dict.fromkeys(symbol for symbol in symbols if symbol not in place))
        if not symbols or unknown or len(symbols) > self.input_length:
            raise InputError(
                f"the input has {len(symbols)} symbols, unknown ones {unknown[:5]}; expected 1 to {self.input_length}, "
                f"all known to task {self.name!r}"
            )
        ids = np.zeros((self.input_length, 1), np.int32)
        ids[-len(symbols) :, 0] = [place[symbol] for symbol in symbols]
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """The output that ids say, up to its END."""
        return self.output_separator.join(takewhile(lambda letter: letter != END, (self.letters[int(i)] for i in ids)))

    def written(self, ids: Iterable[int]) -> str:
        """The input that ids say, without its blanks."""
        return self.separator.join(self.symbols[int(i)] for i in ids if i != 0)

    def length(self, x: np.ndarray) -> np.ndarray:
        """(B,) how many symbols each input (T, B) has."""
        return (x != 0).sum(axis=0)


def at_the_end(x: np.ndarray) -> np.ndarray:
    """The rows of x with their holes (-1) moved to the front, and made blanks (0).

    >>> at_the_end(np.array([[5, -1, 3, -1]])).tolist()
    [[0, 0, 5, 3]]
    """
    order = np.argsort(x >= 0, axis=1, kind="stable")
    return np.maximum(np.take_along_axis(x, order, axis=1), 0).astype(np.int32)


def table(rows: Iterable[Iterable[int]]) -> np.ndarray:
    """Rows of ids as one array, holes (-1) behind the shorter ones."""
    lists = [list(row) for row in rows]
    width = max(map(len, lists))
    return np.array([row + [-1] * (width - len(row)) for row in lists], np.int32)
