"""Figure of a text coloured by one unit, for where the page's canvas is not: outside the browser's live view.

Rows, labels and colours are those of the page: `row_starts`, `visible`, `bounds_of_units`, `scale_of`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from ui.charts.colours import colour_bar
from ui.charts.symbols import label, width
from ui.memory.figures import scale_of

if TYPE_CHECKING:
    from ui.i18n import Translate
    from ui.theme import Theme

LINE = 21  # pixels of a row
TOP, BOTTOM, LEFT, RIGHT = 28, 40, 64, 52
FONT = 12
PIXELS = 800  # of a row, where nobody knows how wide it will be


def text(
    symbols: Sequence[str],
    values: np.ndarray,
    starts: np.ndarray,
    bounds: tuple[float, float],
    heading: str,
    *,
    theme: "Theme",
    translate: "Translate",
) -> go.Figure:
    """The symbols in rows, coloured by the values of one unit.

    Parameters
    ----------
    symbols : N symbols of the text. values : (N,) of the unit, one at each.
    starts : where each row begins; the last entry is N (`ui.memory.excerpt.row_starts`).
    bounds : ends of the colour scale. heading : what the colours say.
    """
    _, rows = translate, len(starts) - 1
    labels, number, (low, high) = [label(symbol) for symbol in symbols], np.arange(len(symbols)), bounds
    row = np.searchsorted(starts, number, side="right") - 1
    at = row, number - np.asarray(starts)[row]
    size = rows, int(np.diff(starts).max())
    table, where, shown = np.full(size, np.nan), np.full(size, -1), np.full(size, "", object)
    table[at], where[at], shown[at] = values, number, labels
    room = PIXELS / size[1] / max(map(width, labels)) * 1.6  # a letter is about 0.6 of its height wide
    heat = {
        "type": "heatmap",
        "z": table,
        "text": shown,
        "customdata": where,
        "texttemplate": "%{text}",
        "textfont": {"family": theme.mono, "size": float(np.clip(room, 6, FONT))},
        "colorscale": scale_of(low, theme),
        "zmin": low,
        "zmax": high,
        "hoverongaps": False,
        "colorbar": colour_bar([low, (low + high) / 2, high]),
        "hovertemplate": _("symbol number") + " %{customdata}, %{text}: %{z:.3f}<extra></extra>",
    }
    layout = {
        "template": theme.template,
        "height": rows * LINE + TOP + BOTTOM,
        "margin": {"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM},
        "showlegend": False,
        "title": {"text": heading, "x": 0, "xref": "paper", "font": {"size": 12, "color": theme.faded}},
        "xaxis": {"range": [-0.5, size[1] - 0.5], "title": {"text": _("symbol of the row")}, "tickformat": "d"},
        "yaxis": {
            "range": [rows - 0.5, -0.5],
            "tickvals": list(range(rows)),
            "ticktext": [str(start) for start in starts[:-1]],
            "title": {"text": _("row from symbol")},
        },
    }
    return go.Figure({"data": [heat], "layout": layout}, _validate=False)
