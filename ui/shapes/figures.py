"""The figures of the page “Shapes”: an unrolled network with the columns and symbols of one sequence, and what each
shape shows beside it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from ui.charts import staves
from ui.charts.colours import colour_bar
from ui.charts.limits import decades, limits, round_up
from ui.charts.reference_lines import level_line
from ui.charts.score import LETTERS, assemble
from ui.charts.stack import stack
from ui.charts.staves import Stave
from ui.charts.symbols import label, width
from ui.shapes.figures_spectrogram import spectrogram

if TYPE_CHECKING:
    from ui.i18n import Translate
    from ui.shapes.bidirectional import Sides
    from ui.shapes.deep import Memory
    from ui.shapes.many_to_many import Spread
    from ui.shapes.many_to_one import Verdict
    from ui.shapes.one_to_many import Drawings
    from ui.shapes.records import Chain, Diagram
    from ui.theme import Theme

MOST_COLUMNS = 40
ROW, ARROWS = 18, 16  # pixels for a line of symbols, for a line of arrows
UNIT, LOWEST, HIGHEST = 3, 48, 130  # pixels for a unit, of a chain
APART = 2.5  # distance between two drawings


class Ranges(NamedTuple):
    """Ends of a diagram's scales: round numbers that only grow."""

    state: float = 1.0  # states, -state .. state
    gradient: tuple[int, int] | None = None  # powers of ten


def longest(view: "Diagram") -> int:
    """The width of its longest symbol, in letters of a fixed width."""
    return max(width(label(text)) for text in (*view.inputs, *view.outputs, *view.wanted))


def ranges_of(view: "Diagram", before: Ranges | None = None) -> Ranges:
    """The ranges that hold this diagram and what `before` held."""
    before = before or Ranges()
    state = max(before.state, *(round_up(float(np.abs(chain.states).max(initial=0))) for chain in view.chains))
    return Ranges(state, before.gradient if view.gradient is None else decades(view.gradient, before.gradient))


def diagram(
    view: "Diagram", *, theme: "Theme", ranges: Ranges | None = None, translate: "Translate" = str
) -> go.Figure:
    """Columns from left to right: what enters at the bottom, states that hand on to one another, what leaves on top.

    ranges : of the scales.
    """
    ranges = ranges or ranges_of(view)
    steps = len(view.inputs)
    shown = [_outputs(view, theme, translate)]
    shown += [_chain(view, chain, ranges.state, theme, translate) for chain in reversed(view.chains)]
    if view.frames is None:
        shown.append(_inputs(view, theme, translate))
    else:
        shown.append(spectrogram(view.frames, theme, translate))
    if view.gradient is not None:
        shown.append(_gradient(view.gradient, ranges.gradient, theme, translate))
    axis = {
        "range": [-0.5, steps - 0.5],
        "title": {"text": translate("step t"), "standoff": 4},
        "tickvals": list(range(0, steps, -(-steps // 20))),
        "ticktext": [str(t) for t in range(0, steps, -(-steps // 20))],
    }
    figure = stack(shown, theme=theme, left=64, axis=axis, name=f"diagram {steps} {len(shown)}")
    if view.boundary is not None:
        edge = view.boundary - 0.5
        line = {"color": theme.held_out, "width": 2, "dash": "dash"}
        figure["layout"]["shapes"] = [{"type": "line", "xref": "x", "x0": edge, "x1": edge, "yref": "paper", "y0": 0,
                                       "y1": 1, "line": line}]  # fmt: skip
    return figure


def _outputs(view: "Diagram", theme: "Theme", translate: "Translate") -> Stave:
    """Outputs of the network, coloured by whether they are right, below the targets."""
    positions = [t for t, text in enumerate(view.outputs) if text]
    right = view.right or [a == b if b else None for a, b in zip(view.outputs, view.wanted, strict=True)]
    tones = [{True: theme.right, False: theme.wrong, None: theme.ink}[right[t]] for t in positions]
    pieces = [
        _symbols(view, positions, [view.outputs[t] for t in positions], 1, tones, theme),
        _arrows(positions, 0, "↑", theme),
    ]
    rows, names = 2, [translate("output")]
    if any(view.wanted):
        asked = [t for t, text in enumerate(view.wanted) if text]
        pieces.append(_symbols(view, asked, [view.wanted[t] for t in asked], 2, theme.faded, theme))
        rows, names = 3, [translate("guess"), translate("sounds") if view.ordered else translate("target")]
    axis = {
        "range": [-0.5, rows - 0.5],
        "tickvals": [1, 2][: rows - 1],
        "ticktext": names,
        "showline": False,
    }
    return Stave(translate("outputs o<sub>t</sub>"), ROW * (rows - 1) + ARROWS, pieces, axis)


def _chain(view: "Diagram", chain: "Chain", top: float, theme: "Theme", translate: "Translate") -> Stave:
    """One layer's states in one direction: columns apart from one another, with arrows in the direction of time."""
    steps, size = chain.states.shape
    apart = np.full((size, 2 * steps - 1), np.nan, np.float32)
    apart[:, ::2] = chain.states.T
    hover = translate("step %{x}, unit %{y}: %{z:.3f}") + "<extra></extra>"
    heat = {
        "type": "heatmap",
        "x": view_steps(steps),
        "z": apart,
        "colorscale": [list(stop) for stop in theme.diverging],
        "zmin": -top,
        "zmax": top,
        "hovertemplate": hover,
        "colorbar": colour_bar([-top, 0, top]),
    }
    between = [t + 0.5 for t in range(steps - 1)]
    pieces = [heat, _arrows(between, (size - 1) / 2, "←" if chain.reverse else "→", theme)]
    layers = 1 + max(other.layer for other in view.chains)
    if view.boundary is not None:
        heading = translate("states: encoder to the left of the line, decoder to the right")
        if layers > 1:
            heading = translate("{heading}, layer {layer}").format(heading=heading, layer=chain.layer + 1)
    elif chain.reverse:
        heading = translate("states that read backwards, {units} units").format(units=size)
    elif any(other.reverse for other in view.chains):
        heading = translate("states that read forwards, {units} units").format(units=size)
    elif layers > 1:
        heading = translate("states of layer {layer}, {units} units").format(layer=chain.layer + 1, units=size)
    else:
        heading = translate("states s<sub>t</sub>, {units} units").format(units=size)
    axis = {"range": [size - 0.5, -0.5], "tickvals": sorted({0, size - 1})}
    return Stave(heading, max(LOWEST, min(HIGHEST // (1 + (len(view.chains) > 2)), UNIT * size)), pieces, axis)


def view_steps(steps: int) -> np.ndarray:
    """Where the columns and the gaps between them stand.

    >>> view_steps(3).tolist()
    [0.0, 0.5, 1.0, 1.5, 2.0]
    """
    return np.arange(2 * steps - 1) / 2


def _inputs(view: "Diagram", theme: "Theme", translate: "Translate") -> Stave:
    """Inputs; the decoder's own symbols in another colour."""
    positions = [t for t, text in enumerate(view.inputs) if text]
    own = len(view.inputs) if view.boundary is None else view.boundary
    tones = [theme.ink if t < own else theme.held_out for t in positions]
    pieces = [
        _arrows(positions, 1, "↑", theme),
        _symbols(view, positions, [view.inputs[t] for t in positions], 0, tones, theme),
    ]
    heading = translate("inputs x<sub>t</sub>")
    if view.boundary is not None:
        heading = translate("inputs; the decoder reads what it has just written")
    return Stave(heading, ROW + ARROWS, pieces, {"range": [-0.5, 1.5], "visible": False})


def _gradient(gradient: np.ndarray, powers: tuple[int, int] | None, theme: "Theme", translate: "Translate") -> Stave:
    """How much the loss depends on each step's states, on a log axis; a gradient of exactly zero leaves a gap."""
    low, high = powers or (-3, 0)
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": np.arange(len(gradient), dtype=np.float64),
        "y": np.where(gradient > 0, gradient, np.nan),
        "line": {"color": theme.gradient, "width": 1.5},
        "marker": {"size": 4, "color": theme.gradient},
        "hovertemplate": translate("step %{x}: gradient norm %{y:.2e}") + "<extra></extra>",
    }
    axis = {"type": "log", "range": [low, high], "dtick": max(1, round((high - low) / 2)), "exponentformat": "power"}
    heading = translate("gradient norm ‖∂L/∂s<sub>t</sub>‖ of all layers and directions (log)")
    return Stave(heading, 56, [line], axis | {"showgrid": True})


def _symbols(
    view: "Diagram",
    positions: Sequence[float],
    texts: Sequence[str],
    row: int,
    tones: str | Sequence[str],
    theme: "Theme",
) -> dict[str, Any]:
    every = [label(text) for text in (*view.inputs, *view.outputs) if text]
    return {
        "type": "scatter",
        "mode": "text",
        "x": np.array(positions, np.float64),
        "y": np.full(len(positions), float(row)),
        "text": [label(text) for text in texts],
        "textfont": {"family": theme.mono, "size": 13, "color": tones},
        "meta": {"columns": len(view.inputs), "letters": max(map(width, every), default=1)},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _arrows(positions: Sequence[float], row: float, arrow: str, theme: "Theme") -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": np.array(positions, np.float64),
        "y": np.full(len(positions), float(row)),
        "text": [arrow] * len(positions),
        "textfont": {"family": theme.mono, "size": 12 if len(positions) <= 24 else 9, "color": theme.faded},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def spread(found: "Spread", *, theme: "Theme", translate: "Translate" = str) -> go.Figure:
    """Probability of each symbol at each step, with a mark on the symbol that follows."""
    context = staves.Context(
        found.trace, found.vocabulary, 0, theme, LETTERS["article"], limits(found.trace), translate
    )
    table = staves.distribution(context)
    heading = translate("probability of each symbol; a square marks the one that follows")
    return assemble([staves.inputs(context), table._replace(heading=heading)], context)


def verdict(found: "Verdict", *, theme: "Theme", translate: "Translate" = str) -> go.Figure:
    """Probability of a good verdict after each word, and by the bag of words."""
    steps = np.arange(len(found.words))
    tones = [theme.right if p > 0.5 else theme.held_out for p in found.good]
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": steps,
        "y": np.asarray(found.good, np.float64),
        "name": translate("network"),
        "line": {"color": theme.training, "width": 2},
        "marker": {"size": 9, "color": tones},
        "hovertemplate": translate("word %{x}: p(+) = %{y:.3f}") + "<extra></extra>",
    }
    bag = {
        "type": "scatter",
        "mode": "lines",
        "x": np.array([-0.5, len(steps) - 0.5]),
        "y": np.full(2, found.bag),
        "name": translate("bag of words"),
        "line": {"color": theme.gradient, "width": 1.5, "dash": "dash"},
        "hovertemplate": translate("{name}: {text}").format(name=translate("bag of words"), text="%{y:.3f}")
        + "<extra></extra>",
    }
    layout = layout_of(theme, 284, "verdict") | {
        "margin": {"l": 52, "r": 10, "t": 34, "b": 36},
        "xaxis": {"range": [-0.5, len(steps) - 0.5], "showticklabels": False,  # the words stand in the chart
                  "title": {"text": translate("words of the sentence"), "standoff": 4}},
        "yaxis": {"range": [-0.25, 1.06], "tickvals": [0, 0.5, 1], "showgrid": True,
                  "title": {"text": translate("probability of +"), "standoff": 6}},
        "shapes": [level_line(0.5, theme)],
    }  # fmt: skip
    words = [label(word) for word in found.words]
    below = {
        "type": "scatter", "mode": "text", "x": steps.astype(np.float64), "y": np.full(len(steps), -0.16),
        "text": words, "textfont": {"family": theme.mono, "size": 12, "color": theme.ink}, "showlegend": False,
        "hoverinfo": "skip", "meta": {"columns": len(steps), "letters": max(map(width, words))},
    }  # fmt: skip
    return go.Figure({"data": [line, bag, below], "layout": layout}, _validate=False)


def drawings(found: "Drawings", *, theme: "Theme", translate: "Translate" = str) -> go.Figure:
    """Ten drawings side by side, each over its target."""
    traces, rows = [], 2
    for digit in range(found.drawn.shape[1]):
        across, down = APART * (digit % 5), -APART * (digit // 5)
        for points, name, colour, dash in (
            (found.meant, translate("target"), theme.faded, "dot"),
            (found.drawn, translate("drawn"), theme.training, "solid"),
        ):
            x, y, pen = (points[:, digit, k].astype(np.float64) for k in range(3))
            if colour == theme.training and not found.legible[digit]:
                colour = theme.held_out
            xs, ys = pen_lines(x + across, y + down, pen)
            traces.append({
                "type": "scatter", "mode": "lines", "x": xs, "y": ys, "name": name, "showlegend": digit == 0,
                "line": {"color": colour, "width": 1.5 if dash == "dot" else 3, "dash": dash}, "hoverinfo": "skip",
            })  # fmt: skip
    layout = layout_of(theme, 330, "drawings") | {
        "xaxis": {"range": [-1.4, 4 * APART + 1.4], "visible": False},
        "yaxis": {"range": [-APART * (rows - 1) - 1.3, 1.3], "visible": False},
    }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def pen_lines(x: np.ndarray, y: np.ndarray, pen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Path of the pen as lines: a gap (NaN) where it moves above the paper.

    >>> pen_lines(np.array([0., 1., 2.]), np.zeros(3), np.array([1., 0., 1.]))[0].tolist()
    [0.0, nan, 1.0, 2.0]
    """
    xs, ys = [x[0]], [y[0]]
    for i in range(1, len(x)):
        if pen[i] <= 0.5:
            xs.append(np.nan)
            ys.append(np.nan)
        xs.append(x[i])
        ys.append(y[i])
    return np.array(xs), np.array(ys)


def sides(found: "Sides", *, theme: "Theme", translate: "Translate" = str) -> go.Figure:
    """Contribution of each direction to each verb's logit, and both networks' probabilities."""
    positions, count = np.arange(len(found.verbs)), len(found.verbs)

    def bars(y: ArrayLike, shift: float, colour: str, name: str, axis: str, hover: str) -> dict[str, Any]:
        return {
            "type": "bar", "x": positions + shift, "y": np.asarray(y, np.float64), "name": name, "yaxis": axis,
            "width": 0.36, "marker": {"color": colour, "line": {"width": 0}},
            "hovertemplate": f"{hover}<extra></extra>",
        }  # fmt: skip

    def named(name: str) -> str:
        return translate("{name}: {text}").format(name=name, text="%{y:+.2f}")

    top = round_up(float(max(np.abs(found.forwards).max(), np.abs(found.backwards).max(), 1e-3)))
    traces = [
        bars(found.forwards, -0.2, theme.training, translate("forwards"), "y", named(translate("forwards"))),
        bars(found.backwards, 0.2, theme.gradient, translate("backwards"), "y", named(translate("backwards"))),
        bars(100 * found.both, -0.2, theme.right, translate("both directions"), "y2", "%{y:.1f}%"),
        bars(100 * found.one_way, 0.2, theme.wrong, translate("forwards only"), "y2", "%{y:.1f}%"),
    ]
    names = [label(verb) for verb in found.verbs]
    layout = layout_of(theme, 400, "sides") | {
        "xaxis": {"range": [-0.6, count - 0.4], "tickvals": positions.tolist(), "ticktext": names, "anchor": "y2",
                  "tickfont": {"size": 12, "family": theme.mono},
                  "title": {"text": translate("verb"), "standoff": 4}},
        "yaxis": {"domain": [0.52, 1], "range": [-top, top], "nticks": 5, "showgrid": True,
                  "title": {"text": translate("added to the logit"), "standoff": 6}},
        "yaxis2": {"domain": [0, 0.42], "range": [0, 104], "tickvals": [0, 50, 100], "showgrid": True,
                   "title": {"text": translate("probability (%)"), "standoff": 6}},
        "shapes": [level_line(0, theme)],
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def memory(found: "Memory", *, theme: "Theme", translate: "Translate" = str) -> go.Figure:
    """Share of an earlier input that each layer's states explain, by steps back."""
    colours = (theme.training, theme.held_out, theme.gradient, theme.right)
    lags = np.arange(found.shares.shape[1])
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": lags,
            "y": 100 * row,
            "name": translate("layer {layer}").format(layer=layer + 1),
            "line": {"color": colour, "width": 2},
            "marker": {"size": 6, "color": colour},
            "hovertemplate": translate("%{x} steps back: %{y:.0f}%") + "<extra></extra>",
        }
        for layer, (row, colour) in enumerate(zip(found.shares, colours, strict=False))
    ]
    layout = layout_of(theme, 300, f"memory {len(found.shares)}") | {
        "xaxis": {"range": [-0.3, lags[-1] + 0.3], "tickvals": lags.tolist(), "ticktext": [str(lag) for lag in lags],
                  "title": {"text": translate("steps back"), "standoff": 4}},
        "yaxis": {"range": [-4, 104], "tickvals": [0, 50, 100], "showgrid": True,
                  "title": {"text": translate("explained by the state (%)"), "standoff": 6}},
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def layout_of(theme: "Theme", height: int, revision: str) -> dict[str, Any]:
    """What the charts beside the diagram have in common. revision : a name that keeps what the reader zoomed to."""
    return {
        "template": theme.template,
        "height": height,
        "margin": {"l": 52, "r": 10, "t": 34, "b": 40},
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 11}},
        "hovermode": "closest",
        "uirevision": revision,
    }
