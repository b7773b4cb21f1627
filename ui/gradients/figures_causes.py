"""Why gradients vanish or explode: the eigenvalues of W and of a step, and how all of it moves while training."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from ui.charts.limits import round_up
from ui.charts.stack import stack
from ui.charts.staves import Stave
from ui.gradients.figures import LEFT, FigureStyle, _coloured, _line

if TYPE_CHECKING:
    from ui.gradients.analysis import BackwardPath, GradientAnalysis
    from ui.gradients.renderer import Point

__all__ = ["history", "plane"]
CIRCLE = np.linspace(0, 2 * np.pi, 181)


def plane(measured: "GradientAnalysis", path: "BackwardPath", style: FigureStyle) -> go.Figure:
    """The eigenvalues of the chosen step's Jacobian, with the unit circle; of a plain network, those of W too.

    The blocks of W of a gated cell are left out: what multiplies a gradient there is not one of them, nor their sum.
    """
    theme, _, plain = style.theme, style.translate, not measured.carrier
    weights = measured.spectrum.eigenvalues[0] if plain else np.zeros(0, complex)
    far = max([1.0, *np.abs(weights), *np.abs(path.own)])
    half = round_up(1.1 * float(far))
    hover = "%{x:.3f} + %{y:.3f} i<extra></extra>"
    traces = [_line(np.cos(CIRCLE), np.sin(CIRCLE), theme.faded, _("unit circle"), "") | {"hoverinfo": "skip"}]
    if plain:
        traces.append(
            _points(weights, theme.training, _("eigenvalues of {matrix}").format(matrix="W"), "circle", 5, hover)
        )
    label = _("eigenvalues of step {t}'s factor").format(t=path.t)
    traces.append(_points(path.own, theme.ink, label, "diamond-open", 6, hover))
    layout: dict[str, Any] = {
        "template": theme.template,
        "height": 330,
        "margin": {"l": LEFT, "r": 8, "t": 44, "b": 40},
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 11}},
        "hovermode": "closest",
        "uirevision": "plane",
        "xaxis": {"range": [-half, half], "title": {"text": _("real part"), "standoff": 4}, "showgrid": True},
        "yaxis": {"range": [-half, half], "title": {"text": _("imaginary part"), "standoff": 6}, "showgrid": True,
                  "scaleanchor": "x", "fixedrange": True},
    }  # fmt: skip
    layout["xaxis"]["fixedrange"] = True
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _points(values: np.ndarray, colour: str, name: str, symbol: str, size: int, hover: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values.real,
        "y": values.imag,
        "name": name,
        "marker": {"symbol": symbol, "size": size, "color": colour, "line": {"width": 1 if "open" in symbol else 0}},
        "hovertemplate": hover,
    }


def history(points: Sequence["Point"], style: FigureStyle, carrier: str, steps: int) -> go.Figure:
    """The measures against the update. points : ui.gradients.renderer.Point, in the order of their updates.

    carrier : the gate that carries, empty for a plain network: only that one has a W whose spectrum tells of gradients.
    """
    theme, _ = style.theme, style.translate
    updates = np.array([point.update for point in points], np.int64)
    columns = {name: np.array([getattr(point, name) for point in points], float) for name in points[0]._fields}
    hover = _("update %{x}: %{y:.3g}") + "<extra></extra>"

    def curve(name: str, colour: str) -> dict[str, Any]:
        drawn = _line(updates, columns[name], colour, "", hover)
        return drawn | {"mode": "lines+markers", "marker": {"size": 3, "color": colour}}

    reach = [(theme.training, _("steps to half")), (theme.held_out, _("steps to 1%"))]
    weights = [(theme.gradient, _("factor per step"))]
    curves = [curve("factor", theme.gradient)]
    spread = columns["factor"]
    if not carrier:
        weights += [(theme.training, "ρ(W)"), (theme.held_out, "σ<sub>max</sub>(W)")]
        curves += [curve("radius", theme.training), curve("largest", theme.held_out)]
        spread = np.concatenate([spread, columns["radius"], columns["largest"]])
    slope = {"": _("mean |f′|"), "f": _("mean forget gate f"), "z": _("mean update gate z")}[carrier]
    shown = [
        Stave(
            _coloured(reach),
            80,
            [curve("half", theme.training), curve("hundredth", theme.held_out)],
            {"range": [0, round_up(steps)], "nticks": 4, "showgrid": True},
        ),
        Stave(
            _coloured(weights),
            80,
            curves,
            {"range": [0, round_up(float(np.nanmax(spread, initial=1.0)))], "nticks": 4, "showgrid": True},
        ),
        Stave(slope, 60, [curve("slope", theme.ink)], {"range": [0, 1.02], "nticks": 3, "showgrid": True}),
    ]
    top = round_up(max(1, int(updates.max(initial=1))))
    axis = {"range": [0, top], "title": {"text": _("update"), "standoff": 4}, "nticks": 6, "tickformat": "d"}
    return stack(shown, theme=theme, left=LEFT, axis=axis, name="gradient history")
