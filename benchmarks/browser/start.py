"""Time from the start of the server until a page shows something.

The browser is open before the server is started, with empty caches, and opens the page as soon as the health endpoint
answers. Cold: with an empty folder for Numba's kernels.
"""

import subprocess
import sys
import tempfile
from statistics import median

from benchmarks.browser.figures import Figures
from benchmarks.browser.serving import ROOT, Server
from benchmarks.browser.visit import Visit

WARM, COLD = 5, 2  # starts
LIMITS = {"first paint, warm": 3, "first live frame, warm": 2.5, "first live frame, cold": 8}  # seconds
# Seconds since 1970 of what happened in the page.
TIMES = """() => {
  const begin = performance.timeOrigin;
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  const times = [0, paint?.startTime ?? NaN, probe.first.heading, probe.first.picture];
  return times.map((at) => (begin + at) / 1000);
}"""
EVENTS = ("page asked for", "first paint", "heading visible", "first live frame")


def measure(browser) -> Figures:
    """All starts."""
    figures = Figures()
    subprocess.run([sys.executable, "-m", "rnn_core.warmup"], cwd=ROOT, check=True, capture_output=True)
    for kind, count in (("warm", WARM), ("cold", COLD)):
        starts = [start(browser, cold=kind == "cold") for _ in range(count)]
        figures.single[kind] = starts
        for event in EVENTS:
            since_start, since_asked = ([times[event][i] for times in starts] for i in (0, 1))
            what = f"{event}, {kind}"
            measured = f"{median(since_start):.2f} s ({min(since_start):.2f} to {max(since_start):.2f})"
            measured += f"; {median(since_asked):.2f} s after the page was asked for" if event != EVENTS[0] else ""
            if what in LIMITS:
                figures.below(what, median(since_start), LIMITS[what], measured, f"≤ {LIMITS[what]} s")
            else:
                figures.note(what, measured)
    figures.remarks.append(
        f"Seconds from the start of the server's process; medians of {WARM} warm and {COLD} cold starts, with extremes."
    )
    return figures


def start(browser, cold: bool) -> dict[str, tuple[float, float]]:
    """Seconds until each event, since the start of the server and since the page was asked for."""
    with tempfile.TemporaryDirectory() as empty, Visit(browser) as visit:
        visit.page.goto("about:blank")
        with Server({"NUMBA_CACHE_DIR": empty} if cold else None) as server:
            visit.go(server.url)
            times = visit.page.evaluate(TIMES)
            return {event: (at - server.started, at - times[0]) for event, at in zip(EVENTS, times, strict=True)}
