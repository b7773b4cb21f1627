"""The end of this server: open pages are told and fetch their newest network, whoever waits for something new waits no
longer, and it ends within ten seconds, whoever is still there."""

import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from ui.training.named import sessions

STOPPING = threading.Event()
GRACE = 4.0  # seconds that open pages have to fetch their networks; until then every request is answered
PATIENCE = 5.0  # seconds that visitors have to take their last answers then; it stops without them
POLL = 0.02
HEADER = {"x-stopping": "1"}  # of answers meanwhile

_over = threading.Event()  # no page fetches its network any more
_fetched: set[str] = set()  # keys of sessions whose page has its newest network


def note_fetched(key: str) -> None:
    """The page of this session has its newest network."""
    if STOPPING.is_set():
        _fetched.add(key)


def watch() -> None:
    """Set STOPPING on a signal to end, before its present handler runs. Called by the main thread."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _also(signal.getsignal(number)))


def _also(before: Any) -> Callable[[int, FrameType | None], None]:
    def stop(number: int, stack: FrameType | None) -> None:
        if not STOPPING.is_set():
            STOPPING.set()
            threading.Thread(target=_wait_for_pages, args=(number,), name="stopping", daemon=True).start()
        elif (_over.is_set() or number == signal.SIGINT) and callable(before):
            before(number, stack)

    return stop


def _wait_for_pages(number: int) -> None:
    """Let the server go on until every page that somebody looks at has its network; then let it end."""
    end = time.monotonic() + GRACE
    while time.monotonic() < end and any(_has_something(session) for session in sessions()):
        time.sleep(POLL)
    _over.set()
    last = threading.Timer(PATIENCE, os._exit, [0])
    last.daemon = True
    last.start()
    os.kill(os.getpid(), number)


def _has_something(session: Any) -> bool:
    return session.looked_at and session.key not in _fetched
