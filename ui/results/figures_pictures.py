"""Pictures in the form of their papers: fixed points in the space of the states, a tree of words, a coloured text."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from ui.charts.colours import colour_bar, faint
from ui.charts.race import LEGEND
from ui.charts.symbols import label, width

if TYPE_CHECKING:
    from ui.network.results.record import Picture, Trial
    from ui.theme import Theme

    Translate = Callable[[str], str]

TURN, TILT = math.radians(25), math.radians(20)  # from where the space is seen
AWAY = 0.35  # of an axis' length: so far the axes stand before everything else
ROW = 17  # pixels of a word, or of a line of the text
LETTER = 7.2  # pixels of a letter of a word
TREE = 220  # pixels of the tree beside its words, on a phone; more elsewhere
TICKS = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9])
STRONG = 0.55  # from here on a colour is so dark, or so bright, that letters have that of the page


def picture(
    given: "Picture", trial: "Trial", titles: Mapping[str, str], *, theme: "Theme", translate: "Translate"
) -> go.Figure:
    """The picture of a trial. titles : in English, of what is drawn, by its name."""
    kinds = {"fixed_points": _fixed_points, "tree": _tree, "text": _text}
    return kinds[given.kind](trial, titles, theme, translate)


def _seen(x: Sequence[float], y: Sequence[float], z: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Places of the space on the plane, seen from TURN and TILT."""
    a, b, c = (np.asarray(column, float) for column in (x, y, z))
    across = a * math.cos(TURN) - b * math.sin(TURN)
    ahead = a * math.sin(TURN) + b * math.cos(TURN)
    return across, c * math.cos(TILT) + ahead * math.sin(TILT)


def _lines(columns: Sequence[Sequence[float]]) -> tuple[np.ndarray, np.ndarray]:
    """Lines through the rows of one number each, with a gap between two."""
    across, up = _seen(*columns[:3])
    begins = np.flatnonzero(np.diff(columns[3])) + 1
    return np.insert(across, begins, np.nan), np.insert(up, begins, np.nan)


def _fixed_points(trial: "Trial", titles: Mapping[str, str], theme: "Theme", _: "Translate") -> go.Figure:
    points = trial.parts["points"].columns
    across, up = _lines(trial.parts["states"].columns)
    traces: list[dict[str, Any]] = [_line(across, up, faint(theme.faded, 0.55), 1, _("states of some sequences"))]
    leaving = trial.parts["leaving"].columns
    if leaving:
        across, up = _lines(leaving)
        traces.append(_line(across, up, theme.held_out, 3, _("direction in which states leave")))
    x, y = _seen(*points[:3])
    kinds = np.asarray(points[3], int)
    looks = (
        (theme.ink, "circle"),
        (theme.right, "diamond"),
        (theme.gradient, "square"),
        (theme.held_out, "circle-open"),
    )
    for kind, (colour, symbol) in enumerate(looks):
        own = kinds == kind
        if own.any():
            traces.append({
                "type": "scatter", "mode": "markers", "x": x[own], "y": y[own], "name": _(titles[f"unstable_{kind}"]),
                "marker": {"size": 11, "color": colour, "symbol": symbol, "line": {"color": colour, "width": 2}},
                "hovertemplate": _(titles[f"unstable_{kind}"]) + "<extra></extra>", "meta": {"cloud": True},
            })  # fmt: skip
    reach = 0.35 * max(np.ptp(np.asarray(column)) for column in trial.parts["states"].columns[:3])
    corner = [min(trial.parts["states"].columns[axis]) - AWAY * reach for axis in range(3)]
    ends = [[corner[axis] + reach * (axis == number) for axis in range(3)] for number in range(3)]
    rows = np.array([place for end in ends for place in (corner, end, [math.nan] * 3)])
    across, up = _seen(*rows.T)
    traces.append(_line(across, up, theme.faded, 1.5, "") | {"showlegend": False})
    across, up = _seen(*np.array(ends).T)
    traces.append({
        "type": "scatter", "mode": "text", "x": across, "y": up, "text": ["PC1", "PC2", "PC3"],
        "textposition": "top center", "textfont": {"size": 11, "color": theme.faded}, "hoverinfo": "skip",
        "showlegend": False,
    })  # fmt: skip
    layout = _layout(theme, 460, "fixed points") | {
        "margin": {"l": 8, "r": 8, "t": 84, "b": 8},
        "xaxis": {"visible": False, "range": _range(traces, "x")},
        "yaxis": {"visible": False, "range": _range(traces, "y")},
    }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _tree(trial: "Trial", titles: Mapping[str, str], theme: "Theme", _: "Translate") -> go.Figure:
    joins = np.asarray(trial.parts["joins"].columns).T  # (n - 1, 8)
    (classes,), words = trial.parts["leaves"]
    gap = np.full((len(joins), 1), np.nan)
    y, x = (np.concatenate([part, gap], axis=1).ravel() for part in (joins[:, :4], joins[:, 4:]))
    top = 1.04 * float(joins[:, 4:].max())
    traces = [_line(x, y, theme.ink, 1.2, "") | {"showlegend": False}]
    names = [label(word) for word in words]
    known = trial.parts["classes"].texts
    for number, name in enumerate((*known, _("others"))):
        own = [place for place, one in enumerate(classes) if int(one) % (len(known) + 1) == number]
        colour = theme.wrong if number == len(known) else theme.kinds[number]
        traces.append({
            "type": "scatter", "mode": "markers+text", "x": np.zeros(len(own)), "y": own, "name": name,
            "marker": {"size": 8, "color": colour}, "text": [f" {names[place]}" for place in own],
            "textposition": "middle right", "textfont": {"size": 12, "family": theme.mono, "color": theme.ink},
            "hoverinfo": "skip",
        })  # fmt: skip
    room = top * LETTER * (2 + max(map(width, names))) / TREE  # for the words, right of 0
    ticks = [tick for tick in TICKS * 10.0 ** math.floor(math.log10(top)) if tick < top]
    layout = _layout(theme, ROW * len(words) + 120, "tree") | {
        "margin": {"l": 10, "r": 8, "t": 84, "b": 40},
        "xaxis": {"range": [top, -room], "showgrid": True, "fixedrange": True, "tickvals": ticks,
                  "ticktext": [f"{tick:g}" for tick in ticks],
                  "title": {"text": _("distance at which they join (average linkage)"), "standoff": 4}},
        "yaxis": {"range": [len(words) - 0.4, -0.6], "showticklabels": False, "fixedrange": True},
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _text(trial: "Trial", titles: Mapping[str, str], theme: "Theme", _: "Translate") -> go.Figure:
    rows: list[list[float]] = []
    letters: list[tuple[int, int, str]] = []
    headings: list[tuple[int, str]] = []
    tones: list[str] = []
    for kind, title in titles.items():
        (values,), symbols = trial.parts[kind]
        headings.append((len(rows), _(title)))
        rows.append([])
        line: list[float] = []
        for value, symbol in zip(values, symbols, strict=True):
            if symbol == "\n":
                rows.append(line)
                line = []
            else:
                if symbol != " ":
                    letters.append((len(line), len(rows), label(symbol)))
                    tones.append(theme.background if abs(value) > STRONG else theme.ink)
                line.append(value)
    columns = max(map(len, rows))
    table = np.full((len(rows), columns), np.nan)
    for number, line in enumerate(rows):
        table[number, : len(line)] = line
    heat = {
        "type": "heatmap", "z": table, "zmin": -1, "zmax": 1, "colorscale": [list(stop) for stop in theme.diverging],
        "colorbar": colour_bar([-1, 0, 1]), "hovertemplate": "%{z:.2f}<extra></extra>",
    }  # fmt: skip
    text = {
        "type": "scatter", "mode": "text", "x": [x for x, _y, _s in letters], "y": [y for _x, y, _s in letters],
        "text": [symbol for _x, _y, symbol in letters], "hoverinfo": "skip",
        "textfont": {"family": theme.mono, "size": 12, "color": tones},
    }  # fmt: skip
    bare = {"visible": False, "fixedrange": True}
    layout = _layout(theme, ROW * len(rows) + 24, "text") | {
        "margin": {"l": 8, "r": 34, "t": 8, "b": 8},
        "showlegend": False,
        "xaxis": bare | {"range": [-0.5, columns - 0.5]},
        "yaxis": bare | {"range": [len(rows) - 0.5, -0.5]},
        "annotations": [
            {"text": title, "x": 0, "xref": "paper", "xanchor": "left", "y": row, "yref": "y", "yanchor": "middle",
             "showarrow": False, "font": {"size": 12, "color": theme.faded}}
            for row, title in headings
        ],
    }  # fmt: skip
    return go.Figure({"data": [heat, text], "layout": layout}, _validate=False)


def _line(x: np.ndarray, y: np.ndarray, colour: str, width: float, name: str) -> dict[str, Any]:
    line = {"color": colour, "width": width}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": name, "line": line, "hoverinfo": "skip"}


def _range(traces: Sequence[Mapping[str, Any]], axis: str) -> list[float]:
    """Ends that hold everything, with some room."""
    values = np.concatenate([np.asarray(trace[axis], float) for trace in traces])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return [low - 0.07 * (high - low), high + 0.07 * (high - low)]


def _layout(theme: "Theme", height: int, name: str) -> dict[str, Any]:
    return {
        "template": theme.template,
        "height": height,
        "showlegend": True,
        "legend": LEGEND,
        "hovermode": "closest",
        "uirevision": name,
    }
