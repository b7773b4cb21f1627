"""What the doctor reads from a view: losses, gradients and weights of the second half of the training so far."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from rnn_core.tasks import TASKS
from ui.lab.verdict import LossCurve, course

NORMAL = 1.05  # standard deviation over the median difference of two values, where they are normally distributed
FEWEST = 6  # measurements in each half of the window: a trend of fewer is no trend
# name of a task -> steps from what must be remembered to the answer, at least
NEEDS = {
    "recall": lambda task: task.delay,
    "copy": lambda task: task.delay + task.length,
    "order": lambda task: task.sequence_length - 1 - task.sequence_length // 5,
    "adding": lambda task: task.sequence_length - task.sequence_length // 2,
}


class Trend(NamedTuple):
    """How a series went over a window: its end, how far it fell, and how it jitters."""

    level: float  # mean of the second half of the window
    fall: float  # from the mean of the first half to that
    error: float  # standard error of the fall
    jitter: float  # standard deviation from one value to the next, by the median: a few spikes do not count

    @property
    def falls(self) -> bool:
        """Whether it falls beyond doubt."""
        return self.fall > 4 * self.error

    @property
    def flat(self) -> bool:
        """Whether it neither falls nor rises beyond doubt."""
        return abs(self.fall) <= 2 * self.error


class Measurements(NamedTuple):
    """Measurements of a run at one moment. The window is the second half of its updates, as far as its settings and
    weights were not set anew in it: what came before that says nothing of now."""

    update: int
    begin: int  # of the window
    since: int  # the update from which on it trains as it does now
    found: LossCurve  # the held-out loss seen as a whole
    now: float  # held-out loss
    lowest: float
    floor: float  # the lowest possible loss where it is known, else 0
    training: Trend | None  # training loss over the window
    held_out: Trend | None
    clipped: float  # share of the updates in the window whose gradient was clipped
    shrunk: float  # by how much, on average: norm before over norm after
    needed: int | None  # steps that the gradient must reach back, where the task says so
    reach: float | None  # what of the gradient arrives there: norm over the norm at the loss
    reaches: int  # steps back to which a hundredth of it arrives

    @property
    def improves(self) -> bool:
        """Whether the training loss or the held-out loss falls, or there are too few measurements to know."""
        return self.training is None or self.training.falls or (self.held_out is not None and self.held_out.falls)


def measured(view: Any) -> Measurements | None:
    """The measurements of a view; None before the first condition and the first held-out loss."""
    if view.condition is None or not view.held_out or not len(view.curve.loss):
        return None
    update, since = view.update, max([view.first, *(change.update for change in view.changes)])
    begin = max(update // 2, since)
    points = np.array(view.held_out, np.float64)
    curve = view.curve
    inside = curve.update > begin
    if not inside.any():
        return None
    norm, clipped = curve.norm[inside], curve.clipped[inside]
    flow, needed = view.condition.activity.flow, needed_steps(view.setup.task, view.setup.task_options)
    share = flow / flow[0] if flow[0] > 0 else np.zeros_like(flow)
    arrived = np.flatnonzero(share >= 0.01)
    one_way = needed is not None and needed < len(flow) and not view.setup.bidirectional
    return Measurements(
        update=update,
        begin=begin,
        since=since,
        found=course(view.held_out, view.chance, view.best),
        now=float(points[-1, 1]),
        lowest=float(points[:, 1].min()),
        floor=view.best or 0.0,
        training=trend(curve.update[inside], curve.loss[inside]),
        held_out=trend(*points[points[:, 0] > begin].T),
        clipped=float(np.mean(curve.clips[inside])),
        shrunk=float(np.mean(norm) / max(float(np.mean(clipped)), 1e-30)),
        needed=needed if one_way else None,
        reach=float(share[needed]) if one_way else None,
        reaches=int(arrived[-1]) if len(arrived) else 0,
    )


def trend(updates: np.ndarray, values: np.ndarray) -> Trend | None:
    """The trend of a series; None where there are too few values, or some are not finite.

    >>> found = trend(np.arange(40), np.tile([1.0, 1.1], 20))
    >>> round(found.level, 9), found.falls, found.flat, trend(np.arange(3), np.ones(3))
    (1.05, False, True, None)
    """
    first, second = np.array_split(values, 2)
    if min(len(first), len(second)) < FEWEST or not np.isfinite(values).all():
        return None
    line = np.polyval(np.polyfit(updates - updates[0], values, 1), updates - updates[0])
    error = np.std(values - line) * np.sqrt(1 / len(first) + 1 / len(second))
    jitter = NORMAL * np.median(np.abs(np.diff(values)))
    return Trend(float(second.mean()), float(first.mean() - second.mean()), float(error), float(jitter))


@cache
def needed_steps(name: str, options: tuple[tuple[str, Any], ...]) -> int | None:
    """Steps that the gradient must reach back, at least, in order that the task can be learned from it.

    >>> needed_steps("recall", (("delay", 20),)), needed_steps("order", (("sequence_length", 100),))
    (20, 79)
    """
    return NEEDS[name](TASKS[name](**dict(options))) if name in NEEDS else None
