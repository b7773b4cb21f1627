"""Many people at once: so many threads train at a time, in turns, and so many people are let in at all.

A worker asks for a place before each slice of training. While there are places for all, everybody keeps theirs. When
there are not, whoever has had a turn goes to the end of the line and the first in line takes the place. Who comes, or
comes back after as long as everybody's turns take, goes before the line: a reader who has pressed Play sees soon that
something moves. A worker in line is not blocked: it waits for its next command, as it does when it is paused, and the
place arrives as a command.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator

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
        self._line: dict[Hashable, Callable[[], None]] = {}  # who waits, the first first: its wake
        self._fresh: dict[Hashable, Callable[[], None]] = {}  # the same of those who have just come
        self._favoured = 0  # places in succession that were given to these
        self._left: dict[Hashable, float] = {}  # who left not long ago: when

    def enter(self, key: Hashable, wake: Callable[[], None]) -> bool:
        """Whether `key` may train one slice now; if not, it is in line, and `wake` is called when it has a place.

        Call it before every slice: this is where a turn ends. `wake` comes from another thread and must not block.
        """
        called = None
        with self._lock:
            for line in (self._fresh, self._line):
                if key in line:
                    line[key] = wake
                    return False
            since = self._since.get(key)
            if key in self._since and since is not None:
                if not self.waiting or self._clock() - since < self._turn:
                    return True
                del self._since[key]  # the turn is over
            if key in self._since or (len(self._since) < self.places and not self.waiting):
                self._since[key] = self._clock()  # the first slice begins the turn: nobody loses a place before it
                return True
            fresh = since is None and self._has_been_away(key)
            (self._fresh if fresh else self._line)[key] = wake
            called = self._next()  # if it was this one that gave its place up
        _call(called)
        return False

    def leave(self, key: Hashable) -> None:
        """Give up the place, or the wait for one. Call it whenever training pauses, sleeps or ends."""
        with self._lock:
            self._line.pop(key, None)
            self._fresh.pop(key, None)
            if self._since.pop(key, None) is not None:
                self._left[key] = self._clock()
            called = self._next()
        _call(called)

    def place_of(self, key: Hashable) -> int:
        """How far `key` is from training: n for the n-th in line, 0 for whoever does not wait."""
        with self._lock:
            return next((n for n, waiting in enumerate(self._order(), 1) if waiting == key), 0)

    def cores_for_each(self) -> int:
        """Cores that each of those who train or wait can have to itself: at least one."""
        return max(1, self._cores // max(1, self._everybody))

    def spare_cores(self) -> int:
        """Cores that none of those who train or wait needs: at least one."""
        return max(1, self._cores - len(self._since) - self.waiting)

    @property
    def training(self) -> int:
        """How many have a place."""
        return len(self._since)

    @property
    def waiting(self) -> int:
        """How many are in line."""
        return len(self._line) + len(self._fresh)

    @property
    def _everybody(self) -> int:
        return len(self._since) + self.waiting

    def _has_been_away(self, key: Hashable) -> bool:
        """Whether it has had no turn for as long as everybody's turns take: who leaves for a moment gains nothing.
        Under the lock."""
        now, away = self._clock(), self._turn * (self._everybody + 1) / self.places
        self._left = {one: when for one, when in self._left.items() if now - when < away}
        return key not in self._left

    def _order(self) -> Iterator[Hashable]:
        """Everybody who waits, in the order in which places are given: those who have just come go first, but not so
        often in succession that somebody in line would have less than its share. Under the lock."""
        fresh, others, favoured = deque(self._fresh), deque(self._line), self._favoured
        while fresh or others:
            first = bool(fresh) and (not others or favoured < self._everybody)
            favoured = favoured + 1 if first else 0
            yield (fresh if first else others).popleft()

    def _next(self) -> Callable[[], None] | None:
        """Give a free place to the first who waits; its wake. Under the lock."""
        key = next(self._order(), None)
        if key is None or len(self._since) >= self.places:
            return None
        first = key in self._fresh
        self._favoured = self._favoured + 1 if first else 0
        self._since[key] = None
        return (self._fresh if first else self._line).pop(key)


def _call(wake: Callable[[], None] | None) -> None:
    """Wake somebody, outside the lock: what it does is not ours."""
    if wake is not None:
        wake()


# Of this server: as many networks train at a time as there are cores. A short turn keeps every picture moving.
SCHEDULER = Scheduler(places=max(2, CORES), turn=0.2, cores=CORES)
