"""Figures of the page “Gradients”: who depends on whom (the matrix), how that decays, the path back from one loss.

The matrix is made from a GradientFlow, the others from a GradientAnalysis and its BackwardPath; `FigureStyle` says how.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from ui.charts import staves
from ui.charts.colours import colour_bar, faint
from ui.charts.formatting import power_of_ten, short
from ui.charts.limits import decades, limits, round_up
from ui.charts.reference_lines import upright_line
from ui.charts.stack import stack
from ui.charts.staves import Stave

if TYPE_CHECKING:
    from ui.gradients.analysis import BackwardPath, GradientAnalysis, GradientFlow
    from ui.i18n import Translate
    from ui.theme import Theme

LEFT = 58  # pixels for the labels of the y axes of figures that have no symbols there


class FigureStyle(NamedTuple):
    """Style of the figures."""

    theme: "Theme"
    vocabulary: tuple[str, ...] | None
    letter: str  # of the state: s or h
    translate: "Translate"
    before: tuple[int, int] | None = None  # decades that the matrix has shown so far


def state_letter(style: FigureStyle) -> str:
    """The state's letter with its step."""
    return f"{style.letter}<sub>k</sub>"


def matrix(measured: "GradientFlow", t: int, inputs: np.ndarray, k: int | None, style: FigureStyle) -> go.Figure:
    """G[t, k], the inputs that the chosen loss depends on, what training gets for each step, and |f'| or the gates.

    t : the step of that loss. inputs (T,) : ||d loss_t / d x_k||. k : the chosen state.
    """
    theme, _ = style.theme, style.translate
    letters = {"input": "x<sub>k</sub>", "state": state_letter(style)}
    ranges = limits(measured.trace, measured.stack)
    context = staves.Context(measured.trace, style.vocabulary, measured.stack, theme, letters, ranges, _)
    shown = [_flow(measured, t, k, style), staves.inputs(context), _connections(t, inputs, style)]
    shown += [staves.gradient(context), _slopes(measured, style)]
    axis = {
        "range": [-0.5, measured.steps - 0.5],
        "title": {"text": _("state at step k"), "standoff": 4},
        "tickformat": "d",
        "nticks": min(measured.steps, 14) + 1,
    }
    name = f"matrix {measured.steps}"
    return stack(shown, theme=theme, left=LEFT, axis=axis, name=name, selectable=True)


def _flow(measured: "GradientFlow", t: int, k: int | None, style: FigureStyle) -> Stave:
    theme, _ = style.theme, style.translate
    low, high = decades(measured.flow, style.before)
    losses = measured.losses if measured.losses.size else np.array([measured.steps - 1])
    rows = np.arange(losses[0], losses[-1] + 1)  # a task with one loss, at its end, has one row
    shown = np.where(measured.used & (measured.flow > 0), measured.flow, np.nan)[rows]
    hover = _("loss of step %{y}, state of step %{x}: norm 10^%{z:.2f}") + "<extra></extra>"
    heat = _log_heat(shown, low, high, theme, hover) | {"y": rows, "meta": "flow"}  # the browser chooses here
    chosen = {
        "type": "scatter",
        "mode": "markers",
        "x": [] if k is None else [k],
        "y": [] if k is None else [t],
        "hoverinfo": "skip",
        "marker": {"symbol": "square-open", "size": 11, "color": theme.held_out, "line": {"width": 2}},
    }
    row = {
        "type": "scatter",
        "mode": "lines",
        "x": [-0.5, measured.steps - 0.5],
        "y": [t, t],
        "hoverinfo": "skip",
        "line": {"color": theme.held_out, "width": 1, "dash": "dot"},
    }
    heading = _("‖∂L<sub>t</sub>/∂{state}‖ (log): how much the loss of step t (down) depends on each state").format(
        state=state_letter(style)
    )
    few = len(rows) < 5
    axis = {
        "range": [rows[-1] + 0.5, rows[0] - 0.5],
        "title": {"text": "t" if few else _("loss at step t"), "standoff": 6},
        "tickformat": "d",
        "nticks": min(len(rows), 8) + 1,
    }
    if few:
        axis |= {"tickvals": rows, "ticktext": [str(row) for row in rows]}
        heat["showscale"] = len(rows) > 2
    height = 16 * len(rows) + 12 if few else max(200, min(340, 11 * len(rows)))
    return Stave(heading, height, [heat, row, chosen], axis)


def _connections(t: int, inputs: np.ndarray, style: FigureStyle) -> Stave:
    """Which inputs the loss of the chosen step depends on: one strip under the text."""
    _ = style.translate
    strip = np.where(inputs > 0, inputs, np.nan)[None, :]
    low, high = decades(inputs)
    hover = _("input of step %{x}: norm 10^%{z:.2f}") + "<extra></extra>"
    heading = _("‖∂L<sub>t</sub>/∂x<sub>k</sub>‖ (log): the inputs that the loss of step t = {t} depends on").format(
        t=t
    )
    heat = _log_heat(strip, low, high, style.theme, hover) | {"showscale": False}  # a strip is too low for a scale
    return Stave(heading, 22, [heat], {"range": [0.5, -0.5], "visible": False})


def _slopes(measured: "GradientFlow", style: FigureStyle) -> Stave:
    """Factor of each unit on the gradient."""
    _, units = style.translate, measured.slopes.shape[1]
    headings = {
        "": _("|f′| of each unit: the factor by which it multiplies the gradient"),
        "f": _("forget gate f: the factor by which each cell multiplies the gradient"),
        "z": _("update gate z: the share that each unit passes on unchanged"),
    }
    heat = {
        "type": "heatmap",
        "z": np.ascontiguousarray(measured.slopes.T, np.float32),
        "colorscale": [list(stop) for stop in style.theme.sequential],
        "zmin": 0,
        "zmax": 1,
        "xgap": 1,
        "colorbar": colour_bar([0, 1]),
        "hovertemplate": _("step %{x}, unit %{y}: %{z:.3f}") + "<extra></extra>",
    }
    axis = {"range": [units - 0.5, -0.5], "tickvals": [0, units - 1] if units > 1 else [0]}
    return Stave(headings[measured.carrier], max(56, min(110, 3 * units)), [heat], axis)


def decay(measured: "GradientAnalysis", style: FigureStyle) -> go.Figure:
    """The gradient against the lag: mean and spread over the losses, the fitted line, the reach, the bound."""
    theme, _, found = style.theme, style.translate, measured.decay
    lags = np.arange(measured.steps)
    fitted = found.level * found.factor**lags if np.isfinite(found.factor) else np.full(len(lags), np.nan)
    shown = [found.mean, found.high, fitted]
    bound = np.full(len(lags), np.nan)
    if measured.bounded:
        with np.errstate(over="ignore"):
            bound = measured.largest**lags
    low, high = decades(np.concatenate(shown))
    there = np.isfinite(found.high)
    outline = np.concatenate([lags[there], lags[there][::-1]])
    floor = 10.0**low
    band = np.concatenate([found.high[there], np.maximum(found.low[there], floor)[::-1]])
    hover = _("lag %{x}: %{y:.2e}") + "<extra></extra>"
    fit = _("fitted: × {factor} per step").format(factor=short(found.factor))
    traces = [
        {"type": "scatter", "mode": "lines", "x": outline, "y": np.maximum(band, floor), "fill": "toself",
         "fillcolor": faint(theme.gradient), "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False},
        _line(lags, found.mean, theme.gradient, _("mean of the losses"), hover),
        _line(lags, fitted, theme.ink, fit, hover, "dot"),
    ]  # fmt: skip
    if measured.bounded:
        traces.append(_line(lags, bound, theme.held_out, _("bound σ<sub>max</sub>(W)<sup>lag</sup>"), hover, "dash"))
    reached = [(level, lag) for level, lag in ((0.5, found.half), (0.01, found.hundredth)) if lag is not None]
    last = measured.steps - 1
    layout = {
        "template": theme.template,
        "height": 270,
        "margin": {"l": LEFT, "r": 8, "t": 44, "b": 40},
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 11}},
        "hovermode": "closest",
        "uirevision": f"decay {measured.steps}",
        "xaxis": {"range": [0, max(1, last)], "tickformat": "d",
                  "title": {"text": _("lag: steps between loss and state"), "standoff": 4}},
        "yaxis": {"type": "log", "range": [low, high], "dtick": max(1, round((high - low) / 5)), "showgrid": True,
                  "exponentformat": "power", "title": {"text": _("ratio to lag 0 (log)"), "standoff": 6}},
        "shapes": [upright_line(lag, theme) for _level, lag in reached],
        "annotations": [_mark(f"{level:.0%}", lag, lag > 0.85 * last, high, theme) for level, lag in reached],
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def backward_path(measured: "GradientAnalysis", path: "BackwardPath", k: int | None, style: FigureStyle) -> go.Figure:
    """From one loss back through the states: the gradient, the derivative of the states, and each step's factor."""
    theme, _, letter = style.theme, style.translate, style.letter
    spread = np.concatenate([path.norms, path.values[:, 0], path.bound if measured.carrier else path.norms])
    spread = spread if path.cells is None else np.concatenate([spread, path.cells])
    low, high = decades(spread)
    colours = {"norms": theme.gradient, "values": theme.training, "bound": theme.held_out}
    heading = _coloured(
        [
            (colours["norms"], f"‖∂L<sub>{path.t}</sub>/∂{state_letter(style)}‖"),
            (colours["values"], f"‖∂{letter}<sub>{path.t}</sub>/∂{state_letter(style)}‖"),
            (
                colours["bound"],
                _("the gates alone") if measured.carrier else _("bound σ<sub>max</sub>(W)<sup>t−k</sup>"),
            ),
            *([] if path.cells is None else [(theme.right, f"‖∂L<sub>{path.t}</sub>/∂c<sub>k</sub>‖")]),
        ]
    )
    hover = _("step %{x}: %{y:.2e}") + "<extra></extra>"
    log = {"type": "log", "range": [low, high], "dtick": max(1, round((high - low) / 4)), "showgrid": True}
    curves = [
        _line(path.steps, path.bound, colours["bound"], "", hover, "dash"),
        _line(path.steps, path.values[:, 0], colours["values"], "", hover),
        _line(path.steps, _positive(path.norms), colours["norms"], "", hover),
    ]
    if path.cells is not None:
        curves.append(_line(path.steps, _positive(path.cells), theme.right, "", hover))
    if k is not None and k in path.steps:
        at = int(np.flatnonzero(path.steps == k)[0])
        curves.append(
            {"type": "scatter", "mode": "markers", "x": [k], "y": [path.norms[at]], "hoverinfo": "skip",
             "marker": {"size": 8, "color": theme.held_out}}
        )  # fmt: skip
    shown = [Stave(heading, 130, curves, log | {"exponentformat": "power"}), _singular(measured, path, style)]
    shown.append(_factors(measured, path, style))
    axis = {
        "range": [-0.5, measured.steps - 0.5],
        "title": {"text": _("state at step k"), "standoff": 4},
        "tickformat": "d",
        "nticks": min(measured.steps, 14) + 1,
    }
    return stack(shown, theme=theme, left=LEFT, axis=axis, name=f"path {measured.steps}")


def _singular(measured: "GradientAnalysis", path: "BackwardPath", style: FigureStyle) -> Stave:
    """All singular values of d s_t / d s_k: a row for each, the largest on top."""
    _, count = style.translate, path.values.shape[1]
    table = np.full((count, measured.steps), np.nan)
    table[:, path.steps] = path.values.T
    top = max(1, int(np.ceil(np.log10(max(np.nanmax(path.values[:, 0], initial=1e-300), 1e-300)))))
    hover = _("step %{x}, singular value %{y}: 10^%{z:.2f}") + "<extra></extra>"
    heading = _("all {count} singular values of ∂{letter}<sub>{t}</sub>/∂{state} (log)").format(
        count=count, letter=style.letter, t=path.t, state=state_letter(style)
    )
    axis = {"range": [count - 0.5, -0.5], "tickvals": [0, count - 1] if count > 1 else [0]}
    heat = _log_heat(_positive(table), top - 8, top, style.theme, hover)
    return Stave(heading, max(56, min(100, 3 * count)), [heat], axis)


def _factors(measured: "GradientAnalysis", path: "BackwardPath", style: FigureStyle) -> Stave:
    """The largest singular value of each step's own Jacobian; below it, of W."""
    theme, _ = style.theme, style.translate
    hover = _("from step %{x} on: %{y:.3f}") + "<extra></extra>"
    line = _line(path.steps, path.factors, theme.ink, "", hover) | {"mode": "lines+markers"}
    line["marker"] = {"size": 4, "color": theme.ink}
    pieces = [line]
    top = np.nanmax(path.factors, initial=1.0)
    if not measured.carrier:
        level = np.full(measured.steps, measured.largest)
        pieces.append(_line(np.arange(measured.steps), level, theme.held_out, "", hover, "dash"))
        top = max(top, measured.largest)
    names = {"": "W·diag f′"}
    heading = _("each step's factor {name}: its largest singular value").format(
        name=names.get(measured.carrier, f"∂{style.letter}/∂{style.letter}′")
    )
    return Stave(heading, 70, pieces, {"range": [0, round_up(1.05 * float(top))], "nticks": 4, "showgrid": True})


def _coloured(pieces: Iterable[tuple[str, str]]) -> str:
    """A heading that is its own legend."""
    return "   ".join(f'<span style="color:{colour}">{text}</span>' for colour, text in pieces)


def _positive(numbers: np.ndarray) -> np.ndarray:
    """Values that a log axis can show; the rest leaves a gap."""
    return np.where(numbers > 0, numbers, np.nan)


def _log_heat(table: np.ndarray, low: int, high: int, theme: "Theme", hover: str) -> dict[str, Any]:
    """A heat map of the powers of ten of a table."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(table)
    middle = (low + high) // 2
    ticks = sorted({low, middle, high})
    return {
        "type": "heatmap",
        "z": np.ascontiguousarray(logs, np.float32),
        "colorscale": [list(stop) for stop in theme.sequential],
        "zmin": low,
        "zmax": high,
        "xgap": 1,
        "colorbar": colour_bar(ticks, [power_of_ten(tick) for tick in ticks]),
        "hovertemplate": hover,
    }


def _line(x: np.ndarray, y: np.ndarray, colour: str, name: str, hover: str, dash: str = "solid") -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.asarray(x),
        "y": np.asarray(y, np.float64),
        "name": name,
        "line": {"color": colour, "width": 1.5, "dash": dash},
        "hovertemplate": hover,
    }


def _mark(text: str, x: float, leftwards: bool, top: float, theme: "Theme") -> dict[str, Any]:
    """The name of such a line, at its upper end; leftwards of it near the right border."""
    return {
        "text": text,
        "x": x,
        "xref": "x",
        "xanchor": "right" if leftwards else "left",
        "y": top,
        "yref": "y",
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": 11, "color": theme.faded},
    }
