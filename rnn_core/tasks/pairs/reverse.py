"""A string, written backwards: the whole of it has to pass through one state."""

import string
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, setting
from rnn_core.tasks.pairs.base import BLANK, END, PairTask


@dataclass(frozen=True, kw_only=True)
class ReverseTask(PairTask):
    """Strings of 1 to `longest` letters, of `symbols` kinds, and the same from their end.

    >>> ReverseTask().answer("abc")
    'cba'
    """

    name: ClassVar[str] = "reverse"
    difficulty: ClassVar[tuple[str, ...]] = ("longest", "kinds")

    longest: int = setting(8, 1, 40)
    kinds: int = setting(8, 2, 26)
    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        return (BLANK, *string.ascii_lowercase[: self.kinds])

    @cached_property
    def letters(self) -> tuple[str, ...]:
        return (*string.ascii_lowercase[: self.kinds], END)

    @property
    def input_length(self) -> int:
        return self.longest

    @property
    def output_length(self) -> int:
        return self.longest + 1

    def answer(self, text: str) -> str | None:
        return "".join(reversed(self.symbols_of(text)))

    def draw(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        letters = rng.integers(self.kinds, size=(count, self.longest))
        lengths = rng.integers(1, self.longest + 1, count)[:, None]
        x = np.where(np.arange(self.longest) < lengths, letters + 1, -1)
        backwards = np.maximum(lengths - 1 - np.arange(self.longest + 1), 0)
        reversed_letters = np.take_along_axis(letters, backwards, axis=1)
        return x, np.where(np.arange(self.longest + 1) < lengths, reversed_letters, -1)
