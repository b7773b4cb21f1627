"""Presence of a visitor: the place of the server that it takes, and the thread that works for it."""

import secrets
import threading
import time

from ui.training.capacity import CAPACITY as CAPACITY

LOOKED_AT = 2.0  # seconds after which a page that asked for no picture is not looked at


class Presence:
    """A thread as long as somebody is there.

    Those who inherit say what it does (`_work`) and what wakes it (`_wake`).
    """

    def __init__(self) -> None:
        self.key = secrets.token_urlsafe(16)
        self.visitor = self.key  # who takes a place of the server
        self.set_aside = False  # whether it trained until another of its tab's began to
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._watched = False  # whether Streamlit will say when the browser has gone
        self._gone = threading.Event()
        self._seen = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether there is a thread."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def present(self) -> bool:
        """Whether there is a thread that goes on."""
        return self.alive and not self._gone.is_set()

    @property
    def watched(self) -> bool:
        """Whether a run of the page's script has started the thread, so that its end is seen to."""
        return self.present and self._watched

    @property
    def looked_at(self) -> bool:
        """Whether a page shows it now."""
        return self.present and self._unseen < LOOKED_AT

    def seen(self) -> None:
        """Somebody looks at it now."""
        self._seen = time.monotonic()

    @property
    def _unseen(self) -> float:
        """Seconds since somebody looked."""
        return time.monotonic() - self._seen

    def enter(self) -> None:
        """Somebody is there who will `leave`: let there be a thread."""
        with self._lock:
            self._watched = True
            self._start()

    def resume(self) -> bool:
        """Whether somebody who asks for it finds it at work: where a lost connection has ended the thread, it starts
        again, if the server has a place. Nobody will tell when they go, so this one ends a minute after the last look.
        """
        with self._lock:
            if not self.present:
                if not self.admit(self.visitor):
                    return False
                self._watched = False
            self._start()
        return True

    def _start(self) -> None:
        """Start the thread unless there is one. Under the lock."""
        self.seen()
        if not self.present:
            before, self._gone = self._thread, threading.Event()
            self._thread = threading.Thread(target=self._work, args=(before, self._gone), name="training", daemon=True)
            self._thread.start()

    def admit(self, visitor: str) -> bool:
        """Whether the server has a place for this visitor, who may have other sessions; it is taken until `leave`."""
        self.visitor = visitor
        return CAPACITY.admit(visitor, self.key)

    def leave(self) -> None:
        """Nobody is there any more: the thread ends after its slice; the network stays, to go on later."""
        with self._lock:
            self._gone.set()
            CAPACITY.release(self.visitor, self.key)
        self._wake()

    def _work(self, before: threading.Thread | None, gone: threading.Event) -> None:
        """Wait for the end of the thread `before`, then work until `gone` is set."""
        raise NotImplementedError

    def _wake(self) -> None:
        """Have the thread see whether it should end."""
        raise NotImplementedError
