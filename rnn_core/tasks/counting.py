"""Counting: aⁿbⁿ (Gers & Schmidhuber 2001; Weiss, Goldberg & Yahav 2018), the smallest language that needs a counter.

Where an a was read, an a or a b may follow, and which is a matter of luck; from the first b on everything is
certain: b, until there are as many as there were a's, then the end. Only these certain steps count here.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, STEPS, Batch, GeneratedTask, Split, setting

A, B, END = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class CountTask(GeneratedTask):
    """n times a, n times b, with n drawn evenly from 1 to `longest`; each step predicts the next symbol.

    x is the string, padded with the end sign "#" to T = 2·longest steps; targets are x one step later. The mask is 1
    where a b was read (n steps: n − 1 times b, then the end) and 0 elsewhere. `longest`: the largest n. batch_size :
    B. seed : of the data. There are only `longest` different strings, so the held-out ones are trained on too;
    `strings(counts)` makes any others, such as longer ones than those of training.

    Chance is the loss of one who cannot count and knows how often the end follows a b: once in (longest + 1)/2
    times. Best is 0.

    >>> batch = CountTask(longest=4).strings([2])
    >>> ["ab#"[i] for i in batch.x[:, 0]], ["ab#"[i] for i in batch.targets[:, 0]], batch.mask[:, 0].tolist()
    (['a', 'a', 'b', 'b'], ['a', 'b', 'b', '#'], [0.0, 0.0, 1.0, 1.0])
    """

    name: ClassVar[str] = "count"
    difficulty: ClassVar[tuple[str, ...]] = ("longest",)
    measure: ClassVar[str] = "whole_strings"
    input_size: ClassVar[int] = 3
    output_size: ClassVar[int] = 3
    vocabulary: ClassVar[tuple[str, ...]] = ("a", "b", "#")
    best: ClassVar[float | None] = 0.0

    longest: int = setting(15, 2, STEPS[1] // 2)
    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    @property
    def sequence_length(self) -> int:
        return 2 * self.longest

    @property
    def chance(self) -> float:
        end = 2 / (self.longest + 1)  # share of the counted steps at which the string ends
        return -end * math.log(end) - (1 - end) * math.log(1 - end)

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        return _strings(rng.integers(1, self.longest + 1, size=count), self.sequence_length)

    def strings(self, counts: Iterable[int]) -> Batch:
        """The strings with these n as one batch, as many steps as the longest of them needs; counts : the n."""
        counts = np.array(list(counts))
        return _strings(counts, 2 * int(counts.max()))

    def accuracy(self, outputs: np.ndarray, batch: Batch) -> float:
        """Share of a batch's strings in which every step of outputs (S, B, K) that counts is right: closed neither too
        early nor too late."""
        right = self.checked_outputs(outputs, batch).argmax(axis=-1) == batch.targets
        return float((right | ~batch.counted).all(axis=0).mean())


def _strings(counts: np.ndarray, steps: int) -> Batch:
    """aⁿbⁿ for each n, padded with the end sign to so many steps."""
    place = np.arange(steps + 1)[:, None]
    text = np.where(place < counts, A, np.where(place < 2 * counts, B, END)).astype(np.int32)  # (T+1, B)
    mask = (text[:-1] == B).astype(np.float32)
    return Batch(np.ascontiguousarray(text[:-1]), np.ascontiguousarray(text[1:]), mask)
