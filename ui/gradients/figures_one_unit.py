"""Networks of one unit: the error surface with walks on it, the fixed points, the latch."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from rnn_core.analysis.dynamics import Walk, fixed_points, folds
from ui.charts.colours import faint
from ui.charts.reference_lines import upright_line

if TYPE_CHECKING:
    from ui.theme import Theme

NamedWalk = tuple[str, str, Walk]  # name, the colour's name in the theme


def surface(
    w: np.ndarray,
    b: np.ndarray,
    error: np.ndarray,
    walks: Sequence[NamedWalk],
    *,
    theme: "Theme",
    translate: Callable[[str], str],
) -> go.Figure:
    """The error over (w, b) on a log scale, and paths: (name, colour's name, Walk)."""
    _ = translate
    heat = {
        "type": "heatmap",
        "x": w,
        "y": b,
        "z": np.log10(np.maximum(error, 1e-8)),
        "zmin": -5,
        "zmax": 0,
        "colorscale": [list(stop) for stop in theme.sequential],
        "colorbar": {"thickness": 10, "tickvals": [-4, -2, 0], "ticktext": ["10⁻⁴", "10⁻²", "1"], "outlinewidth": 0},
        "hovertemplate": "w %{x:.2f}, b %{y:.2f}: E = 10^%{z:.2f}<extra></extra>",
    }
    traces = [heat]
    for name, colour, steps in walks:
        drawn = {"color": getattr(theme, colour), "width": 1.5}
        marker = {"size": 3, "color": drawn["color"]}
        hover = "w %{x:.4f}, b %{y:.4f}<extra></extra>"
        traces.append(_curve(steps.w, steps.b, name, drawn, hovertemplate=hover, mode="lines+markers", marker=marker))
    layout = _layout(theme, 440) | {
        "margin": {"l": 60, "r": 48, "t": 30, "b": 44},  # on the right, room for the key's numbers
        "xaxis": {"range": [float(w[0]), float(w[-1])], "title": {"text": "w"}},
        "yaxis": {"range": [float(b[0]), float(b[-1])], "title": {"text": "b"}},
        "uirevision": "surface",
    }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def descent(walks: Sequence[NamedWalk], *, theme: "Theme", translate: Callable[[str], str]) -> go.Figure:
    """Error and gradient norm of each path against the update."""
    _ = translate
    traces = []
    for name, colour, steps in walks:
        updates = np.arange(len(steps.error))
        line = {"color": getattr(theme, colour), "width": 1.5}
        traces.append(_curve(updates, steps.error, name, line))
        traces.append(_curve(updates, np.maximum(steps.norm, 1e-12), name, line, yaxis="y2", showlegend=False))
    log = {"type": "log", "exponentformat": "power", "showgrid": True}
    layout = _layout(theme, 440) | {
        "xaxis": {"title": {"text": _("update")}, "anchor": "y2"},
        "yaxis": {"domain": [0.56, 1], "title": {"text": _("error E (log)")}, **log},
        "yaxis2": {"domain": [0, 0.44], "title": {"text": _("gradient norm (log)")}, **log},
        "uirevision": "descent",
    }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def bifurcation(w: float, b: float, *, theme: "Theme", translate: Callable[[str], str]) -> go.Figure:
    """The fixed points of the unit against b: those that attract and those that do not, with the folds."""
    _ = translate
    found = [(at, x, slope) for at in np.linspace(-4, 0, 321) for x, slope in fixed_points(w, float(at))]
    here = fixed_points(w, b)
    traces = []
    kinds = (
        (_("attracts"), lambda slope: abs(slope) < 1, theme.training, 4),
        (_("repels"), lambda slope: abs(slope) >= 1, theme.held_out, 4),
    )
    for name, holds, colour, size in kinds:
        points = [(at, x) for at, x, slope in found if holds(slope)]
        marker, hover = {"size": size, "color": colour}, "b %{x:.3f}: x = %{y:.3f}<extra></extra>"
        across, up = [at for at, _x in points], [x for _at, x in points]
        traces.append(_curve(across, up, name, mode="markers", marker=marker, hovertemplate=hover))
    marker = {"size": 10, "color": theme.ink, "symbol": "circle-open", "line": {"width": 2}}
    traces.append(_curve([b] * len(here), [x for x, _slope in here], _("at this b"), mode="markers", marker=marker))
    layout = _layout(theme, 360) | {
        "xaxis": {"range": [-4, 0], "title": {"text": "b"}, "showgrid": True},
        "yaxis": {"title": {"text": _("fixed points x")}, "showgrid": True},
        "shapes": [upright_line(at, theme) for at in folds(w) or ()],
        "uirevision": "bifurcation",
    }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def latch(
    x: np.ndarray,
    derivative: np.ndarray,
    attractor: float,
    inputs: np.ndarray,
    *,
    theme: "Theme",
    translate: Callable[[str], str],
) -> go.Figure:
    """The latch's state, its input, and the derivative of the last state by each earlier one."""
    _ = translate
    steps = np.arange(len(x))
    blue, violet = ({"color": colour, "width": 1.5} for colour in (theme.training, theme.gradient))
    dots: dict[str, Any] = {"mode": "lines+markers", "marker": {"size": 4}}
    traces = [
        _curve(steps, x, _("state x"), blue, **dots),
        {"type": "bar", "x": steps[1:], "y": inputs, "name": _("input u"), "marker": {"color": faint(theme.held_out)}},
        _curve(steps, np.maximum(derivative, 1e-30), "∂x<sub>T</sub>/∂x<sub>t</sub>", violet, yaxis="y2", **dots),
    ]
    level = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": "y",
        "line": {"color": theme.faded, "dash": "dash"},
    }
    layout = _layout(theme, 400) | {
        "xaxis": {"title": {"text": _("step t")}, "anchor": "y2"},
        "yaxis": {"domain": [0.5, 1], "range": [-2.1, 2.1], "title": {"text": _("x and u")}, "showgrid": True},
        "yaxis2": {"domain": [0, 0.4], "type": "log", "exponentformat": "power", "showgrid": True,
                   "title": {"text": _("derivative (log)")}},
        "shapes": [level | {"y0": sign * attractor, "y1": sign * attractor} for sign in (1, -1)],
        "uirevision": "latch",
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _curve(
    x: ArrayLike, y: ArrayLike, name: str, line: dict[str, Any] | None = None, mode: str = "lines", **options: Any
) -> dict[str, Any]:
    return {"type": "scatter", "mode": mode, "x": x, "y": y, "name": name, "line": line or {}, **options}


def _layout(theme: "Theme", height: int) -> dict[str, Any]:
    return {
        "template": theme.template,
        "height": height,
        "margin": {"l": 60, "r": 20, "t": 30, "b": 44},
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "hovermode": "closest",
    }
