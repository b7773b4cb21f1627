"""Measurements for a teacher's own lesson: numbers and curves of a trained network, by their names in the file."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from rnn_core import Trainer
from rnn_core.analysis.reach import Decay, flow_matrix, reach_of
from ui.i18n import N_
from ui.training.lockstep import accuracy

Points = list[tuple[int, float]]  # (update, held-out loss)


class Measure(NamedTuple):
    """One number of a trained network, 0 at the least.

    of : (trainer, held-out losses) -> the number, NaN where there is none. most : that it can be.
    """

    title: str
    of: Callable[[Trainer, Points], float]
    most: float = math.inf


def _decay(trainer: Trainer) -> Decay:
    batch = trainer.task.held_out()
    return reach_of(trainer.model, batch.x[:, :1], batch.targets[:, :1], _first(batch))


def _first(batch: Any) -> np.ndarray | None:
    return None if batch.mask is None else batch.mask[:, :1]


def _lag(trainer: Trainer, name: str) -> float:
    """The lag; the number of steps where the gradient never is so small."""
    lag = getattr(_decay(trainer), name)
    return float(len(trainer.task.held_out().x) if lag is None else lag)


def _radius(trainer: Trainer) -> float:
    return float(np.abs(np.linalg.eigvals(trainer.model.state_dict()["weight_hh_l0"].astype(np.float64))).max())


def _plain_radius(trainer: Trainer) -> float:
    """Spectral radius of W; NaN for a gated cell, which has several."""
    return _radius(trainer) if trainer.model.config.cell.startswith("rnn") else math.nan


MEASURES = {
    "loss": Measure(N_("held-out loss"), lambda trainer, points: points[-1][1]),
    "first_loss": Measure(N_("held-out loss before training"), lambda trainer, points: points[0][1]),
    "chance": Measure(N_("loss of a blind guess"), lambda trainer, points: float(trainer.task.chance)),
    "accuracy": Measure(
        N_("right answers on held-out data (%)"), lambda trainer, points: 100 * accuracy(trainer), 100.0
    ),
    "parameters": Measure(N_("parameters"), lambda trainer, points: float(trainer.model.num_parameters)),
    "reach_half": Measure(
        N_("steps until half of the gradient is left"), lambda trainer, points: _lag(trainer, "half")
    ),
    "reach_hundredth": Measure(
        N_("steps until 1% of the gradient is left"), lambda trainer, points: _lag(trainer, "hundredth")
    ),
    "factor": Measure(N_("factor of the gradient per step"), lambda trainer, points: float(_decay(trainer).factor)),
    "radius": Measure(N_("spectral radius of W"), lambda trainer, points: _plain_radius(trainer)),
}


def _gradient(trainer: Trainer, points: Points) -> tuple[list[float], list[float]]:
    """||d loss / d s_t|| of the last loss over t, as a share of the last step's."""
    batch = trainer.task.held_out()
    row = flow_matrix(trainer.model, batch.x[:, :1], batch.targets[:, :1], _first(batch))[-1]
    return [float(step) for step in range(len(row))], [float(share) for share in row / row[-1]]


def _losses(trainer: Trainer, points: Points) -> tuple[list[float], list[float]]:
    updates, losses = zip(*points, strict=True)
    return [float(update) for update in updates], [float(loss) for loss in losses]


class CurveMeasure(NamedTuple):
    """A curve of a trained network. of : -> (x, y)."""

    title: str
    x: str
    y: str
    of: Callable[[Trainer, Points], tuple[list[float], list[float]]]


CURVES = {
    "gradient": CurveMeasure(
        N_("gradient with respect to the state of each step"), N_("step t"), N_("share of the last step’s"), _gradient
    ),
    "losses": CurveMeasure(N_("held-out loss while training"), N_("update"), N_("loss (nats)"), _losses),
}
