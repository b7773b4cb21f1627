"""A result measured now: in the background, with everybody else's training in turns, stopped and continued.

A stopped measurement keeps the network that it was training: it continues where it was.
"""

import threading
import time

from ui.network.results.measuring import Measurement, Step
from ui.network.results.record import Result, Trials
from ui.training.background import Job, Progress
from ui.training.executor.cluster import State
from ui.training.scheduler import SCHEDULER, Scheduler

LEFT = 300.0  # seconds after which a measurement that nobody looks at stops
MOST = threading.BoundedSemaphore(2)  # measurements of this server at a time: each holds a thread of the pool
LOOK = 0.5  # seconds between two looks at whether a turn is still wanted


class ResultRun:
    """A measurement of one result; everything may be read at any time, from any thread.

    seconds : that it has been measured, turns of others left out.
    """

    def __init__(self, result: Result, scheduler: Scheduler = SCHEDULER):
        self.result, self.seconds = result, 0.0
        self.refused = False  # whether the last start found no place
        self._measurement, self._starts, self._seen = Measurement(result), 0, 0.0
        self._job: Job[int, None] = Job()
        self._turns, self._lock = scheduler, threading.Lock()

    @property
    def step(self) -> Step:
        """How far it is."""
        return self._measurement.step

    @property
    def cluster(self) -> State | None:
        """State of the machines that train it; None: this one alone."""
        return self._measurement.cluster

    @property
    def trials(self) -> Trials | None:
        """All of them, once it is done."""
        return self._measurement.trials

    @property
    def status(self) -> str:
        """ "ready", "running", "stopped", "failed" or "done"."""
        if self.trials is not None:
            return "done"
        if self._job.under_way(self.result.name):
            return "running"
        if self._job.done.version == self._starts and self._job.done.error:
            return "failed"
        begun = self.step.share > 0 or (self._starts > 0 and not self.refused)
        return "stopped" if begun else "ready"

    @property
    def left(self) -> float | None:
        """Seconds that it will take yet, estimated from those that it took; None where nothing is known."""
        share = self.step.share
        return self.seconds * (1 - share) / share if share > 0.02 else None

    def start(self) -> None:
        """Measure, from where it was stopped; from the beginning where it is done or has failed."""
        if self.status in ("done", "failed"):
            self._measurement, self.seconds = Measurement(self.result), 0.0
        self.refused, self._starts = False, self._starts + 1
        self.look()
        self._job.request(self.result.name, self._starts, self._measure, patient=False)

    def stop(self) -> None:
        """Rest after the present look at the network."""
        self._job.cancel()

    def look(self) -> None:
        """Somebody looks at it."""
        self._seen = time.monotonic()

    def _measure(self, wanted: Progress) -> None:
        with self._lock:  # who stops and continues at once waits for the look that is under way
            if not wanted():
                return
            if not MOST.acquire(blocking=False):
                self.refused = True
                return
            try:
                while wanted() and time.monotonic() - self._seen < LEFT and self._turn(wanted):
                    begin = time.monotonic()
                    try:
                        if not self._measurement.work(0 if self._measurement.here else LOOK):
                            return
                    finally:
                        self.seconds += time.monotonic() - begin
            finally:
                self._measurement.rest()
                self._turns.leave(self)
                MOST.release()

    def _turn(self, wanted: Progress) -> bool:
        """Wait for a turn, where one is needed; whether it has come before the measurement was stopped."""
        if not self._measurement.here:
            self._turns.leave(self)
            return True
        called = threading.Event()
        while not self._turns.enter(self, called.set):
            while not called.wait(LOOK):
                if not wanted():
                    return False
            called.clear()
        return True
