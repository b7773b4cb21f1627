"""Figures of the page “Sweeps”: the map of all cells, and how the networks of one cell learned."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from ui.charts.colours import colour_bar
from ui.charts.formatting import typographic
from ui.charts.race import layout_of, solid_line, x_axis
from ui.charts.reference_lines import level_line, level_name
from ui.charts.shades import mix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.i18n import Translate
    from ui.sweeps.records import Cell, Measure, SweepView
    from ui.theme import Theme

ROW = 44  # pixels: a cell can be met with a finger
MOST_WRITTEN = 8  # columns: in narrower cells no number has room
ABOVE_CHANCE = 1.5  # times the loss of guessing: a loss from there on has the last colour
DIVERGED, REFUSED, TRAINING = "×", "–", "…"  # what is written in a cell without a number


def extent(view: "SweepView", measure: "Measure") -> tuple[float, float]:
    """The ends of the colour scale: of a share, none and all; of a loss, the lowest and the highest so far, which is at
    most somewhat above that of guessing."""
    if measure == "right":
        return 0.0, 1.0
    values = [value for cell in view.setup.cells if (value := view.value(cell, measure)) is not None]
    finite = [value for value in values if math.isfinite(value)]
    chance = max((one.chance for one in view.outcomes.values() if math.isfinite(one.chance)), default=1.0)
    low = min(finite, default=0.0)
    high = max(low, min(max(finite, default=chance), ABOVE_CHANCE * chance))
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def sweep_map(
    view: "SweepView",
    measure: "Measure",
    chosen: "Cell | None",
    *,
    ticks: "tuple[Sequence[str], Sequence[str]]",
    titles: tuple[str, str, str],
    theme: "Theme",
    translate: "Translate" = str,
) -> go.Figure:
    """Every cell in the colour of its median. ticks : the values across and upwards. titles : of the axes, and of what
    the colour means."""
    plan = view.setup
    columns, rows = len(plan.across.values), len(plan.down.values)
    ground = np.full((rows, columns), np.nan)
    shown = np.full((rows, columns), np.nan)
    for column, row in plan.cells:
        ground[row, column] = 1.0
        value = view.value((column, row), measure)
        if value is not None and math.isfinite(value):
            shown[row, column] = value
    named = [[f"{titles[0]} {across} · {titles[1]} {up}" for across in ticks[0]] for up in ticks[1]]
    every = {"xgap": 2, "meta": "cell", "text": named}  # the text for the file of numbers
    low, high = extent(view, measure)
    planned = mix(theme.background, theme.faded, 0.16)
    hover, end = f"{titles[0]} %{{x}} · {titles[1]} %{{y}}", "<extra></extra>"
    percent = measure == "right"
    ends, form = [low, (low + high) / 2, high], ".0%" if percent else ".3g"
    scale = [_number(each, percent) for each in ends]
    traces: list[dict[str, Any]] = [
        {"type": "heatmap", "z": ground, "zmin": 0, "zmax": 1, "name": translate("in the sweep"), "showscale": False,
         "colorscale": [[0, planned], [1, planned]], "hovertemplate": f"{hover}{end}"} | every,
        {"type": "heatmap", "z": shown, "zmin": low, "zmax": high, "name": titles[2],
         "showscale": bool(np.isfinite(shown).any()),
         "colorscale": [list(stop) for stop in theme.sequential], "hovertemplate": f"{hover}: %{{z:{form}}}{end}",
         "colorbar": colour_bar(ends, scale)} | every,
    ]  # fmt: skip
    traces.append(_written(view, measure, (low, high), theme))
    for cell, colour, inset in ((view.best(measure), theme.ink, 0.05), (chosen, theme.held_out, 0.0)):
        x, y = ([], []) if cell is None else _outline(cell, inset)
        traces.append({
            "type": "scatter", "mode": "lines", "hoverinfo": "skip", "x": x, "y": y,
            "line": {"width": 2, "color": colour},
        })  # fmt: skip
    borders = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": row + 0.5, "y1": row + 0.5,
         "line": {"color": theme.background, "width": 2}}
        for row in range(rows - 1)
    ]  # fmt: skip
    longest, widest = max(map(len, ticks[1]), default=1), max(map(len, scale))
    layout = {
        "template": theme.template,
        "height": ROW * rows + 70,
        "margin": {"l": min(120, 26 + 7 * longest), "r": 20 + 7 * widest, "t": 14, "b": 56},
        "showlegend": False,
        "hovermode": "closest",
        "uirevision": f"map {columns} {rows}",
        "meta": {"selectable": True},
        "shapes": borders,
        "xaxis": {"range": [-0.5, columns - 0.5], "fixedrange": True, "anchor": "y", "showgrid": False,
                  "tickvals": list(range(columns)), "ticktext": list(ticks[0]),
                  "title": {"text": titles[0], "standoff": 8}},
        "yaxis": {"range": [-0.5, rows - 0.5], "showgrid": False, "tickvals": list(range(rows)),
                  "ticktext": list(ticks[1]), "title": {"text": titles[1], "standoff": 6}},
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _written(view: "SweepView", measure: "Measure", ends: tuple[float, float], theme: "Theme") -> dict[str, Any]:
    """What stands in the cells: numbers where there is room, signs where there is no number."""
    texts, tones = [], []
    roomy = len(view.setup.across.values) <= MOST_WRITTEN
    training = {place[:2] for place in view.current}
    dark_from = 0.5 if theme.name == "light" else 0.65
    for cell in view.setup.cells:
        value, tone = view.value(cell, measure), theme.ink
        if cell in training and value is None:
            text = TRAINING
        elif value is None:
            text = ""
        elif not math.isfinite(value):
            text = REFUSED if any(one.problem for one in view.of(cell)) else DIVERGED
        else:
            text = _number(value, measure == "right") if roomy else ""
            share = (value - ends[0]) / (ends[1] - ends[0])
            tone = theme.background if share >= dark_from else theme.ink
        texts.append(text)
        tones.append(tone)
    return {
        "type": "scatter", "mode": "text", "hoverinfo": "skip",
        "x": [column for column, _row in view.setup.cells], "y": [row for _column, row in view.setup.cells],
        "text": texts, "textfont": {"family": theme.sans, "size": 12, "color": tones},
    }  # fmt: skip


def _outline(cell: "Cell", inset: float) -> tuple[list[float], list[float]]:
    """Corners around a cell, this much of it within its border."""
    column, row = cell
    near = 0.48 - inset
    left, right, low, high = column - near, column + near, row - near, row + near
    return [left, right, right, left, left], [low, low, high, high, low]


def _number(value: float, percent: bool) -> str:
    """A value in three digits, also where the last are zeros."""
    return f"{value:.0%}" if percent else typographic(f"{value:#.3g}".removesuffix("."))


def curves(
    view: "SweepView", cell: "Cell | None", *, theme: "Theme", unit: str, translate: "Translate" = str
) -> go.Figure:
    """The training loss of each network of a cell, and its held-out loss at the end. unit : of the loss."""
    known = [] if cell is None else view.of(cell)
    budget = view.setup.budget
    chance = next((one.chance for one in known if math.isfinite(one.chance)), None)
    x, y = [math.nan], [math.nan]
    for outcome in known:
        x += [float(update) for update, _loss in outcome.curve] + [math.nan]
        y += [loss for _update, loss in outcome.curve] + [math.nan]
    ends = [(one.updates, one.loss) for one in known if math.isfinite(one.loss)]
    hover = translate("update %{x:,.0f}: loss %{y:.3g}") + "<extra></extra>"
    line = solid_line(x, y, theme.training, translate("training loss"), "y", hover)
    dots = {
        "type": "scatter", "mode": "markers", "name": translate("held-out loss at the end"),
        "x": [update for update, _loss in ends], "y": [loss for _update, loss in ends],
        "marker": {"size": 9, "color": theme.held_out}, "hovertemplate": hover,
    }  # fmt: skip
    heights = [loss for loss in (*y, *(loss for _update, loss in ends)) if math.isfinite(loss)]
    top = max([*heights, chance or 1.0])
    if chance is not None:
        top = min(top, 2 * chance)  # what explodes leaves the chart
    layout = layout_of(theme, 300, f"curves {budget}") | {
        "xaxis": x_axis(translate("update"), [0, budget], "y"),
        "yaxis": {"range": [min(0.0, *heights, 0.0), 1.08 * top], "nticks": 6, "showgrid": True,
                  "title": {"text": translate("loss ({unit})").format(unit=unit), "standoff": 6}},
        "shapes": [] if chance is None else [level_line(chance, theme)],
        "annotations": [] if chance is None else [level_name(translate("chance"), chance, theme, False, side="right")],
    }  # fmt: skip
    return go.Figure({"data": [line, dots], "layout": layout}, _validate=False)
