"""The commands that wait for a session's thread, in their order."""

import queue
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

MOST = 100  # commands that wait; a page that somebody uses has a few
Answer = TypeVar("Answer")
Command = tuple[Callable[..., None], tuple[Any, ...]]  # method, arguments
Fold = Callable[[Any, Any], tuple[Any, ...]]  # arguments of two commands -> of one that does for both


class Commands:
    """A queue of (method, arguments). Every method may be called from any thread.

    >>> commands = Commands()
    >>> for _press in range(3):
    ...     _accepted = commands.put(print, "reset", fold=lambda waiting, new: new)
    >>> commands.get(), len(commands)
    ((<built-in function print>, ('reset',)), 0)
    """

    def __init__(self) -> None:
        self._waiting: deque[Command] = deque()
        self._changed = threading.Condition()

    def put(self, method: Callable[..., None], *arguments: Any, fold: Fold | None = None) -> bool:
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

    def get(self, timeout: float | None = None) -> Command:
        """The next command; queue.Empty if there is none after `timeout` seconds. None: wait for one."""
        with self._changed:
            if not self._changed.wait_for(lambda: bool(self._waiting), timeout):
                raise queue.Empty
            return self._waiting.popleft()

    def __len__(self) -> int:
        return len(self._waiting)


def last(_waiting: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Fold: the new command replaces the same one that waits."""
    return new


def total(waiting: tuple[int], new: tuple[int]) -> tuple[int]:
    """Fold: as many times as both together."""
    return (waiting[0] + new[0],)


def answer(future: Future[Answer], function: Callable[[], Answer]) -> None:
    """Give a future the result of a function, or the exception that it raises; nothing if nobody waits any more."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(function())
    except Exception as error:
        future.set_exception(error)
