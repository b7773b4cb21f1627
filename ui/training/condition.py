"""The condition of a network in training: its units, its gradient, how far its weights move; measured now and then."""

import time
from copy import copy
from typing import NamedTuple

import numpy as np

from rnn_core import Trainer
from rnn_core.analysis.activity import Activity, activity
from rnn_core.tasks.base import Batch
from ui.training.history import Points
from ui.training.model_history import ModelHistory

SEQUENCES = 8  # held-out ones that it is measured on
REST = 2.0  # seconds between two measurements, at least
SHARE = 50  # and so many times as long as the last one took: at most 2% of the time


class Condition(NamedTuple):
    """Condition of a network after an update."""

    update: int
    activity: Activity
    since: int  # the update from which on `moved` counts; its own where there is no earlier copy
    moved: float  # distance of its weights from those they were then, as a share of their norm
    dead: tuple[tuple[int, float], ...] = ()  # (update, share of dead units) of every measurement


class Conditions:
    """The measurements of one run. The training thread alone takes them."""

    def __init__(self) -> None:
        self.newest: Condition | None = None
        self._dead = Points()
        self._from = -float("inf")  # time.monotonic() of the next, at the earliest

    def note(self, trainer: Trainer, history: ModelHistory, at_once: bool) -> Condition | None:
        """Newest condition, measured now if it is time for it. at_once : it is always time, once for each update."""
        now = time.monotonic()
        known = self.newest is not None and self.newest.update == trainer.update
        if not known and (at_once or now >= self._from):
            self.newest = self._measure(trainer, history)
            end = time.monotonic()
            self._from = end + max(REST, SHARE * (end - now))
        return self.newest

    def _measure(self, trainer: Trainer, history: ModelHistory) -> Condition:
        batch = trainer.task.held_out().mapped(lambda array: np.ascontiguousarray(array[:, :SEQUENCES]))
        found = activity(trainer.model, Batch(*batch))
        self._dead.add(trainer.update, found.dead)
        parameters, earlier = trainer.model.parameters, history.halfway(trainer.update)
        moved = np.linalg.norm(parameters - earlier.parameters) / max(float(np.linalg.norm(parameters)), 1e-30)
        return Condition(trainer.update, found, earlier.update, float(moved), self._dead.points())

    def until(self, update: int) -> "Conditions":
        """Those up to an update, of a run that goes its own way from there."""
        conditions = copy(self)
        conditions.newest, conditions._from = None, -float("inf")
        conditions._dead = self._dead.until(update)
        return conditions
