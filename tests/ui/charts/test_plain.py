"""A figure as Plotly's JSON has it, without Plotly's copies."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from ui.charts.plain import plain
from ui.theme import LIGHT

ARRAYS = {
    "bytes": np.array([1, -2]), "more": np.array([300, 70_000]), "far": np.array([2**40]),
    "unsigned": np.array([2**63], np.uint64), "short": np.array([1, 2], np.uint16), "half": np.array([0.5], np.float16),
    "floats": np.array([0.1, np.nan, np.inf], np.float32), "doubles": np.array([0.1, np.nan]),
    "table": np.arange(6.0).reshape(2, 3), "turned": np.arange(6.0).reshape(2, 3).T, "nothing": np.array([]),
    "words": np.array(["a", "b"]), "flags": np.array([True, False]), "objects": np.array([1, "a", None], object),
}  # fmt: skip


def made(*traces, **layout):
    return go.Figure({"data": traces, "layout": {"template": LIGHT.template} | layout}, _validate=False)


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_packed_as_plotly_packs_them(name):
    figure = made({"y": ARRAYS[name], "marker": {"color": ARRAYS[name]}})
    assert plain(figure) == json.loads(figure.to_json(validate=False))


def test_all_else_is_as_plotly_has_it():
    trace = {"x": (1, np.int64(2)), "y": [0.5, np.nan, None], "name": "a", "meta": {"a": np.float64("inf")}}
    shapes = [{"type": "line", "x0": np.float32(0.5)}]
    figure = made(trace, {"type": "bar"}, xaxis={"range": np.array([0, 1])}, shapes=shapes)
    assert plain(figure) == json.loads(figure.to_json(validate=False))


def test_what_is_told_with_few_digits_is_rounded_and_nothing_else():
    heat = {"type": "heatmap", "z": np.array([[0.1234, -1]]), "x": np.array([1, 2]), "zmin": -1, "zmax": 1}
    figure = made(heat | {"hovertemplate": "%{z:.3f}"})
    whole = np.array([123, -1000], "<i4").tobytes()
    exact, rounded = plain(figure), plain(figure, rounded=True)
    assert rounded["data"][0] == exact["data"][0] | {"z": {"decimals": 3, "shape": "1, 2", "whole": whole}}
