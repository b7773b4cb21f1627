"""The figure of the shape “captions”: the picture, and for each word the gradient of its output by the pixels."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from rnn_core.tasks.captions.pictures import CELLS, INK, SIDE, places_of
from ui.shapes.figures import layout_of

if TYPE_CHECKING:
    from ui.i18n import Translate
    from ui.shapes.captions import Caption
    from ui.theme import Theme

ACROSS = 4  # small pictures in a row
WIDE, HIGH = SIDE + 2, SIDE + 4  # of each with its margin, in pixels of the picture
COVERED = 0.35  # from here on a pixel belongs to an object
LEAST = 1e-3  # of a colour that is drawn


def looks(found: "Caption", colours: Sequence[str], *, theme: "Theme", translate: "Translate" = str) -> go.Figure:
    """The picture first, then a small picture for each word. colours : their names, to be translated."""
    amounts = found.amounts
    edges = outline(amounts.sum(axis=-1) >= COVERED)
    traces = [_heat(0, translate("picture: {colour}").format(colour=translate(name)), z) | {
        "zmin": 0, "zmax": 1, "colorscale": paints(k), "hoverinfo": "skip",
    } for k, (name, z) in enumerate(zip(colours, layers(amounts), strict=True))]  # fmt: skip
    traces.append(mixture(found.ink, amounts))
    for trace in traces:
        trace["meta"] |= {"coloured": True}
    for number, (heading, table) in enumerate(zip(found.words, found.gradient, strict=True), 1):
        most = float(np.abs(table).max(initial=0)) or 1.0
        traces.append(_heat(number, f"{number}: {heading}", table) | {
            "zmin": -most, "zmax": most, "colorscale": [list(stop) for stop in theme.diverging],
            "hovertemplate": heading + ": %{z:.3g}<extra></extra>",
        })  # fmt: skip
    steps = np.arange(1 + len(found.words))
    left, top = WIDE * (steps % ACROSS), HIGH * (steps // ACROSS)
    drawn = np.concatenate([np.append(edges + corner, [[np.nan, np.nan]], axis=0)
                            for corner in np.stack([left, top], axis=1)[1:]])  # fmt: skip
    traces.append({
        "type": "scatter", "mode": "lines", "x": drawn[:, 0], "y": drawn[:, 1], "showlegend": False,
        "line": {"color": theme.ink, "width": 1.2}, "hoverinfo": "skip", "meta": {"numbers": {"x": [], "y": []}},
    })  # fmt: skip
    probs = [float(p) for p in found.probs]
    texts = [translate("picture"), *(f"{word} {p:.0%}" for word, p in zip(found.words, probs, strict=True))]
    traces.append({
        "type": "scatter", "mode": "text", "x": left + SIDE / 2, "y": top - 1.2, "text": texts,
        "name": translate("probability of word x"), "textfont": {"size": 12, "color": theme.ink}, "hoverinfo": "skip",
        "showlegend": False, "cliponaxis": False,
        "meta": {"numbers": {"x": steps[1:].tolist(), "y": probs, "text": list(found.words)}},
    })  # fmt: skip
    rows = -(-(1 + len(found.words)) // ACROSS)
    frames = [{"type": "rect", "xref": "x", "yref": "y", "x0": int(x), "x1": int(x) + SIDE, "y0": int(y),
               "y1": int(y) + SIDE, "line": {"color": theme.faded, "width": 0.5}}
              for x, y in zip(left, top, strict=True)]  # fmt: skip
    layout = layout_of(theme, 24 + 122 * rows, f"looks {rows}") | {
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": {"range": [-1, ACROSS * WIDE - 1], "visible": False, "fixedrange": True},
        "yaxis": {"range": [HIGH * rows - 2, -3], "visible": False, "fixedrange": True, "scaleanchor": "x"},
        "showlegend": False,
        "shapes": frames,
    }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _heat(number: int, name: str, table: np.ndarray) -> dict[str, Any]:
    """The small picture of that number, counted row by row, without its colours."""
    pixels = np.arange(SIDE)
    return {
        "type": "heatmap", "x": WIDE * (number % ACROSS) + pixels + 0.5, "y": HIGH * (number // ACROSS) + pixels + 0.5,
        "z": table.astype(np.float32), "name": name, "showscale": False,
        "meta": {"numbers": {"x": pixels.tolist(), "y": pixels.tolist()}},
    }  # fmt: skip


def paint(ink: np.ndarray) -> np.ndarray:
    """(SIDE, SIDE, colours) how much of each colour lies on every pixel of (SIDE, SIDE, 3).

    A picture has the colours of its two objects; where these touch, a pixel may have some of both.
    """
    places = ink.reshape(CELLS, SIDE // CELLS, CELLS, SIDE // CELLS, 3).sum(axis=(1, 3)).reshape(-1, 3)
    near = places[list(places_of(ink.ravel()))] @ (INK / np.linalg.norm(INK, axis=1)[:, None]).T
    used = np.unique(near.argmax(axis=1))
    found = np.zeros((SIDE, SIDE, len(used)))
    for told in set(map(tuple, (ink < 1).reshape(-1, 3).tolist())):  # of what is full nobody knows how much it was
        here, parts = np.all((ink < 1) == told, axis=-1), list(told)
        found[here] = ink[here][:, parts] @ np.linalg.pinv(INK[used][:, parts])
    amounts = np.zeros((SIDE, SIDE, len(INK)))
    amounts[..., used] = np.where(found > LEAST, np.minimum(found, 1), 0)
    return amounts


def layers(amounts: np.ndarray) -> list[np.ndarray]:
    """(SIDE, SIDE) for each colour: how much of it lies on the pixels that have it; the first one has the paper."""
    found = [np.where(amount > 0, amount, np.nan) for amount in np.moveaxis(amounts, -1, 0)]
    found[0][~amounts.any(axis=-1)] = 0
    return found


def mixture(ink: np.ndarray, amounts: np.ndarray) -> dict[str, Any]:
    """What lies over the colours where a pixel has several: each in the colour that its ink has."""
    mixed = (amounts > 0).sum(axis=-1) > 1
    count = int(mixed.sum())
    table = np.full((SIDE, SIDE), np.nan)
    table[mixed] = np.arange(count) + 0.5
    shades = [rgb(part) for part in ink[mixed]] or [rgb(np.zeros(3))]
    scale = [[edge / len(shades), shade] for k, shade in enumerate(shades) for edge in (k, k + 1)]
    return _heat(0, "", table) | {
        "zmin": 0, "zmax": len(shades), "colorscale": scale, "hoverinfo": "skip", "meta": {"numbers": {"z": []}},
    }  # fmt: skip


def paints(k: int) -> list[list[Any]]:
    """A scale from paper to that colour."""
    return [[0, rgb(np.zeros(3))], [1, rgb(INK[k])]]


def rgb(ink: np.ndarray) -> str:
    """The colour of paper with that much ink (3,)."""
    return f"rgb({', '.join(str(round(255 * float(part))) for part in 1 - ink)})"


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
