"""The staves of the score, one function each: its traces, axis and heading."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.trace import Trace
from ui.charts.colours import colour_bar
from ui.charts.formatting import MOST_DIGITS, power_of_ten
from ui.charts.limits import Limits, gradient_norms, round_up, there
from ui.charts.symbols import labels, width

if TYPE_CHECKING:
    from ui.theme import Theme

GATE = 48  # pixels for a gate
ROW = 10  # pixels for a symbol of the output distribution
LINE, TURNED = 20, 80  # pixels for a line of symbols, and of words that stand upright
WIDE, MANY = 3, 12  # letters of a word, columns: beyond both, words side by side would be too small to read
MOST_ROWS = 28  # of the output distribution; a larger vocabulary shows what occurs in the sequence and the rest


class Stave(NamedTuple):
    """One strip of the score: its height in pixels and Plotly's traces and y axis, both as plain mappings."""

    heading: str
    height: int
    traces: list[dict[str, Any]]
    axis: dict[str, Any]


@dataclass(frozen=True)
class Context:
    """Data that every stave needs, and what is derived from them."""

    trace: Trace
    vocabulary: tuple[str, ...] | None
    layer: int
    theme: "Theme"
    letters: dict[str, str]
    ranges: Limits
    translate: Callable[[str], str]
    order: np.ndarray | None = None  # of the units, a permutation
    unit: str = "nats"  # of a cross-entropy, or "bits", or "perplexity"
    decimals: int = 3  # that are told of a unit: what travels of it has no more (rounding.py)

    @cached_property
    def steps(self) -> int:
        """T."""
        return len(self.trace.x)

    @cached_property
    def output_steps(self) -> np.ndarray:
        """The steps at which there is an output: all of them, or the last."""
        return np.arange(self.steps - len(self.trace.logits), self.steps)

    @cached_property
    def targets(self) -> np.ndarray:
        """(S,) the target of each output, -1 where there is none or where it does not count."""
        if self.trace.targets is None:
            return np.full(len(self.output_steps), -1)
        return np.where(self.counted, self.trace.targets[:, 0], -1)

    @cached_property
    def counted(self) -> np.ndarray:
        """(S,) whether the loss of each output counts."""
        if self.trace.mask is None:
            return np.ones(len(self.output_steps), dtype=bool)
        return self.trace.mask[:, 0] > 0

    @cached_property
    def rows(self) -> np.ndarray:
        """The ids of the output distribution's rows; fixed by the sequence, so that no row jumps."""
        size = self.trace.config.output_size
        if size <= MOST_ROWS:
            return np.arange(size)
        occurring = self.targets[self.targets >= 0]
        if np.ndim(self.trace.x) == 2:
            occurring = np.concatenate([occurring, self.trace.x[:, 0]])
        order, first = np.unique(occurring[occurring < size], return_index=True)
        return np.sort(order[np.argsort(first)][: MOST_ROWS - 1])

    @cached_property
    def turned(self) -> bool:
        """Whether symbols are written upwards: words in narrow columns."""
        return self.steps > MANY and max(map(len, self.vocabulary or [""])) > WIDE

    @cached_property
    def line(self) -> int:
        """Pixels for a line of symbols."""
        return TURNED if self.turned else LINE

    @cached_property
    def left(self) -> int:
        """Pixels left of the staves: room for the longest name of a row."""
        names = labels(self.rows, self.vocabulary) if self.vocabulary else []
        words = [self.translate("target"), self.translate("guess"), self.translate("best other")]
        return 14 + 6 * max(4, *(width(name) for name in [*names, *words]))


def inputs(context: Context) -> Stave:
    """The input of each step: its symbol, or the curve of each of its channels."""
    x, theme, translate = context.trace.x, context.theme, context.translate
    heading = translate("input {letter}").format(letter=context.letters["input"])
    if np.ndim(x) == 2:
        text = row_of_symbols(context, labels(x[:, 0], context.vocabulary), 0, theme.ink, turned=context.turned)
        text["meta"]["note"] = translate("too narrow for all symbols: zoom in")
        return Stave(heading, context.line, [text], {"range": [-0.5, 0.5], "visible": False})
    curves = []
    for channel, colour in zip(range(x.shape[2]), channel_colours(theme), strict=False):
        name = translate("channel {number}").format(number=channel)
        curves.append(_line(np.arange(context.steps), x[:, 0, channel], colour, name))
        if x.shape[2] > 1:
            heading += f'  <span style="color:{colour}">{name}</span>'
    return Stave(heading, 60, curves, {"range": _padded(context.ranges.inputs), "nticks": 3})


def channel_colours(theme: "Theme") -> tuple[str, ...]:
    """The colours of up to four channels, the same for what goes in and for what comes out."""
    return theme.training, theme.held_out, theme.gradient, theme.right


def hidden(context: Context) -> Stave:
    """The hidden state: a row for each unit, zero neutral."""
    units = context.trace.config.hidden_size
    translate = context.translate
    heading = (
        translate("hidden state {letter}, 1 unit") if units == 1 else translate("hidden state {letter}, {units} units")
    ).format(letter=context.letters["state"], units=units)
    states = context.trace.hidden[context.layer, 1:, 0]
    return _units(context, states, heading, max(64, min(160, 4 * units)), context.ranges.state)


def change(context: Context, before: np.ndarray | None, update: int) -> Stave:
    """Change of the hidden states since they were `before`, on a scale of their own."""
    letter = context.letters["state"]
    now = context.trace.hidden[context.layer, 1:, 0]
    difference = np.zeros_like(now) if before is None or before.shape[0] != len(now) + 1 else now - before[1:]
    heading = context.translate("change of {letter} since update {update:,}").format(letter=letter, update=update)
    return _units(context, difference, heading, GATE, round_up(float(np.abs(difference).max())))


def cell_state(context: Context) -> Stave:
    """The cell state of an LSTM."""
    heading = context.translate("cell state {letter}").format(letter=context.letters["cell"])
    return _units(context, there(context.trace.cell)[context.layer, 1:, 0], heading, GATE, context.ranges.cell)


def gate(context: Context, name: str) -> Stave:
    """One gate, or the candidate state, which is signed."""
    translate = context.translate
    headings = {
        "i": translate("input gate i"),
        "f": translate("forget gate f"),
        "g": translate("candidate g"),
        "o": translate("output gate o"),
        "r": translate("reset gate r"),
        "z": translate("update gate z"),
        "n": translate("candidate n"),
    }
    heading = headings.get(name, name)
    values = context.trace.gates[name][context.layer, :, 0]
    if name in "gn":
        return _units(context, values, heading, GATE, 1.0)
    return _units(context, values, heading, GATE, 1.0, sequential=True)


def guesses(context: Context) -> Stave:
    """For each output the symbol that should come and the one the network thinks likeliest."""
    theme, translate = context.theme, context.translate
    likeliest = there(context.trace.probs)[:, 0].argmax(axis=-1)
    colours = np.where(likeliest == context.targets, theme.right, theme.wrong)
    steps = context.output_steps
    rows = ((context.targets, 1, theme.ink), (likeliest, 0, colours.tolist()))
    pieces = [
        row_of_symbols(context, labels(ids, context.vocabulary), row, colour, steps, context.turned)
        for ids, row, colour in rows
    ]
    axis = {
        "range": [-0.5, 1.5],
        "tickvals": [1, 0],
        "ticktext": [translate("target"), translate("guess")],
        "showline": False,
    }
    heading = translate("output {letter}: target, guess, probabilities").format(letter=context.letters["output"])
    return Stave(heading, 2 * context.line if context.turned else 34, pieces, axis)


def distribution(context: Context) -> Stave:
    """The probability of each symbol at each step, the targets marked."""
    theme, rows = context.theme, context.rows
    probs = there(context.trace.probs)[:, 0]
    shown = probs[:, rows]
    names = labels(rows, context.vocabulary)
    if len(rows) < probs.shape[1]:
        # Of the others the likeliest alone: their sum would be darkest even where the guess is right.
        others = np.delete(probs, rows, axis=1).max(axis=1, keepdims=True)
        shown = np.concatenate([shown, others], axis=1)
        names.append(context.translate("best other"))
    table = np.full((shown.shape[1], context.steps), np.nan, dtype=np.float32)
    table[:, context.output_steps] = shown.T
    place = {int(symbol): row for row, symbol in enumerate(rows)}
    marks = [(t, place[int(symbol)]) for t, symbol in zip(context.output_steps, context.targets, strict=True)
             if int(symbol) in place]  # fmt: skip
    hover = context.translate("step %{x}, symbol %{y}: probability %{z:.3f}") + "<extra></extra>"
    heat = _heat(table, theme.sequential, 0, 1, hover) | {"colorbar": colour_bar([0, 0.5, 1])}
    target = {
        "type": "scatter",
        "mode": "markers",
        "x": [t for t, _ in marks],
        "y": [row for _, row in marks],
        "hoverinfo": "skip",
        "marker": {"symbol": "square-open", "size": ROW, "color": theme.held_out, "line": {"width": 1.5}},
    }
    axis = {
        "range": [len(names) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "tickfont": {"size": ROW - 1, "family": theme.mono},
    }
    return Stave("", ROW * len(names), [heat, target], axis)  # under the heading of the guesses


def outputs(context: Context) -> Stave:
    """The outputs of a regression and their targets, as curves."""
    theme, translate, trace = context.theme, context.translate, context.trace
    pieces, several = [], trace.config.output_size > 1
    heading = translate("output {letter} (line), target (dotted)").format(letter=context.letters["output"])
    for channel, colour in zip(range(trace.config.output_size), channel_colours(theme), strict=False):
        if trace.targets is not None:
            wanted = np.where(context.counted, trace.targets[:, 0, channel], np.nan)
            dotted = colour if several else theme.marked
            pieces.append(_line(context.output_steps, wanted, dotted, translate("target"), dash="dot"))
        pieces.append(_line(context.output_steps, trace.logits[:, 0, channel], colour, translate("output")))
        if several:
            name = translate("channel {number}").format(number=channel)
            heading += f'  <span style="color:{colour}">{name}</span>'
    return Stave(heading, 90, pieces, {"range": _padded(context.ranges.outputs), "nticks": 5})


def loss(context: Context) -> Stave:
    """The loss of each step that counts."""
    heights = np.full(context.steps, np.nan)
    heights[context.output_steps] = np.where(context.counted, there(context.trace.loss_per_step)[:, 0], np.nan)
    unit, scale = context.translate("squared"), 1.0
    axis = {"range": [0, context.ranges.loss], "nticks": 3}
    if context.trace.config.loss == "cross_entropy":
        unit = context.translate(context.unit)
        if context.unit == "bits":
            scale = 1 / np.log(2)
            axis["range"] = [0, context.ranges.loss * scale]
        elif context.unit == "perplexity":
            scale = 1 / np.log(10)
            axis = powers_of_ten(context.ranges.loss * scale)
    bars = {
        "type": "bar",
        "x": np.arange(context.steps),
        "y": (heights * scale).astype(np.float32),  # as exact as the pass
        "marker": {"color": context.theme.training, "line": {"width": 0}},
        "hovertemplate": context.translate("step %{x}: loss %{y:.3f}") + "<extra></extra>",
    }
    heading = context.translate("loss of the step ({unit})").format(unit=unit)
    if context.unit == "perplexity" and context.trace.config.loss == "cross_entropy":
        heading = context.translate("perplexity of the step (log)")
        bars["hovertemplate"] = context.translate("step %{x}: perplexity 10^%{y:.2f}") + "<extra></extra>"
    return Stave(heading, 60, [bars], axis)


def powers_of_ten(top: float) -> dict[str, Any]:
    """An axis from 1 to a power of ten for heights that are logarithms: a bar of height 0 stands for 1.

    >>> powers_of_ten(1.2)["ticktext"], powers_of_ten(34.5)["ticktext"]
    (['1', '10', '100'], ['1', '10¹²', '10²⁴'])
    """
    last = max(1, math.ceil(top))
    ticks = list(range(0, last + 1, math.ceil(last / 3)))  # few, however large the loss of a network that diverges
    names = [f"{10**tick:,}" if tick < 4 else power_of_ten(tick) for tick in ticks if tick <= MOST_DIGITS]
    return {"range": [0, max(1, top)], "tickvals": ticks[: len(names)], "ticktext": names}


def gradient(context: Context) -> Stave:
    """‖∂L/∂s_t‖ on a log axis; a gradient of exactly zero leaves a gap."""
    norms = gradient_norms(context.trace, context.layer)
    norms[norms <= 0] = np.nan
    low, high = context.ranges.gradient or (-3, 0)
    line = _line(np.arange(context.steps), norms, context.theme.gradient, "")
    line["hovertemplate"] = context.translate("step %{x}: gradient norm %{y:.2e}") + "<extra></extra>"
    heading = context.translate("gradient norm ‖∂L/∂{letter}‖ (log)").format(letter=context.letters["state"])
    axis = {
        "type": "log",
        "range": [low, high],
        "dtick": max(1, round((high - low) / 3)),
        "exponentformat": "power",
    }
    return Stave(heading, 70, [line], axis | {"showgrid": True})


def _units(
    context: Context, values: np.ndarray, heading: str, height: int, top: float, sequential: bool = False
) -> Stave:
    """A heat map of (T, H) values, unit 0 on top."""
    theme = context.theme
    hover = context.translate("step %{x}, unit %{y}: %{z:.3f}") + "<extra></extra>"
    hover = hover.replace(":.3f", f":.{context.decimals}f")
    heat = (
        _heat(values.T, theme.sequential, 0, 1, hover) | {"colorbar": colour_bar([0, 1])}
        if sequential
        else _heat(values.T, theme.diverging, -top, top, hover) | {"colorbar": colour_bar([-top, 0, top])}
    )
    count = values.shape[1]
    axis: dict[str, Any] = {
        "range": [count - 0.5, -0.5],
        "tickvals": sorted({0, count - 1}) if count > 4 else list(range(count)),
    }
    if context.order is not None:
        heat["z"] = heat["z"][context.order]
        heat["y"] = [str(unit) for unit in context.order]
        axis |= {"type": "category", "tickvals": [heat["y"][row] for row in axis["tickvals"]]}
    return Stave(heading, height, [heat], axis)


def _heat(table: np.ndarray, scale: Sequence[tuple[float, str]], low: float, high: float, hover: str) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "z": np.ascontiguousarray(table, dtype=np.float32),
        "colorscale": [list(stop) for stop in scale],
        "zmin": low,
        "zmax": high,
        "xgap": 1,
        "hovertemplate": hover,
    }


def row_of_symbols(
    context: Context,
    symbols: Sequence[str],
    row: float,
    colour: str | Sequence[str],
    steps: np.ndarray | None = None,
    turned: bool = False,
) -> dict[str, Any]:
    """A line of symbols, one to a column; `turned` ones are written upwards."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": np.arange(context.steps) if steps is None else steps,
        "y": np.full(len(symbols), row),
        "text": symbols,
        "textfont": {"family": context.theme.mono, "size": 13, "color": colour},
        # for the browser, which alone knows how wide a column is
        "meta": {
            "columns": context.steps,
            "letters": _usual_width(symbols),
            "turned": turned,
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _usual_width(symbols: Sequence[str]) -> int:
    """The letters that nine of ten labels have at most: a single long one must not make all of them small."""
    widths = sorted(map(width, symbols)) or [1]
    return widths[(9 * (len(widths) - 1)) // 10]


def _line(x: np.ndarray, y: ArrayLike, colour: str, name: str, dash: str = "solid") -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": np.asarray(y, dtype=np.float64),
        "name": name,
        "line": {"color": colour, "width": 1.5, "dash": dash},
        "marker": {"size": 4, "color": colour},
        "hovertemplate": name + " %{x}: %{y:.3f}<extra></extra>",
    }


def _padded(bounds: tuple[float, float] | None) -> list[float]:
    """The bounds with a margin, so that a curve at its limit is not cut."""
    low, high = bounds or (0.0, 1.0)
    margin = 0.06 * (high - low)
    return [low - margin, high + margin]
