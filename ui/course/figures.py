"""Charts that lessons have in common: a guess beside the measured value, and a network while it trains."""

import math
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from ui.charts.limits import decades, round_up
from ui.charts.race import LEGEND, layout_of, log_axis, solid_line, x_axis
from ui.charts.score import score

if TYPE_CHECKING:
    from ui.theme import Theme

Translate = Callable[[str], str]
Row = tuple[str, float | None, float | None]  # name, guess, measured value
Point = tuple[float, float]  # x, row
HEIGHT = 320  # pixels
GUESS, DOT = 16, 9  # pixels of marks: where a guess is right, the dot lies within the diamond
LETTERS = 13  # pixels of axes and legends: to be read beside the text, on a phone and from the last row
EDGE = 0.05  # of an axis, beyond either end: a diamond there is whole, and covers no name
WIDE = 7.6  # pixels of a letter of that size, at most


def chart_layout(theme: "Theme", height: int, revision: str) -> dict[str, Any]:
    """The layout of a chart of the course, with letters as large as those beside it."""
    layout, font = layout_of(theme, height, revision), {"size": LETTERS, "color": theme.faded}
    themed = theme.template["layout"]
    axis = themed["xaxis"] | {"tickfont": font, "title": {"font": font}}
    return layout | {
        "template": {"layout": themed | {"xaxis": axis, "yaxis": axis}},
        "legend": LEGEND | {"font": {"size": LETTERS}},
        "margin": layout["margin"] | {"l": 60, "b": 48},
    }


def guessed_numbers(
    rows: Sequence[Row],
    *,
    title: str,
    theme: "Theme",
    translate: Translate,
    bounds: tuple[float, float],
    logarithmic: bool = False,
    spread: Sequence[tuple[float, float] | None] = (),
) -> go.Figure:
    """Guesses and measured values of one quantity, a row for each: hollow diamonds and filled dots.

    title : of the x axis, with its unit. bounds : of the axis. spread : lowest and highest measured value of each row.
    A row that says the same as another is left out.
    """
    ranged: dict[Row, tuple[float, float] | None] = {}
    for row, pair in zip_longest(rows, spread):
        ranged.setdefault(row, pair)
    rows, spread = list(ranged), list(ranged.values())
    names = [name for name, _guess, _measured in rows]
    guesses = [(guess, place) for place, (_name, guess, _measured) in enumerate(rows) if guess is not None]
    measured = [(value, place) for place, (_name, _guess, value) in enumerate(rows) if value is not None]
    gaps = [
        ((guess, place), (value, place))
        for place, (_name, guess, value) in enumerate(rows)
        if guess is not None and value is not None
    ]
    ranges = [((pair[0], place), (pair[1], place)) for place, pair in enumerate(spread) if pair is not None]
    told = bool(guesses) or not measured  # where somebody only tries there is no guess
    traces = [
        segments(gaps, theme.faded, 1, "dot"),
        segments(ranges, theme.training, 6, "solid") | {"opacity": 0.35},
        guess_marks(guesses, theme, translate) | {"showlegend": told},
        measured_marks(measured, theme, translate),
    ]
    layout = chart_layout(theme, max(150, 110 + 56 * len(rows)), "guesses")
    low, high = map(math.log10, bounds) if logarithmic else bounds
    ends = low - EDGE * (high - low), high + EDGE * (high - low)
    layout["xaxis"] = x_axis(title, [*ends], "y")
    if logarithmic:
        layout["xaxis"] |= log_axis(low, high) | {"range": [*ends]}
    layout["yaxis"] = {"range": [len(rows) - 0.4, -0.6], "tickvals": [*range(len(rows))], "ticktext": names,
                       "fixedrange": True}  # fmt: skip
    layout["margin"] = layout["margin"] | {"l": 16 + round(WIDE * max(map(width_of, names), default=0))}
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def guessed_curve(
    x: Sequence[float],
    guess: Sequence[float] | None,
    measured: Sequence[tuple[str, Sequence[float] | np.ndarray]],
    *,
    titles: tuple[str, str],
    bounds: tuple[tuple[float, float], tuple[float, float]],
    logarithmic: bool,
    theme: "Theme",
    translate: Translate,
) -> go.Figure:
    """A curve that was drawn by hand, dashed, beside measured ones.

    measured : (name, values of y); the first is what the guess is compared with. titles, bounds : of x and y.
    logarithmic : whether the y axis is; only then must its bounds be above 0.
    """
    traces = []
    hover = "%{x}: %{y:.3g}<extra></extra>"
    if guess is not None:
        drawn = solid_line(x, guess, theme.held_out, translate("your guess"), "y", hover)
        traces.append(drawn | {"line": {"color": theme.held_out, "width": 2.5, "dash": "dash"}})
    for (name, values), colour in zip(measured, (theme.training, theme.gradient, theme.right), strict=False):
        shown = np.maximum(values, 1e-300) if logarithmic else values  # 0 has no place on a logarithmic axis
        traces.append(solid_line(x, shown, colour, name, "y", hover))
    layout = chart_layout(theme, HEIGHT, "curve")
    layout["xaxis"] = x_axis(titles[0], [*bounds[0]], "y")
    low, high = bounds[1]
    scale = log_axis(math.log10(low), math.log10(high)) if logarithmic else {"range": [low, high], "nticks": 6}
    layout["yaxis"] = {"title": {"text": titles[1], "standoff": 6}, "showgrid": True, **scale}
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def training(shown: Any, theme: "Theme", translate: Translate) -> go.Figure | None:
    """The network while it trains, from the `shown` of a Progress: its score, or its loss so far; None for neither.

    `shown["squared"]`: whether the loss is a squared error, and not in nats.
    """
    if shown.get("trace") is not None:
        return score(shown["trace"], shown.get("vocabulary"), theme=theme, translate=translate)
    if not shown.get("losses") or not len(shown["losses"][0]):
        return None
    updates, losses = map(np.asarray, shown["losses"])
    finite = losses[np.isfinite(losses)]
    top = float(finite.max()) if len(finite) else 1.0
    log = top > 100 * max(float(finite.min()) if len(finite) else 1.0, 1e-12)
    layout = chart_layout(theme, HEIGHT, "training") | {"showlegend": False}
    layout["margin"] = layout["margin"] | {"t": 12}
    layout["xaxis"] = x_axis(translate("update"), [0, round_up(max(1, int(updates[-1])))], "y")
    scale = log_axis(*decades(losses)) if log else {"range": [0, 1.08 * max(top, 1e-3)], "nticks": 6}
    title = translate("squared error") if shown.get("squared") else translate("loss (nats)")
    layout["yaxis"] = {"title": {"text": title, "standoff": 6}, "showgrid": True, **scale}
    line = solid_line(updates, losses, theme.training, translate("loss"), "y", "%{x}: %{y:.3g}<extra></extra>")
    return go.Figure({"data": [line], "layout": layout}, _validate=False)


def width_of(name: str) -> int:
    """Of a name, in Latin letters: a Chinese one takes the room of two."""
    return sum(2 if letter > "\u2e80" else 1 for letter in name)


def guess_marks(points: Sequence[Point], theme: "Theme", translate: Translate) -> dict[str, Any]:
    """Hollow diamonds where something was guessed; what lies below does not shine through."""
    return _marks(points, theme.background, theme.held_out, ("diamond", GUESS), translate("your guess"))


def measured_marks(points: Sequence[Point], theme: "Theme", translate: Translate) -> dict[str, Any]:
    """Filled dots where something was measured."""
    return _marks(points, theme.training, theme.training, ("circle", DOT), translate("measured"))


def _marks(points: Sequence[Point], fill: str, line: str, symbol: tuple[str, int], name: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _row in points],
        "y": [row for _x, row in points],
        "name": name,
        "marker": {"color": fill, "size": symbol[1], "symbol": symbol[0], "line": {"color": line, "width": 2}},
        "hovertemplate": "%{x:.4g}<extra></extra>",
    }


def segments(pieces: Sequence[tuple[Point, Point]], colour: str, width: float, dash: str) -> dict[str, Any]:
    """Straight pieces of one line, each from a point to another."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for (one, _), (other, _) in pieces for x in (one, other, None)],
        "y": [y for (_, one), (_, other) in pieces for y in (one, other, None)],
        "line": {"color": colour, "width": width, "dash": dash},
        "showlegend": False,
        "hoverinfo": "skip",
    }
