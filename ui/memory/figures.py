"""Figures of the page “Memory”: all units at one symbol, a network beside itself with something changed, how long a
change lasts."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from rnn_core.analysis.memory import MemoryCurve
from ui.charts.limits import round_up
from ui.charts.stack import stack
from ui.charts.staves import Stave
from ui.charts.symbols import labels, width

if TYPE_CHECKING:
    from ui.i18n import Translate
    from ui.memory.interventions import Comparison
    from ui.theme import Theme

BINS = 30  # of a distribution
LEAST = 5  # symbols behind a mean
SHARES = ("i", "f", "o", "r", "z")  # gates between 0 and 1
BOUNDED = ("g", "n")  # between -1 and 1


def bounds(values: np.ndarray, quantity: str) -> tuple[float, float]:
    """The ends of a scale: 0..1 for a gate that is a share, else a round number on either side of zero.

    >>> bounds(np.array([[0.2, 0.4]]), "f"), bounds(np.array([[-0.2, 2.6]]), "cell")
    ((0.0, 1.0), (-3.0, 3.0))
    """
    if quantity in SHARES:
        return 0.0, 1.0
    finite = values[np.isfinite(values)]
    most = 1.0 if quantity in BOUNDED else round_up(float(np.quantile(np.abs(finite), 0.999))) if finite.size else 1.0
    return -most, most


def bounds_of_units(values: np.ndarray, quantity: str, bounded: bool) -> np.ndarray:
    """(H, 2): the ends of each unit's colour scale; where the numbers have no bounds, each unit has a scale of its own.

    values (N, H). bounded : whether hidden states lie between -1 and 1.

    >>> bounds_of_units(np.array([[0.5, 20.0], [0.1, -3.0]]), "cell", True).tolist()
    [[-0.5, 0.5], [-20.0, 20.0]]
    """
    if quantity in SHARES or quantity in BOUNDED or (quantity == "hidden" and bounded):
        ends = (0.0, 1.0) if quantity in SHARES else (-1.0, 1.0)
        return np.tile(ends, (values.shape[1], 1))
    most = np.maximum(values.max(axis=0), -values.min(axis=0))
    return np.array([(-end, end) for end in map(round_up, most.tolist())])


def scale_of(low: float, theme: "Theme") -> list[list[Any]]:
    """The colours between the bounds: about zero, or from nothing to one."""
    return [list(stop) for stop in (theme.diverging if low < 0 else theme.sequential)]


def units(
    values: np.ndarray,
    order: np.ndarray,
    low: float,
    high: float,
    quantity: str,
    *,
    theme: "Theme",
    translate: "Translate",
) -> go.Figure:
    """All units at one symbol: values (H,) in this order."""
    _ = translate
    shown, count = values[order], len(order)
    trace = {
        "type": "bar",
        "x": np.arange(count),
        "y": shown,
        "marker": {"color": theme.training},
        "hovertemplate": _("unit") + " %{x}: %{y:.4f}<extra></extra>",
    }
    layout = {
        "template": theme.template,
        "height": 190,
        "margin": {"l": 52, "r": 12, "t": 6, "b": 40},
        "showlegend": False,
        "hovermode": "closest",
        "bargap": 0.2,
        "uirevision": f"units {count}",
        "meta": {"selectable": True},
        "xaxis": {
            "range": [-0.5, count - 0.5],
            "tickvals": list(range(count)),
            "ticktext": [str(unit) for unit in order],
            "title": {"text": _("unit, in the order chosen")},
        },
        "yaxis": {"range": [low, high], "title": {"text": quantity}, "showgrid": True},
    }
    return go.Figure({"data": [trace], "layout": layout}, _validate=False)


def changed(shown: "Comparison", quantity: str, *, theme: "Theme", translate: "Translate") -> go.Figure:
    """Units without a change, with it, and their difference; its effect on the outputs and on the loss.

    quantity : name of the quantity of the units.
    """
    _ = translate
    steps = np.arange(shown.begin, shown.end)
    low, high = shown.low, shown.high
    difference = shown.after - shown.before
    most = round_up(float(np.abs(difference).max(initial=0))) or 1.0
    height = max(64, min(150, 4 * shown.before.shape[1]))

    def table(heading: str, values: np.ndarray, low: float, high: float) -> Stave:
        heat = {
            "type": "heatmap",
            "x": steps,
            "z": np.ascontiguousarray(values.T),
            "zmin": low,
            "zmax": high,
            "colorscale": scale_of(low, theme),
            "colorbar": {"thickness": 10, "nticks": 3, "outlinewidth": 0},
            "hovertemplate": _("symbol %{x}, unit %{y}: %{z:.4f}") + "<extra></extra>",
        }
        axis = {"nticks": 4, "title": {"text": _("unit")}}
        return Stave(heading, height, [heat], axis)

    def line(values: np.ndarray, colour: str, name: str) -> dict[str, Any]:
        return {
            "type": "scatter",
            "mode": "lines+markers",
            "marker": {"size": 3},
            "x": steps,
            "y": values,
            "line": {"color": colour, "width": 1.5},
            "hovertemplate": _("symbol") + " %{x}: %{y:.4f}<extra>" + name + "</extra>",
        }

    def row(ids: np.ndarray, colour: str) -> dict[str, Any]:
        symbols, note = labels(ids, shown.vocabulary), _("too narrow for all symbols: zoom in")
        return {
            "type": "scatter",
            "mode": "text",
            "x": steps,
            "y": np.zeros(len(steps)),
            "text": symbols,
            "textfont": {"family": theme.mono, "size": 13, "color": colour},
            # the browser fits them
            "meta": {"columns": len(steps), "letters": max(map(width, symbols)), "note": note},
            "hoverinfo": "skip",
        }

    hidden_axis = {"range": [-0.5, 0.5], "visible": False}
    staves = [Stave(_("read"), 20, [row(shown.ids, theme.ink)], hidden_axis)]
    if not np.array_equal(shown.ids, shown.changed_ids):
        staves.append(Stave(_("read after the change"), 20, [row(shown.changed_ids, theme.held_out)], hidden_axis))
    effect = float(shown.divergence[np.isfinite(shown.divergence)].max(initial=0))
    losses = shown.loss[np.isfinite(shown.loss)]
    loss = round_up(float(np.abs(losses).max(initial=0))) or 1.0
    staves += [
        Stave(
            _("change of the prediction (Kullback–Leibler divergence, nats)"),
            70,
            [line(shown.divergence, theme.gradient, "KL")],
            {"range": [0, round_up(effect) or 1.0], "nticks": 3, "showgrid": True, "title": {"text": _("nats")}},
        ),
        Stave(
            _("change of the loss (above 0: worse)"),
            70,
            [line(shown.loss, theme.held_out, _("loss"))],
            {"range": [-loss, loss], "nticks": 3, "showgrid": True, "title": {"text": _("nats")}},
        ),
        table(_("{quantity}, unchanged").format(quantity=quantity), shown.before, low, high),
        table(_("changed"), shown.after, low, high),
        table(_("difference"), difference, -most, most),
    ]
    axis = {"range": [shown.begin - 0.5, shown.end - 0.5], "title": {"text": _("symbol number")}}
    figure = stack(staves, theme=theme, left=58, axis=axis, name=f"changed {shown.begin} {shown.end}")
    figure.layout.shapes = [_upright(shown.at - 0.5, theme)]
    return figure


def agreement(
    values: np.ndarray,
    numbers: np.ndarray,
    binary: bool,
    quantity: str,
    name: str,
    *,
    theme: "Theme",
    translate: "Translate",
) -> go.Figure:
    """Relation of a unit to a property. values (N,) of the unit, numbers (N,) of the property, which has this name.

    A question of yes and no: the unit's distribution at either answer. A number: the unit's mean and quartiles at each.
    """
    _ = translate
    if binary:
        edges = np.linspace(values.min(), max(values.max(), values.min() + 1e-6), BINS + 1)
        middles = (edges[1:] + edges[:-1]) / 2
        answers = ((1, name, theme.held_out), (0, _("elsewhere"), theme.training))
        traces = []
        for answer, label, colour in answers:
            here = values[numbers == answer]
            share = np.histogram(here, edges)[0] / max(1, len(here))
            traces.append(_curve(middles, share, label, colour, "%{x:.3f}: %{y:.1%}"))
        across, down = quantity, _("share of the symbols")
    else:
        levels, group = np.unique(np.round(numbers), return_inverse=True)
        kept = np.bincount(group) >= LEAST
        rows = [values[group == place] for place in np.flatnonzero(kept)]
        mean = [float(row.mean()) for row in rows]
        low, high = ([float(np.quantile(row, share)) for row in rows] for share in (0.25, 0.75))
        levels = levels[kept]
        traces = [
            _curve(levels, mean, _("mean"), theme.held_out, "%{x}: %{y:.3f}"),
            _curve(levels, low, _("quartiles"), theme.faded, "%{x}: %{y:.3f}"),
            _curve(levels, high, "", theme.faded, "%{x}: %{y:.3f}") | {"showlegend": False},
        ]
        across, down = name, quantity
    layout = {
        "template": theme.template,
        "height": 260,
        "margin": {"l": 62, "r": 20, "t": 30, "b": 44},
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "showlegend": True,
        "hovermode": "closest",
        "uirevision": f"{name} {quantity}",
        "xaxis": {"title": {"text": across}},
        "yaxis": {"title": {"text": down}, "showgrid": True},
    }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _curve(x: ArrayLike, y: ArrayLike, name: str, colour: str, hover: str) -> dict[str, Any]:
    """A line with its points."""
    line, marker = {"color": colour, "width": 1.5}, {"size": 4}
    return {
        "type": "scatter", "mode": "lines+markers", "x": np.asarray(x), "y": np.asarray(y), "name": name, "line": line,
        "marker": marker, "hovertemplate": hover + "<extra></extra>",
    }  # fmt: skip


def curves(
    measured: Mapping[str, MemoryCurve],
    others: Sequence[tuple[str, Mapping[str, MemoryCurve]]],
    *,
    theme: "Theme",
    translate: "Translate",
) -> go.Figure:
    """Memory curves: effect of a change against the steps since then. measured : kind of change -> its curve.

    others : (name, the same) of up to three other networks, drawn dashed: where another symbol was read.
    """
    _ = translate
    names = {"symbol": _("another symbol read"), "state": _("memory emptied")}
    colours = {"symbol": theme.training, "state": theme.held_out}
    traces, top, reach, worst = [], 1e-3, 1, 0.0
    hover = _("{lag} symbols later: {value} nats").format(lag="%{x}", value="%{y:.3g}") + "<extra></extra>"
    drawn = [(curve, names[kind], {"color": colours[kind], "width": 2}) for kind, curve in measured.items()]
    for (name, known), dash in zip(others, ("dash", "dot", "dashdot"), strict=False):
        drawn.append((known["symbol"], name, {"color": colours["symbol"], "width": 1.5, "dash": dash}))
    for curve, name, style in drawn:
        lags = np.arange(len(curve.mean))
        top, reach = max(top, float(curve.mean.max())), max(reach, len(lags))
        worst = max(worst, float(np.abs(curve.loss).max()))
        line: dict[str, Any] = {
            "type": "scatter",
            "mode": "lines" if "dash" in style else "lines+markers",
            "marker": {"size": 4},
            "x": lags,
            "name": name,
            "line": style,
            "hovertemplate": hover,
        }
        traces.append(line | {"y": np.where(curve.mean > 0, curve.mean, np.nan)})
        traces.append(line | {"y": curve.loss, "yaxis": "y2", "showlegend": False})
    ceiling, most = float(np.ceil(np.log10(top) + 0.1)), round_up(worst)
    lines = 16 * len(others)  # pixels: on a phone each has a line of the legend to itself
    layout = {
        "template": theme.template,
        "height": 400 + lines,
        "margin": {"l": 66, "r": 20, "t": 30 + lines, "b": 44},
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "showlegend": True,
        "hovermode": "closest",
        "uirevision": "curves",
        "xaxis": {"range": [-0.5, reach - 0.5], "title": {"text": _("symbols since the change")}, "anchor": "y2"},
        "yaxis": {
            "domain": [0.42, 1],
            "type": "log",
            "range": [ceiling - 5, ceiling],
            "exponentformat": "power",
            "showgrid": True,
            "title": {"text": _("prediction: KL (nats, log)")},
        },
        "yaxis2": {
            "domain": [0, 0.34],
            "range": [-most, most],
            "nticks": 3,
            "showgrid": True,
            "title": {"text": _("loss: change (nats)")},
        },
    }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _upright(x: float, theme: "Theme") -> dict[str, Any]:
    """A line through all staves."""
    line = {"color": theme.marked, "width": 1, "dash": "dot"}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}
