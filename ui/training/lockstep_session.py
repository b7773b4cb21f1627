"""The session of networks in lockstep: what Arena and Shapes have in common."""

import secrets
from concurrent.futures import Future
from typing import Any, TypeVar

from rnn_core import CheckpointError
from ui.training.commands import answer
from ui.training.kept_file import Kept, checked
from ui.training.kept_lockstep import content, in_short, take_up
from ui.training.lockstep import LockstepRun
from ui.training.snapshot import Training
from ui.training.worker import View, Worker

Setup = TypeVar("Setup", bound=Any)
Run = TypeVar("Run", bound=LockstepRun[Any, Any])


class LockstepSession(Worker[Setup, Run, View]):
    """One person's networks that train at the same pace. Those who inherit say how they are made."""

    def __init__(self) -> None:
        super().__init__()
        self._identity = secrets.token_hex(8)  # of what the browser keeps: the newest networks, no list of them

    def request(self, setup: Setup, training: Training) -> None:
        """Train these networks in this way."""
        self.settings = in_short(setup)
        super().request(setup, training)

    def bring(self, file: bytes) -> Future[None]:
        """Go on with the networks that the browser has kept, in the place of those of the same setup that nobody has
        asked to begin anew. Its exception is a CheckpointError, saying what is wrong, where the file is none of them.
        """
        future: Future[None] = Future()
        self._commands.put(answer, future, lambda: self._take_the_place(file))
        return future

    # The thread's side

    def _kept(self, known: str) -> Kept | None:
        run = self._run
        if run is None or self._granted is None:
            return None
        playing = self._playing and not run.diverged
        settings = in_short(run.setup)
        beside = self._beside()
        stamp = in_short((settings, run.training, run.update, playing, beside))
        file = None if stamp == known else content(run, playing, beside)
        return Kept(self._identity, stamp, run.update, settings, file)

    def _take_the_place(self, file: bytes) -> None:
        present, granted = self._run, self._granted
        if present is None or granted is None:
            raise CheckpointError("this page has no networks")
        run = self._make(granted, present.training)
        taken = take_up(run, file)
        if not self._room_for(run):
            self._refuse(run)
            return
        with checked():
            self._take_beside(taken.beside)
        self._playing, self._run, self._former = taken.playing, None, None  # nobody asked for those
        self._replace(run, granted)

    def _beside(self) -> Any:
        """What the session has beside its networks, as JSON has it."""
        return None

    def _take_beside(self, facts: Any) -> None:
        """The same as it was in a file."""
