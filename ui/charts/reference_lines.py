"""Dashed lines across a chart, and their names: what its curves are compared with."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ui.theme import Theme

NEAR = 0.05  # of the axis, about the height of a name: levels nearer than this share one


def level_line(level: float, theme: "Theme", axis: str = "y") -> dict[str, Any]:
    """At this height, over the whole width."""
    return {"xref": "paper", "x0": 0, "x1": 1, "yref": axis, "y0": level, "y1": level} | _dashed(theme)


def upright_line(place: float, theme: "Theme") -> dict[str, Any]:
    """At this place of the x axis, over the whole height."""
    return {"xref": "x", "x0": place, "x1": place, "yref": "paper", "y0": 0, "y1": 1} | _dashed(theme)


def level_name(
    text: str, level: float, theme: "Theme", log: bool, axis: str = "y", side: str = "left"
) -> dict[str, Any]:
    """The name of a level, above one end of its line; log : whether the y axis is logarithmic."""
    return {
        "text": text,
        "x": int(side == "right"),
        "xref": "paper",
        "xanchor": side,
        "y": math.log10(level) if log and level > 0 else level,
        "yref": axis,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 11, "color": theme.faded},
    }


def level_names(
    levels: Sequence[tuple[str, float]],
    bounds: Sequence[float],
    theme: "Theme",
    log: bool,
    lowest: Mapping[str, float] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """The names of levels at the right ends of their lines, of which none covers another.

    Levels that nearly coincide, as all do where a network has diverged, share one; one that is close below another
    stands under its line. bounds : of the axis, exponents where it is logarithmic. lowest : of the lines that a name
    stands for, where they are several.
    """
    names: list[dict[str, Any]] = []
    above, height = math.inf, bounds[1] - bounds[0]
    for text, level in sorted(levels, key=lambda pair: -pair[1]):
        name = level_name(text, level, theme, log, side="right")
        if above - name["y"] < NEAR * height:
            names[-1]["text"] += f" · {text}"
            continue
        if above - name["y"] < 2 * NEAR * height:
            name = level_name(text, lowest.get(text, level), theme, log, side="right") | {"yanchor": "top"}
        above = name["y"]
        names.append(name)
    return names


def _dashed(theme: "Theme") -> dict[str, Any]:
    return {"type": "line", "line": {"color": theme.faded, "width": 1, "dash": "dash"}}
