"""python -m rnn_core.warmup [PROCESSES]: compile what the app needs into the cache on disk, with a line for each part.

What its first picture needs comes first. The kernels are shared out among the processes; each takes 0.4 GB.
"""

import argparse
import functools
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
from rnn_core.kernels.cache import cache_directory
from rnn_core.kernels.engine import passes
from rnn_core.kernels.linking import compile_ahead
from rnn_core.kernels.locks import lock
from rnn_core.kernels.parallel import passes_in_parts
from rnn_core.kernels.subnormals import flushing
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
    return directory is not None and not config.DISABLE_JIT and not (directory / COMPLETE).exists()


def main(arguments: list[str] | None = None) -> int:
    """Compile what is missing; the exit code. Of several that are begun at once one does, and the others wait."""
    parser = argparse.ArgumentParser(prog="python -m rnn_core.warmup", description=(__doc__ or "").partition(": ")[2])
    parser.add_argument("processes", type=int, nargs="?", default=1, help="how many share it")
    parser.add_argument("--with", type=int, metavar="PID", dest="parent", help="end with this process, which began it")
    parser.add_argument("--helper", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # LLVM may be at work: an exception would come late
    if asked.parent is not None:
        threading.Thread(target=_end_with, args=(asked.parent,), daemon=True).start()
    if asked.helper:
        _compile(lambda _said: None)
        return 0
    with lock("warmup"):
        if not incomplete():
            return 0
        print(f"Compiling for this machine, once; kept in {cache_directory()}", flush=True)
        helper = [*COMMAND, "--helper", "--with", str(os.getpid())]
        helpers = [subprocess.Popen(helper) for _ in range(asked.processes - 1)]
        _compile(lambda said: print(said, flush=True))
        if any([each.wait() for each in helpers]):
            return 1
        directory = cache_directory()
        assert directory is not None  # as `incomplete` says
        with suppress(OSError):  # a full disk: the next start looks again
            (directory / COMPLETE).touch()
    return 0


def _compile(say: Callable[[str], None]) -> None:
    """Compile all parts but for the kernels that others are compiling."""
    compile_ahead()
    every = list(parts())
    for number, (name, compile_part) in enumerate(every, 1):
        begin = time.perf_counter()
        compile_part()
        say(f"[{number}/{len(every)}] {name}: {time.perf_counter() - begin:.1f} s")
        if number == 1 and hasattr(os, "nice"):
            os.nice(LATER)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
