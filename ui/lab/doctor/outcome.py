"""What a remedy did: the held-out loss with it and without it, after the same number of updates."""

from typing import Any, NamedTuple

import numpy as np

from ui.lab.doctor.measurements import NORMAL

LEAST = 0.02  # of the loss without it: a difference that is smaller decides nothing
RECENT = 20  # measurements that tell how they jitter
ENOUGH = 4  # measurements
LAST = 0.2  # of the updates of the trial: over so many at its end losses are compared


class Outcome(NamedTuple):
    """How a trial stands."""

    kind: str  # "begun", "helps", "same", "worse", or "passed": the update after which the other diverged
    over: bool  # as many updates are made as without the remedy
    update: int  # at which the two are compared
    loss: float  # median of the held-out loss with the remedy
    without: float | None  # the same without it; None: it diverged there


def outcome(view: Any) -> Outcome | None:
    """How the trial of a view stands; None where it is none, or nothing can be compared yet."""
    trial, parent = view.trial, view.parent
    if trial is None or parent is None:
        return None
    update = min(view.update, trial.end)
    begin = update - max(1, round(LAST * (update - trial.begin)))
    own = [point for point in view.held_out if point[0] > trial.begin]
    mine = _between(own, begin, update) or _nearest(own, update)
    if mine is None or view.update <= trial.begin:
        return None
    over = view.update >= trial.end
    if trial.diagnosis == "diverged":
        start = _between(parent.held_out, -1, trial.begin) or _between(view.held_out, -1, trial.begin)
        if view.update <= trial.end:
            return Outcome("begun", False, view.update, mine, None)
        better = start is None or mine <= start
        return Outcome("passed" if better else "worse", True, view.update, mine, None if better else start)
    other = _between(parent.held_out, begin, update) or _nearest(parent.held_out, update)
    if other is None:
        return None
    margin = max(_margin(points, update, other) for points in (view.held_out, parent.held_out))
    kind = "helps" if mine < other - margin else "worse" if mine > other + margin else "same"
    return Outcome(kind, over, update, mine, other)


def _margin(points: Any, end: int, other: float) -> float:
    """By how much two losses must differ: twice what these jitter by from one measurement to the next, beside their
    trend."""
    steps = np.diff([loss for update, loss in points if update <= end][-RECENT:])
    if len(steps) < ENOUGH:
        return LEAST * other
    return max(LEAST * other, 2 * NORMAL * float(np.median(np.abs(steps - steps.mean()))))


def _between(points: Any, begin: int, end: int) -> float | None:
    """Median of the losses after updates begin < u <= end."""
    found = [loss for update, loss in points if begin < update <= end]
    return float(np.median(found)) if found else None


def _nearest(points: Any, update: int) -> float | None:
    """Loss of the point nearest to an update."""
    return min(points, key=lambda point: abs(point[0] - update))[1] if points else None
