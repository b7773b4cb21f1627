"""Colours derived from the theme's: fainter ones, and the scale beside a table."""

from collections.abc import Sequence
from typing import Any

from ui.charts.formatting import typographic


def faint(colour: str, opacity: float = 0.25) -> str:
    """A hexadecimal colour that lets what is behind it show.

    >>> faint("#1f6fb2")
    'rgba(31,111,178,0.25)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def colour_bar(ticks: Sequence[float], texts: Sequence[str] | None = None) -> dict[str, Any]:
    """The scale of a stave's colours, to its right. texts : what its ticks are called, if not by their numbers."""
    return {
        "x": 1.01,
        "xpad": 0,
        "ypad": 0,
        "thickness": 8,
        "lenmode": "fraction",
        "outlinewidth": 0,
        "tickvals": ticks,
        "ticktext": [typographic(f"{tick:g}") for tick in ticks] if texts is None else texts,
        "tickfont": {"size": 11},
    }
