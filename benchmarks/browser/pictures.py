"""Live pictures per second, their bytes, flicker; and how fast the server answers beside them."""

import http.client
import time
from itertools import pairwise
from statistics import mean, median

from benchmarks.browser.figures import Figures, Row, percentile, summary
from benchmarks.browser.serving import healthy

WATCHED = 10  # seconds
LOOKED = 4  # seconds of looking for flicker, apart from the rest: reading pixels takes the browser's time
LEAST = 8  # pictures per second
POLLS, POLL_EVERY = 500, 0.02  # seconds
SINCE = "([pictures, bytes]) => [probe.pictures.slice(pictures), probe.bytes.slice(bytes)]"


def measure(visit, server, speed: str) -> Figures:
    """Of a page that trains; `speed` says how fast."""
    figures, page = Figures(), visit.page
    counts, updates, cpu = (
        page.evaluate("[probe.pictures.length, probe.bytes.length]"),
        visit.updates(),
        server.cpu_seconds(),
    )
    time.sleep(WATCHED)
    drawn, sizes = page.evaluate(SINCE, counts)
    updates, cpu = visit.updates() - updates, server.cpu_seconds() - cpu
    gaps = [after - before for before, after in pairwise(drawn)] or [float("inf")]
    rate = 1000 / mean(gaps)
    measured = f"{rate:.1f} (between two: median {median(gaps):.0f}, p95 {percentile(gaps, 95):.0f} ms)"
    figures.rows.append(Row(f"live frames per second, {speed}", measured, f"≥ {LEAST}", rate >= LEAST))
    sent, decoded = zip(*sizes, strict=True)
    figures.note(f"bytes per frame, {speed}", f"{mean(sent):,.0f} transferred, {mean(decoded):,.0f} decoded")
    figures.note(f"updates per second, {speed}", f"{updates / WATCHED:,.0f} (server: {cpu / WATCHED:.2f} cores)")
    page.evaluate("probe.look()")
    time.sleep(LOOKED)
    looks = page.evaluate("probe.looked()")
    measured = f"{looks['blank']} blank, {looks['replaced']} on another canvas, of {looks['seen']} screens with "
    measured += f"{looks['pictures']} frames"
    still = looks["blank"] == looks["replaced"] == 0 and looks["pictures"] > 0
    figures.rows.append(Row(f"flicker, {speed}", measured, "none", still))
    figures.single = {"drawn": drawn, "bytes": sizes, "looks": looks}
    return figures


def measure_health(server) -> Figures:
    """While a page trains at full speed."""
    figures, times = Figures(), []
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    due = time.perf_counter()
    for _ in range(POLLS):
        begin = time.perf_counter()
        if not healthy(connection):
            raise RuntimeError("the server says that it is not well")
        times.append(1000 * (time.perf_counter() - begin))
        due = max(due + POLL_EVERY, time.perf_counter())
        time.sleep(max(0.0, due - time.perf_counter()))
    connection.close()
    figures.single = {"milliseconds": times}
    figures.note("health endpoint, full speed", summary(times))
    return figures
