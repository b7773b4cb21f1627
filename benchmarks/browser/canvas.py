"""Milliseconds to update a chart: the canvas of the pages beside `Plotly.react`, the same figures in the same browser.

The canvas stands only as long as Plotly needs much longer: a chart has to be drawn ten times a second beside a network
that trains.
"""

import time
from importlib.resources import files
from pathlib import Path
from statistics import median

from benchmarks.browser.figures import Figures, percentile

CODE = Path(__file__).with_name("canvas.js")
PLOTLY = "package_data/plotly.min.js"  # comes with the Python package
CHARTS = ("score", "loss")  # of the Lab
FIGURES, ROUNDS = 8, 6  # different figures of a network in training; how often each is drawn
APART = 0.4  # seconds between two of them
# Figures as the server sent them, with plain lists: both libraries read those.
FIGURE = """(name) => {
  const plain = (value) => ArrayBuffer.isView(value) ? Array.from(value, (x) => Number.isFinite(x) ? x : null)
    : Array.isArray(value) ? value.map(plain)
    : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
    : value;
  return plain(document.querySelector(".live").live[name].figure);
}"""


def prepare(visit) -> None:
    """Bring Plotly into the page before it is opened: later the page's security policy forbids it."""
    code = (files("plotly") / PLOTLY).read_text(encoding="utf-8")
    visit.context.add_init_script(script=f"window.loadPlotly = () => {{\n{code}\n}};")  # it needs a document


def measure(visit) -> Figures:
    """Figures of the Lab's charts while its network trains; the page is paused while they are drawn."""
    figures, page = Figures(), visit.page
    shown = {name: [] for name in CHARTS}
    for _ in range(FIGURES):
        for name in CHARTS:
            shown[name].append(page.evaluate(FIGURE, name))
        time.sleep(APART)
    if visit.says("Pause"):
        visit.press_play()
    for name in CHARTS:
        times = page.evaluate(CODE.read_text(encoding="utf-8"), [name, shown[name], ROUNDS])
        figures.single[name] = times
        figures.rows += rows(name, times)
    return figures


def rows(name: str, times: dict[str, list[float]]) -> list[tuple[str, ...]]:
    """One line of the table: both medians, both 95th percentiles, and how many times longer Plotly takes.

    >>> rows("score", {"canvas": [2.0, 4.0, 3.0], "plotly": [30.0, 40.0, 36.0]})
    [('score', '3.0 ms', '36.0 ms', '3.9 ms', '39.6 ms', '12×')]
    """
    canvas, plotly = times["canvas"], times["plotly"]
    cells = [
        f"{value:.1f} ms" for value in (median(canvas), median(plotly), percentile(canvas, 95), percentile(plotly, 95))
    ]
    return [(name, *cells, f"{median(plotly) / median(canvas):.0f}×")]


def table(lines: list[tuple[str, ...]]) -> str:
    """Markdown."""
    measured = ("canvas, p50", "Plotly.react, p50", "canvas, p95", "Plotly.react, p95", "canvas is faster by")
    head = ("chart of the Lab, updated in place", *measured)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ("---", *["---:"] * 5), *lines))
