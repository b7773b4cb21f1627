"""The one way to the network that a page is about: ask its thread for a copy."""

from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from rnn_core import Model
from rnn_core.tasks.base import Task
from ui.training.commands import Answer

if TYPE_CHECKING:
    from ui.training.run import Run
    from ui.training.session import TrainingSession

Late = TypeVar("Late")

PATIENCE = 0.5  # seconds for the training thread to answer; a slice of training lasts a twentieth


def from_training(
    session: "TrainingSession", copy: "Callable[[Run | None], Answer]", late: Late, patience: float = PATIENCE
) -> Answer | Late:
    """copy(run), called by the training thread of a session between two slices; `late` where it takes too long.
    The run is as it was at the moment that the reader looks at."""
    try:
        return session.ask(copy).result(patience)
    except TooLate:
        return late


class Network(NamedTuple):
    """A network that nobody trains."""

    run: int
    update: int
    model: Model
    task: Task
    past: bool = False  # the reader has chosen its update; else it was the newest

    @property
    def chosen(self) -> int | None:
        """The update that the reader has chosen; None: the newest is looked at."""
        return self.update if self.past else None


def network_of(session: "TrainingSession", patience: float = PATIENCE) -> Network | None:
    """Network of a TrainingSession's run; None before there is one, or if the training thread is busy for longer than
    `patience` seconds."""
    return from_training(session, _copy, None, patience)


def _copy(run: "Run | None") -> Network | None:
    """On the training thread."""
    if run is None:
        return None
    return Network(run.number, run.update, run.trainer.model.copy(), run.task, run.past)
