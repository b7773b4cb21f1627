"""The way back of a run that diverged: to the last update whose numbers are finite."""

from collections.abc import Callable
from copy import copy
from typing import NamedTuple

import numpy as np

from rnn_core import Trainer
from ui.training.history import Record


class Kept(NamedTuple):
    """Everything with which a run goes on from an update exactly as it did."""

    update: int
    optimizer_updates: int
    parameters: np.ndarray
    slots: np.ndarray  # the optimiser's memory
    state: tuple[np.ndarray, np.ndarray | None]  # that a stateful update starts from
    record: Record


def keep(trainer: Trainer, record: Record) -> Kept:
    """The present moment."""
    model = trainer.model
    return Kept(
        trainer.update,
        trainer.optimizer_updates,
        model.parameters.copy(),
        trainer.slots.copy(),
        trainer.state,
        copy(record),
    )


def go_back(trainer: Trainer, kept: Kept) -> Record:
    """Put the trainer back; the record of that moment."""
    trainer.model.parameters[:] = kept.parameters
    slots = kept.slots if kept.slots.shape == trainer.slots.shape else np.zeros_like(trainer.slots)
    trainer.restore(kept.update, kept.optimizer_updates, slots, *kept.state)
    trainer.diverged = False
    return copy(kept.record)


def last_finite(trainer: Trainer, kept: Kept, end: int, finite: Callable[[], bool]) -> Kept:
    """The moment after an update N < `end` at which the numbers are finite, while after N + 1 they are not.

    kept : a moment that is finite. end : an update after which they are not, or which cannot be made.
    finite : whether the numbers of the trainer's present moment are. It trains those updates once more.
    """
    while end - kept.update > 1:
        middle = (kept.update + end) // 2
        record = go_back(trainer, kept)
        history = trainer.step(middle - kept.update)
        record.append(history.loss, history.grad_norm, history.clip_factor)
        if trainer.update == middle and finite():
            kept = keep(trainer, record)
        else:
            end = middle
    return kept
