"""Which process compiles a kernel: of several that start at once one does, and the others load what it has kept."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rnn_core.kernels.cache import cache_directory

try:
    import fcntl
except ImportError:  # Windows: each compiles for itself
    fcntl = None  # type: ignore[assignment]


@contextmanager
def lock(name: str, wait: bool = True) -> Iterator[bool]:
    """The lock of this name, of all processes that keep kernels in the same directory; yields whether it is held. That
    of a process that dies is free.

    wait : until nobody else holds it; else it is left to whoever does.
    """
    file = None
    if fcntl is not None and (directory := cache_directory()) is not None:
        with suppress(OSError):
            file = os.open(directory / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    if file is None:  # nothing is kept, or nothing can be
        yield True
        return
    try:
        yield _locked(file, wait)
    finally:
        os.close(file)


def _locked(file: int, wait: bool) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
