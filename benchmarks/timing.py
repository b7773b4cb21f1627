"""Times of calls that take turns, so that a slow phase of the machine hits them alike."""

import time
from collections.abc import Callable
from statistics import median

TURN = 0.05  # seconds a call is repeated for in a turn; at least once


def interleaved(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Seconds per call, the median of the rounds."""
    times = {name: [] for name in calls}
    repeats = {}
    for name, call in calls.items():
        call()  # compiles, fills the caches
        begin = time.perf_counter()
        call()
        repeats[name] = max(1, int(TURN / max(time.perf_counter() - begin, 1e-7)))
    for _ in range(rounds):
        for name, call in calls.items():
            begin = time.perf_counter()
            for _ in range(repeats[name]):
                call()
            times[name].append((time.perf_counter() - begin) / repeats[name])
    return {name: median(values) for name, values in times.items()}


def steps(trainer, rounds: int) -> float:
    """Seconds per training step, many of them in a call."""
    return steps_of({"": trainer}, rounds)[""]


def steps_of(trainers: dict, rounds: int) -> dict[str, float]:
    """Seconds per training step of trainers that take turns."""
    many = {}
    for name, trainer in trainers.items():
        trainer.step(2)  # compiles
        begin = time.perf_counter()
        trainer.step(3)
        many[name] = max(1, int(TURN / (time.perf_counter() - begin) * 3))
    calls = {name: lambda trainer=trainers[name], n=n: trainer.step(n) for name, n in many.items()}
    return {name: value / many[name] for name, value in interleaved(calls, rounds).items()}
