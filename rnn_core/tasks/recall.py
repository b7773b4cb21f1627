"""Delayed recall: keep one symbol in memory for a number of steps, past distractors, and name it when asked.

The smallest case of the latching problem of Bengio, Simard & Frasconi (1994) and of the recall tasks in
Hochreiter & Schmidhuber (1997): how far back can the gradient still be felt?
"""

import string
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, STEPS, Batch, GeneratedTask, Split, setting

CUE = "?"


@dataclass(frozen=True, kw_only=True)
class RecallTask(GeneratedTask):
    """Symbol at step 0, distractors, the cue "?" at step `delay`, where the symbol must be the output.

    The network has an output at every step (so that one can watch its guess), but only the answer counts: the
    mask is 1 at the last step and 0 before it. Targets of the steps that do not count are the symbol, too.

    delay : steps from the symbol to the answer, so T = delay + 1. symbols : how many the first may be, all
    equally likely ("A", "B", …; the output ids are theirs). distractors : how many others fill the time
    between, drawn evenly ("a", "b", …); 1 is a blank. batch_size : B. seed : of the data. Held-out sequences
    are drawn apart from those of training; where the delay is so short that few sequences exist at all, the
    same ones occur in both. Chance is ln(symbols) at the answer; best is 0.

    >>> task = RecallTask(delay=4, symbols=2, distractors=1)
    >>> task.vocabulary, task.sequence_length, task.input_size, task.output_size
    (('A', 'B', 'a', '?'), 5, 4, 2)
    """

    name: ClassVar[str] = "recall"
    difficulty: ClassVar[tuple[str, ...]] = ("delay", "symbols", "distractors")
    best: ClassVar[float | None] = 0.0

    delay: int = setting(10, 1, STEPS[1] - 1)
    symbols: int = setting(8, 2, 26)
    distractors: int = setting(4, 1, 26)
    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    @property
    def sequence_length(self) -> int:
        return self.delay + 1

    @property
    def input_size(self) -> int:
        return self.symbols + self.distractors + 1

    @property
    def output_size(self) -> int:
        return self.symbols

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        return (*string.ascii_uppercase[: self.symbols], *string.ascii_lowercase[: self.distractors], CUE)

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        symbol = rng.integers(self.symbols, size=count, dtype=np.int32)
        x = np.empty((self.sequence_length, count), np.int32)
        x[0] = symbol
        x[1:-1] = self.symbols + rng.integers(self.distractors, size=(self.delay - 1, count), dtype=np.int32)
        x[-1] = self.input_size - 1
        mask = np.zeros((self.sequence_length, count), np.float32)
        mask[-1] = 1
        return Batch(x, np.repeat(symbol[None], self.sequence_length, axis=0), mask)
