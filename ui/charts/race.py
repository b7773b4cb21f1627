"""Curves of several networks in their colours: the loss of each over its updates, and how much it gets right."""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from ui.charts.limits import decades, round_up
from ui.charts.reference_lines import level_line, level_name
from ui.charts.stack import heading

if TYPE_CHECKING:
    from ui.theme import Theme
    from ui.training.history import Curve

LEGEND = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 11}}


class Competitor(Protocol):
    """One network of a race: its losses, its measurements, and the seconds of training that updates took."""

    @property
    def update(self) -> int: ...
    @property
    def curve(self) -> "Curve": ...
    @property
    def accuracy(self) -> Sequence[tuple[int, float]]: ...
    @property
    def clock(self) -> Sequence[tuple[int, float]]: ...


def colours(theme: "Theme") -> tuple[str, ...]:
    """Colours of the networks of a race, in their order."""
    return theme.training, theme.held_out, theme.gradient, theme.right


def race(
    competitors: Sequence[Competitor],
    names: Sequence[str],
    *,
    chance: float,
    best: float | None,
    squared: bool,
    clock: str,
    measure: str,
    theme: "Theme",
    guess: float | None = None,
    log: bool = False,
    translate: Callable[[str], str] = str,
) -> go.Figure:
    """Loss of every update, and below the share of right answers on the held-out batch.

    names : of each network. clock : "updates" or "seconds", the x axis. squared : whether the loss is a squared
    error. measure : what the share is of, in the reader's language.
    guess : the share that is right for one who always gives the same answer. log : whether the loss has a log axis in
    any case.
    """
    log = log or squared or best == 0
    shown = np.concatenate([competitor.curve.loss for competitor in competitors] + [[chance]])
    shown = np.minimum(shown[np.isfinite(shown)], 100 * chance)  # beyond that only the fact matters; the table has it
    low, high = decades(shown) if log else (0.0, math.ceil(2 * 1.05 * shown.max()) / 2)
    low = min(max(low, high - 7), high - 2) if log else low
    loss = translate("loss (nats, log)") if log else translate("loss (nats)")
    loss = translate("squared error (log)") if squared else loss
    unit = translate("update") if clock == "updates" else translate("training time (seconds)")
    end = max(_time(competitor, competitor.update, clock) for competitor in competitors)
    traces, hover = [], "%{x}: %{y:.3g}<extra></extra>"
    for competitor, name, colour in zip(competitors, names, colours(theme), strict=False):
        x = _time(competitor, competitor.curve.update, clock)
        traces.append(solid_line(x, competitor.curve.loss, colour, name, "y", hover))
    for competitor, colour in zip(competitors, colours(theme), strict=False):
        updates = np.array([update for update, _right in competitor.accuracy])
        right = 100 * np.array([right for _update, right in competitor.accuracy])
        x = _time(competitor, updates, clock)
        traces.append(solid_line(x, right, colour, "", "y2", "%{x}: %{y:.1f} %<extra></extra>") | {"showlegend": False})
    layout = layout_of(theme, 430, "race") | {
        "xaxis": x_axis(unit, [0, round_up(max(end, 1e-3))], "y2"),
        "yaxis": {"domain": [0.42, 1], "title": {"text": loss, "standoff": 6}, "showgrid": True,
                  **(log_axis(low, high) if log else {"range": [low, high], "nticks": 6})},
        "yaxis2": {"domain": [0, 0.34], "range": [-4, 104], "tickvals": [0, 50, 100], "showgrid": True,
                   "title": {"text": translate("accuracy (%)"), "standoff": 6}},
        "annotations": [level_name(translate("chance"), chance, theme, log), heading(measure, 0.345, theme, size=11)],
        "shapes": [level_line(chance, theme)],
    }  # fmt: skip
    if best:
        layout["annotations"].append(level_name(translate("best possible"), best, theme, log))
        layout["shapes"].append(level_line(best, theme))
    if guess is not None:
        layout["shapes"].append(level_line(100 * guess, theme, "y2"))
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _time(competitor: Competitor, updates: Any, clock: str) -> Any:
    """The updates themselves, or the seconds of training that they took, between the moments that were noted."""
    if clock == "updates":
        return updates
    measured_at, seconds = zip(*competitor.clock, strict=True)
    return np.interp(updates, measured_at, seconds)


def layout_of(theme: "Theme", height: int, revision: str) -> dict[str, Any]:
    """The layout of a chart with a legend above it; the reader's zoom is kept while `revision` is the same."""
    return {
        "template": theme.template,
        "height": height,
        "margin": {"l": 52, "r": 10, "t": 44, "b": 40},
        "showlegend": True,
        "legend": LEGEND,
        "hovermode": "closest",
        "uirevision": revision,
    }


def x_axis(title: str, bounds: Sequence[float], anchor: str) -> dict[str, Any]:
    """An x axis that stands below the y axis `anchor`."""
    return {
        "range": bounds,
        "anchor": anchor,
        "title": {"text": title, "standoff": 4},
        "nticks": 7,
        "showgrid": True,
    }


def log_axis(low: float, high: float) -> dict[str, Any]:
    """A log axis between two powers of ten."""
    return {"type": "log", "range": [low, high], "dtick": max(1, round((high - low) / 5)), "exponentformat": "power"}


def solid_line(x: ArrayLike, y: ArrayLike, colour: str, name: str, axis: str, hover: str) -> dict[str, Any]:
    """A line of one colour over the y axis `axis`."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.asarray(x, np.float64),
        "y": np.asarray(y, np.float64),
        "yaxis": axis,
        "name": name,
        "line": {"color": colour, "width": 1.5},
        "hovertemplate": hover,
    }
