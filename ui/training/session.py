"""The session of the Lab: one network in training, its past, and the runs before it."""

import weakref
from typing import ClassVar

from rnn_core import Trainer
from rnn_core.pytorch import PyTorchNetwork
from ui.training.keeping import SHELVES, KeepsRuns
from ui.training.memory import BUDGET
from ui.training.run import Run
from ui.training.snapshot import Setup, Training


class TrainingSession(KeepsRuns):
    """One person's network. Every method may be called from any thread and returns at once."""

    kind: ClassVar[str] = "lab"
    takeaway: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        weakref.finalize(self, BUDGET.give_back, SHELVES, self.key)

    def load(self, trainer: Trainer, source: PyTorchNetwork | None = None) -> None:
        """Go on with a checkpoint's network, or one from a file of PyTorch's, its `source`, paused; the page's next
        request, whatever it says, describes it."""
        self._wanted = None
        self._commands.put(self._do_load, trainer, source)

    # The thread's side

    def _make(self, setup: Setup, training: Training) -> Run:
        return Run(self._runs + 1, setup, training, self._sample_choice)

    def _do_load(self, trainer: Trainer, source: PyTorchNetwork | None) -> None:
        self._playing, self._refusal = False, None
        run = Run.resumed(self._runs + 1, trainer, self._sample_choice, source)
        if self._room_for(run):
            self._replace(run, self._granted)
            self._adopts = True
        else:
            self._refuse(run)
