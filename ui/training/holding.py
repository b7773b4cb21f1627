"""The networks that a session holds, and the memory that the server gives them."""

import weakref
from typing import Any, Generic, TypeVar

from ui.training.memory import BUDGET, MEGABYTE, NETWORKS
from ui.training.named import sessions
from ui.training.presence import Presence
from ui.training.snapshot import Notice
from ui.training.trained import Asked, Trained

Setup = TypeVar("Setup", bound=Asked)
Run = TypeVar("Run", bound=Trained[Any, Any])


class HoldsNetworks(Presence, Generic[Setup, Run]):
    """A session that has a run and the one before it. Both are its thread's own."""

    returning = False  # whether one that the browser has brought is about to take the place of this run

    def __init__(self) -> None:
        super().__init__()
        weakref.finalize(self, BUDGET.give_back, NETWORKS, self.key)
        self._run: Run | None = None
        self._granted: Setup | None = None  # what the page asked for when it got the present run
        self._former: tuple[Run, Setup | None] | None = None  # the run before, and the same of it

    @property
    def size(self) -> int:
        """Bytes that its networks take now."""
        run, former = self._run, self._former
        return (run.size if run is not None else 0) + (former[0].size if former is not None else 0)

    @property
    def reserved(self) -> int:
        """Bytes of memory that its networks may come to take."""
        run, former = self._run, self._former
        return (run.nbytes if run is not None else 0) + (former[0].nbytes if former is not None else 0)

    def forget_former(self) -> None:
        """Drop the network before this one, which could be brought back: somebody needs its memory."""
        self._former = None
        self._reserve(self.reserved)

    def _room_for(self, run: Run) -> bool:
        """Whether the server has memory for another network in the place of this one. Where it has not, former
        networks make room, which are kept only in case somebody wants them back: one's own, then other people's."""
        if self._reserve(run.nbytes):
            return True
        for other in (self, *sessions()):
            if other._former is not None:
                other.forget_former()
                if self._reserve(run.nbytes):
                    return True
        return False

    def _keep_former(self, run: Run) -> None:
        """Keep the network that `run` replaces, to bring it back, if there is memory for both."""
        self._set_aside(run)
        if self._run is not None and self._run.update:
            self._former = self._run, self._granted
            self._thin_former()
        if self._former is not None and not self._reserve(run.nbytes + self._former[0].nbytes):
            self._former = None

    def _set_aside(self, replacement: Run) -> None:
        """Another run takes the place of the present one."""

    def _thin_former(self) -> None:
        """A run that another one has replaced takes no more memory than it must."""

    def _reserve(self, size: int) -> bool:
        return BUDGET.take(NETWORKS, self.key, size)

    def _no_memory(self, run: Run) -> Notice:
        """What is told where there is no memory for this network."""
        sizes = {"needed": -(-run.nbytes // MEGABYTE), "free": BUDGET.room(NETWORKS, self.key) // MEGABYTE}
        return Notice("memory", sizes)
