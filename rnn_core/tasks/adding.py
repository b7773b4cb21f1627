"""The adding problem (Hochreiter & Schmidhuber 1997) in the IRNN paper's form (Le, Jaitly & Hinton 2015).

Two channels: random numbers from U(0, 1), and a mark that is 1 at two steps and 0 elsewhere; the output after
the last step is the sum of the two marked numbers. The positions of the marks follow Arjovsky, Shah & Bengio
(2016): one anywhere in the first half of the sequence, one anywhere in the second, so that the first has
always half the way to go.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, STEPS, Batch, GeneratedTask, Loss, Output, Split, masked_mean, setting

TOLERANCE = 0.04  # Hochreiter & Schmidhuber (1997) count a sequence as right within this error


@dataclass(frozen=True, kw_only=True)
class AddingTask(GeneratedTask):
    """Add the two marked numbers of a sequence: one output, after the last step.

    x is (T, B, 2): the numbers, the marks. sequence_length : T, at least 2; the first half is T // 2
    steps. batch_size : B. seed : of the data. Chance is the variance of the sum of two U(0, 1) numbers, 2/12 =
    1/6: the error of always saying 1. Best is 0.

    >>> batch = AddingTask(sequence_length=6).example(0)
    >>> batch.x.shape, batch.targets.shape
    ((6, 1, 2), (1, 1, 1))
    >>> bool(np.isclose(batch.targets.item(), (batch.x[:, 0, 0] * batch.x[:, 0, 1]).sum()))
    True
    """

    name: ClassVar[str] = "adding"
    output: ClassVar[Output] = "last"
    loss: ClassVar[Loss] = "mse"
    difficulty: ClassVar[tuple[str, ...]] = ("sequence_length",)
    measure: ClassVar[str] = "within_0.04"
    input_size: ClassVar[int] = 2
    output_size: ClassVar[int] = 1
    vocabulary: ClassVar[tuple[str, ...] | None] = None
    chance: ClassVar[float] = 1 / 6
    best: ClassVar[float | None] = 0.0

    sequence_length: int = setting(30, 2, STEPS[1])
    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        half, sequence = self.sequence_length // 2, np.arange(count)
        x = np.zeros((self.sequence_length, count, 2), np.float32)
        x[:, :, 0] = rng.random((self.sequence_length, count), dtype=np.float32)
        first = rng.integers(0, half, size=count)
        second = rng.integers(half, self.sequence_length, size=count)
        x[first, sequence, 1] = 1
        x[second, sequence, 1] = 1
        targets = x[first, sequence, 0] + x[second, sequence, 0]
        return Batch(x, targets[None, :, None], None)

    def accuracy(self, outputs: np.ndarray, batch: Batch) -> float:
        """Share of the sequences whose sum (outputs (1, B, 1)) for a batch is right within 0.04."""
        error = np.abs(self.checked_outputs(outputs, batch) - batch.targets)
        return masked_mean(error[..., 0] < TOLERANCE, batch.mask)
