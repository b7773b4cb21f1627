"""Copy memory (Hochreiter & Schmidhuber 1997, in the form of Arjovsky, Shah & Bengio 2016): a few symbols, a long
pause, and then the same symbols again in their order.
"""

import math
import string
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, STEPS, Batch, GeneratedTask, Split, setting

BLANK, CUE = "-", "?"
LONGEST_PAUSE = STEPS[1] - 40  # so that the longest sequence still is one


@dataclass(frozen=True, kw_only=True)
class CopyTask(GeneratedTask):
    """`length` symbols, `delay` steps of blanks of which the last is the cue "?", then `length` blanks more, during
    which the symbols must be the output; before that the output is the blank.

    delay : steps from the end of the symbols to the first answer, so T = delay + 2·length. length : how many are to be
    copied, drawn evenly from `symbols` kinds ("A", "B", …). batch_size : B. seed : of the data. Every step counts in
    the loss. Chance is what can be had without memory: the blanks at their time, and a guess among the symbols
    when they are asked for, length·ln(symbols) / T. Best is 0.

    >>> task = CopyTask(delay=3, length=2, symbols=4)
    >>> [task.vocabulary[i] for i in task.example(0).x[2:, 0]]
    ['-', '-', '?', '-', '-']
    >>> round(task.chance, 4) == round(2 * math.log(4) / 7, 4)
    True
    """

    name: ClassVar[str] = "copy"
    difficulty: ClassVar[tuple[str, ...]] = ("delay", "length", "symbols")
    measure: ClassVar[str] = "copied_symbols"
    best: ClassVar[float | None] = 0.0

    delay: int = setting(20, 1, LONGEST_PAUSE)
    length: int = setting(3, 1, 20)
    symbols: int = setting(8, 2, 26)
    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    @property
    def sequence_length(self) -> int:
        return self.delay + 2 * self.length

    @property
    def input_size(self) -> int:
        return self.symbols + 2

    @property
    def output_size(self) -> int:
        return self.symbols + 1

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        return (*string.ascii_uppercase[: self.symbols], BLANK, CUE)

    @property
    def chance(self) -> float:
        return self.length * math.log(self.symbols) / self.sequence_length

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        copied = rng.integers(self.symbols, size=(self.length, count), dtype=np.int32)
        x = np.full((self.sequence_length, count), self.symbols, np.int32)
        x[: self.length] = copied
        x[-self.length - 1] = self.symbols + 1
        targets = np.full_like(x, self.symbols)
        targets[-self.length :] = copied
        return Batch(x, targets, None)

    def accuracy(self, outputs: np.ndarray, batch: Batch) -> float:
        """Share of the symbols to be copied in a batch at which the largest of outputs (S, B, K) is the right one;
        blanks do not count."""
        right = self.checked_outputs(outputs, batch).argmax(axis=-1) == batch.targets
        return float(right[-self.length :].mean())
