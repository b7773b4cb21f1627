"""How much of a gradient each step makes up."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

if TYPE_CHECKING:
    from ui.theme import Theme

HEIGHT = 260
GROUP = 0.75  # of a step's width


def shares(
    parts: Mapping[str, np.ndarray],
    labels: Sequence[str],
    names: Mapping[str, str],
    *,
    theme: "Theme",
    translate: Callable[[str], str] = str,
) -> go.Figure:
    """Bars in groups, a group for each step.

    parts : name -> (T,) parts of the gradient, which sum to 1. labels : what stands below each step.
    names : name -> how it is written in the legend.
    """
    colours = (theme.training, theme.gradient, theme.held_out)
    width = GROUP / max(1, len(parts))  # of a bar
    hover = translate("step %{x}: %{y:.1%} of {name}").replace("%{x}", "%{customdata}")
    bars = [
        {
            "type": "bar",
            "name": names[name],
            "x": [step + (number - (len(parts) - 1) / 2) * width for step in range(len(part))],
            "width": width,
            "customdata": list(range(len(part))),
            "y": [float(value) for value in part],
            "marker": {"color": colour},
            "hovertemplate": hover.replace("{name}", names[name]) + "<extra></extra>",
        }
        for number, ((name, part), colour) in enumerate(zip(parts.items(), colours, strict=False))
    ]
    layout = {
        "template": theme.template,
        "height": HEIGHT,
        "margin": {"l": 52, "r": 8, "t": 30, "b": 40},
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "xaxis": {
            "tickvals": list(range(len(labels))),
            "ticktext": list(labels),
            "range": [-0.5, len(labels) - 0.5],
            "fixedrange": True,
            "title": {"text": translate("step t and its symbol")},
        },
        "yaxis": {
            "tickformat": ".0%",
            "showgrid": True,
            "fixedrange": True,
            "title": {"text": translate("part of the gradient")},
        },
    }
    level = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": 0,
        "y1": 0,
        "line": {"color": theme.faded, "width": 1},
    }
    layout["shapes"] = [level]
    return go.Figure({"data": bars, "layout": layout})
