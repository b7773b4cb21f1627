"""With shared weights and with weights of its own at each step: the loss at each step, beyond the trained ones too."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from ui.charts.colours import faint

if TYPE_CHECKING:
    from ui.theme import Theme
    from ui.unroll.tape.sharing import Outcome

HEIGHT = 300
LOWEST = 1e-4  # nats; what lies below is drawn there


def sharing(outcome: "Outcome", *, theme: "Theme", translate: Callable[[str], str] = str) -> go.Figure:
    """Three curves over the steps; a band marks the steps that were trained. `outcome`: see ui.unroll.tape.sharing."""
    steps = len(outcome.shared)
    hover = translate("step %{x}: %{y:.3f} nats")
    curves = [
        (translate("the same weights at every step"), outcome.shared, theme.training, "solid"),
        (translate("own weights at every step"), outcome.separate, theme.held_out, "solid"),
        (translate("own weights, the last ones reused"), outcome.repeated, theme.gradient, "dot"),
    ]
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": list(range(steps)),
            "y": np.maximum(values, LOWEST).tolist(),
            "line": {"color": colour, "dash": dash, "width": 2},
            "marker": {"size": 5},
            "hovertemplate": f"{name}<br>{hover}<extra></extra>",
        }
        for name, values, colour, dash in curves
    ]
    trained = outcome.trained - 0.5
    top = max(outcome.chance, *(float(np.max(values)) for _name, values, _colour, _dash in curves))
    layout = {
        "template": theme.template,
        "height": HEIGHT,
        "margin": {"l": 52, "r": 8, "t": 66, "b": 44},
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.08, "yanchor": "bottom", "x": 0},
        "shapes": [
            {"type": "rect", "x0": -0.5, "x1": trained, "y0": 0, "y1": 1, "yref": "paper", "line": {"width": 0},
             "fillcolor": faint(theme.training, 0.09), "layer": "below"},
            {"type": "line", "x0": -0.5, "x1": steps - 0.5, "y0": outcome.chance, "y1": outcome.chance,
             "line": {"color": theme.faded, "width": 1, "dash": "dash"}},
        ],
        "annotations": [
            {"x": trained / 2, "y": 1, "yref": "paper", "yanchor": "bottom", "text": translate("trained"),
             "showarrow": False, "font": {"size": 11, "color": theme.faded}},
            {"x": steps - 0.5, "y": outcome.chance, "xanchor": "right", "yanchor": "bottom",
             "text": translate("blind guess"), "showarrow": False, "font": {"size": 11, "color": theme.faded}},
        ],
        "xaxis": {"title": {"text": translate("step t")}, "fixedrange": True, "range": [-0.5, steps - 0.5]},
        "yaxis": {"title": {"text": translate("loss of the step (nats)")}, "showgrid": True, "fixedrange": True,
                  "range": [0, 1.05 * top]},
    }  # fmt: skip
    return go.Figure({"data": data, "layout": layout})
