"""Values that a renderer keeps from frame to frame."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

Value = TypeVar("Value")

REMEMBERED = 64  # values


class Cache:
    """Values of earlier frames by name, so that nothing is computed twice, and little at once.

    >>> cache = Cache()
    >>> cache.recall("squares", 3, lambda: 9), cache.recall("squares", 3, lambda: 10)
    (9, 9)
    """

    def __init__(self) -> None:
        self._entries: dict[str, tuple[Any, Any, Any]] = {}  # name -> (key, kind, value), the last used last
        self._end = float("inf")
        self.late = False  # whether this frame has something older in it, for want of time

    def begin(self, patience: float) -> None:
        """A new frame, for which so many seconds may be spent on what can wait."""
        self._end, self.late = time.monotonic() + patience, False

    def recall(self, name: Any, key: Any, make: Callable[[], Value], kind: Any = None) -> Value:
        """Result of make() for this name and key, computed once.

        kind : where there is no time left, the value for another key of the same kind is good enough for now.
        """
        entry = self._entries.pop(name, None)
        if entry is None or entry[0] != key:
            if entry is not None and kind is not None and entry[1] == kind and time.monotonic() > self._end:
                self.late = True
            else:
                entry = (key, kind, make())
        return self._keep(name, entry)

    def widen(self, name: Any, key: Any, make: Callable[[Value | None], Value]) -> Value:
        """Result of make(previous): its last result for the same name and key, else None. For axes, which only grow.

        >>> cache = Cache()
        >>> [cache.widen("top", key, lambda top: max(5, top or 0) + 1) for key in (1, 1, 2)]
        [6, 7, 6]
        """
        entry = self._entries.pop(name, None)
        return self._keep(name, (key, None, make(entry[2] if entry is not None and entry[0] == key else None)))

    def _keep(self, name: Any, entry: tuple[Any, Any, Any]) -> Any:
        self._entries[name] = entry
        while len(self._entries) > REMEMBERED:
            del self._entries[next(iter(self._entries))]
        return entry[2]
