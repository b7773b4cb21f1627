"""A class of forty: a teacher's real browser among light members (members.py), who all guess within ten seconds; one
network is trained for all."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median

from benchmarks.browser import pictures
from benchmarks.browser.figures import Figures, Row
from benchmarks.browser.serving import ROOT, Server, end
from benchmarks.browser.visit import Visit

MEMBERS, WITHIN = 40, 10  # and the seconds in which they guess
LESSON = "one_letter"  # its run takes some ten seconds, with a picture of the network
LEAST = 4  # pictures of the training per second, for each
LATE = 1.0  # seconds until the histogram shows a guess
PATIENCE = 120_000  # milliseconds
CODE = "document.querySelector('.class-code').textContent"
# Until the page shows so many guesses, or the histogram: seconds since 1970.
SHOWS = """([selector, text]) => new Promise((resolve) => {
  const look = () => {
    const found = [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(text));
    if (found) resolve(Date.now() / 1000);
    else requestAnimationFrame(look);
  };
  look();
})"""
PRESSED = """(word) => {
  [...document.querySelectorAll(".class-lead button")].find((one) => one.textContent === word).click();
  return Date.now() / 1000;
}"""


def measure(browser) -> Figures:
    """The class from its code to the compared values."""
    figures = Figures()
    with Server() as server, Visit(browser) as visit:
        server.settle()
        page = visit.page
        page.goto(f"{server.url}/course")
        page.get_by_text("A class: many guess").click()
        page.get_by_role("button", name="Start a class").click()
        page.locator(".class-room[data-frames]").wait_for(timeout=PATIENCE)
        with members(server.url, page.evaluate(CODE)) as ask:
            lead(figures, page, ask, server)
    return figures


def lead(figures, page, ask, server) -> None:
    """Through one lesson."""
    page.evaluate(SHOWS, [".class-count", f"Members here: {MEMBERS}"])
    page.locator(".class-lead select").select_option(LESSON)
    page.locator(f"[data-lesson={LESSON}][data-part=read]").wait_for()
    page.evaluate(PRESSED, "Open the guessing")
    page.locator("[data-part=guess]").wait_for()
    taken = ask(f"guess {WITHIN}")
    shown = page.evaluate(SHOWS, [".class-count", f"Guesses so far: {MEMBERS}"])
    lost = sum(at is None for at in taken)
    figures.rows.append(Row(f"guesses lost, of {MEMBERS} within {WITHIN} s", str(lost), "0", lost == 0))
    late = max(0.0, shown - max(filter(None, taken)))
    figures.below("from the last guess to its count on the projector", late, LATE, f"≤ {late:.2f} s", f"≤ {LATE:g} s")
    closed = page.evaluate(PRESSED, "Close the guessing")
    page.locator(".class-result canvas").wait_for(timeout=PATIENCE)
    late = time.time() - closed
    figures.below("from closing the guessing to the histogram", late, LATE, f"{late:.2f} s", f"≤ {LATE:g} s")
    cpu, begin = server.cpu_seconds(), time.monotonic()
    page.evaluate(PRESSED, "Run the network")
    figures.rows += [
        Row(f"{row.what}, class of {MEMBERS}", row.measured) for row in pictures.measure_health(server).rows
    ]
    page.get_by_role("button", name="Compare", exact=True).wait_for(timeout=PATIENCE)
    seconds = time.monotonic() - begin
    measured = f"{(server.cpu_seconds() - cpu) / seconds:.2f} cores over {seconds:.0f} s"
    figures.note("processor time of the server, class in training", measured)
    seen = ask("count")
    errors = [error for *_numbers, error in seen if error]
    rates = [(count - 1) / seconds if seconds else 0.0 for count, seconds, _error in seen]
    pace = f"{min(rates):.1f} to {max(rates):.1f}, median {median(rates):.1f}"
    figures.rows.append(Row("pictures per second of each member", pace, f"≥ {LEAST}", min(rates) >= LEAST))
    figures.rows.append(Row("members that lost the class", f"{len(errors)} {errors[:1] or ''}", "0", not errors))
    figures.single = {"taken": taken, "seen": seen}


@contextmanager
def members(url: str, code: str):
    """The members; the value is a function that sends a command and returns the answer."""
    command = [sys.executable, "-m", "benchmarks.browser.members", url, code, str(MEMBERS)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(line: str):
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    try:
        yield ask
    finally:
        end(process)
        process.stdin.close()
        process.stdout.close()
