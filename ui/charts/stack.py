"""Staves on one another: strips with a y axis each, over one x axis that all of them share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

if TYPE_CHECKING:
    from ui.charts.staves import Stave
    from ui.theme import Theme

HEADING = 22  # pixels above a stave, for its name
BOTTOM = 40  # pixels below the last one, for the x axis
TICK = 12  # pixels for a number beside a scale of colours
RIGHT = 44  # pixels beside them, for the scales of colours


def stack(
    staves: Sequence["Stave"], *, theme: "Theme", left: int, axis: dict[str, Any], name: str, selectable: bool = False
) -> go.Figure:
    """The staves from top to bottom at their heights in pixels.

    left : pixels for the labels of the y axes. axis : the x axis. name : figures of the same name follow one another,
    and keep what the reader has zoomed to. selectable : a column can be chosen; the browser marks it.
    """
    height = sum(stave.height + (HEADING if stave.heading else 4) for stave in staves)
    layout: dict[str, Any] = {
        "template": theme.template,
        "height": height + BOTTOM,
        "margin": {"l": left, "r": RIGHT, "t": 0, "b": BOTTOM},
        "showlegend": False,
        "hovermode": "closest",
        "uirevision": name,
        "meta": {"selectable": selectable},
        "bargap": 0.25,
        "annotations": [],
    }
    traces, top = [], 0
    for number, stave in enumerate(staves, start=1):
        top += HEADING if stave.heading else 4
        own = "y" if number == 1 else f"y{number}"
        domain = [max(0.0, 1 - (top + stave.height) / height), 1 - top / height]
        layout[own.replace("y", "yaxis")] = {"fixedrange": True, "domain": domain, **stave.axis}
        if stave.heading:
            layout["annotations"].append(heading(stave.heading, domain[1], theme))
        for piece in stave.traces:
            if "colorbar" in piece:
                piece["colorbar"] = thinned(piece["colorbar"], stave.height)
                piece["colorbar"] |= {"y": sum(domain) / 2, "len": domain[1] - domain[0]}
            traces.append({"xaxis": "x", "yaxis": own, **piece})
        top += stave.height
    layout["xaxis"] = {"anchor": own, **axis}
    # _validate checks every property of every trace: half of the time of a frame, for what the tests check.
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def thinned(colour_bar: dict[str, Any], height: int) -> dict[str, Any]:
    """The scale beside a stave of that height: in a low one its ends alone, or nothing, so that no numbers touch."""
    if "tickvals" not in colour_bar:
        return colour_bar
    ticks, texts = colour_bar["tickvals"], colour_bar["ticktext"]
    room = height // TICK
    kept = slice(None) if len(ticks) <= room else slice(None, None, len(ticks) - 1) if room >= 2 else slice(0, 0)
    return colour_bar | {"tickvals": ticks[kept], "ticktext": texts[kept]}


def heading(text: str, y: float, theme: "Theme", size: int = 12) -> dict[str, Any]:
    """The name of a stave, above its left end; y is a share of the plot's height."""
    return {
        "text": text,
        "x": 0,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "align": "left",
        "borderpad": 1,
        "font": {"size": size, "color": theme.faded},
    }
