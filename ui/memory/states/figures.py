"""The states of a network as places: in the square of two units, or along their first principal components.

The figures are made from a StateAnalysis; `FigureStyle` says how. In space (three components) a trace has a z beside x
and y, and the browser turns it (ui/memory/states/static/states.js).
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from ui.charts.arrows import arrows
from ui.charts.shades import mix, shades
from ui.charts.symbols import label

if TYPE_CHECKING:
    from rnn_core.analysis.projection import Basis
    from ui.i18n import Translate
    from ui.memory.states.analysis import Square, StateAnalysis, States
    from ui.theme import Theme

HEIGHT = 700  # at most: the browser makes it as high as it is wide
MARGIN = {"l": 52, "r": 10, "t": 58, "b": 42}
STRONG = 0.55  # how much of a colour the most certain place has
MOST_LABELS = 40  # steps whose symbols are written beside the states
OTHER = -1  # the group of those that have no colour of their own


class FigureStyle(NamedTuple):
    """Style of the figures."""

    theme: "Theme"
    translate: "Translate"
    letter: str  # of the state: s or h
    colour: str  # "symbol", "position" or "prediction"


class Hues(NamedTuple):
    """The colour of each of N states; where the colours stand for something, its group and the groups' names."""

    colours: list[str]
    groups: np.ndarray | None = None
    names: Mapping[int, str] = MappingProxyType({})


def plane(
    measured: "StateAnalysis",
    basis: "Basis",
    square: "Square | None",
    found: tuple[np.ndarray, np.ndarray] | None,
    reach: tuple[float, float],
    style: FigureStyle,
) -> go.Figure:
    """States, trajectory and fixed points in two dimensions.

    square : None where there are more than two units. found : (states (P, H), unstable (P,)), or None.
    reach : (low, high) of both axes.
    """
    theme, _ = style.theme, style.translate
    low, high = reach
    traces = []
    if square is not None:
        traces += [*_regions(measured, square, style), _field(square, reach, style)]
    else:
        traces += _cloud(measured, basis, style)
    traces += _trajectory(measured, basis, reach, style)
    traces += fixed(basis, found, style)
    layout = _layout(theme, f"plane {measured.run} {measured.stack}") | {
        "xaxis": {"range": [low, high], "fixedrange": True, "title": {"text": _title(measured, basis, 0, style)}},
        "yaxis": {"range": [low, high], "fixedrange": True, "scaleanchor": "x",
                  "title": {"text": _title(measured, basis, 1, style), "standoff": 6}},
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def space(
    measured: "StateAnalysis",
    basis: "Basis",
    found: tuple[np.ndarray, np.ndarray] | None,
    radius: float,
    style: FigureStyle,
) -> go.Figure:
    """The same in three dimensions, in a cube with edges as long as 2 radius / sqrt 3, about the origin."""
    theme, _ = style.theme, style.translate
    half = radius / np.sqrt(3)
    traces = _cube(basis, measured, half, style) + _cloud(measured, basis, style)
    traces += _trajectory(measured, basis, (-half, half), style) + fixed(basis, found, style)
    bare = {"range": [-1.06 * radius, 1.06 * radius], "visible": False, "fixedrange": True}
    layout = _layout(theme, f"space {measured.run} {measured.stack}") | {
        "xaxis": bare,
        "yaxis": bare | {"scaleanchor": "x"},
        "meta": {"space": True},
    }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def hues(states: "States", measured: "StateAnalysis", style: FigureStyle) -> Hues:
    """The colours of states; grey where the colouring does not apply."""
    theme, predictions, names = style.theme, states.predictions, measured.task.vocabulary
    if style.colour == "symbol" and states.symbols is not None and names is not None:
        ids = states.symbols
    elif style.colour == "position" or predictions is None:
        last = max(1, int(measured.path.steps.max(initial=1)))
        return Hues(shades(theme.sequential, 0.25 + 0.75 * np.maximum(states.steps, 0) / last))
    elif measured.kind == "value":
        held_out = predictions if measured.cloud.predictions is None else measured.cloud.predictions
        top = max(1e-9, float(np.abs(held_out).max(initial=0)))
        return Hues(shades(theme.diverging, 0.5 + 0.5 * predictions[:, 0] / top))
    else:
        ids, names = measured.kinds(predictions), measured.names
    own = ranks(measured, theme)
    groups = np.array([i if own.get(int(i)) else OTHER for i in ids])
    shown = {int(i): label(names[i]) for i in dict.fromkeys(groups.tolist()) if i != OTHER}
    return Hues([own.get(int(i), theme.wrong) for i in ids], groups, shown)


def ranks(measured: "StateAnalysis", theme: "Theme") -> dict[int, str]:
    """The colour of each symbol (or pattern of signs) that has one of its own: the most frequent ones."""
    return {int(i): colour for i, colour in zip(measured.often, theme.kinds, strict=False)}


def _regions(measured: "StateAnalysis", square: "Square", style: FigureStyle) -> list[dict[str, Any]]:
    """The square in the colours of what the network would say there, the stronger the surer."""
    theme, _ = style.theme, style.translate
    if square.sure is None or square.kinds is None:
        return []
    heat = {"type": "heatmap", "x": square.centres, "y": square.centres, "showscale": False, "hoverinfo": "skip"}
    if measured.kind == "value":
        top = max(1e-9, float(np.abs(square.sure).max()))
        scale = [[place, mix(theme.background, colour, STRONG)] for place, colour in theme.diverging]
        return [heat | {"z": square.sure.astype(np.float32), "zmin": -top, "zmax": top, "colorscale": scale}]
    present, own = np.unique(square.kinds), ranks(measured, theme)
    place = np.searchsorted(present, square.kinds)
    least = 0.0 if measured.kind == "signs" else 1 / measured.config.output_size
    sure = np.clip((square.sure - least) / (1 - least), 0, 0.999)
    scale = []
    for number, kind in enumerate(present):
        colour = mix(theme.background, own.get(int(kind), theme.wrong), STRONG)
        faint = mix(theme.background, colour, 0.15)
        scale += [[number / len(present), faint], [(number + 0.999) / len(present), colour]]
    scale.append([1.0, scale[-1][1]])
    heat |= {"z": (place + sure).astype(np.float32), "zmin": 0, "zmax": len(present), "colorscale": scale}
    names = []
    for number, kind in enumerate(present):
        rows, columns = np.nonzero(place == number)
        middle = np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2)
        if len(rows) > 12:
            names.append((square.centres[columns[middle]], square.centres[rows[middle]], label(measured.names[kind])))
    across, up, text = zip(*names, strict=True) if names else ((), (), ())
    written = {
        "type": "scatter",
        "mode": "text",
        "x": across,
        "y": up,
        "text": text,
        "textposition": "middle center",
        "textfont": {"size": 17, "color": theme.faded, "family": theme.mono},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [heat, written]


def _field(square: "Square", reach: tuple[float, float], style: FigureStyle) -> dict[str, Any]:
    """Vector field: one step from each position of a grid; a long one is drawn shorter."""
    cell = (reach[1] - reach[0]) / np.sqrt(len(square.tails))
    offset = square.heads - square.tails
    length = np.hypot(offset[:, 0], offset[:, 1])
    shown = 0.9 * cell * np.tanh(length / cell) / np.maximum(length, 1e-12)
    x, y = arrows(square.tails, square.tails + offset * shown[:, None], 0.3 * cell)
    line = {"color": style.theme.faded, "width": 1}
    return _curve([x, y], line, style.translate("one step under this input")) | {"opacity": 0.45}


def _cloud(measured: "StateAnalysis", basis: "Basis", style: FigureStyle) -> list[dict[str, Any]]:
    """States on held-out data, a trace for each group of colours."""
    _, states = style.translate, measured.cloud
    positions, found = basis.project(states.hidden), hues(states, measured, style)
    hover = texts(states, measured, _)
    if found.groups is None:
        return [_dots(positions, found.colours, hover, _("held-out data"), 4, showlegend=False)]
    traces = []
    for group in [*found.names, OTHER]:
        at = np.flatnonzero(found.groups == group)
        if at.size:
            name = found.names.get(group) or _("others")
            traces.append(_dots(positions[at], found.colours[at[0]], [hover[i] for i in at], name, 4))
    return traces


def _trajectory(
    measured: "StateAnalysis", basis: "Basis", reach: tuple[float, float], style: FigureStyle
) -> list[dict[str, Any]]:
    """The trajectory: arrows in the plane, a line in space; a mark for each state."""
    theme, _, states = style.theme, style.translate, measured.path
    positions, found = basis.project(states.hidden), hues(states, measured, style)
    line = {"color": theme.ink, "width": 1.2}
    flat = positions.shape[1] == 2
    curve = list(arrows(positions[:-1], positions[1:], 0.022 * (reach[1] - reach[0]))) if flat else list(positions.T)
    traces = [_curve(curve, line, _("this sequence"))]
    marks = _dots(positions, found.colours, texts(states, measured, _), "", 8, showlegend=False)
    marks["marker"]["line"] = {"width": 1, "color": theme.ink}
    traces.append(marks)
    vocabulary = measured.task.vocabulary
    if states.symbols is not None and vocabulary is not None and len(states.steps) <= MOST_LABELS:
        names = [label(vocabulary[i]) if i >= 0 else "" for i in states.symbols]
        traces.append(
            _coordinates(positions) | {
                "type": "scatter", "mode": "text", "text": names, "textposition": "top center", "hoverinfo": "skip",
                "showlegend": False, "textfont": {"size": 11, "color": theme.ink, "family": theme.mono},
            }
        )  # fmt: skip
    return traces


def fixed(basis: "Basis", found: tuple[np.ndarray, np.ndarray] | None, style: FigureStyle) -> list[dict[str, Any]]:
    """Fixed points, a trace for each number of unstable directions."""
    theme, _ = style.theme, style.translate
    if found is None or not len(found[0]):
        return []
    states, unstable = found
    positions, traces = basis.project(states), []
    empty = theme.background
    looks = {0: ("circle", theme.ink), 1: ("diamond", empty), 2: ("square", empty)}
    for number in np.unique(np.minimum(unstable, 3)):
        at = np.flatnonzero(np.minimum(unstable, 3) == number)
        symbol, colour = looks.get(int(number), ("circle", empty))
        counted = {
            0: _("stable fixed point ({count})"),
            1: _("1 unstable direction ({count})"),
            2: _("2 unstable directions ({count})"),
        }.get(int(number), _("≥ 3 unstable directions ({count})"))
        name = counted.format(count=len(at))
        metrics = (
            [name] * len(at) if number < 3 else [_("{count} unstable directions").format(count=unstable[i]) for i in at]
        )
        trace = _dots(positions[at], colour, metrics, name, 11)
        edge = theme.background if number == 0 else theme.held_out
        trace["marker"] |= {"symbol": symbol, "line": {"width": 2, "color": edge}}
        traces.append(trace)
    return traces


def texts(states: "States", measured: "StateAnalysis", _: "Translate") -> list[str]:
    """Hover text of each state: its step, what was read, what the network says."""
    hover = [_("initial state") if step < 0 else _("step {t}").format(t=step) for step in states.steps]
    vocabulary = measured.task.vocabulary
    if states.symbols is not None and vocabulary is not None:
        read = _("read {symbol}")
        pairs = zip(hover, states.symbols, strict=True)
        hover = [f"{text}, {read.format(symbol=label(vocabulary[i]))}" if i >= 0 else text for text, i in pairs]
    if states.predictions is None:
        return hover
    if measured.kind != "symbols":
        return [
            f"{text}, o = {', '.join(f'{v:.2f}' for v in row)}"
            for text, row in zip(hover, states.predictions, strict=True)
        ]
    predictions, kinds = _("output {symbol} ({share:.0%})"), measured.kinds(states.predictions)
    return [
        f"{text}, {predictions.format(symbol=label(measured.names[kind]), share=row[kind])}"
        for text, kind, row in zip(hover, kinds, states.predictions, strict=True)
    ]


def _cube(basis: "Basis", measured: "StateAnalysis", half: float, style: FigureStyle) -> list[dict[str, Any]]:
    """The edges of a cube, and beside three of them the component that runs along."""
    theme = style.theme
    corners = [-half, half]
    ends = [
        ((a, b, -half), (a, b, half)) for a in corners for b in corners
    ]  # the edges along z; the others by exchange of coordinates
    points = []
    for turn in range(3):
        for start, end in ends:
            points += [np.roll(start, turn), np.roll(end, turn), np.full(3, np.nan)]
    cube = _curve(np.array(points).T, {"color": theme.grid, "width": 1}, "") | {"showlegend": False}
    names = half * np.array([[0, -1.15, -1.15], [1.15, 0, -1.15], [-1.15, -1.15, 0]])
    shares = basis.shares(measured.cloud.hidden)
    written = _coordinates(names) | {
        "type": "scatter",
        "mode": "text",
        "text": [f"{number + 1} ({share:.0%})" for number, share in enumerate(shares)],
        "textposition": "middle center",
        "textfont": {"size": 11, "color": theme.faded},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [cube, written]


def _title(measured: "StateAnalysis", basis: "Basis", axis: int, style: FigureStyle) -> str:
    """The name of an axis: the unit's, or the component's with its share of the variance of the held-out states."""
    _ = style.translate
    if measured.flat:
        return _("unit {number} of {state}").format(number=axis, state=style.letter) if axis < measured.size else ""
    share = basis.shares(measured.cloud.hidden)[axis]
    return _("principal component {number} ({share:.0%} of the variance)").format(number=axis + 1, share=share)


def _layout(theme: "Theme", name: str) -> dict[str, Any]:
    return {
        "template": theme.template,
        "height": HEIGHT,
        "margin": dict(MARGIN),
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 11}},
        "hovermode": "closest",
        "uirevision": name,
    }


def _coordinates(positions: ArrayLike) -> dict[str, Any]:
    return dict(zip("xyz", np.asarray(positions, np.float32).T, strict=False))


def _dots(
    positions: ArrayLike,
    colours: str | Sequence[str],
    hover: Sequence[str],
    name: str,
    size: int,
    showlegend: bool = True,
) -> dict[str, Any]:
    return _coordinates(positions) | {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "marker": {"size": size, "color": colours},
        "customdata": hover,
        "hovertemplate": "%{customdata}<extra></extra>",
        "meta": {"cloud": True},
        "showlegend": showlegend,
    }


def _curve(lists: Iterable[ArrayLike], line: dict[str, Any], name: str) -> dict[str, Any]:
    drawn = dict(zip("xyz", (np.asarray(values, np.float32) for values in lists), strict=False))
    return drawn | {"type": "scatter", "mode": "lines", "line": line, "name": name, "hoverinfo": "skip"}
