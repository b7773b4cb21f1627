"""The table of what the canvas draws, as Python reads it; the figures of all pages are held to it by ui/conftest.py."""

import plotly.graph_objects as go
import pytest

from ui.charts.spec import foreign, subset
from ui.theme import LIGHT

pytestmark = pytest.mark.small


def test_every_attribute_of_the_table_is_one_of_plotly():
    for kind, attributes in subset()["traces"].items():
        assert set(attributes) - {"z"} <= getattr(go, kind.capitalize())()._valid_props  # z: of a scatter in space
    layout = go.Layout()
    assert set(subset()["layout"]) <= layout._valid_props
    assert set(subset()["axis"]) <= layout.xaxis._valid_props | layout.yaxis._valid_props
    assert set(subset()["shape"]) <= go.layout.Shape()._valid_props
    assert set(subset()["annotation"]) <= go.layout.Annotation()._valid_props


def test_what_is_beyond_the_table_is_named():
    layout = {"template": LIGHT.template, "yaxis7": {"type": "date"}, "shapes": [{"type": "circle"}]}
    figure = {"data": [{"y": [1], "line": {"shape": "hv"}}, {"type": "bar", "orientation": "h"}], "layout": layout}
    assert foreign(figure) == [
        "scatter.line.shape 'hv'", "bar.orientation 'h'", "layout.yaxis7.type 'date'", "layout.shapes.type 'circle'",
    ]  # fmt: skip


def test_a_figure_that_the_canvas_refuses_fails_the_test_that_makes_it():
    with pytest.raises(AssertionError, match=r"draws no scatter\.fill 'tozeroy'"):
        go.Figure({"data": [{"type": "scatter", "fill": "tozeroy"}], "layout": {"template": LIGHT.template}})
