"""A noisy sine wave to continue: predict the next value from those so far, the phase being unknown."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, STEPS, Batch, GeneratedTask, Loss, Split, setting


@dataclass(frozen=True, kw_only=True)
class SineTask(GeneratedTask):
    """Predict y_{t+1} from y_0 … y_t, where y_t = sin(2π t / period + φ) + noise · ε_t.

    φ ~ U(0, 2π) for each sequence, ε_t ~ N(0, 1) for each step.
    sequence_length : T. batch_size : B. period : of the wave, in steps, the same in all sequences. noise : its
    standard deviation. seed : of the data.

    `chance` is the variance of y, 1/2 + noise²: the error of always saying 0, the mean. `best` is None, for
    it has no closed form: ε_{t+1} is independent of all that was seen, so the expected error is noise² +
    E[(prediction − wave_{t+1})²], never below `noise_floor` = noise²; but the phase has to be estimated from
    noisy values, so the second term is above 0, most of all at the first steps. `linear_loss` bounds it from
    above: it is reached by the best linear predictor. The best possible loss lies between the two.

    >>> task = SineTask(sequence_length=50, period=20, noise=0.1)
    >>> round(task.chance, 3), round(task.noise_floor, 3), round(task.linear_loss, 3)
    (0.51, 0.01, 0.014)
    """

    name: ClassVar[str] = "sine"
    loss: ClassVar[Loss] = "mse"
    difficulty: ClassVar[tuple[str, ...]] = ("noise", "period")
    measure: ClassVar[str] = "variance_explained"
    input_size: ClassVar[int] = 1
    output_size: ClassVar[int] = 1
    vocabulary: ClassVar[tuple[str, ...] | None] = None
    best: ClassVar[float | None] = None

    sequence_length: int = setting(50, *STEPS)
    batch_size: int = setting(16, *SEQUENCES)
    period: float = setting(20.0, 2.5, 500.0)
    noise: float = setting(0.1, 0.0, 2.0)
    seed: int = setting(0, *SEEDS)

    @property
    def chance(self) -> float:
        return 0.5 + self.noise_floor

    @property
    def noise_floor(self) -> float:
        """noise²: no predictor's expected loss is below it."""
        return self.noise**2

    @property
    def linear_loss(self) -> float:
        """Expected loss, averaged over the T steps, of the best linear predictor from the values so far.

        wave_t = h_t · c with h_t = (cos ωt, sin ωt) and c = (sin φ, cos φ), whose mean is 0 and covariance
        I/2. The best linear estimate of c from y_0 … y_t has the error covariance C_t = (2 I + Σ_{i≤t} h_i
        h_iᵀ / noise²)⁻¹, so the error of the prediction is noise² + h_{t+1}ᵀ C_t h_{t+1}.
        """
        angle = 2 * math.pi / self.period * np.arange(self.sequence_length + 1)
        h = np.stack([np.cos(angle), np.sin(angle)], axis=-1)  # (T+1, 2)
        variance = max(self.noise_floor, 1e-12)  # without noise: the limit, which the matrix below stays regular at
        seen = np.cumsum(h[:-1, :, None] * h[:-1, None, :], axis=0)  # (T, 2, 2)
        covariance = variance * np.linalg.inv(2 * variance * np.eye(2) + seen)
        return float(self.noise_floor + np.einsum("ti,tij,tj->t", h[1:], covariance, h[1:]).mean())

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        phase = rng.uniform(0, 2 * math.pi, size=count)
        noise = rng.normal(0, self.noise, size=(self.sequence_length + 1, count))
        time = np.arange(self.sequence_length + 1)[:, None]
        y = (np.sin(2 * math.pi / self.period * time + phase) + noise).astype(np.float32)[..., None]
        return Batch(y[:-1], y[1:], None)

    def accuracy(self, outputs: np.ndarray, batch: Batch) -> float:
        """Share of a batch's variance that outputs (T, B, 1) explain: 1 − error / chance, but not below 0.

        No outputs reach 1 in expectation, as the noise cannot be explained.
        """
        error = np.square(self.checked_outputs(outputs, batch) - batch.targets).mean(dtype=np.float64)
        return float(max(0.0, 1 - error / self.chance))
