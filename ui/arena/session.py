"""The Arena's worker: a session like the Lab's, whose thread trains a match or works on a sweep.

One of the two at a time: to play pauses the sweep, to sweep pauses the match; either goes on where it stopped.
"""

import threading
import time
from typing import Any, ClassVar

from ui.arena.contest import ArenaRun
from ui.arena.records import ArenaView, Match, Plan, SweepView
from ui.arena.sweep import Sweep, outcome_of
from ui.settings import keys
from ui.training.commands import last
from ui.training.kept_lockstep import in_short
from ui.training.lockstep_session import LockstepSession
from ui.training.presence import LOOKED_AT
from ui.training.run import SLICE
from ui.training.scheduler import SCHEDULER
from ui.training.snapshot import Notice, Training
from ui.training.tabs import session_of_tab
from ui.training.worker import PUBLISH_EVERY, PUBLISH_UNSEEN, SLEEP_AFTER


class ArenaSession(LockstepSession[Match, ArenaRun, ArenaView]):
    """One person's arena. Every method may be called from any thread and returns at once."""

    kind: ClassVar[str] = "arena"

    def __init__(self) -> None:
        super().__init__()
        self.sweep_view: SweepView | None = None
        self._planned: Plan | None = None  # what the page would sweep
        # The rest is the thread's own.
        self._sweep: Sweep | None = None
        self._sweeping = False

    # The page's side

    @property
    def planned(self) -> Plan | None:
        """Plan of a sweep that is begun now."""
        return self._planned

    def plan(self, plan: Plan | None) -> None:
        """Sweep this when the button is pressed."""
        self._planned = plan

    def sweep(self) -> bool:
        """Go on with the sweep that was stopped; begin what is planned, if that is another or all is done."""
        return self._commands.put(self._do_sweep, fold=last)

    def stop_sweep(self) -> bool:
        """Stop after the current slice; what is found stays."""
        return self._commands.put(self._do_stop_sweep, fold=last)

    commands: ClassVar = {"sweep": sweep, "stop_sweep": stop_sweep}

    # The thread's side

    def _make(self, setup: Match, training: Training) -> ArenaRun:
        return ArenaRun(self._runs + 1, setup, training, self._sample_choice)

    def _beside(self) -> Any:
        sweep = self._sweep
        return None if sweep is None else [in_short(sweep.plan), sweep.outcomes, sweep.finished, self._sweeping]

    def _take_beside(self, facts: Any) -> None:
        if facts is None or self._planned is None or facts[0] != in_short(self._planned):
            return
        _plan, outcomes, finished, *sweeping = facts
        sweep = Sweep(self._planned)
        sweep.take_up([outcome_of(*outcome) for outcome in outcomes], finished is True)
        self._sweep, self._sweeping = sweep, sweeping == [True] and not sweep.finished

    @property
    def _training(self) -> bool:
        return self._sweeping or super()._training

    def _work(self, before: threading.Thread | None, gone: threading.Event) -> None:
        try:
            super()._work(before, gone)
        finally:
            self._rest()  # nobody is there: other machines stop, too

    def _stop(self) -> None:
        super()._stop()
        self._rest()
        self._sweeping = False

    def _rest(self) -> None:
        if self._sweep is not None:
            self._sweep.rest()

    def _do_sweep(self) -> None:
        plan = self._planned
        if plan is None:
            return
        self._rest()
        if self._sweep is None or self._sweep.plan != plan or self._sweep.finished:
            self._sweep = Sweep(plan)
        self._playing, self._sweeping, self._due = False, True, 0.0
        self._publish()

    def _do_stop_sweep(self) -> None:
        self._sweeping = False
        self._rest()
        self._publish()

    def _set_playing(self, playing: bool) -> None:
        if playing:
            self._sweeping = False
            self._rest()
        super()._set_playing(playing)

    def _train_or_wait(self) -> None:
        if self._sweeping and self._sweep is not None and not self._sweep.here and self._unseen <= SLEEP_AFTER:
            SCHEDULER.leave(self.key)  # others train: it needs no turn
            self._train_slice()
        else:
            super()._train_or_wait()

    def _train_slice(self) -> None:
        if not self._sweeping or self._sweep is None:
            super()._train_slice()
            return
        self._sweeping = self._sweep.work(SLICE)
        now = time.monotonic()
        every = PUBLISH_EVERY if now - self._seen < LOOKED_AT else PUBLISH_UNSEEN
        if not self._sweeping or now - self._published >= every:
            self._publish(view=self._snapshot.view)  # the match rests

    def _publish(self, status: str | None = None, notice: Notice | None = None, view: ArenaView | None = None) -> None:
        self.sweep_view = None if self._sweep is None else self._sweep.view(self._sweeping)
        super()._publish(status, notice, view)


def arena_session() -> ArenaSession | None:
    """The arena of this browser tab, with its thread; None where the server is full."""
    return session_of_tab(keys.ARENA_SESSION, ArenaSession)
