"""Measure the page in a real browser: `make benchmark-ui`, or

    python -m benchmarks.ui --parts reaction,frames --json figures.json

A quarter of an hour for all of it, on 127.0.0.1 alone. The machine should have nothing else to do.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from benchmarks import machine
from benchmarks.browser import canvas, classroom, load, pictures, reaction, start
from benchmarks.browser.figures import Figures, table
from benchmarks.browser.serving import Server, end_with_the_terminal
from benchmarks.browser.visit import FULL_SPEED, Visit, chromium
from benchmarks.report import write

PAGE = ("start", "reaction", "frames", "health", *load.CROWDS, "class")  # of one table in docs/speed.md
PARTS = (*PAGE, "canvas")  # has a table of its own
ACTIONS = {"rate_by_mouse": 40, "rate_by_key": 40, "units": 40, "pause_and_play": 40, "step": 40}
LIMIT = 200  # milliseconds of the 95th percentile


def main(arguments: list[str] | None = None) -> int:
    options = parsed(arguments)
    end_with_the_terminal()
    print(facts(), flush=True)
    measured: dict[str, Figures] = {}
    begin = time.monotonic()
    try:
        with chromium() as browser:
            for name, part in parts(browser):
                if name in options.parts:
                    print(f"{name} ...", file=sys.stderr, flush=True)
                    measured[name] = part()
    except KeyboardInterrupt:
        print("interrupted; what was measured so far:", file=sys.stderr)
        return 130
    finally:
        report(measured, options)
        print(f"\n{time.monotonic() - begin:.0f} s; load of the machine at the end: {load_average()}")
    return 0 if all(row.kept is not False for name in PAGE if name in measured for row in measured[name].rows) else 1


def parts(browser):
    """(name, function that measures it)"""
    yield "start", lambda: start.measure(browser)
    yield "reaction", lambda: of_one_visitor(browser, react)
    yield "frames", lambda: watch(browser)
    yield "health", lambda: of_one_visitor(browser, lambda _visit, server: pictures.measure_health(server))
    for crowd in load.CROWDS:
        yield crowd, lambda crowd=crowd: load.measure(browser, crowd)
    yield "class", lambda: classroom.measure(browser)
    yield (
        "canvas",
        lambda: of_one_visitor(browser, lambda visit, _server: canvas.measure(visit), prepare=canvas.prepare),
    )


def of_one_visitor(browser, part, address=FULL_SPEED, prepare=lambda _visit: None) -> Figures:
    """A part that needs a server and one page, at full speed unless the address says otherwise. prepare : called with
    the visit before the page is opened."""
    with Server() as server, Visit(browser) as visit:
        prepare(visit)
        visit.go(f"{server.url}/{address}")
        time.sleep(2)
        return part(visit, server)


def react(visit, _server) -> Figures:
    return reaction.measure(visit, ACTIONS, LIMIT, "")


def watch(browser) -> Figures:
    """Pictures at both speeds."""
    figures = Figures()
    for speed, address in (("100 updates/s", ""), ("full speed", FULL_SPEED)):
        part = of_one_visitor(
            browser, lambda visit, server, speed=speed: pictures.measure(visit, server, speed), address
        )
        figures.rows += part.rows
        figures.single[speed] = part.single
    return figures


def report(measured: dict[str, Figures], options) -> None:
    """Print the tables and what stands below them; write those that are whole, and the single figures."""
    page = {name: figures for name, figures in measured.items() if name in PAGE}
    tables = {}
    if page:
        tables["page"] = table([row for figures in page.values() for row in figures.rows])
    if "canvas" in measured:
        tables["canvas"] = canvas.table(measured["canvas"].rows)
    for name, rows in tables.items():
        print("\n" + rows)
        if options.write and (name != "page" or set(page) == set(PAGE)):
            write(name, f"{rows}\n\n{facts()}")
    for figures in measured.values():
        for remark in figures.remarks:
            print("\n" + remark)
    if options.json is not None:
        single = {name: figures.single for name, figures in measured.items()}
        options.json.write_text(json.dumps(single, indent=1), encoding="utf-8")


def facts() -> str:
    """What is measured, and on what."""
    versions = {name: machine.version_of(name) for name in ("streamlit", "playwright", "plotly")}
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    load = f"load of the machine at the beginning: {load_average()}"
    return f"{machine.cpu_model()}, {machine.cores()} cores; {named}; {load}"


def load_average() -> str:
    """Processes that wanted to run, over the last 1, 5 and 15 minutes."""
    return ", ".join(f"{number:.1f}" for number in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def parsed(arguments):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ui", description=__doc__.splitlines()[0])
    parser.add_argument("--parts", type=chosen, default=PARTS, help=f"some of {','.join(PARTS)} (default: all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every single figure there")
    parser.add_argument("--write", action="store_true", help="write the tables that are whole to docs/speed.md")
    return parser.parse_args(arguments)


def chosen(text: str) -> list[str]:
    wanted = text.split(",")
    for name in wanted:
        if name not in PARTS:
            raise argparse.ArgumentTypeError(f"{name!r} is no part; expected some of {', '.join(PARTS)}")
    return wanted


if __name__ == "__main__":
    sys.exit(main())
