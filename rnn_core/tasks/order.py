"""Temporal order (Hochreiter & Schmidhuber 1997, experiment 6a; the task of Pascanu, Mikolov & Bengio 2013, Fig. 7):
two symbols, far apart and far from the end, and the question which they were, in their order.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, STEPS, Batch, GeneratedTask, Output, Split, setting

CLASSES = ("XX", "XY", "YX", "YY")
DISTRACTORS = ("a", "b", "c", "d")
FIRST, DISTRACTOR, START, END = len(CLASSES), len(CLASSES) + 2, len(CLASSES) + 6, len(CLASSES) + 7


@dataclass(frozen=True, kw_only=True)
class OrderTask(GeneratedTask):
    """Name the two relevant symbols of a sequence: one output, after the last step.

    A sequence starts with E, ends with B, and is made of a, b, c, d but for two steps that hold X or Y: one in the
    second tenth of the sequence, one in the sixth (10–20 and 50–60 of 100, as in 1997, ends included). The ids of the
    four answers "XX" … "YY" are the first four; they never occur in x.

    sequence_length : T, here one number where the paper draws it from a small range. batch_size : B. seed : of the
    data. Chance is ln 4, best is 0.

    >>> task = OrderTask(sequence_length=12)
    >>> batch = task.example(0)
    >>> "".join(task.vocabulary[i] for i in batch.x[:, 0] if task.vocabulary[i] in "XY") == task.vocabulary[
    ...     batch.targets.item()
    ... ]
    True
    """

    name: ClassVar[str] = "order"
    output: ClassVar[Output] = "last"
    difficulty: ClassVar[tuple[str, ...]] = ("sequence_length",)
    input_size: ClassVar[int] = END + 1
    output_size: ClassVar[int] = len(CLASSES)
    vocabulary: ClassVar[tuple[str, ...]] = (*CLASSES, "X", "Y", *DISTRACTORS, "E", "B")
    best: ClassVar[float | None] = 0.0

    sequence_length: int = setting(30, 10, STEPS[1])
    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        steps, sequence = self.sequence_length, np.arange(count)
        x = DISTRACTOR + rng.integers(len(DISTRACTORS), size=(steps, count), dtype=np.int32)
        x[0], x[-1] = START, END
        early = rng.integers(steps // 10, steps // 5 + 1, size=count)
        late = rng.integers(steps // 2, 3 * steps // 5 + 1, size=count)
        kinds = rng.integers(2, size=(2, count), dtype=np.int32)
        x[early, sequence], x[late, sequence] = FIRST + kinds
        return Batch(x, (2 * kinds[0] + kinds[1])[None], None)
