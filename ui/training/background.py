"""Background jobs: computed by another thread, while the last result stays on the page."""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, NamedTuple, TypeVar

from rnn_core.errors import ConfigError, InputError

LOG = logging.getLogger(__name__)
REST = 3  # a result that only grew old is made anew after so many times the time that it took
REPORT_EVERY = 0.25  # seconds between two progress reports
WORTH_TELLING = 0.5  # seconds: what is done sooner has no progress
POOL = ThreadPoolExecutor(4, thread_name_prefix="job")  # of all sessions; a thread starts when it is first needed
Result = TypeVar("Result")
Version = TypeVar("Version", bound=Hashable)
Progress = Callable[..., bool]  # progress(share): whether the result is still wanted; progress() only asks


class Done(NamedTuple, Generic[Version, Result]):
    """Result that was computed last."""

    subject: Hashable = None  # what it is about
    version: Version | None = None  # of the subject; None where nothing was made
    result: Result | None = None  # None where it failed
    error: str = ""  # why it failed: what the core said, "memory" or "unexpected"


class Job(Generic[Version, Result]):
    """One kind of result. A key says what it is about: a subject, and a version that grows old.

    changed : called from the worker whenever there is something new to show. least : seconds that it rests at least
    before a result that only grew old is made anew.
    """

    def __init__(self, changed: Callable[[], None] = lambda: None, least: float = 0.0):
        self._changed, self._least = changed, least
        self._lock = threading.Lock()
        self._running: tuple[Hashable, threading.Event] | None = None  # subject, and what stops it
        self._rest_until = 0.0
        self.done: Done[Version, Result] = Done()  # whatever it is about
        self.share: float | None = None  # done, while something long is under way

    def about(self, subject: Hashable) -> Done[Version, Result]:
        """Last result about this subject; an empty Done where there is none."""
        done = self.done
        return done if done.subject == subject else Done()

    def under_way(self, subject: Hashable) -> bool:
        """Whether something about this subject is being computed, or is next."""
        running = self._running
        return running is not None and running[0] == subject

    @property
    def subject(self) -> Hashable:
        """What the result that is being computed, or is next, is about; None where there is none."""
        running = self._running
        return running[0] if running is not None else None

    def request(
        self, subject: Hashable, version: Version, make: Callable[[Progress], Result | None], patient: bool = True
    ) -> None:
        """Compute `make(progress)` for this subject and version, unless it is done or under way.

        progress(share) is False when the result is no longer wanted; progress() only asks. Another subject stops what
        is under way; another version waits for it and, if `patient`, lets others have the processor for a while.
        """
        with self._lock:
            if self.done[:2] == (subject, version):
                return
            if self._running is not None:
                if self._running[0] == subject:
                    return
                self._running[1].set()
            elif patient and self.done.subject == subject and time.monotonic() < self._rest_until:
                return
            stop = threading.Event()
            self._running, self.share = (subject, stop), None
        POOL.submit(self._work, subject, version, stop, make)

    def cancel(self) -> None:
        """What is under way is not wanted any more; the last result stays."""
        with self._lock:
            if self._running is not None:
                self._running[1].set()
                self._running, self.share = None, None

    def _work(
        self, subject: Hashable, version: Version, stop: threading.Event, make: Callable[[Progress], Result | None]
    ) -> None:
        begin = reported = time.monotonic()

        def progress(share: float | None = None) -> bool:
            nonlocal reported
            now, wanted = time.monotonic(), not stop.is_set()
            if share is not None and wanted and now - begin > WORTH_TELLING and now - reported > REPORT_EVERY:
                self.share, reported = min(1.0, share), now
                self._changed()
            return wanted

        result, error = None, ""
        try:
            result = make(progress) if not stop.is_set() else None
        except (ConfigError, InputError) as problem:  # they say what was given and what is needed
            error = str(problem)
        except MemoryError:  # the server has none left for it
            error = "memory"
        except Exception:
            LOG.exception("a job failed")
            error = "unexpected"
        with self._lock:
            if self._running is None or self._running[1] is not stop:
                return  # something else is wanted by now
            end = time.monotonic()
            self._rest_until = end + max(self._least, REST * (end - begin))
            # in this order: who sees that nothing is under way any more finds what was made
            self.done, self.share = Done(subject, version, result, error), None
            self._running = None
        self._changed()
