"""A lesson's run on threads of the server: in turns with everybody else's training, one item at a time.

A run that waits for its turn holds no thread: the scheduler calls it back. So forty learners who press the button at
once are forty runs in line, and each of them moves. Most runs would be over before anybody has seen them train: between
two items there are PAUSE seconds, in which a run has neither a place nor a thread.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterator
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

    subject : what it is about. ended : called once, when it is over, whatever the reason.
    status : "running", then "done", "stopped" or "failed". progress : the last item.
    """

    def __init__(
        self,
        subject: Hashable,
        items: Iterator[Progress],
        scheduler: Scheduler = SCHEDULER,
        ended: Callable[[], None] = lambda: None,
    ):
        self.subject, self.progress, self.status, self.error = subject, Progress(0.0), "running", ""
        self._items, self._turns, self._ended, self._lock = items, scheduler, ended, threading.Lock()
        POOL.submit(self._advance)

    @property
    def measured(self) -> Any:
        """Measured values; None before it is done."""
        return self.progress.measured if self.status == "done" else None

    @property
    def waiting(self) -> int:
        """Place in line: n for the n-th, 0 while it trains."""
        return self._turns.place_of(self)

    def stop(self) -> None:
        """End it, before the next item."""
        self._end("stopped")

    def _end(self, status: str, error: str = "") -> None:
        with self._lock:
            was_running = self.status == "running"
            if was_running:
                self.status, self.error = status, error
        self._turns.leave(self)
        if was_running:
            self._ended()

    def _advance(self) -> None:
        """Compute the next item if it is this run's turn, and let the one after it be computed."""
        if self.status != "running":
            self._turns.leave(self)
            return
        if not self._turns.enter(self, self._advance_soon):
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

    def _advance_soon(self) -> None:
        """Have a thread of the pool compute the next item."""
        POOL.submit(self._advance)

    def _advance_after(self, seconds: float) -> None:
        """Compute the next item after these seconds, in which others train."""
        if seconds <= 0:
            self._advance_soon()
            return
        self._turns.leave(self)
        timer = threading.Timer(seconds, self._advance_soon)
        timer.daemon = True
        timer.start()
