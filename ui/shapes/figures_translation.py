"""The figures of an encoder-decoder: which steps of the input each output reads, and what is right, by length."""

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from ui.charts.colours import colour_bar
from ui.charts.symbols import label, width
from ui.shapes.figures import ROW, layout_of

if TYPE_CHECKING:
    from ui.i18n import Translate
    from ui.shapes.encoder_decoder import Alignment, Translation
    from ui.theme import Theme


def alignment(found: "Alignment", *, theme: "Theme", translate: "Translate" = str) -> go.Figure:
    """How much of each step of the input (columns) each symbol of the output (rows, the first on top) read."""
    rows, columns = found.weights.shape
    heat = {
        "type": "heatmap",
        "x": np.arange(columns),
        "y": np.arange(rows),
        "z": found.weights.astype(np.float32),
        "colorscale": [list(stop) for stop in theme.sequential],
        "zmin": 0,
        "zmax": 1,
        "hovertemplate": translate("output %{y}, input %{x}: %{z:.3f}") + "<extra></extra>",
        "colorbar": colour_bar([0, 0.5, 1]),
    }
    letters = {"size": 12, "family": theme.mono}
    read, written = ([label(symbol) for symbol in symbols] for symbols in (found.read, found.written))
    every = np.arange(columns)
    below = [
        {
            "type": "scatter", "mode": "text", "x": every[row::2].astype(np.float64),
            "y": np.full(len(every[row::2]), rows + 0.1 + row), "text": read[row::2],
            "textfont": letters | {"color": theme.ink}, "hoverinfo": "skip", "cliponaxis": False,
            "meta": {"columns": columns, "letters": -(-max(map(width, read)) // 2)},
        }
        for row in range(2)
    ]  # fmt: skip
    layout = layout_of(theme, max(236, 120 + ROW * (rows + 2)), f"alignment {rows} {columns}") | {
        "margin": {"l": 90, "r": 56, "t": 16, "b": 40},
        "xaxis": {"range": [-0.5, columns - 0.5], "tickvals": list(range(columns)), "ticktext": read,
                  "showticklabels": False,  # they stand in the chart, in two rows: each has room for two columns
                  "title": {"text": translate("input"), "standoff": 6}},
        "yaxis": {"range": [rows + 1.7, -0.5], "tickvals": list(range(rows)), "ticktext": written,
                  "tickfont": letters, "title": {"text": translate("output"), "standoff": 6}},
        "showlegend": False,
    }  # fmt: skip
    return go.Figure({"data": [heat, *below], "layout": layout}, _validate=False)


def bottleneck(found: "Translation", *, theme: "Theme", translate: "Translate" = str) -> go.Figure:
    """Share of inputs whose whole output is right, by length of the input; beside it without attention."""
    shown = [(found.exact, theme.training, translate("with attention"))]
    if found.plain is not None:
        shown.append((found.plain, theme.faded, translate("the last state alone")))
    bars = [
        {
            "type": "bar",
            "x": found.lengths + (0.0 if len(shown) == 1 else 0.4 * number - 0.2),
            "y": 100 * exact,
            "name": name,
            "width": 0.75 if len(shown) == 1 else 0.36,
            "marker": {"color": colour, "line": {"width": 0}},
            "hovertemplate": translate("length %{x:.0f}: %{y:.1f}% right") + "<extra></extra>",
        }
        for number, (exact, colour, name) in enumerate(shown)
    ]
    low, high = int(found.lengths.min()), int(found.lengths.max())
    layout = layout_of(theme, 280, "bottleneck") | {
        "xaxis": {"range": [low - 0.6, high + 0.6], "title": {"text": translate("symbols of the input"), "standoff": 4},
                  "tickvals": found.lengths.tolist(), "ticktext": [str(n) for n in found.lengths]},
        "yaxis": {"range": [0, 104], "tickvals": [0, 50, 100], "showgrid": True,
                  "title": {"text": translate("whole outputs correct (%)"), "standoff": 6}},
        "showlegend": len(shown) > 1,
    }  # fmt: skip
    return go.Figure({"data": bars, "layout": layout}, _validate=False)
