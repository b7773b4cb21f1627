"""The figure of the shape “captions”: the picture, and for each word the gradient of its output by the pixels."""

from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from rnn_core.tasks.captions.pictures import INK, SIDE
from ui.shapes.figures import layout_of

if TYPE_CHECKING:
    from ui.i18n import Translate
    from ui.shapes.captions import Caption
    from ui.theme import Theme

ACROSS = 4  # small pictures in a row
WIDE, HIGH = SIDE + 2, SIDE + 4  # of each with its margin, in pixels of the picture
COVERED = 0.35  # from here on a pixel belongs to an object


def looks(found: "Caption", *, theme: "Theme", translate: "Translate" = str) -> go.Figure:
    """The picture first, then a small picture for each word."""
    amount, colour = paint(found.ink)
    edges = outline(amount >= COVERED)
    traces: list[dict[str, Any]] = []
    labels, lines = [], []
    for number, heading in enumerate((translate("picture"), *found.words)):
        left, top = WIDE * (number % ACROSS), HIGH * (number // ACROSS)
        heat: dict[str, Any] = {
            "type": "heatmap", "x": left + np.arange(SIDE) + 0.5, "y": top + np.arange(SIDE) + 0.5, "name": heading,
            "showscale": False,
        }  # fmt: skip
        if number == 0:
            heat |= {
                "z": np.where(amount > 0, colour + 0.999 * amount, 0).astype(np.float32), "zmin": 0, "zmax": len(INK),
                "colorscale": paints(), "hoverinfo": "skip",
            }  # fmt: skip
        else:
            table = found.gradient[number - 1]
            most = float(np.abs(table).max(initial=0)) or 1.0
            heat |= {
                "z": table.astype(np.float32), "zmin": -most, "zmax": most,
                "colorscale": [list(stop) for stop in theme.diverging],
                "hovertemplate": heading + ": %{z:.3g}<extra></extra>",
            }  # fmt: skip
            lines.append(edges + np.array([left, top]))
        text = heading if number == 0 else f"{heading} {found.probs[number - 1]:.0%}"
        labels.append((left + SIDE / 2, top - 1.2, text))
        traces.append(heat)
    drawn = np.concatenate([np.append(part, [[np.nan, np.nan]], axis=0) for part in lines])
    traces.append({
        "type": "scatter", "mode": "lines", "x": drawn[:, 0], "y": drawn[:, 1], "showlegend": False,
        "line": {"color": theme.ink, "width": 1.2}, "hoverinfo": "skip",
    })  # fmt: skip
    x, y, texts = zip(*labels, strict=True)
    traces.append({
        "type": "scatter", "mode": "text", "x": np.array(x), "y": np.array(y), "text": list(texts),
        "textfont": {"size": 12, "color": theme.ink}, "hoverinfo": "skip", "showlegend": False, "cliponaxis": False,
    })  # fmt: skip
    rows = -(-(1 + len(found.words)) // ACROSS)
    layout = layout_of(theme, 24 + 122 * rows, f"looks {rows}") | {
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": {"range": [-1, ACROSS * WIDE - 1], "visible": False},
        "yaxis": {"range": [HIGH * rows - 2, -3], "visible": False},
        "showlegend": False,
    }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def paint(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(SIDE, SIDE) each: how much of which colour lies on every pixel of (SIDE, SIDE, 3)."""
    lengths = np.linalg.norm(INK, axis=1)
    along = ink @ (INK / lengths[:, None]).T
    colour = along.argmax(axis=-1)
    return np.clip(along.max(axis=-1) / lengths[colour], 0, 1), colour


def paints() -> list[list[Any]]:
    """A scale of colours: from paper to each colour, one after the other."""
    stops: list[list[Any]] = []
    for k, ink in enumerate(INK):
        rgb = ", ".join(str(round(255 * part)) for part in 1 - ink)
        stops += [[k / len(INK), "rgb(255, 255, 255)"], [(k + 0.9999) / len(INK), f"rgb({rgb})"]]
    return [*stops, [1, stops[-1][1]]]


def outline(mask: np.ndarray) -> np.ndarray:
    """(n, 2) a line around the pixels of a mask (SIDE, SIDE), with gaps (NaN).

    >>> outline(np.array([[True]])).shape
    (12, 2)
    """
    wide = np.pad(mask, 1)
    pieces = []
    for y, x in np.argwhere(wide[:, 1:] != wide[:, :-1]):  # between two columns
        pieces.append([(x, y - 1), (x, y), (np.nan, np.nan)])
    for y, x in np.argwhere(wide[1:] != wide[:-1]):
        pieces.append([(x - 1, y), (x, y), (np.nan, np.nan)])
    return np.array(pieces, float).reshape(-1, 2)
