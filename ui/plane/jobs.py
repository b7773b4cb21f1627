"""What takes longer than a picture: the search for fixed points, the trees. One job of each name at a time.

The picture maker asks for a job each time it makes a picture, and shows what the last one found. The next begins when
the last is done and as much time again has passed a few times over, so that training keeps the processor.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

REST = 3.0  # times as long as the last one took
LEAST = 0.7  # seconds between two
LOG = logging.getLogger(__name__)
POOL = ThreadPoolExecutor(2, thread_name_prefix="plane")  # of all sessions; a thread starts when it is first needed


class Job:
    """The newest finding about something that changes. `on_done` is called, by another thread, when there is one."""

    def __init__(self, on_done: Callable[[], None]):
        self._on_done = on_done
        self._lock = threading.Lock()
        self._subject = None  # what the last request was about
        self._stop = threading.Event()  # of the one that runs
        self._running = False
        self._next = 0.0  # time.monotonic() before which none begins
        self._found: tuple = (None, None, None)  # subject, moment, finding
        self.failed = False  # the last one, with an error that is in the log

    def ask(self, subject, moment, function: Callable[[Callable[[], bool]], Any]):
        """(moment, finding) of the last job about this subject, or (None, None).

        subject : what it is about; another one stops what runs. moment : when the same again would find the same.
        function : gets a function that tells when to stop.
        """
        with self._lock:
            if subject != self._subject:
                self._stop.set()
                self._subject, self._next = subject, 0.0
            known = self._found[0] == subject
            stale = not known or self._found[1] != moment
            if stale and not self._running and time.monotonic() >= self._next:
                self._running, self._stop = True, threading.Event()
                POOL.submit(self._work, subject, moment, function, self._stop)
            return self._found[1:] if known else (None, None)

    def _work(self, subject, moment, function, stop: threading.Event) -> None:
        begin, found, failed = time.monotonic(), None, False
        try:
            found = function(stop.is_set)
        except Exception:  # whatever it is, the picture goes on without
            LOG.exception("plane")
            failed = True
        with self._lock:
            end = time.monotonic()
            self._running, self.failed = False, failed
            if not stop.is_set():
                self._next = end + max(LEAST, REST * (end - begin))
                self._found = (subject, moment, found)
        self._on_done()
