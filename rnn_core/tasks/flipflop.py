"""The flip-flop (Sussillo & Barak 2013, "Opening the black box", section 4.2): hold bits until they are set anew.

Each channel has pulses of +1 and -1 at random steps; the output of the channel is the sign of the last one. To hold n
bits a network needs 2^n states in which it can rest.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, STEPS, Batch, GeneratedTask, Loss, Split, setting

MOST_BITS = 4


@dataclass(frozen=True, kw_only=True)
class FlipFlopTask(GeneratedTask):
    """Remember the sign of the last pulse on each of n channels; an output at every step.

    x is (T, B, bits): 0, or +1 or -1 where there is a pulse. All channels have one at the first step; afterwards there
    is a pulse with probability `pulses` at each step, on one channel. Sussillo and Barak let each channel have pulses
    of its own, and held the bit from the step after the pulse. sequence_length : T. batch_size : B. bits : channels.
    seed : of the data. Chance is 1, the error of always saying 0; best is 0.

    >>> batch = FlipFlopTask(sequence_length=5, bits=1, pulses=1.0).example(0)
    >>> bool((batch.targets == batch.x).all())
    True
    """

    name: ClassVar[str] = "flipflop"
    loss: ClassVar[Loss] = "mse"
    difficulty: ClassVar[tuple[str, ...]] = ("bits", "sequence_length")
    measure: ClassVar[str] = "right_bits"
    vocabulary: ClassVar[tuple[str, ...] | None] = None
    chance: ClassVar[float] = 1.0
    best: ClassVar[float | None] = 0.0

    sequence_length: int = setting(64, *STEPS)
    batch_size: int = setting(32, *SEQUENCES)
    bits: int = setting(3, 1, MOST_BITS)
    pulses: float = setting(0.5, 0.0, 1.0)
    seed: int = setting(0, *SEEDS)

    @property
    def input_size(self) -> int:
        return self.bits

    @property
    def output_size(self) -> int:
        return self.bits

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        steps, bits = self.sequence_length, self.bits
        signs = rng.choice(np.array([-1, 1], np.float32), size=(steps, count, bits))
        channel = rng.integers(bits, size=(steps, count, 1))
        pulse = (rng.random((steps, count, 1)) < self.pulses) & (channel == np.arange(bits))
        pulse[0] = True
        last = np.maximum.accumulate(np.where(pulse, np.arange(steps)[:, None, None], 0))  # the step of the last one
        return Batch(np.where(pulse, signs, np.float32(0)), np.take_along_axis(signs, last, axis=0), None)

    def accuracy(self, outputs: np.ndarray, batch: Batch) -> float:
        """Share of all bits of a batch whose output, of outputs (T, B, bits), is within 1 of the target: it has the
        right sign, and is no far cry."""
        return float((np.abs(self.checked_outputs(outputs, batch) - batch.targets) < 1).mean())
