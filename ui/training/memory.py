"""One budget of memory for all visitors: networks, files that were uploaded, answers under way."""

import ctypes
import os
import threading
from collections import Counter
from collections.abc import Callable, Hashable
from functools import cached_property

from ui import environment
from ui.training.cgroup import limits

SHARE = 0.5  # of the machine's memory, where the variable says nothing: Python, compiled code and passes need some too
MEGABYTE = 2**20
NETWORKS = "networks"  # a kind


class Budget:
    """Bytes that were taken, by their kind and who took them. Every method may be called from any thread.

    limit : of all together; None: what the environment variable RNN_LAB_MEMORY says, else half of what the machine has.

    >>> budget = Budget(limit=100)
    >>> budget.take("network", "Ada", 60), budget.take("network", "Bo", 60), budget.take("network", "Ada", 30)
    (True, False, True)
    >>> budget.take("upload", "Bo", 60), budget.free, budget.used()
    (True, 10, {'network': 30, 'upload': 60})
    >>> budget.give_back("network", "Ada"); budget.free
    40
    """

    def __init__(self, limit: int | None = None):
        self._given = limit
        self._lock = threading.RLock()  # a finaliser may give back while its thread takes
        self._taken: dict[tuple[str, Hashable], int] = {}
        self._counted: dict[str, Callable[[], int]] = {}

    @cached_property
    def limit(self) -> int:
        """Bytes of all together. The environment is read when they are first asked for, and not while the server is
        imported: what is wrong in it is told before."""
        return (environment.memory() or _by_default()) * MEGABYTE if self._given is None else self._given

    def take(self, kind: str, owner: Hashable, size: int) -> bool:
        """Whether the owner may have so many bytes now, in the place of those it had. If not, nothing changes."""
        with self._lock:
            if size > max(self._taken.get((kind, owner), 0), self.room(kind, owner)):
                return False
            self._taken[kind, owner] = size
            return True

    def give_back(self, kind: str, owner: Hashable) -> None:
        """The owner has none of this kind any more; once is as good as twice."""
        with self._lock:
            self._taken.pop((kind, owner), None)

    def count(self, kind: str, size: Callable[[], int]) -> None:
        """Charge this kind with the bytes that `size` returns, whenever the budget is read."""
        self._counted[kind] = size

    def room(self, kind: str, owner: Hashable) -> int:
        """Bytes that the owner could have, with those that it has."""
        with self._lock:
            return max(0, self.free + self._taken.get((kind, owner), 0))

    @property
    def free(self) -> int:
        """Bytes that are left."""
        with self._lock:
            return self.limit - sum(self.used().values())

    def used(self) -> dict[str, int]:
        """Bytes by kind."""
        with self._lock:
            sizes: Counter[str] = Counter()
            for (kind, _owner), size in self._taken.items():
                sizes[kind] += size
            for kind, counted in self._counted.items():
                sizes[kind] += counted()
            return dict(sorted(sizes.items()))


def _by_default() -> int:
    """Megabytes where the environment names none."""
    return max(int(SHARE * machine()) // MEGABYTE, environment.LEAST_MEMORY)


def machine() -> int:
    """Bytes of memory that this process may use: the machine's, or its container's or unit's where that is less."""
    try:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        return 4096 * MEGABYTE
    return min([size, *limits()])


def hand_back() -> bool:
    """Give the system back what the C library keeps of memory that was freed; whether it had some. Elsewhere than with
    glibc nothing is done."""
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (AttributeError, OSError, TypeError):
        return False


BUDGET = Budget()
