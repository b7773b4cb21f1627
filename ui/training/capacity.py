"""How many visitors a server admits at all."""

import threading
from collections.abc import Hashable

from ui import environment


class Capacity:
    """How many visitors the server admits: browser tabs, whatever pages they open. A visitor has a place as long as one
    of the networks does that were admitted for it.

    limit : so many; None: what the environment variable RNN_LAB_SESSIONS says, else 64.

    >>> capacity = Capacity(limit=1)
    >>> capacity.admit("Ada"), capacity.admit("Ada"), capacity.admit("Bo")
    (True, True, False)
    >>> capacity.release("Ada")
    >>> capacity.admit("Bo", "one network"), capacity.admit("Bo", "another"), capacity.admitted
    (True, True, 1)
    >>> capacity.release("Bo", "one network")
    >>> capacity.admitted
    1
    """

    def __init__(self, limit: int | None = None):
        self.limit = environment.sessions() if limit is None else limit
        if self.limit < 1:
            raise ValueError(f"limit is {self.limit}; a server admits at least 1 visitor")
        self._lock = threading.Lock()
        self._networks: dict[Hashable, set[Hashable]] = {}  # of each visitor

    def admit(self, visitor: Hashable, network: Hashable = None) -> bool:
        """Whether the visitor may stay; one that was admitted is admitted again."""
        with self._lock:
            if self._full_for(visitor):
                return False
            self._networks.setdefault(visitor, set()).add(network)
            return True

    def full_for(self, visitor: Hashable) -> bool:
        """Whether the visitor would be refused."""
        with self._lock:
            return self._full_for(visitor)

    def _full_for(self, visitor: Hashable) -> bool:
        return visitor not in self._networks and len(self._networks) >= self.limit

    def release(self, visitor: Hashable, network: Hashable = None) -> None:
        """The visitor's network has ended; once is as good as twice."""
        with self._lock:
            networks = self._networks.get(visitor, set())
            networks.discard(network)
            if not networks:
                self._networks.pop(visitor, None)

    @property
    def admitted(self) -> int:
        """How many visitors there are."""
        return len(self._networks)


CAPACITY = Capacity()
