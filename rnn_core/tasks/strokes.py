"""Digits drawn as pen strokes: one symbol starts a sequence (one to many). The network hears which digit, once, and
then has to guide the pen from memory.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, Batch, GeneratedTask, Loss, Split, setting

BLANK = "·"
DIGITS = "0123456789"
Stroke = list[tuple[float, float]]


def _arc(x: float, y: float, across: float, down: float, begin: float, end: float, points: int = 16) -> Stroke:
    """Points of an ellipse around (x, y), from one angle to another in degrees; 0 is right, 90 is up."""
    angles = np.radians(np.linspace(begin, end, points))
    return [(x + across * math.cos(a), y + down * math.sin(a)) for a in angles]


# Each digit as pen strokes in the square from -1 to 1.
SHAPES: tuple[list[Stroke], ...] = (
    [_arc(0, 0, 0.6, 0.95, 90, 450, 32)],
    [[(-0.4, 0.55), (0.1, 0.95), (0.1, -0.95)]],
    [[*_arc(0, 0.45, 0.55, 0.5, 160, -40), (-0.6, -0.95), (0.65, -0.95)]],
    [[*_arc(-0.05, 0.48, 0.5, 0.47, 150, -80), *_arc(-0.05, -0.47, 0.6, 0.48, 80, -150)]],
    [[(0.1, 0.95), (-0.65, -0.25), (0.65, -0.25)], [(0.3, 0.35), (0.3, -0.95)]],
    [[(-0.4, 0.95), (-0.5, 0.05), *_arc(-0.05, -0.35, 0.62, 0.6, 125, -145)], [(-0.4, 0.95), (0.5, 0.95)]],
    [[(0.4, 0.95), *_arc(0, -0.4, 0.6, 0.55, 150, 510, 32)]],
    [[(-0.6, 0.95), (0.6, 0.95), (-0.15, -0.95)]],
    [[*_arc(0, 0.48, 0.45, 0.46, 270, 630, 24), *_arc(0, -0.47, 0.58, 0.48, 90, -270, 24)]],
    [[*_arc(0, 0.4, 0.55, 0.52, 0, 360, 28), (0.55, 0.4), (0.3, -0.95)]],
)


@dataclass(frozen=True, kw_only=True)
class StrokesTask(GeneratedTask):
    """Draw a digit: its symbol is the input of step 0, blanks follow; the outputs of each step are the pen's place.

    Outputs: x and y from -1 to 1, and 1 where the pen touches the paper, 0 where it moves above it. sequence_length :
    T, points of a drawing. noise : standard deviation of where each drawing stands, and of the shake of each point.
    batch_size : B. seed : of the data. Nobody can foresee the noise: `best` is what remains, 2 · 2 · noise² / 3 (two of
    three outputs have two kinds of it). Chance is the error of always saying the mean of all digits' points.

    >>> task = StrokesTask(sequence_length=12, noise=0.0)
    >>> x, targets, _ = task.example(0)
    >>> [task.vocabulary[i] for i in x[:3, 0]], targets.shape
    (['8', '·', '·'], (12, 1, 3))
    """

    name: ClassVar[str] = "strokes"
    loss: ClassVar[Loss] = "mse"
    difficulty: ClassVar[tuple[str, ...]] = ("noise",)
    measure: ClassVar[str] = "legible_digits"
    vocabulary: ClassVar[tuple[str, ...]] = (*DIGITS, BLANK)
    input_size: ClassVar[int] = len(vocabulary)
    output_size: ClassVar[int] = 3

    sequence_length: int = setting(24, 6, 2000)
    noise: float = setting(0.05, 0.0, 0.5)
    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    @cached_property
    def drawings(self) -> np.ndarray:
        """(10, T, 3): every digit without noise."""
        return np.stack([_points(strokes, self.sequence_length) for strokes in SHAPES])

    @property
    def chance(self) -> float:
        return float(self.drawings.var(axis=(0, 1)).mean()) + self.best

    @property
    def best(self) -> float:
        return 4 * self.noise**2 / 3

    def read(self, digit: int) -> np.ndarray:
        """(T, 1) the inputs that ask for a digit."""
        x = np.full((self.sequence_length, 1), len(DIGITS), np.int32)
        x[0] = digit
        return x

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        digits = rng.integers(len(DIGITS), size=count, dtype=np.int32)
        x = np.full((self.sequence_length, count), len(DIGITS), np.int32)
        x[0] = digits
        targets = self.drawings[digits].swapaxes(0, 1).copy()
        targets[..., :2] += rng.normal(0, self.noise, (1, count, 2))
        targets[..., :2] += rng.normal(0, self.noise, (self.sequence_length, count, 2))
        return Batch(x, targets.astype(np.float32), None)

    def accuracy(self, outputs: np.ndarray, batch: Batch) -> float:
        """Share of the drawings, outputs (T, B, 3), that look most like the digit that their batch asks for: nearest in
        squared distance."""
        outputs = self.checked_outputs(outputs, batch).astype(np.float64)
        distances = np.square(outputs[:, :, None] - self.drawings.swapaxes(0, 1)[:, None]).sum(axis=(0, 3))  # (B, 10)
        return float((distances.argmin(axis=1) == batch.x[0]).mean())


def _points(strokes: list[Stroke], steps: int) -> np.ndarray:
    """(steps, 3): points evenly spaced along the pen's path, and whether the segment to each is on the paper."""
    path = np.array([point for stroke in strokes for point in stroke])
    down = np.concatenate([[float(i > 0) for i in range(len(stroke))] for stroke in strokes])
    lengths = np.hypot(*np.diff(path, axis=0).T)
    length = np.concatenate([[0.0], np.cumsum(lengths)])
    positions = np.linspace(0, length[-1], steps)
    x, y = (np.interp(positions, length, coordinate) for coordinate in path.T)
    segment = np.minimum(np.searchsorted(length, positions, side="left"), len(path) - 1)
    pen = down[segment]
    pen[0] = 1.0
    return np.stack([x, y, pen], axis=1)
