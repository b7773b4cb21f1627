"""Which process compiles a kernel: of several that start at once one does, and the others load what it has kept."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rnn_core.kernels.cache import cache_directory

try:
    import fcntl
except ImportError:  # Windows: each compiles for itself
    AVAILABLE = False
else:
    AVAILABLE = True

PATIENCE = 30.0  # seconds: a kernel takes a few; whoever holds its lock longer has been stopped
LOOK = 0.02  # seconds between two looks whether it is free


@contextmanager
def lock(name: str, wait: bool = True) -> Iterator[bool]:
    """The lock of this name, of all processes that keep kernels in the same directory; yields whether what it stands
    for is to be done here. That of a process that dies is free.

    wait : until nobody else holds it, but no longer than PATIENCE; else it is left to whoever does.
    """
    file = None
    if AVAILABLE and (directory := cache_directory()) is not None:
        with suppress(OSError):
            file = os.open(directory / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    if file is None:  # nothing is kept, or nothing can be
        yield True
        return
    try:
        yield _locked(file, wait)
    finally:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)  # a process that was forked meanwhile has the file, too
        os.close(file)


def _locked(file: int, wait: bool) -> bool:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if not wait or time.monotonic() > end:
                return wait
        except OSError:  # a file system without locks
            return True
        time.sleep(LOOK)
