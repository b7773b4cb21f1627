"""python -m rnn_core.warmup [PROCESSES]: compile what the app needs into the cache on disk, with a line for each part.

What its first picture needs comes first. The kernels are shared out among the processes; each takes 0.4 GB.
"""

import argparse
import functools
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from numba import config

from rnn_core.cells import CELLS
from rnn_core.encoder_decoder.engine import updates
from rnn_core.kernels import cache
from rnn_core.kernels.cache import cache_directory
from rnn_core.kernels.engine import passes
from rnn_core.kernels.linking import compile_ahead, compile_what_was_left
from rnn_core.kernels.locks import lock
from rnn_core.kernels.parallel import passes_in_parts
from rnn_core.kernels.subnormals import flushing
from rnn_core.kernels.threads import CORES
from rnn_core.kernels.writing import writer
from rnn_core.tasks.speech import SpeechTask

FOLDER = Path(__file__).parents[1]  # where COMMAND finds this package
COMMAND = [sys.executable, "-m", "rnn_core.warmup"]
COMPLETE = "complete"  # a file in the cache: everything was compiled
CHECKED = ("rnn_tanh", "rnn_relu")  # cells whose gradients a lesson of the course checks by differences
LATER = 5  # niceness from the second part on: networks train by then
LOOK = 0.2  # seconds between two looks at whether the process that began this one is there


def parts() -> Iterator[tuple[str, Callable[[], object]]]:
    """(name, what compiles it), in order; in float32 but for the last."""
    first, *others = CELLS
    yield first, lambda: flushing(passes(first, "adam", "float32"))
    yield "writing", lambda: writer(first, "float32")
    for cell in others:
        yield cell, functools.partial(_train_and_write, cell)
    yield "several threads", lambda: passes_in_parts(first, "adam", "float32")
    yield "encoder-decoder", lambda: updates("lstm", "adam", "float32")  # the same code for every cell
    yield "speech", lambda: (passes("lstm", "adam", "float32", ctc=True), SpeechTask().utterance(0, "train"))
    yield "gradient check", lambda: [passes(cell, "adam", "float64") for cell in CHECKED]


def _train_and_write(cell: str) -> None:
    passes(cell, "adam", "float32")
    writer(cell, "float32")


def incomplete() -> bool:
    """Whether there is something to compile, and a place to keep it."""
    directory = cache_directory()
    if directory is None or config.DISABLE_JIT or not os.access(directory, os.W_OK):
        return False
    return not (directory / COMPLETE).exists()


def main(arguments: list[str] | None = None) -> int:
    """Compile what is missing; the exit code. Of several that are begun at once one does, and the others wait; where it
    takes longer than `lock` waits, they share it."""
    parser = argparse.ArgumentParser(prog="python -m rnn_core.warmup", description=(__doc__ or "").partition(": ")[2])
    parser.add_argument("processes", type=int, nargs="?", default=1, help="how many share it, at most one a core")
    parser.add_argument("--with", type=int, metavar="PID", dest="parent", help="end with this process, which began it")
    parser.add_argument("--helper", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.processes < 1:
        parser.error(f"processes is {asked.processes}; expected a whole number of at least 1")
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # LLVM may be at work: an exception would come late
    if asked.parent is not None:
        cache.LOG.setLevel(logging.ERROR)  # what cannot be kept, that process says
        threading.Thread(target=_end_with, args=(asked.parent,), daemon=True).start()
    if asked.helper:
        return 0 if _compile(lambda _said: None) else 1
    with lock("warmup"):
        if not incomplete():
            return 0
        _print(f"Compiling for this machine, once; kept in {cache_directory()}")
        helpers = _helpers(min(asked.processes, CORES) - 1)
        kept = _compile(_print)
        for helper in helpers:
            helper.wait()
        if kept:
            compile_what_was_left()
        directory = cache_directory()
        if directory is None or not cache.all_is_kept():
            return 1  # the next start looks again
        with suppress(OSError):
            (directory / COMPLETE).touch()
    return 0


def _helpers(count: int) -> list[subprocess.Popen[bytes]]:
    """So many processes that share the work, or fewer where there is no room for them."""
    started: list[subprocess.Popen[bytes]] = []
    with suppress(OSError):
        for _ in range(count):
            started.append(subprocess.Popen([*COMMAND, "--helper", "--with", str(os.getpid())]))
    return started


def _print(line: str) -> None:
    with suppress(OSError):  # nobody listens any more
        print(line, flush=True)


def _compile(say: Callable[[str], None]) -> bool:
    """Compile all parts but for the kernels that others are compiling, as long as they can be kept; whether they
    could."""
    compile_ahead()
    every = list(parts())
    for number, (name, compile_part) in enumerate(every, 1):
        begin = time.perf_counter()
        compile_part()
        if not cache.all_is_kept():
            return False
        say(f"[{number}/{len(every)}] {name}: {time.perf_counter() - begin:.1f} s")
        if number == 1 and hasattr(os, "nice"):
            os.nice(LATER)
    return True


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
