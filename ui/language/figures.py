"""Language in numbers: how sentences part, the choices at each step of writing, and the baselines beside the loss."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from ui.charts.limits import round_up
from ui.charts.reference_lines import NEAR, level_line, level_names
from ui.charts.stack import stack
from ui.charts.staves import Stave

if TYPE_CHECKING:
    from ui.i18n import Translate
    from ui.theme import Theme

DASHES = ("solid", "dot", "dash", "dashdot")


class FigureStyle(NamedTuple):
    """Style of the figures."""

    theme: "Theme"
    translate: "Translate"
    unit: str = "bits"  # or "nats"

    @property
    def scale(self) -> float:
        """Units to a nat."""
        return 1 / math.log(2) if self.unit == "bits" else 1.0

    @property
    def unit_name(self) -> str:
        """The unit in the reader's language."""
        _ = self.translate
        return {"bits": _("bits"), "nats": _("nats")}[self.unit]

    @property
    def of_a_blind_guess(self) -> str:
        """Loss of a blind guess among K symbols, as a formula."""
        return {"bits": "log₂ K", "nats": "ln K"}[self.unit]


def parting(surprises: Sequence[np.ndarray], best: int | None, style: FigureStyle) -> go.Figure:
    """The sum of the surprise of each sentence from its beginning to each of its symbols: where do they part?

    surprises : (M,) nats for each sentence, empty where none could be read. best : the most probable sentence.
    """
    theme, _ = style.theme, style.translate
    traces, top, longest = [], 0.0, 1
    for number, surprise in enumerate(surprises):
        sums = np.concatenate([[0.0], np.cumsum(surprise)]) * style.scale if len(surprise) else np.zeros(0)
        top, longest = max(top, sums.max(initial=0)), max(longest, len(surprise))
        name = _("sentence {number}").format(number=number + 1)
        line = {
            "color": colours(theme)[number % 4],
            "dash": DASHES[number // 4],
            "width": 2.5 if number == best else 1.5,
        }
        hover = _("up to symbol %{x}") + f": %{{y:.2f}} {style.unit_name}"
        traces.append(_line(np.arange(len(sums)), sums, name, line, f"{name}, {hover}"))
    layout = _layout(theme, 300, _("symbols read"), _("surprise so far ({unit})").format(unit=style.unit_name))
    layout["xaxis"] |= {"range": [0, longest], "nticks": 8}
    layout["yaxis"] |= {"range": [0, round_up(1.05 * top)]}
    layout["uirevision"] = f"parting {len(surprises)}"
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def choices(
    surprise: np.ndarray, entropy: np.ndarray, after: np.ndarray, kept: np.ndarray, style: FigureStyle
) -> go.Figure:
    """Writing, step by step: the surprise of what was drawn beside what was to be expected, and how many could come.

    surprise, entropy, after : (length,) nats: of the symbol, of the network's distribution, of what was drawn from.
    kept : (length,) symbols that could be drawn.
    """
    theme, _, steps = style.theme, style.translate, np.arange(len(surprise))
    unit = style.unit_name
    bars = {
        "type": "bar",
        "x": steps,
        "y": surprise * style.scale,
        "marker": {"color": theme.training, "line": {"width": 0}},
        "hovertemplate": _("surprise of step %{x}") + f": %{{y:.2f}} {unit}<extra></extra>",
    }
    lines = [
        (entropy, theme.held_out, "solid", _("entropy of the network")),
        (after, theme.held_out, "dot", _("entropy of the sampling distribution")),
    ]
    curves = [
        _line(steps, values * style.scale, name, {"color": colour, "dash": dash, "width": 1.5}, f"{name} %{{y:.2f}}")
        for values, colour, dash, name in lines
    ]
    top = round_up(float(max(np.max(surprise), np.max(entropy))) * style.scale)
    heading = _("surprise (bars), entropy before (line) and after truncation (dotted), {unit}").format(unit=unit)
    shown = [Stave(heading, 110, [bars, *curves], {"range": [0, top], "nticks": 4, "showgrid": True})]
    count = {
        "type": "bar",
        "x": steps,
        "y": np.log10(np.maximum(kept, 1)),
        "marker": {"color": theme.right, "line": {"width": 0}},
        "hovertemplate": _("step %{x}: 10^%{y:.2f} symbols can be drawn") + "<extra></extra>",
    }
    tens = max(1, math.ceil(float(np.log10(np.max(kept)))))
    axis = {"range": [0, tens], "tickvals": list(range(tens + 1)), "ticktext": [f"{10**k:,}" for k in range(tens + 1)]}
    shown.append(Stave(_("symbols that can be drawn (log)"), 60, [count], axis | {"showgrid": True}))
    across = {
        "range": [-0.5, len(steps) - 0.5],
        "title": {"text": _("step t"), "standoff": 4},
        "tickformat": "d",
        "nticks": min(len(steps), 14) + 1,
    }
    return stack(shown, theme=theme, left=52, axis=across, name=f"choices {len(steps)}", selectable=True)


def baselines(
    held_out: Sequence[tuple[int, float]], losses: Sequence[float], chance: float, style: FigureStyle
) -> go.Figure:
    """The network's held-out loss over the updates, between what counting reaches and a blind guess.

    held_out : (update, nats) of each measurement. losses : nats of the n-gram orders from 1 up, empty if unknown.
    """
    theme, _ = style.theme, style.translate
    updates = np.array([update for update, _loss in held_out], np.int64)
    values = np.array([loss for _update, loss in held_out]) * style.scale
    name = _("network, held-out")
    hover = _("update %{x}: %{y:.3f}") + f" {style.unit_name}"
    line = {"color": theme.held_out, "width": 2, "dash": "solid"}
    traces = [_line(updates, values, name, line, hover)]
    losses, blind = [loss * style.scale for loss in losses], chance * style.scale
    finite = [*values[np.isfinite(values)].tolist(), blind, *losses]
    span = max(finite) - min(finite)
    low, high = max(0.0, min(finite) - 0.1 * span), max(finite) + 0.08 * span
    layout = _layout(theme, 420, _("update"), _("held-out loss ({unit} per symbol)").format(unit=style.unit_name))
    layout["xaxis"] |= {"range": [0, round_up(max(1, int(updates.max(initial=1))))], "nticks": 6, "showgrid": True}
    layout["yaxis"] |= {"range": [low, high], "nticks": 7}
    layout["shapes"] = [level_line(level, theme) for level in (blind, *losses)]
    orders = _orders(losses, high - low)
    names = [(_("blind guess, {blind}").format(blind=style.of_a_blind_guess), blind)]
    names += [(name, level) for name, level, _lowest in orders]
    lowest = {name: lowest for name, _level, lowest in orders}
    layout["annotations"] = level_names(names, (low, high), theme, log=False, lowest=lowest)
    layout |= {"uirevision": "rulers", "showlegend": False}
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def race(players: Sequence[tuple[str, np.ndarray]], rounds: int, style: FigureStyle) -> go.Figure:
    """Cost of each player so far: (name, (R,) nats) of the reader and of the models."""
    theme, _ = style.theme, style.translate
    ink = (theme.marked, theme.training, theme.held_out, theme.gradient, theme.right)
    traces, top = [], 1.0
    for number, (name, paid) in enumerate(players):
        sums = np.concatenate([[0.0], np.cumsum(paid)]) * style.scale
        top = max(top, float(sums.max()))
        line = {"color": ink[number % len(ink)], "width": 2.5 if number == 0 else 1.5, "dash": DASHES[min(number, 3)]}
        hover = _("after %{x} symbols") + f": %{{y:.1f}} {style.unit_name}"
        traces.append(_line(np.arange(len(sums)), sums, name, line, f"{name}, {hover}"))
    layout = _layout(theme, 300, _("symbols guessed"), _("paid so far ({unit})").format(unit=style.unit_name))
    layout["xaxis"] |= {"range": [0, rounds], "nticks": 7}
    layout["yaxis"] |= {"range": [0, round_up(1.05 * top)]}
    layout["uirevision"] = f"race {len(players)}"
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def colours(theme: "Theme") -> tuple[str, str, str, str]:
    """For up to four lines in one chart."""
    return theme.training, theme.held_out, theme.gradient, theme.right


def _orders(losses: Sequence[float], span: float) -> list[tuple[str, float, float]]:
    """Name, highest and lowest level of the n-gram orders; those whose levels nearly coincide share a name."""
    groups: list[tuple[float, list[int]]] = []
    for order in sorted(range(len(losses)), key=lambda order: -losses[order]):
        if groups and groups[-1][0] - losses[order] < NEAR * span:
            groups[-1][1].append(order + 1)
        else:
            groups.append((losses[order], [order + 1]))
    return [(f"n = {', '.join(map(str, sorted(orders)))}", level, losses[orders[-1] - 1]) for level, orders in groups]


def _line(x: np.ndarray, y: np.ndarray, name: str, line: dict[str, Any], hover: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": np.asarray(y, np.float64),
        "name": name,
        "line": line,
        "marker": {"size": 4, "color": line["color"]},
        "hovertemplate": f"{hover}<extra></extra>",
    }


def _layout(theme: "Theme", height: int, x: str, y: str) -> dict[str, Any]:
    return {
        "template": theme.template,
        "height": height,
        "margin": {"l": 52, "r": 8, "t": 26, "b": 40},
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 11}},
        "hovermode": "closest",
        "xaxis": {"title": {"text": x, "standoff": 4}, "tickformat": "d"},
        "yaxis": {"title": {"text": y, "standoff": 6}, "showgrid": True},
    }
