"""Browser tabs that are open, and what is kept of those that were left: for some minutes, in case they come back.

A reload ends Streamlit's session and begins another one. The browser has kept the tab's key, which nobody else knows,
and gets for it the networks and settings that were there.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

KEPT = 300.0  # seconds: the field for one's own text says so
LONGEST_RUN = 6.0  # seconds that a run of the script is waited for after its tab was left
MOST = 256 * 2**20  # bytes that tabs which were left may hold together, roughly


@dataclass
class Tab:
    """Contents of a tab: its sessions and its settings, by name."""

    sessions: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    left: float | None = None  # when it was
    runs: int = 0  # of its script that are under way: what they change is not noted yet

    @property
    def size(self) -> int:
        """Bytes, roughly: networks, texts, and a recording."""
        texts = sum(len(value) for value in self.values.values() if isinstance(value, str))
        sounds = sum(len(value) for value in self.values.values() if isinstance(value, bytes))
        return sum(session.size for session in self.sessions.values()) + 4 * texts + sounds


class Tabs:
    """Tabs by their keys. Every method may be called from any thread and returns at once.

    kept : seconds that a tab is kept after it was left. most : bytes that all of those hold; the first left goes first.
    forgotten : called when tabs have been forgotten because their time was over.

    >>> tabs = Tabs(kept=60)
    >>> tabs.enter("key"), tabs.begin("key"), tabs.leave("key"), tabs.take("key")
    (None, None, None, None)
    >>> tabs.note("key", {}, {"cell": "gru"}), tabs.end("key")
    (None, None)
    >>> tabs.take("another"), tabs.take("key").values, tabs.take("key")
    (None, {'cell': 'gru'}, None)
    """

    def __init__(self, kept: float = KEPT, most: int = MOST, forgotten: Callable[[], None] = lambda: None):
        self._kept, self._most, self._forgotten = kept, most, forgotten
        self._tabs: dict[str, Tab] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def enter(self, key: str) -> None:
        """A page of this tab is open."""
        with self._changed:
            self._tabs.setdefault(key, Tab()).left = None

    def begin(self, key: str) -> None:
        """A run of the script of a known tab begins."""
        with self._changed:
            if key in self._tabs:
                self._tabs[key].runs += 1

    def note(self, key: str, sessions: dict[str, Any], values: dict[str, Any]) -> None:
        """Present contents of a known tab."""
        with self._changed:
            if key in self._tabs:
                self._tabs[key].sessions, self._tabs[key].values = sessions, values

    def end(self, key: str) -> None:
        """A run of the script of a known tab has ended."""
        with self._changed:
            if key in self._tabs:
                self._tabs[key].runs = max(0, self._tabs[key].runs - 1)

    def leave(self, key: str) -> None:
        """No page of this tab is open any more."""
        with self._changed:
            if key not in self._tabs:
                return
            tab = self._tabs.pop(key)
            tab.left = time.monotonic()
            self._tabs[key] = tab  # the last that was left is the last here
            while len(left := self._left()) > 1 and sum(self._tabs[key].size for key in left) > self._most:
                del self._tabs[next(iter(left))]
            if self._thread is None:
                self._thread = threading.Thread(target=self._forget, name="tabs", daemon=True)
                self._thread.start()
            self._changed.notify()

    def take(self, key: str) -> Tab | None:
        """Contents of a tab that was left, for whoever knows its key; None where there is no such tab, or a page still
        uses it, that of the tab that this one was made a copy of, or its script may still change something."""
        with self._changed:
            tab = self._tabs.get(key)
            if tab is None or tab.left is None or (tab.runs and time.monotonic() < tab.left + LONGEST_RUN):
                return None
            if any(session.looked_at for session in tab.sessions.values()):
                return None
            return self._tabs.pop(key)

    def holds(self, key: str) -> bool:
        """Whether there is such a tab, open or left."""
        with self._changed:
            return key in self._tabs

    def drop(self, key: str) -> None:
        """Forget a tab at once."""
        with self._changed:
            self._tabs.pop(key, None)

    def _left(self) -> dict[str, float]:
        """Key -> time of those that were left, the first first."""
        return {key: tab.left for key, tab in self._tabs.items() if tab.left is not None}

    def _forget(self) -> None:
        """Forget each when its time is over."""
        while True:
            with self._changed:
                left, now = self._left(), time.monotonic()
                over = [key for key, since in left.items() if since + self._kept <= now]
                for key in over:
                    del self._tabs[key]
                if not over:
                    self._changed.wait(min(left.values()) + self._kept - now if left else None)
            if over:
                self._forgotten()
