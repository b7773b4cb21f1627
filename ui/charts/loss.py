"""The loss over training, beside what it can be compared with, and the gradient norm below it."""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from ui.charts.colours import faint
from ui.charts.limits import DECADES, decades, finite, round_up
from ui.charts.reference_lines import level_line, level_name, level_names, upright_line

if TYPE_CHECKING:
    from ui.theme import Theme
    from ui.training.history import Curve


NAMED_MARKS = 5  # of all that was set on the way


def loss(
    curve: "Curve",
    held_out: Sequence[tuple[int, float]],
    *,
    references: Sequence[tuple[str, float]],
    theme: "Theme",
    clip: float | None = None,
    unit: str = "nats",
    former: tuple[str, "Curve", Sequence[tuple[int, float]]] | None = None,
    marks: Sequence[tuple[int, str]] = (),
    looked_at: int | None = None,
    translate: Callable[[str], str] = str,
) -> go.Figure:
    """Training and held-out loss against the update; below, the gradient norm before and after clipping.

    Parameters
    ----------
    curve : ui.training.history.Curve: mean, minimum and maximum of every bucket of updates.
    held_out : (update, loss) of each measurement on data that are never trained on.
    references : (name, loss) of levels to compare with, drawn as horizontal lines.
    theme : ui.theme.Theme.
    clip : the norm to which gradients are clipped, or None.
    unit : "nats" (linear axis), "perplexity" (the exponential of nats, log axis) or "squared" (error, log axis).
    former : (name, curve, held-out losses) of the run that this one is a fork of, from there on; drawn dashed.
    marks : (update, name) of what was set in the course of training, drawn as upright lines.
    looked_at : the update that the rest of the page shows, where it is not the newest.
    translate : from an English string to the reader's language.
    """
    ends = [*curve.update[-1:].tolist(), *(former[1].update[-1:].tolist() if former else ())]
    top = round_up(max([1, *ends, *(update for update, _ in held_out), looked_at or 0]))
    if unit == "perplexity":
        curve = curve._replace(loss=_exp(curve.loss), loss_low=_exp(curve.loss_low), loss_high=_exp(curve.loss_high))
        held_out = [(update, float(_exp(number))) for update, number in held_out]
        references = [(name, float(_exp(level))) for name, level in references]
        if former:
            earlier = [(update, float(_exp(number))) for update, number in former[2]]
            former = (former[0], former[1]._replace(loss=_exp(former[1].loss)), earlier)
    log = unit != "nats"
    y = _loss_axis(curve, held_out, references, unit)
    name = {
        "nats": translate("loss (nats per step)"),
        "perplexity": translate("perplexity (log)"),
        "squared": translate("squared error (log)"),
    }[unit]
    spread = np.concatenate([curve.norm, curve.norm_high, curve.clipped, [clip or np.nan]])
    low, high = decades(spread)
    layout: dict[str, Any] = {
        "template": theme.template,
        "height": 430,
        "margin": {"l": 48, "r": 8, "t": 26, "b": 40},
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 11}},
        "hovermode": "closest",
        "uirevision": "loss",
        "xaxis": {"range": [0, top], "anchor": "y2", "title": {"text": translate("update"), "standoff": 4},
                  "nticks": 6, "showgrid": True},
        "yaxis": {"domain": [0.38, 1], "title": {"text": name, "standoff": 6}, "showgrid": True, **y},
        "yaxis2": {"domain": [0, 0.3], "type": "log", "range": [low, high], "showgrid": True,
                   "dtick": max(1, round((high - low) / 3)), "exponentformat": "power",
                   "title": {"text": translate("gradient norm"), "standoff": 6}},
        "annotations": level_names(references, y["range"], theme, log),
        "shapes": [level_line(level, theme) for _, level in references],
    }  # fmt: skip
    if clip:
        layout["shapes"].append(level_line(clip, theme, "y2"))
        layout["annotations"].append(level_name(translate("clipped above"), clip, theme, True, "y2", side="right"))
    x = np.concatenate([curve.update, curve.update[::-1]])
    traces = [
        _band(x, np.concatenate([curve.loss_high, curve.loss_low[::-1]]), theme.training, "y"),
        _line(curve.update, curve.loss, theme.training, translate("training"), "y"),
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": np.array([update for update, _ in held_out], np.int64),
            "y": np.array([number for _, number in held_out], np.float64),
            "name": translate("held out"),
            "line": {"color": theme.held_out, "width": 1.5},
            "marker": {"size": 4, "color": theme.held_out},
            "hovertemplate": translate("update %{x}: %{y:.3f}") + "<extra></extra>",
        },
        _band(x, np.concatenate([curve.norm_high, curve.norm[::-1]]), theme.gradient, "y2"),
        _line(curve.update, curve.norm, theme.gradient, translate("gradient norm"), "y2") | {"showlegend": False},
        _line(curve.update, _where_clipped(curve), theme.ink, translate("norm after clipping"), "y2"),
    ]
    for trace in traces[:4:3]:
        trace["showlegend"] = False
    if former:
        traces += _dashed(*former, theme)
    layout["shapes"] += [upright_line(update, theme) for update, _ in marks]
    layout["annotations"] += _names_of_marks(marks, top, theme)
    if looked_at is not None:
        layout["shapes"].append(upright_line(looked_at, theme) | {"line": {"color": theme.ink, "width": 2}})
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _dashed(name: str, curve: "Curve", held_out: Sequence[tuple[int, float]], theme: "Theme") -> list[dict[str, Any]]:
    """Training and held-out loss of a former run, under one name in the legend."""
    updates, numbers = np.array(held_out, np.float64).reshape(-1, 2).T
    trained = _line(curve.update, curve.loss, theme.training, name, "y")
    measured = _line(updates.astype(np.int64), numbers, theme.held_out, name, "y") | {"showlegend": False}
    for trace in (trained, measured):
        trace["line"] |= {"dash": "dash"}
    return [trained, measured]


def _names_of_marks(marks: Sequence[tuple[int, str]], top: float, theme: "Theme") -> list[dict[str, Any]]:
    """The names of the last marks, one below the other, so that none covers another."""
    return [
        {
            "text": text, "x": update, "xref": "x", "xanchor": "right" if update > top / 2 else "left",
            "y": 1 - 0.05 * place, "yref": "paper", "yanchor": "top", "showarrow": False,
            "font": {"size": 11, "color": theme.faded},
        }
        for place, (update, text) in enumerate(marks[-NAMED_MARKS:])
    ]  # fmt: skip


def _loss_axis(
    curve: "Curve", held_out: Sequence[tuple[int, float]], references: Sequence[tuple[str, float]], unit: str
) -> dict[str, Any]:
    """A range of round numbers around every loss and every level."""
    shown = np.concatenate([curve.loss, [number for _, number in held_out], [level for _, level in references]])
    if unit != "nats":  # a perplexity is never below 1, and all of it is shown; a squared error ends nowhere
        most = math.inf if unit == "perplexity" else DECADES
        low, high = decades(np.concatenate([shown, curve.loss_low]), most=most)
        dtick = max(1, math.ceil((high - low) / 12))
        return {"type": "log", "range": [low, high], "dtick": dtick, "exponentformat": "power"}
    shown = shown[np.isfinite(shown)]
    # half units: a whole step of 1-2-5 would leave the curve in the lower half of its chart
    return {"range": [0, math.ceil(2 * 1.05 * shown.max(initial=0.5)) / 2], "nticks": 6}


def _where_clipped(curve: "Curve") -> np.ndarray:
    """The norm after clipping, where it is another."""
    return np.where(curve.clipped < curve.norm * (1 - 1e-6), curve.clipped, np.nan)


def _exp(nats: ArrayLike) -> np.ndarray:
    """Perplexity; infinite, and so not drawn, where float64 has no number for it: from 710 nats on."""
    with np.errstate(over="ignore"):
        return np.exp(np.asarray(nats, np.float64))


def _compact(y: np.ndarray) -> np.ndarray:
    """In float32, half the bytes of a picture, where that has numbers for all of it."""
    return y.astype(np.float32) if finite(y).max(initial=0) <= np.finfo(np.float32).max else y


def _line(x: np.ndarray, y: np.ndarray, colour: str, name: str, axis: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": _compact(y),
        "yaxis": axis,
        "name": name,
        "line": {"color": colour, "width": 1.5},
        "hovertemplate": "%{x}: %{y:.4g}<extra></extra>",
    }


def _band(x: np.ndarray, y: np.ndarray, colour: str, axis: str) -> dict[str, Any]:
    """The space between the extremes of each bucket."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": _compact(y),
        "yaxis": axis,
        "fill": "toself",
        "fillcolor": faint(colour),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
