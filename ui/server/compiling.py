"""Kernels that no start has compiled yet are compiled beside the server: the first picture comes sooner, and whatever
else a reader opens is ready."""

import logging
import os
import subprocess

from rnn_core import warmup
from rnn_core.kernels.cache import cache_directory
from rnn_core.kernels.locks import AVAILABLE
from rnn_core.kernels.threads import CORES
from ui.server.stopping import STOPPING
from ui.training.memory import MEGABYTE, SHARE, machine

LOG = logging.getLogger(__name__)
TAKES = 400 * MEGABYTE  # of memory, for a process
MOST = 4  # the largest kernel takes a quarter of the first part's time


def processes() -> int:
    """How many processes compile: one for each core that has memory for it, at least one."""
    return max(1, min(CORES, MOST, int(SHARE * machine()) // TAKES))


def begin() -> subprocess.Popen[bytes] | None:
    """Compile in other processes, which end with this one; None: there is nothing to compile."""
    directory = cache_directory()
    if directory is None or not AVAILABLE or not warmup.incomplete():
        return None
    try:
        return subprocess.Popen(
            [*warmup.COMMAND, str(processes()), "--with", str(os.getpid())],
            cwd=warmup.FOLDER,  # which need not be the server's
            env=os.environ | {"NUMBA_CACHE_DIR": str(directory.parent.resolve())},
            start_new_session=True,  # Ctrl-C in a terminal is for the server
        )
    except OSError:  # no memory, or too many processes
        LOG.warning("Kernels are compiled when they are first needed", exc_info=True)
        return None


def wait_for(compiling: "subprocess.Popen[bytes]") -> None:
    """Wait until they have compiled everything; say so where they could not."""
    code = compiling.wait()
    if code != 0 and not STOPPING.is_set():
        LOG.warning("Not every kernel was compiled (exit code %d): what is missing, when it is first needed", code)
