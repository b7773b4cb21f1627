"""Rate limits: so many times within a window of time, from one address and from all together."""

import ipaddress
import threading
import time
from collections import Counter, deque
from collections.abc import Callable


class RateLimit:
    """Counts what an address has done lately; an IPv6 address counts with its neighbours of the same /64.

    of_one, of_all : so many times within `window` seconds. clock : the time in seconds.

    >>> limit = RateLimit(of_one=2, of_all=3, window=60)
    >>> limit.count("10.0.0.1"), limit.count("10.0.0.1"), limit.reached("10.0.0.1"), limit.reached("10.0.0.2")
    (None, None, True, False)
    """

    def __init__(self, of_one: int, of_all: int, window: float, clock: Callable[[], float] = time.monotonic):
        self._of_one, self._of_all, self._window, self._clock = of_one, of_all, window, clock
        self._lock = threading.Lock()
        self._times: deque[tuple[float, str]] = deque(maxlen=of_all)  # the oldest first
        self._counts: Counter[str] = Counter()

    def reached(self, address: str) -> bool:
        """Whether the address, or all together, have done it as often as they may."""
        with self._lock:
            self._forget()
            return len(self._times) >= self._of_all or self._counts[network_of(address)] >= self._of_one

    def count(self, address: str) -> None:
        """The address has done it once more."""
        with self._lock:
            self._forget()
            if len(self._times) < self._of_all:
                self._times.append((self._clock(), network_of(address)))
                self._counts[network_of(address)] += 1

    def _forget(self) -> None:
        """Forget what was before the window. Under the lock."""
        since = self._clock() - self._window
        while self._times and self._times[0][0] <= since:
            _time, network = self._times.popleft()
            self._counts[network] -= 1
            if not self._counts[network]:
                del self._counts[network]


def network_of(address: str) -> str:
    """The address, or the network of one IPv6 address, of which one household has all.

    >>> network_of("2001:db8::1") == network_of("2001:db8::2"), network_of("10.0.0.1"), network_of("")
    (True, '10.0.0.1', '')
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{known}/64", strict=False)) if known.version == 6 else address
