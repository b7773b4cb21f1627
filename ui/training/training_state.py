"""Everything with which a run goes on from an update, bit for bit: what a copy of it holds, and how it is taken up.

The batches of an update follow from the task, the seed and the update's number, so no generator needs to be kept.
"""

from typing import NamedTuple

import numpy as np

from rnn_core import TrainConfig, Trainer


class TrainingState(NamedTuple):
    """A trainer at one update; its arrays are never changed again."""

    update: int
    config: TrainConfig  # with which it goes on
    parameters: np.ndarray
    slots: np.ndarray  # the optimiser's memory
    optimizer_updates: int  # made with this memory
    carried: tuple[np.ndarray, np.ndarray | None]  # hidden and cell state that a stateful update starts from

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        arrays = (self.parameters, self.slots, *self.carried)
        return sum(array.nbytes for array in arrays if array is not None)


def capture(trainer: Trainer) -> TrainingState:
    """Copy of the trainer as it is now."""
    model = trainer.model
    return TrainingState(
        trainer.update,
        trainer.config,
        model.parameters.copy(),
        trainer.slots.copy(),
        trainer.optimizer_updates,
        trainer.state,
    )


def restore(trainer: Trainer, state: TrainingState) -> None:
    """Put the trainer back; its settings stay. The memory of another optimiser means nothing to it: it is emptied."""
    trainer.model.parameters[:] = state.parameters
    own = state.config.optimizer == trainer.config.optimizer
    slots, updates = (state.slots, state.optimizer_updates) if own else (np.zeros_like(trainer.slots), 0)
    trainer.restore(state.update, updates, slots, *state.carried)
    trainer.diverged = False


def forget_memory(trainer: Trainer) -> None:
    """Empty the optimiser's memory."""
    trainer.slots[:], trainer.optimizer_updates = 0, 0
