"""A page with one empty chart (chart_page.js), and what can be asked of it."""

import functools
import http.server
import json
import threading
from contextlib import contextmanager
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
POLICY = "default-src 'none'; script-src 'self'; style-src 'none'; connect-src 'self'"
PAGE = b"""<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>chart</title>
<body><div id="chart"></div>
<script type="module" src="/tests/browser/chart_page.js"></script>"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """The repository's files, and one page under a strict content security policy."""

    def do_GET(self):
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        return self.wfile.write(PAGE)

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def served():
    """The address of the page, while it is served."""
    handler = functools.partial(Handler, directory=str(ROOT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def draw(page, figure):
    """Hand the figure to the chart and wait until it is on the screen."""
    if not isinstance(figure, dict):
        figure = json.loads(figure.to_json(validate=False))
    page.evaluate("figure => drawn(figure)", figure)


def pixels(page, points) -> np.ndarray:
    """(n, 4) red, green, blue, alpha of the canvas at the points, in CSS pixels."""
    return np.array(page.evaluate("points => pixels(points)", [[float(x), float(y)] for x, y in points]))


def tooltip(page) -> str:
    """Text of the tooltip; nothing if there is none."""
    box = page.locator(".chart-tooltip")
    return box.inner_text() if box.is_visible() else ""


def view(page) -> list:
    return page.evaluate("() => chart.view.x")


def selected(page) -> list:
    """Every step that was called back, in order."""
    return page.evaluate("() => selected")
