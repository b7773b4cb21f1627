"""The figures that the tests of the charts draw, and where on the page something of them lies."""

import math
from typing import NamedTuple

import numpy as np

from rnn_core import Model, ModelConfig
from rnn_core.tasks import TextTask
from ui.charts.score import score
from ui.theme import LIGHT

MARGIN = {"l": 60, "r": 44, "t": 10, "b": 40}  # of the figures made here, pixels
WIDTH, HEIGHT = 800, 330


class Frame(NamedTuple):
    """The edges of what lies inside the margins, in pixels from the figure's left and top."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def across(self, share):
        """The pixel at this share of the way from left to right."""
        return self.left + share * self.width

    def down(self, share):
        """The pixel at this share of the way from top to bottom."""
        return self.top + share * self.height


def frame(width=WIDTH) -> Frame:
    """That of a figure made here, drawn so wide."""
    return Frame(MARGIN["l"], width - MARGIN["r"], MARGIN["t"], HEIGHT - MARGIN["b"])


FRAME = frame()


def column(step, steps=10) -> float:
    """The pixel in the middle of a step of the figures made here."""
    return FRAME.across((step + 0.5) / steps)


def table(z, **layout) -> dict:
    """A figure of one heat map, a step to a column, that fills all its height."""
    heat = {
        "type": "heatmap",
        "z": z,
        "colorscale": [list(stop) for stop in LIGHT.diverging],
        "zmin": -1,
        "zmax": 1,
        "xgap": 1,
        "hovertemplate": "step %{x}, unit %{y}: %{z:.3f}<extra></extra>",
    }
    axes = {"xaxis": {"range": [-0.5, len(z[0]) - 0.5], "tickformat": "d", "showspikes": True}}
    axes["yaxis"] = {"range": [len(z) - 0.5, -0.5]}
    return figure_of([heat], **axes, **layout)


def figure_of(traces, **layout) -> dict:
    return {
        "data": traces,
        "layout": {"template": LIGHT.template, "height": HEIGHT, "margin": MARGIN, "uirevision": "one", **layout},
    }


def waves(steps=10, units=6) -> list:
    """Some numbers between -1 and 1, no two alike."""
    return [[math.sin(1 + 3 * unit + 0.7 * step) for step in range(steps)] for unit in range(units)]


def interpolated(scale, shares) -> np.ndarray:
    """(n, 3) the colours of a scale at these positions."""
    colours = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for _, colour in scale])
    return np.stack([np.interp(shares, [stop for stop, _ in scale], channel) for channel in colours.T], axis=-1)


def text_score(theme=LIGHT, **options):
    """The score of a network that reads a text."""
    task = TextTask()
    x, targets, mask = task.example(0)
    model = Model(ModelConfig("rnn_tanh", task.input_size, 32, task.output_size, seed=1))
    trace = model.backward(x, targets, mask=mask)
    return score(trace, task.vocabulary, theme=theme, **options), trace


def area(figure, name, width=WIDTH) -> Frame:
    """That of a stave."""
    layout = figure.to_dict()["layout"]
    margin, height = layout["margin"], layout["height"]
    inner = height - margin["t"] - margin["b"]
    low, high = layout[name]["domain"]
    bottom = height - margin["b"]
    return Frame(margin["l"], width - margin["r"], bottom - high * inner, bottom - low * inner)
