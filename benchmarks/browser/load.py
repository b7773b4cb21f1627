"""Many visitors, of whom some train at full speed: a real browser among light visitors (crowd.py)."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median

from streamlit import config

from benchmarks.browser import reaction
from benchmarks.browser.figures import Figures, Row
from benchmarks.browser.serving import ROOT, Server, end
from benchmarks.browser.visit import FULL_SPEED, Visit
from ui.training.departed import KEPT

CROWDS = {"load": (20, 8), "forty": (40, 15)}  # visitors, and how many of them train: the browser is one of these
SETTLE = 0.6  # seconds for each until everybody has arrived and those who pause do
WATCHED = 16  # seconds in which updates are counted
ACTIONS = {"rate_by_mouse": 40, "pause_and_play": 20}
LIMIT = 1000  # milliseconds of the 95th percentile
STARVED = 0.5  # fewest updates of a session as a share of the most
REMAINS = 150  # megabytes, at most


def measure(browser, name: str) -> Figures:
    """The load of one of the crowds, and the memory before, during and after it."""
    visitors, training = CROWDS[name]
    who, figures = f"{visitors} visitors", Figures()
    with Server() as server:
        server.settle()
        memory = {"before anybody came": server.memory()}
        call(browser, server)
        memory["after the first visit"] = server.memory()
        with crowd(server.url, training - 1, visitors - training) as ask, Visit(browser) as visit:
            visit.go(f"{server.url}/{FULL_SPEED}")
            time.sleep(SETTLE * visitors)
            count(figures, ask, visit, server, training - 1, who)
            memory[f"with {who}"] = server.memory()
            felt = reaction.measure(visit, ACTIONS, LIMIT, f", {who}, {training} training")
            lost = [error for _updates, _pictures, error, *_more in ask() if error]
            memory[f"with {who}, later"] = server.memory()
        figures.rows += felt.rows
        figures.remarks += felt.remarks
        figures.single |= {"reaction": felt.single, "memory": memory}
        told = f"{len(lost)} {lost[:1] or ''}"
        figures.rows.append(Row(f"light visitors that lost the server, {who}", told, "0", not lost))
        time.sleep(max(time_to_live(), KEPT) + 15)
        memory["after they have left"] = server.memory()
        call(browser, server)
        memory["after one visit more"] = server.memory()
    first, last = memory["before anybody came"], memory["after one visit more"]
    measured = f"{last - first:+.0f} MB ({last - memory['after the first visit']:+.0f} MB since the first visit)"
    figures.below(f"memory kept after the load, {who}", last - first, REMAINS, measured, f"≤ {REMAINS} MB")
    figures.note(f"memory of the server, {who}", "; ".join(f"{name} {size:.0f} MB" for name, size in memory.items()))
    return figures


def call(browser, server) -> None:
    """A short visit."""
    with Visit(browser) as visit:
        visit.go(f"{server.url}/{FULL_SPEED}")
        time.sleep(3)
    time.sleep(2)


def count(figures, ask, visit, server, light: int, who: str) -> None:
    """Measure how those who train share the machine, so many light visitors and the browser."""
    before, own, cpu = ask(), visit.updates(), server.cpu_seconds()
    time.sleep(WATCHED)
    after, own, cpu = ask(), visit.updates() - own, server.cpu_seconds() - cpu
    updates = [late[0] - early[0] for early, late in zip(before, after, strict=True)]
    pictures = [late[1] - early[1] for early, late in zip(before, after, strict=True)]
    training, paused = [*updates[:light], own], updates[light:]
    share = min(training) / max(training)
    measured = (
        f"{share:.2f} (updates per second: {min(training) / WATCHED:,.0f} to {max(training) / WATCHED:,.0f}, the "
    )
    measured += f"browser's {own / WATCHED:,.0f}; all {sum(training) / WATCHED:,.0f})"
    what = f"fewest to most updates of those who train, {who}"
    figures.rows.append(Row(what, measured, f"≥ {STARVED}", share >= STARVED))
    seen = [number / WATCHED for number in pictures[:light]]
    spread = f"{min(seen):.1f} to {max(seen):.1f}, median {median(seen):.1f}"
    figures.note(f"pictures per second of those who train, {who}", spread)
    figures.note(f"updates of those who have paused, {who}", f"{sum(paused)}")
    figures.note(f"processor time of the server, {who}", f"{cpu / WATCHED:.2f} cores")
    figures.single |= {"updates": updates, "pictures": pictures, "browser": own}


@contextmanager
def crowd(url: str, training: int, paused: int):
    """The light visitors, by what they do; the value is a function that returns [updates, pictures, error] of each."""
    command = [sys.executable, "-m", "benchmarks.browser.crowd", url, str(training), str(paused)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask():
        process.stdin.write("\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    try:
        yield ask
    finally:
        end(process)
        process.stdin.close()
        process.stdout.close()


def time_to_live() -> int:
    """Seconds for which the server keeps the session of a visitor who has left."""
    return config.get_option("server.disconnectedSessionTTL")
