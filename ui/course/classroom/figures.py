"""Charts of the guesses of a class: a histogram of numbers, and curves over one another; the measured value in it."""

import html
import itertools
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from ui.charts.formatting import power_of_ten, short
from ui.charts.race import log_axis, solid_line, x_axis
from ui.course.figures import chart_layout

if TYPE_CHECKING:
    from ui.theme import Theme

Translate = Callable[[str], str]
HEIGHT = 300  # pixels
TICKS = 7  # on the axis of the number of guesses, at most


def histogram(
    edges: Sequence[float],
    counts: Sequence[int],
    measured: float | None,
    *,
    logarithmic: bool,
    title: str,
    written: str,
    theme: "Theme",
    translate: Translate,
) -> go.Figure:
    """How many guesses lie between each two edges, and the measured value as a line.

    measured : within the edges. written : it as it is, in words. title : of the x axis, with its unit.
    """
    at = np.log10(edges) if logarithmic else np.asarray(edges, np.float64)
    most = max([4, *counts])
    bars = {
        "type": "bar",
        "x": (at[:-1] + at[1:]) / 2,
        "y": np.asarray(counts),
        "width": 0.92 * float(at[1] - at[0]),  # all are equally wide on the axis that is drawn
        "name": translate("guesses"),
        "marker": {"color": theme.held_out},
        "customdata": [f"{short(low)} … {short(high)}" for low, high in itertools.pairwise(edges)],
        "hovertemplate": "%{customdata}: %{y}<extra></extra>",
    }
    layout = chart_layout(theme, HEIGHT, "class") | {"showlegend": False, "bargap": 0}
    layout["margin"] = layout["margin"] | {"t": 24}  # for what is written above
    layout["xaxis"] = x_axis(title, [float(at[0]), float(at[-1])], "y") | {"fixedrange": True, "showgrid": False}
    if logarithmic:
        powers = range(math.ceil(at[0] - 1e-9), math.floor(at[-1] + 1e-9) + 1)
        powers = powers[:: max(1, math.ceil(len(powers) / TICKS))]
        layout["xaxis"] |= {"tickvals": [*powers], "ticktext": [power_of_ten(power) for power in powers]}
    step = max(1, math.ceil(most / TICKS))
    layout["yaxis"] = {"title": {"text": translate("guesses"), "standoff": 6}, "range": [0, 1.12 * most],
                       "dtick": step, "showgrid": True, "fixedrange": True}  # fmt: skip
    if measured is not None:
        place = math.log10(measured) if logarithmic else measured
        line = {"color": theme.training, "width": 3}
        layout["shapes"] = [
            {"type": "line", "x0": place, "x1": place, "y0": 0, "y1": 1.12 * most, "line": line, "layer": "above"}
        ]
        right = place > (at[0] + at[-1]) / 2
        text = html.escape(translate("measured: {value}").format(value=written), quote=False)
        layout["annotations"] = [{
            "text": text, "x": place, "y": 1.12 * most,
            "xanchor": "right" if right else "left", "yanchor": "bottom", "showarrow": False,
            "font": {"color": theme.training, "size": 13},
        }]  # fmt: skip
    return go.Figure({"data": [bars], "layout": layout}, _validate=False)


def drawn_curves(
    x: Sequence[float],
    drawn: Sequence[Sequence[float]],
    measured: Sequence[float] | None,
    *,
    axes: Sequence[tuple[str, float, float, bool]],
    theme: "Theme",
    translate: Translate,
) -> go.Figure:
    """Every curve that was drawn, pale; the median of them at each x; the measured curve.

    axes : (title, low, high, logarithmic) of x and y.
    """
    (x_title, left, right, _linear), (y_title, low, high, logarithmic) = axes
    gap = [float("nan")]
    every_x = np.concatenate([[*x, *gap] for _curve in drawn]) if drawn else np.empty(0)
    every_y = np.concatenate([[*curve, *gap] for curve in drawn]) if drawn else np.empty(0)
    pale = {"type": "scatter", "mode": "lines", "x": every_x, "y": every_y, "name": translate("each guess"),
            "line": {"color": theme.held_out, "width": 1}, "opacity": 0.4, "hoverinfo": "skip"}  # fmt: skip
    traces = [pale]
    hover = "%{x}: %{y:.3g}<extra></extra>"
    if drawn:
        median = solid_line(x, np.median(np.asarray(drawn, np.float64), axis=0), theme.held_out,
                            translate("median of the guesses"), "y", hover)  # fmt: skip
        traces.append(median | {"line": {"color": theme.held_out, "width": 3, "dash": "dash"}})
    if measured is not None:
        shown = np.maximum(measured, 1e-300) if logarithmic else measured  # 0 has no place on a logarithmic axis
        traces.append(
            solid_line(x, shown, theme.training, translate("measured"), "y", hover)
            | {"line": {"color": theme.training, "width": 3}}
        )
    layout = chart_layout(theme, HEIGHT, "class")
    layout["xaxis"] = x_axis(x_title, [left, right], "y")
    scale = log_axis(math.log10(low), math.log10(high)) if logarithmic else {"range": [low, high], "nticks": 6}
    layout["yaxis"] = {"title": {"text": y_title, "standoff": 6}, "showgrid": True, **scale}
    return go.Figure({"data": traces, "layout": layout}, _validate=False)
