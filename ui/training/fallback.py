"""The way back of a run that diverged: to the last update whose numbers are finite."""

from collections.abc import Callable
from copy import copy
from typing import NamedTuple

import numpy as np

from rnn_core import Trainer
from rnn_core.analysis.activity import Overflow, first_overflow
from rnn_core.tasks.base import Batch
from rnn_core.trace import BackwardTrace
from ui.training.history import Curve, Record
from ui.training.training_state import TrainingState, capture, restore


class Kept(NamedTuple):
    """A moment of a run: its state, and what was recorded until then."""

    state: TrainingState
    record: Record

    @property
    def update(self) -> int:
        """Updates done."""
        return self.state.update


def finite(trace: BackwardTrace, measured: float | None) -> bool:
    """Whether every number of a view is: of the sequence that is shown, and the held-out loss."""
    arrays = trace.loss, trace.hidden, trace.logits, trace.d_hidden
    return all(np.isfinite(array).all() for array in arrays) and (measured is None or bool(np.isfinite(measured)))


def keep(trainer: Trainer, record: Record) -> Kept:
    """The present moment."""
    return Kept(capture(trainer), copy(record))


def go_back(trainer: Trainer, kept: Kept) -> Record:
    """Put the trainer back; the record of that moment."""
    restore(trainer, kept.state)
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


class Divergence(NamedTuple):
    """How a run left the finite numbers."""

    update: int  # that could not be made, or after which the numbers were not finite
    overflow: Overflow | None  # the first number that was not finite; None where it was on other data
    after: bool  # the pass of that update was finite: it was on the sequence on screen, once its step was made
    usual: float  # median of the gradient norm until then
    highest: float  # the largest of the last updates
    rising: int  # the last update before the norm began to grow


GROWN = 10  # times the median: from there on the norm has grown


def divergence_of(trainer: Trainer, curve: Curve, trace: Callable[[], BackwardTrace]) -> Divergence:
    """What became of the update after the trainer's present one.

    curve : of the whole run. trace : of the sequence on screen, made anew.
    """
    index, row = divmod(trainer.update, trainer.task.block_size)
    block, config = trainer.task.block(index, trainer.config.seed, trainer.config.stateful), trainer.config
    batch = Batch(block.x[row], block.targets[row], None if block.mask is None else block.mask[row])
    made = trainer.model.backward(
        batch.x, batch.targets, mask=batch.mask, truncate=config.truncate, truncation=config.truncation
    )
    overflow = first_overflow(made)
    after = overflow is None
    if after:
        state = capture(trainer)
        trainer.step(1)
        overflow = first_overflow(trace())
        restore(trainer, state)
    norms = curve.norm_high[np.isfinite(curve.norm_high)]
    usual = float(np.median(norms)) if len(norms) else made.grad_norm
    return Divergence(trainer.update + 1, overflow, after, usual, *_growth(curve, usual, trainer.update))


def _growth(curve: Curve, usual: float, update: int) -> tuple[float, int]:
    """The largest norm since it last was usual, and the update of that."""
    calm = np.flatnonzero((curve.update <= update) & (curve.norm_high <= GROWN * usual))
    begin = int(calm[-1]) if len(calm) else 0
    after = curve.norm_high[begin:]
    after = after[np.isfinite(after)]
    rising = int(curve.update[begin]) if len(curve.update) else 0
    return float(after.max(initial=usual)), min(rising, update)
