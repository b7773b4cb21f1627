"""Diagnoses: at most one for a view, the first of the rules that its measurements fulfil."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ui.lab.doctor.measurements import Measurements, measured
from ui.lab.verdict import AT_CHANCE, has_turned, overfits

PATIENCE = 500  # updates with the same settings before anything but a divergence is said
LOST = 1e-3  # of the gradient: where less arrives it has vanished
DEAD = 0.5  # of the ReLU units: where more are dead it is told
SATURATED = 0.9  # of the states or gates: networks that have learned have up to 0.8
CLIPPED = 0.9  # of the updates: where more are clipped, and
SHRUNK = 10.0  # so much on average, the gradient explodes
SLOW = 0.05  # of the loss above its floor: a fall in half of the training that is smaller is slow
STILL = 0.08  # of their norm: weights that moved less than this in half of the training hardly moved
QUIET = 0.02  # of the held-out loss: it jitters by less where nothing is left to learn
NOISY = 0.1  # of the held-out loss above its floor: what it jitters by
OPEN = 0.1  # of the way from chance to the floor: a loss that has less left has learned most
ABOVE = 1.25  # of chance: a loss from there on is far above it
GAP = 0.05  # of the loss: training and held-out loss that differ by less are the same


class Diagnosis(NamedTuple):
    """What ails a training, and the numbers that say so."""

    kind: str
    values: dict[str, Any]
    at: int  # the update at which it is seen best
    begin: int  # the update from which on another setting can be tried
    chart: str = "loss"  # in which it is seen: "loss" or "score"


def diagnose(view: Any) -> Diagnosis | None:
    """What ails the training, or None."""
    if view.divergence is not None:
        return _diverged(view)
    found = measured(view)
    if found is None or found.update - found.since < PATIENCE:
        return None
    return next(_diagnoses(view, found), None)


def _diagnoses(view: Any, m: Measurements) -> Iterator[Diagnosis]:
    """Whatever can be said, the most certain first."""
    rules: tuple[Callable[[Any, Measurements], Diagnosis | None], ...] = (
        *((_truncated,) if stuck(view, m) else ()),
        _dead,
        _above,
        _overfits,  # before what its units do: they may well stand at their ends for what it has learned by heart
        _saturated,
        *((_vanishing,) if stuck(view, m) else ()),
        _clipped,
        _slow,
        *((_at_chance,) if stuck(view, m) else (_noisy, _small)),
    )
    if not m.found.learned:
        yield from filter(None, (rule(view, m) for rule in rules))


def stuck(view: Any, m: Measurements) -> bool:
    """Whether the held-out loss is that of what needs no memory, and has not been better for half of the training, nor
    is the training loss."""
    recent = _recent(view, m)
    if not recent or _training(view, m) < AT_CHANCE * view.chance:
        return False
    return min(recent) >= AT_CHANCE * view.chance and float(np.median(recent)) <= ABOVE * view.chance


def _recent(view: Any, m: Measurements) -> list[float]:
    """The held-out losses of the window."""
    return [loss for update, loss in view.held_out if update > m.begin]


def _how_long(view: Any, m: Measurements) -> dict[str, Any]:
    """Since when a network that is stuck is; None: it never was better."""
    return {"since": None if m.lowest >= AT_CHANCE * view.chance else m.begin}


def _training(view: Any, m: Measurements) -> float:
    """The training loss of late."""
    return float(view.curve.loss[-1]) if m.training is None else m.training.level


def _diverged(view: Any) -> Diagnosis:
    d = view.divergence
    sound = 2 * max(view.chance, view.held_out[0][1])
    calm = [update for update, loss in view.held_out if loss <= sound]
    values = {"update": d.update, "overflow": d.overflow, "after": d.after}
    values |= {"usual": d.usual, "highest": d.highest, "since": d.rising}
    return Diagnosis("diverged", values, view.update, min(d.rising, calm[-1] if calm else view.first))


def _truncated(view: Any, m: Measurements) -> Diagnosis | None:
    cut = view.training.truncate
    if m.needed is None or cut is None or cut >= m.needed:
        return None
    return Diagnosis("truncated", {"cut": cut, "needed": m.needed} | _how_long(view, m), m.update, view.first, "score")


def _vanishing(view: Any, m: Measurements) -> Diagnosis | None:
    if m.reach is None or m.reach > LOST:
        return None
    values = {"needed": m.needed, "reach": m.reach, "reaches": m.reaches} | _how_long(view, m)
    return Diagnosis("vanishing", values, m.update, view.first, "score")


def _dead(view: Any, m: Measurements) -> Diagnosis | None:
    dead, history = view.condition.activity.dead, view.condition.dead
    if dead < DEAD:
        return None
    alive = [update for update, share in history if share < dead / 2]
    begin = alive[-1] if alive else view.first
    values = {"share": dead, "before": history[0][1], "first": history[0][0]}
    return Diagnosis("dead", values, m.update, begin, "score")


def _saturated(view: Any, m: Measurements) -> Diagnosis | None:
    share = view.condition.activity.saturated
    if share < SATURATED or m.improves or _learned_most(m.now, view, m):
        return None
    return Diagnosis("saturated", {"share": share}, m.update, view.first, "score")


def _clipped(view: Any, m: Measurements) -> Diagnosis | None:
    if m.clipped < CLIPPED or m.shrunk < SHRUNK or m.improves:
        return None
    return Diagnosis("clipped", {"share": m.clipped, "part": 1 / m.shrunk, "since": m.begin}, m.update, m.begin)


def _overfits(view: Any, m: Measurements) -> Diagnosis | None:
    when, lowest = m.found.lowest
    training = _training(view, m)
    late = (m.begin + m.update) / 2
    if when > late:  # it was lowest just now, however it jitters
        return None
    of_late = [loss for update, loss in view.held_out if update > late]
    lately = float(np.median(of_late or [m.now]))  # one measurement that jitters neither makes it nor ends it
    found = m.found._replace(turned=has_turned(lately, lowest, view.chance))
    if not overfits(found, training, view.chance):
        return None
    values = {"when": when, "ago": m.update - when, "lowest": lowest, "lately": lately, "training": training}
    return Diagnosis("overfits", values, when, when)


def _slow(view: Any, m: Measurements) -> Diagnosis | None:
    t, moved = m.training, view.condition.moved
    if t is None or not m.improves or not 0 < t.fall <= SLOW * (t.level - m.floor) or moved > STILL:
        return None
    values = {"fall": t.fall, "share": t.fall / (t.level - m.floor), "moved": moved, "since": m.begin}
    return Diagnosis("slow", values, m.update, m.begin)


def _at_chance(view: Any, m: Measurements) -> Diagnosis | None:
    if m.improves:
        return None
    values = {"now": m.now, "measured": view.held_out[-1][0], "since": m.begin}
    return Diagnosis("chance", values, m.update, view.first)


def _above(view: Any, m: Measurements) -> Diagnosis | None:
    recent, level = _recent(view, m), ABOVE * view.chance
    if not recent or min(recent) <= level or _training(view, m) <= view.chance or m.improves:
        return None
    low = max((place for place, (_update, loss) in enumerate(view.held_out) if loss <= level), default=-1)
    values = {"now": m.now, "measured": view.held_out[-1][0], "times": m.now / view.chance}
    values |= {"saturated": view.condition.activity.saturated}
    values |= {"least": min(loss for _update, loss in view.held_out[low + 1 :]) / view.chance}
    return Diagnosis("above", values | {"since": view.held_out[low + 1][0]}, m.update, view.first)


def _learned_most(loss: float, view: Any, m: Measurements) -> bool:
    """Whether hardly more is left to be learned: units that then stand at their ends ail nothing."""
    return loss - m.floor < OPEN * (view.chance - m.floor)


def _noisy(view: Any, m: Measurements) -> Diagnosis | None:
    t, h = m.training, m.held_out
    if t is None or h is None or m.improves or not h.flat or h.jitter < NOISY * (h.level - m.floor):
        return None
    if _learned_most(h.level, view, m):
        return None
    return Diagnosis("noisy", {"mean": h.level, "jitter": h.jitter, "since": m.begin}, m.update, m.begin)


def _small(view: Any, m: Measurements) -> Diagnosis | None:
    t, h = m.training, m.held_out
    if t is None or h is None or not (t.flat and h.flat) or view.condition.moved < STILL:
        return None
    if abs(h.level - t.level) > GAP * h.level or h.jitter > QUIET * h.level:
        return None
    if _learned_most(h.level, view, m):
        return None
    values = {"training": t.level, "held_out": h.level, "since": m.begin, "parameters": view.parameters}
    return Diagnosis("small", values, m.update, view.first)
