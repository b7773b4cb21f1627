"""Sweeps: two hundred short trials here and on one and two workers, and simulated on more from what each took."""

import heapq
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from benchmarks.networks import trainer
from benchmarks.process import ROOT
from ui.environment import SCHEDULER
from ui.training.executor.cluster import Cluster
from ui.training.executor.executor import Call, Executor

TRIALS = 200
UPDATES = 3000  # of a trial: tens of milliseconds
WORKERS, SIMULATED = (1, 2), (8, 64)


def trial(seed: int):
    """One trial, as short as they get: RNN Lab's smallest network."""
    one = trainer("gru", 32, 32, 25, 1, seed=seed)
    for _ in range(4):
        one.step(UPDATES // 4)
        yield one.update / UPDATES
    return one.evaluate()


def nothing(_seed: int):
    """A trial that takes no time."""
    yield 1.0
    return 0.0


def rows(rounds: int):
    """(what, measured, to one worker) for the table in docs/speed.md; the rounds are the trials."""
    _all, seconds, _each = timed(Executor(time.thread_time, cluster=lambda: None), trial)
    yield f"{TRIALS} trials in the app, one after the other", f"{seconds:.2f} s", ""
    alone, empty, each = 0.0, 0.0, []
    for workers in WORKERS:
        with cluster(workers) as there:
            timed(Executor(cluster=lambda there=there: there), trial)  # kernels are loaded
            results, seconds, each = timed(Executor(cluster=lambda there=there: there), trial)
            empty = timed(Executor(cluster=lambda there=there: there), nothing)[1] / TRIALS
        if results != _all:
            raise ValueError(f"on {workers} workers the trials gave other numbers than in the app")
        alone = alone or seconds
        yield f"on {counted(workers)}", f"{seconds:.2f} s", f"{alone / seconds:.2f}×"
        spent = 1e3 * (workers * seconds - sum(each)) / TRIALS
        yield f"on {counted(workers)}, a worker's time beyond the training, per trial", f"{spent:.1f} ms", ""
    yield f"an empty trial on {counted(workers)}, of {TRIALS}", f"{1e3 * empty:.1f} ms", ""
    first = simulated(each, 1, empty)
    for workers in SIMULATED:
        seconds = simulated(each, workers, empty)
        yield f"simulated: {counted(workers)}", f"{seconds:.2f} s", f"{first / seconds:.1f}×"


def counted(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"


def timed(executor: Executor, function) -> tuple[dict[int, float], float, list[float]]:
    """Result of every trial, seconds for all of them, and the seconds of each."""
    begin = time.perf_counter()
    done = list(executor.run({seed: Call(function, (seed,)) for seed in range(TRIALS)}))
    seconds = time.perf_counter() - begin
    return {one.key: one.result for one in done}, seconds, [one.seconds for one in done]


@contextmanager
def cluster(workers: int) -> Iterator[Cluster]:
    """A scheduler with so many workers on this machine, and the connection to it."""
    command = [sys.executable, "-m", "ui.training.executor", str(workers), "0"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().split(f"{SCHEDULER}=")[1].split()[0]
            with closing(Cluster(address)) as there:
                there.connected.wait()
                yield there
        finally:
            process.terminate()


def simulated(seconds: list[float], workers: int, handing: float) -> float:
    """Seconds until the last of these trials has ended. Each goes to the first worker that is free, and the scheduler
    hands out one after the other.

    >>> simulated([3.0, 1.0, 1.0, 1.0], workers=2, handing=0.0), simulated([1.0] * 4, workers=4, handing=0.5)
    (3.0, 3.0)
    """
    free, clock = [0.0] * workers, 0.0
    for each in seconds:
        clock += handing
        heapq.heapreplace(free, max(clock, free[0]) + each)
    return max(free)
