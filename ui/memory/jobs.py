"""What takes longer than a picture may: computed by another thread, while the last result stays on the page."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

LOG = logging.getLogger(__name__)
REST = 3  # a result that only grew old is made anew after so many times the time that it took
TELL_EVERY = 0.25  # seconds between two progress reports
WORTH_TELLING = 0.5  # seconds: what is done sooner has no progress


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="memory")


class Job:
    """One kind of result. A key says what it is about: a subject, and a version that grows old.

    changed : called from the worker whenever there is something new to show.
    """

    def __init__(self, changed: Callable[[], None]):
        self._changed = changed
        self._lock = threading.Lock()
        self._running = None  # (subject, version, stop event)
        self._rest_until = 0.0
        self._done = (None, None, None, "")  # subject, version, result, error
        self.share: float | None = None  # done, while something long is under way

    @property
    def result(self) -> Any:
        """What was made last, whatever it is about; None where that failed."""
        return self._done[2]

    def about(self, subject) -> Any:
        """What was made last about this subject; None where there is nothing."""
        known, _version, result, _error = self._done
        return result if known == subject else None

    def error_about(self, subject) -> str:
        """Why it could not be made: what the core said, or "unexpected"; empty where it could."""
        known, _version, _result, error = self._done
        return error if known == subject else ""

    @property
    def error(self) -> str:
        """The same of what was tried last."""
        return self._done[3]

    def want(self, subject, version, make: Callable[[Callable[[float], bool]], Any], patient: bool = True) -> None:
        """Let `make(progress)` be computed for this subject and version, unless it is or is under way.

        progress(share) is False when the result is no longer wanted. Another subject stops what is under way;
        another version waits for it and, if `patient`, lets others have the processor for a while.
        """
        with self._lock:
            if self._done[:2] == (subject, version):
                return
            if self._running is not None:
                if self._running[0] == subject:
                    return
                self._running[2].set()
            elif patient and self._done[0] == subject and time.monotonic() < self._rest_until:
                return
            stop = threading.Event()
            self._running = (subject, version, stop)
        _pool().submit(self._work, subject, version, stop, make)

    def _work(self, subject, version, stop, make) -> None:
        begin = told = time.monotonic()

        def progress(share: float) -> bool:
            nonlocal told
            now = time.monotonic()
            if now - begin > WORTH_TELLING and now - told > TELL_EVERY and not stop.is_set():
                self.share, told = min(1.0, share), now
                self._changed()
            return not stop.is_set()

        result, error = None, ""
        try:
            result = make(progress) if not stop.is_set() else None
        except ValueError as problem:  # of the core: it says what was given and what is needed
            error = str(problem)
        except Exception:
            LOG.exception("a job of the page Memory")
            error = "unexpected"
        with self._lock:
            if self._running is None or self._running[2] is not stop:
                return  # something else is wanted by now
            self._running, self.share = None, None
            took = time.monotonic() - begin
            self._done = (subject, version, result, error)
            self._rest_until = time.monotonic() + REST * took
        self._changed()
