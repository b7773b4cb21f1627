"""What a remedy did: the held-out loss with it and without it, after the same number of updates."""

from typing import Any, NamedTuple

import numpy as np

from ui.lab.doctor.measurements import NORMAL
from ui.training.snapshot import Parent, Trial

LEAST = 0.02  # of the loss without it: a difference that is smaller decides nothing
RECENT = 20  # measurements that tell how they jitter
ENOUGH = 4  # measurements
APART = 6  # measurements of each: that all of the one lie below all of the other is chance once in 460 times
LAST = 0.2  # of the updates of the trial: over so many at its end losses are compared


class Loss(NamedTuple):
    """A held-out loss: the median of what was measured after the updates from the first to the last."""

    value: float
    first: int
    last: int


class Outcome(NamedTuple):
    """How a trial stands."""

    kind: str  # "begun", "helps", "same", "unclear", "worse", or "passed": the update in which the other diverged
    over: bool  # as many updates are made as without the remedy
    update: int  # that the network has made, of those of the trial unless it is to get past a divergence
    mine: Loss  # with the remedy
    other: Loss | None  # the same without it; None: it diverged. Where the remedy led to worse: before the divergence
    margin: float = 0.0  # by which the two must differ

    @property
    def loss(self) -> float:
        """Held-out loss with the remedy."""
        return self.mine.value

    @property
    def without(self) -> float | None:
        """The same without it, if there is one."""
        return None if self.other is None else self.other.value


def outcome(view: Any) -> Outcome | None:
    """How the trial of a view stands; None where it is none, or nothing can be compared yet."""
    trial, parent = view.trial, view.parent
    if trial is None or parent is None:
        return None
    alone = trial.diagnosis == "diverged"  # nothing without the remedy to compare with: the newest loss counts
    update = view.update if alone else min(view.update, trial.end)
    begin = update - max(1, round(LAST * (update - trial.begin)))
    own = [point for point in view.held_out if point[0] > trial.begin]
    mine = _between(own, begin, update) or _nearest(own, update)
    if mine is None or view.update <= trial.begin:
        return None
    over = view.update >= trial.end
    if alone:
        start = _between(parent.held_out, -1, trial.begin) or _between(view.held_out, -1, trial.begin)
        if view.update <= trial.end:
            return Outcome("begun", False, view.update, mine, None)
        better = start is None or mine.value <= start.value
        return Outcome("passed" if better else "worse", True, view.update, mine, None if better else start)
    other = _between(parent.held_out, begin, update) or _nearest(parent.held_out, update)
    if other is None:
        return None
    margin = max(_margin(points, update, other.value) for points in (view.held_out, parent.held_out))
    difference = abs(mine.value - other.value)
    half = (trial.begin + update) // 2
    apart = difference > LEAST * other.value and _are_apart(*(_losses(p, half, update) for p in (own, parent.held_out)))
    if difference > margin or apart:
        kind = "helps" if mine.value < other.value else "worse"
    else:
        kind = "same" if difference <= LEAST * other.value else "unclear"
    return Outcome(kind, over, update, mine, other, margin)


def diverged_in(trial: Trial, parent: Parent) -> int:
    """The update in which the network without the remedy diverged: the one after the last that it made."""
    made = parent.curve.update
    return int(made[-1] if len(made) else trial.begin) + 1


def _margin(points: Any, end: int, other: float) -> float:
    """By how much two losses must differ: twice what these jitter by from one measurement to the next, beside their
    trend."""
    steps = np.diff([loss for update, loss in points if update <= end][-RECENT:])
    if len(steps) < ENOUGH:
        return LEAST * other
    return max(LEAST * other, 2 * NORMAL * float(np.median(np.abs(steps - steps.mean()))))


def _losses(points: Any, begin: int, end: int) -> list[float]:
    """What was measured after updates begin < u <= end."""
    return [loss for update, loss in points if begin < update <= end]


def _are_apart(one: list[float], other: list[float]) -> bool:
    """Whether all of the one lie below all of the other, and there are enough of both: then they differ, however much
    they jitter."""
    enough = min(len(one), len(other)) >= APART
    return enough and (max(one) < min(other) or max(other) < min(one))


def _between(points: Any, begin: int, end: int) -> Loss | None:
    """The losses after updates begin < u <= end."""
    found = [point for point in points if begin < point[0] <= end]
    return Loss(float(np.median([loss for _update, loss in found])), found[0][0], found[-1][0]) if found else None


def _nearest(points: Any, update: int) -> Loss | None:
    """The loss that was measured nearest to an update."""
    if not points:
        return None
    near, loss = min(points, key=lambda point: abs(point[0] - update))
    return Loss(loss, near, near)
