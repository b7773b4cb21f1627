"""All classes of this server: how one is started and found, and when it is over."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

from ui.course.classroom.classroom import Classroom
from ui.course.classroom.codes import read_code
from ui.course.classroom.limits import RateLimit
from ui.course.lesson import Lesson
from ui.training import capacity

MOST = 20  # classes at a time
KEPT = 7200.0  # seconds without a sign of its teacher
REMEMBERED = 500  # codes of classes that have ended
WINDOW = 600.0  # seconds, of the limits
TRIES = 60, 600  # wrong codes from one address, which may be a whole school's, and from all
STARTS = 10, 100  # classes that are started


class Classes:
    """Classes by their codes. Every method may be called from any thread and returns at once.

    places : of the server; a class takes one, however many are in it. clock : the time in seconds.
    """

    def __init__(
        self,
        places: capacity.Capacity | None = None,
        clock: Callable[[], float] = time.monotonic,
        most: int = MOST,
        kept: float = KEPT,
    ):
        self._places, self._clock, self._most, self._kept = places, clock, most, kept
        self._tries, self._starts = RateLimit(*TRIES, WINDOW, clock), RateLimit(*STARTS, WINDOW, clock)
        self._classes: dict[str, Classroom] = {}
        self._ended: deque[str] = deque(maxlen=REMEMBERED)
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def start(self, lessons: Mapping[str, Lesson], address: str = "") -> Classroom | str:
        """A new class; "often" or "full" where there can be none now."""
        with self._changed:
            if self._starts.reached(address):
                return "often"
            classroom = Classroom(lessons, self._clock)
            if len(self._classes) >= self._most or not self._capacity.admit(_visitor(classroom)):
                return "full"
            self._starts.count(address)
            self._classes[classroom.code] = classroom
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="classes", daemon=True)
                self._thread.start()
            self._changed.notify()
            return classroom

    def known(self, code: str) -> Classroom | None:
        """The class with this code, for one who has shown a token or key of it; anybody else asks `find`."""
        with self._changed:
            return self._classes.get(code)

    def find(self, text: str, address: str) -> Classroom | str:
        """The class of the code that somebody at this address has typed; "often" for a wrong one where the address, or
        all together, have tried too many, "ended" where it is over, "unknown" where there is none."""
        code = read_code(text)
        with self._changed:
            if code in self._ended:  # its members have to know, whoever tries codes beside them
                return "ended"
            # Neighbours who mistype, or try codes, keep nobody out: a thousand tries a second for as long as a class is
            # kept find one of twenty among 23⁹ codes with a chance of 1 in 12,500.
            if code in self._classes:
                return self._classes[code]
            if self._tries.reached(address):
                return "often"
        self._tries.count(address)
        return "unknown"

    def end(self, classroom: Classroom) -> None:
        """End a class: its guesses are gone."""
        with self._changed:
            if self._classes.pop(classroom.code, None) is not None:
                self._ended.append(classroom.code)
                self._capacity.release(_visitor(classroom))
        classroom.end()

    def expire(self) -> float | None:
        """End the classes of whose teacher there was no sign for too long; seconds until the next may be over."""
        with self._changed:
            classes, now = list(self._classes.values()), self._clock()
        for classroom in classes:
            if classroom.signed + self._kept <= now:
                self.end(classroom)
        left = [classroom.signed + self._kept - now for classroom in classes if not classroom.ended]
        return min(left, default=None)

    @property
    def _capacity(self) -> capacity.Capacity:
        return self._places or capacity.CAPACITY

    def _watch(self) -> None:
        """End each when its time is over."""
        while True:
            seconds = self.expire()
            with self._changed:
                if seconds is not None or not self._classes:
                    self._changed.wait(seconds)


def _visitor(classroom: Classroom) -> tuple[str, str]:
    """Key under which the class takes a place of the server."""
    return "class", classroom.code


CLASSES = Classes()
