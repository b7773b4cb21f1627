"""A lesson's run on threads of the server: in turns with everybody else's training, one item at a time.

A run that waits for its turn holds no thread: the scheduler calls it back. So forty learners who press the button at
once are forty runs in line, and each of them moves. Most runs would be over before anybody has seen them train: between
two items there are PAUSE seconds, in which a run has neither a place nor a thread.
"""

import logging
import threading
import time
from collections.abc import Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rnn_core.errors import ConfigError, InputError
from ui.course.lesson import Progress
from ui.training.scheduler import SCHEDULER, Scheduler

LOG = logging.getLogger(__name__)
PAUSE = 0.08  # seconds from the beginning of an item to that of the next one, at least
POOL = ThreadPoolExecutor(SCHEDULER.places, thread_name_prefix="lesson")  # of all sessions


class LessonRun:
    """One run of a lesson; its properties may be read at any time, from any thread.

    subject : what it is about. status : "running", then "done", "stopped" or "failed". progress : the last item.
    """

    def __init__(self, subject: Hashable, items: Iterator[Progress], scheduler: Scheduler = SCHEDULER):
        self.subject, self.progress, self.status, self.error = subject, Progress(0.0), "running", ""
        self._items, self._turns, self._lock = items, scheduler, threading.Lock()
        POOL.submit(self._advance)

    @property
    def measured(self) -> Any:
        """What it measured; None before it is done."""
        return self.progress.measured if self.status == "done" else None

    @property
    def waiting(self) -> int:
        """How far it is from its turn: n for the n-th in line, 0 while it trains."""
        return self._turns.place_of(self)

    def stop(self) -> None:
        """End it, before the next item."""
        self._end("stopped")

    def _end(self, status: str, error: str = "") -> None:
        with self._lock:
            if self.status == "running":
                self.status, self.error = status, error
        self._turns.leave(self)

    def _advance(self) -> None:
        """Compute the next item if it is this run's turn, and let the one after it be computed."""
        if self.status != "running":
            self._turns.leave(self)
            return
        if not self._turns.enter(self, lambda: POOL.submit(self._advance)):
            return
        begin = time.monotonic()
        try:
            item = next(self._items, None)
            if item is None:
                raise ValueError(f"the run of {self.subject} ended without a measurement")
        except (ConfigError, InputError) as problem:  # they say what was given and what is needed
            self._end("failed", str(problem))
            return
        except Exception:
            LOG.exception("a lesson's run failed")
            self._end("failed", "unexpected")
            return
        self.progress = item
        if item.measured is not None:
            self._end("done")
        else:
            self._advance_after(PAUSE - (time.monotonic() - begin))

    def _advance_after(self, seconds: float) -> None:
        """Let the next item be computed, and others train until then."""
        if seconds <= 0:
            POOL.submit(self._advance)
            return
        self._turns.leave(self)
        timer = threading.Timer(seconds, POOL.submit, (self._advance,))
        timer.daemon = True
        timer.start()
