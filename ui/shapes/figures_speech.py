"""The figure of the shape “speech”: how probable each symbol is at each step, and when it sounds."""

from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from ui.charts.colours import faint
from ui.shapes.figures import layout_of

if TYPE_CHECKING:
    from ui.i18n import Translate
    from ui.shapes.speech import Hearing
    from ui.theme import Theme

TOP = 1.2  # of the upper axis: letters stand above the lines


def spikes(found: "Hearing", *, theme: "Theme", translate: "Translate" = str) -> go.Figure:
    """The probability of each vowel over time, that of the blank below; bands show when a vowel sounds."""
    steps, blank = np.arange(len(found.probs), dtype=np.float64), translate("blank")
    hover = "{}, " + translate("step %{x}: p = %{y:.3f}") + "<extra></extra>"
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": steps,
            "y": found.probs[:, k].astype(np.float64),
            "name": symbol,
            "line": {"color": theme.kinds[k - 1], "width": 2},
            "hovertemplate": hover.replace("{}", symbol),
        }
        for k, symbol in enumerate(found.symbols)
        if k
    ]
    traces.append({
        "type": "scatter", "mode": "lines", "x": steps, "y": found.probs[:, 0].astype(np.float64), "yaxis": "y2",
        "name": blank, "line": {"color": theme.faded, "width": 1.5, "dash": "dot"},
        "hovertemplate": hover.replace("{}", blank),
    })  # fmt: skip
    shapes, letters = [], []
    for begin, end, k in found.sounding:
        tone = faint(theme.kinds[k - 1], 0.16)
        shapes.append({"type": "rect", "xref": "x", "yref": "y", "x0": begin - 0.5, "x1": end - 0.5, "y0": 0, "y1": 1,
                       "line": {"width": 0}, "layer": "below", "fillcolor": tone})  # fmt: skip
        letters.append(((begin + end - 1) / 2, found.symbols[k], theme.kinds[k - 1]))
    if letters:
        places, texts, tones = zip(*letters, strict=True)
        traces.append({
            "type": "scatter", "mode": "text", "x": np.array(places), "y": np.full(len(places), 1.1),
            "text": list(texts), "textfont": {"family": theme.mono, "size": 14, "color": list(tones)},
            "showlegend": False, "hoverinfo": "skip", "name": translate("sounds from step x to step y"),
            "meta": {"numbers": {"x": [begin for begin, _end, _k in found.sounding],
                                 "y": [end - 1 for _begin, end, _k in found.sounding]}},
        })  # fmt: skip
    layout = layout_of(theme, 340, f"spikes {len(steps)}") | {
        "xaxis": {"range": [-0.5, len(steps) - 0.5], "anchor": "y2", "nticks": 9,
                  "title": {"text": translate("step t, each of 16 ms"), "standoff": 4}},
        "yaxis": {"domain": [0.34, 1], "range": [-0.03, TOP], "tickvals": [0, 0.5, 1], "showgrid": True,
                  "title": {"text": translate("probability"), "standoff": 6}},
        "yaxis2": {"domain": [0, 0.24], "range": [-0.05, 1.05], "tickvals": [0, 1], "showgrid": True,
                   "title": {"text": blank, "standoff": 6}},
        "shapes": shapes,
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)
