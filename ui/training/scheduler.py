"""Many people at once: so many threads train at a time, in turns, and so many people are let in at all.

A worker asks for a place before each slice of training. While there are places for all, everybody keeps theirs. When
there are not, whoever has had a turn goes to the end of the line and the first in line takes the place. A worker in
line is not blocked: it waits for its next command, as it does when it is paused, and the place arrives as a command.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from rnn_core.kernels.threads import CORES


class Scheduler:
    """Places for training, and the line for them. Every method may be called from any thread and returns at once.

    places : how many may train at the same time. turn : seconds that a place is kept while others wait.
    clock : the time in seconds. cores : of the machine, to be shared out among those who train.

    >>> scheduler = Scheduler(places=1, turn=0.5)
    >>> scheduler.enter("Ada", lambda: print("Ada's turn")), scheduler.enter("Bo", lambda: print("Bo's turn"))
    (True, False)
    >>> scheduler.place_of("Ada"), scheduler.place_of("Bo"), scheduler.training, scheduler.waiting
    (0, 1, 1, 1)
    >>> scheduler.leave("Ada")
    Bo's turn
    >>> scheduler.enter("Bo", lambda: None), scheduler.place_of("Bo"), scheduler.waiting
    (True, 0, 0)
    """

    def __init__(self, places: int, turn: float, clock: Callable[[], float] = time.monotonic, cores: int = 1):
        if places < 1 or not turn >= 0:
            raise ValueError(f"places={places}, turn={turn}; there must be at least 1 place, and turn is in seconds")
        self.places, self._turn, self._clock, self._cores = places, turn, clock, cores
        self._lock = threading.Lock()
        self._since: dict[Hashable, float | None] = {}  # who has a place: since when it trains; None: not yet
        self._line: OrderedDict[Hashable, Callable[[], None]] = OrderedDict()  # who waits, the first first: its wake

    def enter(self, key: Hashable, wake: Callable[[], None]) -> bool:
        """Whether `key` may train one slice now; if not, it is in line, and `wake` is called when it has a place.

        Call it before every slice: this is where a turn ends. `wake` comes from another thread and must not block.
        """
        called = None
        with self._lock:
            if key in self._line:
                self._line[key] = wake
                return False
            since = self._since.get(key)
            if key in self._since and since is not None:
                if not self._line or self._clock() - since < self._turn:
                    return True
                del self._since[key]  # the turn is over
            if key in self._since or (len(self._since) < self.places and not self._line):
                self._since[key] = self._clock()  # the first slice begins the turn: nobody loses a place before it
                return True
            self._line[key] = wake
            called = self._next()  # if it was this one that gave its place up
        _call(called)
        return False

    def leave(self, key: Hashable) -> None:
        """Give up the place, or the wait for one. Call it whenever training pauses, sleeps or ends."""
        with self._lock:
            self._line.pop(key, None)
            self._since.pop(key, None)
            called = self._next()
        _call(called)

    def place_of(self, key: Hashable) -> int:
        """How far `key` is from training: n for the n-th in line, 0 for whoever does not wait."""
        with self._lock:
            return next((n for n, waiting in enumerate(self._line, 1) if waiting == key), 0)

    def cores_for_each(self) -> int:
        """Cores that each of those who train or wait can have to itself: at least one."""
        return max(1, self._cores // max(1, len(self._since) + len(self._line)))

    def spare_cores(self) -> int:
        """Cores that none of those who train or wait needs: at least one."""
        return max(1, self._cores - len(self._since) - len(self._line))

    @property
    def training(self) -> int:
        """How many have a place."""
        return len(self._since)

    @property
    def waiting(self) -> int:
        """How many are in line."""
        return len(self._line)

    def _next(self) -> Callable[[], None] | None:
        """Give a free place to the first in line; its wake. Under the lock."""
        if not self._line or len(self._since) >= self.places:
            return None
        key, wake = self._line.popitem(last=False)
        self._since[key] = None
        return wake


def _call(wake: Callable[[], None] | None) -> None:
    """Wake somebody, outside the lock: what it does is not ours."""
    if wake is not None:
        wake()


# Of this server: as many networks train at a time as there are cores. A short turn keeps every picture moving.
SCHEDULER = Scheduler(places=max(2, CORES), turn=0.2, cores=CORES)
