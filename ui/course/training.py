"""Training in parts, as the runs of all lessons do it: between two parts a run can be shown and stopped."""

from collections.abc import Iterator
from typing import TypeVar

from rnn_core import EncoderDecoderTrainer, Trainer
from rnn_core.tasks.base import Task

PARTS = 40  # of a training run
Kind = TypeVar("Kind", bound=Task)


def task_of(trainer: Trainer, kind: type[Kind]) -> Kind:
    """The task of a trainer that learns one of this kind; TypeError where it learns another."""
    if not isinstance(trainer.task, kind):
        raise TypeError(f"the task is {trainer.task.name!r}; expected a {kind.__name__}")
    return trainer.task


def in_parts(trainer: Trainer | EncoderDecoderTrainer, updates: int, parts: int = PARTS) -> Iterator[float]:
    """Make so many updates; after each part the share that is done. Ends early where training diverges.

    >>> from ui.training.run import new_trainer
    >>> from ui.training.snapshot import Setup, Training
    >>> trainer = new_trainer(Setup("recall"), Training())
    >>> list(in_parts(trainer, 5, parts=2)), trainer.update
    ([0.4, 1.0], 5)
    """
    begin = trainer.update
    for part in range(1, parts + 1):
        wanted = begin + updates * part // parts
        if wanted > trainer.update:
            trainer.step(wanted - trainer.update)
            yield (trainer.update - begin) / updates
        if trainer.diverged:
            return
