"""The curves of a result: a line for each network and seed, beside what they are compared with."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from ui.charts.limits import decades, finite, round_up
from ui.charts.race import colours, layout_of, log_axis, solid_line, x_axis
from ui.charts.reference_lines import level_line, level_name, upright_line

if TYPE_CHECKING:
    from ui.network.results.record import Chart, Trial
    from ui.theme import Theme

    Trials = Mapping[str, Sequence[Trial]]

HEIGHT = 360  # pixels


def curves(
    chart: "Chart",
    names: Mapping[str, str],
    trials: "Trials",
    former: "Trials | None" = None,
    *,
    theme: "Theme",
    translate: Callable[[str], str] = str,
) -> go.Figure:
    """Every trial as a line. names : of the networks, as the legend has them. former : trials that are drawn faintly
    behind these, under one name."""
    every = [trial for rows in (*trials.values(), *(former or {}).values()) for trial in rows]
    y = finite(
        [value for trial in every for value in _heights(trial, chart)] + [level for _name, level in chart.levels]
    )
    x = finite([value for trial in every for value in trial.curve[0]] + [place for _name, place in chart.uprights])
    hover = "%{x:,.0f}: %{y:.3g}<extra></extra>"
    data = []
    if former:
        behind = list(_joined([trial for rows in former.values() for trial in rows], chart))
        line = solid_line(*_columns(behind), theme.faded, translate("stored"), "y", hover)
        data.append(line | {"line": {"color": theme.faded, "width": 3}, "opacity": 0.35})
    for (key, name), colour in zip(names.items(), colours(theme), strict=False):
        if trials.get(key):
            line = solid_line(*_columns(list(_joined(trials[key], chart))), colour, name, "y", hover)
            if any(len(trial.curve[0]) == 1 for trial in trials[key]):  # a line through one point is none
                line |= {"mode": "lines+markers", "marker": {"size": 5, "color": colour}}
            data.append(line)
    layout = layout_of(theme, HEIGHT, "curves")
    end = round_up(max(x.max(initial=0), 1))
    layout["xaxis"] = x_axis(translate(chart.x), [0, end], "y")
    layout["yaxis"] = {"title": {"text": translate(chart.y), "standoff": 6}, "showgrid": True, **_scale(chart, y)}
    layout["shapes"] = [level_line(level, theme) for _name, level in chart.levels]
    layout["shapes"] += [upright_line(place, theme) for _name, place in chart.uprights]
    layout["annotations"] = [
        level_name(translate(name), level, theme, chart.logarithmic, side="right") for name, level in chart.levels
    ]
    layout["annotations"] += [_name_of_upright(translate(name), place, end, theme) for name, place in chart.uprights]
    return go.Figure({"data": data, "layout": layout}, _validate=False)


def _heights(trial: "Trial", chart: "Chart") -> Sequence[float]:
    """The y of a curve as it is drawn."""
    values = trial.curve[1]
    top = max(map(abs, values), default=0.0) if chart.scaled else 1.0
    return [value / (top or 1.0) for value in values]


def _joined(trials: "Sequence[Trial]", chart: "Chart") -> Iterator[tuple[float, float]]:
    """The points of several lines, with a gap after each."""
    for trial in trials:
        yield from zip(trial.curve[0], _heights(trial, chart), strict=True)
        yield math.nan, math.nan


def _columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _y in points], [y for _x, y in points]


def _scale(chart: "Chart", y: Any) -> dict[str, Any]:
    if chart.logarithmic:
        return log_axis(*decades(y))
    if chart.bounds is not None:
        return {"range": [*chart.bounds], "nticks": 6}
    room = 0.05 * max(y.max(initial=1) - y.min(initial=0), 1e-9)
    return {"range": [y.min(initial=0) - room, y.max(initial=1) + room], "nticks": 6}


def _name_of_upright(text: str, place: float, end: float, theme: "Theme") -> dict[str, Any]:
    """At the foot of its line, on the side where there is room."""
    return {
        "text": text,
        "x": place,
        "xref": "x",
        "xanchor": "left" if place < end / 2 else "right",
        "y": 0,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 11, "color": theme.faded},
    }
