"""The worker of the page “Sweeps”: a session like the Lab's, whose thread trains the networks of a sweep.

A sweep goes on while other pages of its tab are shown, and ends with the tab.
"""

import secrets
import threading
import time
from concurrent.futures import Future
from typing import ClassVar

from rnn_core import CheckpointError
from ui.settings import keys
from ui.sweeps.kept import content, read
from ui.sweeps.records import Plan, SweepView
from ui.sweeps.sweep import SweepRun
from ui.sweeps.trial import Cost
from ui.training.commands import answer, last
from ui.training.executor.cluster import State, shared
from ui.training.kept_file import Kept
from ui.training.kept_lockstep import in_short
from ui.training.presence import LOOKED_AT
from ui.training.scheduler import SCHEDULER
from ui.training.snapshot import Notice, Training
from ui.training.tabs import session_of_tab
from ui.training.worker import PUBLISH_EVERY, PUBLISH_UNSEEN, Worker


class SweepsSession(Worker[Plan, SweepRun, SweepView]):
    """One person's sweep. Every method may be called from any thread and returns at once."""

    kind: ClassVar[str] = "sweeps"
    goes_on: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._playing = False
        self._identity = secrets.token_hex(8)  # of what the browser keeps
        self._planned: Plan | None = None
        self.cost: Cost | None = None  # of what is planned

    # The page's side

    @property
    def planned(self) -> Plan | None:
        """Plan of a sweep that is begun now; None: there can be none."""
        return self._planned

    @property
    def machines(self) -> State | None:
        """State of the scheduler: as the sweep that is running sees it, else as it is. None: there is none."""
        view, cluster = self._snapshot.view, shared()
        if view is not None and view.running and view.cluster is not None:
            return view.cluster
        return None if cluster is None else cluster.state

    @property
    def token(self) -> str:
        """Changes with whatever a picture depends on, the machines that train included."""
        state = self.machines
        return super().token if state is None else f"{super().token}.{state.kind}.{state.places}.{len(state.refused)}"

    def plan(self, plan: Plan | None) -> None:
        """Sweep this when the button is pressed."""
        if plan != self._planned:
            self._planned = plan
            self.settings = in_short(plan)
            self._commands.put(self._do_plan, fold=last)

    def sweep(self) -> bool:
        """Begin, or go on with, the sweep that is shown."""
        return self._commands.put(self._do_sweep, False, fold=last)

    def sweep_anew(self) -> bool:
        """Begin the sweep that is planned, in the place of the one that is shown."""
        return self._commands.put(self._do_sweep, True, fold=last)

    def bring(self, file: bytes) -> Future[None]:
        """Go on with what the browser has kept of this sweep. Its exception is a CheckpointError, saying what is wrong,
        where the file is none of it."""
        future: Future[None] = Future()
        self._commands.put(answer, future, lambda: self._take_the_place(file))
        return future

    commands: ClassVar = {"sweep": sweep, "sweep_anew": sweep_anew}

    # The thread's side

    def _make(self, setup: Plan, training: Training) -> SweepRun:
        return SweepRun(self._runs + 1, setup)

    def _kept(self, known: str) -> Kept | None:
        run = self._run
        if run is None or not run.outcomes:
            return None
        settings = in_short(run.setup)
        stamp = in_short((settings, len(run.outcomes), self._playing))
        file = None if stamp == known else content(run.setup, run.outcomes, self._playing)
        return Kept(self._identity, stamp, run.update, settings, file)

    def _take_the_place(self, file: bytes) -> None:
        run = self._run
        if run is None:
            raise CheckpointError("this page has no sweep")
        outcomes, playing = read(file, run.setup)
        taken = self._take(run.setup)
        taken.take_up(outcomes)
        self._playing = playing and not taken.finished
        self._publish()

    def _work(self, before: threading.Thread | None, gone: threading.Event) -> None:
        try:
            super()._work(before, gone)
        finally:
            self._rest()  # nobody is there: other machines stop, too

    def _rest(self) -> None:
        if self._run is not None:
            self._run.rest()

    def _stop(self) -> None:
        super()._stop()
        self._rest()

    def _do_plan(self) -> None:
        plan, run = self._planned, self._run
        self.cost = None if plan is None else Cost(plan)
        if plan is not None and (run is None or not (run.begun or self._playing)):
            self._take(plan)
        self._arranged += 1
        self._publish()

    def _take(self, plan: Plan) -> SweepRun:
        """Put another sweep in the place of the present one."""
        self._rest()
        self._runs += 1
        run = SweepRun(self._runs, plan)
        if self.cost is not None and self.cost.plan == plan:
            run.cost = self.cost
        self._run, self._granted = run, plan
        return run

    def _do_sweep(self, anew: bool) -> None:
        if anew and self._planned is not None:
            self._take(self._planned)
        self._playing = self._run is not None and not self._run.finished
        self._publish()

    def _do_step(self, updates: int) -> None:
        """Nothing: a sweep has no step."""

    def _start_over(self) -> None:
        if self._run is not None:
            self._playing = False
            self._take(self._run.setup)
            self._publish()

    def _set_playing(self, playing: bool) -> None:
        super()._set_playing(playing and self._run is not None and not self._run.finished)

    @property
    def _estimating(self) -> bool:
        return self.cost is not None and not self.cost.ended

    @property
    def _training(self) -> bool:
        return self._run is not None and (self._playing or self._estimating)

    def _train_or_wait(self) -> None:
        if self._playing and self._run is not None and not self._run.here:
            SCHEDULER.leave(self.key)  # others train: it needs no turn
            self._train_slice()
        elif SCHEDULER.enter(self.key, self._wake):
            self._train_slice()
        else:
            self._in_line = True

    def _train_slice(self) -> None:
        run, cost = self._run, self.cost
        if run is None:
            return
        if cost is not None and not cost.ended:
            cost.work()
            if cost.ended:
                self._publish()
        elif self._playing:
            run.train()
            self._playing = not run.finished
            now = time.monotonic()
            every = PUBLISH_EVERY if self._unseen < LOOKED_AT else PUBLISH_UNSEEN
            if run.finished or now - self._published >= every:
                self._publish()

    def _publish(self, status: str | None = None, notice: Notice | None = None, view: SweepView | None = None) -> None:
        if self._run is not None and view is None:
            view = self._run.view(running=self._playing)
        super()._publish(status, notice, view)


def sweeps_session() -> SweepsSession | None:
    """The sweep of this browser tab, with its thread; None where the server is full."""
    return session_of_tab(keys.SWEEPS_SESSION, SweepsSession)
