"""Helper threads for the training of one network: created once, shared by all networks, asleep while no update runs.

A compiled call on several threads is one call on each, with the same arguments; see `rnn_core.kernels.parallel`. The
caller's thread does whatever the others do not: a helper that is late, that the system has no thread for or that is
busy elsewhere costs time, never the result.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numba import config

from rnn_core.kernels.arguments import Crew
from rnn_core.kernels.parallel import FAILED, UPDATES, WORDS
from rnn_core.parameters import Shape

MIN_WORK = 2_000_000  # multiplications of an update for each thread, below which another one does not pay
ROWS = 8  # of a tile of the products: what remains of a part costs about twice as much a row


QUOTA = Path("/sys/fs/cgroup/cpu.max")  # "200000 100000": 200 ms of processor time in every 100 ms; "max 100000"


def usable_cores(quota: Path = QUOTA) -> int:
    """Cores that this process may use, and that its container may keep busy; at least one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        granted, period = quota.read_text("ascii").split()
        return max(1, min(cores, int(granted) // int(period)))
    except (OSError, ValueError):  # none, or no bound
        return cores


CORES = usable_cores()


class Pool:
    """The helpers, created when first needed. A process that was forked has none of its parent's, and makes its own.

    size : number of helpers at most; more than there are cores do not help.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        self._executor = ThreadPoolExecutor(self.size, thread_name_prefix="rnn_core")

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any] | None:
        """The call's future; None where the system gives no thread, or the interpreter is about to end."""
        try:
            return self._executor.submit(function, *arguments)
        except RuntimeError:
            return None


POOL = Pool(max(1, CORES - 1))


def run_together(compiled: Callable[..., Any], arguments: Sequence[Any], edges: np.ndarray, threads: int) -> int:
    """Number of updates that `compiled`, from `passes_in_parts`, has made with the help of threads - 1 others.

    arguments : all but the last one. edges : of the parts of the batch, from `parts_of`.
    What is raised on any of the threads ends the call on all of them, and is raised here.
    """
    words = np.zeros(WORDS, np.int64)
    arguments = (*arguments, Crew(words, edges, threads))
    helpers = 0 if config.DISABLE_JIT else min(threads - 1, POOL.size)
    futures = [POOL.submit(_help, compiled, arguments, words) for _ in range(helpers)]
    try:
        _help(compiled, arguments, words)
    finally:  # no helper may still be inside when this returns: those that have not begun never will
        errors = [future.exception() for future in futures if future is not None and not future.cancel()]
    for error in errors:
        if error is not None:
            raise error
    return int(words[UPDATES])


def _help(compiled: Callable[..., Any], arguments: Sequence[Any], words: np.ndarray) -> None:
    try:
        compiled(*arguments)
    except BaseException:
        words[FAILED] = 1
        raise


def threads_that_pay(shape: Shape, steps: int, batch: int, threads: int) -> int:
    """Number of these threads that are worth their while for an update of a network on so many steps and sequences.

    It takes about three multiplications for each weight, step and sequence. One sequence keeps to one thread.
    """
    width, stacks = shape.directions * shape.hidden, shape.layers * shape.directions
    recurrent = shape.rows * (stacks * shape.hidden + (stacks - shape.directions) * width)
    work = 3 * batch * (steps * recurrent + (steps if shape.every else 1) * width * shape.outputs)
    return max(1, min(threads, work // MIN_WORK)) if batch > 1 else 1


def parts_of(batch: int, threads: int) -> np.ndarray:
    """Edges of each thread's part of a batch: whole tiles, what is left dealt out.

    >>> parts_of(50, 2).tolist(), parts_of(12, 2).tolist(), parts_of(3, 8).tolist()
    ([0, 25, 50], [0, 8, 12], [0, 1, 2, 3])
    """
    count = min(threads, batch)
    tiles, rest = divmod(batch, ROWS)
    sizes = [ROWS * (tiles // count + (i < tiles % count)) for i in range(count)]
    for _ in range(rest):
        sizes[sizes.index(min(sizes, key=lambda size: size + size % ROWS))] += 1
    return np.cumsum([0, *sizes])
