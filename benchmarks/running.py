"""Long runs: flat memory, other threads that stay awake, two sessions side by side."""

import itertools
import os
import threading
import time
from statistics import median

from benchmarks.networks import trainer

UPDATES = 1_000_000
TICK = 0.01  # seconds
WATCHED = 6.0  # seconds of ticking
SOLO = 0.5  # seconds of a session's turn


def rows(rounds: int):
    """(what, measured, goal) for the table in docs/speed.md."""
    grown = memory_growth()
    if grown is not None:
        yield f"memory gained over {UPDATES:,} updates, RNN V32 H32 T25 B1", f"{grown / 1024:.0f} KiB", "none"
    for label, cell, hidden, batch in (("RNN", "rnn_tanh", 32, 1), ("LSTM", "lstm", 128, 50)):
        yield (
            f"a thread that ticks every 10 ms beside training, {label} H{hidden} B{batch}: p99",
            f"{1e3 * late_tick(trainer(cell, 65, hidden, 50, batch)):.1f} ms",
            "25 ms",
        )
    shares = two_sessions(rounds)
    yield "two sessions on two cores, pace of each to alone", " and ".join(f"{100 * s:.0f} %" for s in shares), "85 %"


def memory_growth() -> int | None:
    """Bytes that the process holds more after UPDATES updates, on Linux."""
    one = trainer("rnn_tanh", 32, 32, 25, 1)
    one.step(20_000)
    before = resident()
    for _ in range(UPDATES // 10_000):
        one.step(10_000)
    return None if before is None else resident() - before


def resident() -> int | None:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def late_tick(one) -> float:
    """The 99th percentile of the time between two ticks of a thread that sleeps 10 ms, while another one trains."""
    one.step(2)
    stop = threading.Event()
    thread = threading.Thread(target=train_until, args=(one, stop))
    thread.start()
    ticks = [time.perf_counter()]
    while ticks[-1] - ticks[0] < WATCHED:
        time.sleep(TICK)
        ticks.append(time.perf_counter())
    stop.set()
    thread.join()
    return sorted(b - a for a, b in itertools.pairwise(ticks))[int(0.99 * (len(ticks) - 1))]


def train_until(one, stop) -> int:
    done = 0
    while not stop.is_set():
        done += len(one.run(0.05).loss)
    return done


def two_sessions(rounds: int) -> list[float]:
    """Updates in a turn beside the other session to updates alone, each the median of the rounds."""
    sessions = [trainer("gru", 65, 64, 64, 16), trainer("lstm", 65, 64, 64, 16)]
    alone, together = [[], []], [[], []]
    for one in sessions:
        one.run(0.1)
    for _ in range(rounds):
        for i, one in enumerate(sessions):
            alone[i] += paces([one])
        for pace, kept in zip(paces(sessions), together, strict=True):
            kept.append(pace)
    return [median(b) / median(a) for a, b in zip(alone, together, strict=True)]


def paces(sessions) -> list[float]:
    """Updates a second of sessions that train at the same time, each in its thread."""
    done = [0.0] * len(sessions)

    def work(i):
        begin, end = time.perf_counter(), time.perf_counter() + SOLO
        while time.perf_counter() < end:
            done[i] += len(sessions[i].run(0.05).loss)
        done[i] /= time.perf_counter() - begin

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(sessions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done
