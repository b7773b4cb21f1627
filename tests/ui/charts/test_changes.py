"""Changes of a figure, and the figure that they make of the one before."""

import pytest
from visits import whole

from ui.charts.changes import changes

ONE = {"data": [{"x": [1, 2], "y": [1]}, {"z": {"dtype": "f4", "bdata": "AAAA"}}], "layout": {"a": 1, "b": {"c": 2}}}


def test_only_what_differs_is_told():
    two = {"data": [{"x": [1, 2], "y": [2]}, ONE["data"][1]], "layout": {"a": 1, "b": {"c": 3}}}
    assert changes(two, ONE) == {"changes": True, "data": [{"y": [2]}, {}], "layout": {"b": {"c": 3}}}
    assert whole(changes(two, ONE), ONE) == two
    assert changes(ONE, ONE) == {"changes": True, "data": [{}, {}], "layout": {}}


@pytest.mark.parametrize(
    "other",
    [
        {**ONE, "data": ONE["data"][:1]},
        {**ONE, "data": [*ONE["data"], {"x": []}]},
        {**ONE, "data": [{"x": [1, 2]}, ONE["data"][1]]},
        {**ONE, "layout": {"a": 1}},
        {**ONE, "layout": {"a": 1, "d": 2}},
    ],
    ids=["fewer traces", "more traces", "another part of a trace", "less layout", "another layout"],
)
def test_a_figure_of_other_parts_is_told_whole(other):
    assert changes(other, ONE) == other == whole(changes(other, ONE), ONE)
