"""Run docs/notebook.ipynb anew and keep what its cells put out: `make notebook`, with PyTorch and a browser.

Every figure is kept twice, as Plotly's JSON and as a picture for readers that do not draw Plotly's.
"""

import ast
import base64
import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from PIL import Image
from playwright.sync_api import Browser
from plotly.offline import get_plotlyjs

from benchmarks.browser.visit import chromium

FILE = Path(__file__).parents[1] / "docs" / "notebook.ipynb"
WIDTH = 860  # pixels of a picture
COLOURS = 64
PLOTLY, PNG = "application/vnd.plotly.v1+json", "image/png"
PAGE = "<!doctype html><body style='margin:0'><div id='figure' style='width:{width}px'></div><script>{plotly}</script>"


def read() -> dict[str, Any]:
    """The notebook."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def codes(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """The notebook's cells of code."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def execute(cells: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """(what was printed, the value of the last line or None) of each cell, run in order in one process."""
    known: dict[str, Any] = {"__name__": "__main__"}
    found = []
    for number, cell in enumerate(cells):
        code, printed = ast.parse("".join(cell["source"])), io.StringIO()
        last = ast.Expression(code.body.pop().value) if isinstance(code.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(printed):
            exec(compile(code, f"cell {number}", "exec"), known)
            value = None if last is None else eval(compile(last, f"cell {number}", "eval"), known)
        found.append((printed.getvalue(), value))
    return found


def outputs_of(number: int, printed: str, value: Any, picture: Callable[[go.Figure], bytes]) -> list[dict[str, Any]]:
    """The outputs of a cell as a notebook keeps them."""
    outputs: list[dict[str, Any]] = []
    if printed:
        outputs.append({"output_type": "stream", "name": "stdout", "text": printed.splitlines(keepends=True)})
    if isinstance(value, go.Figure):
        data = {PLOTLY: json.loads(value.to_json()), PNG: base64.b64encode(picture(value)).decode()}
        outputs.append({"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": data})
    return outputs


def photograph(browser: Browser, figure: go.Figure) -> bytes:
    """A figure as a PNG in few colours, drawn by Plotly in a browser."""
    page = browser.new_page(viewport={"width": WIDTH, "height": int(figure.layout.height)})
    page.set_content(PAGE.format(width=WIDTH, plotly=get_plotlyjs()))
    page.evaluate("figure => Plotly.newPlot('figure', figure.data, figure.layout, {staticPlot: true})",
                  json.loads(figure.to_json()))  # fmt: skip
    picture, kept = Image.open(io.BytesIO(page.screenshot())), io.BytesIO()
    page.close()
    picture.convert("RGB").quantize(COLOURS).save(kept, "png", optimize=True)
    return kept.getvalue()


def main() -> None:
    notebook = read()
    cells = codes(notebook)
    with chromium() as browser:
        for number, (cell, (printed, value)) in enumerate(zip(cells, execute(cells), strict=True), start=1):
            cell["execution_count"] = number
            cell["outputs"] = outputs_of(number, printed, value, lambda figure: photograph(browser, figure))
    FILE.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
