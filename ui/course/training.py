"""Training in parts, as the runs of all lessons do it: between two parts a run can be shown and stopped."""

from collections.abc import Iterator
from typing import Any

PARTS = 40  # of a training run


def in_parts(trainer: Any, updates: int, parts: int = PARTS) -> Iterator[float]:
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
