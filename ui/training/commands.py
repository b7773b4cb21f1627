"""The commands that wait for a session's thread, in their order."""

import queue
import threading
from collections import deque
from collections.abc import Callable

MOST = 100  # commands that wait; a page that somebody uses has a few


class Commands:
    """A queue of (method, arguments). Every method may be called from any thread.

    >>> commands = Commands()
    >>> for _press in range(3):
    ...     _accepted = commands.put(print, "reset", fold=lambda waiting, new: new)
    >>> commands.get(), len(commands)
    ((<built-in function print>, ('reset',)), 0)
    """

    def __init__(self):
        self._waiting: deque[tuple[Callable, tuple]] = deque()
        self._changed = threading.Condition()

    def put(self, method: Callable, *arguments, fold: Callable | None = None) -> bool:
        """Whether the command waits now; not if too many do.

        fold : makes one command's arguments of those of the last one that waits and the new one's, if it is the same.
        """
        with self._changed:
            if fold and self._waiting and self._waiting[-1][0] == method:
                self._waiting[-1] = method, fold(self._waiting[-1][1], arguments)
                return True
            if fold and len(self._waiting) >= MOST:
                return False
            self._waiting.append((method, arguments))
            self._changed.notify()
            return True

    def get(self, timeout: float | None = None) -> tuple[Callable, tuple]:
        """The next command; queue.Empty if there is none after `timeout` seconds. None: wait for one."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting, timeout):
                raise queue.Empty
            return self._waiting.popleft()

    def __len__(self) -> int:
        return len(self._waiting)


def last(_waiting: tuple, new: tuple) -> tuple:
    """Fold: the new command replaces the same one that waits."""
    return new


def total(waiting: tuple, new: tuple) -> tuple:
    """Fold: as many times as both together."""
    return (waiting[0] + new[0],)
