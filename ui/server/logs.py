"""A bound on the log: who can make the server complain cannot fill its disk."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable

WINDOW = 60.0  # seconds
OF_A_PLACE = 5  # messages of one line of code in a window
OF_ALL = 100


class Bound(logging.Filter):
    """Filter of all loggers together: so many messages a window, and of each place in the code; the first of the next
    window says how many there would have been.

    >>> bound, now = Bound(clock=lambda: 0.0), logging.makeLogRecord({"msg": "no socket", "lineno": 7})
    >>> [bound.filter(now) for _time in range(7)]
    [True, True, True, True, True, False, False]
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock, self._lock = clock, threading.Lock()
        self._begin, self._seen, self._dropped = clock(), Counter[tuple[str, int]](), 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this one is logged."""
        with self._lock:
            dropped = 0
            if self._clock() - self._begin >= WINDOW:
                dropped, self._dropped = self._dropped, 0
                self._begin, self._seen = self._clock(), Counter()
            place = record.pathname, record.lineno
            if self._seen[place] >= OF_A_PLACE or self._seen.total() >= OF_ALL:
                self._dropped += 1
                return False
            self._seen[place] += 1
        if dropped:
            record.msg = f"{record.getMessage()} ({dropped} messages before this one were too many to log)"
            record.args = ()
        return True


BOUND = Bound()


class BoundLogger(logging.Logger):
    """A logger with the bound."""

    def __init__(self, name: str, level: int = logging.NOTSET) -> None:
        super().__init__(name, level)
        self.addFilter(BOUND)


def bound_all() -> None:
    """Bound every logger, present and future."""
    logging.setLoggerClass(BoundLogger)
    for logger in [logging.root, *logging.root.manager.loggerDict.values()]:
        if isinstance(logger, logging.Logger):
            logger.addFilter(BOUND)
